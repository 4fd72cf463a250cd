use std::sync::Arc;

use crate::files::Path;

/// Who acts on the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    name: Arc<str>,
    login: Arc<str>,
    root: Path,
    home: Path,
    /// Whether no permission holds for it.
    keeps: bool,
}

impl Account {
    /// An account that logs in by its own name and sees the whole tree.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let name: Arc<str> = name.into();
        let (root, home) = (Path::root(), Path::root());
        Self { login: Arc::clone(&name), name, root, home, keeps: false }
    }

    /// Who keeps the server, for tests that look into it: no permission holds, and what is made belongs to whoever
    /// is logged in, as what a scenario brings along.
    #[must_use]
    pub fn keeper() -> Self {
        Self { keeps: true, ..Self::new("badftp") }
    }

    /// Whether it is the keeper.
    #[must_use]
    pub fn keeps(&self) -> bool {
        self.keeps
    }

    /// Whose the files are that it makes; nobody's are those of whoever is logged in.
    #[must_use]
    pub fn owner(&self) -> Option<Arc<str>> {
        (!self.keeps).then(|| Arc::clone(&self.name))
    }

    /// The same account, logged in by another name (`anonymous` is `ftp`).
    #[must_use]
    pub fn with_login(self, login: &str) -> Self {
        let login = login.into();
        Self { login, ..self }
    }

    /// The same account, to which the directory `root` is `/`, as after `chroot`: neither a path nor a
    /// link leads out of it.
    #[must_use]
    pub fn with_root(self, root: Path) -> Self {
        Self { root, ..self }
    }

    /// The same account, which is in this directory when it has logged in. The path is the one it sees.
    #[must_use]
    pub fn with_home(self, home: Path) -> Self {
        Self { home, ..self }
    }

    /// The owner that its files show.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The name it logged in by, to which the bytes it stores are counted.
    #[must_use]
    pub fn login(&self) -> &Arc<str> {
        &self.login
    }

    /// Where it is when it has logged in.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The path that it means by what it says, from its home on.
    #[must_use]
    pub fn resolve(&self, said: &[u8]) -> Path {
        self.home.resolve(said)
    }

    /// The directory that is `/` to it.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

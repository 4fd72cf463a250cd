//! `restart`: the server goes down with all its connections, and its ports refuse until it is back.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// How long ports may take to be shut before the connections end all the same.
const SHUT_WITHIN: Duration = Duration::from_secs(1);

/// What keeps a server and its connections up.
#[derive(Debug, Default)]
pub struct Power {
    failures: watch::Sender<u64>,
    open_ports: watch::Sender<usize>,
    back: Mutex<Option<Instant>>,
}

/// A port that is open as long as this lives.
#[derive(Debug)]
pub struct OpenPort(watch::Sender<usize>);

/// What a connection hangs on: at the first failure after it was plugged in, it is dead.
#[derive(Debug)]
pub struct Plug {
    power: watch::Receiver<u64>,
    failures: u64,
}

impl Power {
    /// Goes off for so long, which shuts the ports as soon as their listeners look.
    pub fn go_off(&self, time: Duration) {
        *self.back.lock() = Some(Instant::now() + time);
    }

    /// Ends every connection, once the ports are shut: who is reset and comes back at once is refused.
    pub async fn fail(&self) {
        let mut ports = self.open_ports.subscribe();
        let _ = timeout(SHUT_WITHIN, ports.wait_for(|ports| *ports == 0)).await;
        self.failures.send_modify(|failures| *failures += 1);
    }

    /// For a port that opens now.
    #[must_use]
    pub fn port(&self) -> OpenPort {
        self.open_ports.send_modify(|ports| *ports += 1);
        OpenPort(self.open_ports.clone())
    }

    /// Whether it has failed and is not back.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.back.lock().is_some_and(|back| Instant::now() < back)
    }

    /// For a connection that begins now.
    #[must_use]
    pub fn plug(&self) -> Plug {
        let power = self.failures.subscribe();
        let failures = *power.borrow();
        Plug { power, failures }
    }
}

impl Plug {
    /// Whether there has been a failure since.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        *self.power.borrow() > self.failures
    }

    /// Waits for the next failure.
    pub async fn failure(&mut self) {
        let failures = self.failures;
        if self.power.wait_for(|count| *count > failures).await.is_err() {
            // Nobody is left who could let it fail.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for OpenPort {
    fn drop(&mut self) {
        self.0.send_modify(|ports| *ports -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ports_are_shut_before_connections_end() {
        let power = Power::default();
        let (port, plug) = (power.port(), power.plug());
        let shut = async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            assert!(power.is_off() && !plug.is_dead());
            drop(port);
        };
        power.go_off(Duration::from_secs(5));
        tokio::join!(power.fail(), shut);
        assert!(plug.is_dead());
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_kills_what_was_plugged_in_before_it() {
        let power = Power::default();
        let mut old = power.plug();
        power.go_off(Duration::from_secs(5));
        power.fail().await;
        old.failure().await;
        assert!(old.is_dead() && power.is_off());
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert!(old.is_dead() && !power.is_off());
        assert!(!power.plug().is_dead());
    }
}

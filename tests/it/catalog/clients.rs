//! What each client does, as a script for a shell that `badftp run` starts.

use crate::clients::{PYTHON, TESTS};

#[derive(Clone, Copy, Debug)]
pub(super) enum Client {
    Curl,
    /// With TLS on control and data connections.
    CurlTls,
    /// With TLS on the control connection alone.
    CurlTlsControl,
    /// On the port for implicit TLS.
    CurlImplicit,
    Lftp,
    LftpTls,
    Ftplib,
    /// Its data connections resume the control connection's session.
    FtplibTls,
    /// The same, which resumes no session.
    FtplibTlsAnew,
    CurlSftp,
    /// `sftp`, which logs in by a key.
    OpenSsh,
    /// `scp` in the old protocol.
    Scp,
    Ssh,
    Paramiko,
}

/// A client that has to name a file takes `/hello.txt`, or over SFTP `/a.bin`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    Get,
    GetActively,
    /// It waits for one second, not for two.
    GetHastily,
    /// It waits for eight.
    GetPatiently,
    /// As text, in ASCII mode.
    GetText,
    /// From the tenth byte on.
    GetRest,
    GetPath(&'static str),
    /// With more options of its own.
    GetBy(&'static str),
    /// So often, in one session.
    GetTimes(usize),
    /// In two sessions, one after the other.
    GetAgain,
    /// In the second channel of a connection.
    GetInSecondChannel,
    /// In a second connection.
    GetBesideAnother,
    /// After three wrong logins.
    GetAfterWrongLogins,
    /// By another key than the usual one.
    GetByRsaKey,
    /// With eight keys, of which none is right.
    GetByManyKeys,
    HeadOfText,
    /// 200 kB, under a name of its own.
    Put,
    PutPath(&'static str),
    PutBy(&'static str),
    /// 2 MB.
    PutMuch,
    /// Four files in one session.
    PutFour,
    /// Onto what is there.
    Replace,
    PutWithTimes,
    Append,
    List,
    ListPath(&'static str),
    /// By this command.
    ListBy(&'static str),
    Rename,
    RenameTo(&'static str),
    Make,
    Remove,
    /// A command in the protocol's words, and a listing.
    Quote(&'static str),
    /// In the client's own words.
    Do(&'static str),
    /// Nothing for more than two seconds, and then something.
    Pause,
    /// So many sessions that log in, and stay.
    Sessions(usize),
    OpenTwo,
}

use Action as A;

impl Client {
    pub(super) fn script(self, action: Action) -> String {
        let trusting = r#"--cacert "$BADFTP_CA_CERT""#;
        match self {
            Self::Curl => curl("", "$BADFTP_FTP_URL", action),
            Self::CurlTls => curl(&format!("--ssl-reqd {trusting}"), "$BADFTP_FTP_URL", action),
            Self::CurlTlsControl => {
                curl(&format!("--ftp-ssl-control {trusting}"), "$BADFTP_FTP_URL", action)
            }
            Self::CurlImplicit => curl(trusting, "$BADFTP_FTPS_URL", action),
            Self::Lftp => lftp("set ftp:ssl-allow no", action),
            Self::LftpTls => lftp(
                "set ssl:ca-file $BADFTP_CA_CERT; set ftp:ssl-force yes; set ftp:ssl-protect-data yes",
                action,
            ),
            Self::Ftplib => ftplib("", action),
            Self::FtplibTls => {
                ftplib(&format!("FTP_TLS=explicit,reuse FTP_CERTS={TESTS}/../certs"), action)
            }
            Self::FtplibTlsAnew => {
                ftplib(&format!("FTP_TLS=explicit FTP_CERTS={TESTS}/../certs"), action)
            }
            Self::CurlSftp => curl_sftp(action),
            Self::OpenSsh => openssh(action),
            Self::Scp => scp(action),
            Self::Ssh => ssh(action),
            Self::Paramiko => paramiko(action),
        }
    }
}

fn nobody_knows(client: &str, action: Action) -> String {
    panic!("{client} has not been told how to {action:?}")
}

fn curl(options: &str, url: &str, action: Action) -> String {
    let curl = format!("curl -q -sS -m 2 {options}");
    let get = |more: &str| format!("{curl} {more} -o local \"{url}/hello.txt\"");
    let put = |more: &str, path: &str| format!("{curl} {more} -T big \"{url}{path}\"");
    let quote = |commands: &[&str]| {
        let commands: Vec<_> = commands.iter().map(|command| format!("-Q '{command}'")).collect();
        format!("{curl} {} -o listing \"{url}/\"", commands.join(" "))
    };
    match action {
        A::Get => get(""),
        A::GetActively => get("-P 127.0.0.1"),
        A::GetHastily => get("-m 1"),
        A::GetPatiently => get("-m 8"),
        A::GetText => get("-B"),
        A::GetRest => get("-C 10"),
        A::GetBy(options) => get(options),
        A::GetAgain => format!("{}; {}", get(""), get("")),
        A::GetAfterWrongLogins => {
            let wrong = format!("{curl} -u kermit:toad \"{url}/\"");
            format!("{wrong}; {wrong}; {wrong}; {}", get("-u kermit:frog"))
        }
        A::HeadOfText => get("-B -I"),
        A::Put => put("", "/report.csv"),
        A::PutPath(path) => put("", path),
        A::PutBy(options) => put(options, "/report.csv"),
        A::Replace => put("", "/hello.txt"),
        A::Append => put("-a", "/report.csv"),
        A::List => format!("{curl} \"{url}/\""),
        A::ListPath(path) => format!("{curl} \"{url}{path}\""),
        A::ListBy(command) => format!("{curl} -X {command} \"{url}/\""),
        A::Rename => quote(&["RNFR /hello.txt", "RNTO /report.csv"]),
        A::Make => quote(&["MKD /in"]),
        A::Remove => quote(&["RMD /in"]),
        A::Quote(command) => quote(&[command]),
        _ => nobody_knows("curl", action),
    }
}

fn lftp(settings: &str, action: Action) -> String {
    let commands = match action {
        A::Get => "get hello.txt -o local",
        A::Put => "put big -o report.csv",
        A::PutMuch => "put huge -o report.csv",
        A::PutFour => "put small -o 1; put small -o 2; put small -o 3; put small -o 4",
        A::Do(commands) => commands,
        _ => &nobody_knows("lftp", action),
    };
    format!(
        "lftp --norc -c \"set net:max-retries 1; set net:timeout 2; set net:reconnect-interval-base 1; \
         set net:persist-retries 0; set cmd:fail-exit yes; {settings}; open $BADFTP_FTP_URL; {commands}\""
    )
}

fn ftplib(environment: &str, action: Action) -> String {
    let get = r#"["retr", "/hello.txt", "local"]"#;
    let steps = match action {
        A::GetTimes(count) => vec![get; count].join(", "),
        A::Pause => r#"["pwd"], ["wait", 2.4], ["pwd"]"#.to_owned(),
        // One is there anyway.
        A::Sessions(count) => format!(r#"["others", {}]"#, count - 1),
        _ => nobody_knows("ftplib", action),
    };
    format!(
        "{environment} {PYTHON} {TESTS}/clients/ftplib_client.py \
         $BADFTP_HOST $BADFTP_FTP_PORT $BADFTP_USER $BADFTP_PASSWORD '[{steps}]'"
    )
}

fn curl_sftp(action: Action) -> String {
    let (curl, url) = ("curl -q -sS -m 2 -k", "$BADFTP_SFTP_URL");
    let get = |more: &str| format!("{curl} {more} -o local \"{url}/a.bin\"");
    let quote = |command: &str| format!("{curl} -Q '{command}' -o listing \"{url}/\"");
    match action {
        A::Get => get(""),
        A::GetHastily => get("-m 1"),
        A::GetPatiently => get("-m 8"),
        A::GetBy(options) => get(options),
        A::GetByRsaKey => get("--key id_rsa --pubkey id_rsa.pub"),
        // What curl calls telnet is a connection over which nothing is said.
        A::GetBesideAnother => format!(
            "sleep 9 | curl -q -s -N \"telnet://$BADFTP_HOST:$BADFTP_SFTP_PORT\" > said & \
             until [ -s said ]; do sleep 0.02; done; {}",
            get("")
        ),
        A::Put => format!("{curl} -T big \"{url}/new.bin\""),
        A::Replace => format!("{curl} -T big \"{url}/a.bin\""),
        A::List => format!("{curl} \"{url}/\""),
        A::Rename => quote("rename /a.bin /b.bin"),
        A::RenameTo(path) => quote(&format!("rename /a.bin {path}")),
        A::Make => quote("mkdir /x"),
        A::Remove => quote("rmdir /x"),
        _ => nobody_knows("curl", action),
    }
}

/// Whom to trust, and nobody to ask.
const TRUSTING: &str =
    "-F none -o UserKnownHostsFile=\"$BADFTP_KNOWN_HOSTS\" -o BatchMode=yes -o LogLevel=ERROR";
const KEY: &str = "-i \"$BADFTP_IDENTITY\"";

fn openssh(action: Action) -> String {
    let with = |keys: &str, commands: &str| {
        // When the connection ends, it is a matter of chance whether it reads, or writes and dies of SIGPIPE.
        format!(
            "sftp -q -b - {keys} {TRUSTING} -P $BADFTP_SFTP_PORT $BADFTP_USER@$BADFTP_HOST <<'END'\n{commands}\nEND\n\
             exit=$?; [ $exit = 141 ] && exit=255; (exit $exit)"
        )
    };
    let by_key = |commands: &str| with(KEY, commands);
    match action {
        A::Get => by_key("get /a.bin local"),
        A::GetPath(path) => by_key(&format!("get {path} local")),
        A::GetAgain => format!("{}; {}", by_key("get /a.bin local"), by_key("get /a.bin local")),
        A::GetByRsaKey => {
            with("-i id_rsa -o PubkeyAcceptedAlgorithms=rsa-sha2-512,rsa-sha2-256", "pwd")
        }
        A::GetByManyKeys => {
            let made =
                "for key in 1 2 3 4 5 6 7 8; do ssh-keygen -q -t ed25519 -N '' -f $key; done";
            format!("{made}; {}", with("-i 1 -i 2 -i 3 -i 4 -i 5 -i 6 -i 7 -i 8", "pwd"))
        }
        A::Put => by_key("put big /new.bin"),
        A::PutWithTimes => by_key("put -p big /new.bin"),
        A::List => by_key("ls -l /"),
        A::Do(commands) => by_key(commands),
        A::Pause => by_key("pwd\n!sleep 2.4\nls /"),
        _ => nobody_knows("sftp", action),
    }
}

fn scp(action: Action) -> String {
    match action {
        A::Get => format!(
            "scp -O {KEY} {TRUSTING} -P $BADFTP_SFTP_PORT $BADFTP_USER@$BADFTP_HOST:/a.bin local"
        ),
        _ => nobody_knows("scp", action),
    }
}

fn ssh(action: Action) -> String {
    match action {
        // The second finds no way but through the first: it does not know the port.
        A::GetInSecondChannel => format!(
            "sleep 9 | ssh {KEY} {TRUSTING} -M -S mux -p $BADFTP_SFTP_PORT -s $BADFTP_USER@$BADFTP_HOST sftp & \
             until [ -S mux ]; do sleep 0.02; done; ssh {TRUSTING} -S mux -s nobody@$BADFTP_HOST sftp < /dev/null"
        ),
        _ => nobody_knows("ssh", action),
    }
}

/// Its script goes on where a step fails, and exits with 0.
fn paramiko(action: Action) -> String {
    let steps = match action {
        A::Get => r#"["get", "/a.bin", "local"]"#,
        A::OpenTwo => r#"["open_two", "/a.bin"]"#,
        _ => &nobody_knows("paramiko", action),
    };
    format!(
        "{PYTHON} {TESTS}/clients/paramiko_steps.py \
         $BADFTP_HOST $BADFTP_SFTP_PORT $BADFTP_USER password:$BADFTP_PASSWORD '[{steps}]'"
    )
}

//! Real index servers of one test: started on a free port, ended when dropped.

use crate::harness::{python, venv};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The user of every server.
pub(super) const USER: &str = "ci";
/// Its password, which must show up nowhere.
pub(super) const PASSWORD: &str = "open-sesame-4711";

/// A server process.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    /// Scheme, host and port.
    pub(super) base: String,
    log: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Server {
    /// The index of `index.py`, with its settings; see there.
    pub(super) fn index(folder: &Path, settings: &Value) -> Self {
        fs_err::create_dir_all(folder).unwrap();
        let log = folder.join("requests.log");
        fs_err::write(&log, "").unwrap();
        let mut settings = settings.clone();
        settings["log"] = json!(log);
        let scheme = if settings["key"].is_null() { "http" } else { "https" };
        let mut command = program(&python());
        command.arg("-c").arg(include_str!("index.py")).arg(settings.to_string());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port: u16 = line.trim().parse().unwrap_or_else(|_| panic!("index.py said {line:?}"));
        Self { child, base: format!("{scheme}://127.0.0.1:{port}"), log }
    }

    /// An index of `index.py` that knows [`USER`] only.
    pub(super) fn closed(folder: &Path, settings: &Value) -> Self {
        let mut settings = settings.clone();
        settings["user"] = json!(USER);
        settings["password"] = json!(PASSWORD);
        Self::index(folder, &settings)
    }

    /// pypiserver over `folder`, with further arguments.
    pub(super) fn pypiserver(folder: &Path, args: &[&str]) -> Self {
        fs_err::create_dir_all(folder).unwrap();
        let port = free_port();
        let mut command = program(&venv().join("bin/pypi-server"));
        command.args(["run", "-i", "127.0.0.1", "-p", &port.to_string(), "--disable-fallback"]);
        command.args(args).arg(folder);
        Self::listening(command, port)
    }

    /// A program that will listen on `port`.
    pub(super) fn listening(mut command: Command, port: u16) -> Self {
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let server = Self { child, base: format!("http://127.0.0.1:{port}"), log: PathBuf::new() };
        wait(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        server
    }

    /// Every request so far, as `index.py` logs it.
    pub(super) fn requests(&self) -> Vec<String> {
        fs_err::read_to_string(&self.log).unwrap().lines().map(|line| line.trim_end().to_owned()).collect()
    }

    /// How many uploads it saw.
    pub(super) fn uploads(&self) -> usize {
        self.requests().iter().filter(|line| line.starts_with("POST ")).count()
    }

    /// A table of the configuration for it.
    pub(super) fn table(&self, role: &str, more: &str) -> String {
        let base = &self.base;
        format!(
            "[index.company]\nrole = \"{role}\"\nupload = \"{base}/\"\nsimple = \"{base}/simple/\"\nusername = \"{USER}\"\n{more}\n"
        )
    }
}

/// A port that was free a moment ago, for servers that cannot choose one themselves.
pub(super) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A program with nothing of the user's settings.
pub(super) fn program(path: &Path) -> Command {
    #[expect(clippy::disallowed_methods, reason = "a real server, driven from outside")]
    let mut command = Command::new(path);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("PYTHONWARNINGS", "ignore");
    command.stdin(Stdio::null()).stderr(Stdio::null());
    command
}

/// Throw-away certificates in `folder`, as `certificates.py` describes them.
pub(super) fn certificates(folder: &Path) {
    fs_err::create_dir_all(folder).unwrap();
    let mut command = program(&python());
    let done = command.arg("-c").arg(include_str!("certificates.py")).arg(folder);
    let done = done.stderr(Stdio::piped()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[expect(clippy::disallowed_methods, reason = "nothing announces that a server listens")]
fn wait(ready: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !ready() {
        assert!(Instant::now() < deadline, "the server does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
}

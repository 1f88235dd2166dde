//! hello through a real pypiserver on loopback: another server, another upload answer, no JSON API, no upload times.

use crate::harness::{Setting, venv};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A pypiserver that is stopped when it is dropped.
struct PypiServer {
    child: Child,
    base: String,
}

impl PypiServer {
    #[expect(clippy::disallowed_methods, reason = "a real server, started and waited for in real time")]
    fn start(folder: &Path) -> Self {
        fs_err::create_dir_all(folder).unwrap();
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let address = format!("127.0.0.1:{port}");
        let child = Command::new(venv().join("bin/pypi-server"))
            .args([
                "run",
                "-i",
                "127.0.0.1",
                "-p",
                &port.to_string(),
                "-P",
                ".",
                "-a",
                ".",
                "--disable-fallback",
            ])
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { child, base: format!("http://{address}") };
        let deadline = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(&address).is_err() {
            assert!(Instant::now() < deadline, "pypiserver does not listen");
            std::thread::yield_now();
        }
        server
    }
}

impl Drop for PypiServer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn hello_through_a_real_pypiserver() {
    let mut setting = Setting::hello();
    let folder = setting.path("packages");
    let server = PypiServer::start(&folder);
    let base = &server.base;
    let dependencies = setting.server().addresses(shiponce_rehearsal::Index::Pypi).simple();
    let config = format!(
        "[index.private]\nrole = \"production\"\nupload = \"{base}/\"\nsimple = \"{base}/simple/\"\nusername = \"ci\"\n\
         token-env = [\"PRIVATE_PASSWORD\"]\n[verify]\nindex = \"{dependencies}\"\n"
    );
    fs_err::write(setting.path("shiponce.toml"), config).unwrap();
    setting.set("PRIVATE_PASSWORD", "swordfish");
    let args = ["release", "--yes", "--single-copy"];
    let first = setting.shiponce(args).expect(0);
    assert!(first.stderr.contains("shiponce_hello version: 1.0.0"), "{}", first.stderr);
    let stored = stored(&folder);
    assert_eq!(stored.len(), 2, "{stored:?}");

    let second = setting.shiponce(args).expect(0);
    assert!(second.stderr.contains("version already exists"), "{}", second.stderr);
    assert_eq!(super::pypiserver::stored(&folder), stored, "the second press changed a file");

    let status = setting.shiponce(["status", "--json"]).expect(0);
    assert_eq!(status.json()["complete"], true, "{}", status.stdout);
}

/// Names and contents.
fn stored(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs_err::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

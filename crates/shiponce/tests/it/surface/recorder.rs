//! A wire between the binary and the world that remembers every byte the binary sends.

use std::io::{Read, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

type Bytes = Arc<Mutex<Vec<u8>>>;

/// A listener that passes connections on.
pub(super) struct Recorder {
    /// Where to connect instead.
    pub(super) address: SocketAddr,
    /// What came in, by connection.
    sent: Arc<Mutex<Vec<Bytes>>>,
}

impl Recorder {
    /// Passes on to `world`, for as long as the test process lives.
    pub(super) fn start(world: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let recorder = Self { address: listener.local_addr().unwrap(), sent: Arc::default() };
        let sent = recorder.sent.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let bytes = Bytes::default();
                sent.lock().unwrap().push(bytes.clone());
                let server = TcpStream::connect(world).unwrap();
                let (client_in, server_in) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || pass_on(client_in, server, Some(&bytes)));
                std::thread::spawn(move || pass_on(server_in, client, None));
            }
        });
        recorder
    }

    /// Every request so far: its first line, and its head.
    pub(super) fn requests(&self) -> Vec<(String, String)> {
        let start = regex::Regex::new(r"(GET|HEAD|POST|PUT) \S+ HTTP/1\.1\r\n").unwrap();
        let mut requests = Vec::new();
        for connection in self.sent.lock().unwrap().iter() {
            let text = String::from_utf8_lossy(&connection.lock().unwrap()).into_owned();
            for found in start.find_iter(&text) {
                let head = text[found.start()..].split("\r\n\r\n").next().unwrap().to_owned();
                requests.push((found.as_str().trim().to_owned(), head));
            }
        }
        requests
    }
}

fn pass_on(mut from: impl Read, mut to: TcpStream, record: Option<&Mutex<Vec<u8>>>) {
    let mut buffer = [0; 16 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(length) => {
                if let Some(record) = record {
                    record.lock().unwrap().extend_from_slice(&buffer[..length]);
                }
                if to.write_all(&buffer[..length]).is_err() {
                    break;
                }
            }
        }
    }
    // The other side may be gone already.
    drop(to.shutdown(Shutdown::Write));
}

//! A server of twenty lines that does exactly what a test tells it to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use url::Url;

/// A listening server. Its threads end with the test process.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Hands every connection to `serve`, each on a thread of its own.
    pub(crate) fn start(serve: impl Fn(Connection) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let (counter, serve) = (connections.clone(), Arc::new(serve));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                counter.fetch_add(1, Ordering::SeqCst);
                let serve = serve.clone();
                std::thread::spawn(move || serve(Connection::new(stream.unwrap())));
            }
        });
        Self { address, connections }
    }

    /// Answers the first request of every connection with `answer` and closes.
    pub(crate) fn answering(answer: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self::start(move |mut connection| {
            if connection.request().is_some() {
                connection.write(answer.as_ref());
            }
        })
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    /// Connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// One connection.
pub(crate) struct Connection {
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

/// One request as it came over the wire.
pub(crate) struct Received {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Received {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        fields.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Connection {
    fn new(stream: TcpStream) -> Self {
        let reader = BufReader::new(stream.try_clone().unwrap());
        Self { stream, reader }
    }

    /// The head of the next request; `None` when the client has closed.
    pub(crate) fn head(&mut self) -> Option<Received> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.reader.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        Some(Received { head, body: Vec::new() })
    }

    /// The next request with its body; `None` when the client has closed, before or in the middle.
    pub(crate) fn request(&mut self) -> Option<Received> {
        let mut received = self.head()?;
        let length = received.header("content-length").map_or(0, |text| text.parse().unwrap());
        received.body = vec![0; length];
        self.reader.read_exact(&mut received.body).ok()?;
        Some(received)
    }

    /// Reads and counts until `count` bytes came or the client closed.
    pub(crate) fn discard(&mut self, count: u64) -> u64 {
        std::io::copy(&mut (&mut self.reader).take(count), &mut std::io::sink()).unwrap_or(0)
    }

    /// Writes; a client that has gone is no failure of the server.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// Says nothing more until the client closes.
    pub(crate) fn hang(&mut self) {
        self.discard(u64::MAX);
    }
}

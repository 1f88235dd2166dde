//! An index that reads uploads and forgets the bytes: it keeps name, size and digest only.
//!
//! Small on purpose. It takes what the form says for true, which is all that measuring memory needs.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of the body that are kept from its beginning and its end: the form's fields are there.
const KEPT: usize = 64 * 1024;

/// A file as the form described it.
#[derive(Debug, Clone)]
struct Listed {
    filename: String,
    sha256: String,
    size_bytes: u64,
}

type Files = Arc<Mutex<Vec<Listed>>>;

/// Starts listening on loopback, for the rest of the process.
pub(crate) fn start() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let files = Files::default();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let files = Arc::clone(&files);
            // A client that goes away ends its thread; there is nobody to tell.
            std::thread::spawn(move || serve(stream, &files));
        }
    });
    Ok(address)
}

/// Answers requests until the client closes the connection.
fn serve(stream: TcpStream, files: &Files) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(256 * 1024, stream.try_clone()?);
    let mut stream = stream;
    while let Some((method, path, length, chunked)) = read_head(&mut reader, &mut stream)? {
        let mut form = Form::default();
        if chunked {
            read_chunks(&mut reader, &mut form)?;
        } else {
            read_length(&mut reader, length, &mut form)?;
        }
        let (status, kind, body) = answer(&method, &path, &form, files);
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        stream.flush()?;
    }
    Ok(())
}

/// Method, path, length and whether the body is chunked; `None` at the end of the connection.
fn read_head(
    reader: &mut BufReader<TcpStream>,
    stream: &mut TcpStream,
) -> io::Result<Option<(String, String, u64, bool)>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (mut length, mut chunked) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let header = header.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            return Ok(Some((method, path, length, chunked)));
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        chunked |= header.starts_with("transfer-encoding:") && header.contains("chunked");
        if header.starts_with("expect:") {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
    }
}

fn read_length(reader: &mut BufReader<TcpStream>, length: u64, form: &mut Form) -> io::Result<()> {
    let mut left = length;
    while left > 0 {
        let available = reader.fill_buf()?;
        if available.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let take = available.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        form.take(&available[..take]);
        reader.consume(take);
        left -= take as u64;
    }
    Ok(())
}

fn read_chunks(reader: &mut BufReader<TcpStream>, form: &mut Form) -> io::Result<()> {
    loop {
        let mut size = String::new();
        reader.read_line(&mut size)?;
        let size = u64::from_str_radix(size.trim(), 16).map_err(|_| io::ErrorKind::InvalidData)?;
        read_length(reader, size, form)?;
        reader.read_exact(&mut [0; 2])?;
        if size == 0 {
            return Ok(());
        }
    }
}

/// The two ends of a body.
#[derive(Debug, Default)]
struct Form {
    head: Vec<u8>,
    tail: Vec<u8>,
    length: u64,
}

impl Form {
    fn take(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        let room = KEPT - self.head.len();
        let (first, rest) = bytes.split_at(room.min(bytes.len()));
        self.head.extend_from_slice(first);
        self.tail.extend_from_slice(rest);
        if self.tail.len() > 2 * KEPT {
            self.tail.drain(..self.tail.len() - KEPT);
        }
    }

    fn file(&self) -> Option<Listed> {
        let text = String::from_utf8_lossy(&self.head) + String::from_utf8_lossy(&self.tail);
        let field = |name: &str| {
            let (_, after) = text.split_once(&format!("name=\"{name}\""))?;
            let (_, value) = after.split_once("\r\n\r\n")?;
            Some(value.split("\r\n").next()?.to_owned())
        };
        let (_, after) = text.split_once("filename=\"")?;
        let filename = after.split('"').next()?.to_owned();
        Some(Listed { filename, sha256: field("sha256_digest")?, size_bytes: self.length })
    }
}

fn answer(method: &str, path: &str, form: &Form, files: &Files) -> (&'static str, &'static str, String) {
    let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
    match method {
        "POST" => match form.file() {
            Some(file) => {
                files.push(file);
                ("200 OK", "text/plain", "OK".to_owned())
            }
            None => ("400 Bad Request", "text/plain", "no file in the form".to_owned()),
        },
        _ if files.is_empty() => ("404 Not Found", "text/plain", "404 Not Found".to_owned()),
        _ => ("200 OK", "application/vnd.pypi.simple.v1+json", listing(path, &files)),
    }
}

/// The Simple API's JSON form (PEP 691).
fn listing(path: &str, files: &[Listed]) -> String {
    let rows: Vec<_> = files
        .iter()
        .map(|file| {
            serde_json::json!({
                "filename": file.filename,
                "url": format!("/files/{}", file.filename),
                "hashes": { "sha256": file.sha256 },
                "size": file.size_bytes,
            })
        })
        .collect();
    let name = path.trim_matches('/').rsplit('/').next().unwrap_or_default();
    serde_json::json!({ "meta": { "api-version": "1.1" }, "name": name, "files": rows, "versions": ["1.0.0"] }).to_string()
}

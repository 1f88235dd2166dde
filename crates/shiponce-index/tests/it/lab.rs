//! One test's world: an embedded pair of indexes, virtual time, and files to upload.

use std::io::{self, Cursor, Read, Write as _};
use std::sync::{Arc, Mutex};

use blake2::Blake2b;
use blake2::digest::consts::U32;
use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256 as Hasher};
use shiponce_core::form::UploadForm;
use shiponce_core::redact::{SafeUrl, SecretString};
use shiponce_core::{Blake2b256, PackageName, Sha256};
use shiponce_index::{
    Answer, Credential, Freshness, Index, Observer, ReadOptions, Reading, UploadOptions, Uploader,
};
use shiponce_io::http::{BodySource, MemoryTransport, Transport};
use shiponce_io::{Clock, VirtualClock};
use shiponce_rehearsal::{FaultSpec, Index as Which, LogEntry, RouteKind, TokenSpec, World, WorldConfig};

pub(crate) const BASE: &str = "http://127.0.0.1:8080";
pub(crate) const WHEEL: &str = "demo-1.0-py3-none-any.whl";

pub(crate) fn url(text: &str) -> SafeUrl {
    SafeUrl::from(url::Url::parse(text).unwrap())
}

pub(crate) fn demo() -> PackageName {
    "demo".parse().unwrap()
}

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(VirtualClock::new("2026-11-20T10:00:00Z".parse().unwrap()))
}

/// An index below `root`.
pub(crate) fn index(root: &str) -> Index {
    Index {
        name: "pypi".to_owned(),
        upload: url(&format!("{root}/legacy/")),
        simple: Some(url(&format!("{root}/simple/"))),
        json: Some(url(&format!("{root}/pypi/"))),
        read_auth: None,
        reads_need_auth: false,
        mirror: false,
        asks_md5: false,
    }
}

pub(crate) struct Lab {
    pub(crate) world: World,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) index: Index,
    pub(crate) credential: Credential,
}

impl Lab {
    pub(crate) fn new() -> Self {
        Self::with(WorldConfig::new())
    }

    pub(crate) fn with(mut config: WorldConfig) -> Self {
        let token = config.token(Which::Pypi, &TokenSpec::user("alice"));
        let world = World::new(config);
        let clock = clock();
        let served = world.clone();
        let transport =
            MemoryTransport::new(Arc::clone(&clock), move |request, now| served.handle(request, now));
        let index = index(&format!("{BASE}/prod"));
        let credential = Credential::token(SecretString::from(token), &index.upload);
        Self { world, clock, transport: Arc::new(transport), index, credential }
    }

    pub(crate) fn fault(&self, text: &str) {
        self.world.add_fault(text.parse::<FaultSpec>().unwrap());
    }

    pub(crate) fn observer(&self) -> Observer {
        self.observer_with(ReadOptions::default())
    }

    pub(crate) fn observer_with(&self, options: ReadOptions) -> Observer {
        Observer::new(Arc::clone(&self.transport), Arc::clone(&self.clock), options)
    }

    pub(crate) async fn read(&self) -> Reading {
        self.observer().read(&self.index, &demo(), Freshness::Bypass).await
    }

    pub(crate) fn uploader(&self) -> Uploader {
        Uploader::new(Arc::clone(&self.transport), Arc::clone(&self.clock), UploadOptions::default())
    }

    pub(crate) async fn upload(&self, file: &File) -> Answer {
        self.upload_as(file, &self.credential).await
    }

    pub(crate) async fn upload_as(&self, file: &File, credential: &Credential) -> Answer {
        self.uploader().send(&self.index, &file.form(), file.body(), credential, None).await
    }

    pub(crate) fn requests(&self, route: RouteKind) -> Vec<LogEntry> {
        self.world.log().into_iter().filter(|entry| entry.route == route).collect()
    }
}

/// A distribution file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

impl File {
    /// A correct wheel of `demo 1.0`; different salts give different bytes.
    pub(crate) fn wheel(salt: &str) -> Self {
        Self::named(WHEEL, salt)
    }

    pub(crate) fn named(name: &str, salt: &str) -> Self {
        let mut parts = name.split('-');
        let (project, version) = (parts.next().unwrap(), parts.next().unwrap());
        let info = format!("{project}-{version}.dist-info");
        let metadata = format!("Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n");
        let record = format!("{project}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n");
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (member, text) in [
            (format!("{project}.py"), format!("SALT = {salt:?}\n")),
            (format!("{info}/METADATA"), metadata),
            (format!("{info}/WHEEL"), "Wheel-Version: 1.0\nTag: py3-none-any\n".to_owned()),
            (format!("{info}/RECORD"), record),
        ] {
            writer.start_file(member, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        Self { name: name.to_owned(), bytes: writer.finish().unwrap().into_inner().into() }
    }

    pub(crate) fn sha256(&self) -> Sha256 {
        Sha256(Hasher::digest(&self.bytes).into())
    }

    pub(crate) fn form(&self) -> UploadForm {
        let mut parts = self.name.split('-');
        let (project, version) = (parts.next().unwrap(), parts.next().unwrap());
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        UploadForm {
            filename: self.name.clone(),
            filetype: "bdist_wheel",
            pyversion: "py3".to_owned(),
            metadata: vec![
                field("metadata_version", "2.1"),
                field("name", project),
                field("version", version),
            ],
            sha256: self.sha256(),
            blake2b: Blake2b256(Blake2b::<U32>::digest(&self.bytes).into()),
            md5: None,
            attestations: None,
        }
    }

    pub(crate) fn body(&self) -> Arc<dyn BodySource> {
        Arc::new(Memory(self.bytes.clone()))
    }
}

/// A body in memory.
#[derive(Debug)]
struct Memory(Bytes);

impl BodySource for Memory {
    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.0.clone())))
    }
}

/// What a hand-made server was asked.
pub(crate) type Asked = Arc<Mutex<Vec<http::Request<Bytes>>>>;

/// A hand-made server and its diary.
pub(crate) fn server(
    clock: &Arc<dyn Clock>,
    answer: impl Fn(&http::Request<Bytes>, Timestamp) -> http::Response<Bytes> + Send + Sync + 'static,
) -> (Arc<dyn Transport>, Asked) {
    let asked = Asked::default();
    let diary = Arc::clone(&asked);
    let transport = MemoryTransport::new(Arc::clone(clock), move |request, now| {
        let response = answer(&request, now);
        diary.lock().unwrap().push(request);
        response
    });
    (Arc::new(transport), asked)
}

/// An answer.
pub(crate) fn answer(status: u16, kind: &str, body: impl Into<Bytes>) -> http::Response<Bytes> {
    let mut builder = http::Response::builder().status(status);
    if !kind.is_empty() {
        builder = builder.header("content-type", kind);
    }
    builder.body(body.into()).unwrap()
}

/// The sentence of a failed reading.
pub(crate) fn why(reading: &Reading) -> &str {
    match &reading.view {
        shiponce_core::observation::View::Unobserved { why } => why,
        shiponce_core::observation::View::Listed(listing) => panic!("was listed: {listing:?}"),
    }
}

//! One test's world: two embedded indexes, virtual time, a state directory of its own.

use super::invariants::Watch;
use super::recorder::Recorder;
use super::runner::Python;
use bytes::Bytes;
use shiponce_core::decide::{OnUnknown, WriteOnce};
use shiponce_core::plan::{Role, Target};
use shiponce_core::redact::{SafeUrl, SecretString};
use shiponce_engine::{Access, Context, Finished, PublishRequest, ReleaseTarget, StateDirs, publish};
use shiponce_index::{Credential, Index};
use shiponce_io::http::{MemoryTransport, Transport};
use shiponce_io::process::{Environment, Runner, SystemRunner};
use shiponce_io::random::CountingIds;
use shiponce_io::{Cancel, Clock, VirtualClock};
use shiponce_ledger::{Ledger, Options};
use shiponce_rehearsal::{FaultSpec, Index as Which, LogEntry, RouteKind, TokenSpec, World, WorldConfig};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const BASE: &str = "http://127.0.0.1:8080";

type Hook = Box<dyn FnMut(&http::Request<Bytes>) -> Option<http::Response<Bytes>> + Send>;

pub(crate) fn at(text: &str) -> SafeUrl {
    SafeUrl::from(url::Url::parse(text).unwrap())
}

/// The slug of the problem a command ended with; empty when there was none.
pub(crate) fn code(finished: &Finished) -> &'static str {
    finished.problem.as_ref().map_or("", |problem| problem.code.slug())
}

/// The name of a wheel of `demo`.
pub(crate) fn wheel_name(version: &str, tag: &str) -> String {
    format!("demo-{version}-{tag}.whl")
}

pub(crate) struct Lab {
    pub(crate) world: World,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) report: Arc<Recorder>,
    pub(crate) python: Arc<Python>,
    pub(crate) cancel: Cancel,
    pub(crate) dir: tempfile::TempDir,
    pub(crate) watch: Arc<Watch>,
    ids: Arc<CountingIds>,
    hook: Arc<Mutex<Option<Hook>>>,
    tokens: [(Which, String); 2],
    /// Requests that others made, by their number in the world's log.
    pub(super) others: Others,
}

pub(super) type Others = Arc<Mutex<BTreeSet<u64>>>;

impl Lab {
    pub(crate) fn new() -> Self {
        Self::with(WorldConfig::new())
    }

    pub(crate) fn with(mut config: WorldConfig) -> Self {
        let tokens = Which::ALL.map(|which| (which, config.token(which, &TokenSpec::user("alice"))));
        let world = World::new(config);
        let clock: Arc<dyn Clock> = Arc::new(VirtualClock::new("2026-11-20T10:00:00Z".parse().unwrap()));
        let dir = tempfile::tempdir().unwrap();
        let hook: Arc<Mutex<Option<Hook>>> = Arc::default();
        let watch = Arc::new(Watch::new(dir.path().join("ledger.sqlite"), clock.clone()));
        let (served, hooked, watching) = (world.clone(), hook.clone(), watch.clone());
        let transport = MemoryTransport::new(Arc::clone(&clock), move |request, now| {
            watching.before(&request);
            let answer = hooked.lock().unwrap().as_mut().and_then(|hook| hook(&request));
            answer.unwrap_or_else(|| served.handle(request, now))
        });
        Self {
            world,
            ids: Arc::new(CountingIds::new(clock.clone())),
            clock,
            transport: Arc::new(transport),
            report: Arc::default(),
            python: Arc::new(Python::new("1.0")),
            cancel: Cancel::new(),
            dir,
            watch,
            hook,
            tokens,
            others: Others::default(),
        }
    }

    /// The same lab after Ctrl-C was let go of.
    pub(crate) fn without_cancel(mut self) -> Self {
        self.cancel = Cancel::new();
        self
    }

    pub(crate) fn fault(&self, text: &str) {
        self.world.add_fault(text.parse::<FaultSpec>().unwrap());
    }

    /// Looks at every request before the world does, and may answer in its place.
    pub(crate) fn hook(
        &self,
        hook: impl FnMut(&http::Request<Bytes>) -> Option<http::Response<Bytes>> + Send + 'static,
    ) {
        *self.hook.lock().unwrap() = Some(Box::new(hook));
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn token(&self, which: Which) -> SecretString {
        let (_, token) = self.tokens.iter().find(|(known, _)| *known == which).unwrap();
        SecretString::from(token.clone())
    }

    /// A context for one press. Every press of a lab shares its state directory and its cancellation.
    pub(crate) fn context(&self) -> Context {
        self.context_with(self.python.clone(), &Python::path(self.dir.path()))
    }

    pub(crate) fn context_with(&self, runner: Arc<dyn Runner>, path: &Path) -> Context {
        let temp = self.dir.path().join("temp");
        fs_err::create_dir_all(&temp).unwrap();
        Context {
            transport: self.transport.clone(),
            clock: self.clock.clone(),
            runner,
            ids: self.ids.clone(),
            report: self.report.clone(),
            cancel: self.cancel.clone(),
            environment: Environment::from_iter([("PATH", path.as_os_str())]),
            state: StateDirs {
                root: self.dir.path().to_owned(),
                ledger: self.dir.path().join("ledger.sqlite"),
                temp,
            },
        }
    }

    /// The environment of this machine as far as a tool needs it.
    pub(crate) fn real_environment(&self) -> Environment {
        let path = super::variable("PATH").unwrap_or_default();
        let home = self.dir.path().to_string_lossy().into_owned();
        Environment::from_iter([("PATH", path), ("HOME", home)])
    }

    /// A runner of real processes.
    pub(crate) fn real_runner(&self) -> Arc<dyn Runner> {
        Arc::new(SystemRunner)
    }

    /// A context with real processes, for tests in real time.
    pub(crate) fn real_context(&self) -> Context {
        let context = self.context();
        Context { runner: self.real_runner(), environment: self.real_environment(), ..context }
    }

    /// One of the world's indexes as a target with PyPI's rules and a token.
    pub(crate) fn target(&self, which: Which) -> ReleaseTarget {
        self.target_with(which, |_, _| {})
    }

    /// The same with something changed.
    pub(crate) fn target_with(
        &self,
        which: Which,
        change: impl FnOnce(&mut Target, &mut Index),
    ) -> ReleaseTarget {
        let root = format!("{BASE}/{}", which.prefix());
        let (name, label, role) = match which {
            Which::Pypi => ("pypi", "PyPI", Role::Production),
            Which::TestPypi => ("testpypi", "Test PyPI", Role::Test),
        };
        let upload = at(&format!("{root}/legacy/"));
        let mut core = Target {
            name: name.to_owned(),
            identity: upload.to_string(),
            host: "127.0.0.1:8080".to_owned(),
            role,
            required: true,
            write_once: WriteOnce::Yes,
            pypi_rules: true,
            on_unknown: OnUnknown::Stop,
        };
        let mut index = Index {
            name: name.to_owned(),
            upload: upload.clone(),
            simple: Some(at(&format!("{root}/simple/"))),
            json: Some(at(&format!("{root}/pypi/"))),
            read_auth: None,
            reads_need_auth: false,
            mirror: false,
            asks_md5: false,
        };
        change(&mut core, &mut index);
        let credential = Credential::token(self.token(which), &upload);
        let access = Access::Secret { credential, source: "the test".to_owned() };
        let mut target = ReleaseTarget::new(core, label.to_owned(), index, access);
        target.uploads_at_once = 4;
        target
    }

    /// Presses `publish` to production.
    pub(crate) async fn publish(&self, files: &[PathBuf]) -> Finished {
        self.publish_to(files, vec![self.target(Which::Pypi)]).await
    }

    pub(crate) async fn publish_to(&self, files: &[PathBuf], targets: Vec<ReleaseTarget>) -> Finished {
        let request = PublishRequest {
            files: files.to_vec(),
            expected: None,
            targets,
            left_out: Vec::new(),
            write: true,
            wait: Duration::from_secs(60),
        };
        publish(&self.context(), &request).await
    }

    /// The ledger, for looking at it.
    pub(crate) fn ledger(&self) -> Ledger {
        let path = self.dir.path().join("ledger.sqlite");
        Ledger::open_read_only(&path, self.clock.clone(), Options::usual()).unwrap()
    }

    pub(crate) fn requests(&self, route: RouteKind) -> Vec<LogEntry> {
        self.world.log().into_iter().filter(|entry| entry.route == route).collect()
    }

    /// Names that an index holds.
    pub(crate) fn names(&self, which: Which) -> Vec<String> {
        self.world.files(which).into_iter().map(|file| file.filename).collect()
    }

    /// Uploads the engine made to an index, whatever became of them.
    pub(crate) fn uploads(&self, which: Which) -> Vec<LogEntry> {
        let others = self.others.lock().unwrap();
        let ours = |entry: &LogEntry| entry.is_write && !others.contains(&entry.sequence);
        self.world.log().into_iter().filter(|entry| entry.index == Some(which) && ours(entry)).collect()
    }

    /// How often the engine sent a file to an index.
    pub(crate) fn sent(&self, which: Which, filename: &str) -> usize {
        let uploads = self.uploads(which);
        uploads.iter().filter(|entry| entry.filename.as_deref() == Some(filename)).count()
    }

    /// Puts a file on an index past the engine, as another machine would.
    pub(crate) fn put(&self, which: Which, path: &Path) {
        self.putting(which, path)();
    }

    /// The same, as something that can happen later.
    pub(crate) fn putting(&self, which: Which, path: &Path) -> impl Fn() + Send + use<> {
        let (world, clock, token, path) =
            (self.world.clone(), self.clock.clone(), self.token(which), path.to_owned());
        let others = self.others.clone();
        move || {
            put_into(&world, &clock, which, &token, &path);
            let last = world.log().iter().map(|entry| entry.sequence).max();
            others.lock().unwrap().extend(last);
        }
    }
}

fn put_into(world: &World, clock: &Arc<dyn Clock>, which: Which, token: &SecretString, path: &Path) {
    use base64::Engine as _;
    use secrecy::ExposeSecret as _;
    use shiponce_dist::Distribution;
    let file = Distribution::open(path).unwrap();
    let form = file.form();
    let boundary = "----past-the-engine";
    let mut body = Vec::new();
    let mut field = |name: &str, value: &str| {
        body.extend_from_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    };
    field(":action", "file_upload");
    field("protocol_version", "1");
    field("filetype", form.filetype);
    field("pyversion", &form.pyversion);
    field("sha256_digest", &form.sha256.to_string());
    field("blake2_256_digest", &form.blake2b.to_string());
    for (name, value) in &form.metadata {
        field(name, value);
    }
    let name = &form.filename;
    body.extend_from_slice(
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n")
            .as_bytes(),
    );
    body.extend_from_slice(&fs_err::read(path).unwrap());
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    let secret = format!("__token__:{}", token.expose_secret());
    let basic = base64::prelude::BASE64_STANDARD.encode(secret);
    let request = http::Request::post(format!("{BASE}/{}/legacy/", which.prefix()))
        .header("content-type", format!("multipart/form-data; boundary={boundary}"))
        .header("authorization", format!("Basic {basic}"))
        .header("host", "127.0.0.1:8080")
        .body(body.into())
        .unwrap();
    let answer = world.handle(request, clock.now());
    assert_eq!(answer.status(), 200, "{:?}", answer.body());
}

/// A clock whose machine has been up for longer than the others think.
#[derive(Debug)]
pub(crate) struct Ahead {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) by: Duration,
}

impl Clock for Ahead {
    fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }

    fn boot(&self) -> shiponce_io::clock::BootTime {
        let boot = self.clock.boot();
        let micros = boot.micros + i64::try_from(self.by.as_micros()).unwrap();
        shiponce_io::clock::BootTime { micros, ..boot }
    }

    fn sleep(&self, duration: Duration) -> shiponce_io::BoxFuture<'_, ()> {
        self.clock.sleep(duration)
    }
}

//! A served world with people in it, and tables of requests with the answers the real service gave.

use jiff::{SignedDuration, Timestamp};
use shiponce_rehearsal::{BlockingServer, Index, Publisher, TokenSpec, User, World, WorldConfig};

use crate::dist;
use crate::wire::{Answer, Form, Request};

pub(crate) struct Lab {
    pub(crate) world: World,
    pub(crate) server: BlockingServer,
    /// A token of `alice`, who may do everything.
    pub(crate) token: String,
}

/// What the 400 page and the others explain.
const BAD: &str =
    "The server could not comply with the request since it is either malformed or otherwise incorrect.";
const DENIED: &str = "Access was denied to this resource.";

impl Lab {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut WorldConfig)) -> Self {
        let mut config = WorldConfig::new();
        config
            .index(Index::Pypi)
            .user(User::new("dave"))
            .user(User::new("bob").without_two_factor())
            .user(User::new("carol").without_verified_email())
            .publisher(Publisher::new("tpkg", "octo/demo", "release.yml").environment("release"));
        config.runner.environment = Some("release".to_owned());
        let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
        change(&mut config);
        let world = World::new(config);
        let server = BlockingServer::start(world.clone()).unwrap();
        Self { world, server, token }
    }

    /// A world in which `demo` 1.0 has one wheel.
    pub(crate) fn with_demo() -> Self {
        let lab = Self::new();
        assert_eq!(lab.send(&lab.upload(&demo("1.0", "first"))).status, 200);
        lab
    }

    pub(crate) fn send(&self, request: &Request) -> Answer {
        request.send(&self.server.base_url())
    }

    /// An upload to the production index by `alice`.
    pub(crate) fn upload(&self, form: &Form) -> Request {
        form.post("/prod/legacy/").basic("__token__", &self.token)
    }

    pub(crate) fn upload_as(&self, spec: &TokenSpec, form: &Form) -> Request {
        form.post("/prod/legacy/").basic("__token__", &self.world.token(Index::Pypi, spec))
    }

    /// Runs a table; every row that differs is reported.
    pub(crate) fn run(&self, table: Vec<Row>) {
        let mut wrong = Vec::new();
        for row in table {
            let request = match row.step {
                Step::Request(request) => request,
                Step::Change(change) => {
                    change(&self.world);
                    continue;
                }
            };
            let answer = self.send(&request);
            if let Err(why) = self.compare(&answer, row.status, &row.message) {
                wrong.push(format!("{}: {why}", row.id));
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    fn compare(&self, answer: &Answer, status: u16, message: &str) -> Result<(), String> {
        let root = format!("{}/prod", self.server.base_url());
        let message = message.replace("<PyPI docs>", &format!("{root}/docs")).replace("<PyPI>", &root);
        if answer.status != status {
            return Err(format!("status {} instead of {status}: {}", answer.status, answer.reason));
        }
        if message.is_empty() {
            return Ok(());
        }
        if answer.reason != message {
            return Err(format!("\n  said   {}\n  wanted {message}", answer.reason));
        }
        let explained = match status {
            400 => BAD,
            403 => DENIED,
            _ => return Ok(()),
        };
        let line = escape(&format!("{status} {message}"));
        let page = format!(
            "<html>\n <head>\n  <title>{line}</title>\n </head>\n <body>\n  <h1>{line}</h1>\n  {explained}<br/><br/>\n{}\n\n\n </body>\n</html>",
            escape(&message)
        );
        if answer.text() == page {
            Ok(())
        } else {
            Err(format!("page {:?} instead of {page:?}", answer.text()))
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;")
}

enum Step {
    Request(Request),
    Change(Box<dyn FnOnce(&World)>),
}

pub(crate) struct Row {
    id: &'static str,
    step: Step,
    status: u16,
    message: String,
}

/// A request with the status and the message the real service answered. An empty message is not compared.
pub(crate) fn row(id: &'static str, request: Request, status: u16, message: impl Into<String>) -> Row {
    Row { id, step: Step::Request(request), status, message: message.into() }
}

/// Something that happens between two rows.
pub(crate) fn then(change: impl FnOnce(&World) + 'static) -> Row {
    Row { id: "", step: Step::Change(Box::new(change)), status: 0, message: String::new() }
}

pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

pub(crate) fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

/// A correct wheel of `demo`.
pub(crate) fn demo(version: &str, salt: &str) -> Form {
    project("demo", version, salt)
}

/// A correct wheel of a project.
pub(crate) fn project(name: &str, version: &str, salt: &str) -> Form {
    let filename = format!("{}-{version}-py3-none-any.whl", name.replace('-', "_"));
    Form::of(name, version, &filename, &dist::wheel(name, version, salt))
}

pub(crate) fn blake2(data: &[u8]) -> String {
    use blake2::Digest as _;
    blake2::Blake2b256::digest(data).iter().map(|b| format!("{b:02x}")).collect()
}

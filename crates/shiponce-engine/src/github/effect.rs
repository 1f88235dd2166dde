//! One effect: intent, request, receipt.

use super::board::Board;
use super::notes::notes;
use super::work::Page;
use crate::python::interrupted;
use crate::report::Say as _;
use shiponce_api::v1::Level;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::forge::{Effect, MANIFEST_ASSET, Stage, body_with, remark};
use shiponce_core::journal::{Event, Refusal};
use shiponce_forge::{Error, Latest, NewAsset, NewRelease, Reason, ReleaseUpdate};
use shiponce_io::http::BodySource;
use std::io::{Cursor, Read};
use std::sync::Arc;

/// What an effect gave, for the board.
enum Gave {
    Page(shiponce_forge::Release),
    Asset(u64, shiponce_forge::Asset),
    Nothing,
}

impl Page<'_> {
    /// Carries an effect out once and records what came back.
    ///
    /// # Errors
    /// `interrupted`; bytes that nobody handed over; a ledger that cannot be written, which stops before anything is
    /// sent.
    pub(super) async fn carry_out(&self, board: &mut Board, effect: &Effect) -> Result<(), Problem> {
        let context = self.session.context;
        let prepared = self.prepare(board, effect).await?;
        self.session.check()?;
        self.session.journal_effect(self.target, self.manifest, effect, &Event::Intent)?;
        board.record(effect, &Event::Intent);
        let name = effect.to_string();
        context.report.event(Level::Info, "github.intent", &[("effect", &name)]);
        let answer = tokio::select! {
            answer = self.send(board, effect, prepared) => Some(answer),
            () = context.cancel.cancelled() => None,
        };
        let event = match &answer {
            Some(answer) => event_of(effect, answer.as_ref().err()),
            None => Event::OutcomeUnknown { why: "interrupted while sending".to_owned() },
        };
        board.record(effect, &event);
        self.session.journal_effect(self.target, self.manifest, effect, &event)?;
        let Some(answer) = answer else { return Err(interrupted()) };
        match answer {
            Ok(gave) => self.took(board, effect, gave)?,
            Err(error) => {
                if matches!(event, Event::NotSent { .. } | Event::OutcomeUnknown { .. }) {
                    board.postpone(effect, error.wait(), self.now());
                }
                context.report.warning(format!("GitHub: {error}"));
            }
        }
        context.report.event(Level::Info, "github.answer", &[("effect", &name), ("answer", word(&event))]);
        Ok(())
    }

    /// What must be known before an intent is written.
    async fn prepare(&self, board: &Board, effect: &Effect) -> Result<Prepared, Problem> {
        Ok(match effect {
            Effect::Create => {
                let notes = notes(self.session.context, self, &board.sight.published).await?;
                Prepared::Text(body_with(&notes, &self.wish.wanted.marker))
            }
            Effect::Mark { release } => {
                let body = board.sight.pages.get(release).map(|page| page.body.as_str()).unwrap_or_default();
                Prepared::Text(remark(body, &self.wish.wanted.marker))
            }
            Effect::Upload { name, .. } => Prepared::Bytes(self.bytes_of(name)?),
            Effect::Remove { .. } | Effect::Delete { .. } | Effect::Publish { .. } => Prepared::Nothing,
        })
    }

    /// The bytes of a wanted file. Only what was handed over is sent; the manifest is our own text.
    fn bytes_of(&self, name: &str) -> Result<Arc<dyn BodySource>, Problem> {
        if name == MANIFEST_ASSET {
            return Ok(Arc::new(Text(self.wish.manifest.as_bytes().into())));
        }
        let wanted = self.wish.wanted.assets.get(name);
        let missing = || crate::problem::bytes_missing(name, &[]);
        let sha256 = wanted.ok_or_else(missing)?.sha256;
        self.session.vouched(self.manifest, name, sha256)?;
        let artifact = self.store.artifact(sha256).map_err(|error| {
            Problem::from_error(ErrorCode::LedgerUnusable, &error)
                .hint("repair the disk of the state directory, then press again")
        })?;
        Ok(Arc::new(artifact.found().ok_or_else(missing)?))
    }

    async fn send(&self, board: &Board, effect: &Effect, prepared: Prepared) -> Result<Gave, Error> {
        let client = &self.target.client;
        match (effect, prepared) {
            (Effect::Create, Prepared::Text(body)) => {
                let draft = NewRelease {
                    tag: self.tag.to_owned(),
                    name: self.tag.to_owned(),
                    body,
                    prerelease: self.manifest.version.is_prerelease(),
                };
                client.create_draft(&draft).await.map(Gave::Page)
            }
            (Effect::Mark { release }, Prepared::Text(body)) => {
                let update = ReleaseUpdate { body: Some(body), ..ReleaseUpdate::default() };
                client.update_release(*release, &update).await.map(Gave::Page)
            }
            (Effect::Upload { release, name }, Prepared::Bytes(bytes)) => {
                // The label keeps the name where GitHub may change it.
                let label = (!is_plain(name)).then_some(name.as_str());
                let report = self.session.context.report.clone();
                let (file, total) = (name.clone(), bytes.length());
                let progress = Arc::new(move |sent: u64| report.progress(&file, sent.min(total), total));
                let asset = NewAsset { name, label };
                let new = client.upload_asset(*release, asset, bytes, Some(progress)).await?;
                Ok(Gave::Asset(*release, new))
            }
            (Effect::Remove { release }, _) => client.delete_release(*release).await.map(|_| Gave::Nothing),
            (Effect::Delete { asset, .. }, _) => client.delete_asset(*asset).await.map(|_| Gave::Nothing),
            (Effect::Publish { release }, _) => {
                let update = ReleaseUpdate::publish(self.latest(board));
                client.update_release(*release, &update).await.map(Gave::Page)
            }
            (Effect::Create | Effect::Mark { .. } | Effect::Upload { .. }, _) => Ok(Gave::Nothing),
        }
    }

    /// A version that is lower than the newest published one, or a pre-release, does not become the latest release.
    fn latest(&self, board: &Board) -> Latest {
        let version = &self.manifest.version;
        let higher = |tag: &String| self.rule.parse(tag).is_some_and(|other| other > *version);
        if version.is_prerelease() || board.sight.published.iter().any(higher) {
            Latest::No
        } else {
            Latest::Yes
        }
    }

    /// What a success means for the board and the ledger.
    fn took(&self, board: &mut Board, effect: &Effect, gave: Gave) -> Result<(), Problem> {
        let report = &self.session.context.report;
        match (effect, &gave) {
            (Effect::Create, Gave::Page(page)) => {
                self.note(board, page.id)?;
                report.info(format!("GitHub draft of {} made: {}", self.tag, page.html_url));
            }
            (Effect::Mark { release }, _) => self.note(board, *release)?,
            (Effect::Upload { name, .. }, _) => report.info(format!("{name} is in the GitHub draft")),
            (Effect::Publish { .. }, Gave::Page(page)) => {
                report.success(format!("GitHub release {} published: {}", self.tag, page.html_url));
            }
            (Effect::Remove { release }, _) => {
                report.info(format!("Removed an empty duplicate draft of {} (release {release})", self.tag));
            }
            _ => {}
        }
        match gave {
            Gave::Page(page) => board.page(page),
            Gave::Asset(release, asset) => board.uploaded(release, asset),
            Gave::Nothing => {}
        }
        Ok(())
    }

    fn note(&self, board: &mut Board, release: u64) -> Result<(), Problem> {
        self.session.note_page(self.target, self.manifest, release, self.wish.wanted.marker.manifest)?;
        board.stage(release, Stage::Assembling);
        Ok(())
    }
}

/// What a request needs besides its effect.
enum Prepared {
    Text(String),
    Bytes(Arc<dyn BodySource>),
    Nothing,
}

/// A text as a body.
#[derive(Debug)]
struct Text(Arc<[u8]>);

impl BodySource for Text {
    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    fn open(&self) -> std::io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.0.clone())))
    }
}

/// Whether GitHub surely keeps a name as it is.
fn is_plain(name: &str) -> bool {
    let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.chars().all(kept) && !name.starts_with('.') && !name.ends_with('.')
}

/// What the journal keeps of an answer.
fn event_of(effect: &Effect, error: Option<&Error>) -> Event {
    let Some(error) = error else { return Event::Accepted };
    let why = words(error);
    let refused = |refusal| Event::Refused { refusal, message: why.clone() };
    match error {
        Error::NotSent { .. } | Error::RateLimited { .. } | Error::Unread { .. } | Error::Store { .. } => {
            Event::NotSent { why }
        }
        Error::Token { .. } | Error::Unauthenticated { .. } | Error::Forbidden { .. } => {
            refused(Refusal::Auth)
        }
        // A token that may only read gets the answer of a missing repository.
        Error::NotFound { .. } if *effect == Effect::Create => refused(Refusal::Auth),
        Error::Refused { reason, .. } => refused(match reason {
            Reason::AlreadyExists => Refusal::NameTaken,
            Reason::Immutable => Refusal::Closed,
            Reason::BurnedTag => Refusal::Burned,
            Reason::Other => Refusal::Rejected,
        }),
        Error::Moved { .. } => refused(Refusal::Rejected),
        // The page may be gone, or the token may not write: what it is shows the next reading.
        Error::NotFound { .. }
        | Error::AnswerLost { .. }
        | Error::Server { .. }
        | Error::Malformed { .. }
        | Error::OtherBytes { .. } => Event::OutcomeUnknown { why },
    }
}

/// An error with its causes on one line.
fn words(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn word(event: &Event) -> &'static str {
    match event {
        Event::Accepted => "accepted",
        Event::Refused { refusal, .. } => refusal.word(),
        Event::NotSent { .. } => "not-sent",
        Event::OutcomeUnknown { .. } => "unknown",
        Event::Confirmed | Event::Press | Event::Intent => "other",
    }
}

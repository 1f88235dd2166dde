//! One attempt: intent, effect, receipt.

use super::{Board, Stage};
use crate::python::interrupted;
use crate::report::Say as _;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use shiponce_api::Problem;
use shiponce_core::FileEntry;
use shiponce_core::journal::{Event, Refusal};
use shiponce_core::observation::{Listing, View};
use shiponce_index::{Answer, AnswerClass, Credential};
use std::sync::Arc;
use std::time::Duration;

/// What comes back from a wave.
pub(super) enum Landed {
    /// The end of one upload.
    Upload(Flown),
    /// A reading of the index.
    Reading(Result<View, Problem>),
}

/// How one upload ended.
pub(super) struct Flown {
    name: String,
    /// What the journal is told.
    pub(super) event: Event,
    /// How long the index asks to be left alone.
    retry_after: Option<Duration>,
    /// Whether it was given up on our side.
    halted: bool,
}

impl Stage<'_> {
    /// Writes the intent of one upload, and gives the upload itself: it begins when it is first waited for.
    ///
    /// # Errors
    /// `interrupted`; no credential; a ledger that cannot be written, which stops before anything is sent.
    pub(super) async fn launch<'s>(
        &'s self,
        board: &mut Board,
        entry: &FileEntry,
        attempt: u32,
    ) -> Result<BoxFuture<'s, Landed>, Problem> {
        let name = entry.filename.to_string();
        let context = self.session.context;
        let credential = self.target.credential(self.session.context).await?;
        let payload = self.payloads.get(&name).ok_or_else(|| {
            let taken = board.listing().map(Listing::versions).unwrap_or_default();
            crate::problem::bytes_missing(&name, &taken)
        })?;
        self.target.same_identity(context, payload).await?;
        self.session.vouched(self.manifest, &name, entry.sha256)?;
        let label = &self.target.label;
        let again = if attempt > 1 { format!(" (attempt {attempt})") } else { String::new() };
        context.report.info(format!("Uploading {name} to {label}{again}"));

        self.session.check()?;
        self.session.journal(self.target, self.manifest, &name, &Event::Intent)?;
        board.record(&name, &Event::Intent);
        let fields = [("file", name.as_str()), ("target", self.target.core.name.as_str())];
        context.report.event(shiponce_api::v1::Level::Info, "upload.intent", &fields);
        Ok(self.fly(payload, credential, name).map(Landed::Upload).boxed())
    }

    /// The effect itself, given up when this press must not go on.
    async fn fly(&self, payload: &super::Payload, credential: Credential, name: String) -> Flown {
        let report = self.session.context.report.clone();
        let (file, total) = (name.clone(), payload.source.length());
        let progress = Arc::new(move |sent: u64| report.progress(&file, sent.min(total), total));
        let form = self.target.form(payload);
        let sending = self.session.uploader.send(
            &self.target.index,
            &form,
            payload.source.clone(),
            &credential,
            Some(progress),
        );
        tokio::select! {
            answer = sending => {
                let event = self.event_of(&answer).await;
                Flown { name, event, retry_after: retry_after(&answer), halted: false }
            }
            why = self.session.halted() => {
                let event = Event::OutcomeUnknown { why: why.to_owned() };
                Flown { name, event, retry_after: None, halted: true }
            }
        }
    }

    /// Records how an upload ended.
    ///
    /// # Errors
    /// When it was given up; a ledger that cannot be written, after which nothing more may begin.
    pub(super) fn land(&self, board: &mut Board, flown: Flown) -> Result<(), Problem> {
        let Flown { name, event, retry_after, halted } = flown;
        let context = self.session.context;
        // The board knows it even if the journal cannot be written any more: the report must be true.
        board.record(&name, &event);
        self.session.journal(self.target, self.manifest, &name, &event)?;
        self.session.observer.forget(&self.target.index, &self.manifest.project);
        if halted {
            return Err(self.session.check().err().unwrap_or_else(interrupted));
        }
        if matches!(event, Event::NotSent { .. } | Event::OutcomeUnknown { .. }) {
            board.postpone(&name, retry_after, self.jitter(), context.clock.monotonic());
        }
        self.say(&event, &name);
        context.report.event(
            shiponce_api::v1::Level::Info,
            "upload.answer",
            &[("file", &name), ("answer", word(&event))],
        );
        Ok(())
    }

    /// From 0 to 1, out of the randomness this press was given.
    fn jitter(&self) -> f64 {
        let [.., high, low] = self.session.context.ids.uuid().into_bytes();
        f64::from(u16::from_be_bytes([high, low])) / f64::from(u16::MAX)
    }

    /// What the journal keeps of an answer. A token that ran out on the way is no refusal: it is exchanged anew.
    async fn event_of(&self, answer: &Answer) -> Event {
        let words = answer.message.clone();
        match &answer.class {
            AnswerClass::Accepted => Event::Accepted,
            AnswerClass::Refused(Refusal::Auth)
                if words.contains("token is expired") && self.target.renew().await =>
            {
                Event::NotSent { why: words }
            }
            AnswerClass::Refused(refusal) => Event::Refused { refusal: refusal.clone(), message: words },
            AnswerClass::Transient { .. } | AnswerClass::NotSent => Event::NotSent { why: words },
            AnswerClass::OutcomeUnknown { .. } => Event::OutcomeUnknown { why: words },
        }
    }

    fn say(&self, event: &Event, name: &str) {
        let report = &self.session.context.report;
        let label = &self.target.label;
        match event {
            Event::Refused { message, .. } => report.warning(format!("{label} refused {name}: {message}")),
            Event::OutcomeUnknown { why } => {
                report.warning(format!(
                    "{name}: it is not known whether {label} took it ({why}); reading before anything else"
                ));
            }
            Event::NotSent { why } => report.warning(format!("{name} was not sent: {why}")),
            Event::Accepted | Event::Press | Event::Intent | Event::Confirmed => {}
        }
    }
}

fn retry_after(answer: &Answer) -> Option<Duration> {
    match &answer.class {
        AnswerClass::Transient { retry_after } | AnswerClass::OutcomeUnknown { retry_after } => *retry_after,
        _ => None,
    }
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

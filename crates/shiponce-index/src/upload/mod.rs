//! Upload: one file handed to one index once, and what its answer means.
//!
//! Nothing here repeats a request. Whether identical bytes may be sent again is decided by the caller, after reading
//! the index; a 200 proves nothing either until the file is read back.

mod message;
mod multipart;

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{HeaderMap, Method, StatusCode};
use shiponce_core::form::UploadForm;
use shiponce_core::journal::Refusal;
use shiponce_io::Clock;
use shiponce_io::http::{
    Body, BodySource, Limits, Progress, Request, Response, Transport, TransportError, TransportKind,
};

use crate::answers::{self, Judged};
use crate::chain::chain;
use crate::credential::Credential;
use crate::explain::Explanation;
use crate::index::{Index, without_userinfo};
use crate::redirect;
use crate::retry_after::retry_after;
use multipart::Multipart;

pub(crate) use message::Message;

/// Largest answer read; real ones have less than 2 kB.
const ANSWER_BYTES: u64 = 256 * 1024;

/// Bounds of one upload.
#[derive(Debug, Clone)]
pub struct UploadOptions {
    /// Longest time to connect.
    pub connect: Duration,
    /// Longest time during which nothing moves, the server's thinking after the last byte included.
    pub idle: Duration,
    /// Longest time for the whole upload, if bounded at all.
    pub total: Option<Duration>,
}

impl Default for UploadOptions {
    /// 10 s to connect and 300 s of silence: PyPI's workers are stopped after 240 s, so a later answer never comes.
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), idle: Duration::from_secs(300), total: None }
    }
}

/// What came of one upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status, when an answer came.
    pub status: Option<u16>,
    /// The server's own words on one line, or what happened to the connection. Safe to print and to store.
    pub message: String,
    /// What it means.
    pub class: AnswerClass,
    /// What it means, in words; `None` when there is nothing to explain.
    pub explanation: Option<Explanation>,
}

/// What one answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerClass {
    /// The index said yes. It proves nothing until the file is read back.
    Accepted,
    /// The index said no, and stored nothing.
    Refused(Refusal),
    /// The index stored nothing and may take the same bytes later.
    Transient {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The bytes may have been stored: the connection broke, nothing came, or the server failed.
    OutcomeUnknown {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The bytes surely never reached the index.
    NotSent,
}

/// Sends files.
#[derive(Debug, Clone)]
pub struct Uploader {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    options: UploadOptions,
}

impl Uploader {
    /// An uploader over a transport and a clock.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, options: UploadOptions) -> Self {
        Self { transport, clock, options }
    }

    /// Sends one file once. It always answers; `progress` is told how many bytes of the file have been handed over.
    ///
    /// The credential goes to the upload address only, never over plain http except to this machine, and no redirect is
    /// followed.
    pub async fn send(
        &self,
        index: &Index,
        form: &UploadForm,
        file: Arc<dyn BodySource>,
        auth: &Credential,
        progress: Option<Progress>,
    ) -> Answer {
        let request = match self.request(index, form, file, auth, progress) {
            Ok(request) => request,
            Err(explanation) => return unsent(explanation),
        };
        let host = index.upload.authority();
        let sent = self.transport.send(request).await;
        let Response { status, reason, headers, body } = match sent {
            Ok(response) => response,
            Err(error) => return broken(&error, &host),
        };
        let whole = Response { status, reason: None, headers: HeaderMap::new(), body };
        match whole.bytes(ANSWER_BYTES).await {
            Ok(body) => {
                let message = Message::read(status, reason.as_deref(), &headers, &body);
                self.answered(index, status, &headers, message)
            }
            // The status alone is known; for a success that is as good as a body, which says nothing anyway.
            Err(error) => self.answered(index, status, &headers, Message::unread(status, &chain(&error))),
        }
    }

    fn request(
        &self,
        index: &Index,
        form: &UploadForm,
        file: Arc<dyn BodySource>,
        auth: &Credential,
        progress: Option<Progress>,
    ) -> Result<Request, Explanation> {
        let url = without_userinfo(index.upload.expose());
        let authorization = auth.header_for(&url).map_err(|error| {
            let hint = "use the https address of the index, and the credential that belongs to it";
            Explanation::new(
                "credential-kept",
                error.to_string(),
                "a secret goes only where it was issued for",
                hint,
            )
        })?;
        if index.asks_md5 && form.md5.is_none() {
            return Err(Explanation::new(
                "md5-missing",
                format!(
                    "index `{}` asks for an MD5 digest and the form of {} has none",
                    index.name, form.filename
                ),
                "some older index servers check MD5 only",
                "",
            ));
        }
        let body = Multipart::new(form, file);
        let content_type = HeaderValue::from_str(&body.content_type())
            .map_err(|_| Explanation::new("form-broken", "the form has no usable boundary", "", ""))?;
        let mut request = Request::new(Method::POST, url)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(USER_AGENT, HeaderValue::from_static(crate::USER_AGENT))
            .header(AUTHORIZATION, authorization)
            .header(CONTENT_TYPE, content_type)
            .limits(Limits {
                connect: self.options.connect,
                idle: self.options.idle,
                total: self.options.total,
                response_bytes: ANSWER_BYTES,
            });
        if let Some(progress) = progress {
            request = request.progress(body.file_progress(progress));
        }
        Ok(request.body(Body::Stream(Arc::new(body))))
    }

    fn answered(&self, index: &Index, status: StatusCode, headers: &HeaderMap, message: Message) -> Answer {
        let wait = retry_after(headers, self.clock.now());
        let target = redirect::target(status, headers, index.upload.expose());
        let judged = answers::judge(&answers::Said {
            index,
            status,
            message: &message,
            wait,
            target: target.as_ref(),
        });
        let Judged { class, explanation } = judged;
        Answer { status: Some(status.as_u16()), message: message.shown, class, explanation }
    }
}

fn unsent(explanation: Explanation) -> Answer {
    let message = explanation.what.clone();
    Answer { status: None, message, class: AnswerClass::NotSent, explanation: Some(explanation) }
}

/// No answer at all: what is known about the request decides.
fn broken(error: &TransportError, host: &str) -> Answer {
    let message = chain(error);
    let (class, explanation) = match error.kind() {
        TransportKind::Unsent | TransportKind::Timeout { sent: false } => {
            let hint = "check the network, a proxy, and the address of the index";
            let what = format!("nothing was sent to {host}: {message}");
            (AnswerClass::NotSent, Explanation::new("not-sent", what, "no connection was made", hint))
        }
        TransportKind::Interrupted
        | TransportKind::Timeout { sent: true }
        | TransportKind::TooLarge
        | TransportKind::Local => {
            let what = format!("{host} gave no answer: {message}");
            let why = "the file may be stored although its answer was lost; only reading the index can tell";
            (
                AnswerClass::OutcomeUnknown { retry_after: None },
                Explanation::new("answer-lost", what, why, ""),
            )
        }
    };
    Answer { status: None, message, class, explanation: Some(explanation) }
}

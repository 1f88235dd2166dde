//! Answers that only their status tells something about.

use shiponce_core::journal::Refusal;
use url::Url;

use super::{Judged, Said};
use crate::explain::Explanation;
use crate::redirect::same_server;
use crate::upload::AnswerClass;

/// Judges by status alone. Whatever text there is goes along word for word.
pub(super) fn judge(said: &Said<'_>) -> Judged {
    match said.status.as_u16() {
        200..=299 => success(said),
        300..=399 => redirect(said),
        407 => unreached(said, "proxy-asks", "a proxy on the way asks for a credential of its own"),
        511 => {
            unreached(said, "captive-portal", "the network asks for a login before it lets anything through")
        }
        408 | 425 | 500..=599 => server_failed(said),
        401 | 403 => auth(said),
        404 | 405 | 410 => address(said),
        409 => Judged::refused(Refusal::NameTaken, conflict(said)),
        429 => busy(said),
        _ => Judged::refused(Refusal::Rejected, unknown(said)),
    }
}

fn success(said: &Said<'_>) -> Judged {
    if !said.message.captive {
        return Judged { class: AnswerClass::Accepted, explanation: None };
    }
    let what = format!("{} answered {} with a login page", host(said), said.status);
    let why = "a captive portal or a login proxy may have taken the request; only reading the index can tell";
    let hint = "open the address of the index in a browser on this machine";
    let explanation = Explanation::new("captive-portal", what, why, hint);
    Judged { class: AnswerClass::OutcomeUnknown { retry_after: None }, explanation: Some(explanation) }
}

fn redirect(said: &Said<'_>) -> Judged {
    let from = said.index.upload.expose();
    let to = said.target.map_or_else(|| "nowhere".to_owned(), shown);
    let what = format!("{} answered {} and points to {to}", host(said), said.status);
    let slash = |target: &&Url| target.path() == format!("{}/", from.path());
    if let Some(target) = said.target.filter(slash).filter(|target| same_server(from, target)) {
        let why = "the upload address lacks its final slash; a credential is never sent along a redirect";
        let hint = format!("set the upload address to {}", shown(target));
        return Judged::refused(Refusal::Rejected, Explanation::new("missing-slash", what, why, hint));
    }
    if matches!(said.status.as_u16(), 302 | 303) {
        // `303 See Other` is also how a form may answer a success.
        let why =
            "a redirect after a form says nothing about it: a login page, or a page about what was stored";
        let explanation = Explanation::new("redirected", what, why, "check the upload address");
        return Judged {
            class: AnswerClass::OutcomeUnknown { retry_after: None },
            explanation: Some(explanation),
        };
    }
    let why = "the upload address has moved; a credential is never sent along a redirect";
    Judged::refused(
        Refusal::Rejected,
        Explanation::new("moved", what, why, "set the upload address to the new one"),
    )
}

fn unreached(said: &Said<'_>, rule: &'static str, why: &'static str) -> Judged {
    let explanation = Explanation::new(rule, spoken(said), why, "");
    Judged { class: AnswerClass::NotSent, explanation: Some(explanation) }
}

/// A 5xx proves nothing: the PyPI server fails after storing as well as before, and when several uploads create one
/// release at the same time all but one of them get a 500 (measured). It may also be permanent: a damaged member of an
/// archive gives a 500 every time.
fn server_failed(said: &Said<'_>) -> Judged {
    let why = match said.status.as_u16() {
        500 => {
            "the server failed while it handled the file, which may be stored or not: another upload may have been \
             creating the same release, or the file has something it trips over"
        }
        _ => "the server, or one in front of it, gave up on the request; the file may be stored or not",
    };
    let explanation = Explanation::new("server-failed", spoken(said), why, "");
    Judged { class: AnswerClass::OutcomeUnknown { retry_after: said.wait }, explanation: Some(explanation) }
}

fn auth(said: &Said<'_>) -> Judged {
    let why = "the index refuses this credential for this upload";
    let hint = "check that the credential belongs to this index and may upload to this project";
    Judged::refused(Refusal::Auth, Explanation::new("not-allowed", spoken(said), why, hint))
}

fn address(said: &Said<'_>) -> Judged {
    let why = "nothing takes uploads at this address";
    let hint = format!(
        "check the upload address {}: it is not the address that packages are installed from (`/simple/`)",
        said.index.upload
    );
    Judged::refused(Refusal::Rejected, Explanation::new("wrong-address", spoken(said), why, hint))
}

fn conflict(said: &Said<'_>) -> Explanation {
    let why = "index servers answer a conflict when they have a file of this name; the listing tells whether its \
               bytes are the same";
    Explanation::new("conflict", spoken(said), why, "")
}

fn busy(said: &Said<'_>) -> Judged {
    let why = "the index limits how often it is asked; nothing was stored";
    let explanation =
        Explanation::new("too-many-requests", spoken(said), why, "wait and run the same command again");
    Judged { class: AnswerClass::Transient { retry_after: said.wait }, explanation: Some(explanation) }
}

fn unknown(said: &Said<'_>) -> Explanation {
    let why = "the index refuses the file in words of its own; nothing was stored";
    Explanation::new("refused", spoken(said), why, "")
}

/// `host answered 400: text`.
fn spoken(said: &Said<'_>) -> String {
    format!("{} answered {}: {}", host(said), said.status.as_u16(), said.message.shown)
}

fn host(said: &Said<'_>) -> String {
    said.index.upload.authority()
}

/// A redirect's target without user information and query, which may hold a secret of the other server.
fn shown(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

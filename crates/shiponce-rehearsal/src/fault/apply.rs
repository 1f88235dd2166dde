//! What a fault does to an answer.

use std::io::ErrorKind;
use std::time::Duration;

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, RETRY_AFTER};

use super::FaultKind;
use crate::address::Addresses;
use crate::answer::{self, Response};

/// The delay that stands for "never answers": a day, longer than any client's deadline.
pub const HANG: Duration = Duration::from_secs(24 * 60 * 60);

const PORTAL: &str = "<!DOCTYPE html>\n<html><head><title>Welcome to the Wi-Fi</title></head>\n<body><h1>Please log in to use the Wi-Fi</h1><form action=\"/login\"></form></body></html>\n";

/// The answer that comes instead of carrying the request out; `None` when it is carried out.
pub(crate) fn before(
    kind: &FaultKind,
    headers: &HeaderMap,
    addresses: Option<&Addresses>,
) -> Option<Response> {
    let help = addresses.map(|a| a.help("admin-intervention")).unwrap_or_default();
    let switched =
        |what: &str| answer::said(headers, 403, &format!("{what} See {help} for more information."));
    Some(match kind {
        FaultKind::Status { code, retry_after } => {
            let mut response = status(headers, *code);
            if let Some(seconds) = retry_after {
                answer::header(&mut response, RETRY_AFTER, &seconds.to_string());
            }
            response
        }
        FaultKind::NotStored => answer::upload_done(headers),
        FaultKind::ReadOnly => {
            answer::said(headers, 403, "Read-only mode: Uploads are temporarily disabled.")
        }
        FaultKind::UploadsDisabled => switched("New uploads are temporarily disabled."),
        FaultKind::CaptivePortal => answer::bytes(200, "text/html; charset=utf-8", PORTAL),
        FaultKind::Race => answer::crash(),
        FaultKind::RateLimit { .. } | FaultKind::SecondaryLimit { .. } => status(headers, 429),
        FaultKind::Starter(code) => status(headers, *code),
        FaultKind::Unicorn => answer::bytes(200, "text/html; charset=utf-8", PORTAL),
        FaultKind::Hang => delayed(answer::crash(), HANG),
        FaultKind::CutReading | FaultKind::DropBefore => dead(answer::crash(), ErrorKind::ConnectionReset),
        FaultKind::StoredStatus(_)
        | FaultKind::NewProjectsDisabled
        | FaultKind::OidcDisabled
        | FaultKind::DropAfter
        | FaultKind::Truncated
        | FaultKind::Delay(_)
        | FaultKind::Stale(_) => return None,
    })
}

/// Changes the answer of a request that was carried out.
pub(crate) fn after(kind: &FaultKind, headers: &HeaderMap, response: Response) -> Response {
    match kind {
        FaultKind::StoredStatus(code) => status(headers, *code),
        FaultKind::DropAfter => dead(response, ErrorKind::ConnectionReset),
        FaultKind::Truncated => truncated(response),
        FaultKind::Delay(by) => delayed(response, *by),
        _ => response,
    }
}

fn status(headers: &HeaderMap, code: u16) -> Response {
    match code {
        500 => answer::crash(),
        // What stands in front of the application answers these, in its own plain words.
        502 => answer::bytes(502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>\n"),
        503 => {
            answer::bytes(503, "text/html", "<html><body><h1>503 Backend is unhealthy</h1></body></html>\n")
        }
        code => answer::said(headers, code, "Too many requests"),
    }
}

fn delayed(mut response: Response, by: Duration) -> Response {
    response.extensions_mut().insert(by);
    response
}

fn dead(mut response: Response, how: ErrorKind) -> Response {
    response.extensions_mut().insert(how);
    response
}

fn truncated(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let half = body.slice(..body.len() / 2);
    let mut response = Response::from_parts(parts, half);
    answer::header(&mut response, CONTENT_LENGTH, &body.len().to_string());
    dead(response, ErrorKind::UnexpectedEof)
}

//! The shapes of answers, byte for byte as the real service forms them.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::text::{accept, html};

/// An answer. Its extensions tell the carrier what the wire does:
///
/// * `std::time::Duration`: wait this long before answering ([`HANG`](crate::HANG) means: never answer);
/// * `std::io::ErrorKind`: the connection dies. With `UnexpectedEof` the head and the body bytes present
///   here are delivered first, short of the announced `Content-Length`; with any other kind nothing is;
/// * `String`: the reason phrase of the status line, on HTTP/1.1.
pub(crate) type Response = http::Response<Bytes>;

/// A request that the upload view does not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A status with a message.
    Said(u16, String),
    /// The view died: a 500 without a word.
    Crash,
}

impl Refusal {
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::Said(400, message.into())
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::Said(403, message.into())
    }
}

pub(crate) fn bytes(status: u16, content_type: &str, body: impl Into<Bytes>) -> Response {
    let body = body.into();
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let length = HeaderValue::from(response.body().len());
    header(&mut response, CONTENT_TYPE, content_type);
    response.headers_mut().insert(CONTENT_LENGTH, length);
    response
}

pub(crate) fn header(response: &mut Response, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

pub(crate) fn json(status: u16, value: &serde_json::Value) -> Response {
    bytes(status, "application/json", value.to_string())
}

/// The gunicorn page of a worker whose view raised an error it does not know.
pub(crate) fn crash() -> Response {
    const PAGE: &str = "<html>\n  <head>\n    <title>Internal Server Error</title>\n  </head>\n  <body>\n    <h1><p>Internal Server Error</p></h1>\n    \n  </body>\n</html>\n";
    bytes(500, "text/html", PAGE)
}

pub(crate) fn refusal(headers: &HeaderMap, refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Said(status, message) => said(headers, *status, message),
        Refusal::Crash => crash(),
    }
}

/// An answer whose status line is the message.
pub(crate) fn said(headers: &HeaderMap, status: u16, message: &str) -> Response {
    let line = format!("{status} {message}");
    let mut response = page(headers, status, &line, explanation(status), message);
    response.extensions_mut().insert(message.to_owned());
    response
}

pub(crate) fn upload_done(headers: &HeaderMap) -> Response {
    page(headers, 200, "200 OK", "", "")
}

/// The plain page of a status, as the upload application gives it for unknown addresses.
pub(crate) fn plain(headers: &HeaderMap, status: u16) -> Response {
    let line = format!("{status} {}", title(status));
    page(headers, status, &line, explanation(status), "")
}

/// Text 404, as the Simple API gives it.
pub(crate) fn text_not_found() -> Response {
    bytes(404, "text/plain; charset=UTF-8", "404 Not Found")
}

/// The JSON API's 404.
pub(crate) fn json_not_found() -> Response {
    bytes(404, "application/json", "{\"message\": \"Not Found\"}")
}

pub(crate) fn moved(status: u16, to: &str) -> Response {
    let body = format!("The resource has been moved to {to}; you should be redirected automatically.");
    let mut response = bytes(status, "text/plain; charset=UTF-8", body);
    header(&mut response, LOCATION, to);
    response
}

fn page(headers: &HeaderMap, status: u16, line: &str, explanation: &str, detail: &str) -> Response {
    let accepted = headers.get(ACCEPT).and_then(|v| v.to_str().ok());
    match accept::best(accepted, &["text/html", "application/json"]) {
        Some("text/html") => {
            let body = format!("{explanation}<br/><br/>\n{}\n\n", html(detail));
            let line = html(line);
            let page = format!(
                "<html>\n <head>\n  <title>{line}</title>\n </head>\n <body>\n  <h1>{line}</h1>\n  {body}\n </body>\n</html>"
            );
            bytes(status, "text/html; charset=UTF-8", page)
        }
        Some(_) => {
            let message = format!("{explanation}\n\n\n{detail}\n\n");
            json(status, &serde_json::json!({"message": message, "code": line, "title": title(status)}))
        }
        None => {
            let page = format!("{line}\n\n{explanation}\n\n\n{detail}\n\n");
            bytes(status, "text/plain; charset=UTF-8", page)
        }
    }
}

fn title(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()).unwrap_or("Error")
}

fn explanation(status: u16) -> &'static str {
    match status {
        200 => "",
        308 => "The resource has been moved; you should be redirected automatically.",
        400 => {
            "The server could not comply with the request since it is either malformed or otherwise incorrect."
        }
        403 => "Access was denied to this resource.",
        404 => "The resource could not be found.",
        405 => "The method is not allowed for this resource.",
        409 => "There was a conflict when trying to complete your request.",
        410 => "This resource is no longer available.  No forwarding address is given.",
        429 => "The client has sent too many requests in a given amount of time.",
        503 => "The server is currently unavailable. Please try again at a later time.",
        _ => "The server has either erred or is incapable of performing the requested operation.",
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::{crash, said, upload_done};

    #[test]
    fn success_is_the_same_106_bytes_every_time() {
        let response = upload_done(&HeaderMap::new());
        assert_eq!(response.body().len(), 106);
        assert_eq!(
            &response.body()[..],
            b"<html>\n <head>\n  <title>200 OK</title>\n </head>\n <body>\n  <h1>200 OK</h1>\n  <br/><br/>\n\n\n\n </body>\n</html>"
        );
    }

    #[test]
    fn a_crash_is_141_bytes() {
        assert_eq!(crash().body().len(), 141);
    }

    #[test]
    fn an_error_says_its_message_twice_and_in_the_status_line() {
        let response = said(&HeaderMap::new(), 400, "Bad 'x'");
        assert_eq!(response.extensions().get::<String>().map(String::as_str), Some("Bad 'x'"));
        assert_eq!(
            &response.body()[..],
            b"<html>\n <head>\n  <title>400 Bad &#x27;x&#x27;</title>\n </head>\n <body>\n  <h1>400 Bad &#x27;x&#x27;</h1>\n  The server could not comply with the request since it is either malformed or otherwise incorrect.<br/><br/>\nBad &#x27;x&#x27;\n\n\n </body>\n</html>"
        );
    }

    #[test]
    fn json_when_the_client_asks_for_it() {
        let mut headers = HeaderMap::new();
        headers.insert("accept", "application/json".parse().unwrap());
        let response = said(&headers, 403, "No");
        let value: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(value["code"], "403 No");
        assert_eq!(value["title"], "Forbidden");
        assert_eq!(value["message"], "Access was denied to this resource.\n\n\nNo\n\n");
    }
}

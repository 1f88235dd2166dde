//! Answers that only their status tells something about.

use shiponce_core::journal::Refusal::*;

use super::answer;
use crate::upload::AnswerClass::{self, *};

const CRASH: &str = "<html>\n  <head>\n    <title>Internal Server Error</title>\n  </head>\n  <body>\n    <h1><p>Internal Server Error</p></h1>\n    \n  </body>\n</html>\n";
const OK: &str = "<html>\n <head>\n  <title>200 OK</title>\n </head>\n <body>\n  <h1>200 OK</h1>\n  <br/><br/>\n\n\n\n </body>\n</html>";
const NGINX: &str = "<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>\r\n<center><h1>413 Request Entity Too Large</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>";
const UNKNOWN: AnswerClass = OutcomeUnknown { retry_after: None };

/// Status, body, redirect's target, class, rule, shown message.
type Case = (u16, &'static str, Option<&'static str>, AnswerClass, &'static str, &'static str);

const CASES: &[Case] = &[
    (200, OK, None, Accepted, "", "200 OK"),
    (200, "", None, Accepted, "", "200 OK"),
    (201, "{}", None, Accepted, "", "201 Created"),
    (200, "<form action=/login><input type=password></form>", None, UNKNOWN, "captive-portal", "200 OK"),
    (500, CRASH, None, UNKNOWN, "server-failed", "500 Internal Server Error"),
    (502, "<h1>502 Bad Gateway</h1><hr>nginx/1.18.0", None, UNKNOWN, "server-failed", "502 Bad Gateway"),
    (503, "Backend is unhealthy", None, UNKNOWN, "server-failed", "Backend is unhealthy"),
    (504, "", None, UNKNOWN, "server-failed", "504 Gateway Timeout"),
    (408, "", None, UNKNOWN, "server-failed", "408 Request Timeout"),
    (511, "", None, NotSent, "captive-portal", "511 Network Authentication Required"),
    (407, "", None, NotSent, "proxy-asks", "407 Proxy Authentication Required"),
    (429, "", None, Transient { retry_after: None }, "too-many-requests", "429 Too Many Requests"),
    (
        308,
        "An upload was attempted to /legacy",
        Some("https://upload.example.org/legacy/"),
        Refused(Rejected),
        "missing-slash",
        "An upload was attempted to /legacy",
    ),
    (301, "", Some("https://elsewhere.example/legacy/"), Refused(Rejected), "moved", "301 Moved Permanently"),
    (302, "", Some("http://portal.example/login"), UNKNOWN, "redirected", "302 Found"),
    (413, NGINX, None, Refused(Quota), "body-too-large", "Request Entity Too Large"),
    (401, "", None, Refused(Auth), "not-allowed", "401 Unauthorized"),
    (403, "no", None, Refused(Auth), "not-allowed", "no"),
    (404, "", None, Refused(Rejected), "wrong-address", "404 Not Found"),
    (405, "Method Not Allowed", None, Refused(Rejected), "wrong-address", "405 Method Not Allowed"),
    (409, "", None, Refused(NameTaken), "conflict", "409 Conflict"),
    (400, "computer says no", None, Refused(Rejected), "refused", "computer says no"),
];

#[test]
fn the_status_decides_where_there_are_no_words() {
    for (status, body, target, class, rule, shown) in CASES {
        let (found, explained, said) = answer(*status, None, "text/html", body, *target);
        assert_eq!(found, *class, "{status} {body}");
        assert_eq!(explained.split(':').next(), Some(*rule), "{status} {body}");
        assert_eq!(said, *shown, "{status} {body}");
    }
}

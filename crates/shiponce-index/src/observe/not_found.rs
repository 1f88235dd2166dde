//! When a 404 means that the project is not there.

use crate::index::Index;
use crate::text::{Token, Tokens};

/// Longest body of a believable 404. Nexus's page has about 1.7 kB; a portal's or a site builder's has more.
const LONGEST: usize = 16 * 1024;

/// What a 404 is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NotFound {
    /// The index says that it has no such project.
    Absent,
    /// Something else answered, or it says something else.
    Unbelievable(&'static str),
}

/// Judges the body of a 404.
///
/// PyPI says `404 Not Found` as text and `{"message": "Not Found"}` as JSON; other servers say it in their own words,
/// hence a short text that says so and asks for nothing.
pub(crate) fn judge(index: &Index, body: &[u8]) -> NotFound {
    if index.reads_need_auth && index.read_auth.is_none() {
        return NotFound::Unbelievable("the index hides projects from readers without a credential");
    }
    if body.is_empty() {
        return NotFound::Unbelievable("its 404 is empty, which no index is known to send");
    }
    if body.len() > LONGEST {
        return NotFound::Unbelievable("its 404 is too long for an index's");
    }
    let document = String::from_utf8_lossy(body);
    let Some(text) = plain(&document) else {
        return NotFound::Unbelievable("its 404 asks for a login or sends the browser elsewhere");
    };
    let says = |pieces: &[&str]| pieces.iter().any(|piece| text.contains(piece));
    // GitLab and devpi answer like this when the address of the index itself is wrong or hidden.
    if says(&["project not found", "group not found", "stage", "repository not found"]) && !says(&["package"])
    {
        return NotFound::Unbelievable("its 404 is about the index itself, not about the project");
    }
    if says(&["not found", "does not exist", "no such", "cannot be found", "could not be found", "nosuchkey"])
    {
        return NotFound::Absent;
    }
    NotFound::Unbelievable("its 404 does not say that something was not found")
}

/// The text of a document in lower case; `None` when the document wants something from the reader.
fn plain(document: &str) -> Option<String> {
    let mut text = String::new();
    for token in Tokens::new(document) {
        match &token {
            Token::Text(piece) => {
                text.push_str(piece);
                text.push(' ');
            }
            Token::Start { name, .. } if name == "form" => return None,
            Token::Start { name, .. } if name == "meta" => {
                if token.attribute("http-equiv").is_some_and(|kind| kind.eq_ignore_ascii_case("refresh")) {
                    return None;
                }
            }
            Token::Start { .. } | Token::End(_) | Token::Comment(_) => {}
        }
    }
    Some(text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::Credential;
    use shiponce_core::redact::{SafeUrl, SecretString};

    fn index() -> Index {
        let url = SafeUrl::from(url::Url::parse("https://example.org/").unwrap());
        Index {
            name: "x".into(),
            upload: url.clone(),
            simple: Some(url),
            json: None,
            read_auth: None,
            reads_need_auth: false,
            mirror: false,
            asks_md5: false,
        }
    }

    #[test]
    fn believes_the_words_of_indexes() {
        for body in [
            "404 Not Found",
            r#"{"message": "Not Found"}"#,
            // pypiserver
            "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\"><html><head><title>Error: 404 Not Found</title></head>\
             <body><h1>Error: 404 Not Found</h1><pre>Not Found (demo does not exist)</pre></body></html>",
            r#"{"message":"404 Package Not Found"}"#,
            r#"{"errors":[{"status":404,"message":"File not found."}]}"#,
            "The project demo does not exist.",
            "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>",
            "<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1></body></html>",
        ] {
            assert_eq!(judge(&index(), body.as_bytes()), NotFound::Absent, "{body}");
        }
    }

    #[test]
    fn doubts_everything_else() {
        let long = format!("not found {}", "x".repeat(LONGEST));
        for body in [
            "",
            long.as_str(),
            "<form action=login>Not found? Sign in</form>",
            "<meta http-equiv='refresh' content='0'>not found",
            r#"{"message":"404 Project Not Found"}"#,
            "The stage me/dev could not be found.",
            "Welcome to the hotel",
            "<script>not found</script>",
        ] {
            assert!(matches!(judge(&index(), body.as_bytes()), NotFound::Unbelievable(_)), "{body:.40}");
        }
    }

    #[test]
    fn an_anonymous_404_of_a_private_index_means_nothing() {
        let mut private = index();
        private.reads_need_auth = true;
        assert!(matches!(judge(&private, b"404 Not Found"), NotFound::Unbelievable(_)));
        private.read_auth = Some(Credential::token(SecretString::from("s"), &private.upload));
        assert_eq!(judge(&private, b"404 Not Found"), NotFound::Absent);
    }
}

//! Makes the links of a page absolute, so that they keep pointing at the upstream.

use bytes::Bytes;
use serde_json::{Value, json};
use url::Url;

use super::ProxyAnswer;

/// The page with absolute links. A page whose own address or JSON cannot be read stays as it is.
pub(super) fn absolute(page: &ProxyAnswer) -> Bytes {
    let Ok(base) = Url::parse(&page.url) else { return page.body.clone() };
    if page.content_type.contains("json") {
        json_links(&page.body, &base)
    } else {
        Bytes::from(html_links(&String::from_utf8_lossy(&page.body), &base))
    }
}

fn json_links(body: &Bytes, base: &Url) -> Bytes {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return body.clone() };
    for file in value.get_mut("files").and_then(Value::as_array_mut).into_iter().flatten() {
        let joined = file.get("url").and_then(Value::as_str).and_then(|link| base.join(link).ok());
        if let Some(joined) = joined {
            file["url"] = json!(joined.as_str());
        }
    }
    Bytes::from(value.to_string())
}

fn html_links(text: &str, base: &Url) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("href=") {
        let (before, after) = rest.split_at(at + "href=".len());
        out.push_str(before);
        rest = after;
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some(length) = rest[1..].find(quote) else { continue };
        let link = &rest[1..=length];
        // Escaped ampersands pass through unharmed: `&` and `;` are legal in every part of a URL.
        let joined = base.join(link).map_or_else(|_| link.to_owned(), String::from);
        out.push(quote);
        out.push_str(&joined);
        rest = &rest[length + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{ProxyAnswer, absolute};

    fn page(content_type: &str, body: &'static str) -> String {
        let answer = ProxyAnswer {
            status: 200,
            url: "https://mirror.example/root/simple/idna/".to_owned(),
            content_type: content_type.to_owned(),
            body: Bytes::from_static(body.as_bytes()),
        };
        String::from_utf8(absolute(&answer).to_vec()).unwrap()
    }

    #[test]
    fn html_links_become_absolute() {
        assert_eq!(
            page("text/html", "<a href=\"../../f/a.whl#sha256=1\">a</a> <a href='https://x.example/b'>b</a>"),
            "<a href=\"https://mirror.example/root/f/a.whl#sha256=1\">a</a> <a href='https://x.example/b'>b</a>"
        );
    }

    #[test]
    fn json_links_become_absolute() {
        assert_eq!(
            page(
                "application/vnd.pypi.simple.v1+json",
                r#"{"files":[{"url":"../../f/a.whl"},{"url":"https://x.example/b"}]}"#
            ),
            r#"{"files":[{"url":"https://mirror.example/root/f/a.whl"},{"url":"https://x.example/b"}]}"#
        );
    }
}

//! Lists that come in pages, linked by the `Link` header (RFC 8288).

use http::HeaderMap;
use http::header::LINK;
use serde::de::DeserializeOwned;
use url::Url;

use crate::answer::Call;
use crate::client::Client;
use crate::error::Error;

impl Client {
    /// All pages of a list. A list that cannot be read to its end is an error: half a list would turn what stands on
    /// the other half into an absence.
    pub(crate) async fn read_pages<T: DeserializeOwned>(
        &self,
        call: &Call,
        mut url: Url,
    ) -> Result<Vec<T>, Error> {
        url.query_pairs_mut().append_pair("per_page", "100");
        let mut pages = Vec::new();
        for _ in 0..self.options().pages {
            let got = self.read(call, &url).await?;
            pages.push(got.json(call)?);
            let Some(next) = next(&got.headers, &got.url) else { return Ok(pages) };
            if next.origin() != got.url.origin() {
                return Err(call.malformed("its next page is at another server"));
            }
            url = next;
        }
        Err(call.malformed(format!("more than {} pages", self.options().pages)))
    }
}

/// The target of `rel="next"`.
fn next(headers: &HeaderMap, base: &Url) -> Option<Url> {
    let mut links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).flat_map(split);
    links.find_map(|link| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_next =
            parameters.split(';').filter_map(|parameter| parameter.split_once('=')).any(|(key, value)| {
                let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
                key.trim().eq_ignore_ascii_case("rel")
                    && relations.any(|rel| rel.eq_ignore_ascii_case("next"))
            });
        if is_next { base.join(target).ok() } else { None }
    })
}

/// The links of one header. A comma inside `<…>` belongs to the address.
fn split(text: &str) -> Vec<&str> {
    let (mut links, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            ',' if !inside => {
                links.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    links.push(&text[start..]);
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next_of(link: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(LINK, link.parse().unwrap());
        next(&headers, &Url::parse("https://api.forge.example/repos/o/n/releases?per_page=100").unwrap())
            .map(String::from)
    }

    #[test]
    fn the_next_page() {
        let both = "<https://api.forge.example/repositories/1/releases?per_page=100&page=2>; rel=\"next\", \
                    <https://api.forge.example/repositories/1/releases?per_page=100&page=7>; rel=\"last\"";
        let page = "https://api.forge.example/repositories/1/releases?per_page=100&page=2";
        assert_eq!(next_of(both).as_deref(), Some(page));
        assert_eq!(
            next_of("</x?a=1,2&page=3>;title=\"a\"; REL=next").as_deref(),
            Some("https://api.forge.example/x?a=1,2&page=3")
        );
    }

    #[test]
    fn the_last_page() {
        assert_eq!(next_of("<https://h/?page=1>; rel=\"prev\", <https://h/?page=1>; rel=\"first\""), None);
        assert_eq!(next_of("<https://h/next>; rel=\"last\"; title=\"next\""), None);
        assert_eq!(next_of("https://h/; rel=next"), None);
        assert_eq!(next(&HeaderMap::new(), &Url::parse("https://h/").unwrap()), None);
    }
}

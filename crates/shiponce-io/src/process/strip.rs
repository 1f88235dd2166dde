//! Takes credentials out of the address lists of pip, uv and proxies.

use url::Url;

/// What a value looks like without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stripped {
    /// There are none.
    Clean,
    /// There were some; this is the rest.
    Removed(String),
    /// There may be some that cannot be told from the rest.
    Unclear,
}

/// Removes `user:password@` from every address of a list separated by white space (pip's and uv's form);
/// uv's `name=address` is understood.
pub(super) fn without_credentials(value: &str) -> Stripped {
    let mut removed = false;
    let mut words = Vec::new();
    for word in value.split_whitespace() {
        match strip_word(word) {
            Stripped::Clean => words.push(word.to_owned()),
            Stripped::Removed(rest) => {
                removed = true;
                words.push(rest);
            }
            Stripped::Unclear => return Stripped::Unclear,
        }
    }
    if removed { Stripped::Removed(words.join(" ")) } else { Stripped::Clean }
}

fn strip_word(word: &str) -> Stripped {
    let Some((scheme, _)) = word.split_once("://") else { return strip_bare(word) };
    let (label, address) = match scheme.rsplit_once('=') {
        Some((label, _)) => word.split_at(label.len() + 1),
        None => ("", word),
    };
    let Ok(url) = Url::parse(address) else { return Stripped::Unclear };
    if url.query().is_some() {
        return Stripped::Unclear;
    }
    if !has_userinfo(&url) {
        return Stripped::Clean;
    }
    // Cut out of the text as it was typed, and checked: text and parser may see different addresses.
    let Some((scheme, rest)) = address.split_once("://") else { return Stripped::Unclear };
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or(rest);
    let Some(at) = authority.rfind('@') else { return Stripped::Unclear };
    let stripped = format!("{scheme}://{}", &rest[at + 1..]);
    match Url::parse(&stripped) {
        Ok(clean) if clean.host() == url.host() && !has_userinfo(&clean) => {
            Stripped::Removed(format!("{label}{stripped}"))
        }
        _ => Stripped::Unclear,
    }
}

fn has_userinfo(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// `user:password@host:port` without a scheme, as curl and pip take it for a proxy; or a plain path.
fn strip_bare(word: &str) -> Stripped {
    let authority = word.split('/').next().unwrap_or(word);
    match authority.rfind('@') {
        Some(at) => Stripped::Removed(word[at + 1..].to_owned()),
        // A password may hold a slash, which no parser takes; do not guess.
        None if word.contains('@') && word.contains(':') => Stripped::Unclear,
        None => Stripped::Clean,
    }
}

#[cfg(test)]
mod tests {
    use super::{Stripped, without_credentials};

    fn check(value: &str, expect: &Stripped) {
        assert_eq!(&without_credentials(value), expect, "{value}");
    }

    fn removed(text: &str) -> Stripped {
        Stripped::Removed(text.to_owned())
    }

    #[test]
    fn strips_what_can_be_told_apart() {
        check("https://a.example/simple", &Stripped::Clean);
        check("", &Stripped::Clean);
        check("https://u:p@a.example/simple", &removed("https://a.example/simple"));
        check("https://tok@a.example/x/", &removed("https://a.example/x/"));
        check("https://:p@a.example/", &removed("https://a.example/"));
        check(
            "n=https://u:p@a.example/s b=https://c.example/",
            &removed("n=https://a.example/s b=https://c.example/"),
        );
        check("u:p@proxy:3128", &removed("proxy:3128"));
        check("proxy:3128", &Stripped::Clean);
        check("/srv/wheels ./wheels", &Stripped::Clean);
        check("http://u:p%40ss@h/ http://v:q@i/", &removed("http://h/ http://i/"));
        check("socks5h://u:p@h:1080", &removed("socks5h://h:1080"));
    }

    #[test]
    fn leaves_out_what_cannot() {
        check("https://a.example/?token=x", &Stripped::Unclear);
        check("https://u:p@[broken/", &Stripped::Unclear);
        check("u:p/w@proxy:3128", &Stripped::Unclear);
        check("https://a.example/ https://b.example/?X-Amz-Signature=x", &Stripped::Unclear);
    }
}

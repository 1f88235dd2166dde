//! Addresses of project pages.

/// What is wrong with an address. PyPI wants the scheme `http` or `https`, escapes what is odd behind it, and looks at
/// nothing else but the port.
pub(crate) fn url_problem(url: &str) -> Option<&'static str> {
    let scheme_end = url.find([':', '/', '?', '#']).filter(|&at| url[at..].starts_with(':'));
    let Some(scheme) = scheme_end.map(|at| &url[..at]).filter(|scheme| is_scheme(scheme)) else {
        return Some("it does not begin with `https://` or `http://`");
    };
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Some("its scheme is neither `https` nor `http`");
    }
    let rest = &url[scheme.len() + 1..];
    let authority =
        rest.strip_prefix("//").unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
    let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    (digits && port.parse::<u16>().is_err()).then_some("its port is no port")
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each verdict is that of `rfc3986` as PyPI calls it.
    #[test]
    fn addresses() {
        for good in [
            "https://a",
            "HTTP://A/",
            "https://a/x y",
            "https://u:p@h:80/",
            "http:a",
            "https://[::1]/",
            "http://a:/",
        ] {
            assert_eq!(url_problem(good), None, "{good}");
        }
        for bad in [
            "",
            "not a url",
            "www.x.org",
            "//a",
            "ftp://x",
            "mailto:a@b",
            "git+https://x",
            "https://a:99999/",
        ] {
            assert!(url_problem(bad).is_some(), "{bad}");
        }
    }
}

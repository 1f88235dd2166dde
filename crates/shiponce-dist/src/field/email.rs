//! E-mail addresses of authors and maintainers.
//!
//! PyPI takes the address out of the field with Python's `parseaddr` and holds it against `email-validator`, without
//! asking the DNS. A field with several addresses is not looked at: `parseaddr` gives none of them.

/// What is wrong with the address in the field, and the address; `None` when PyPI takes the field.
pub(crate) fn email_problem(field: &str) -> Option<(String, &'static str)> {
    let address = only_address(field)?;
    problem(&address).map(|problem| (address, problem))
}

/// The address of `Name <address>` or a bare one; `None` when there is none, or more than one.
fn only_address(field: &str) -> Option<String> {
    let (mut bare, mut angle) = (String::new(), None);
    let mut depth = 0_u32;
    let mut quoted = false;
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if quoted || depth > 0 => {
                chars.next();
            }
            '"' if depth == 0 => quoted = !quoted,
            _ if quoted => bare.push(c),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ',' | ';' => return None,
            '<' if angle.is_none() => {
                let inner: String = chars.by_ref().take_while(|&c| c != '>').collect();
                angle = Some(inner);
            }
            _ => bare.push(c),
        }
    }
    if quoted || depth > 0 {
        return None;
    }
    let address = angle.unwrap_or(bare).trim().to_owned();
    // Python reads `name@` as no address at all.
    (!address.is_empty() && !address.ends_with('@')).then_some(address)
}

/// Names that mean no host of the Internet (RFC 6761), which `email-validator` refuses.
const SPECIAL: [&str; 6] = ["arpa", "invalid", "local", "localhost", "onion", "test"];
/// Longest part before the `@` (RFC 5321).
const LOCAL_LONGEST: usize = 64;

fn problem(address: &str) -> Option<&'static str> {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Some("it has no @");
    };
    if local.is_empty() {
        return Some("there is nothing before the @");
    }
    local_problem(local).or_else(|| domain_problem(domain))
}

fn local_problem(local: &str) -> Option<&'static str> {
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || !c.is_ascii();
    if !local.chars().all(|c| atom(c) || c == '.') {
        return Some("a character before the @ is not allowed");
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Some("a dot before the @ stands at an end or beside another");
    }
    (local.chars().count() > LOCAL_LONGEST).then_some("the part before the @ is longer than 64 characters")
}

fn domain_problem(domain: &str) -> Option<&'static str> {
    let labels: Vec<&str> = domain.split('.').collect();
    if domain.starts_with('.') || domain.ends_with('.') || domain.contains("..") {
        return Some("a dot after the @ stands at an end or beside another");
    }
    for label in &labels {
        if label.is_ascii() && !label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Some("a character after the @ is not allowed");
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Some("a hyphen after the @ stands beside a dot or at an end");
        }
        if label.is_ascii() && label.len() > 63 {
            return Some("a part after the @ is longer than 63 characters");
        }
    }
    if labels.len() < 2 {
        return Some("the part after the @ has no dot");
    }
    let last = labels.last().copied().unwrap_or_default();
    if last.is_ascii() && !last.chars().any(|c| c.is_ascii_alphabetic()) {
        return Some("the part after the last dot has no letter");
    }
    SPECIAL
        .iter()
        .any(|name| last.eq_ignore_ascii_case(name))
        .then_some("its domain is no domain of the Internet")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_looked_at() {
        for good in [
            "a@b.org",
            "Jane Doe <jane.doe+x@sub.b-c.org>",
            "\"Doe, Jane\" <jane@b.org>",
            "jane@b.org (Jane, at work)",
            "jane@b.org, nonsense",
            "Jane <jörg@bücher.de>",
            "",
            "Jane <>",
            "a@",
            "\"open <a",
        ] {
            assert_eq!(email_problem(good), None, "{good}");
        }
        for (bad, problem) in [
            ("nope", "it has no @"),
            ("Jane Doe", "it has no @"),
            ("Jane <@b.org>", "there is nothing before the @"),
            ("a b@c.org", "a character before the @ is not allowed"),
            ("a@b", "the part after the @ has no dot"),
            ("a@b.local", "its domain is no domain of the Internet"),
            (".a@b.org", "a dot before the @ stands at an end or beside another"),
            ("a@b..org", "a dot after the @ stands at an end or beside another"),
            ("a@b_c.org", "a character after the @ is not allowed"),
            ("a@-b.org", "a hyphen after the @ stands beside a dot or at an end"),
            ("a[at]b.org", "it has no @"),
            ("a@1.2", "the part after the last dot has no letter"),
        ] {
            assert_eq!(email_problem(bad).map(|(_, problem)| problem), Some(problem), "{bad}");
        }
    }
}

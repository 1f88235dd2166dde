//! Keeps secrets out of what is shown of files and values.
//!
//! People paste tokens where names belong. An error message that quotes the line then prints the token into a
//! public log, so everything that is quoted passes through here first.

/// Keys whose values are shown although their name sounds secret: they hold names and commands.
const HARMLESS: [&str; 3] = ["token-env", "token-command", "forbid-tokens"];

const SECRET_WORDS: [&str; 5] = ["token", "password", "passwd", "secret", "credential"];

/// Whether a variable or key of this name usually holds a secret.
pub(crate) fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_WORDS.iter().any(|word| name.contains(word)) || name.ends_with("_key") || name == "key"
}

/// Whether a text holds an API token or a URL with a password.
pub(crate) fn holds_secret(text: &str) -> bool {
    mask(text) != text
}

/// Whether a text holds an API token.
pub(crate) fn holds_token(text: &str) -> bool {
    mask_tokens(text) != text
}

/// Whether a text holds a URL with a password. A user name alone is how git speaks ssh.
pub(crate) fn holds_password(text: &str) -> bool {
    let user_info = |rest: &str| {
        let authority = rest.split(['"', '\'', ' ']).next().unwrap_or(rest);
        authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
    };
    text.match_indices("://").any(|(at, sign)| user_info(&text[at + sign.len()..]))
}

/// Whether a line of a configuration file may be shown.
pub(crate) fn may_show_line(line: &str) -> bool {
    let key = line.split_once('=').map_or("", |(key, _)| key.trim());
    let name = key.rsplit('.').next().unwrap_or(key);
    !holds_secret(line) && (HARMLESS.contains(&name) || !sounds_secret(line))
}

/// Replaces API tokens and the user part of URLs.
pub(crate) fn mask(text: &str) -> String {
    mask_user_info(&mask_tokens(text))
}

/// The shortest run after `pypi-` that is taken for a token. A package called `pypi-something` is shorter.
const TOKEN_LENGTH_MIN: usize = 16;

/// Prefixes of tokens that are often at hand where publishing is set up.
const TOKEN_PREFIXES: [&str; 6] = ["pypi-", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-"];

fn mask_tokens(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    'scan: while let Some(first) = rest.chars().next() {
        for prefix in TOKEN_PREFIXES {
            if let Some(after) = rest.strip_prefix(prefix) {
                let run =
                    after.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"-_=".contains(b)).count();
                if run >= TOKEN_LENGTH_MIN {
                    out.push_str("***");
                    rest = &after[run..];
                    continue 'scan;
                }
            }
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
    out
}

fn mask_user_info(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'');
        let authority = &after[..after.find(ends).unwrap_or(after.len())];
        // A password may itself hold an `@` or a `/`, so everything up to the last `@` of the quoted text counts.
        let quoted = &after[..after.find(['"', '\'']).unwrap_or(after.len())];
        let hidden = authority.rfind('@').or_else(|| quoted.rfind('@').filter(|_| authority.contains(':')));
        if let Some(at) = hidden {
            out.push_str("***");
            rest = &after[at..];
        } else {
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_passwords_are_replaced() {
        let token = format!("pypi-{}", "A".repeat(40));
        assert_eq!(mask(&format!("x = \"{token}\" # y")), "x = \"***\" # y");
        assert_eq!(mask("pypi-simple and pypi-AgE"), "pypi-simple and pypi-AgE");
        assert_eq!(mask("url = \"https://u:p@host/legacy/\""), "url = \"https://***@host/legacy/\"");
        assert_eq!(mask("https://u:p/q@host/ and https://ok/"), "https://***@host/ and https://ok/");
        assert_eq!(mask("https://host:8080/a"), "https://host:8080/a");
    }

    #[test]
    fn lines_about_secrets_are_not_shown_at_all() {
        for line in [
            "password = \"hunter2\"",
            "index.company.token = hunter2",
            "env = { API_TOKEN = \"x\" }",
            "upload = \"https://u:p@host/\"",
        ] {
            assert!(!may_show_line(line), "{line}");
        }
        assert!(may_show_line("index.a.token-env = [\"A\"]") && may_show_line("role = \"test\""));
    }
}

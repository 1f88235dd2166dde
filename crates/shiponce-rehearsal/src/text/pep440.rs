//! Versions (PEP 440), parsed by hand so that no version code is shared with the product.

use std::cmp::Ordering;
use std::fmt;

/// A version, in parsed form. Equality and order are PEP 440's: `1.0` equals `1.0.0`.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    epoch: u64,
    release: Vec<u64>,
    pre: Option<(char, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
    /// The local part, `None` when there is none.
    pub(crate) local: Option<String>,
}

impl Version {
    /// Parses a version in any spelling PEP 440 accepts.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix('v').unwrap_or(&text);
        let (public, local) = match text.split_once('+') {
            Some((public, local)) => (public, Some(parse_local(local)?)),
            None => (text, None),
        };
        let (epoch, rest) = match public.split_once('!') {
            Some((epoch, rest)) => (number(epoch)?, rest),
            None => (0, public),
        };
        let mut scan = Scan(rest);
        let release = scan.release()?;
        let pre = scan.pre();
        let post = scan.post();
        let dev = scan.labelled(&["dev"]);
        scan.0.is_empty().then_some(Self { epoch, release, pre, post, dev, local })
    }

    /// Pre-releases and development releases do not become a project's newest version by themselves.
    pub(crate) fn is_prerelease(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    fn trimmed(&self) -> &[u64] {
        let end = self.release.iter().rposition(|n| *n != 0).map_or(0, |i| i + 1);
        &self.release[..end]
    }

    /// Sorts `1.dev1 < 1a1 < 1 < 1.post1`.
    fn phase(&self) -> (u8, char, u64) {
        match (self.pre, self.post, self.dev) {
            (Some((letter, n)), _, _) => (1, letter, n),
            (None, None, Some(_)) => (0, ' ', 0),
            _ => (2, ' ', 0),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.epoch != 0 {
            write!(f, "{}!", self.epoch)?;
        }
        let release: Vec<String> = self.release.iter().map(u64::to_string).collect();
        f.write_str(&release.join("."))?;
        if let Some((letter, n)) = self.pre {
            let label = if letter == 'c' { "rc".to_owned() } else { letter.to_string() };
            write!(f, "{label}{n}")?;
        }
        if let Some(n) = self.post {
            write!(f, ".post{n}")?;
        }
        if let Some(n) = self.dev {
            write!(f, ".dev{n}")?;
        }
        if let Some(local) = &self.local {
            write!(f, "+{local}")?;
        }
        Ok(())
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| self.trimmed().cmp(other.trimmed()))
            .then_with(|| self.phase().cmp(&other.phase()))
            .then_with(|| self.post.cmp(&other.post))
            .then_with(|| self.dev.unwrap_or(u64::MAX).cmp(&other.dev.unwrap_or(u64::MAX)))
            .then_with(|| self.local.cmp(&other.local))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

fn number(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn parse_local(text: &str) -> Option<String> {
    let pieces: Vec<&str> = text.split(['.', '-', '_']).collect();
    let good = pieces.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    good.then(|| pieces.join("."))
}

struct Scan<'t>(&'t str);

impl Scan<'_> {
    fn digits(&mut self) -> Option<u64> {
        let end = self.0.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(self.0.len());
        let value = number(&self.0[..end])?;
        self.0 = &self.0[end..];
        Some(value)
    }

    fn release(&mut self) -> Option<Vec<u64>> {
        let mut parts = vec![self.digits()?];
        while let Some(rest) = self.0.strip_prefix('.')
            && rest.starts_with(|c: char| c.is_ascii_digit())
        {
            self.0 = rest;
            parts.push(self.digits()?);
        }
        Some(parts)
    }

    fn pre(&mut self) -> Option<(char, u64)> {
        const LABELS: [(&str, char); 8] = [
            ("alpha", 'a'),
            ("beta", 'b'),
            ("preview", 'c'),
            ("pre", 'c'),
            ("rc", 'c'),
            ("a", 'a'),
            ("b", 'b'),
            ("c", 'c'),
        ];
        LABELS.iter().find_map(|(label, letter)| Some((*letter, self.labelled(&[label])?)))
    }

    fn post(&mut self) -> Option<u64> {
        if let Some(n) = self.labelled(&["post", "rev", "r"]) {
            return Some(n);
        }
        let rest = self.0.strip_prefix('-')?;
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            self.0 = rest;
            return self.digits();
        }
        None
    }

    /// An optional separator, one of the labels, an optional separator, an optional number.
    fn labelled(&mut self, labels: &[&str]) -> Option<u64> {
        let rest = self.0.strip_prefix(['.', '-', '_']).unwrap_or(self.0);
        let rest = labels.iter().find_map(|label| rest.strip_prefix(label))?;
        let after = rest.strip_prefix(['.', '-', '_']).unwrap_or(rest);
        if after.starts_with(|c: char| c.is_ascii_digit()) {
            self.0 = after;
            return self.digits();
        }
        self.0 = rest;
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    fn v(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn spellings_print_in_normal_form() {
        for (from, to) in [
            ("1.0", "1.0"),
            ("v1.0", "1.0"),
            ("1.0-ALPHA.1", "1.0a1"),
            ("1.0preview", "1.0rc0"),
            ("1.0-1", "1.0.post1"),
            ("1.0.rev2.dev", "1.0.post2.dev0"),
            ("2!1.0+AB-c", "2!1.0+ab.c"),
            ("01.02", "1.2"),
        ] {
            assert_eq!(v(from).to_string(), to);
        }
    }

    #[test]
    fn bad_versions_are_refused() {
        for text in ["", "1.0-foo-bar", "1..0", "1.0+", "a", "1.0 0", "1.0+a..b"] {
            assert!(Version::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn order_is_pep_440s() {
        let order =
            ["1.dev1", "1a1.dev1", "1a1", "1a1.post1", "1b1", "1rc1", "1", "1.post1.dev1", "1.post1", "1.1"];
        for pair in order.windows(2) {
            assert!(v(pair[0]) < v(pair[1]), "{pair:?}");
        }
        assert_eq!(v("1.0"), v("1.0.0"));
    }
}

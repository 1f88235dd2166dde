//! The address of the ledger.

use std::path::{Path, PathBuf};

use crate::error::{ConfigError, Origin};
use crate::mask::{holds_password, holds_token, mask};

/// Where leases, manifests and the journal are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ledger {
    /// A SQLite file of this user on this machine.
    Sqlite(PathBuf),
}

impl Ledger {
    /// The file of the default ledger in a state directory.
    #[must_use]
    pub fn default_in(state_dir: &Path) -> Self {
        Self::Sqlite(state_dir.join("ledger.sqlite3"))
    }
}

/// Reads `sqlite:` (the default file) or `sqlite:PATH`, and refuses what a later version honours.
pub(crate) fn parse_ledger(
    key: &str,
    text: &str,
    origin: &Origin,
    state_dir: Option<&Path>,
) -> Result<Ledger, ConfigError> {
    let invalid = |complaint: String| ConfigError::Invalid {
        origin: origin.clone(),
        key: key.to_owned(),
        complaint,
        hint: Some("write sqlite: or sqlite:PATH".to_owned()),
    };
    if holds_password(text) || holds_token(text) {
        let url = mask(text);
        return Err(ConfigError::SecretInUrl { origin: origin.clone(), key: key.to_owned(), url });
    }
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    match scheme {
        "sqlite" => {
            let path = text["sqlite:".len()..].trim_start_matches("//");
            if !path.is_empty() {
                return Ok(Ledger::Sqlite(PathBuf::from(path)));
            }
            let dir = state_dir.ok_or_else(|| invalid("needs a state directory".to_owned()))?;
            Ok(Ledger::default_in(dir))
        }
        "http" | "https" | "postgres" | "postgresql" => Err(later(key, origin, "a ledger on a server")),
        scheme if scheme.starts_with("git+") => Err(later(key, origin, "a ledger in a git repository")),
        _ => Err(invalid(format!("is `{}`, expected a ledger address", mask(text)))),
    }
}

fn later(key: &str, origin: &Origin, feature: &'static str) -> ConfigError {
    ConfigError::NotSupported { origin: origin.clone(), what: key.to_owned(), feature }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn addresses() {
        let read = |text: &str| {
            let origin = Origin::Other(Source::Flag("--ledger".to_owned()));
            match parse_ledger("--ledger", text, &origin, Some(Path::new("/state"))) {
                Ok(Ledger::Sqlite(path)) => path.display().to_string(),
                Err(error) => format!("[{}] {error}", error.code()),
            }
        };
        let table: Vec<String> = [
            "sqlite:",
            "sqlite:/var/lib/x.db",
            "sqlite:///var/lib/x.db",
            "git+ssh://git@host/r",
            "postgres://ana:hunter2@db/x",
            "postgres://db/x",
            "ledger.db",
        ]
        .iter()
        .map(|text| read(text))
        .collect();
        insta::assert_snapshot!(table.join("\n"), @"
        /state/ledger.sqlite3
        /var/lib/x.db
        /var/lib/x.db
        [not-supported] --ledger is not supported in this version: a ledger in a git repository
        [secret-in-url] `--ledger` contains a user name or password: postgres://***@db/x
        [not-supported] --ledger is not supported in this version: a ledger on a server
        [usage] `--ledger` is `ledger.db`, expected a ledger address
        ");
    }
}

//! Events of a run, one JSON object per line (`--events FILE`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One line of the events file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, RFC 3339 in UTC.
    pub ts: String,
    /// How much it matters; the same words as in the log.
    pub level: Level,
    /// What happened, as a dotted name such as `upload.sent`.
    pub event: String,
    /// The values; units stand last in the names, as in `duration_ms`.
    pub fields: BTreeMap<String, Value>,
}

/// The level of an event or log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// For finding out why, shown with `-v`.
    Debug,
    /// What is going on.
    Info,
    /// Something worked that people wait for.
    Success,
    /// Something deserves attention, and the run goes on.
    Warning,
    /// Something failed.
    Error,
}

impl Level {
    /// The word as it stands in a log line and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Success => "SUCCESS",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

impl Event {
    /// The line for the events file, with its newline.
    ///
    /// # Errors
    /// Only when a field holds a map with keys that are not strings, which JSON values cannot have.
    pub fn to_line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self).map(|line| line + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_event_is_one_line() {
        let event = Event {
            ts: "2026-11-20T14:03:00Z".to_owned(),
            level: Level::Success,
            event: "upload.sent".to_owned(),
            fields: BTreeMap::from([
                ("filename".to_owned(), Value::from("demo-1.4.0.tar.gz\nx")),
                ("duration_ms".to_owned(), Value::from(41)),
            ]),
        };
        let line = event.to_line().unwrap();
        insta::assert_snapshot!(line, @r#"{"ts":"2026-11-20T14:03:00Z","level":"SUCCESS","event":"upload.sent","fields":{"duration_ms":41,"filename":"demo-1.4.0.tar.gz\nx"}}"#);
        assert_eq!(line.lines().count(), 1);
        assert_eq!(serde_json::from_str::<Event>(&line).unwrap(), event);
    }

    #[test]
    fn levels_read_the_same_in_log_and_json() {
        for level in [Level::Debug, Level::Info, Level::Success, Level::Warning, Level::Error] {
            assert_eq!(serde_json::to_string(&level).unwrap(), format!("\"{}\"", level.word()));
        }
    }
}

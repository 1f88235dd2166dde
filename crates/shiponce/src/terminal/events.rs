//! `--events FILE`: one JSON object a line, appended.

use fs_err::{File, OpenOptions};
use shiponce_api::v1::{Event, Level};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The events file, opened at the first event.
#[derive(Debug)]
pub(super) struct EventLog {
    path: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    file: Option<File>,
    failure: Option<String>,
}

impl EventLog {
    pub(super) fn new(path: Option<PathBuf>) -> Self {
        Self { path, state: Mutex::default() }
    }

    /// Appends an event; a failure is remembered and said once at the end, it never stops a release.
    pub(super) fn write(&self, now: jiff::Timestamp, level: Level, name: &str, fields: &[(&str, &str)]) {
        let Some(path) = &self.path else { return };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.failure.is_some() {
            return;
        }
        let event = Event {
            ts: now.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
            level,
            event: name.to_owned(),
            fields: fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect(),
        };
        let written = (|| {
            let line = event.to_line()?;
            if state.file.is_none() {
                state.file = Some(OpenOptions::new().create(true).append(true).open(path)?);
            }
            state.file.as_mut().map_or(Ok(()), |file| file.write_all(line.as_bytes()))
        })();
        if let Err(error) = written {
            state.failure = Some(error.to_string());
        }
    }

    /// Why events were lost, if any were.
    pub(super) fn failure(&self) -> Option<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).failure.clone()
    }
}

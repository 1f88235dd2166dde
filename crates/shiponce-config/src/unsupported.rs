//! The one list of settings that have a meaning, but no engine behind them in this version.
//!
//! A setting that is silently ignored releases something else than what was asked for. When a feature is
//! finished, its row goes; nothing else has to change.

use crate::error::{ConfigError, Origin};
use crate::place::Place;
use crate::raw::Raw;

struct Row {
    /// How the setting is named to the user.
    what: &'static str,
    /// What it would do.
    feature: &'static str,
    /// Where it asks for something beyond the default, if it does.
    asked: fn(&Raw) -> Option<&Place>,
}

const TABLE: &[Row] = &[
    Row {
        what: "[gates] required",
        feature: "the gates package, quality and publisher",
        asked: |raw| {
            let gates = raw.gates.required.as_ref()?;
            let later = |name: &str| matches!(name, "package" | "quality" | "publisher");
            gates.value.iter().find(|gate| later(&gate.value)).map(|gate| &gate.at)
        },
    },
    Row {
        what: "[concurrency] order = \"strict\"",
        feature: "a line that stops at an unclaimed head",
        asked: |raw| {
            raw.concurrency.order.as_ref().filter(|order| order.value == "strict").map(|order| &order.at)
        },
    },
    Row {
        what: "[concurrency] on-failure = \"hold\"",
        feature: "holding the line after a failed release",
        asked: |raw| {
            raw.concurrency.on_failure.as_ref().filter(|word| word.value == "hold").map(|word| &word.at)
        },
    },
    Row {
        what: "[concurrency] group",
        feature: "a group other than release/{package}",
        asked: |raw| {
            raw.concurrency
                .group
                .as_ref()
                .filter(|group| group.value != "release/{package}")
                .map(|group| &group.at)
        },
    },
];

/// Refuses the first setting of the table that is asked for.
pub(crate) fn refuse_unsupported(raw: &Raw) -> Result<(), ConfigError> {
    for row in TABLE {
        if let Some(place) = (row.asked)(raw) {
            return Err(ConfigError::NotSupported {
                origin: Origin::from(place),
                what: row.what.to_owned(),
                feature: row.feature,
            });
        }
    }
    Ok(())
}

//! A project page as an index serves it, before it becomes a listing.

use shiponce_core::Timestamp;
use shiponce_core::observation::{ProjectStatus, RemoteFile};
use shiponce_core::time::MICROS_PER_SECOND;

/// What one document says about a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// Status marker (PEP 792).
    pub status: ProjectStatus,
    /// The files in the order of the document.
    pub files: Vec<RemoteFile>,
    /// The change counter written inside the document.
    pub serial: Option<u64>,
    /// Whether the document lists every version; a JSON API without `releases` lists the newest one only.
    pub complete: bool,
}

/// Why a document with the right content type is not a page of the project.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    #[error("the JSON is malformed or cut off")]
    Json(#[source] serde_json::Error),
    #[error("the page is of the project `{0}`")]
    OtherProject(String),
    #[error("the page has the API version `{0}`, which this program does not know")]
    ApiVersion(String),
    #[error("the page has a file without a name")]
    Nameless,
    #[error("the JSON has neither `releases` nor `urls`")]
    NoFiles,
    #[error("the page has no files and does not look like an index's page")]
    NotAnIndex,
    #[error("the page asks for a login or sends the browser elsewhere")]
    Captive,
}

/// A status marker; unknown ones restrict nothing (PEP 792 lets indexes add more).
pub(crate) fn status(word: &str) -> ProjectStatus {
    match word {
        "archived" => ProjectStatus::Archived,
        "deprecated" => ProjectStatus::Deprecated,
        "quarantined" => ProjectStatus::Quarantined,
        _ => ProjectStatus::Active,
    }
}

/// An upload time, RFC 3339 or, in the older field, without a zone and meaning UTC.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    let zoned = text.parse::<jiff::Timestamp>();
    let point = zoned.or_else(|_| {
        let civil = text.parse::<jiff::civil::DateTime>()?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp())
    });
    point.ok().map(stamp)
}

/// The workspace's unit for a point in time.
pub(crate) fn stamp(point: jiff::Timestamp) -> Timestamp {
    let micros = i64::from(point.subsec_nanosecond()) / 1_000;
    Timestamp(point.as_second().saturating_mul(MICROS_PER_SECOND).saturating_add(micros))
}

/// The file name at the end of a URL path: decoded first, then cut, as pip does it.
pub(crate) fn filename_of(url: &url::Url) -> Option<String> {
    let path = percent_encoding::percent_decode_str(url.path()).decode_utf8().ok()?;
    let name = path.rsplit('/').next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_spellings_of_a_time() {
        let expected = Timestamp(1_795_224_908_123_456);
        assert_eq!(time("2026-11-21T01:35:08.123456Z"), Some(expected));
        assert_eq!(time("2026-11-21T01:35:08.123456"), Some(expected));
        assert_eq!(time("yesterday"), None);
    }

    #[test]
    fn file_names_are_decoded_before_they_are_cut() {
        for (url, name) in [
            (
                "http://x/a/demo-1.0%2Bcpu-py3-none-any.whl?token=1#sha256=0",
                Some("demo-1.0+cpu-py3-none-any.whl"),
            ),
            ("http://x/demo%2Fdemo-1.0.tar.gz", Some("demo-1.0.tar.gz")),
            ("http://x/demo/", None),
        ] {
            assert_eq!(filename_of(&url::Url::parse(url).unwrap()).as_deref(), name, "{url}");
        }
    }
}

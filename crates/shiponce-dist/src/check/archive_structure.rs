//! How the archive is written.

use super::{Family, Rule, Scope, Severity};
use crate::distribution::Kind;

/// Sizes behind the data make streaming readers guess where an entry ends.
pub(super) static STREAMED: Rule = Rule {
    id: "archive-streamed",
    title: "no entry has its sizes behind its data",
    severity: Severity::Rejected,
    source: "the upload view: `ZIP contains a data descriptor`",
    family: Family::Archives,
    scope: Scope::Pypi,
    hint: "write the zip file to a seekable file, not to a pipe",
    check: |distribution, report| {
        let streamed = match &distribution.kind {
            Kind::Wheel(wheel) => {
                wheel.entries.iter().find(|entry| entry.has_descriptor).map(|entry| entry.name.as_str())
            }
            Kind::Sdist(sdist) => sdist.first_descriptor.as_deref(),
        };
        if let Some(name) = streamed {
            report.rejected(name, "the entry has a data descriptor, which PyPI does not take");
        }
    },
};

/// Comments on entries are refused; one on the whole archive is taken, against the documentation.
pub(super) static COMMENTS: Rule = Rule {
    id: "archive-comment",
    title: "no entry has a comment",
    severity: Severity::Rejected,
    source: "the upload view: `Comment in central directory`",
    family: Family::Archives,
    scope: Scope::Pypi,
    hint: "write the zip file without comments",
    check: |distribution, report| {
        let Some(wheel) = distribution.as_wheel() else { return };
        if let Some(entry) = wheel.entries.iter().find(|entry| entry.has_comment) {
            report.rejected(&entry.name, "the entry has a comment, which PyPI does not take");
        }
        if wheel.has_comment {
            report.quality("", "the archive has a comment");
        }
    },
};

/// Installers unpack a symbolic link of a wheel as a text file that holds its target.
pub(super) static SYMLINKS: Rule = Rule {
    id: "wheel-symlink",
    title: "a wheel has no symbolic links",
    severity: Severity::Warned,
    source: "PEP 427: installers unpack with `zipfile`",
    family: Family::Wheels,
    scope: Scope::Everywhere,
    hint: "ship the file itself; wheels cannot carry links",
    check: |distribution, report| {
        let Some(wheel) = distribution.as_wheel() else { return };
        for entry in wheel.entries.iter().filter(|entry| entry.is_symlink()) {
            report.warned(&entry.name, "the entry is a symbolic link, which installers write as a text file");
        }
    },
};

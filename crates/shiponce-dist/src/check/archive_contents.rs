//! How large the file is, packed and unpacked.

use super::{Family, Rule, Scope, Severity};
use crate::distribution::Kind;

/// PyPI looks at the ratio of zip files that unpack to more than this, in bytes.
const RATIO_FROM: u64 = 64 << 20;
/// PyPI's highest ratio.
const RATIO_HIGHEST: u64 = 50;
/// PyPI's limit for one file, in bytes, unless the project has asked for more.
const FILE_LIMIT: u64 = 100 << 20;

/// The archive is no decompression bomb.
pub(super) static RATIO: Rule = Rule {
    id: "archive-ratio",
    title: "the archive is no decompression bomb",
    severity: Severity::Rejected,
    source: "the upload view: `File exceeds compression ratio of 50`",
    family: Family::Archives,
    scope: Scope::Pypi,
    hint: "leave out or store smaller what compresses that well, usually zeros or repeated test data",
    check: |distribution, report| {
        let packed = distribution.digests.size;
        let (unpacked, is_zip): (u64, bool) = match &distribution.kind {
            Kind::Wheel(wheel) => (wheel.entries.iter().map(|entry| entry.size).sum(), true),
            Kind::Sdist(sdist) => (sdist.unpacked_bytes, sdist.filename.written.ends_with(".zip")),
        };
        if unpacked <= RATIO_FROM || unpacked <= packed.saturating_mul(RATIO_HIGHEST) {
            return;
        }
        let message =
            format!("it unpacks from {packed} to {unpacked} bytes, more than {RATIO_HIGHEST} times");
        if is_zip {
            report.rejected("", message);
        } else {
            report.warned("", message);
        }
    },
};

/// The file fits into a project without a raised limit.
pub(super) static SIZE: Rule = Rule {
    id: "file-size",
    title: "the file fits into a project without a raised limit",
    severity: Severity::Warned,
    source: "the upload view: `File too large …`",
    family: Family::Archives,
    scope: Scope::Pypi,
    hint: "ask PyPI for a higher limit before the release, or make the file smaller",
    check: |distribution, report| {
        let size = distribution.digests.size;
        if size > FILE_LIMIT {
            report.warned(
                "",
                format!("the file has {size} bytes; PyPI takes 104857600 unless the limit was raised"),
            );
        }
    },
};

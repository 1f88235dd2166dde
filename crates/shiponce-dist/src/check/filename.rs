//! The file name against the metadata.

use super::finding::Report;
use super::{Rule, Scope};
use crate::distribution::{Distribution, Kind};

/// The project in the file name is the project of the metadata (PEP 503).
pub(super) const PROJECT: Rule = Rule {
    name: "filename-project",
    scope: Scope::Everywhere,
    hint: "build the file again; the name in the metadata and in the file name come from one place",
    check: |distribution, report| {
        let (file, metadata) = (distribution.filename.project(), distribution.metadata().name());
        if file != metadata {
            report.rejected("Name", format!("the file name says `{file}`, the metadata says `{metadata}`"));
        }
    },
};

/// The version in the file name is the version of the metadata (PEP 440 equality).
pub(super) const VERSION: Rule = Rule {
    name: "filename-version",
    scope: Scope::Everywhere,
    hint: "build the file again; do not rename it to another version",
    check: |distribution, report| {
        let (file, metadata) = (distribution.filename.version(), distribution.metadata().version());
        if file != metadata {
            report.rejected("Version", format!("the file name says {file}, the metadata says {metadata}"));
        }
    },
};

/// The spelling that PyPI demands: PEP 625 for sdists in full, for wheels in the project part.
pub(super) const NORMALIZED: Rule = Rule {
    name: "filename-normalized",
    scope: Scope::Pypi,
    hint: "update the build backend; it writes normalised names since PEP 625",
    check: normalized,
};

fn normalized(distribution: &Distribution, report: &mut Report<'_>) {
    let metadata = distribution.metadata();
    let project = metadata.name().for_filename();
    match &distribution.kind {
        Kind::Wheel(wheel) => {
            let written = wheel.filename.written.split('-').next().unwrap_or_default();
            if written != project {
                report.rejected("", format!("the file name must begin with `{project}`, not `{written}`"));
            }
        }
        Kind::Sdist(sdist) => {
            let expected = format!("{project}-{}.tar.gz", metadata.version());
            if sdist.filename.written != expected {
                report.rejected("", format!("the file must be called `{expected}`"));
            }
        }
    }
}

/// PyPI looks for `.dist-info` under the exact spelling of the file name.
pub(super) const DIST_INFO: Rule = Rule {
    name: "dist-info-name",
    scope: Scope::Pypi,
    hint: "update the build backend; it names `.dist-info` like the file",
    check: |distribution, report| {
        let Some(wheel) = distribution.as_wheel() else { return };
        let expected = format!("{}.dist-info", wheel.filename.stem());
        if wheel.dist_info != expected {
            report.rejected(&wheel.dist_info, format!("the folder must be called `{expected}`"));
        }
    },
};

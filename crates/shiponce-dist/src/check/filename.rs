//! The file name against the metadata.

use super::finding::Report;
use super::{Family, Rule, Scope, Severity};
use crate::distribution::{Distribution, Kind};

/// The project in the file name is the project of the metadata (PEP 503).
pub(super) static PROJECT: Rule = Rule {
    id: "filename-project",
    title: "the file name and the metadata name one project",
    severity: Severity::Rejected,
    source: "PEP 503; the upload view: `Start filename for …`",
    family: Family::Names,
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
pub(super) static VERSION: Rule = Rule {
    id: "filename-version",
    title: "the file name and the metadata state one version",
    severity: Severity::Rejected,
    source: "PEP 440; the upload view: `Version in filename should be …`",
    family: Family::Names,
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
pub(super) static NORMALIZED: Rule = Rule {
    id: "filename-normalized",
    title: "the file name is spelled as the index spells it",
    severity: Severity::Rejected,
    source: "PEP 625, PEP 491; the upload view: `Filename … is invalid, should be …`",
    family: Family::Names,
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
pub(super) static DIST_INFO: Rule = Rule {
    id: "dist-info-name",
    title: "the `.dist-info` folder is called like the file",
    severity: Severity::Rejected,
    source: "PEP 427; the upload view: `WHEEL not found at …`",
    family: Family::Wheels,
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

//! Licence files (PEP 639).

use super::{Family, Rule, Scope, Severity};
use crate::distribution::Kind;
use crate::metadata::version_of;

/// Every `License-File` is in the archive, where metadata 2.4 puts it.
pub(super) static RULE: Rule = Rule {
    id: "license-file",
    title: "every `License-File` is in the archive",
    severity: Severity::Rejected,
    source: "PEP 639; the upload view: `License-File … does not exist …`",
    family: Family::Licences,
    scope: Scope::Pypi,
    hint: "list existing files under `license-files` in pyproject.toml and build again",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        if version_of(metadata.metadata_version()) < (2, 4) {
            return;
        }
        for license in metadata.get_all("License-File") {
            let (path, found) = match &distribution.kind {
                Kind::Wheel(wheel) => {
                    let path = format!("{}/licenses/{license}", wheel.dist_info);
                    let found = wheel.entries.iter().any(|entry| entry.name == path);
                    (path, found)
                }
                Kind::Sdist(sdist) => {
                    let path = format!("{}/{license}", sdist.root);
                    let found = sdist.files.contains(&path);
                    (path, found)
                }
            };
            if !found {
                report.rejected("License-File", format!("`{license}` is not in the archive at `{path}`"));
            }
        }
    },
};

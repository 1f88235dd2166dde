//! The layout of an sdist (PEP 517, PEP 643).

use super::{Family, Rule, Scope, Severity};

/// The only folder is called like the file, and the sdist says how to build itself.
pub(super) static RULE: Rule = Rule {
    id: "sdist-layout",
    title: "an sdist has one folder, and says how to build itself",
    severity: Severity::Rejected,
    source: "PEP 517, PEP 643",
    family: Family::Sdists,
    scope: Scope::Everywhere,
    hint: "build the sdist again with a current build backend",
    check: |distribution, report| {
        let Some(sdist) = distribution.as_sdist() else { return };
        let expected = sdist.filename.stem();
        if sdist.root != expected {
            let same = sdist.root.rsplit_once('-').is_some_and(|(name, version)| {
                shiponce_core::names::normalize(name) == sdist.filename.project.normalized()
                    && version.parse() == Ok(sdist.filename.version.clone())
            });
            let message = format!("the folder is called `{}`, not `{expected}`", sdist.root);
            // Another spelling installs; another project or version is a mix-up.
            if same {
                report.quality("", message);
            } else {
                report.rejected("", message);
            }
        }
        let has = |name: &str| sdist.files.contains(&format!("{}/{name}", sdist.root));
        if !has("pyproject.toml") {
            if has("setup.py") {
                report.quality("", "there is no pyproject.toml; installers fall back to setup.py");
            } else {
                report.rejected("", "there is neither pyproject.toml nor setup.py, so nobody can build it");
            }
        }
    },
};

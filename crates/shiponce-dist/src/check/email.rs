//! The addresses of authors and maintainers.

use super::place::Place;
use super::{Family, Rule, Scope, Severity};
use crate::field::email_problem;

/// The address is one that mail can be sent to.
pub(super) static RULE: Rule = Rule {
    id: "email",
    title: "the e-mail address of author and maintainer is valid",
    severity: Severity::Rejected,
    source: "the upload view: `… is not a valid email address: …`",
    family: Family::Metadata,
    scope: Scope::Pypi,
    hint: "write `authors = [{ name = \"…\", email = \"name@host.example\" }]`, or leave the address out",
    check: |distribution, report| {
        let metadata = distribution.metadata();
        for field in ["Author-email", "Maintainer-email"] {
            // The index looks at the first one; a second one is refused as a repeated field.
            for (index, value) in Place::sent(metadata, field).take(1) {
                if let Some((address, problem)) = email_problem(value) {
                    let place = Place::field(metadata, index, &address);
                    report.rejected(place, format!("`{address}` is no e-mail address: {problem}"));
                }
            }
        }
    },
};

//! Creating a project: who may, under which names, how often.

use jiff::SignedDuration;

use super::Upload;
use crate::account::Identity;
use crate::answer::Refusal;
use crate::text::{normalize, repr};
use crate::world::IndexState;

/// Module names of the standard library, one per line.
const STDLIB: &str = include_str!("../../data/stdlib.txt");

impl Upload<'_> {
    /// The checks an upload for an unknown project passes before the project is created.
    pub(super) fn new_project(
        &self,
        state: &IndexState,
        identity: &Identity,
        name: &str,
    ) -> Result<(), Refusal> {
        let Some(user) = identity.user() else {
            return Err(Refusal::bad(format!(
                "Non-user identities cannot create new projects. This was probably caused by successfully using a pending publisher but specifying the project name incorrectly (either in the publisher or in your project's metadata). Please ensure that both match. See: {}",
                self.addresses.docs("trusted-publishers/troubleshooting/"),
            )));
        };
        if state.switches.new_projects_disabled {
            return Err(Refusal::forbidden(format!(
                "New project registration temporarily disabled. See {} for more information.",
                self.addresses.help("admin-intervention"),
            )));
        }
        if let Some(why) = name_problem(state, name) {
            let help = self.addresses.help("project-name");
            return Err(Refusal::bad(format!(
                "The name {} {why}. See {help} for more information.",
                repr(name)
            )));
        }
        let hour_ago = self.now - SignedDuration::from_hours(1);
        let recent = state.creations.iter().filter(|(who, at)| who == user && *at > hour_ago).count();
        if recent >= self.limits.new_projects_per_hour {
            return Err(Refusal::Said(429, "Too many new projects created".to_owned()));
        }
        Ok(())
    }
}

/// Why a new project may not have this name; also asked when a pending publisher creates one.
pub(crate) fn name_problem(state: &IndexState, name: &str) -> Option<&'static str> {
    let normalized = normalize(name);
    if STDLIB.lines().any(|module| normalize(module) == normalized) {
        return Some("isn't allowed (conflict with Python Standard Library module name)");
    }
    if state.prohibited.contains(&normalized) {
        return Some("isn't allowed");
    }
    let skeleton = skeleton(&normalized);
    let similar =
        state.projects.keys().any(|known| *known != normalized && self::skeleton(known) == skeleton);
    similar.then_some("is too similar to an existing project")
}

/// What remains of a name when everything that looks alike is made alike.
fn skeleton(normalized: &str) -> String {
    normalized
        .chars()
        .filter(|c| *c != '-')
        .map(|c| match c {
            'l' | 'i' => '1',
            'o' => '0',
            c => c,
        })
        .collect()
}

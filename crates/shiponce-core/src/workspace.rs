//! The order in which the projects of one repository are released: what others depend on goes first.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::PackageName;

/// Projects that depend on each other in a circle, which no order of release satisfies: while the first one is out
/// and the last one is not, the first one cannot be installed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("projects depend on each other in a circle: {}", .circle.iter().map(PackageName::written).collect::<Vec<_>>().join(" -> "))]
pub struct DependencyCircle {
    /// The projects, each depending on the next; the first one stands at the end again.
    pub circle: Vec<PackageName>,
}

/// What a project needs of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// To be built or installed at all.
    pub required: BTreeSet<PackageName>,
    /// For its extras: a project whose extra names one that needs it (`demo[all]` and its plugins) is no circle.
    pub optional: BTreeSet<PackageName>,
}

/// Orders projects so that each comes after what it requires and, where that is possible, after what its extras
/// name; among equals by name.
///
/// Dependencies outside the set are somebody else's releases and do not count, nor does a project's mention of itself
/// (`demo[all]`).
///
/// # Errors
/// [`DependencyCircle`] of requirements.
pub fn release_order(projects: &BTreeMap<PackageName, Needs>) -> Result<Vec<PackageName>, DependencyCircle> {
    let mut waiting: BTreeSet<&PackageName> = projects.keys().collect();
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let open = |name: &PackageName, needs: &BTreeSet<PackageName>| {
            needs.iter().any(|need| need != name && waiting.contains(need))
        };
        let ready = |name: &&PackageName| !open(name, &projects[*name].required);
        let free = |name: &&PackageName| ready(name) && !open(name, &projects[*name].optional);
        let next = waiting.iter().copied().find(free).or_else(|| waiting.iter().copied().find(ready));
        let Some(next) = next else {
            return Err(DependencyCircle { circle: find_circle(&waiting, projects) });
        };
        waiting.remove(next);
        order.push(next.clone());
    }
    Ok(order)
}

/// Follows the first open requirement of each project until one comes again: where everybody waits, that happens.
fn find_circle(
    waiting: &BTreeSet<&PackageName>,
    projects: &BTreeMap<PackageName, Needs>,
) -> Vec<PackageName> {
    let next = |name: &PackageName| {
        projects[name].required.iter().find(|need| *need != name && waiting.contains(need))
    };
    let mut path: Vec<&PackageName> = waiting.first().copied().into_iter().collect();
    while let Some(need) = path.last().and_then(|last| next(last)) {
        if let Some(start) = path.iter().position(|seen| *seen == need) {
            return path[start..].iter().chain([&need]).map(|name| (*name).clone()).collect();
        }
        path.push(need);
    }
    path.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str) -> PackageName {
        text.parse().unwrap()
    }

    /// `own: required, required; optional`
    fn order(rows: &[&str]) -> String {
        let names = |text: &str| text.split(',').map(str::trim).filter(|n| !n.is_empty()).map(name).collect();
        let projects = rows.iter().map(|row| {
            let (own, needs) = row.split_once(':').unwrap();
            let (required, optional) = needs.split_once(';').unwrap_or((needs, ""));
            (name(own), Needs { required: names(required), optional: names(optional) })
        });
        match release_order(&projects.collect()) {
            Ok(order) => order.iter().map(PackageName::written).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_others_depend_on_goes_first() {
        assert_eq!(order(&["app: lib, requests", "lib: core", "core:", "b:"]), "b core lib app");
        assert_eq!(order(&["Demo_Core:", "app: demo.core, app"]), "Demo_Core app");
        assert_eq!(order(&["a:; z", "z:"]), "z a");
    }

    #[test]
    fn an_extra_that_names_a_plugin_is_no_circle() {
        assert_eq!(
            order(&["demo:; demo-plugin, other", "demo-plugin: demo", "other:"]),
            "other demo demo-plugin"
        );
    }

    #[test]
    fn a_circle_is_named() {
        let text = order(&["a: b", "b: c", "c: d", "d: b"]);
        assert_eq!(text, "projects depend on each other in a circle: b -> c -> d -> b");
    }

    proptest! {
        /// Without a requirement on a later one there is no circle, and every project comes after what it requires.
        #[test]
        fn every_project_comes_after_what_it_requires(
            edges in proptest::collection::vec((0_usize..9, 0_usize..9), 0..30),
        ) {
            let own = |at: usize| name(&format!("p{at}"));
            let mut all: BTreeMap<PackageName, Needs> = (0..9).map(|at| (own(at), Needs::default())).collect();
            for (a, b) in edges {
                // The number decides the direction, in the order opposite to that of the names.
                let needs = all.get_mut(&own(a)).unwrap();
                let kind = if a < b { &mut needs.required } else { &mut needs.optional };
                kind.insert(own(b));
            }
            let order = release_order(&all).unwrap();
            prop_assert_eq!(order.len(), 9);
            let place = |name: &PackageName| order.iter().position(|other| other == name).unwrap();
            for (own, needs) in &all {
                for need in &needs.required {
                    prop_assert!(place(need) < place(own));
                }
            }
        }
    }
}

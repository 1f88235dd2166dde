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

/// Orders projects so that each comes after what it depends on; among equals by name.
///
/// Dependencies outside the set are somebody else's releases and do not count, nor does a project's mention of itself (`demo[all]`).
///
/// # Errors
/// [`DependencyCircle`], the shortest one by name.
pub fn release_order(
    projects: &BTreeMap<PackageName, BTreeSet<PackageName>>,
) -> Result<Vec<PackageName>, DependencyCircle> {
    let mut waiting: BTreeMap<&PackageName, BTreeSet<&PackageName>> = projects
        .iter()
        .map(|(name, needs)| {
            let inside = needs.iter().filter(|need| *need != name && projects.contains_key(*need));
            (name, inside.collect())
        })
        .collect();
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let Some(next) = waiting.iter().find(|(_, needs)| needs.is_empty()).map(|(name, _)| *name) else {
            return Err(DependencyCircle { circle: find_circle(&waiting) });
        };
        waiting.remove(next);
        for needs in waiting.values_mut() {
            needs.remove(next);
        }
        order.push(next.clone());
    }
    Ok(order)
}

/// Follows the first dependency of each project until one comes again: where everybody waits, that happens.
fn find_circle(waiting: &BTreeMap<&PackageName, BTreeSet<&PackageName>>) -> Vec<PackageName> {
    let mut path: Vec<&PackageName> = waiting.keys().next().copied().into_iter().collect();
    while let Some(next) = path.last().and_then(|last| waiting.get(last)?.first()) {
        if let Some(start) = path.iter().position(|seen| seen == next) {
            return path[start..].iter().chain([next]).map(|name| (*name).clone()).collect();
        }
        path.push(next);
    }
    path.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn projects(rows: &[(&str, &[&str])]) -> BTreeMap<PackageName, BTreeSet<PackageName>> {
        let name = |text: &str| text.parse::<PackageName>().unwrap();
        rows.iter().map(|(own, needs)| (name(own), needs.iter().map(|need| name(need)).collect())).collect()
    }

    fn order(rows: &[(&str, &[&str])]) -> String {
        match release_order(&projects(rows)) {
            Ok(order) => order.iter().map(PackageName::written).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_others_depend_on_goes_first() {
        assert_eq!(
            order(&[("app", &["lib", "requests"]), ("lib", &["core"]), ("core", &[]), ("b", &[])]),
            "b core lib app"
        );
        assert_eq!(order(&[("Demo_Core", &[]), ("app", &["demo.core", "app"])]), "Demo_Core app");
        assert_eq!(
            order(&[("a", &["b"]), ("b", &["c"]), ("c", &["d"]), ("d", &["b"])]),
            "projects depend on each other in a circle: b -> c -> d -> b"
        );
    }

    proptest! {
        /// Without a dependency on a later one there is no circle, and every project comes after what it needs.
        #[test]
        fn every_project_comes_after_what_it_needs(
            edges in proptest::collection::vec((0_usize..9, 0_usize..9), 0..30),
        ) {
            let name = |at: usize| format!("p{at}").parse::<PackageName>().unwrap();
            let mut all: BTreeMap<PackageName, BTreeSet<PackageName>> =
                (0..9).map(|at| (name(at), BTreeSet::new())).collect();
            for (a, b) in edges {
                // The number decides the direction, in the order opposite to that of the names.
                if a < b {
                    all.get_mut(&name(a)).unwrap().insert(name(b));
                }
            }
            let order = release_order(&all).unwrap();
            prop_assert_eq!(order.len(), 9);
            let place = |name: &PackageName| order.iter().position(|other| other == name).unwrap();
            for (own, needs) in &all {
                for need in needs {
                    prop_assert!(place(need) < place(own));
                }
            }
        }
    }
}

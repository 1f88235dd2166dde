//! A release of many files that is complete already costs one look at each index and project.

use super::pack;
use crate::harness::wheel;
use shiponce_rehearsal::{Index, RouteKind};
use std::collections::BTreeMap;

#[test]
fn thirty_files_in_three_variants_are_observed_once_per_index_and_project_and_nothing_is_sent() {
    let variants = ["one", "two", "three"];
    let setting = pack(&variants);
    let dist = setting.project().join("dist");
    for name in variants {
        let project = format!("pack_{name}");
        wheel(&dist, &project, "1.0.0", "py3-none-any", name);
        for minor in 5..14 {
            let tag = format!("cp3{minor}-cp3{minor}-manylinux_2_17_s390x.manylinux2014_s390x");
            wheel(&dist, &project, "1.0.0", &tag, name);
        }
    }
    setting.shiponce(["release", "--yes", "--skip-build"]).expect(0);
    assert_eq!((setting.stores(Index::TestPypi), setting.stores(Index::Pypi)), (30, 30));
    let before = setting.world().log().len();
    let run = setting.shiponce(["release", "--yes", "--skip-build", "--json"]).expect(0);
    assert_eq!(run.json()["outcome"], "nothing-to-do");
    let log = setting.world().log();
    let (mut looks, mut sent) = (BTreeMap::new(), 0);
    for entry in &log[before..] {
        sent += entry.bytes_in;
        if entry.route == RouteKind::Simple {
            *looks.entry((entry.index.unwrap(), entry.project.clone().unwrap())).or_insert(0) += 1;
        }
    }
    assert_eq!(looks.len(), 6, "three projects on two indexes: {looks:?}");
    assert!(looks.values().all(|count| *count == 1), "{looks:?}");
    assert_eq!(sent, 0, "no body");
}

//! Real projects, built by their real backends and released through the embedded world and a real pypiserver.

mod pypiserver;
mod samples;

use crate::harness::{Setting, world};
use shiponce_rehearsal::Index;

/// A setting whose project folder is empty, in a world that passes on pages of all projects but `project`.
fn setting(project: &str) -> Setting {
    Setting::with(|config| {
        config.upstream = Some(world::upstream());
        config.released_here(project);
    })
}

/// Presses release twice: everything arrives, is installed and imported, and the second press writes nothing.
#[track_caller]
fn release_twice(setting: &Setting, modules: &[&str], files: usize) {
    let first = setting.shiponce(["release", "--yes"]).expect(0);
    for module in modules {
        assert!(first.stderr.contains(&format!("[SUCCESS] {module} version: ")), "{}", first.stderr);
    }
    assert!(first.stderr.contains("[SUCCESS] Complete workflow finished successfully!"), "{}", first.stderr);
    for index in Index::ALL {
        assert_eq!(setting.files(index).len(), files, "{index}");
        assert_eq!(setting.stores(index), files, "{index}");
    }
    assert_eq!(setting.files(Index::Pypi), setting.files(Index::TestPypi));
    let writes = Index::ALL.map(|index| setting.world().writes(index));
    let second = setting.shiponce(["release", "--yes"]).expect(0);
    assert!(
        second.stderr.contains("Skipping Test PyPI publish - version already exists")
            || second.stderr.contains("Skipping testpypi publish - version already exists"),
        "{}",
        second.stderr
    );
    assert!(second.stderr.contains(" version: "), "the second press tests too: {}", second.stderr);
    assert_eq!(Index::ALL.map(|index| setting.world().writes(index)), writes, "the second press wrote");
}

//! A release page holds the files of one release and no others, also beside the pages of other variants.

use super::project::{CONFIG, demo};
use crate::harness::{Setting, git};
use shiponce_rehearsal::Index;

/// `demo` and `demo-fast`; both tags are on the commit. `more` stands in the configuration.
fn two_variants(more: &str) -> Setting {
    let setting = demo("v0.6.3-plain", &[("fast.md", "Fast.\n")]);
    tag(&setting, "v0.6.3-fast");
    configure(&setting, more);
    setting
}

const FAST: &str = "[variants.fast]\npackage = \"demo-fast\"\nreadme = \"fast.md\"\nenv = { LEVEL = \"3\" }\naliases = [\"f\"]\n";

fn configure(setting: &Setting, more: &str) {
    setting.write_config(&format!("{CONFIG}[variants.plain]\npackage = \"demo\"\n{FAST}{more}"));
}

fn tag(setting: &Setting, tag: &str) {
    git(&setting.project(), ["tag", tag]);
    git(&setting.project(), ["push", "--quiet", "origin", tag]);
}

/// The names of an index's files.
fn files(setting: &Setting, index: Index) -> Vec<String> {
    setting.files(index).into_keys().collect()
}

const PLAIN_WHEEL: &str = "demo-0.6.3-py3-none-any.whl";
const FAST_WHEEL: &str = "demo_fast-0.6.3-py3-none-any.whl";

/// A variant that comes later has a release of its own: tested, published, with its own tag and page.
#[test]
fn a_variant_that_comes_later_has_a_whole_release_of_its_own() {
    let setting = two_variants("");
    let page = setting.github();
    configure(&setting, &page);
    setting.shiponce(["release", "--yes", "--variant", "plain"]).expect(0);
    setting.shiponce(["release", "--yes"]).expect(0);
    assert_eq!(setting.stores(Index::TestPypi), 2);
    assert_eq!(files(&setting, Index::Pypi), [PLAIN_WHEEL, FAST_WHEEL]);
    let mut pages: Vec<_> = setting.releases().into_iter().filter(|page| !page.draft).collect();
    pages.sort_by(|one, other| one.tag.cmp(&other.tag));
    let [fast, plain] = &pages[..] else { panic!("{pages:#?}") };
    assert_eq!([&*fast.tag, &*plain.tag], ["v0.6.3-fast", "v0.6.3-plain"]);
    assert!(fast.asset(FAST_WHEEL).is_some() && fast.asset(PLAIN_WHEEL).is_none(), "{fast:#?}");
    assert!(plain.asset(PLAIN_WHEEL).is_some() && plain.asset(FAST_WHEEL).is_none(), "{plain:#?}");
}

/// The page of a variant holds every file of its version.
#[test]
fn a_page_holds_every_file_of_its_version() {
    let setting = demo("v0.6.3", &[]);
    let page = setting.github();
    setting.write_config(&page);
    let folder = setting.path("files");
    let tags =
        ["cp310-cp310", "cp311-cp311", "cp312-cp312"].map(|tag| format!("{tag}-manylinux_2_17_x86_64"));
    for tag in &tags {
        crate::harness::wheel(&folder, "demo", "0.6.3", tag, "one");
    }
    let args = ["release", "--yes", "--skip-build", "--dist-dir", folder.to_str().unwrap()];
    setting.shiponce(args).expect(0);
    let releases = setting.releases();
    let assets: Vec<&str> = releases[0].assets.iter().map(|asset| asset.name.as_str()).collect();
    for name in setting.files(Index::Pypi).keys() {
        assert!(assets.contains(&name.as_str()), "{name}: {assets:?}");
    }
    assert_eq!(assets.len(), 4, "{assets:?}");
}

//! Variants: several distributions from one source, each with a release of its own.

use super::project::{CONFIG, demo};
use crate::harness::{Run, Setting, git};
use serde_json::Value;
use shiponce_rehearsal::{Index, TokenSpec};

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

/// The document of one of the packages of a press.
fn package(run: &Run, project: &str) -> Value {
    let document = run.json();
    let packages = document["packages"].as_array().unwrap();
    packages.iter().find(|package| package["project"] == project).unwrap().clone()
}

#[test]
fn one_is_chosen_by_its_name_and_another_word_is_refused_with_the_names_there_are() {
    let setting = two_variants("");
    let refused = setting.shiponce(["release", "--yes", "--variant", "slow"]).expect(2);
    for name in ["slow", "plain", "fast"] {
        assert!(refused.stderr.contains(name), "{}", refused.stderr);
    }
    super::nothing_sent(&setting);
    let run = setting.shiponce(["release", "--yes", "--json", "--variant=f"]).expect(0);
    assert_eq!(run.json()["tag"], "v0.6.3-fast");
    assert_eq!(run.json()["variant"], "fast");
    assert_eq!(files(&setting, Index::Pypi), [FAST_WHEEL]);
    assert_eq!(files(&setting, Index::TestPypi), [FAST_WHEEL]);
}

/// That one variant is published never makes another one look so.
#[test]
fn each_is_published_whatever_the_others_are() {
    let setting = two_variants("");
    setting.shiponce(["release", "--yes", "--variant", "plain"]).expect(0);
    let run = setting.shiponce(["release", "--yes", "--variant", "fast"]).expect(0);
    assert!(!run.stderr.contains("already exists"), "{}", run.stderr);
    assert_eq!(files(&setting, Index::Pypi), [PLAIN_WHEEL, FAST_WHEEL]);
    let both = setting.shiponce(["release", "--yes", "--json", "--variant", "all"]).expect(0);
    assert_eq!(both.json()["success"], "true");
    assert_eq!(both.json()["outcome"], "nothing-to-do");
    assert_eq!(both.stderr.matches("Skipping production pypi publish - version already exists").count(), 2);
    assert_eq!(setting.world().writes(Index::Pypi), 2);
}

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

/// One that does not build does not keep the other from being released; the end names both, and pressing again does
/// what is left.
#[test]
fn one_that_fails_does_not_stop_the_others() {
    let setting = two_variants("");
    let broken = CONFIG.to_owned() + "env = { FAIL = \"demo\" }\n";
    let config = |build: &str| {
        setting.write_config(&format!("{build}[variants.plain]\npackage = \"demo\"\n{FAST}"));
    };
    config(&broken);
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(6);
    let document = run.json();
    assert_eq!(document["success"], "partial", "{document:#}");
    assert_eq!(document["published"], serde_json::json!(["demo-fast"]));
    assert_eq!(package(&run, "demo")["error"]["code"], "build-failed");
    assert_eq!(package(&run, "demo-fast")["outcome"], "released");
    assert_eq!(files(&setting, Index::Pypi), [FAST_WHEEL]);
    for line in ["[SUCCESS] 1 succeeded: demo-fast 0.6.3", "[WARNING] 1 failed: demo 0.6.3"] {
        assert!(run.stderr.contains(line), "{}", run.stderr);
    }
    config(CONFIG);
    let again = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    assert_eq!(again.json()["success"], "true");
    assert_eq!(again.json()["published"], serde_json::json!(["demo", "demo-fast"]));
    assert_eq!(setting.world().writes(Index::Pypi), 2);
}

/// A token of one project serves that project; the one that has none fails alone.
#[test]
fn a_missing_token_fails_its_package_alone() {
    let mut setting = two_variants("");
    let token = setting.world().token(Index::Pypi, &TokenSpec::user("alice").project("demo-fast"));
    setting.set("REHEARSAL_PROD_TOKEN", token);
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(6);
    assert_eq!(package(&run, "demo")["error"]["code"], "auth-refused");
    assert_eq!(package(&run, "demo-fast")["outcome"], "released");
    assert_eq!(files(&setting, Index::Pypi), [FAST_WHEEL]);
}

/// What is there and what is to be built is counted before anything is done.
#[test]
fn what_there_is_and_what_is_to_do_is_said_first() {
    let setting = two_variants("");
    setting.shiponce(["release", "--yes", "--variant", "plain"]).expect(0);
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    let found = run.json()["preflight"].clone();
    assert!(found.to_string().contains("demo-fast"), "{found:#}");
    let told = run.stderr.find("demo-fast").unwrap();
    assert!(told < run.stderr.find("Building").unwrap(), "{}", run.stderr);
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

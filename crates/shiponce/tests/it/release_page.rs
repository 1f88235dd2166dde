//! The release page, made by the binary on the world's GitHub over real sockets. Every exchange is held against
//! GitHub's own description when the setting ends.

use crate::bad_input::said;
use crate::harness::{Point, Setting, each, forge, git, kill_now, strike};
use shiponce_rehearsal::{Moment, ReleaseView};

/// The one published release, which has the wheel and the manifest, whole.
fn page(setting: &Setting) -> ReleaseView {
    let releases = setting.releases();
    let [page] = &releases[..] else { panic!("one page: {releases:#?}") };
    assert!(!page.draft && page.latest && page.tag == "v1.0.0", "{page:#?}");
    let names: Vec<&str> = page.assets.iter().map(|asset| asset.name.as_str()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let wheel = page.asset("tiny-1.0.0-py3-none-any.whl").unwrap();
    let published = setting.files(shiponce_rehearsal::Index::Pypi);
    assert_eq!(wheel.digest.as_deref().unwrap(), format!("sha256:{}", published[&wheel.name]));
    assert!(page.asset("shiponce-manifest.json").is_some(), "{names:?}");
    page.clone()
}

#[test]
fn a_release_has_its_page_and_a_second_press_writes_nothing() {
    let setting = Setting::tiny_on_github("");
    setting.shiponce(["release", "--yes"]).expect(0);
    let made = page(&setting);
    let writes = setting.world().github_writes();
    assert_eq!(writes, 4, "one draft, two assets, one publishing");
    assert!(setting.world().exchanges().len() > writes, "they are kept, to be checked");
    let again = setting.shiponce(["release", "--yes"]).expect(0);
    assert_eq!(page(&setting), made);
    assert_eq!(setting.world().github_writes(), writes);
    let text = said(&setting, &again);
    assert!(text.contains("Skipping GitHub release creation - release already exists"), "{text}");
}

#[test]
fn an_annotated_tag_is_followed_to_its_commit() {
    let setting = Setting::tiny_on_github("");
    let project = setting.project();
    git(&project, ["tag", "--force", "--annotate", "--message", "One", "v1.0.0"]);
    git(&project, ["push", "--quiet", "--force", "origin", "v1.0.0"]);
    setting.shiponce(["release", "--yes"]).expect(0);
    page(&setting);
    let log = setting.world().log();
    assert!(log.iter().any(|entry| entry.path.contains("/git/tags/")), "the tag object is read: {log:#?}");
}

#[test]
fn whatever_becomes_of_one_request_there_is_one_page_in_the_end() {
    for fault in [
        "github.create:1:502-stored",
        "github.asset:1:502-starter",
        "github.asset:1:drop-after",
        "github.publish:1:502-stored",
    ] {
        let setting = Setting::tiny_on_github("");
        setting.world().add_fault(fault.parse().unwrap());
        let first = setting.shiponce(["release", "--yes"]);
        let second = setting.shiponce(["release", "--yes"]);
        assert_eq!(second.code, Some(0), "{fault}\n{}\n{}", first.stderr, second.stderr);
        page(&setting);
    }
}

#[test]
fn killed_at_any_write_to_github() {
    let moments = [Moment::BeforeEffect, Moment::AfterEffect];
    let points = moments.into_iter().flat_map(|moment| (0..4).map(move |write| Point::Page(moment, write)));
    each(points, |point| {
        let setting = Setting::tiny_on_github("");
        let (run, struck) = strike(&setting, &["release", "--yes"], point, kill_now);
        assert!(struck, "{point:?}: never came there\n{}", run.stderr);
        assert_eq!(run.signal, Some(9), "{point:?}: {run:?}");
        setting.shiponce(["release", "--yes"]).expect(0);
        page(&setting);
    });
}

#[test]
fn a_token_that_may_not_write_is_found_before_production() {
    let mut setting = Setting::tiny_on_github("");
    let reader = shiponce_rehearsal::GithubToken::of("eve").read(forge::REPOSITORY);
    let token = setting.world().github(|github| github.token(reader));
    setting.set(forge::VARIABLE, token);
    let run = setting.shiponce(["release", "--yes"]);
    assert!(run.stderr.contains("error[auth-refused]"), "{}", run.stderr);
    assert!(setting.releases().is_empty(), "{}", run.stderr);
    assert!(setting.files(shiponce_rehearsal::Index::Pypi).is_empty(), "{}", run.stderr);
}

/// Nobody asked for a page, and the variable holds something else: the release goes on and says what is left to do.
#[test]
fn a_malformed_token_stops_only_a_release_that_asks_for_its_page() {
    let mut setting = Setting::tiny();
    let (project, remote) = (setting.project(), setting.path("project.remote.git"));
    let origin = "https://github.com/octo/project.git";
    git(&project, ["config", "remote.origin.url", origin]);
    git(&project, ["config", &format!("url.{}.insteadOf", remote.display()), origin]);
    setting.set("GITHUB_TOKEN", "two words");
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    assert!(
        run.stderr.contains("contains a space or a line break. Skipping release creation."),
        "{}",
        run.stderr
    );
    let page = &run.json()["receipt"]["github"];
    assert_eq!(page["repository"], "octo/project");
    assert!(page["outstanding"].as_str().unwrap().contains("contains a space"), "{page}");
    assert!(!run.stderr.contains("two words"), "{}", run.stderr);
    setting.set(forge::VARIABLE, "two words");
    setting.write_config(&format!("{}{}", crate::harness::project::TINY_CONFIG, setting.github()));
    let run = setting.shiponce(["release", "--yes"]).expect(7);
    assert!(run.stderr.contains("error[token-malformed]"), "{}", run.stderr);
}

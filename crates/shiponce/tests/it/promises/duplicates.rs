//! The tests and the examples that the prevention of duplicates was described with: indexes and the release page.

use super::without_gh;
use crate::bad_input::said;
use crate::harness::{Setting, forge, wheel};
use regex::Regex;
use shiponce_rehearsal::{HandMade, Index, TokenSpec};

const RELEASE: [&str; 2] = ["release", "--yes"];

/// What was written so far: to production, to the test index, to GitHub.
fn written(setting: &Setting) -> [usize; 3] {
    let [production, test] = Index::ALL.map(|index| setting.world().writes(index));
    [production, test, setting.world().github_writes()]
}

/// The tiny project on GitHub with a wheel of it in a folder: what `--skip-build` takes.
fn with_files() -> (Setting, String) {
    let setting = Setting::tiny_on_github("");
    let folder = setting.path("files");
    wheel(&folder, "tiny", "1.0.0", "py3-none-any", "one");
    (setting, folder.to_str().unwrap().to_owned())
}

/// The one published page and the names of its assets.
#[track_caller]
fn page(setting: &Setting) -> Vec<String> {
    let releases = setting.releases();
    let [page] = &releases[..] else { panic!("one page: {releases:#?}") };
    assert!(!page.draft && page.tag == "v1.0.0", "{page:#?}");
    page.assets.iter().map(|asset| asset.name.clone()).collect()
}

/// These lines stand in this order.
#[track_caller]
fn in_order(text: &str, lines: &[&str]) {
    let mut rest = text;
    for line in lines {
        let Some(at) = rest.find(line) else { panic!("`{line}` is not there, or not in its place:\n{text}") };
        rest = &rest[at + line.len()..];
    }
}

const INSTALLED: [&str; 4] = [
    "[INFO] Testing installation from testpypi...",
    "[INFO] Installing tiny from testpypi...",
    "[SUCCESS] Package installed from testpypi",
    "[SUCCESS] tiny version: 1.0.0",
];

#[test]
fn published_and_pressed_again() {
    let setting = Setting::tiny_on_github("");
    setting.shiponce(RELEASE).expect(0);
    let before = written(&setting);
    let again = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    assert_eq!(written(&setting), before);
    assert_eq!(again.json()["outcome"], "nothing-to-do");
    let text = said(&setting, &again);
    let skips = [
        "[WARNING] Skipping testpypi publish - version already exists",
        "[WARNING] Skipping production pypi publish - version already exists",
        "[WARNING] Skipping GitHub release creation - release already exists",
    ];
    for skip in skips {
        assert_eq!(text.matches(skip).count(), 1, "{skip}\n{text}");
    }
    assert_eq!(Regex::new("Skipping.*already exists").unwrap().find_iter(&text).count(), 3, "{text}");
    in_order(&text, &[&[skips[0]], &INSTALLED[..], &[skips[1]]].concat());
    assert!(text.ends_with("[SUCCESS] Complete workflow finished successfully!\n"), "{text}");
}

#[test]
fn a_version_on_the_test_index_is_installed_all_the_same() {
    let setting = Setting::tiny_on_github("");
    setting.shiponce(["release", "--yes", "--skip-pypi", "--skip-github"]).expect(0);
    assert_eq!(written(&setting), [0, 1, 0]);
    let run = setting.shiponce(["release", "--yes", "--skip-github", "--json"]).expect(0);
    assert_eq!(written(&setting), [1, 1, 0]);
    let skip = ["[WARNING] Skipping testpypi publish - version already exists"];
    in_order(&said(&setting, &run), &[&skip[..], &INSTALLED[..]].concat());
    assert!(run.stderr.contains("The release on GitHub is left out (flag --skip-github)"), "{}", run.stderr);
    let github = setting.world().log().iter().any(|entry| entry.path.starts_with("/github/"));
    assert!(!github, "what is left out is not asked either");
}

/// Neither a token nor `gh`: the indexes get everything, the page is outstanding, and the log and the record say so.
/// Where nobody asked for the page that is a warning; where the configuration does, the release is partial.
#[test]
fn without_gh_and_without_a_token() {
    for (configured, code) in [(false, 0), (true, 6)] {
        let mut setting = if configured { Setting::tiny_on_github("") } else { on_public_github() };
        setting.unset(forge::VARIABLE);
        without_gh(&mut setting);
        let run = setting.shiponce(["release", "--yes", "--json"]).expect(code);
        assert_eq!(written(&setting), [1, 1, 0]);
        let sentence = "[WARNING] GitHub CLI (gh) not found. Skipping release creation.";
        assert_eq!(run.stderr.matches(sentence).count(), 1, "{}", run.stderr);
        let document = run.json();
        let outstanding = document.to_string().contains("GitHub CLI (gh) not found");
        assert!(outstanding, "{document:#}");
        // Pressed again it is still outstanding, and nothing is sent twice.
        setting.shiponce(RELEASE).expect(code);
        assert_eq!(written(&setting), [1, 1, 0]);
    }
}

/// The tiny project whose `origin` is on the public GitHub, for people; git itself is sent to the folder beside it.
fn on_public_github() -> Setting {
    let setting = Setting::tiny();
    let address = format!("https://{}/octo/tiny.git", shiponce_config::Endpoints::built_in().github.website);
    let remote = setting.path("project.remote.git");
    let config = setting.project();
    crate::harness::git(&config, ["remote", "set-url", "origin", &address]);
    crate::harness::git(&config, ["config", &format!("url.{}.insteadOf", remote.display()), &address]);
    setting
}

/// `gh` is asked for the token it is logged in with.
#[test]
fn gh_lends_its_token() {
    let mut setting = Setting::tiny_on_github("");
    let token = setting
        .world()
        .github(|github| github.token(shiponce_rehearsal::GithubToken::of("alice").write(forge::REPOSITORY)));
    setting.unset(forge::VARIABLE);
    let tools = without_gh(&mut setting);
    let gh = tools.join("gh");
    fs_err::write(&gh, format!("#!/bin/sh\n[ \"$1 $2\" = \"auth token\" ] && echo {token}\n")).unwrap();
    fs_err::set_permissions(&gh, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let run = setting.shiponce(RELEASE).expect(0);
    assert!(run.stderr.contains("Credential for GitHub: gh auth token"), "{}", run.stderr);
    assert!(!run.stderr.contains(&token));
    page(&setting);
}

/// A run fails at production for want of a token; mended, it tests again what it has tested, and finishes.
#[test]
fn resumed_after_a_missing_token() {
    let (mut setting, folder) = with_files();
    setting.unset("REHEARSAL_PROD_TOKEN");
    let args = ["release", "--yes", "--skip-build", "--dist-dir", &folder];
    let first = setting.shiponce(args).expect(7);
    let text = said(&setting, &first);
    in_order(
        &text,
        &[&["[SUCCESS] tiny 1.0.0 is on testpypi"], &INSTALLED[..], &["error[token-missing]"]].concat(),
    );
    assert_eq!(written(&setting)[..2], [0, 1]);
    assert!(setting.releases().iter().all(|page| page.draft), "{:#?}", setting.releases());

    let token = setting.world().token(Index::Pypi, &TokenSpec::user("alice"));
    setting.set("REHEARSAL_PROD_TOKEN", token);
    let second = setting.shiponce(args).expect(0);
    let skip = ["[WARNING] Skipping testpypi publish - version already exists"];
    in_order(
        &said(&setting, &second),
        &[&skip[..], &INSTALLED[..], &["[SUCCESS] tiny 1.0.0 is on pypi"]].concat(),
    );
    assert_eq!(written(&setting)[..2], [1, 1]);
    assert_eq!(setting.files(Index::Pypi), setting.files(Index::TestPypi));
    page(&setting);
}

/// A run without `gh` has left the page outstanding; the next one makes it and nothing else.
#[test]
fn only_the_page_is_made_when_only_the_page_is_missing() {
    let (mut setting, folder) = with_files();
    setting.unset(forge::VARIABLE);
    without_gh(&mut setting);
    setting.shiponce(["release", "--yes", "--skip-build", "--dist-dir", &folder]).expect(6);
    assert_eq!(written(&setting), [1, 1, 0]);

    let token = setting
        .world()
        .github(|github| github.token(shiponce_rehearsal::GithubToken::of("alice").write(forge::REPOSITORY)));
    setting.set(forge::VARIABLE, token);
    let args = ["release", "--yes", "--skip-build", "--skip-test-pypi", "--dist-dir", &folder];
    let run = setting.shiponce(args).expect(0);
    assert_eq!(written(&setting)[..2], [1, 1]);
    let skip = "[WARNING] Skipping production pypi publish - version already exists";
    assert!(run.stderr.contains(skip), "{}", run.stderr);
    assert_eq!(page(&setting), ["shiponce-manifest.json", "tiny-1.0.0-py3-none-any.whl"]);
}

/// `verify` has no credential, no lease and no request that could change anything, whatever is missing where.
#[test]
fn verifying_cannot_publish() {
    let mut setting = Setting::tiny_on_github("");
    setting.shiponce(["release", "--yes", "--skip-pypi", "--skip-github"]).expect(0);
    let before = (written(&setting), setting.world().log().len());
    for name in ["REHEARSAL_PROD_TOKEN", "REHEARSAL_TEST_TOKEN", forge::VARIABLE] {
        setting.unset(name);
    }
    let run = setting.shiponce(["verify", "--index", "testpypi", "--json"]).expect(0);
    assert_eq!(run.json()["files"][0]["status"], "verified");
    setting.shiponce(["verify", "--index", "pypi"]).expect(1);
    assert_eq!(written(&setting), before.0);
    let log = setting.world().log();
    assert!(log.len() > before.1);
    let reads = |method: &str| ["GET", "HEAD"].contains(&method);
    assert!(log[before.1..].iter().all(|entry| reads(&entry.method)), "{:#?}", &log[before.1..]);
}

#[test]
fn a_dry_run_names_what_it_checks_and_finds_it() {
    let setting = Setting::tiny_on_github("");
    let lines = [
        "[INFO] [DRY RUN] Would check: http://127.0.0.1:PORT/test/pypi/tiny/json",
        "[INFO] [DRY RUN] Would check: http://127.0.0.1:PORT/prod/pypi/tiny/json",
        "[INFO] [DRY RUN] Would check: gh release view v1.0.0",
    ];
    let dry = || setting.shiponce(["release", "--dry-run", "--json"]).expect(0);
    let first = dry();
    in_order(&said(&setting, &first), &lines);
    assert_eq!(first.json()["outcome"], "changes");
    assert_eq!(written(&setting), [0, 0, 0]);
    setting.shiponce(RELEASE).expect(0);
    let before = written(&setting);
    let second = dry();
    in_order(&said(&setting, &second), &lines);
    assert_eq!(second.json()["outcome"], "nothing-to-do");
    assert_eq!(said(&setting, &second).matches("Skipping ").count(), 3, "{}", second.stderr);
    assert_eq!(written(&setting), before);
}

/// A tag that only begins like ours, or ends like it, is another one.
#[test]
fn the_page_is_found_by_its_exact_tag() {
    let setting = Setting::tiny_on_github("");
    let others = ["v1.0.0-x", "v1.0.00", "v1.0", "V1.0.0", "tiny-v1.0.0"];
    setting.world().github(|github| {
        for tag in others {
            github.repository(forge::REPOSITORY).release_by_hand(HandMade::new(tag));
        }
    });
    let run = setting.shiponce(RELEASE).expect(0);
    assert!(!run.stderr.contains("Skipping GitHub"), "{}", run.stderr);
    let releases = setting.releases();
    assert_eq!(releases.len(), others.len() + 1);
    let ours: Vec<_> = releases.iter().filter(|page| page.tag == "v1.0.0").collect();
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0].assets.len(), 2);
    assert!(releases.iter().filter(|page| page.tag != "v1.0.0").all(|page| page.assets.is_empty()));
}

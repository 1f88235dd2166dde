//! Two, four and eight presses of real processes at the same moment: the same files or other ones, one ledger or one
//! each, indexes alone or with the release page. One content per name, one origin per release, and nobody is told a lie.

use crate::harness::{Child, Run, Setting, sdist, wheel};
use shiponce_rehearsal::Index;
use std::collections::BTreeSet;
use std::path::Path;

/// Whether the presses know of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ledger {
    /// One machine.
    Shared,
    /// As many machines as presses.
    Each,
}

fn files(folder: &Path, content: &str) {
    wheel(folder, "demo", "1.0", "py3-none-any", content);
    wheel(folder, "demo", "1.0", "cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64", content);
    sdist(folder, "demo", "1.0", content);
}

/// Presses at once. Number `n` publishes the content `content(n)`.
fn presses(setting: &Setting, count: usize, ledger: Ledger, content: impl Fn(usize) -> String) -> Vec<Run> {
    let children: Vec<Child> = (0..count)
        .map(|number| {
            let project = setting.path(&format!("machine-{number}"));
            files(&project.join("dist"), &content(number));
            let mut command = setting.command(["publish", "--yes", "--json"]);
            command.current_dir(&project);
            if ledger == Ledger::Each {
                command.env("SHIPONCE_STATE_DIR", setting.path(&format!("state-{number}")));
            }
            Child::spawn(command)
        })
        .collect();
    children.into_iter().map(Child::wait).collect()
}

/// Every name of the release is on every index, stored once.
#[track_caller]
fn assert_whole(setting: &Setting, what: &str) {
    for index in Index::ALL {
        assert_eq!((setting.files(index).len(), setting.stores(index)), (3, 3), "{what} on {index}");
    }
    assert_eq!(setting.files(Index::Pypi), setting.files(Index::TestPypi), "{what}");
}

/// Which of the presses' folders hold the bytes that an index has under each name.
fn origins(setting: &Setting, index: Index, count: usize) -> BTreeSet<usize> {
    use sha2::Digest as _;
    let of = |(name, sha256): (String, String)| {
        let same = |number: &usize| {
            let path = setting.path(&format!("machine-{number}/dist/{name}"));
            let digest = sha2::Sha256::digest(fs_err::read(path).unwrap());
            digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>() == sha256
        };
        (0..count).find(same).unwrap_or_else(|| panic!("{name} holds bytes that nobody brought"))
    };
    setting.files(index).into_iter().map(of).collect()
}

#[test]
fn the_same_files_are_sent_once_on_one_machine_and_found_by_the_others() {
    for count in [2, 4, 8] {
        let setting = Setting::new();
        let runs = presses(&setting, count, Ledger::Shared, |_| "one".to_owned());
        let what = format!("{count} presses");
        assert_whole(&setting, &what);
        assert_eq!(setting.world().writes(Index::Pypi), 3, "{what}: the others send nothing");
        let released = runs.into_iter().map(|run| run.expect(0).json()["outcome"].clone());
        assert_eq!(released.filter(|outcome| outcome == "released").count(), 1, "{what}");
    }
}

#[test]
fn the_same_files_of_several_machines_are_stored_once_and_identical_for_the_others() {
    for count in [2, 4, 8] {
        let setting = Setting::new();
        for run in presses(&setting, count, Ledger::Each, |_| "one".to_owned()) {
            run.expect(0);
        }
        assert_whole(&setting, &format!("{count} machines"));
    }
}

#[test]
fn of_other_files_on_one_machine_one_press_wins_and_the_others_name_the_conflict() {
    for count in [2, 4, 8] {
        let setting = Setting::new();
        let runs = presses(&setting, count, Ledger::Shared, |number| format!("content {number}"));
        let what = format!("{count} presses");
        assert_whole(&setting, &what);
        for index in Index::ALL {
            assert_eq!(origins(&setting, index, count).len(), 1, "{what}: a mixed release on {index}");
        }
        let winners = runs.iter().filter(|run| run.code == Some(0)).count();
        assert_eq!(winners, 1, "{what}: {runs:#?}");
        for run in runs.iter().filter(|run| run.code != Some(0)) {
            let code = run.json()["error"]["code"].clone();
            let told = ["file-conflict", "manifest-mismatch"].iter().any(|known| code == *known);
            assert!(run.code == Some(4) && told, "{what}: {run:#?}");
        }
    }
}

/// Without a shared ledger the first file is where they meet: all have the same names, so one machine wins them all.
#[test]
fn of_other_files_of_several_machines_one_machine_wins_every_name() {
    for count in [2, 4, 8] {
        let setting = Setting::new();
        let runs = presses(&setting, count, Ledger::Each, |number| format!("content {number}"));
        let what = format!("{count} machines");
        for index in Index::ALL {
            let found = origins(&setting, index, count);
            assert!(found.len() <= 1, "{what}: a mixed release on {index} of {found:?}\n{runs:#?}");
            assert_eq!(setting.stores(index), setting.files(index).len(), "{what}");
        }
        let codes: Vec<_> = runs.iter().map(|run| run.code.unwrap()).collect();
        assert!(codes.iter().filter(|code| **code == 0).count() <= 1, "{what}: {runs:#?}");
        assert!(codes.iter().all(|code| [0, 4, 6].contains(code)), "{what}: {codes:?}");
        let whole = setting.files(Index::Pypi).len() == 3;
        assert_eq!(codes.contains(&0), whole, "{what}: whoever has it all says so: {codes:?}");
    }
}

/// A whole release with its page, built anew by every press: another build makes other bytes.
fn releases(count: usize, ledger: Ledger) {
    let setting = Setting::tiny_on_github("");
    let children: Vec<Child> = (0..count)
        .map(|number| {
            let mut command = setting.command(["release", "--yes", "--json"]);
            if ledger == Ledger::Each {
                command.env("SHIPONCE_STATE_DIR", setting.path(&format!("state-{number}")));
            }
            Child::spawn(command)
        })
        .collect();
    let runs: Vec<Run> = children.into_iter().map(Child::wait).collect();
    let what = format!("{count} presses, {ledger:?}: {runs:#?}");
    for index in Index::ALL {
        assert!(setting.stores(index) <= 1 && setting.files(index).len() <= 1, "{what}");
    }
    let codes: Vec<_> = runs.iter().map(|run| run.code.unwrap()).collect();
    match ledger {
        Ledger::Shared => assert!(codes.iter().all(|code| *code == 0), "{what}"),
        Ledger::Each => {
            assert!(codes.iter().all(|code| [0, 4, 5, 6, 8].contains(code)), "{what}");
        }
    }
    // However it ended, the next press of somebody who won, or who comes later, leaves one whole release.
    let settled = (0..count).any(|number| {
        let mut command = setting.command(["release", "--yes", "--json"]);
        if ledger == Ledger::Each {
            command.env("SHIPONCE_STATE_DIR", setting.path(&format!("state-{number}")));
        }
        Run::of(command).code == Some(0)
    });
    assert!(settled, "{what}");
    let public: Vec<_> = setting.releases().into_iter().filter(|page| !page.draft).collect();
    assert_eq!(public.len(), 1, "{what}");
    let files = setting.files(Index::Pypi);
    assert_eq!((files.len(), setting.stores(Index::Pypi)), (1, 1), "{what}");
    for (name, sha256) in files {
        let asset = public[0].asset(&name).unwrap_or_else(|| panic!("{name} is not on the page\n{what}"));
        assert_eq!(asset.digest.as_deref(), Some(&*format!("sha256:{sha256}")), "a mixed release: {what}");
    }
}

#[test]
fn releases_with_a_page_at_once_on_one_machine_make_one_release_and_one_page() {
    for count in [2, 4, 8] {
        releases(count, Ledger::Shared);
    }
}

#[test]
fn releases_with_a_page_at_once_on_several_machines_never_mix_their_builds() {
    for count in [2, 4] {
        releases(count, Ledger::Each);
    }
}

//! A second press from a fresh clone: another machine, no ledger, the same commit. Its build would fail, so whatever
//! ends well was not built.

mod expected;
mod page;
mod plans;
mod proven;
mod unproven;

use crate::harness::{Run, Setting, git, wheel};
use shiponce_rehearsal::{Attestation, Index};
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Where the project's forge says it is; git finds it on this disk.
const REPOSITORY: &str = "https://forge.example/octo/tiny";
const PURE: &str = "tiny-1.0.0-py3-none-any.whl";
const NATIVE: &str = "tiny-1.0.0-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
/// The build of both machines. On the second one it fails.
const BUILD: &str = r#"[build]
command = ["sh", "-c", "test ! -e \"$HOME/refuse\" && exec python3 build.py \"$0\"", "{dist}"]
"#;
const PRESS: [&str; 3] = ["release", "--yes", "--json"];

/// What the first machine released.
struct Begun {
    setting: Setting,
    commit: String,
}

impl Begun {
    /// A release of one wheel, built and published.
    fn whole() -> Self {
        let setting = Setting::tiny();
        setting.write_config(BUILD);
        setting.shiponce(["release", "--yes"]).expect(0);
        Self::of(setting)
    }

    /// A release of two wheels, of which production refused the second.
    fn half() -> Self {
        let setting = Setting::with(|config| {
            config.released_here("tiny");
            config.faults.push("prod.upload:2:read-only".parse().unwrap());
        });
        crate::harness::project::tiny(&setting.project());
        let dist = setting.path("dist");
        for name in [PURE, NATIVE] {
            let tag = name.strip_prefix("tiny-1.0.0-").unwrap().strip_suffix(".whl").unwrap();
            wheel(&dist, "tiny", "1.0.0", tag, "one");
        }
        let given = ["release", "--yes", "--skip-build", "--dist-dir", dist.to_str().unwrap()];
        setting.shiponce(given).expect(6);
        assert_eq!((setting.files(Index::TestPypi).len(), setting.files(Index::Pypi).len()), (2, 1));
        Self::of(setting)
    }

    fn of(setting: Setting) -> Self {
        let head = fs_err::read_to_string(setting.project().join(".git/refs/heads/main")).unwrap();
        Self { setting, commit: head.trim().to_owned() }
    }

    /// Gives every file of an index this provenance.
    fn attest(&self, index: Index, change: impl Fn(Attestation) -> Attestation) {
        let attestation = change(Attestation::new(REPOSITORY, &self.commit));
        for name in self.setting.files(index).keys() {
            let now = jiff::Timestamp::now();
            assert!(self.setting.world().attest(index, "tiny", name, Some(&attestation), now));
        }
    }

    /// A fresh clone on another machine.
    fn elsewhere(&self) -> Elsewhere<'_> {
        self.elsewhere_with("")
    }

    /// The fresh clone with an empty ledger again, and other configuration.
    fn elsewhere_again(&self, more: &str) -> Elsewhere<'_> {
        for name in ["fresh", "fresh-state"] {
            fs_err::remove_dir_all(self.setting.path(name)).unwrap();
        }
        self.elsewhere_with(more)
    }

    /// The same with more configuration.
    fn elsewhere_with(&self, more: &str) -> Elsewhere<'_> {
        let setting = &self.setting;
        let (remote, fresh) = (setting.path("project.remote.git"), setting.path("fresh"));
        let clone = ["clone", "--quiet", "--branch", "v1.0.0"].map(OsStr::new);
        git(&setting.path(""), clone.into_iter().chain([remote.as_os_str(), fresh.as_os_str()]));
        forge_at(&fresh, &remote);
        fs_err::write(setting.path("home/refuse"), "").unwrap();
        let config = format!("{}\n{BUILD}\n{more}\n", setting.indexes());
        fs_err::write(setting.path("fresh.toml"), config).unwrap();
        Elsewhere { begun: self }
    }
}

/// Gives a clone the forge for its origin.
fn forge_at(clone: &Path, remote: &Path) {
    git(clone, ["config", "remote.origin.url", &format!("{REPOSITORY}.git")]);
    git(clone, ["config", &format!("url.{}.insteadOf", remote.display()), &format!("{REPOSITORY}.git")]);
}

/// Another machine with a clone.
struct Elsewhere<'b> {
    begun: &'b Begun,
}

impl Elsewhere<'_> {
    fn command(&self, args: &[&str]) -> Command {
        let setting = &self.begun.setting;
        let mut command = setting.command(args);
        command
            .current_dir(setting.path("fresh"))
            .env("SHIPONCE_STATE_DIR", setting.path("fresh-state"))
            .env("SHIPONCE_CONFIG", setting.path("fresh.toml"));
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args))
    }

    /// Runs a press that sends nothing.
    #[track_caller]
    fn silent(&self, code: i32, args: &[&str]) -> Run {
        let world = self.begun.setting.world();
        let writes = || Index::ALL.map(|index| world.writes(index));
        let before = writes();
        let run = self.run(args).expect(code);
        assert_eq!(writes(), before, "nothing may be sent:\n{}", run.stderr);
        assert!(!run.stderr.contains("Building"), "{}", run.stderr);
        run
    }
}

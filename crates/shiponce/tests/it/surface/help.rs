//! The help, whole: a change of a word shows in review.

use crate::harness::Setting;
use insta::assert_snapshot;

/// Every command, in the order of `help --all`.
pub(super) const COMMANDS: [&str; 13] = [
    "status",
    "publish",
    "release",
    "rehearse",
    "plan",
    "build",
    "repack",
    "verify",
    "versions",
    "config",
    "explain",
    "completions",
    "help",
];

/// What a command prints on standard output.
pub(super) fn text(setting: &Setting, args: &[&str]) -> String {
    let run = setting.shiponce(args).expect(0);
    assert_eq!(run.stderr, "");
    run.stdout
}

#[test]
fn the_everyday_commands() {
    let setting = Setting::new();
    let short = text(&setting, &["-h"]);
    assert_snapshot!(short, @"
    Press release twice, PyPI gets it once

    Usage: shiponce [OPTIONS] <COMMAND>

    Commands:
      check     Run the gates of a release; bare `check` runs all of them
      status    Show what is where: files and targets
      publish   Publish files that exist; identical ones are skipped, different ones refused
      release   Build, check, publish and verify a project, exactly once
      rehearse  Try a release in an embedded world, pressed twice; nothing is published

    Options:
          --json             Print one JSON object on stdout
      -q, --quiet            Say less
      -v, --verbose          Say more
          --color <WHEN>     When to colour [default: auto] [possible values: auto, always, never]
          --no-progress      No progress bars
          --config <FILE>    Read this configuration file instead of the project's; also
                             `SHIPONCE_CONFIG`
          --state-dir <DIR>  Keep ledger, store and caches here; also `SHIPONCE_STATE_DIR`
          --ledger <URL>     Where leases, manifests and the journal live, `sqlite:PATH`; also
                             `SHIPONCE_LEDGER`
          --events <FILE>    Append events to FILE, one JSON object a line
      -h, --help             Print help
      -V, --version          Print version

    More commands: shiponce help --all
    ");
    assert_eq!(text(&setting, &["help"]), short);
    // The long form says more of the flags and the same of the commands.
    let commands = |text: &str| text.split("\nOptions:").next().unwrap().to_owned();
    assert_eq!(commands(&text(&setting, &["--help"])), commands(&short));
}

#[test]
fn every_command() {
    let setting = Setting::new();
    let all = text(&setting, &["help", "--all"]);
    assert_snapshot!(all.split("\nOptions:").next().unwrap(), @"
    Press release twice, PyPI gets it once

    Usage: shiponce [OPTIONS] <COMMAND>

    Commands:
      check        Run the gates of a release; bare `check` runs all of them
      status       Show what is where: files and targets
      publish      Publish files that exist; identical ones are skipped, different ones refused
      release      Build, check, publish and verify a project, exactly once
      rehearse     Try a release in an embedded world, pressed twice; nothing is published
      plan         Read everything, write nothing, print what a release would do
      tag          Create a release tag on a commit that passes its gates; never moves one
      build        Build as a release does, into the dist folder; publishes nothing
      repack       Make files anew under a version suffix or with another description; no rebuild
      verify       Install and import what an index holds of a release; can never publish
      versions     List published versions in PEP 440 order
      config       Look at the resolved configuration
      explain      Print the page behind an error code, or explain a rule of `check dist`
      completions  Print a completion script for a shell
      help         Print help, of one command or of all
    ");
    for command in COMMANDS {
        assert!(all.contains(&format!("\n  {command} ")), "{command} is not listed");
    }
}

/// The flags of each command beside those of all commands.
#[test]
#[expect(clippy::too_many_lines, reason = "it is as long as the help")]
fn the_tree() {
    let setting = Setting::new();
    let mut tree = String::new();
    for command in COMMANDS {
        tree.push_str(&format!("=== {command}\n{}", own(&text(&setting, &["help", command]))));
    }
    tree.push_str(&format!("=== config show\n{}", own(&text(&setting, &["config", "show", "--help"]))));
    assert_snapshot!(tree, @"
    === status
    Show what is where: files and targets
    Usage: shiponce status [OPTIONS] [NAME] [VERSION]
    Arguments:
      [NAME]
              The project; by default the one of this folder
      [VERSION]
              The version; by default the newest
    Options:
          --workspace
              A line for each project of the workspace or variant of the project; exit 6 when something
              is owed
          --variant <NAME,...|all>
              Only these variants of the project; all by default
      -p, --package <NAME,...>
              Only these projects of the workspace; all by default
    === publish
    Publish files that exist; identical ones are skipped, different ones refused
    Usage: shiponce publish [OPTIONS] [FILES]...
    Arguments:
      [FILES]...
              The files; by default every distribution in dist/
    Options:
          --index <NAME|URL>
              A configured index, or an upload address
          --manifest <FILE>
              Publish exactly the files this manifest names, with these digests
          --manifest-sha256 <HEX>
              And only if the manifest file has this digest
          --version-suffix <.postN|.devN>
              Repack the files under their version with this behind it, for burned file names; the new
              files stay beside them
          --dry-run
              Do every read and no write
      -y, --yes
              Do not ask before production
          --on-unknown <WHAT>
              What to do about an index that cannot be read
              Possible values:
              - stop:    Write nothing
              - attempt: Go on as if the files were absent
              [default: stop]
          --wait <D>
              How long to wait for another press of the same project
              [default: 1h]
    === release
    Build, check, publish and verify a project, exactly once
    Usage: shiponce release [OPTIONS] [PATH]
    Arguments:
      [PATH]
              The project's folder
    Options:
          --dry-run
              Do every read and no write
      -y, --yes
              Do not ask before production
          --skip-build
              Take the files of the dist folder instead of building
          --dist-dir <DIR>
              The dist folder
          --variant <NAME,...|all>
              Only these variants of the project; all by default
      -p, --package <NAME,...>
              Only these projects of the workspace; all by default
          --python <LIST>
              The Pythons of the matrix to build for: 3.12, 3.10-3.14 or auto
          --platform <LIST>
              The platforms of the matrix to build for, such as linux-x86_64
          --max-jobs <N>
              How many legs of the matrix are built side by side
              [default: 1]
          --version-suffix <.postN|.devN>
              Release what is built under its version with this behind it, for burned file names
          --skip <NAME,...>
              Leave these targets out
          --to <NAME,...>
              Publish to these targets only
          --skip-test-pypi
              Leave the test index out
          --skip-pypi
              Leave production out
          --skip-github
              Leave the release page on GitHub out
          --single-copy
              Accept that files have no second place
          --allow-dirty
              Accept a tree with changes that are not committed
          --create-tag
              Create the release tag on HEAD and push it, where `shiponce tag` would
          --force
              Skip caches and the nothing-to-do short cut; no check is skipped and no published file is
              replaced
          --on-unknown <WHAT>
              What to do about an index that cannot be read
              Possible values:
              - stop:    Write nothing
              - attempt: Go on as if the files were absent
              [default: stop]
          --wait <D>
              How long to wait for another press of the same project
              [default: 1h]
    === rehearse
    Try a release in an embedded world, pressed twice; nothing is published
    Usage: shiponce rehearse [OPTIONS] [PATH]
    Arguments:
      [PATH]
              The project's folder
    Options:
          --fault <SPEC>
              Make the world misbehave, such as prod.upload:1:503; may be repeated
          --latency <D>
              Let every answer take this long
              [default: 0s]
          --keep <DIR>
              Keep the copy of the project, the state and the world's request log here
          --serve
              Leave the world up after the presses, and print its addresses
      -y, --yes
              Do not ask before production
          --skip-build
              Take the files of the dist folder instead of building
          --dist-dir <DIR>
              The dist folder
          --variant <NAME,...|all>
              Only these variants of the project; all by default
      -p, --package <NAME,...>
              Only these projects of the workspace; all by default
          --python <LIST>
              The Pythons of the matrix to build for: 3.12, 3.10-3.14 or auto
          --platform <LIST>
              The platforms of the matrix to build for, such as linux-x86_64
          --max-jobs <N>
              How many legs of the matrix are built side by side
              [default: 1]
          --version-suffix <.postN|.devN>
              Release what is built under its version with this behind it, for burned file names
          --skip <NAME,...>
              Leave these targets out
          --to <NAME,...>
              Publish to these targets only
          --skip-test-pypi
              Leave the test index out
          --skip-pypi
              Leave production out
          --skip-github
              Leave the release page on GitHub out
          --single-copy
              Accept that files have no second place
          --allow-dirty
              Accept a tree with changes that are not committed
          --create-tag
              Create the release tag on HEAD and push it, where `shiponce tag` would
          --force
              Skip caches and the nothing-to-do short cut; no check is skipped and no published file is
              replaced
          --on-unknown <WHAT>
              What to do about an index that cannot be read
              Possible values:
              - stop:    Write nothing
              - attempt: Go on as if the files were absent
              [default: stop]
          --wait <D>
              How long to wait for another press of the same project
              [default: 1h]
    === plan
    Read everything, write nothing, print what a release would do
    Usage: shiponce plan [OPTIONS] [PATH]
    Arguments:
      [PATH]
              The project's folder
    Options:
          --out <FILE>
              Write the plan to FILE as JSON
          --detailed-exitcode
              Exit 10 when there is something to do, 0 when there is not
      -y, --yes
              Do not ask before production
          --skip-build
              Take the files of the dist folder instead of building
          --dist-dir <DIR>
              The dist folder
          --variant <NAME,...|all>
              Only these variants of the project; all by default
      -p, --package <NAME,...>
              Only these projects of the workspace; all by default
          --python <LIST>
              The Pythons of the matrix to build for: 3.12, 3.10-3.14 or auto
          --platform <LIST>
              The platforms of the matrix to build for, such as linux-x86_64
          --max-jobs <N>
              How many legs of the matrix are built side by side
              [default: 1]
          --version-suffix <.postN|.devN>
              Release what is built under its version with this behind it, for burned file names
          --skip <NAME,...>
              Leave these targets out
          --to <NAME,...>
              Publish to these targets only
          --skip-test-pypi
              Leave the test index out
          --skip-pypi
              Leave production out
          --skip-github
              Leave the release page on GitHub out
          --single-copy
              Accept that files have no second place
          --allow-dirty
              Accept a tree with changes that are not committed
          --create-tag
              Create the release tag on HEAD and push it, where `shiponce tag` would
          --force
              Skip caches and the nothing-to-do short cut; no check is skipped and no published file is
              replaced
          --on-unknown <WHAT>
              What to do about an index that cannot be read
              Possible values:
              - stop:    Write nothing
              - attempt: Go on as if the files were absent
              [default: stop]
          --wait <D>
              How long to wait for another press of the same project
              [default: 1h]
    === build
    Build as a release does, into the dist folder; publishes nothing
    Usage: shiponce build [OPTIONS] [PATH]
    Arguments:
      [PATH]
              The project's folder
    Options:
          --twice
              Build twice, in two folders and at two times, and say what differs
          --leg <ID>
              Build this leg of the matrix alone, such as cp312-linux-x86_64; for one job of a CI matrix
          --dist-dir <DIR>
              The dist folder
          --variant <NAME,...|all>
              Only these variants of the project; all by default
      -p, --package <NAME,...>
              Only these projects of the workspace; all by default
          --python <LIST>
              The Pythons of the matrix to build for: 3.12, 3.10-3.14 or auto
          --platform <LIST>
              The platforms of the matrix to build for, such as linux-x86_64
          --max-jobs <N>
              How many legs of the matrix are built side by side
              [default: 1]
    === repack
    Make files anew under a version suffix or with another description; no rebuild
    Usage: shiponce repack [OPTIONS] <--version-suffix <.postN|.devN>|--readme <FILE>> <FILES>...
    Arguments:
      <FILES>...
              The wheels and sdists
    Options:
          --version-suffix <.postN|.devN>
              Put this behind the version: .postN, or .devN
          --readme <FILE>
              The new long description: Markdown (.md), reStructuredText (.rst) or plain text (.txt)
      -o, --out-dir <DIR>
              Put the new files here; by default each beside the old one
    === verify
    Install and import what an index holds of a release; can never publish
    Usage: shiponce verify [OPTIONS] [PATH]
    Arguments:
      [PATH]
              The project's folder
    Options:
          --name <NAME>
              The project; by default the one of the folder
          --version <VERSION>
              The version; by default the project's own, else the newest
          --index <NAME|URL>
              The index to install from; by default the first production index
          --dist-dir <DIR>
              Verify the files of this folder instead of an index
    === versions
    List published versions in PEP 440 order
    Usage: shiponce versions [OPTIONS] <NAME>
    Arguments:
      <NAME>
              The project
    Options:
    === config
    Look at the resolved configuration
    Usage: shiponce config [OPTIONS] <COMMAND>
    Commands:
      show  Print the resolved configuration
    Options:
    === explain
    Print the page behind an error code, or explain a rule of `check dist`
    Usage: shiponce explain [OPTIONS] [CODE]
    Arguments:
      [CODE]
              The code, as printed in `error[CODE]`, or a rule; without it, the list of both
    Options:
    === completions
    Print a completion script for a shell
    Usage: shiponce completions [OPTIONS] <SHELL>
    Arguments:
      <SHELL>
              The shell
              [possible values: bash, elvish, fish, powershell, zsh]
    Options:
    === help
    Print help, of one command or of all
    Usage: shiponce help [OPTIONS] [COMMAND]
    Arguments:
      [COMMAND]
              The command
    Options:
          --all
              Every command, not only the everyday ones
    === config show
    Print the resolved configuration
    Usage: shiponce config show [OPTIONS]
    Options:
          --sources          Where each value came from
          --network          Every host that would be contacted
    ");
}

/// Without the options that every command has; those stand in the snapshot of `--help`.
fn own(help: &str) -> String {
    let everywhere = [
        "--json",
        "-q, --quiet",
        "-v, --verbose",
        "--color",
        "--no-progress",
        "--config",
        "--state-dir",
        "--ledger",
        "--events",
        "-h, --help",
    ];
    let mut kept = String::new();
    let mut skipping = false;
    for line in help.lines() {
        let flag = line.trim_start();
        if flag.starts_with('-') {
            skipping = everywhere.iter().any(|name| flag.starts_with(name));
        }
        if !skipping && !line.trim().is_empty() {
            kept.push_str(line.trim_end());
            kept.push('\n');
        }
    }
    kept
}

#[test]
fn a_command_that_does_not_exist() {
    let setting = Setting::new();
    let run = setting.shiponce(["help", "publsh"]).expect(2);
    assert_snapshot!(run.stderr, @"
    error[usage]: there is no command `publsh`
    hint: shiponce help --all lists them
    ");
    let run = setting.shiponce(["publsh"]).expect(2);
    assert_snapshot!(run.stderr, @"
    error[usage]: unrecognized subcommand 'publsh'

      tip: a similar subcommand exists: 'publish'

    Usage: shiponce [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn no_command_at_all() {
    let setting = Setting::new();
    let run = setting.shiponce::<&str>([]).expect(2);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("Usage: shiponce"), "{}", run.stderr);
}

#[test]
fn the_version() {
    let setting = Setting::new();
    assert_eq!(text(&setting, &["--version"]), format!("shiponce {}\n", env!("CARGO_PKG_VERSION")));
}

//! `cargo xtask conform`: replays the recorded answers of the real service against an index.
//!
//! The work is in the example `conform`: it needs the crates of the product, which the tasks do not compile.

use anyhow::{Result, bail};

use crate::process;

/// Which index.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The address below which `legacy/` and `_/oidc/` are; by default an embedded index.
    #[arg(long, value_name = "URL", requires = "project")]
    index: Option<String>,
    /// The address below which `simple/` and `pypi/` are; by default that of `--index`.
    #[arg(long, value_name = "URL", requires = "index")]
    read: Option<String>,
    /// A project that nobody needs, of lower-case letters and digits. It gets files that stay.
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
}

impl Args {
    fn check(&self) -> Result<()> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        match self.project.as_deref() {
            Some(name) if name.is_empty() || !name.bytes().all(plain) => {
                bail!("the project must be of lower-case letters and digits, not `{name}`")
            }
            _ => Ok(()),
        }
    }
}

/// Builds the replayer and starts it. The token comes from the variable `CONFORM_TOKEN` and stays there.
pub(crate) fn run(args: &Args) -> Result<()> {
    args.check()?;
    let mut replay = process::cargo();
    replay.args(["run", "--quiet", "--package", "xtask", "--example", "conform", "--"]);
    let given = [&args.index, &args.read, &args.project];
    replay.args(given.iter().map(|value| value.as_deref().unwrap_or_default()));
    process::run(&mut replay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    fn parsed(words: &[&str]) -> Option<Args> {
        Cli::try_parse_from([&["conform"], words].concat()).ok().map(|cli| cli.args)
    }

    #[test]
    fn an_index_is_written_to_only_in_a_project_that_was_named() {
        assert!(parsed(&["--index", "https://index.example/"]).is_none());
        assert!(parsed(&["--read", "https://index.example/"]).is_none());
        assert!(parsed(&["--index", "https://index.example/", "--project", "demo"]).is_some());
        assert!(parsed(&[]).is_some(), "the embedded index needs nothing");
    }

    #[test]
    fn names_that_have_several_spellings_are_refused() {
        for (name, good) in [("demo7", true), ("De", false), ("a-b", false), ("", false), ("a/b", false)] {
            let args = Args { index: None, read: None, project: Some(name.to_owned()) };
            assert_eq!(args.check().is_ok(), good, "{name}");
        }
    }
}

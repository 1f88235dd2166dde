//! `cargo xtask bench NAME`: builds what the figure needs and runs it in the release profile.

use anyhow::{Context as _, Result};

use crate::{process, setup, test};

/// Which figure.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The figure to measure.
    name: Figure,
}

/// The figures of docs/performance.md.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Figure {
    /// Cold starts of `shiponce --version`.
    Version,
    /// `check dist` of 100 wheels, against unpacking and hashing alone and against `twine check --strict`.
    Check,
    /// `check version` of a project whose version stands in files.
    CheckVersion,
    /// sha256 and blake2b-256 in one pass, against blake2b-256 alone.
    Hash,
    /// Peak memory of publishing a 2 GiB wheel.
    Rss,
    /// Publishing 50 wheels that are all there, against `uv publish --check-url`.
    PublishNoop,
    /// Publishing 10 and 40 wheels to an index far away, against `uv publish` and `twine upload`.
    Publish,
    /// Files published, lost or misreported under each fault of an index, against uv and twine.
    Faults,
}

impl Figure {
    fn name(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Check => "check",
            Self::CheckVersion => "check-version",
            Self::Hash => "hash",
            Self::Rss => "rss",
            Self::PublishNoop => "publish-noop",
            Self::Faults => "faults",
            Self::Publish => "publish",
        }
    }
}

/// Builds the release binary and starts the measuring program beside it.
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut tools = setup::Tools::default();
    if matches!(
        args.name,
        Figure::Check | Figure::Rss | Figure::PublishNoop | Figure::Faults | Figure::Publish
    ) {
        tools = setup::tools(false)?;
    }
    if !matches!(args.name, Figure::Hash) {
        process::run(process::cargo().args(["build", "--release", "--package", "shiponce"]))
            .context("the release binary does not build")?;
    }
    let mut figures = process::cargo();
    figures
        .args(["bench", "--package", "xtask", "--bench", "figures", "--", args.name.name()])
        .env("SHIPONCE_BENCH_BINARY", crate::repository::target().join("release/shiponce"));
    test::environment(&mut figures, &tools, false);
    process::run(&mut figures)
}

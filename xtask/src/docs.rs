//! `cargo xtask docs`: the book.

use anyhow::{Context as _, Result, bail};

use crate::{process, repository};

/// Builds `docs/` into `target/book`.
pub(crate) fn run() -> Result<()> {
    if !process::exists("mdbook") {
        bail!(
            "mdbook is missing: `cargo install --locked mdbook` gets it. The pages under docs/ read well without it"
        );
    }
    let book = repository::target().join("book");
    process::run(process::program("mdbook").args(["build", "docs", "--dest-dir"]).arg(&book))
        .context("the book does not build")?;
    println!("the book is at {}", book.join("index.html").display());
    Ok(())
}

//! `cargo xtask lists`: writes anew the lists that the rules of `check dist` compare with, out of the pinned packages.

use anyhow::{Context as _, Result};
use fs_err as fs;
use serde_json::Value;

use crate::{process, repository, setup};

/// Prints the lines of each list, the source and its version first.
const SCRIPT: &str = r"
import importlib.metadata as metadata, json
import packaging.licenses._spdx as spdx, trove_classifiers as trove
old = trove.deprecated_classifiers
line = lambda name: (name + ' => ' + ' | '.join(old[name])).rstrip() if name in old else name
ids = lambda table: sorted((entry['id'] for entry in table.values()), key=str.lower)
print(json.dumps({
    'classifiers.txt': ['# trove-classifiers ' + metadata.version('trove-classifiers')]
        + [line(name) for name in sorted(set(trove.classifiers) | set(old))],
    'spdx.txt': ['# SPDX ' + spdx.VERSION] + ids(spdx.LICENSES)
        + ['WITH ' + name for name in ids(spdx.EXCEPTIONS)],
}))
";

/// Writes the lists into `crates/shiponce-dist/data`.
pub(crate) fn run() -> Result<()> {
    let venv = setup::tools(false)?.venv.context("the Python tools are not installed")?;
    let printed = process::output(process::program(venv.join("bin/python")).args(["-c", SCRIPT]))?;
    let lists: Value = serde_json::from_str(&printed).context("the lists are not JSON")?;
    let folder = repository::root().join("crates/shiponce-dist/data");
    for (name, lines) in lists.as_object().context("the lists are no table")? {
        let lines: Vec<&str> = lines.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        fs::write(folder.join(name), lines.join("\n") + "\n")?;
        println!("{name}: {} ({} lines)", lines.first().unwrap_or(&""), lines.len());
    }
    Ok(())
}

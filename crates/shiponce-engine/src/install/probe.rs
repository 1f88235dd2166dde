//! Asking a fresh environment what it can import and which version it has.

use crate::context::Context;
use crate::python::{Venv, last_words, run};
use serde::Deserialize;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::Manifest;
use shiponce_io::process::Command;
use std::collections::BTreeMap;
use std::time::Duration;

/// Where nobody named a module (a file of an index is not opened before it is installed), the modules are those that
/// it declares, else those that the installation put beside its metadata, chosen as for a wheel at hand.
///
/// Imports run with `-I`, so that neither the working directory nor the user's site packages can stand in for the
/// installed files. pip and uv record the hash they checked in `direct_url.json` (PEP 610).
const SCRIPT: &str = r#"
import importlib, importlib.metadata, json, sys, traceback
project, version_from, modules = sys.argv[1], sys.argv[2], sys.argv[3:]
distribution = importlib.metadata.distribution(project)
if not modules:
    found = set()
    for file in distribution.files or ():
        parts = file.parts
        if len(parts) == 2 and parts[1] == "__init__.py":
            found.add(parts[0])
        elif len(parts) == 1 and file.suffix in (".py", ".so", ".pyd"):
            found.add(file.name.partition(".")[0])
    declared = distribution.metadata.get_all("Import-Name") or ()
    declared = [name.strip() for name in declared if name.strip() and ";" not in name]
    found = sorted(name for name in found if name.isidentifier() and not name.startswith("__"))
    aside = ("tests", "test", "testing", "docs", "doc", "examples", "benchmarks", "scripts")
    product = [name for name in found if name not in aside and not name.startswith("_")]
    modules = declared or product or found
imports = {}
for name in modules:
    try:
        module = importlib.import_module(name)
        own = getattr(module, "__version__", None)
        imports[name] = {"version": own if isinstance(own, str) else None, "error": None}
    except BaseException:
        imports[name] = {"version": None, "error": traceback.format_exc(limit=-3)}
version = distribution.version
if version_from != "metadata":
    module, _, attribute = version_from.rpartition(".")
    try:
        version = str(getattr(importlib.import_module(module), attribute))
    except BaseException:
        version = None
direct = distribution.read_text("direct_url.json")
archive = (json.loads(direct) if direct else {}).get("archive_info", {})
sha256 = archive.get("hashes", {}).get("sha256")
if sha256 is None and archive.get("hash", "").startswith("sha256="):
    sha256 = archive["hash"][7:]
print("shiponce-probe:" + json.dumps({"imports": imports, "version": version, "archive_sha256": sha256}))
"#;

/// What the environment answered.
#[derive(Debug, Deserialize)]
pub(super) struct Probed {
    pub(super) imports: BTreeMap<String, Import>,
    pub(super) version: Option<String>,
    pub(super) archive_sha256: Option<String>,
}

/// One module.
#[derive(Debug, Deserialize)]
pub(super) struct Import {
    pub(super) version: Option<String>,
    pub(super) error: Option<String>,
}

pub(super) async fn probe(
    context: &Context,
    venv: &Venv,
    manifest: &Manifest,
    modules: &[String],
    version_from: &str,
) -> Result<Probed, Problem> {
    let env = context.child_env(&BTreeMap::new());
    let command = Command::new(venv.python(), &context.state.temp, env, Duration::from_secs(300))
        .args(["-I", "-c", SCRIPT, manifest.project.normalized(), version_from])
        .args(modules);
    let finished =
        run(context, command, "importing the package", ErrorCode::InstallVerificationFailed).await?;
    let failed = || {
        let message = format!("importing {} ended the process with {}", modules.join(", "), finished.status);
        let problem = Problem::new(ErrorCode::InstallVerificationFailed, message)
            .hint("a package must survive its own import; nothing was sent to production");
        match last_words(&finished) {
            words if words.is_empty() => problem,
            words => problem.fact("output", words),
        }
    };
    // A package may print on import; the answer is the line that carries our mark.
    let text = finished.stdout.text();
    let answer =
        text.lines().rev().find_map(|line| line.strip_prefix("shiponce-probe:")).ok_or_else(failed)?;
    serde_json::from_str(answer).map_err(|error| failed().cause(error.to_string()))
}

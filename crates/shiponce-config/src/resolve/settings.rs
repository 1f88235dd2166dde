//! The settings that concern no index.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use shiponce_core::PackageName;
use shiponce_core::decide::OnUnknown;

use crate::config::{Build, Gate, GroupTemplate, Verify, VersionProbe};
use crate::credentials::{is_credential_variable, is_github_variable};
use crate::error::{ConfigError, Origin};
use crate::github::GitHub;
use crate::index::Index;
use crate::inputs::Inputs;
use crate::mask::mask;
use crate::place::At;
use crate::project::Project;
use crate::raw::Raw;
use crate::source::{Source, Sourced};
use crate::values::{
    Ledger, TagTemplate, VersionFile, choose, is_branch_name, is_module, is_variable_name, parse_address,
    parse_duration, parse_ledger,
};

/// An error about a value of a file.
pub(crate) fn invalid<T>(key: &str, at: &At<T>, complaint: impl Into<String>) -> ConfigError {
    ConfigError::Invalid {
        origin: Origin::from(&at.at),
        key: key.to_owned(),
        complaint: mask(&complaint.into()),
        hint: None,
    }
}

/// A value of a file with its source.
pub(super) fn typed<T: Clone>(at: &At<T>) -> Sourced<T> {
    Sourced::new(at.value.clone(), Source::from(&at.at))
}

pub(super) fn duration(
    key: &str,
    typed: Option<&At<String>>,
    default: Duration,
) -> Result<Sourced<Duration>, ConfigError> {
    let Some(text) = typed else { return Ok(Sourced::default_of(default)) };
    let value = parse_duration(&text.value).map_err(|complaint| invalid(key, text, complaint))?;
    Ok(Sourced::new(value, Source::from(&text.at)))
}

pub(super) fn package(
    raw: &Raw,
    project: Option<&Project>,
) -> Result<Option<Sourced<PackageName>>, ConfigError> {
    let Some(text) = &raw.package else { return Ok(project.and_then(|project| project.name.clone())) };
    let name = text.value.parse().map_err(|error: shiponce_core::names::NameError| {
        invalid("package", text, format!("is wrong: {error}"))
    })?;
    Ok(Some(Sourced::new(name, Source::from(&text.at))))
}

pub(super) fn tag(
    raw: &Raw,
    in_workspace: bool,
    has_variants: bool,
) -> Result<Sourced<TagTemplate>, ConfigError> {
    // In a workspace the version alone would be one tag for releases of several projects.
    let default = match (in_workspace, has_variants) {
        (false, false) => "v{version}",
        (false, true) => "v{version}-{variant}",
        (true, false) => "{package}-v{version}",
        (true, true) => "{package}-v{version}-{variant}",
    };
    let (text, source) = match &raw.tag {
        Some(text) => (text.value.as_str(), Source::from(&text.at)),
        None => (default, Source::Default),
    };
    let template = TagTemplate::parse(text).map_err(|complaint| ConfigError::Invalid {
        origin: raw.tag.as_ref().map_or(Origin::Other(Source::Default), |text| Origin::from(&text.at)),
        key: "tag".to_owned(),
        complaint: mask(&complaint),
        hint: Some(format!("the default is `{default}`")),
    })?;
    let Some(text) = &raw.tag else { return Ok(Sourced::new(template, source)) };
    if template.has_variant() && !has_variants {
        return Err(invalid("tag", text, "contains `{variant}`, and there is no variant"));
    }
    // One tag for all of them would say of each that it was released when one was.
    if has_variants && !template.has_variant() && !template.has_package() {
        let complaint = "contains neither `{variant}` nor `{package}`, and there are variants";
        return Err(invalid("tag", text, complaint));
    }
    Ok(Sourced::new(template, source))
}

pub(super) fn dist_dir(inputs: &Inputs) -> Sourced<PathBuf> {
    match &inputs.flags.dist_dir {
        Some(dir) => Sourced::new(dir.clone(), Source::Flag("--dist-dir".to_owned())),
        None => Sourced::default_of(inputs.project_dir.join("dist")),
    }
}

pub(super) fn build(raw: &Raw, indexes: &[Index], github: &GitHub) -> Result<Build, ConfigError> {
    const HOUR: Duration = Duration::from_secs(3600);
    let mut env = BTreeMap::new();
    for (name, value) in &raw.build.env {
        let key = format!("build.env.{}", name.value);
        if !is_variable_name(&name.value) {
            return Err(invalid(&key, name, "is not the name of an environment variable"));
        }
        if is_credential_variable(&name.value, indexes) || is_github_variable(&name.value, github) {
            return Err(invalid(&key, name, "is a publishing credential, which a build must never see"));
        }
        env.insert(name.value.clone(), typed(value));
    }
    Ok(Build {
        command: raw.build.command.as_ref().map(typed),
        env,
        timeout: duration("build.timeout", raw.build.timeout.as_ref(), HOUR)?,
    })
}

pub(super) fn verify(raw: &Raw, indexes: &[Index]) -> Result<Verify, ConfigError> {
    const TEN_MINUTES: Duration = Duration::from_secs(600);
    let verify = &raw.verify;
    let import = verify.import.as_ref().map(|list| -> Result<_, ConfigError> {
        if let Some(bad) = list.value.iter().find(|module| !is_module(&module.value)) {
            return Err(invalid("verify.import", bad, "is not the name of a module"));
        }
        let names = list.value.iter().map(|module| module.value.clone()).collect();
        Ok(Sourced::new(names, Source::from(&list.at)))
    });
    if let Some(commands) = &verify.commands
        && commands.value.iter().any(|command| command.first().is_none_or(String::is_empty))
    {
        return Err(invalid("verify.commands", commands, "contains an empty command"));
    }
    Ok(Verify {
        import: import.transpose()?,
        version: version_probe(verify.version.as_ref())?,
        commands: verify.commands.as_ref().map_or_else(|| Sourced::default_of(Vec::new()), typed),
        dependencies: verify.index.as_ref().map(|text| dependencies(text, indexes)).transpose()?,
        timeout: duration("verify.timeout", verify.timeout.as_ref(), TEN_MINUTES)?,
    })
}

fn version_probe(typed: Option<&At<String>>) -> Result<Sourced<VersionProbe>, ConfigError> {
    let Some(text) = typed else { return Ok(Sourced::default_of(VersionProbe::Metadata)) };
    let source = Source::from(&text.at);
    if text.value == "metadata" {
        return Ok(Sourced::new(VersionProbe::Metadata, source));
    }
    match text.value.rsplit_once('.') {
        Some((module, name)) if is_module(&text.value) => {
            let probe = VersionProbe::Attribute { module: module.to_owned(), name: name.to_owned() };
            Ok(Sourced::new(probe, source))
        }
        _ => Err(invalid(
            "verify.version",
            text,
            "is neither `metadata` nor an attribute such as `demo.__version__`",
        )),
    }
}

/// The index dependencies come from: the name of a configured one, or an address.
fn dependencies(
    text: &At<String>,
    indexes: &[Index],
) -> Result<Sourced<shiponce_core::redact::SafeUrl>, ConfigError> {
    let key = "verify.index";
    let source = Source::from(&text.at);
    if text.value.contains("://") {
        let url = parse_address(key, &text.value, &Origin::from(&text.at))?;
        return Ok(Sourced::new(url, source));
    }
    let Some(index) = indexes.iter().find(|index| index.name == text.value) else {
        let known: Vec<&str> = indexes.iter().map(|index| index.name.as_str()).collect();
        let complaint = format!("is neither an address nor an index of this run: {}", known.join(", "));
        return Err(invalid(key, text, complaint));
    };
    match &index.simple {
        Some(simple) => Ok(Sourced::new(simple.value.clone(), source)),
        None => Err(invalid(key, text, "names an index without `simple`, which installers need")),
    }
}

pub(super) fn gates(raw: &Raw) -> Result<Sourced<Vec<Gate>>, ConfigError> {
    let Some(list) = &raw.gates.required else {
        return Ok(Sourced::default_of(vec![Gate::Version, Gate::Dist]));
    };
    let mut gates = Vec::new();
    for name in &list.value {
        let gate = choose("gates.required", &name.value, &Origin::from(&name.at), &Gate::WORDS)?;
        if !gates.contains(&gate) {
            gates.push(gate);
        }
    }
    Ok(Sourced::new(gates, Source::from(&list.at)))
}

/// `[gates] version-files`
pub(super) fn version_files(raw: &Raw) -> Result<Sourced<Vec<VersionFile>>, ConfigError> {
    let Some(list) = &raw.gates.version_files else { return Ok(Sourced::default_of(Vec::new())) };
    let parse = |text: &At<String>| {
        VersionFile::parse(&text.value).map_err(|complaint| invalid("gates.version-files", text, complaint))
    };
    let files = list.value.iter().map(parse).collect::<Result<_, _>>()?;
    Ok(Sourced::new(files, Source::from(&list.at)))
}

/// `[git] branch`
pub(super) fn release_branch(raw: &Raw) -> Result<Option<Sourced<String>>, ConfigError> {
    let Some(text) = &raw.git_branch else { return Ok(None) };
    if !is_branch_name(&text.value) {
        return Err(invalid("git.branch", text, "is no name that git allows for a branch"));
    }
    Ok(Some(Sourced::new(text.value.clone(), Source::from(&text.at))))
}

/// The group is one per project. GitHub disables a limit whose group is empty, and a group keyed by tag or
/// branch lets two releases of one project run side by side, so both are refused here.
pub(super) fn group(raw: &Raw) -> Result<Sourced<GroupTemplate>, ConfigError> {
    let key = "concurrency.group";
    let Some(text) = &raw.concurrency.group else {
        return Ok(Sourced::default_of(GroupTemplate("release/{package}".to_owned())));
    };
    let rest = text.value.replace("{package}", "");
    if let (Some(open), Some(close)) = (rest.find('{'), rest.find('}')) {
        let placeholder = if open < close { &rest[open..=close] } else { "{" };
        let complaint = format!(
            "has the placeholder `{placeholder}`; a group is one per project, so only `{{package}}` is known"
        );
        return Err(invalid(key, text, complaint));
    }
    if text.value.trim().is_empty() || text.value.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(invalid(key, text, "is empty or contains spaces"));
    }
    Ok(Sourced::new(GroupTemplate(text.value.clone()), Source::from(&text.at)))
}

/// The state directory: XDG's state home on every system but Windows, since state must survive a cache clean-up
/// and two clones of a project must meet in it.
pub(super) fn state_dir(inputs: &Inputs) -> Option<Sourced<PathBuf>> {
    if let Some(dir) = &inputs.flags.state_dir {
        return Some(Sourced::new(dir.clone(), Source::Flag("--state-dir".to_owned())));
    }
    let variable = |name: &str| {
        let value = inputs.environment.get(name).filter(|value| !value.is_empty())?;
        Some(Sourced::new(PathBuf::from(value), Source::Environment(name.to_owned())))
    };
    if let Some(dir) = variable("SHIPONCE_STATE_DIR") {
        return Some(dir);
    }
    let base = variable("XDG_STATE_HOME")
        // The specification: a path that is not absolute is to be ignored.
        .filter(|base| base.value.is_absolute())
        .or_else(|| if cfg!(windows) { variable("LOCALAPPDATA") } else { None })
        .or_else(|| inputs.home.as_ref().map(|home| Sourced::default_of(home.join(".local/state"))))?;
    Some(Sourced::new(base.value.join("shiponce"), base.source))
}

pub(super) fn ledger(
    inputs: &Inputs,
    state_dir: Option<&Sourced<PathBuf>>,
) -> Result<Option<Sourced<Ledger>>, ConfigError> {
    let named = match (&inputs.flags.ledger, inputs.environment.get("SHIPONCE_LEDGER")) {
        (Some(text), _) => Some(("--ledger", text, Source::Flag("--ledger".to_owned()))),
        (None, Some(text)) if !text.is_empty() => {
            Some(("SHIPONCE_LEDGER", text, Source::Environment("SHIPONCE_LEDGER".to_owned())))
        }
        _ => None,
    };
    let dir: Option<&Path> = state_dir.map(|dir| dir.value.as_path());
    match named {
        Some((key, text, source)) => {
            let ledger = parse_ledger(key, text, &Origin::Other(source.clone()), dir)?;
            Ok(Some(Sourced::new(ledger, source)))
        }
        None => Ok(dir.map(|dir| Sourced::default_of(Ledger::default_in(dir)))),
    }
}

pub(super) fn on_unknown(inputs: &Inputs) -> Sourced<OnUnknown> {
    if inputs.flags.on_unknown_attempt {
        return Sourced::new(OnUnknown::Attempt, Source::Flag("--on-unknown attempt".to_owned()));
    }
    Sourced::default_of(OnUnknown::Stop)
}

pub(super) fn single_copy(inputs: &Inputs) -> Sourced<bool> {
    if inputs.flags.single_copy {
        return Sourced::new(true, Source::Flag("--single-copy".to_owned()));
    }
    Sourced::default_of(false)
}

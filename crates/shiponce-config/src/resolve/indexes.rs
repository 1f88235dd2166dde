//! Which indexes a run has, and which of them it leaves out.

use std::collections::BTreeMap;
use std::path::Path;

use shiponce_core::plan::Role;

use super::definitions::{Definition, built_in, endpoint_of, from_flag, from_table};
use super::fallbacks::Fallbacks;
use super::index::resolve_index;
use crate::endpoints::Endpoints;
use crate::error::{ConfigError, Origin};
use crate::index::Index;
use crate::inputs::Inputs;
use crate::raw::Raw;
use crate::source::Source;
use crate::suggest::nearest;

/// The indexes of a run, in the order they are visited: test before production, then by name.
pub(super) fn resolve_indexes(
    raw: &Raw,
    inputs: &Inputs,
    dir: &Path,
    fallbacks: Fallbacks<'_>,
) -> Result<Vec<Index>, ConfigError> {
    let endpoints = &inputs.endpoints;
    let defined = definitions(raw, fallbacks, endpoints)?;
    refuse_twins(&defined)?;
    let mut chosen = match &inputs.flags.index {
        Some(text) => vec![only(text, defined, fallbacks, endpoints)?],
        None => defined,
    };
    chosen.sort_by(|a, b| (a.role.value, &a.name).cmp(&(b.role.value, &b.name)));
    let mut indexes = Vec::new();
    for definition in chosen {
        indexes.push(resolve_index(definition, endpoints, dir)?);
    }
    leave_out(&mut indexes, inputs)?;
    Ok(indexes)
}

fn definitions<'r>(
    raw: &'r Raw,
    fallbacks: Fallbacks<'_>,
    endpoints: &Endpoints,
) -> Result<Vec<Definition<'r>>, ConfigError> {
    let mut defined = raw
        .indexes
        .iter()
        .map(|(name, table)| from_table(name, table, endpoints))
        .collect::<Result<Vec<Definition<'r>>, _>>()?;
    let has = |defined: &[Definition<'_>], role| defined.iter().any(|d| d.role.value == role);
    let (had_production, had_test) = (has(&defined, Role::Production), has(&defined, Role::Test));
    if !had_production
        && let Some(definition) = fallbacks.named_in_environment(endpoints)?
        // A variable that names an index which has its table only binds its credential.
        && defined.iter().all(|known| known.identity() != definition.identity())
    {
        defined.push(definition);
    }
    let named_by_environment = has(&defined, Role::Production) && !had_production;
    for definition in fallbacks.uv_tables(endpoints)? {
        let wanted = match definition.role.value {
            Role::Production => !had_production && !named_by_environment,
            Role::Test => !had_test,
        };
        if wanted && defined.iter().all(|known| known.identity() != definition.identity()) {
            defined.push(definition);
        }
    }
    // Built-in PyPI is a target only when nothing else is: a project that names its own index must never reach
    // the public one by accident.
    if !has(&defined, Role::Production) {
        let mut definition = built_in(Role::Production, Source::Default, endpoints)?;
        if defined.iter().any(|known| known.name == definition.name) {
            definition.name = "production".to_owned();
        }
        defined.push(definition);
    }
    Ok(defined)
}

/// Two names of one index would upload every file twice, and one role would hide the other.
fn refuse_twins(defined: &[Definition<'_>]) -> Result<(), ConfigError> {
    let mut by_identity: BTreeMap<String, &str> = BTreeMap::new();
    let mut by_name: BTreeMap<&str, &Source> = BTreeMap::new();
    for definition in defined {
        let key = format!("index.{}", definition.name);
        let origin = match definition.table {
            Some(table) => Origin::from(&table.at),
            None => Origin::Other(definition.source.clone()),
        };
        if let Some(first) = by_identity.insert(definition.identity(), &definition.name) {
            let complaint = format!("is the same index as `index.{first}`: {}", definition.identity());
            return Err(ConfigError::Invalid {
                origin,
                key,
                complaint,
                hint: Some("keep one of them".to_owned()),
            });
        }
        if let Some(first) = by_name.insert(&definition.name, &definition.source) {
            let complaint = format!("is defined twice, first by {first}");
            return Err(ConfigError::Invalid {
                origin,
                key,
                complaint,
                hint: Some("rename one of them".to_owned()),
            });
        }
    }
    Ok(())
}

/// The one index of `--index NAME|URL`.
fn only<'r>(
    text: &str,
    defined: Vec<Definition<'r>>,
    fallbacks: Fallbacks<'_>,
    endpoints: &Endpoints,
) -> Result<Definition<'r>, ConfigError> {
    let source = || Source::Flag("--index".to_owned());
    if text.contains("://") {
        let asked = from_flag(text, fallbacks, endpoints)?;
        let known = defined.into_iter().find(|definition| definition.identity() == asked.identity());
        return Ok(known.unwrap_or(asked));
    }
    let mut known: Vec<String> = defined.iter().map(|definition| definition.name.clone()).collect();
    if let Some(definition) = defined.into_iter().find(|definition| definition.name == text) {
        return Ok(definition);
    }
    for role in [Role::Test, Role::Production] {
        let name = &endpoint_of(role, endpoints).name;
        if name == text {
            return built_in(role, source(), endpoints);
        }
        if !known.contains(name) {
            known.push(name.clone());
        }
    }
    Err(unknown("--index", text, known))
}

fn unknown(flag: &str, name: &str, mut known: Vec<String>) -> ConfigError {
    known.sort();
    let nearest = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    ConfigError::UnknownTarget { flag: flag.to_owned(), name: crate::mask::mask(name), nearest, known }
}

/// Marks the indexes that `--to` and the skip flags leave out.
fn leave_out(indexes: &mut [Index], inputs: &Inputs) -> Result<(), ConfigError> {
    let flags = &inputs.flags;
    let mut known: Vec<String> = indexes.iter().map(|index| index.name.clone()).collect();
    known.push("github".to_owned());
    for (flag, names) in [("--to", &flags.to), ("--skip", &flags.skip)] {
        if let Some(stranger) = names.iter().find(|name| !known.contains(name)) {
            return Err(unknown(flag, stranger, known));
        }
    }
    for index in indexes {
        let by = |flag: &str| Some(Source::Flag(flag.to_owned()));
        index.left_out = if flags.skip.contains(&index.name) {
            by(&format!("--skip {}", index.name))
        } else if flags.skip_test && index.role.value == Role::Test {
            by("--skip-test-pypi")
        } else if flags.skip_production && index.role.value == Role::Production {
            by("--skip-pypi")
        } else if !flags.to.is_empty() && !flags.to.contains(&index.name) {
            by(&format!("--to {}", flags.to.join(",")))
        } else {
            None
        };
    }
    Ok(())
}

/// The flag that leaves GitHub out.
pub(super) fn skip_github(inputs: &Inputs) -> Option<Source> {
    let flags = &inputs.flags;
    let by = |flag: &str| Some(Source::Flag(flag.to_owned()));
    if flags.skip_github {
        by("--skip-github")
    } else if flags.skip.iter().any(|name| name == "github") {
        by("--skip github")
    } else if !flags.to.is_empty() && !flags.to.iter().any(|name| name == "github") {
        by(&format!("--to {}", flags.to.join(",")))
    } else if flags.index.is_some() {
        // This index alone.
        by("--index")
    } else {
        None
    }
}

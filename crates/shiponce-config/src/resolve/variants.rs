//! The variants, from both files that can hold them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use shiponce_core::matrix::Platform;

use super::checks::is_outside;
use super::matrix::platform;
use crate::credentials::is_credential_variable;
use crate::error::{ConfigError, Origin};
use crate::index::Index;
use crate::mask::mask;
use crate::raw::Raw;
use crate::source::Sourced;
use crate::values::{is_branch_name, is_variable_name};
use crate::variants::{ALL, Draft, Typed, Variant, read_build_config};

/// PyPI's limit on a summary, which is one line by the core metadata specification.
const SUMMARY_LENGTH_MAX: usize = 512;

pub(super) fn variants(
    raw: &Raw,
    project_dir: &Path,
    indexes: &[Index],
) -> Result<Vec<Variant>, ConfigError> {
    let mut drafts: Vec<Draft> = raw.variants.iter().map(|(name, raw)| Draft::of_table(name, raw)).collect();
    drafts.extend(read_build_config(project_dir)?);
    let mut variants: Vec<Variant> = Vec::new();
    for draft in &drafts {
        let variant = resolve(draft, project_dir, indexes)?;
        check_against(&variant, draft, &variants)?;
        variants.push(variant);
    }
    Ok(variants)
}

fn resolve(draft: &Draft, project_dir: &Path, indexes: &[Index]) -> Result<Variant, ConfigError> {
    check_name(&draft.name, draft)?;
    Ok(Variant {
        name: sourced(&draft.name),
        package: package(draft)?,
        readme: draft.readme.as_ref().map(|readme| self::readme(draft, readme, project_dir)).transpose()?,
        description: draft.description.as_ref().map(|text| description(draft, text)).transpose()?,
        keywords: keywords(draft)?,
        platforms: platforms(draft)?,
        env: env(draft, indexes)?,
        aliases: aliases(draft)?,
    })
}

fn sourced<T: Clone>(typed: &Typed<T>) -> Sourced<T> {
    Sourced::new(typed.value.clone(), typed.source())
}

fn wrong(key: String, origin: &Origin, complaint: impl Into<String>) -> ConfigError {
    ConfigError::Invalid { origin: origin.clone(), key, complaint: mask(&complaint.into()), hint: None }
}

/// Names stand in tags, legs, artifact names and on command lines.
fn check_name(name: &Typed<String>, draft: &Draft) -> Result<(), ConfigError> {
    let text = name.value.as_str();
    let key = || format!("{}.{}", draft.keys.table, draft.name.value);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if !text.chars().all(plain)
        || !ends(text.chars().next())
        || !ends(text.chars().last())
        || !is_branch_name(text)
    {
        let complaint = format!(
            "has the name `{text}`, expected letters, digits, `.`, `_` and `-` with a letter or digit at both ends"
        );
        return Err(wrong(key(), &name.origin, complaint));
    }
    if text.eq_ignore_ascii_case(ALL) {
        return Err(wrong(key(), &name.origin, "has the name `all`, which means every variant"));
    }
    Ok(())
}

fn package(draft: &Draft) -> Result<Sourced<shiponce_core::PackageName>, ConfigError> {
    let key = draft.key(draft.keys.package);
    let Some(text) = &draft.package else {
        return Err(wrong(key, &draft.name.origin, "is missing: the name on the index"));
    };
    match text.value.parse() {
        Ok(package) => Ok(Sourced::new(package, text.source())),
        Err(error) => {
            let error: shiponce_core::names::NameError = error;
            Err(wrong(key, &text.origin, format!("is wrong: {error}")))
        }
    }
}

fn readme(draft: &Draft, text: &Typed<String>, project_dir: &Path) -> Result<Sourced<PathBuf>, ConfigError> {
    let key = draft.key(draft.keys.readme);
    if text.value.is_empty() || is_outside(&text.value) {
        return Err(wrong(key, &text.origin, "is not a path inside the project"));
    }
    if !project_dir.join(&text.value).is_file() {
        return Err(wrong(key, &text.origin, format!("names `{}`, which is not there", text.value)));
    }
    Ok(Sourced::new(PathBuf::from(&text.value), text.source()))
}

fn description(draft: &Draft, text: &Typed<String>) -> Result<Sourced<String>, ConfigError> {
    let complaint = match text.value.trim() {
        "" => "is empty",
        one if one.contains(['\n', '\r']) => "has several lines; the summary of a package is one",
        one if one.chars().count() > SUMMARY_LENGTH_MAX => {
            "is longer than the 512 characters that PyPI takes"
        }
        one => return Ok(Sourced::new(one.to_owned(), text.source())),
    };
    Err(wrong(draft.key("description"), &text.origin, complaint))
}

fn keywords(draft: &Draft) -> Result<Option<Sourced<Vec<String>>>, ConfigError> {
    let Some(list) = &draft.keywords else { return Ok(None) };
    // Core metadata joins them with commas.
    if let Some(bad) = list.value.iter().find(|word| word.value.trim().is_empty() || word.value.contains(','))
    {
        let complaint = format!("contains `{}`, which is empty or has a comma", bad.value);
        return Err(wrong(draft.key("keywords"), &bad.origin, complaint));
    }
    let words = list.value.iter().map(|word| word.value.trim().to_owned()).collect();
    Ok(Some(Sourced::new(words, list.source())))
}

fn platforms(draft: &Draft) -> Result<Option<Sourced<Vec<Platform>>>, ConfigError> {
    let Some(list) = &draft.platforms else { return Ok(None) };
    let key = draft.key(draft.keys.platforms);
    if list.value.is_empty() {
        return Err(wrong(key, &list.origin, "is empty; without it the variant is made for every platform"));
    }
    let mut platforms = Vec::new();
    for text in &list.value {
        let platform = platform(&key, &text.value, &text.origin)?;
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    Ok(Some(Sourced::new(platforms, list.source())))
}

fn env(draft: &Draft, indexes: &[Index]) -> Result<BTreeMap<String, Sourced<String>>, ConfigError> {
    let mut env = BTreeMap::new();
    let both = [("env", &draft.env), ("flags", &draft.flags)];
    for (field, (name, value)) in
        both.iter().flat_map(|(field, list)| list.iter().map(move |one| (field, one)))
    {
        let key = draft.key(&format!("{field}.{}", name.value));
        if !is_variable_name(&name.value) {
            return Err(wrong(key, &name.origin, "is not the name of an environment variable"));
        }
        if is_credential_variable(&name.value, indexes) {
            return Err(wrong(key, &name.origin, "is a publishing credential, which a build must never see"));
        }
        if env.insert(name.value.clone(), sourced(value)).is_some() {
            return Err(wrong(key, &name.origin, "stands in `env` and in `flags`"));
        }
    }
    Ok(env)
}

fn aliases(draft: &Draft) -> Result<Vec<Sourced<String>>, ConfigError> {
    let list = draft.aliases.as_ref().map(|list| list.value.as_slice()).unwrap_or_default();
    let mut aliases: Vec<Sourced<String>> = Vec::new();
    for alias in list {
        check_name(alias, draft)?;
        // Its own name is allowed: it changes nothing.
        if alias.value != draft.name.value && !aliases.iter().any(|other| other.value == alias.value) {
            aliases.push(sourced(alias));
        }
    }
    Ok(aliases)
}

/// A word means one variant, also on systems whose file names have no case, and a package is made once.
fn check_against(variant: &Variant, draft: &Draft, others: &[Variant]) -> Result<(), ConfigError> {
    let words = |variant: &Variant| -> Vec<Sourced<String>> {
        std::iter::once(&variant.name).chain(&variant.aliases).cloned().collect()
    };
    for other in others {
        let taken = words(other);
        let clash = words(variant).into_iter().find_map(|word| {
            let same = |taken: &&Sourced<String>| taken.value.eq_ignore_ascii_case(&word.value);
            taken.iter().find(same).map(|taken| (word.clone(), taken.clone()))
        });
        let key = format!("{}.{}", draft.keys.table, draft.name.value);
        if let Some((word, taken)) = clash {
            let complaint = format!(
                "has the name `{}`, which also means the variant `{}` ({})",
                word.value, other.name.value, taken.source
            );
            return Err(wrong(key, &draft.name.origin, complaint));
        }
        if other.package.value == variant.package.value {
            let origin = draft.package.as_ref().map_or(&draft.name.origin, |package| &package.origin);
            let complaint = format!(
                "is `{}`, which is already the package of the variant `{}` ({})",
                variant.package.value, other.name.value, other.package.source
            );
            return Err(wrong(draft.key(draft.keys.package), origin, complaint));
        }
    }
    Ok(())
}

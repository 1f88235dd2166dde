//! `matrix`, `--python`, `--platform` and `[expect]`.

use shiponce_core::expect::ExpectedTags;
use shiponce_core::matrix::{
    Narrowing, Platform, Python, PythonSelector, RequiresPython, SelectionError, select_pythons,
};

use super::settings::{invalid, typed};
use crate::error::{ConfigError, Origin};
use crate::inputs::Flags;
use crate::mask::mask;
use crate::matrix::{Expect, Matrix};
use crate::place::At;
use crate::project::Project;
use crate::raw::Raw;
use crate::source::{Source, Sourced};
use crate::suggest::nearest;
use crate::values::choose;
use crate::variants::Variant;

/// The matrix. Each axis comes from the table, else from the flag; the platforms also from the variants. Nothing about
/// the machine counts: what a release needs must not depend on where it is pressed.
pub(super) fn matrix(
    raw: &Raw,
    flags: &Flags,
    project: Option<&Project>,
    variants: &[Variant],
) -> Result<Option<Matrix>, ConfigError> {
    let table = raw.matrix.as_ref();
    let stated = table.and_then(|table| table.value.python.as_ref());
    let origin = |at: &At<Vec<At<String>>>| Origin::from(&at.at);
    let python =
        stated.map(|list| pythons("matrix.python", &texts(list), &origin(list), project)).transpose()?;
    let places = table.and_then(|table| table.value.platform.as_ref());
    let platform =
        places.map(|list| platforms("matrix.platform", &texts(list), &origin(list))).transpose()?;
    let asked = Asked::read(flags, project)?;
    if table.is_none() && asked.pythons.is_none() && asked.platforms.is_none() {
        return Ok(None);
    }
    let mut only = Narrowing::default();
    let python = match (python, asked.pythons) {
        (Some(stated), asked) => {
            only.pythons = asked.map(|asked| asked.value);
            stated
        }
        (None, Some(asked)) => asked,
        // A matrix of platforms alone is for what the project runs on.
        (None, None) => {
            let origin = table.map_or(Origin::Other(Source::Default), |table| Origin::from(&table.at));
            let auto = pythons("matrix.python", &["auto".to_owned()], &origin, project)?;
            Sourced::default_of(auto.value)
        }
    };
    let platform = match (platform, asked.platforms) {
        (Some(stated), asked) => {
            only.platforms = asked.map(|asked| asked.value);
            stated
        }
        (None, asked) => match (of_variants(variants), asked) {
            (Some(stated), asked) => {
                only.platforms = asked.map(|asked| asked.value);
                stated
            }
            (None, Some(asked)) => asked,
            (None, None) => return Err(no_platform(raw)),
        },
    };
    let matrix = Matrix { python, platform, only };
    check_narrowing(&matrix)?;
    Ok(Some(matrix))
}

fn no_platform(raw: &Raw) -> ConfigError {
    let (origin, key) = match &raw.matrix {
        Some(table) => (Origin::from(&table.at), "matrix"),
        None => (Origin::Other(Source::Flag("--python".to_owned())), "--python"),
    };
    ConfigError::Invalid {
        origin,
        key: key.to_owned(),
        complaint: "has no platform to go with it".to_owned(),
        hint: Some("add platform = [\"linux-x86_64\"] to `matrix`, or pass --platform".to_owned()),
    }
}

/// The flags, read as an axis.
struct Asked {
    pythons: Option<Sourced<Vec<Python>>>,
    platforms: Option<Sourced<Vec<Platform>>>,
}

impl Asked {
    fn read(flags: &Flags, project: Option<&Project>) -> Result<Self, ConfigError> {
        let flag = |name: &str| Origin::Other(Source::Flag(name.to_owned()));
        let given = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
        let pythons = given(&flags.python).map(|list| pythons("--python", &list, &flag("--python"), project));
        let platforms =
            given(&flags.platform).map(|list| platforms("--platform", &list, &flag("--platform")));
        Ok(Self { pythons: pythons.transpose()?, platforms: platforms.transpose()? })
    }
}

fn texts(list: &At<Vec<At<String>>>) -> Vec<String> {
    list.value.iter().map(|item| item.value.clone()).collect()
}

fn source_of(origin: &Origin) -> Source {
    match origin {
        Origin::File(place) => Source::from(place.as_ref()),
        Origin::Other(source) => source.clone(),
    }
}

fn pythons(
    key: &str,
    list: &[String],
    origin: &Origin,
    project: Option<&Project>,
) -> Result<Sourced<Vec<Python>>, ConfigError> {
    let error = |text: &str, error: &SelectionError| ConfigError::Invalid {
        origin: origin.clone(),
        key: key.to_owned(),
        complaint: mask(&match error {
            SelectionError::Python(_) => {
                format!("is `{text}`, expected a version such as `3.12`, a range `3.10-3.14` or `auto`")
            }
            other => format!("is wrong: {other}"),
        }),
        hint: match error {
            SelectionError::NoRequirement => {
                Some("state `requires-python` in [project], or name the Pythons".to_owned())
            }
            _ => None,
        },
    };
    let mut selectors = Vec::new();
    for text in list {
        let selector: Result<PythonSelector, SelectionError> = text.parse();
        selectors.push(selector.map_err(|problem| error(text, &problem))?);
    }
    if selectors.is_empty() {
        return Err(empty(key, origin));
    }
    let requires = if selectors.contains(&PythonSelector::Auto) { requires(project)? } else { None };
    let value = select_pythons(&selectors, requires.as_ref()).map_err(|problem| error("", &problem))?;
    Ok(Sourced::new(value, source_of(origin)))
}

fn requires(project: Option<&Project>) -> Result<Option<RequiresPython>, ConfigError> {
    let Some(text) = project.and_then(|project| project.requires_python.as_ref()) else { return Ok(None) };
    text.value.parse().map(Some).map_err(|error: shiponce_core::matrix::RequiresPythonError| {
        ConfigError::Invalid {
            origin: Origin::Other(text.source.clone()),
            key: "project.requires-python".to_owned(),
            complaint: format!("is wrong: {error}"),
            hint: None,
        }
    })
}

fn platforms(key: &str, list: &[String], origin: &Origin) -> Result<Sourced<Vec<Platform>>, ConfigError> {
    let mut platforms = Vec::new();
    for text in list {
        let one = platform(key, text, origin)?;
        if !platforms.contains(&one) {
            platforms.push(one);
        }
    }
    if platforms.is_empty() {
        return Err(empty(key, origin));
    }
    Ok(Sourced::new(platforms, source_of(origin)))
}

fn empty(key: &str, origin: &Origin) -> ConfigError {
    ConfigError::Invalid {
        origin: origin.clone(),
        key: key.to_owned(),
        complaint: "is an empty list".to_owned(),
        hint: None,
    }
}

/// Reads a platform.
pub(super) fn platform(key: &str, text: &str, origin: &Origin) -> Result<Platform, ConfigError> {
    text.parse().map_err(|_| {
        let known: Vec<String> = Platform::all().iter().map(ToString::to_string).collect();
        let hint = match nearest(text, known.iter().map(String::as_str)) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("known: {}", known.join(", ")),
        };
        ConfigError::Invalid {
            origin: origin.clone(),
            key: key.to_owned(),
            complaint: mask(&format!("is `{text}`, expected a platform such as `linux-x86_64`")),
            hint: Some(hint),
        }
    })
}

/// Every platform that some variant is made for, when all of them say.
fn of_variants(variants: &[Variant]) -> Option<Sourced<Vec<Platform>>> {
    let mut all = Vec::new();
    for variant in variants {
        for platform in &variant.platforms.as_ref()?.value {
            if !all.contains(platform) {
                all.push(*platform);
            }
        }
    }
    let source = variants.first()?.platforms.as_ref()?.source.clone();
    Some(Sourced::new(all, source))
}

/// A flag that leaves nothing of the matrix is a mistake, and not an empty run.
fn check_narrowing(matrix: &Matrix) -> Result<(), ConfigError> {
    let none = |flag: &str, axis: Vec<String>| ConfigError::Invalid {
        origin: Origin::Other(Source::Flag(flag.to_owned())),
        key: flag.to_owned(),
        complaint: format!("names nothing of the matrix: {}", axis.join(", ")),
        hint: None,
    };
    let shown = |axis: &[String]| axis.to_vec();
    if let Some(asked) = &matrix.only.pythons
        && !asked.iter().any(|python| matrix.python.value.contains(python))
    {
        let axis: Vec<String> = matrix.python.value.iter().map(ToString::to_string).collect();
        return Err(none("--python", shown(&axis)));
    }
    if let Some(asked) = &matrix.only.platforms
        && !asked.iter().any(|platform| matrix.platform.value.contains(platform))
    {
        let axis: Vec<String> = matrix.platform.value.iter().map(ToString::to_string).collect();
        return Err(none("--platform", shown(&axis)));
    }
    Ok(())
}

/// `[expect]`
pub(super) fn expect(raw: &Raw) -> Result<Expect, ConfigError> {
    let Some(table) = &raw.expect else { return Ok(Expect::default()) };
    let raw = &table.value;
    if let (Some(like), true) = (&raw.like, raw.wheels.is_some() || raw.sdist.is_some()) {
        return Err(invalid("expect.like", like, "cannot stand beside `wheels` or `sdist`"));
    }
    if let Some(like) = &raw.like {
        choose("expect.like", &like.value, &Origin::from(&like.at), &[("previous", ())])?;
    }
    let read = |tag: &At<String>| -> Result<ExpectedTags, ConfigError> {
        tag.value.parse().map_err(|_| {
            let complaint = format!("is `{}`, expected a wheel tag such as `py3-none-any`", tag.value);
            invalid("expect.wheels", tag, complaint)
        })
    };
    let wheels = raw.wheels.as_ref().map(|list| -> Result<_, ConfigError> {
        if list.value.is_empty() {
            return Err(empty("expect.wheels", &Origin::from(&list.at)));
        }
        let tags = list.value.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(Sourced::new(tags, Source::from(&list.at)))
    });
    Ok(Expect {
        wheels: wheels.transpose()?,
        sdist: raw.sdist.as_ref().map(typed),
        like_previous: raw.like.as_ref().map(|like| Source::from(&like.at)),
    })
}

//! Checks that concern more than one value: tables of later versions, and the policy.

use super::settings::invalid;
use crate::config::Config;
use crate::error::{ConfigError, Origin};
use crate::inputs::Inputs;
use crate::network::network_hosts;
use crate::place::At;
use crate::policy::Forbidden;
use crate::raw::{Raw, RawExpect, RawGithub, RawMatrix, RawVariant};
use crate::values::{choose, is_variable_name};

/// Checks the tables whose engine comes later, so that a mistake in them is found before the refusal: a user who
/// corrects it and is then told that the feature is missing has lost nothing, the other way round a day.
pub(super) fn check_later_tables(raw: &Raw) -> Result<(), ConfigError> {
    if let Some(matrix) = &raw.matrix {
        check_matrix(&matrix.value)?;
    }
    for (name, variant) in &raw.variants {
        check_variant(name, variant)?;
    }
    if let Some(github) = &raw.github {
        check_github(&github.value)?;
    }
    if let Some(expect) = &raw.expect {
        check_expect(&expect.value)?;
    }
    if let Some(members) = &raw.workspace
        && let Some(bad) = members.value.iter().find(|member| is_outside(&member.value))
    {
        return Err(invalid("workspace.members", bad, "is not a path inside the project"));
    }
    check_concurrency(raw)
}

/// `3.10`, `3.13t`, or a range `3.10-3.14`.
fn is_python(text: &str) -> bool {
    let one = |text: &str| {
        let text = text.trim_end_matches('t');
        text.split_once('.').is_some_and(|(major, minor)| {
            major == "3" && !minor.is_empty() && minor.len() <= 2 && minor.bytes().all(|b| b.is_ascii_digit())
        })
    };
    match text.split_once('-') {
        Some((from, to)) => one(from) && one(to),
        None => one(text),
    }
}

/// `linux-x86_64`: a system and a machine.
fn is_platform(text: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    text.split_once('-').is_some_and(|(system, machine)| {
        word(machine) && matches!(system, "linux" | "musllinux" | "macos" | "windows")
    })
}

fn check_platforms(key: &str, platforms: Option<&At<Vec<At<String>>>>) -> Result<(), ConfigError> {
    let bad = platforms.and_then(|list| list.value.iter().find(|platform| !is_platform(&platform.value)));
    match bad {
        Some(bad) => {
            Err(invalid(key, bad, format!("is `{}`, expected a platform such as `linux-x86_64`", bad.value)))
        }
        None => Ok(()),
    }
}

fn check_matrix(matrix: &RawMatrix) -> Result<(), ConfigError> {
    if let Some(pythons) = &matrix.python
        && let Some(bad) = pythons.value.iter().find(|python| !is_python(&python.value))
    {
        let complaint =
            format!("is `{}`, expected a version such as `3.12` or a range `3.10-3.14`", bad.value);
        return Err(invalid("matrix.python", bad, complaint));
    }
    check_platforms("matrix.platform", matrix.platform.as_ref())
}

fn check_variant(name: &At<String>, variant: &RawVariant) -> Result<(), ConfigError> {
    let key = |field: &str| format!("variants.{}.{field}", name.value);
    if let Some(package) = &variant.package {
        let parsed: Result<shiponce_core::PackageName, _> = package.value.parse();
        parsed.map_err(|error| invalid(&key("package"), package, format!("is wrong: {error}")))?;
    }
    if let Some(readme) = &variant.readme
        && is_outside(&readme.value)
    {
        return Err(invalid(&key("readme"), readme, "is not a path inside the project"));
    }
    if let Some((bad, _)) = variant.env.iter().find(|(name, _)| !is_variable_name(&name.value)) {
        return Err(invalid(&key("env"), bad, "has a key that is not the name of an environment variable"));
    }
    check_platforms(&key("platform"), variant.platform.as_ref())
}

fn check_github(github: &RawGithub) -> Result<(), ConfigError> {
    if let Some(repository) = &github.repository {
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        let fits = repository.value.split_once('/').is_some_and(|(owner, name)| word(owner) && word(name));
        if !fits {
            return Err(invalid("github.repository", repository, "is not of the form `owner/name`"));
        }
    }
    if let Some(notes) = &github.notes
        && (notes.value.is_empty() || is_outside(&notes.value))
    {
        return Err(invalid("github.notes", notes, "is neither `auto` nor a file inside the project"));
    }
    if let Some(assets) = &github.assets
        && let Some(bad) = assets.value.iter().find(|glob| is_outside(&glob.value))
    {
        return Err(invalid("github.assets", bad, "is not a path inside the project"));
    }
    Ok(())
}

fn check_expect(expect: &RawExpect) -> Result<(), ConfigError> {
    if let (Some(like), true) = (&expect.like, expect.wheels.is_some() || expect.sdist.is_some()) {
        return Err(invalid("expect.like", like, "cannot stand beside `wheels` or `sdist`"));
    }
    if let Some(like) = &expect.like {
        choose("expect.like", &like.value, &Origin::from(&like.at), &[("previous", ())])?;
    }
    // A wheel tag is python-abi-platform (PEP 425), each part letters, digits, `_` and `.` for sets of tags.
    let part = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
    };
    let is_tag = |text: &str| text.split('-').count() == 3 && text.split('-').all(part);
    if let Some(wheels) = &expect.wheels
        && let Some(bad) = wheels.value.iter().find(|tag| !is_tag(&tag.value))
    {
        let complaint = format!("is `{}`, expected a wheel tag such as `py3-none-any`", bad.value);
        return Err(invalid("expect.wheels", bad, complaint));
    }
    Ok(())
}

fn check_concurrency(raw: &Raw) -> Result<(), ConfigError> {
    let concurrency = &raw.concurrency;
    if let Some(order) = &concurrency.order {
        let words = [("arrival", ()), ("strict", ())];
        choose("concurrency.order", &order.value, &Origin::from(&order.at), &words)?;
    }
    if let Some(on_failure) = &concurrency.on_failure {
        let words = [("continue", ()), ("hold", ())];
        choose("concurrency.on-failure", &on_failure.value, &Origin::from(&on_failure.at), &words)?;
    }
    match &concurrency.limit {
        Some(limit) if limit.value != 1 => Err(invalid(
            "concurrency.limit",
            limit,
            "must be 1: two releases of one project never run side by side",
        )),
        _ => Ok(()),
    }
}

fn is_outside(path: &str) -> bool {
    let path = std::path::Path::new(path);
    path.is_absolute() || path.components().any(|part| matches!(part, std::path::Component::ParentDir))
}

/// Applies the policy to flags and hosts. Credentials are checked where they are chosen.
pub(super) fn check_policy(config: &Config, inputs: &Inputs) -> Result<(), ConfigError> {
    let Some(policy) = &config.policy else { return Ok(()) };
    let policy = &policy.value;
    let flags = &inputs.flags;
    let skips = [
        (!flags.skip.is_empty(), format!("--skip {}", flags.skip.join(","))),
        (!flags.to.is_empty(), format!("--to {}", flags.to.join(","))),
        (flags.skip_test, "--skip-test-pypi".to_owned()),
        (flags.skip_production, "--skip-pypi".to_owned()),
        (flags.skip_github, "--skip-github".to_owned()),
    ];
    for (_, flag) in skips.iter().filter(|(given, _)| *given) {
        policy.refuse(Forbidden::Skips, &format!("leaving out a target: {flag}"))?;
    }
    if flags.on_unknown_attempt {
        policy.refuse(
            Forbidden::AttemptOnUnknown,
            "uploading to a target that could not be read: --on-unknown attempt",
        )?;
    }
    if flags.single_copy {
        policy.refuse(Forbidden::SingleCopy, "publishing files without a second copy: --single-copy")?;
    }
    for host in network_hosts(config) {
        policy.refuse_host(&host.host, &host.purpose)?;
    }
    Ok(())
}

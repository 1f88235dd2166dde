//! Checks that concern more than one value: tables of later versions, and the policy.

use super::settings::invalid;
use crate::config::Config;
use crate::error::{ConfigError, Origin};
use crate::inputs::Inputs;
use crate::network::network_hosts;
use crate::policy::Forbidden;
use crate::raw::Raw;
use crate::values::choose;

/// Checks the tables whose engine comes later, so that a mistake in them is found before the refusal: a user who
/// corrects it and is then told that the feature is missing has lost nothing, the other way round a day.
pub(super) fn check_later_tables(raw: &Raw) -> Result<(), ConfigError> {
    check_concurrency(raw)
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

pub(super) fn is_outside(path: &str) -> bool {
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

//! Which variables hold credentials.

use shiponce_core::PackageName;

use crate::index::Index;
use crate::raw::Raw;
use crate::resolve::{GITHUB_TOKENS, PRODUCTION_TOKENS, TEST_TOKENS};

/// Variables of other tools that hold a credential or the identity of a CI job, whatever is configured.
const FIXED: [&str; 11] = [
    "UV_PUBLISH_TOKEN",
    "UV_PUBLISH_PASSWORD",
    "TWINE_PASSWORD",
    // GitHub Actions: whoever has both can request an identity token of the job.
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    // GitLab CI: the identity tokens themselves.
    "PYPI_ID_TOKEN",
    "TESTPYPI_ID_TOKEN",
    "SIGSTORE_ID_TOKEN",
    // Other tools that publish: a release of theirs is a release.
    "FLIT_PASSWORD",
    "HATCH_INDEX_AUTH",
    "MATURIN_PYPI_TOKEN",
];

/// Variables that say where uv and twine publish and as whom; no secrets.
const ADDRESSES: [&str; 7] = [
    "UV_PUBLISH_URL",
    "UV_PUBLISH_INDEX",
    "UV_PUBLISH_CHECK_URL",
    "UV_PUBLISH_USERNAME",
    "TWINE_REPOSITORY_URL",
    "TWINE_REPOSITORY",
    "TWINE_USERNAME",
];

/// The variable that holds the credential of one package: `PYPI_API_TOKEN_DEMO_CORE`. PyPI makes tokens that can
/// upload one project only, and a run that releases several then needs several.
pub(super) fn variable_of(variable: &str, package: &PackageName) -> String {
    format!("{variable}_{}", package.for_filename().to_ascii_uppercase())
}

/// Whether a variable is the configured one, or that of some package.
fn is_or_extends(name: &str, variable: &str) -> bool {
    name.strip_prefix(variable).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

fn is_default_token(name: &str) -> bool {
    PRODUCTION_TOKENS.iter().chain(&TEST_TOKENS).any(|variable| is_or_extends(name, variable))
}

/// Whether a variable holds a credential in a run with these indexes.
pub(crate) fn is_credential_variable(name: &str, indexes: &[Index]) -> bool {
    FIXED.contains(&name)
        || is_default_token(name)
        || name == "SHIPONCE_TOKEN"
        || name.starts_with("POETRY_PYPI_TOKEN_")
        || indexes
            .iter()
            .any(|index| index.token_env.value.iter().any(|variable| is_or_extends(name, variable)))
}

/// Whether a variable is taken from `.env`. Everything else in that file belongs to somebody else.
pub(crate) fn is_known_variable(name: &str, raw: &Raw) -> bool {
    let configured = |name: &str| {
        let tables = raw.indexes.iter().filter_map(|(_, table)| table.token_env.as_ref());
        tables.flat_map(|list| &list.value).any(|variable| is_or_extends(name, &variable.value))
    };
    // Without a table nobody has said that the token in the file is meant for releases.
    let of_github = raw.github.as_ref().is_some_and(|table| match &table.value.token_env {
        Some(list) => list.value.iter().any(|variable| variable.value == name),
        None => GITHUB_TOKENS.contains(&name),
    });
    let credential = ["UV_PUBLISH_TOKEN", "UV_PUBLISH_PASSWORD", "TWINE_PASSWORD"].contains(&name);
    credential || ADDRESSES.contains(&name) || is_default_token(name) || configured(name) || of_github
}

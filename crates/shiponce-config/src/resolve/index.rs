//! The settings of one index.

use std::path::Path;
use std::time::Duration;

use shiponce_core::decide::WriteOnce;
use shiponce_core::plan::Role;
use shiponce_core::redact::SafeUrl;

use super::definitions::{Definition, built_in_endpoint, read_address};
use super::settings::{duration, invalid, typed};
use crate::endpoints::{Endpoint, Endpoints};
use crate::error::{ConfigError, Origin};
use crate::index::{Attestations, Index, PARALLEL_UPLOADS, Rules, TrustedPublishing};
use crate::place::At;
use crate::raw::RawIndex;
use crate::source::{Source, Sourced};
use crate::values::{choose, is_variable_name, parse_address};

/// Variables that hold the token of a built-in index when its table names none. They bind to the built-in hosts
/// only: on any other index nobody has said that the token is meant for it.
pub(crate) const PRODUCTION_TOKENS: [&str; 2] = ["PYPI_API_TOKEN", "PYPI_TOKEN"];
pub(crate) const TEST_TOKENS: [&str; 1] = ["TEST_PYPI_API_TOKEN"];

/// More than this no index is sent.
const PARALLEL_UPLOADS_MAX: usize = 16;

/// How long an answer of an index is reused for decisions that send nothing.
const CACHE_TTL: Duration = Duration::from_secs(3600);

/// Relative paths in a table count from `dir`, wherever the configuration file and the working directory are.
pub(super) fn resolve_index(
    definition: Definition<'_>,
    endpoints: &Endpoints,
    dir: &Path,
) -> Result<Index, ConfigError> {
    let endpoint = built_in_endpoint(&definition.identity(), endpoints).cloned();
    let key = |field: &str| format!("index.{}.{field}", definition.name);
    let table = definition.table;
    let field = |get: fn(&RawIndex) -> Option<&At<String>>| table.and_then(get);
    let (simple, json) = read_addresses(&definition, endpoint.as_ref())?;
    check_read_auth(&definition, [simple.as_ref(), json.as_ref()])?;
    let flag = |get: fn(&RawIndex) -> Option<&At<bool>>, default: bool| {
        table.and_then(get).map_or_else(|| Sourced::default_of(default), typed)
    };
    let path = |get: fn(&RawIndex) -> Option<&At<String>>| {
        field(get).map(|text| Sourced::new(dir.join(&text.value), Source::from(&text.at)))
    };
    Ok(Index {
        required: flag(|t| t.required.as_ref(), true),
        mirror: flag(|t| t.mirror.as_ref(), false),
        read_auth: flag(|t| t.read_auth.as_ref(), false),
        ca: path(|t| t.ca.as_ref()),
        client_cert: path(|t| t.client_cert.as_ref()),
        immutable: one_of(
            &key("immutable"),
            field(|t| t.immutable.as_ref()),
            &[("yes", WriteOnce::Yes), ("no", WriteOnce::No), ("unknown", WriteOnce::Unknown)],
            if endpoint.is_some() { WriteOnce::Yes } else { WriteOnce::Unknown },
        )?,
        rules: one_of(
            &key("rules"),
            field(|t| t.rules.as_ref()),
            &[("pypi", Rules::Pypi), ("permissive", Rules::Permissive)],
            if endpoint.is_some() { Rules::Pypi } else { Rules::Permissive },
        )?,
        trusted_publishing: one_of(
            &key("trusted-publishing"),
            field(|t| t.trusted_publishing.as_ref()),
            &[
                ("auto", TrustedPublishing::Auto),
                ("always", TrustedPublishing::Always),
                ("never", TrustedPublishing::Never),
            ],
            TrustedPublishing::Auto,
        )?,
        attestations: one_of(
            &key("attestations"),
            field(|t| t.attestations.as_ref()),
            &[
                ("require", Attestations::Require),
                ("prefer", Attestations::Prefer),
                ("off", Attestations::Off),
            ],
            // Only PyPI is known to take them; another server may refuse a field it does not know.
            if endpoint.is_some() { Attestations::Prefer } else { Attestations::Off },
        )?,
        username: field(|t| t.username.as_ref())
            .map_or_else(|| Sourced::default_of("__token__".to_owned()), typed),
        token_env: token_env(&key("token-env"), table, endpoint.as_ref(), endpoints)?,
        token_command: table.and_then(|t| t.token_command.as_ref()).map(typed),
        parallel_uploads: parallel_uploads(&key("parallel-uploads"), table)?,
        cache_ttl: duration(&key("cache-ttl"), field(|t| t.cache_ttl.as_ref()), CACHE_TTL)?,
        name: definition.name,
        source: definition.source,
        role: definition.role,
        upload: canonical(definition.upload, endpoint.as_ref()),
        simple,
        json,
        built_in: endpoint,
        left_out: None,
    })
}

fn parallel_uploads(key: &str, table: Option<&RawIndex>) -> Result<Sourced<usize>, ConfigError> {
    let Some(at) = table.and_then(|table| table.parallel_uploads.as_ref()) else {
        return Ok(Sourced::default_of(PARALLEL_UPLOADS));
    };
    match usize::try_from(at.value) {
        Ok(number) if (1..=PARALLEL_UPLOADS_MAX).contains(&number) => {
            Ok(Sourced::new(number, Source::from(&at.at)))
        }
        _ => {
            let complaint = format!("is `{}`, expected a number from 1 to {PARALLEL_UPLOADS_MAX}", at.value);
            Err(invalid(key, at, complaint))
        }
    }
}

/// Built-in indexes get their own spelling of the address: without the slash the server answers with a redirect,
/// and a redirect must never be followed with a credential.
fn canonical(upload: Sourced<SafeUrl>, endpoint: Option<&Endpoint>) -> Sourced<SafeUrl> {
    match endpoint.and_then(|endpoint| url::Url::parse(&endpoint.upload).ok()) {
        Some(url) => Sourced::new(SafeUrl::from(url), upload.source),
        None => upload,
    }
}

type Address = Option<Sourced<SafeUrl>>;

/// The addresses to read from. They are derived for built-in indexes only: elsewhere a guess could read the
/// absence of a project from an address that never had one.
fn read_addresses(
    definition: &Definition<'_>,
    endpoint: Option<&Endpoint>,
) -> Result<(Address, Address), ConfigError> {
    let json_key = format!("index.{}.json", definition.name);
    let typed_json = definition.table.and_then(|table| table.json.as_ref());
    let json = typed_json.map(|text| read_address(&json_key, text)).transpose()?;
    let simple = definition.simple.clone();
    if let Some(endpoint) = endpoint {
        let origin = Origin::Other(Source::Default);
        let derived = |text: &str| parse_address("simple", text, &origin).map(Sourced::default_of);
        let simple = simple.map_or_else(|| derived(&endpoint.simple), Ok)?;
        let json = json.map_or_else(|| derived(&endpoint.json), Ok)?;
        return Ok((Some(simple), Some(json)));
    }
    if simple.is_none() && json.is_none() {
        return Err(ConfigError::Invalid {
            origin: match definition.table {
                Some(table) => Origin::from(&table.at),
                None => Origin::Other(definition.source.clone()),
            },
            key: format!("index.{}", definition.name),
            complaint: format!("has no address to read from: {}", definition.upload.value),
            hint: Some(format!(
                "add simple = \"https://…\" to a table [index.NAME] for {}",
                definition.upload.value.authority()
            )),
        });
    }
    Ok((simple, json))
}

/// The credential of an index belongs to the origin of its upload address and is sent nowhere else, so an index that
/// is read at another origin could never be read with it.
fn check_read_auth(
    definition: &Definition<'_>,
    reads: [Option<&Sourced<SafeUrl>>; 2],
) -> Result<(), ConfigError> {
    let asked = definition.table.and_then(|table| table.read_auth.as_ref()).filter(|flag| flag.value);
    let Some(asked) = asked else { return Ok(()) };
    let upload = definition.upload.value.expose().origin();
    let Some(other) = reads.into_iter().flatten().find(|url| url.value.expose().origin() != upload) else {
        return Ok(());
    };
    Err(invalid(
        &format!("index.{}.read-auth", definition.name),
        asked,
        format!(
            "would send the credential of {} to {}",
            definition.upload.value.authority(),
            other.value.authority()
        ),
    ))
}

fn one_of<T: Copy>(
    key: &str,
    written: Option<&At<String>>,
    allowed: &[(&'static str, T)],
    default: T,
) -> Result<Sourced<T>, ConfigError> {
    let Some(text) = written else { return Ok(Sourced::default_of(default)) };
    let value = choose(key, &text.value, &Origin::from(&text.at), allowed)?;
    Ok(Sourced::new(value, Source::from(&text.at)))
}

fn token_env(
    key: &str,
    table: Option<&RawIndex>,
    endpoint: Option<&Endpoint>,
    endpoints: &Endpoints,
) -> Result<Sourced<Vec<String>>, ConfigError> {
    if let Some(list) = table.and_then(|table| table.token_env.as_ref()) {
        for name in &list.value {
            if !is_variable_name(&name.value) {
                return Err(invalid(
                    key,
                    name,
                    "holds a text that is not the name of an environment variable",
                ));
            }
        }
        let names = list.value.iter().map(|name| name.value.clone()).collect();
        return Ok(Sourced::new(names, Source::from(&list.at)));
    }
    let names: &[&str] = match endpoint {
        Some(endpoint) if *endpoint == endpoints.production => &PRODUCTION_TOKENS,
        Some(_) => &TEST_TOKENS,
        None => &[],
    };
    Ok(Sourced::default_of(names.iter().map(|name| (*name).to_owned()).collect()))
}

/// The role that a word of the configuration names.
pub(crate) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Production => "production",
        Role::Test => "test",
    }
}

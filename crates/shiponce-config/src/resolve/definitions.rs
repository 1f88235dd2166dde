//! Where an index can be defined: a table, a flag, a setting of another tool, or nowhere (built-in).

use shiponce_core::plan::Role;
use shiponce_core::redact::SafeUrl;

use super::fallbacks::Fallbacks;
use super::settings::invalid;
use crate::endpoints::{Endpoint, Endpoints};
use crate::error::{ConfigError, Origin};
use crate::mask::holds_secret;
use crate::place::At;
use crate::raw::RawIndex;
use crate::source::{Source, Sourced};
use crate::values::{choose, index_identity, parse_address};

/// An index before its settings are resolved.
#[derive(Debug, Clone)]
pub(super) struct Definition<'r> {
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) role: Sourced<Role>,
    pub(super) upload: Sourced<SafeUrl>,
    pub(super) simple: Option<Sourced<SafeUrl>>,
    pub(super) table: Option<&'r RawIndex>,
}

impl Definition<'_> {
    pub(super) fn identity(&self) -> String {
        index_identity(self.upload.value.expose())
    }
}

/// A table `[index.NAME]`. A role without an address means the built-in index of that role.
pub(super) fn from_table<'r>(
    name: &At<String>,
    table: &'r RawIndex,
    endpoints: &Endpoints,
) -> Result<Definition<'r>, ConfigError> {
    let key = |field: &str| format!("index.{}.{field}", name.value);
    let name_fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
    if name.value.is_empty() || !name.value.chars().all(name_fits) || holds_secret(&name.value) {
        return Err(invalid(
            "index",
            name,
            "has a name with other characters than letters, digits, `-`, `_` and `.`",
        ));
    }
    if matches!(name.value.as_str(), "github" | "local") {
        return Err(invalid(&format!("index.{}", name.value), name, "has a name that another target owns"));
    }
    let Some(role) = &table.role else {
        return Err(ConfigError::Invalid {
            origin: Origin::from(&table.at),
            key: format!("index.{}", name.value),
            complaint: "has no `role`".to_owned(),
            hint: Some("add role = \"test\" or role = \"production\"".to_owned()),
        });
    };
    let words = [("production", Role::Production), ("test", Role::Test)];
    let value = choose(&key("role"), &role.value, &Origin::from(&role.at), &words)?;
    let role = Sourced::new(value, Source::from(&role.at));
    let upload = match &table.upload {
        Some(text) => {
            let url = parse_address(&key("upload"), &text.value, &Origin::from(&text.at))?;
            Sourced::new(url, Source::from(&text.at))
        }
        None => Sourced::default_of(address_of(endpoint_of(value, endpoints))?),
    };
    let simple = table.simple.as_ref().map(|text| read_address(&key("simple"), text)).transpose()?;
    let source = Source::from(&name.at);
    Ok(Definition { name: name.value.clone(), source, role, upload, simple, table: Some(table) })
}

/// An address to read from, with the trailing slash that makes a project name its child.
pub(super) fn read_address(key: &str, text: &At<String>) -> Result<Sourced<SafeUrl>, ConfigError> {
    let url = parse_address(key, &text.value, &Origin::from(&text.at))?;
    Ok(Sourced::new(with_slash(&url), Source::from(&text.at)))
}

pub(super) fn with_slash(url: &SafeUrl) -> SafeUrl {
    let mut url = url.expose().clone();
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    SafeUrl::from(url)
}

pub(super) const fn endpoint_of(role: Role, endpoints: &Endpoints) -> &Endpoint {
    match role {
        Role::Production => &endpoints.production,
        Role::Test => &endpoints.test,
    }
}

fn address_of(endpoint: &Endpoint) -> Result<SafeUrl, ConfigError> {
    parse_address("upload", &endpoint.upload, &Origin::Other(Source::Default))
}

/// A built-in index.
pub(super) fn built_in(
    role: Role,
    source: Source,
    endpoints: &Endpoints,
) -> Result<Definition<'static>, ConfigError> {
    let endpoint = endpoint_of(role, endpoints);
    Ok(Definition {
        name: endpoint.name.clone(),
        source,
        role: Sourced::default_of(role),
        upload: Sourced::default_of(address_of(endpoint)?),
        simple: None,
        table: None,
    })
}

/// An address that a variable or flag names. Its name is its host, or the built-in name.
pub(super) fn from_address(
    url: SafeUrl,
    role: Role,
    source: Source,
    endpoints: &Endpoints,
) -> Definition<'static> {
    let identity = index_identity(url.expose());
    let name = built_in_endpoint(&identity, endpoints)
        .map_or_else(|| crate::values::authority(url.expose()), |endpoint| endpoint.name.clone());
    Definition {
        name,
        source: source.clone(),
        role: Sourced::new(role, source.clone()),
        upload: Sourced::new(url, source),
        simple: None,
        table: None,
    }
}

/// The built-in index with this identity.
pub(super) fn built_in_endpoint<'e>(identity: &str, endpoints: &'e Endpoints) -> Option<&'e Endpoint> {
    let mut both = [&endpoints.production, &endpoints.test].into_iter();
    both.find(|endpoint| identity_of(&endpoint.upload).as_deref() == Some(identity))
}

pub(super) fn identity_of(address: &str) -> Option<String> {
    url::Url::parse(address).ok().map(|url| index_identity(&url))
}

/// `--index URL`. The built-in test index keeps its role; any other address is meant for users.
pub(super) fn from_flag(
    text: &str,
    fallbacks: Fallbacks<'_>,
    endpoints: &Endpoints,
) -> Result<Definition<'static>, ConfigError> {
    let source = Source::Flag("--index".to_owned());
    let url = parse_address("--index", text, &Origin::Other(source.clone()))?;
    let identity = index_identity(url.expose());
    let is_test = built_in_endpoint(&identity, endpoints).is_some_and(|e| e.name == endpoints.test.name);
    let role = if is_test { Role::Test } else { Role::Production };
    let mut definition = from_address(url, role, source, endpoints);
    definition.simple = fallbacks.check_url()?;
    Ok(definition)
}

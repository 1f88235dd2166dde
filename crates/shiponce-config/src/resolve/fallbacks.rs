//! What uv, twine and distutils say about indexes, where shiponce's own configuration says nothing.

use shiponce_core::plan::Role;
use shiponce_core::redact::SafeUrl;

use super::definitions::{
    Definition, built_in_endpoint, from_address, identity_of, read_address, with_slash,
};
use crate::credentials::Bindings;
use crate::endpoints::Endpoints;
use crate::error::{ConfigError, Origin};
use crate::fallback::{Environment, Pypirc};
use crate::mask::mask;
use crate::project::UvIndex;
use crate::source::{Source, Sourced};
use crate::values::{index_identity, parse_address};

/// What other tools say about indexes.
#[derive(Clone, Copy)]
pub(crate) struct Fallbacks<'a> {
    pub(crate) environment: Environment<'a>,
    pub(crate) pypirc: Option<&'a Pypirc>,
    pub(crate) uv_indexes: &'a [UvIndex],
}

impl Fallbacks<'_> {
    /// The address that `UV_PUBLISH_*` is about: `UV_PUBLISH_URL`, or the index `UV_PUBLISH_INDEX` names.
    pub(super) fn uv_address(&self) -> Result<Option<Sourced<SafeUrl>>, ConfigError> {
        if let Some(found) = self.environment.get("UV_PUBLISH_URL") {
            let url = parse_address("UV_PUBLISH_URL", found.text(), &Origin::Other(found.source.clone()))?;
            return Ok(Some(Sourced::new(url, found.source)));
        }
        let Some(found) = self.environment.get("UV_PUBLISH_INDEX") else { return Ok(None) };
        let named = |index: &&UvIndex| index.name.as_ref().is_some_and(|name| name.value == found.text());
        let Some(index) = self.uv_indexes.iter().find(named) else {
            return Err(ConfigError::Invalid {
                origin: Origin::Other(found.source.clone()),
                key: "UV_PUBLISH_INDEX".to_owned(),
                complaint: format!("names no [[tool.uv.index]] with a `publish-url`: {}", mask(found.text())),
                hint: None,
            });
        };
        let text = &index.publish_url;
        let url = parse_address("publish-url", &text.value, &Origin::from(&text.at))?;
        Ok(Some(Sourced::new(url, found.source)))
    }

    /// `UV_PUBLISH_CHECK_URL`: where uv looks whether a file is there.
    pub(super) fn check_url(&self) -> Result<Option<Sourced<SafeUrl>>, ConfigError> {
        let key = "UV_PUBLISH_CHECK_URL";
        let Some(found) = self.environment.get(key) else { return Ok(None) };
        let url = parse_address(key, found.text(), &Origin::Other(found.source.clone()))?;
        Ok(Some(Sourced::new(with_slash(&url), found.source)))
    }

    /// The address that `TWINE_*` is about: `TWINE_REPOSITORY_URL`, or the server `TWINE_REPOSITORY` names.
    pub(super) fn twine_address(
        &self,
        endpoints: &Endpoints,
    ) -> Result<Option<Sourced<SafeUrl>>, ConfigError> {
        let url_key = "TWINE_REPOSITORY_URL";
        if let Some(found) = self.environment.get(url_key) {
            let url = parse_address(url_key, found.text(), &Origin::Other(found.source.clone()))?;
            return Ok(Some(Sourced::new(url, found.source)));
        }
        let key = "TWINE_REPOSITORY";
        let Some(found) = self.environment.get(key) else { return Ok(None) };
        let origin = Origin::Other(found.source.clone());
        let Some(address) = self.pypirc_address(found.text(), endpoints) else {
            return Err(ConfigError::Invalid {
                origin,
                key: key.to_owned(),
                complaint: format!("names no server of .pypirc with a `repository`: {}", mask(found.text())),
                hint: None,
            });
        };
        Ok(Some(Sourced::new(parse_address(key, &address, &origin)?, found.source)))
    }

    /// The address of a server in `.pypirc`; twine knows two without it.
    pub(super) fn pypirc_address(&self, name: &str, endpoints: &Endpoints) -> Option<String> {
        let written = self.pypirc.and_then(|file| file.section(name)).and_then(|s| s.repository.clone());
        written.or_else(|| match name {
            "pypi" => Some(endpoints.production.upload.clone()),
            "testpypi" => Some(endpoints.test.upload.clone()),
            _ => None,
        })
    }

    /// Which index each setting of uv, twine and distutils is about. Without an address of their own they are about
    /// the built-in production index and nothing else.
    pub(super) fn bindings(&self, endpoints: &Endpoints) -> Result<Bindings, ConfigError> {
        let production = identity_of(&endpoints.production.upload).unwrap_or_default();
        let identity = |address: Option<Sourced<SafeUrl>>| {
            address.map_or_else(|| production.clone(), |url| index_identity(url.value.expose()))
        };
        let servers = self.pypirc.map(Pypirc::names).unwrap_or_default();
        // A server with an address that cannot be used is nobody's: it was written for another tool.
        let pypirc = servers
            .into_iter()
            .filter_map(|name| Some((name.clone(), identity_of(&self.pypirc_address(&name, endpoints)?)?)));
        Ok(Bindings {
            uv: identity(self.uv_address()?),
            twine: identity(self.twine_address(endpoints)?),
            pypirc: pypirc.collect(),
        })
    }

    /// The index that variables of uv or twine name, if they do. What a run is told to publish to stands in for
    /// production, also when it is the test index: the other reading would publish where nobody asked for.
    pub(super) fn named_in_environment(
        &self,
        endpoints: &Endpoints,
    ) -> Result<Option<Definition<'static>>, ConfigError> {
        if let Some(address) = self.uv_address()? {
            let mut definition = from_address(address.value, Role::Production, address.source, endpoints);
            let identity = Some(definition.identity());
            let same = |index: &&UvIndex| identity_of(&index.publish_url.value) == identity;
            let written = self.uv_indexes.iter().find(same);
            definition.simple = match (self.check_url()?, written.and_then(|index| index.url.as_ref())) {
                (Some(simple), _) => Some(simple),
                (None, Some(text)) => Some(read_address("url", text)?),
                (None, None) => None,
            };
            return Ok(Some(definition));
        }
        let address = self.twine_address(endpoints)?;
        Ok(address.map(|address| from_address(address.value, Role::Production, address.source, endpoints)))
    }

    /// The indexes of `[[tool.uv.index]]` that can be published to. The built-in test index keeps its role.
    pub(super) fn uv_tables(&self, endpoints: &Endpoints) -> Result<Vec<Definition<'static>>, ConfigError> {
        let mut definitions = Vec::new();
        for index in self.uv_indexes {
            let text = &index.publish_url;
            let url = parse_address("publish-url", &text.value, &Origin::from(&text.at))?;
            let identity = index_identity(url.expose());
            let is_test =
                built_in_endpoint(&identity, endpoints).is_some_and(|e| e.name == endpoints.test.name);
            let role = if is_test { Role::Test } else { Role::Production };
            let mut definition = from_address(url, role, Source::from(&index.at), endpoints);
            if let Some(name) = &index.name {
                definition.name.clone_from(&name.value);
            }
            definition.simple = index.url.as_ref().map(|text| read_address("url", text)).transpose()?;
            definitions.push(definition);
        }
        Ok(definitions)
    }
}

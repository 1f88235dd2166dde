//! Variables from the real environment, and below it from `.env`.

use std::collections::BTreeMap;

use shiponce_core::redact::{ExposeSecret as _, SecretString};

use super::Dotenv;
use crate::source::Source;

/// The real environment over `.env`.
#[derive(Clone, Copy)]
pub(crate) struct Environment<'a> {
    real: &'a BTreeMap<String, String>,
    dotenv: Option<&'a Dotenv>,
}

/// A variable that is set to something.
pub(crate) struct Found {
    pub(crate) value: SecretString,
    pub(crate) source: Source,
}

impl Found {
    /// The value where it is no secret, such as an address.
    pub(crate) fn text(&self) -> &str {
        self.value.expose_secret()
    }
}

impl<'a> Environment<'a> {
    pub(crate) const fn new(real: &'a BTreeMap<String, String>, dotenv: Option<&'a Dotenv>) -> Self {
        Self { real, dotenv }
    }

    /// The same without `.env`.
    pub(crate) const fn without_dotenv(self) -> Self {
        Self { real: self.real, dotenv: None }
    }

    /// A variable. Empty counts as not set: CI systems set variables of missing secrets to the empty text.
    pub(crate) fn get(&self, name: &str) -> Option<Found> {
        if let Some(value) = self.real.get(name).filter(|value| !value.trim().is_empty()) {
            let value = SecretString::from(value.as_str());
            return Some(Found { value, source: Source::Environment(name.to_owned()) });
        }
        let value = self.dotenv?.get(name)?;
        if value.expose_secret().trim().is_empty() {
            return None;
        }
        Some(Found { value: value.clone(), source: Source::Fallback(format!(".env {name}")) })
    }

    /// Whether the variable is there, but empty.
    pub(crate) fn is_empty_text(&self, name: &str) -> bool {
        self.real.get(name).is_some_and(|value| value.trim().is_empty())
    }
}

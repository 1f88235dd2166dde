//! Variants: several distributions from one source, each with its own name on the index.

mod build_config;
mod draft;
mod json;

use std::collections::BTreeMap;
use std::path::PathBuf;

use shiponce_core::PackageName;
use shiponce_core::matrix::{Platform, VariantAxis};

pub(crate) use build_config::read_build_config;
pub(crate) use draft::{Draft, Typed};

use crate::config::Config;
use crate::error::ConfigError;
use crate::source::Sourced;
use crate::suggest::nearest;

/// The word that stands for every variant, and so can be the name of none.
pub(crate) const ALL: &str = "all";

/// One distribution of several that are built from one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The name on the command line, in tags and in legs.
    pub name: Sourced<String>,
    /// The name on the index. No two variants have the same.
    pub package: Sourced<PackageName>,
    /// The description file, relative to the project; it is there. `None`: that of the project.
    pub readme: Option<Sourced<PathBuf>>,
    /// The summary, one line. `None`: that of the project.
    pub description: Option<Sourced<String>>,
    /// The keywords. `None`: those of the project.
    pub keywords: Option<Sourced<Vec<String>>>,
    /// The platforms it is made for. `None`: all of the matrix.
    pub platforms: Option<Sourced<Vec<Platform>>>,
    /// Variables of its build, from `env` and from `flags`. They stand above `[build] env`.
    pub env: BTreeMap<String, Sourced<String>>,
    /// Other names on the command line.
    pub aliases: Vec<Sourced<String>>,
}

impl Variant {
    /// Whether a word of the command line means this variant.
    fn answers_to(&self, word: &str) -> bool {
        self.name.value == word || self.aliases.iter().any(|alias| alias.value == word)
    }

    /// The variant as an axis of a matrix.
    #[must_use]
    pub fn axis(&self) -> VariantAxis {
        VariantAxis {
            name: Some(self.name.value.clone()),
            platforms: self.platforms.as_ref().map(|platforms| platforms.value.clone()),
        }
    }
}

impl Config {
    /// The variants that the words of `--variant` name, each once, in the order of the configuration. No word at all
    /// and `all` mean every one.
    ///
    /// # Errors
    /// [`ConfigError::UnknownVariant`] for a word that names none, also in a project without variants.
    pub fn select_variants(&self, words: &[String]) -> Result<Vec<&Variant>, ConfigError> {
        let names = |variant: &Variant| -> Vec<String> {
            let aliases = variant.aliases.iter().map(|alias| alias.value.clone());
            std::iter::once(variant.name.value.clone()).chain(aliases).collect()
        };
        let unknown = words.iter().find(|word| {
            let is_all = word.as_str() == ALL && !self.variants.is_empty();
            !is_all && !self.variants.iter().any(|variant| variant.answers_to(word))
        });
        if let Some(word) = unknown {
            let spoken: Vec<String> = self.variants.iter().flat_map(names).collect();
            return Err(ConfigError::UnknownVariant {
                name: word.clone(),
                nearest: nearest(word, spoken.iter().map(String::as_str)).map(str::to_owned),
                known: self.variants.iter().map(|variant| names(variant).join(" or ")).collect(),
            });
        }
        let every = words.is_empty() || words.iter().any(|word| word == ALL);
        let wanted = |variant: &&Variant| every || words.iter().any(|word| variant.answers_to(word));
        Ok(self.variants.iter().filter(wanted).collect())
    }
}

//! A variant as it was typed, in either of the two files that can hold one.

use crate::error::Origin;
use crate::place::At;
use crate::raw::RawVariant;
use crate::source::Source;

/// A value with where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Typed<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

impl<T> Typed<T> {
    pub(crate) fn source(&self) -> Source {
        match &self.origin {
            Origin::File(place) => Source::from(place.as_ref()),
            Origin::Other(source) => source.clone(),
        }
    }
}

impl<T> From<At<T>> for Typed<T> {
    fn from(at: At<T>) -> Self {
        Self { value: at.value, origin: Origin::from(&at.at) }
    }
}

/// A variable and its value.
pub(crate) type Assignment = (Typed<String>, Typed<String>);

/// A list of texts.
pub(crate) type List = Typed<Vec<Typed<String>>>;

/// A variant as it was typed.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) name: Typed<String>,
    pub(crate) keys: Keys,
    pub(crate) package: Option<Typed<String>>,
    pub(crate) readme: Option<Typed<String>>,
    pub(crate) description: Option<Typed<String>>,
    pub(crate) keywords: Option<List>,
    pub(crate) platforms: Option<List>,
    pub(crate) env: Vec<Assignment>,
    pub(crate) flags: Vec<Assignment>,
    pub(crate) aliases: Option<List>,
}

/// How the fields are called where the variant stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keys {
    pub(crate) table: &'static str,
    pub(crate) package: &'static str,
    pub(crate) readme: &'static str,
    pub(crate) platforms: &'static str,
}

impl Draft {
    /// The dotted name of a field.
    pub(crate) fn key(&self, field: &str) -> String {
        format!("{}.{}.{field}", self.keys.table, self.name.value)
    }
}

impl Draft {
    /// A table `[variants.NAME]`.
    pub(crate) fn of_table(name: &At<String>, raw: &RawVariant) -> Self {
        let list = |list: &Option<At<Vec<At<String>>>>| {
            list.clone().map(|list| Typed {
                origin: Origin::from(&list.at),
                value: list.value.into_iter().map(Typed::from).collect(),
            })
        };
        let text = |text: &Option<At<String>>| text.clone().map(Typed::from);
        let pairs = |entries: &[(At<String>, At<String>)]| {
            entries.iter().map(|(name, value)| (name.clone().into(), value.clone().into())).collect()
        };
        Self {
            name: name.clone().into(),
            keys: Keys { table: "variants", package: "package", readme: "readme", platforms: "platform" },
            package: text(&raw.package),
            readme: text(&raw.readme),
            description: text(&raw.description),
            keywords: list(&raw.keywords),
            platforms: list(&raw.platform),
            env: pairs(&raw.env),
            flags: pairs(&raw.flags),
            aliases: list(&raw.aliases),
        }
    }
}

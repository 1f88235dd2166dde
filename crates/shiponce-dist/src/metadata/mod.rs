//! Core metadata (PEP 241 to PEP 794): parsed without loss, and mapped to the upload form.

mod content_type;
mod defect;
mod edit;
mod fields;
mod form;
mod parse;

use shiponce_core::{PackageName, Version};

pub use content_type::content_type_problem;
pub use defect::Defect;
pub use edit::EditError;
pub(crate) use edit::{Edit, edited};
pub use fields::{FieldKind, FieldSpec, KNOWN_VERSIONS, spec};
pub(crate) use form::version_of;

/// METADATA and PKG-INFO are read up to this size in bytes.
pub const METADATA_LIMIT: u64 = 16 << 20;

/// One header line of the metadata file, with its folded continuation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name as written.
    pub name: String,
    /// The value as written: folded lines keep their line breaks and indentation.
    pub value: String,
}

/// The metadata of one distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    pub(crate) fields: Vec<Field>,
    /// The line at which each field begins, from 1.
    pub(crate) lines: Vec<u32>,
    pub(crate) body: Option<String>,
    pub(crate) defects: Vec<Defect>,
    pub(crate) name: PackageName,
    pub(crate) version: Version,
}

/// Why a metadata file cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// A required field is missing, empty or not UTF-8.
    #[error("the metadata has no usable `{0}`")]
    Missing(&'static str),
    /// `Name` is not a project name.
    #[error("the metadata has an invalid `Name`")]
    Name(#[source] shiponce_core::names::NameError),
    /// `Version` is not PEP 440.
    #[error("the metadata has an invalid `Version`")]
    Version(#[source] shiponce_core::version::VersionError),
}

impl Metadata {
    /// Parses the bytes of METADATA or PKG-INFO.
    ///
    /// Only what makes a file unusable is an error; everything else that an index would refuse is kept among
    /// [`Metadata::defects`].
    ///
    /// # Errors
    /// [`MetadataError`] without a usable `Metadata-Version`, `Name` and `Version`.
    pub fn parse(bytes: &[u8]) -> Result<Self, MetadataError> {
        parse::parse(bytes)
    }

    /// The project.
    #[must_use]
    pub fn name(&self) -> &PackageName {
        &self.name
    }

    /// The version.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// `Metadata-Version` as written.
    #[must_use]
    pub fn metadata_version(&self) -> &str {
        self.get("Metadata-Version").unwrap_or_default()
    }

    /// The first value of a field; names compare without case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.get_all(name).next()
    }

    /// All values of a field in order.
    pub fn get_all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value.as_str())
    }

    /// Every field in the order of the file, known or not, without the body.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The line at which `fields()[index]` begins, from 1.
    #[must_use]
    pub fn line_of(&self, index: usize) -> Option<u32> {
        self.lines.get(index).copied()
    }

    /// The long description: the body, or the `Description` field of old metadata.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.body.as_deref().or_else(|| self.get("Description"))
    }

    /// `Description-Content-Type` as written.
    #[must_use]
    pub fn description_content_type(&self) -> Option<&str> {
        self.get("Description-Content-Type")
    }

    /// What Python's `packaging` would not parse, and thereby what twine refuses to send.
    #[must_use]
    pub fn defects(&self) -> &[Defect] {
        &self.defects
    }

    /// The fields in the spelling and order of the upload form; see [`fields::FieldSpec::form`].
    #[must_use]
    pub fn to_form(&self) -> Vec<(String, String)> {
        form::to_form(self)
    }
}

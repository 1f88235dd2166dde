//! What is wrong with a metadata file that can still be read.

/// One thing that `packaging.metadata.parse_email` puts among the unparsed fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// The value is not UTF-8; the field is left out.
    #[error("`{0}` is not UTF-8")]
    NotUtf8(String),
    /// A field that core metadata does not define.
    #[error("`{0}` is not a core metadata field")]
    Unknown(String),
    /// A field that may occur once occurs again.
    #[error("`{0}` occurs more than once")]
    Repeated(String),
    /// A description in a field and another in the body.
    #[error("the description stands both in a field and in the body")]
    TwoDescriptions,
    /// Two project addresses with one label.
    #[error("two `Project-URL` fields have the label `{0}`")]
    RepeatedLabel(String),
}

//! An answer in words.

/// What an answer means for the person who reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// A stable word for this kind of answer, for JSON and tests: `filename-burned`.
    pub rule: &'static str,
    /// What happened, as a lower-case fragment.
    pub what: String,
    /// Why the index does that.
    pub why: String,
    /// What to do about it, when something can be done.
    pub hint: Option<String>,
}

impl Explanation {
    /// An explanation; an empty hint is none.
    pub(crate) fn new(
        rule: &'static str,
        what: impl Into<String>,
        why: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let hint = Some(hint.into()).filter(|text| !text.is_empty());
        Self { rule, what: what.into(), why: why.into(), hint }
    }
}

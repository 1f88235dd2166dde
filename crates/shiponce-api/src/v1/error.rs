//! A problem as JSON.

use serde::{Deserialize, Serialize};

use crate::Problem;

/// The document a command prints with `--json` when it cannot print its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDocument {
    /// The problem.
    pub error: ErrorBody,
}

/// A problem: the same content as the text on stderr.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The stable name; `shiponce explain CODE` prints its page.
    pub code: String,
    /// What failed, with which value.
    pub message: String,
    /// Labelled values.
    pub facts: Vec<FactRow>,
    /// The chain of causes, outermost first.
    pub causes: Vec<String>,
    /// Sentences on what the run did or did not do.
    pub notes: Vec<String>,
    /// What to do next.
    pub hints: Vec<String>,
    /// The exit code that belongs to the problem.
    pub exit_code: u8,
}

/// A labelled value. A list and not a map, because the order and repeated labels carry meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactRow {
    /// What the text is about.
    pub label: String,
    /// The value.
    pub text: String,
}

impl From<&Problem> for ErrorBody {
    fn from(problem: &Problem) -> Self {
        Self {
            code: problem.code.slug().to_owned(),
            message: problem.message.clone(),
            facts: problem
                .facts
                .iter()
                .map(|fact| FactRow { label: fact.label.clone(), text: fact.text.clone() })
                .collect(),
            causes: problem.causes.clone(),
            notes: problem.notes.clone(),
            hints: problem.hints.clone(),
            exit_code: problem.exit_code().number(),
        }
    }
}

impl From<&Problem> for ErrorDocument {
    fn from(problem: &Problem) -> Self {
        Self { error: problem.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorCode, v1::to_text};

    #[test]
    fn a_problem_as_json() {
        let problem = Problem::new(ErrorCode::TokenMissing, "no credential for index company")
            .fact("index", "https://packages.example/legacy/")
            .cause("COMPANY_TOKEN is not set")
            .hint("set COMPANY_TOKEN");
        insta::assert_snapshot!(to_text(&ErrorDocument::from(&problem)).unwrap(), @r#"
        {
          "error": {
            "code": "token-missing",
            "message": "no credential for index company",
            "facts": [
              {
                "label": "index",
                "text": "https://packages.example/legacy/"
              }
            ],
            "causes": [
              "COMPANY_TOKEN is not set"
            ],
            "notes": [],
            "hints": [
              "set COMPANY_TOKEN"
            ],
            "exit_code": 7
          }
        }
        "#);
    }
}

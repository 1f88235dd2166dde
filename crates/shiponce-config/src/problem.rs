//! Turns a configuration error into the problem a user reads.

use shiponce_api::{ErrorCode, Problem};

use crate::error::{ConfigError, Origin};
use crate::place::Place;
use crate::source::Source;
use crate::workspace::SelectionError;

impl ConfigError {
    /// The stable name of the error.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::NoProject { .. } => ErrorCode::NoProject,
            Self::BothFiles => ErrorCode::ConfigBothFiles,
            Self::Read { .. } | Self::Syntax { .. } | Self::Json { .. } => ErrorCode::ConfigInvalid,
            // A value of a flag or variable is a matter of the command line and not of a file.
            Self::Invalid {
                origin: Origin::File(_) | Origin::Other(Source::File { .. } | Source::Fallback(_)),
                ..
            } => ErrorCode::ConfigInvalid,
            Self::Invalid { .. } | Self::UnknownTarget { .. } | Self::UnknownVariant { .. } => {
                ErrorCode::Usage
            }
            Self::UnknownKey { .. } => ErrorCode::ConfigUnknownKey,
            Self::InsecureUrl { .. } => ErrorCode::InsecureUrl,
            Self::SecretInUrl { .. } => ErrorCode::SecretInUrl,
            Self::NotSupported { .. } => ErrorCode::NotSupported,
            Self::Policy { .. } => ErrorCode::PolicyRefused,
            Self::SecretFileReadable { .. } => ErrorCode::SecretFileReadable,
            Self::TokenMalformed { .. } => ErrorCode::TokenMalformed,
            Self::TokenForeignHost { .. } => ErrorCode::TokenForeignHost,
            Self::TokenMissing { .. } => ErrorCode::TokenMissing,
        }
    }

    /// The error as it is shown, with facts and hints.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let problem = Problem::from_error(self.code(), self);
        match self {
            Self::NoProject { above, .. } => match above {
                Some(dir) => problem.hint(format!("a folder above has one: {}", dir.display())),
                None => problem.hint("go to the project, or name its folder"),
            },
            Self::BothFiles => problem
                .hint("keep one of them")
                .hint("or name the one that counts for this run: --config shiponce.toml"),
            Self::Read { .. } => problem,
            Self::Syntax { at, .. } | Self::Json { at, .. } => placed(problem, at),
            Self::UnknownKey { at, nearest, known, .. } => {
                let problem = placed(problem, at);
                match nearest {
                    Some(word) => problem.hint(format!("did you mean `{word}`?")),
                    None => problem.hint(format!("known keys: {}", known.join(", "))),
                }
            }
            Self::Invalid { origin, hint, .. } => with_hint(located(problem, origin), hint.as_deref()),
            Self::InsecureUrl { origin, .. } => {
                located(problem, origin).hint("use https, or a loopback address")
            }
            Self::SecretInUrl { origin, key, .. } => {
                let problem = located(problem, origin).hint("take the credential out of the address");
                let is_index = key.starts_with("index.") || key.contains("url") || key.contains("URL");
                let advice = "for an index use `username` with `token-env` or `token-command`";
                with_hint(problem, is_index.then_some(advice))
            }
            Self::NotSupported { origin, .. } => {
                located(problem, origin).hint("remove it, or use a version of shiponce that supports it")
            }
            Self::Policy { rule, hint, .. } => problem.fact("policy", rule).hint(hint),
            Self::UnknownTarget { nearest, known, .. } => {
                let suggestion = nearest.as_ref().map(|word| format!("did you mean `{word}`?"));
                with_hint(problem, suggestion.as_deref()).hint(format!("configured: {}", known.join(", ")))
            }
            Self::UnknownVariant { nearest, known, .. } => {
                let suggestion = nearest.as_ref().map(|word| format!("did you mean `{word}`?"));
                let problem = with_hint(problem, suggestion.as_deref());
                let list = (!known.is_empty()).then(|| format!("variants: {}, or `all`", known.join(", ")));
                with_hint(problem, list.as_deref())
            }
            Self::SecretFileReadable { path, .. } => {
                let path = path.display();
                problem.fact("file", path.to_string()).hint(format!("chmod 600 {path}"))
            }
            Self::TokenMalformed { index, from, hint, .. } => unsent(problem, index, from).hint(*hint),
            Self::TokenForeignHost { index, from, expected, .. } => {
                unsent(problem, index, from).hint(format!("use a token of {expected}"))
            }
            Self::TokenMissing { looked, hints, .. } => {
                let problem = looked.iter().fold(problem, |problem, line| problem.fact("looked at", line));
                hints.iter().fold(problem, |problem, hint| problem.hint(hint))
            }
        }
    }
}

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Self {
        error.problem()
    }
}

impl SelectionError {
    /// The error as it is shown, with hints.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::Unknown { nearest, known, .. } => {
                let problem = Problem::from_error(ErrorCode::Usage, self);
                let suggestion = nearest.as_ref().map(|word| format!("did you mean `{word}`?"));
                with_hint(problem, suggestion.as_deref()).hint(format!("projects: {}", known.join(", ")))
            }
            Self::Circle(circle) => Problem::from_error(ErrorCode::ConfigInvalid, circle)
                .hint("move what both need into a project of its own, or make one of the needs an extra"),
        }
    }
}

impl From<SelectionError> for Problem {
    fn from(error: SelectionError) -> Self {
        error.problem()
    }
}

fn located(problem: Problem, origin: &Origin) -> Problem {
    match origin {
        Origin::File(place) => placed(problem, place),
        Origin::Other(source) => problem.fact("source", source.to_string()),
    }
}

fn placed(problem: Problem, place: &Place) -> Problem {
    let mut excerpt = vec![format!("--> {place}")];
    excerpt.extend(place.excerpt.iter().cloned());
    problem.with_excerpt(excerpt)
}

fn with_hint(problem: Problem, hint: Option<&str>) -> Problem {
    match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

fn unsent(problem: Problem, index: &str, from: &Source) -> Problem {
    problem.fact("index", index).fact("source", from.to_string()).note("Nothing was sent.")
}

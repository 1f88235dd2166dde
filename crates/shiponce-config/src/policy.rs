//! The policy of an organisation: a file named by `SHIPONCE_POLICY` that can only forbid.
//!
//! It is not merged with the configuration and has no defaults from it: what it forbids, no flag allows.

use std::path::Path;

use crate::error::ConfigError;
use crate::place::{At, Text};
use crate::reader::{Table, parse};

/// Rules with the lines they stand on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    forbid_skips: Option<At<bool>>,
    forbid_tokens: Option<At<bool>>,
    forbid_attempt_on_unknown: Option<At<bool>>,
    forbid_single_copy: Option<At<bool>>,
    allowed_hosts: Option<At<Vec<At<String>>>>,
}

/// Something a policy can forbid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// Leaving out a target by a flag.
    Skips,
    /// Any credential that is stored somewhere; trusted publishing is left.
    Tokens,
    /// `--on-unknown attempt`
    AttemptOnUnknown,
    /// Sending files to production of which no second copy exists.
    SingleCopy,
}

impl Policy {
    /// Reads the file. One that is named and cannot be read is an error, never an absent policy.
    pub(crate) fn read(path: &Path) -> Result<Self, ConfigError> {
        let content = fs_err::read_to_string(path).map_err(|error| ConfigError::read(path, &error))?;
        let text = Text { name: path.display().to_string(), content };
        let document = parse(&text)?;
        let table = Table::root(&text, &document);
        let policy = Self {
            forbid_skips: table.boolean("forbid-skips")?,
            forbid_tokens: table.boolean("forbid-tokens")?,
            forbid_attempt_on_unknown: table.boolean("forbid-attempt-on-unknown")?,
            forbid_single_copy: table.boolean("forbid-single-copy")?,
            allowed_hosts: table.strings("allowed-hosts")?,
        };
        table.finish()?;
        Ok(policy)
    }

    /// Refuses something when a rule forbids it. `asked` says what was asked for and where, as in
    /// `leaving out a target: --skip test`.
    ///
    /// # Errors
    /// [`ConfigError::Policy`] with the line of the rule.
    pub fn refuse(&self, what: Forbidden, asked: &str) -> Result<(), ConfigError> {
        let (rule, hint) = match what {
            Forbidden::Skips => (&self.forbid_skips, "release to every target"),
            Forbidden::Tokens => (&self.forbid_tokens, "use trusted publishing"),
            Forbidden::AttemptOnUnknown => {
                (&self.forbid_attempt_on_unknown, "run again when the target can be read")
            }
            Forbidden::SingleCopy => (&self.forbid_single_copy, "configure a test index as a second place"),
        };
        match rule {
            Some(rule) if rule.value => Err(refusal(rule.at.file.as_str(), rule.at.line, asked, hint)),
            _ => Ok(()),
        }
    }

    /// Refuses a host that is not listed, when hosts are listed.
    ///
    /// # Errors
    /// [`ConfigError::Policy`] with the line of the list.
    pub fn refuse_host(&self, host: &str, asked: &str) -> Result<(), ConfigError> {
        let Some(hosts) = &self.allowed_hosts else { return Ok(()) };
        if hosts.value.iter().any(|allowed| allowed.value.eq_ignore_ascii_case(host)) {
            return Ok(());
        }
        let allowed: Vec<&str> = hosts.value.iter().map(|host| host.value.as_str()).collect();
        let hint = format!("allowed hosts: {}", allowed.join(", "));
        Err(refusal(&hosts.at.file, hosts.at.line, &format!("the host {host}: {asked}"), &hint))
    }
}

fn refusal(file: &str, line: usize, asked: &str, hint: &str) -> ConfigError {
    ConfigError::Policy { rule: format!("{file}:{line}"), what: asked.to_owned(), hint: hint.to_owned() }
}

//! Finding a Python that can make virtual environments.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::process;

/// The oldest minor version of Python 3 the pinned tools support.
const OLDEST_MINOR: u64 = 9;

/// An interpreter that was asked about itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Python {
    /// The interpreter itself, not a shim in front of it.
    pub(crate) executable: PathBuf,
    /// Such as `3.11.7`.
    pub(crate) version: String,
    /// Where its C headers are.
    pub(crate) headers: PathBuf,
    /// Whether `python -m venv` can put pip into an environment.
    pub(crate) has_venv: bool,
}

/// Debian splits `venv` and `ensurepip` from the interpreter: ask for both.
const QUESTION: &str = "import sys, sysconfig
try:
    import venv, ensurepip
    whole = 1
except ImportError:
    whole = 0
print(sys.executable)
print('.'.join(map(str, sys.version_info[:3])))
print(sysconfig.get_paths()['include'])
print(whole)
";

impl Python {
    /// The interpreter of `PYTHON`, or the first of `python3` and `python` that will do.
    ///
    /// # Errors
    ///
    /// A sentence that says what to install, when none will do.
    pub(crate) fn find() -> Result<Self> {
        let candidates: Vec<OsString> = match std::env::var_os("PYTHON") {
            Some(named) => vec![named],
            None => vec!["python3".into(), "python".into()],
        };
        let mut refused = Vec::new();
        for name in candidates {
            match process::output(process::program(&name).args(["-c", QUESTION]))
                .and_then(|text| Self::read(&text))
            {
                Ok(python) => match python.usable() {
                    Ok(()) => return Ok(python),
                    Err(error) => refused.push(error.to_string()),
                },
                Err(error) => refused.push(error.to_string()),
            }
        }
        bail!(
            "no usable Python: {}. The tests need Python 3.{OLDEST_MINOR} or newer with venv",
            refused.join("; ")
        )
    }

    fn read(answer: &str) -> Result<Self> {
        let lines: Vec<&str> = answer.lines().collect();
        let [executable, version, headers, whole] = lines[..] else {
            bail!("python described itself in {} lines instead of 4: {answer:?}", lines.len());
        };
        Ok(Self {
            executable: executable.into(),
            version: version.to_owned(),
            headers: headers.into(),
            has_venv: whole == "1",
        })
    }

    fn usable(&self) -> Result<()> {
        let mut numbers = self.version.split('.').map(str::parse::<u64>);
        let (major, minor) = (
            numbers.next().transpose().context("a version without a number")?.unwrap_or(0),
            numbers.next().transpose().context("a version without a number")?.unwrap_or(0),
        );
        if (major, minor) < (3, OLDEST_MINOR) {
            bail!("{} is Python {}, too old", self.executable.display(), self.version);
        }
        if !self.has_venv {
            bail!(
                "{} has no venv or no ensurepip (install the package `python3-venv`)",
                self.executable.display()
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(answer: &str) -> Result<(), String> {
        Python::read(answer).and_then(|python| python.usable()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_oldest_supported_is_accepted() {
        assert_eq!(judged("/opt/python\n3.9.2\n/opt/include\n1\n"), Ok(()));
        assert_eq!(judged("/opt/python\n4.0.0\n/opt/include\n1\n"), Ok(()));
    }

    #[test]
    fn an_old_one_is_refused_with_its_version() {
        assert_eq!(
            judged("/opt/python\n3.8.18\n/opt/include\n1\n"),
            Err("/opt/python is Python 3.8.18, too old".to_owned())
        );
        assert_eq!(
            judged("/opt/python\n2.7.18\n/opt/include\n1\n"),
            Err("/opt/python is Python 2.7.18, too old".to_owned())
        );
    }

    #[test]
    fn one_without_venv_is_refused_with_the_package_name() {
        assert_eq!(
            judged("/opt/python\n3.11.2\n/opt/include\n0\n"),
            Err("/opt/python has no venv or no ensurepip (install the package `python3-venv`)".to_owned())
        );
    }

    #[test]
    fn a_strange_answer_is_an_error() {
        assert!(judged("hello\n").unwrap_err().contains("in 1 lines instead of 4"));
    }
}

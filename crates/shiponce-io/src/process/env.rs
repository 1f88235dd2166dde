//! What a child may know about its surroundings.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;

use super::strip::{Stripped, without_credentials};

/// The environment of this process, handed in by the binary. Its `Debug` shows names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment(pub BTreeMap<OsString, OsString>);

impl Environment {
    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(OsStr::new(name)).map(OsString::as_os_str)
    }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Passed on as they are.
const PLAIN: &[&str] = &[
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "SOURCE_DATE_EPOCH",
    // Certificate authorities.
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "PIP_CERT",
    "GIT_SSL_CAINFO",
    "CARGO_HTTP_CAINFO",
    "NODE_EXTRA_CA_CERTS",
    // Which index, without an address in them.
    "NO_PROXY",
    "no_proxy",
    "PIP_NO_INDEX",
    "PIP_TRUSTED_HOST",
    "PIP_CONFIG_FILE",
    "UV_NO_INDEX",
    "UV_INDEX_STRATEGY",
    "UV_INSECURE_HOST",
    "UV_CONFIG_FILE",
    "UV_NO_CONFIG",
    "UV_NATIVE_TLS",
    "UV_SYSTEM_CERTS",
    "UV_OFFLINE",
    // Without these no program starts on Windows, or it has no place for temporary files.
    "SystemRoot",
    "SYSTEMROOT",
    "windir",
    "ComSpec",
    "COMSPEC",
    "PATHEXT",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "ProgramData",
    "NUMBER_OF_PROCESSORS",
    "PROCESSOR_ARCHITECTURE",
];

/// Passed on without the credentials that their addresses may hold.
const WITH_ADDRESSES: &[&str] = &[
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "PIP_PROXY",
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "UV_INDEX",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
];

/// The whole environment of a child. Its `Debug` shows names only.
#[derive(Clone, Default)]
pub struct ChildEnv {
    variables: BTreeMap<OsString, OsString>,
    notes: Vec<EnvNote>,
}

/// Something in the environment that a child does not see as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvNote {
    /// The variable.
    pub name: String,
    /// What was done to it.
    pub treatment: Treatment,
}

/// What was done to a variable that holds, or may hold, credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// `user:password@` was removed from its addresses; the rest was passed on.
    Stripped,
    /// It was not passed on at all: the secret could not be told from the rest.
    LeftOut,
}

impl ChildEnv {
    /// Nothing at all.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// What code of the project may see: `PATH`, `HOME`, `TMPDIR`, `LANG`, `LC_*`, proxies, certificate
    /// authorities, `SOURCE_DATE_EPOCH`, pip's and uv's index settings, and `extra` as it is (`[build]
    /// env`), which wins.
    ///
    /// Credentials in proxy and index addresses are stripped. A variable is left out when its secret
    /// cannot be told from the rest: an address with a query (signed addresses), one that does not parse,
    /// a value that is not UTF-8, and `UV_INDEX_*_USERNAME` and `_PASSWORD`. [`ChildEnv::notes`] says
    /// which. A secret in the path of an address cannot be recognised and passes.
    #[must_use]
    pub fn allowed(source: &Environment, extra: &BTreeMap<OsString, OsString>) -> Self {
        let mut child = Self::empty();
        for (name, value) in &source.0 {
            if let Some(name_text) = name.to_str() {
                child.admit(name_text, value);
            }
        }
        for (name, value) in extra {
            child.variables.insert(name.clone(), value.clone());
        }
        child
    }

    /// Sets a variable.
    #[must_use]
    pub fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// Removes a variable.
    #[must_use]
    pub fn without(mut self, name: impl AsRef<OsStr>) -> Self {
        self.variables.remove(name.as_ref());
        self
    }

    /// The variables.
    #[must_use]
    pub fn variables(&self) -> &BTreeMap<OsString, OsString> {
        &self.variables
    }

    /// What was stripped or left out because of credentials.
    #[must_use]
    pub fn notes(&self) -> &[EnvNote] {
        &self.notes
    }

    fn admit(&mut self, name: &str, value: &OsStr) {
        if PLAIN.contains(&name) || name.starts_with("LC_") {
            self.variables.insert(name.into(), value.into());
        } else if WITH_ADDRESSES.contains(&name) {
            match value.to_str().map_or(Stripped::Unclear, without_credentials) {
                Stripped::Clean => {
                    self.variables.insert(name.into(), value.into());
                }
                Stripped::Removed(text) => {
                    self.variables.insert(name.into(), text.into());
                    self.note(name, Treatment::Stripped);
                }
                Stripped::Unclear => self.note(name, Treatment::LeftOut),
            }
        } else if name.starts_with("UV_INDEX_")
            && (name.ends_with("_USERNAME") || name.ends_with("_PASSWORD"))
        {
            self.note(name, Treatment::LeftOut);
        }
    }

    fn note(&mut self, name: &str, treatment: Treatment) {
        self.notes.push(EnvNote { name: name.to_owned(), treatment });
    }
}

impl fmt::Debug for ChildEnv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{ChildEnv, Environment};
    use std::collections::BTreeMap;

    #[test]
    fn only_the_list_passes_and_credentials_do_not() {
        let source: Environment = [
            ("PATH", "/usr/bin"),
            ("LC_ALL", "C"),
            ("HTTPS_PROXY", "http://me:hunter2@proxy.example:3128"),
            ("no_proxy", "localhost"),
            ("PIP_INDEX_URL", "https://tok@pkgs.example/simple/"),
            ("PIP_EXTRA_INDEX_URL", "https://a.example/simple https://b.example/?sig=hunter2"),
            ("UV_INDEX", "corp=https://u:hunter2@c.example/simple https://d.example/simple"),
            ("UV_INDEX_CORP_PASSWORD", "hunter2"),
            ("UV_PUBLISH_TOKEN", "pypi-hunter2"),
            ("TWINE_PASSWORD", "hunter2"),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "hunter2"),
            ("GITHUB_TOKEN", "hunter2"),
            ("PIP_CLIENT_CERT", "/home/me/key.pem"),
        ]
        .into_iter()
        .collect();
        let extra = BTreeMap::from([("CIBW_BUILD".into(), "cp312-*".into())]);
        let child = ChildEnv::allowed(&source, &extra);
        let text: String = child
            .variables()
            .iter()
            .map(|(name, value)| format!("{}={}\n", name.display(), value.display()))
            .collect();
        assert!(!text.contains("hunter2"), "{text}");
        insta::assert_snapshot!(text, @r"
        CIBW_BUILD=cp312-*
        HTTPS_PROXY=http://proxy.example:3128
        LC_ALL=C
        PATH=/usr/bin
        PIP_INDEX_URL=https://pkgs.example/simple/
        UV_INDEX=corp=https://c.example/simple https://d.example/simple
        no_proxy=localhost
        ");
        insta::assert_debug_snapshot!(child.notes(), @r#"
        [
            EnvNote {
                name: "HTTPS_PROXY",
                treatment: Stripped,
            },
            EnvNote {
                name: "PIP_EXTRA_INDEX_URL",
                treatment: LeftOut,
            },
            EnvNote {
                name: "PIP_INDEX_URL",
                treatment: Stripped,
            },
            EnvNote {
                name: "UV_INDEX",
                treatment: Stripped,
            },
            EnvNote {
                name: "UV_INDEX_CORP_PASSWORD",
                treatment: LeftOut,
            },
        ]
        "#);
        insta::assert_debug_snapshot!(child, @r#"
        {
            "CIBW_BUILD",
            "HTTPS_PROXY",
            "LC_ALL",
            "PATH",
            "PIP_INDEX_URL",
            "UV_INDEX",
            "no_proxy",
        }
        "#);
    }

    #[cfg(unix)]
    #[test]
    fn an_address_that_is_not_text_is_left_out() {
        use std::os::unix::ffi::OsStringExt as _;
        let value = std::ffi::OsString::from_vec(b"http://\xff@x".to_vec());
        let source: Environment = [("http_proxy", value)].into_iter().collect();
        let child = ChildEnv::allowed(&source, &BTreeMap::new());
        assert!(child.variables().is_empty());
        assert_eq!(child.notes().len(), 1);
    }
}

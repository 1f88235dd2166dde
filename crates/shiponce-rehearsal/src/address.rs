//! The two indexes and where their pages stand.

use std::fmt;

/// One of the two package indexes of a world. They share nothing: accounts, projects, tokens, burned
/// names and publishers are separate, as they are between the real pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Index {
    /// The production index, under `/prod`. It proxies other projects read-only when it has an upstream.
    Pypi,
    /// The test index, under `/test`. It never proxies.
    TestPypi,
}

impl Index {
    /// Both, production first.
    pub const ALL: [Self; 2] = [Self::Pypi, Self::TestPypi];

    /// The first path segment of this index.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Pypi => "prod",
            Self::TestPypi => "test",
        }
    }

    /// What `/_/oidc/audience` answers: `pypi` and `testpypi`, as the real services do.
    #[must_use]
    pub const fn audience(self) -> &'static str {
        match self {
            Self::Pypi => "pypi",
            Self::TestPypi => "testpypi",
        }
    }

    /// The addresses of this index below a base URL such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn addresses(self, base_url: &str) -> Addresses {
        Addresses { root: format!("{}/{}", base_url.trim_end_matches('/'), self.prefix()) }
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix())
    }
}

/// The addresses of one index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    pub(crate) root: String,
}

impl Addresses {
    /// The address everything else stands below, without a final slash.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Where uploads are posted: `…/legacy/`.
    #[must_use]
    pub fn upload(&self) -> String {
        format!("{}/legacy/", self.root)
    }

    /// The root of the Simple API: `…/simple/`, as pip and uv take it for an index URL.
    #[must_use]
    pub fn simple(&self) -> String {
        format!("{}/simple/", self.root)
    }

    /// The root of the JSON API: `…/pypi/`; a project stands at `…/pypi/<name>/json`.
    #[must_use]
    pub fn json(&self) -> String {
        format!("{}/pypi/", self.root)
    }

    /// The root of the file store: `…/files/`; a file stands at
    /// `…/files/<b2[0..2]>/<b2[2..4]>/<b2[4..]>/<filename>` by its blake2b-256.
    #[must_use]
    pub fn files(&self) -> String {
        format!("{}/files/", self.root)
    }

    /// Where the audience for trusted publishing is asked.
    #[must_use]
    pub fn audience(&self) -> String {
        format!("{}/_/oidc/audience", self.root)
    }

    /// Where an identity token is exchanged for an API token.
    #[must_use]
    pub fn mint_token(&self) -> String {
        format!("{}/_/oidc/mint-token", self.root)
    }

    /// Where an API token is given back.
    #[must_use]
    pub fn burn_token(&self) -> String {
        format!("{}/_/oidc/burn-token", self.root)
    }

    pub(crate) fn provenance(&self, project: &str, version: &str, filename: &str) -> String {
        let name = percent_encoding::utf8_percent_encode(filename, FILENAME);
        format!("{}/integrity/{project}/{version}/{name}/provenance", self.root)
    }

    pub(crate) fn help(&self, anchor: &str) -> String {
        format!("{}/help/#{anchor}", self.root)
    }

    pub(crate) fn docs(&self, page: &str) -> String {
        format!("{}/docs/{page}", self.root)
    }

    pub(crate) fn file(&self, blake2: &str, filename: &str) -> String {
        let name = percent_encoding::utf8_percent_encode(filename, FILENAME);
        format!("{}{}/{}/{}/{name}", self.files(), &blake2[..2], &blake2[2..4], &blake2[4..])
    }
}

/// Everything a file name may hold that a path segment may not.
const FILENAME: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'+');

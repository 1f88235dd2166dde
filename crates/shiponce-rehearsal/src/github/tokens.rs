//! Who may do what: tokens, people, and the repositories they reach.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use jiff::{SignedDuration, Timestamp};

use super::repository::Repository;
use crate::fault::Lag;
use crate::text::hex;

/// Requests a token has within an hour.
const HOURLY: u32 = 5000;
/// Requests within an hour that come without one.
const HOURLY_ANONYMOUS: u32 = 60;

/// The kinds of tokens; they are refused in different words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenKind {
    /// A classic personal one. What it may not write answers 404.
    Classic,
    /// A fine-grained personal one.
    #[default]
    FineGrained,
    /// The `GITHUB_TOKEN` of a workflow.
    Workflow,
}

/// A token to be issued: whose it is, and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubToken {
    pub(crate) login: String,
    pub(crate) kind: TokenKind,
    pub(crate) read: BTreeSet<String>,
    pub(crate) write: BTreeSet<String>,
    pub(crate) expires: Option<Timestamp>,
    revoked: bool,
    used: u32,
    window: Option<Timestamp>,
}

impl GithubToken {
    /// A fine-grained token of a person, for nothing yet. Public repositories can be read with any token.
    #[must_use]
    pub fn of(login: &str) -> Self {
        Self {
            login: login.to_owned(),
            kind: TokenKind::default(),
            read: BTreeSet::new(),
            write: BTreeSet::new(),
            expires: None,
            revoked: false,
            used: 0,
            window: None,
        }
    }

    /// Another kind.
    #[must_use]
    pub fn kind(mut self, kind: TokenKind) -> Self {
        self.kind = kind;
        self
    }

    /// May read a repository, even a private one.
    #[must_use]
    pub fn read(mut self, repository: &str) -> Self {
        self.read.insert(key(repository));
        self
    }

    /// May write a repository: the permission `contents: write`.
    #[must_use]
    pub fn write(mut self, repository: &str) -> Self {
        self.write.insert(key(repository));
        self.read(repository)
    }

    /// Works until then.
    #[must_use]
    pub fn expires(mut self, at: Timestamp) -> Self {
        self.expires = Some(at);
        self
    }
}

/// The GitHub of a world: its repositories and tokens. The same type sets it up and changes it later.
#[derive(Debug, Clone)]
pub struct Github {
    pub(crate) repositories: BTreeMap<String, Repository>,
    tokens: BTreeMap<String, GithubToken>,
    pub(crate) people: Vec<String>,
    pub(crate) last_id: u64,
    anonymous: (u32, Option<Timestamp>),
    /// How the lists of repositories lag that are still to be made.
    stale: Option<Lag>,
    /// Requests each token has within an hour; the real service allows 5000.
    pub hourly_limit: u32,
}

impl Default for Github {
    fn default() -> Self {
        Self {
            repositories: BTreeMap::new(),
            tokens: BTreeMap::new(),
            people: Vec::new(),
            last_id: 0,
            anonymous: (0, None),
            stale: None,
            hourly_limit: HOURLY,
        }
    }
}

/// Repositories are found whatever the case of their names.
pub(super) fn key(repository: &str) -> String {
    repository.to_ascii_lowercase()
}

/// What somebody may do with a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Access {
    Nothing,
    Read,
    Write,
}

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caller {
    Anonymous,
    Token(GithubToken),
}

/// How much of the hourly allowance is left, and when it begins anew.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    pub(super) limit: u32,
    pub(super) used: u32,
    pub(super) reset: Timestamp,
}

impl Github {
    /// A repository `owner/name`; a public one with the branch `main` is made when there is none.
    pub fn repository(&mut self, name: &str) -> &mut Repository {
        let key = key(name);
        if !self.repositories.contains_key(&key) {
            self.last_id += 1;
            let owner = name.split('/').next().unwrap_or(name);
            self.person(owner);
        }
        let (id, stale) = (self.last_id, self.stale);
        self.repositories.entry(key).or_insert_with(|| {
            let mut made = Repository::new(name, id);
            made.list_lag(stale.unwrap_or_default());
            made
        })
    }

    /// Issues a token.
    pub fn token(&mut self, token: GithubToken) -> String {
        use sha2::Digest as _;
        let prefix = match token.kind {
            TokenKind::Classic => "ghp_",
            TokenKind::FineGrained => "github_pat_",
            TokenKind::Workflow => "ghs_",
        };
        self.last_id += 1;
        let digest = sha2::Sha256::digest(format!("a token of this world, number {}", self.last_id));
        let text = format!("{prefix}{}", &hex(&digest)[..36]);
        self.person(&token.login);
        self.tokens.insert(text.clone(), token);
        text
    }

    /// Takes a token back. False when there is no such token.
    pub fn revoke(&mut self, token: &str) -> bool {
        let found = self.tokens.get_mut(token);
        found.map(|token| token.revoked = true).is_some()
    }

    /// The number of a person, who is made known.
    pub(crate) fn person(&mut self, login: &str) -> u64 {
        if let Some(at) = self.people.iter().position(|known| known == login) {
            return at as u64 + 1;
        }
        self.people.push(login.to_owned());
        self.people.len() as u64
    }

    /// The lists of every repository lag from now on.
    pub(crate) fn make_stale(&mut self, lag: Lag) {
        self.stale = Some(lag);
        self.repositories.values_mut().for_each(|repository| repository.lists.lag = lag);
    }

    pub(super) fn known(&self, name: &str) -> Option<&Repository> {
        self.repositories.get(&key(name))
    }

    /// `None` stands for a token that does not work.
    pub(super) fn caller(&self, headers: &HeaderMap, now: Timestamp) -> Option<Caller> {
        let Some(sent) = sent_token(headers) else {
            let header = headers.contains_key(AUTHORIZATION);
            return (!header).then_some(Caller::Anonymous);
        };
        let token = self.tokens.get(&sent)?;
        let works = !token.revoked && token.expires.is_none_or(|at| now < at);
        works.then(|| Caller::Token(token.clone()))
    }

    /// Counts a request against the hourly allowance.
    pub(super) fn count(&mut self, headers: &HeaderMap, now: Timestamp) -> Allowance {
        let hour = SignedDuration::from_hours(1);
        let token = sent_token(headers).and_then(|sent| self.tokens.get_mut(&sent));
        let (limit, used, window) = match token {
            Some(token) => (self.hourly_limit, &mut token.used, &mut token.window),
            None => (HOURLY_ANONYMOUS, &mut self.anonymous.0, &mut self.anonymous.1),
        };
        let start = match *window {
            Some(start) if now.duration_since(start) < hour => start,
            _ => {
                *used = 0;
                *window = Some(now);
                now
            }
        };
        *used += 1;
        Allowance { limit, used: *used, reset: start.saturating_add(hour).unwrap_or(start) }
    }
}

impl Caller {
    pub(super) fn access(&self, repository: &Repository) -> Access {
        let key = key(&repository.name);
        match self {
            Self::Token(token) if token.write.contains(&key) => Access::Write,
            Self::Token(token) if token.read.contains(&key) => Access::Read,
            _ if repository.private => Access::Nothing,
            _ => Access::Read,
        }
    }

    pub(super) fn login(&self) -> &str {
        match self {
            Self::Anonymous => "",
            Self::Token(token) => &token.login,
        }
    }
}

fn sent_token(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, value) = header.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "token" => Some(value.trim().to_owned()),
        "basic" => {
            let text = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
            text.split_once(':').map(|(_, password)| password.to_owned())
        }
        _ => None,
    }
}

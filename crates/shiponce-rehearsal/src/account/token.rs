//! What a token is for, and the purse of tokens an index has issued.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::macaroon::Macaroon;
use crate::text::{hex, normalize};

/// The wish for an API token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSpec {
    user: String,
    projects: Option<Vec<String>>,
    expires: Option<Timestamp>,
    damaged: bool,
}

impl TokenSpec {
    /// A token for everything this person may do.
    #[must_use]
    pub fn user(name: impl Into<String>) -> Self {
        Self { user: name.into(), projects: None, expires: None, damaged: false }
    }

    /// Only for this project (more calls add more projects). The project need not exist.
    #[must_use]
    pub fn project(mut self, name: &str) -> Self {
        self.projects.get_or_insert_default().push(normalize(name));
        self
    }

    /// Only until this moment.
    #[must_use]
    pub fn expires(mut self, at: Timestamp) -> Self {
        self.expires = Some(at);
        self
    }

    /// With a signature that does not fit.
    #[must_use]
    pub fn damaged(mut self) -> Self {
        self.damaged = true;
        self
    }
}

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    User(String),
    /// The registration's number within the index.
    Publisher(usize),
}

#[derive(Debug, Clone)]
pub(crate) struct TokenRecord {
    pub(crate) owner: Owner,
    pub(crate) key: Vec<u8>,
}

/// The tokens of one index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Purse {
    /// Makes the keys of two indexes different.
    name: &'static str,
    pub(crate) location: String,
    records: BTreeMap<String, TokenRecord>,
    issued: u64,
}

impl Purse {
    pub(crate) fn new(name: &'static str, location: &str) -> Self {
        Self { name, location: location.to_owned(), ..Self::default() }
    }

    pub(crate) fn issue(&mut self, spec: &TokenSpec) -> String {
        let mut caveats = Vec::new();
        if let Some(projects) = &spec.projects {
            caveats.push(serde_json::json!([1, projects]).to_string());
        }
        if let Some(at) = spec.expires {
            caveats.push(serde_json::json!([0, at.as_second(), 0]).to_string());
        }
        let mut macaroon = self.macaroon(Owner::User(spec.user.clone()), caveats);
        if spec.damaged {
            macaroon.damage_signature();
        }
        macaroon.token()
    }

    /// A token of a publisher: for its projects, for 900 seconds from `now` (the real lifetime).
    pub(crate) fn mint(&mut self, publisher: usize, projects: &[String], now: Timestamp) -> (String, i64) {
        let expires = now.as_second() + 900;
        let caveats = vec![
            serde_json::json!([4, publisher.to_string()]).to_string(),
            serde_json::json!([1, projects]).to_string(),
            serde_json::json!([0, expires, now.as_second()]).to_string(),
        ];
        (self.macaroon(Owner::Publisher(publisher), caveats).token(), expires)
    }

    fn macaroon(&mut self, owner: Owner, caveats: Vec<String>) -> Macaroon {
        self.issued += 1;
        let seed = Sha256::digest(format!("{} token {}", self.name, self.issued));
        let identifier = uuid_like(&seed);
        let key = Sha256::digest(seed).to_vec();
        let macaroon = Macaroon::new(&self.location, &identifier, &key);
        self.records.insert(identifier, TokenRecord { owner, key });
        caveats.into_iter().fold(macaroon, Macaroon::with_caveat)
    }

    pub(crate) fn find(&self, macaroon: &Macaroon) -> Option<&TokenRecord> {
        self.records.get(&macaroon.identifier)
    }

    pub(crate) fn revoke(&mut self, macaroon: &Macaroon) -> bool {
        self.records.remove(&macaroon.identifier).is_some()
    }
}

fn uuid_like(seed: &[u8]) -> String {
    let h = hex(&seed[..16]);
    format!("{}-{}-4{}-8{}-{}", &h[..8], &h[8..12], &h[13..16], &h[17..20], &h[20..32])
}

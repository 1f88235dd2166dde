//! Who sends a request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::caveat::{self, Context};
use super::macaroon::Macaroon;
use super::token::{Owner, Purse, TokenRecord};

/// The bearer of a token this index has issued. The signature and the caveats are judged only when the
/// project is known, so a damaged token gets this far.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    macaroon: Macaroon,
    record: TokenRecord,
}

impl Identity {
    pub(crate) fn owner(&self) -> &Owner {
        &self.record.owner
    }

    pub(crate) fn user(&self) -> Option<&str> {
        match self.owner() {
            Owner::User(name) => Some(name),
            Owner::Publisher(_) => None,
        }
    }

    pub(crate) fn check(&self, context: Context<'_>) -> Result<(), String> {
        caveat::check(&self.macaroon, &self.record, context)
    }
}

/// Why nobody could be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stranger {
    /// No credentials, or none this index knows.
    Unknown,
    /// A user name and a password.
    Password,
}

pub(crate) fn authenticate(headers: &HeaderMap, purse: &Purse) -> Result<Identity, Stranger> {
    let header = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).ok_or(Stranger::Unknown)?;
    let (scheme, value) = header.split_once(' ').ok_or(Stranger::Unknown)?;
    let token = match scheme.to_ascii_lowercase().as_str() {
        "basic" => basic(value)?,
        "bearer" | "token" => value.trim().to_owned(),
        _ => return Err(Stranger::Unknown),
    };
    let macaroon = Macaroon::parse(&token).ok_or(Stranger::Unknown)?;
    let record = purse.find(&macaroon).ok_or(Stranger::Unknown)?.clone();
    Ok(Identity { macaroon, record })
}

fn basic(value: &str) -> Result<String, Stranger> {
    let raw = STANDARD.decode(value.trim()).map_err(|_| Stranger::Unknown)?;
    let text = String::from_utf8(raw).map_err(|_| Stranger::Unknown)?;
    let (user, password) = text.split_once(':').ok_or(Stranger::Unknown)?;
    if user != "__token__" {
        return Err(Stranger::Password);
    }
    // Tokens reach the server with the line break of the file they were kept in.
    Ok(password.trim().to_owned())
}

//! What a real transport is made of. Everything comes from the caller.

use std::fmt;

use secrecy::SecretString;
use url::Url;

use crate::http::auth::strip_userinfo;

/// Settings of a [`super::RealTransport`].
#[derive(Clone, Debug)]
pub struct TransportOptions {
    /// The `User-Agent` of every request.
    pub user_agent: String,
    /// How hosts other than loopback are reached.
    pub proxy: ProxyChoice,
    /// Certificate authorities trusted besides the system's (`SSL_CERT_FILE` and the like).
    pub extra_roots: Vec<ExtraRoots>,
    /// A client certificate chain and its private key in one PEM text.
    pub client_identity: Option<SecretString>,
}

impl TransportOptions {
    /// No proxy, no extra roots, no client certificate.
    #[must_use]
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            proxy: ProxyChoice::None,
            extra_roots: Vec::new(),
            client_identity: None,
        }
    }
}

/// A PEM bundle and where it came from.
#[derive(Clone)]
pub struct ExtraRoots {
    /// Where it came from, for messages: a path.
    pub origin: String,
    /// One or more certificates.
    pub pem: Vec<u8>,
}

impl fmt::Debug for ExtraRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExtraRoots({}, {} bytes)", self.origin, self.pem.len())
    }
}

/// Whether and how proxies are used.
#[derive(Clone, Debug, Default)]
pub enum ProxyChoice {
    /// Every host is reached directly.
    #[default]
    None,
    /// reqwest's own detection: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`, and the settings of
    /// macOS and Windows.
    System,
    /// These, the first that matches.
    Rules(Vec<ProxyRule>),
}

/// One proxy. Its `Debug` shows no credentials.
#[derive(Clone)]
pub struct ProxyRule {
    /// Which requests go through it.
    pub scope: ProxyScope,
    /// Its address; `user:password@` is sent to the proxy only.
    pub url: Url,
    /// Hosts reached directly, in the form of `NO_PROXY`.
    pub except: Option<String>,
}

impl fmt::Debug for ProxyRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.url.clone();
        strip_userinfo(&mut url);
        f.debug_struct("ProxyRule")
            .field("scope", &self.scope)
            .field("url", &url.as_str())
            .field("except", &self.except)
            .finish()
    }
}

/// Which requests a proxy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyScope {
    /// `http:` requests.
    Http,
    /// `https:` requests.
    Https,
    /// Both.
    All,
}

/// Something the user should hear although the transport works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The system has no certificate authorities; the bundled ones are used (usual in slim containers,
    /// <https://github.com/seanmonstar/reqwest/issues/2965>).
    BundledRoots,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BundledRoots => {
                "this system has no certificate authorities, using the ones bundled with shiponce"
            }
        })
    }
}

/// Why a transport cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Extra certificate authorities cannot be read.
    #[error("could not read the certificates of `{origin}`")]
    Roots {
        /// Where they came from.
        origin: String,
        /// The failure below.
        source: rustls::pki_types::pem::Error,
    },
    /// A bundle without any certificate.
    #[error("no certificate in `{origin}`")]
    NoRoots {
        /// Where it came from.
        origin: String,
    },
    /// The client certificate cannot be read.
    #[error("could not read the client certificate and key")]
    ClientIdentity {
        /// The failure below.
        source: rustls::pki_types::pem::Error,
    },
    /// TLS cannot be set up with these certificates.
    #[error("could not set up TLS")]
    Tls {
        /// The failure below.
        source: rustls::Error,
    },
    /// A proxy address cannot be used.
    #[error("could not use the proxy at `{host}`")]
    Proxy {
        /// Its host.
        host: String,
        /// The failure below.
        source: reqwest::Error,
    },
    /// The HTTP client cannot be made.
    #[error("could not set up the HTTP client")]
    Client {
        /// The failure below.
        source: reqwest::Error,
    },
}

/// Adds the proxies to a client.
pub(super) fn with_proxies(
    builder: reqwest::ClientBuilder,
    choice: &ProxyChoice,
) -> Result<reqwest::ClientBuilder, SetupError> {
    match choice {
        ProxyChoice::None => Ok(builder.no_proxy()),
        ProxyChoice::System => Ok(builder),
        ProxyChoice::Rules(rules) => {
            // `no_proxy` first, so that an empty list does not mean "detect".
            rules.iter().try_fold(builder.no_proxy(), |builder, rule| Ok(builder.proxy(proxy(rule)?)))
        }
    }
}

fn proxy(rule: &ProxyRule) -> Result<reqwest::Proxy, SetupError> {
    let url = rule.url.clone();
    let proxy = match rule.scope {
        ProxyScope::Http => reqwest::Proxy::http(url),
        ProxyScope::Https => reqwest::Proxy::https(url),
        ProxyScope::All => reqwest::Proxy::all(url),
    };
    let except = rule.except.as_deref().and_then(reqwest::NoProxy::from_string);
    proxy.map(|proxy| proxy.no_proxy(except)).map_err(|source| SetupError::Proxy {
        host: rule.url.host_str().unwrap_or_default().to_owned(),
        source: source.without_url(),
    })
}

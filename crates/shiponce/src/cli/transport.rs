//! The network as a command sees it: proxies, certificate authorities, and a connection of its own for every index
//! that has certificates of its own.

use crate::terminal::Terminal;
use shiponce_api::{ErrorCode, Problem};
use shiponce_config::{Config, Index};
use shiponce_engine::report::Reporter as _;
use shiponce_io::files::{FileError, read_secret_file};
use shiponce_io::http::{
    ExtraRoots, OriginTransport, ProxyChoice, RealTransport, Transport, TransportOptions,
};
use shiponce_io::process::Environment;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// How this program introduces itself.
const USER_AGENT: &str = concat!("shiponce/", env!("CARGO_PKG_VERSION"));

/// Variables that name certificate authorities for every server, as pip and requests read them.
const AUTHORITIES: [&str; 2] = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"];

/// What the indexes of one origin ask for.
#[derive(Debug)]
struct Own {
    url: Url,
    authorities: Vec<PathBuf>,
    certificate: Option<PathBuf>,
}

/// The transport of a run. `ca` and `client-cert` of an index hold for the origins of its addresses and nowhere else,
/// whichever of the configurations it stands in: members of a workspace may have indexes of their own.
///
/// # Errors
/// Certificates that cannot be read or used; a client certificate that others can read; two client certificates for
/// one origin.
pub(crate) fn transport<'a>(
    terminal: &Terminal,
    environment: &Environment,
    configs: impl IntoIterator<Item = &'a Config>,
) -> Result<Arc<dyn Transport>, Problem> {
    let mut common = TransportOptions::new(USER_AGENT);
    common.proxy = ProxyChoice::System;
    for name in AUTHORITIES {
        if let Some(path) = environment.get(name).filter(|value| !value.is_empty()) {
            common.extra_roots.push(roots(Path::new(path))?);
        }
    }
    let (transport, warnings) = make(&common)?;
    for warning in warnings {
        terminal.line(shiponce_api::v1::Level::Warning, &warning.to_string());
    }
    let owners = by_origin(configs)?;
    if owners.is_empty() {
        return Ok(transport);
    }
    let mut routed = OriginTransport::new(transport);
    for own in owners.values() {
        let mut options = common.clone();
        for path in &own.authorities {
            options.extra_roots.push(roots(path)?);
        }
        if let Some(path) = &own.certificate {
            options.client_identity = Some(read_secret_file(path).map_err(|error| {
                let readable = matches!(error, FileError::Readable { .. });
                let code = if readable { ErrorCode::SecretFileReadable } else { ErrorCode::ConfigInvalid };
                Problem::from_error(code, &error)
            })?);
        }
        routed = routed.with(&own.url, make(&options)?.0);
    }
    Ok(Arc::new(routed))
}

type Made = (Arc<dyn Transport>, Vec<shiponce_io::http::Warning>);

fn make(options: &TransportOptions) -> Result<Made, Problem> {
    let (transport, warnings) =
        RealTransport::new(options).map_err(|error| Problem::from_error(ErrorCode::ConfigInvalid, &error))?;
    Ok((Arc::new(transport), warnings))
}

fn roots(path: &Path) -> Result<ExtraRoots, Problem> {
    let pem = fs_err::read(path).map_err(|error| {
        Problem::new(ErrorCode::ConfigInvalid, format!("the certificates {} cannot be read", path.display()))
            .cause(error.to_string())
    })?;
    Ok(ExtraRoots { origin: path.display().to_string(), pem })
}

/// Indexes with certificates of their own, by the origins of their addresses.
fn by_origin<'a>(configs: impl IntoIterator<Item = &'a Config>) -> Result<BTreeMap<String, Own>, Problem> {
    let mut owners: BTreeMap<String, Own> = BTreeMap::new();
    let closed = |index: &&Index| index.ca.is_some() || index.client_cert.is_some();
    for index in configs.into_iter().flat_map(Config::targets).filter(closed) {
        let reads = index.simple.iter().chain(&index.json).map(|address| &address.value);
        for address in std::iter::once(&index.upload.value).chain(reads) {
            let url = address.expose();
            let origin = url.origin().ascii_serialization();
            let own = owners.entry(origin.clone()).or_insert_with(|| Own {
                url: url.clone(),
                authorities: Vec::new(),
                certificate: None,
            });
            let ca = index.ca.iter().map(|path| path.value.clone());
            own.authorities.extend(ca.filter(|path| !own.authorities.contains(path)).collect::<Vec<_>>());
            let Some(certificate) = index.client_cert.as_ref().map(|path| path.value.clone()) else {
                continue;
            };
            if own.certificate.as_ref().is_some_and(|other| *other != certificate) {
                let message = format!("two client certificates are configured for {origin}");
                return Err(Problem::new(ErrorCode::ConfigInvalid, message)
                    .hint("a server knows a client by one certificate; name the same file in both tables"));
            }
            own.certificate = Some(certificate);
        }
    }
    Ok(owners)
}

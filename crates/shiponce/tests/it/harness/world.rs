//! The way from a world to the real index, for dependencies and build backends.

use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_TYPE};
use shiponce_config::Endpoints;
use shiponce_io::http::{ExtraRoots, ProxyChoice, RealTransport, Request, Transport as _, TransportOptions};
use shiponce_rehearsal::{ProxyAnswer, ProxyRequest, Upstream};
use std::sync::Arc;
use url::Url;

use super::tools::variable;

/// Reads pages of other projects where the user's own pip reads them.
pub(crate) fn upstream() -> Upstream {
    let root = variable("PIP_INDEX_URL").and_then(|value| value.into_string().ok());
    let root = root.unwrap_or_else(|| Endpoints::built_in().production.simple);
    let root = Url::parse(&root).unwrap();
    let transport = Arc::new(transport());
    Upstream::new(move |wanted: ProxyRequest| {
        let (root, transport) = (root.clone(), transport.clone());
        async move {
            let mut url = root;
            let path = format!("{}/{}/", url.path().trim_end_matches('/'), wanted.project);
            url.set_path(&path);
            let mut request = Request::get(url.clone());
            if let Some(accept) = &wanted.accept {
                request = request.header(ACCEPT, HeaderValue::from_str(accept)?);
            }
            let response = transport.send(request).await?;
            let content_type = response.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let content_type = content_type.unwrap_or("text/html").to_owned();
            let status = response.status.as_u16();
            let body = response.bytes(64 << 20).await?;
            Ok(ProxyAnswer { status, url: url.into(), content_type, body })
        }
    })
}

fn transport() -> RealTransport {
    let mut options = TransportOptions::new("shiponce-tests");
    options.proxy = ProxyChoice::System;
    for name in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"] {
        if let Some(path) = variable(name).filter(|path| !path.is_empty()) {
            let pem = fs_err::read(std::path::Path::new(&path)).unwrap();
            options.extra_roots.push(ExtraRoots { origin: name.to_owned(), pem });
        }
    }
    RealTransport::new(&options).unwrap().0
}

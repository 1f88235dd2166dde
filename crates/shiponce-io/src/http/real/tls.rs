//! Whom we trust, and as whom we appear.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use secrecy::ExposeSecret as _;

use super::options::{ExtraRoots, SetupError, TransportOptions, Warning};

/// TLS for every client of one transport.
///
/// reqwest gets a finished configuration: its own way panics without a process-wide crypto provider
/// (<https://github.com/seanmonstar/reqwest/issues/2938>) and fails without system certificates.
pub(super) fn client_config(options: &TransportOptions) -> Result<(ClientConfig, Vec<Warning>), SetupError> {
    let provider = Arc::new(ring::default_provider());
    let extra = extra_roots(&options.extra_roots)?;
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|source| SetupError::Tls { source })?;
    let mut warnings = Vec::new();
    // Asked without the extra roots: with them, a system that has none would go unnoticed, and nothing but
    // the extra ones would be trusted.
    let builder = match Verifier::new(provider.clone()) {
        Ok(system) => {
            let verifier = if extra.is_empty() {
                system
            } else {
                Verifier::new_with_extra_roots(extra, provider)
                    .map_err(|source| SetupError::Tls { source })?
            };
            builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
        }
        Err(_) => {
            warnings.push(Warning::BundledRoots);
            builder.with_root_certificates(bundled_roots(extra)?)
        }
    };
    let mut config = match &options.client_identity {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let (chain, key) = client_identity(pem.expose_secret().as_bytes())?;
            builder.with_client_auth_cert(chain, key).map_err(|source| SetupError::Tls { source })?
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok((config, warnings))
}

fn bundled_roots(extra: Vec<CertificateDer<'static>>) -> Result<RootCertStore, SetupError> {
    let mut roots = RootCertStore::empty();
    let (_added, _ignored) =
        roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    for certificate in extra {
        roots.add(certificate).map_err(|source| SetupError::Tls { source })?;
    }
    Ok(roots)
}

fn extra_roots(bundles: &[ExtraRoots]) -> Result<Vec<CertificateDer<'static>>, SetupError> {
    let mut all = Vec::new();
    for bundle in bundles {
        let before = all.len();
        for certificate in CertificateDer::pem_slice_iter(&bundle.pem) {
            all.push(
                certificate.map_err(|source| SetupError::Roots { origin: bundle.origin.clone(), source })?,
            );
        }
        if all.len() == before {
            return Err(SetupError::NoRoots { origin: bundle.origin.clone() });
        }
    }
    Ok(all)
}

fn client_identity(pem: &[u8]) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), SetupError> {
    let failed = |source| SetupError::ClientIdentity { source };
    let chain = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(failed)?;
    Ok((chain, key))
}

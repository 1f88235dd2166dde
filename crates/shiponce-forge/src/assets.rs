//! The files of a release: list, upload, delete.

use std::sync::Arc;

use http::Method;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use shiponce_core::Sha256;
use shiponce_io::http::{Body, BodySource, Limits, Progress};

use crate::answer::Call;
use crate::client::Client;
use crate::error::Error;
use crate::wire::WireAsset;

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its number.
    pub id: u64,
    /// Its name, as GitHub has renamed it; compare with [`shiponce_core::forge::same_name`].
    pub name: String,
    /// What the page shows instead of the name, if anything.
    pub label: Option<String>,
    /// Whether its bytes are there.
    pub state: AssetState,
    /// Its length in bytes.
    pub size: u64,
    /// Its digest. GitHub computes it, and has none for assets from before June 2025 and on older servers.
    pub digest: Option<Sha256>,
    /// Where a browser downloads it. Drafts have an address that changes when they are published.
    pub url: String,
}

/// Whether the bytes of an asset are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssetState {
    /// All of them.
    Uploaded,
    /// An upload began and did not end: after a 502 the name stays behind without bytes. It must be deleted before the
    /// name can be used again.
    Starter,
}

/// An asset to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewAsset<'a> {
    /// The name of the file.
    pub name: &'a str,
    /// What the page shows instead of the name: the name itself, where GitHub may rename it.
    pub label: Option<&'a str>,
}

impl Client {
    /// Every asset of a release.
    ///
    /// # Errors
    /// [`Error`]; a list that is not whole is one.
    pub async fn assets(&self, release: u64) -> Result<Vec<Asset>, Error> {
        let call = Call::read(format!("list the assets of release {release} of {}", self.repository()));
        let url = self.api(&["releases", &release.to_string(), "assets"]);
        let pages: Vec<Vec<WireAsset>> = self.read_pages(&call, url).await?;
        Ok(pages.into_iter().flatten().map(Asset::from).collect())
    }

    /// Uploads a file once, streaming, with its length announced (GitHub refuses chunked uploads). `progress` is told
    /// how many bytes have been handed over. An empty file is refused (`size must be greater than or equal to 1`,
    /// softprops/action-gh-release#321).
    ///
    /// # Errors
    /// [`Error`]. When its outcome is unknown, list the assets: the file may be there, or its name in the state
    /// [`AssetState::Starter`].
    pub async fn upload_asset(
        &self,
        release: u64,
        asset: NewAsset<'_>,
        file: Arc<dyn BodySource>,
        progress: Option<Progress>,
    ) -> Result<Asset, Error> {
        let call =
            Call::write(format!("upload {} to release {release} of {}", asset.name, self.repository()));
        let mut url = self.uploads(&["releases", &release.to_string(), "assets"]);
        // As a form, in which a `+` of the name becomes `%2B`. A bare `+` is a space to GitHub, and then a period
        // (microsoft/azure-pipelines-tasks#14275).
        url.query_pairs_mut().append_pair("name", asset.name);
        if let Some(label) = asset.label {
            url.query_pairs_mut().append_pair("label", label);
        }
        let options = self.options();
        let mut request = self
            .request(&call, Method::POST, &url)?
            .header(CONTENT_TYPE, HeaderValue::from_static(content_type(asset.name)))
            .header(CONTENT_LENGTH, HeaderValue::from(file.length()))
            .body(Body::Stream(file))
            .limits(Limits {
                connect: options.connect,
                idle: options.upload_idle,
                total: None,
                response_bytes: options.response_bytes,
            });
        if let Some(progress) = progress {
            request = request.progress(progress);
        }
        let got = self.send(&call, request).await?;
        Ok(got.json::<WireAsset>(&call)?.into())
    }

    /// Deletes an asset. `false`: it was gone already, or the token may not see it.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn delete_asset(&self, id: u64) -> Result<bool, Error> {
        let call = Call::write(format!("delete asset {id} of {}", self.repository()));
        self.delete(&call, &self.api(&["releases", "assets", &id.to_string()])).await
    }
}

/// The media type a download of the file will have.
fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("whl" | "zip") => "application/zip",
        Some("gz" | "tgz") => "application/gzip",
        Some("json") => "application/json",
        Some("txt" | "asc" | "md") => "text/plain",
        _ => "application/octet-stream",
    }
}

//! Holds requests and answers against the API description that GitHub publishes.
//!
//! Only tests use this crate: they keep what was said between the product and the rehearsal world and check every
//! exchange here. So the product asks only for what the real service documents, and the world answers only what it
//! documents. The crate uses no other crate of the project: the world may use it in its tests without sharing
//! anything with the product.

mod check;
mod operation;
mod schema;

use std::path::{Path, PathBuf};

use serde_json::Value;

/// Where an API stands, and what the paths of its description stand below.
const MOUNTS: [&str; 2] = ["/github/api/v3", "/github/api/uploads"];

/// Where `cargo xtask test` puts GitHub's description, below the repository.
const USUAL: &str = "target/tools/github/api.json";

/// Why a description cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read {}: `cargo xtask test` fetches GitHub's description", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not JSON.
    #[error("no JSON in {}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

/// The description of an API, in the form of `OpenAPI` 3.0.
#[derive(Debug, Clone)]
pub struct Description {
    document: Value,
}

impl Description {
    /// Where the description is when the test run says nothing else in `SHIPONCE_TEST_GITHUB`.
    #[must_use]
    pub fn usual_path() -> PathBuf {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
        root.unwrap_or(Path::new(".")).join(USUAL)
    }

    /// Reads a description.
    ///
    /// # Errors
    ///
    /// When the file is missing or no JSON.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = fs_err::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let document =
            serde_json::from_slice(&bytes).map_err(|source| Error::Json { path: path.to_owned(), source })?;
        Ok(Self::new(document))
    }

    /// Takes a description that is there already.
    ///
    /// One known gap is closed: the states of an asset leave out `starter`, which the service answers for an upload
    /// that died (cli/cli#4863).
    #[must_use]
    pub fn new(mut document: Value) -> Self {
        schema::to_json_schema(&mut document);
        let state = "/components/schemas/release-asset/properties/state/enum";
        if let Some(Value::Array(states)) = document.pointer_mut(state) {
            states.push("starter".into());
        }
        Self { document }
    }

    /// What an exchange says that the description does not; empty when all is well. Requests outside the API are not
    /// described, and all is well with them.
    ///
    /// An answer is left out with `None`: that of a fault is not described anywhere.
    #[must_use]
    pub fn check(
        &self,
        request: &http::Request<bytes::Bytes>,
        response: Option<&http::Response<bytes::Bytes>>,
    ) -> Vec<String> {
        let path = request.uri().path();
        let Some(below) = MOUNTS.iter().find_map(|mount| path.strip_prefix(mount)) else { return Vec::new() };
        check::exchange(&self.document, below, request, response)
    }
}

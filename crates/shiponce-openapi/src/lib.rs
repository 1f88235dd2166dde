//! Holds requests and answers against the API description that GitHub publishes.
//!
//! Only tests use this crate: they keep what was said between the product and the rehearsal world and check every
//! exchange here. So the product asks only for what the real service documents, and the world answers only what it
//! documents. The crate uses no other crate of the project: the world may use it in its tests without sharing
//! anything with the product.

mod check;
mod operation;
mod schema;

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use bytes::Bytes;
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

/// What the requests and answers of a test say that the description does not, a line each; empty when all is well.
///
/// `path` is the description, where the test run says in `SHIPONCE_TEST_GITHUB` where it is.
pub fn objections(
    path: Option<OsString>,
    said: impl IntoIterator<Item = (http::Request<Bytes>, Option<http::Response<Bytes>>)>,
) -> String {
    let mut said = said.into_iter().peekable();
    if said.peek().is_none() {
        return String::new();
    }
    match Description::read(&path.map_or_else(Description::usual_path, PathBuf::from)) {
        Ok(description) => {
            let problems =
                said.flat_map(|(request, response)| description.check(&request, response.as_ref()));
            problems.collect::<Vec<_>>().join("\n")
        }
        Err(error) => error.to_string(),
    }
}

/// What was read already: every test of a binary wants the same file.
static READ: LazyLock<Mutex<HashMap<PathBuf, Description>>> = LazyLock::new(Mutex::default);

/// The description of an API, in the form of `OpenAPI` 3.0. Clones share what they have worked out.
#[derive(Debug, Clone)]
pub struct Description {
    schemas: Arc<schema::Schemas>,
}

impl Description {
    /// Where the description is when the test run says nothing else in `SHIPONCE_TEST_GITHUB`.
    #[must_use]
    pub fn usual_path() -> PathBuf {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
        root.unwrap_or(Path::new(".")).join(USUAL)
    }

    /// Reads a description; the same file is read once.
    ///
    /// # Errors
    ///
    /// When the file is missing or no JSON.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut known = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(description) = known.get(path) {
            return Ok(description.clone());
        }
        let bytes = fs_err::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let document =
            serde_json::from_slice(&bytes).map_err(|source| Error::Json { path: path.to_owned(), source })?;
        let description = Self::new(document);
        known.insert(path.to_owned(), description.clone());
        Ok(description)
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
        Self { schemas: Arc::new(schema::Schemas::new(document)) }
    }

    /// What an exchange says that the description does not; empty when all is well. Requests outside the API are not
    /// described, and all is well with them.
    ///
    /// An answer is left out with `None`: that of a fault is not described anywhere.
    #[must_use]
    pub fn check(
        &self,
        request: &http::Request<Bytes>,
        response: Option<&http::Response<Bytes>>,
    ) -> Vec<String> {
        let path = request.uri().path();
        let Some(below) = MOUNTS.iter().find_map(|mount| path.strip_prefix(mount)) else { return Vec::new() };
        check::exchange(&self.schemas, below, request, response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A description with one thing to read and one to make.
    fn description() -> Description {
        let thing = json!({"$ref": "#/components/schemas/thing"});
        let reference = json!({"name": "ref", "in": "path", "required": true, "schema": {"type": "string"}});
        Description::new(json!({
            "paths": {
                "/things/{id}": {"get": {
                    "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
                    "responses": {"200": {"content": {"application/json": {"schema": thing}}}},
                }},
                "/things/first": {"get": {"responses": {"204": {}}}},
                "/refs/{ref}": {"get": {"parameters": [reference], "responses": {"204": {}}}},
                "/things": {"post": {
                    "parameters": [{"name": "dry", "in": "query", "required": true, "schema": {"type": "boolean"}}],
                    "requestBody": {"content": {"application/json": {"schema": thing}}},
                    "responses": {"201": {"content": {"application/json": {"schema": thing}}}},
                }},
            },
            "components": {"schemas": {
                "owner": {"type": "object", "properties": {"login": {"type": "string"}}, "required": ["login"]},
                "thing": {"type": "object", "required": ["name"], "properties": {
                    "name": {"type": "string", "nullable": true},
                    "kind": {"type": "string", "enum": ["a", "b"], "nullable": true},
                    "owner": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/owner"}]},
                }},
                "basic-error": {"type": "object", "properties": {"message": {"type": "string"}}},
            }},
        }))
    }

    fn request(method: &str, path: &str, body: &str) -> http::Request<Bytes> {
        let address = format!("/github/api/v3{path}");
        let request = http::Request::builder().method(method).uri(address);
        request.header("content-type", "application/json").body(Bytes::from(body.to_owned())).unwrap()
    }

    fn answer(status: u16, body: &str) -> http::Response<Bytes> {
        let response = http::Response::builder().status(status).header("content-type", "application/json");
        response.body(Bytes::from(body.to_owned())).unwrap()
    }

    fn read(path: &str, status: u16, body: &str) -> Vec<String> {
        description().check(&request("GET", path, ""), Some(&answer(status, body)))
    }

    #[test]
    fn null_is_allowed_where_the_description_says_so() {
        let nothing: [String; 0] = [];
        assert_eq!(read("/things/1", 200, r#"{"name": null, "kind": null, "owner": null}"#), nothing);
        assert_eq!(read("/things/1", 200, r#"{"name": "n", "kind": "a", "owner": {"login": "l"}}"#), nothing);
        assert!(read("/things/1", 200, r#"{"name": "n", "owner": {"login": null}}"#)[0].contains("/owner"));
        assert!(read("/things/1", 200, r#"{"name": "n", "kind": "c"}"#)[0].contains("/kind"));
    }

    #[test]
    fn a_field_or_a_status_that_is_not_described_is_found() {
        assert!(read("/things/1", 200, r#"{"name": "n", "size": 1}"#)[0].contains("'size' was unexpected"));
        assert!(read("/things/1", 202, "{}")[0].contains("status 202 is not described"));
        assert!(
            read("/things/1", 404, r#"{"status": "404"}"#)[0].contains("\"message\" is a required property")
        );
        assert!(read("/things/1", 404, r#"{"message": "Not Found"}"#).is_empty());
    }

    #[test]
    fn an_operation_is_found_by_its_most_exact_path() {
        assert!(read("/things/first", 204, "").is_empty());
        assert!(read("/things/1/2", 204, "")[0].ends_with("not in the description"));
        assert!(read("/refs/tags/v1", 204, "").is_empty(), "a reference holds slashes");
        assert!(read("/things/x", 404, r#"{"message": ""}"#)[0].contains("path parameter id"));
    }

    #[test]
    fn a_description_that_is_not_there_is_an_objection() {
        let missing = || Some("/no/such/file".into());
        assert_eq!(objections(missing(), []), "");
        let said = objections(missing(), [(request("GET", "/things/1", ""), None)]);
        assert_eq!(said, "cannot read /no/such/file: `cargo xtask test` fetches GitHub's description");
    }

    #[test]
    fn a_request_is_checked_without_its_answer() {
        let problems = |path: &str, body: &str| description().check(&request("POST", path, body), None);
        assert!(problems("/things?dry=true", r#"{"name": "n"}"#).is_empty());
        assert!(problems("/things", r#"{"name": "n"}"#)[0].contains("query parameter dry is missing"));
        assert!(problems("/things?dry=maybe", r#"{"name": "n"}"#)[0].contains("\"maybe\" is not of type"));
        assert!(
            problems("/things?dry=true&x=1", r#"{"name": "n"}"#)[0].contains("parameter x is not described")
        );
        assert!(problems("/things?dry=true", r#"{"name": 1}"#)[0].contains("1 is not of types"));
        assert!(problems("/things?dry=true", "name")[0].contains("the body is no JSON"));
        let outside = http::Request::builder().uri("/github/storage/1").body(Bytes::new()).unwrap();
        assert!(description().check(&outside, None).is_empty());
    }
}

//! From a request's head to what it asks GitHub for.

use http::header::{ACCEPT, HOST};
use http::request::Parts;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

use super::address::GithubAddresses;
use crate::world::RouteKind;

/// A request to GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) addresses: GithubAddresses,
    /// `owner/name` as the path spells it.
    pub(crate) repository: Option<String>,
    pub(crate) place: Place,
    pub(crate) kind: RouteKind,
}

/// What a path stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Repository,
    Immutable,
    Releases,
    Latest,
    ByTag(String),
    Release(u64),
    Notes,
    Assets(u64),
    Upload(u64),
    Asset(u64),
    Ref(String),
    TagObject(String),
    Commit(String),
    RunArtifacts(u64),
    ArtifactZip(u64),
    /// Bytes behind a signed address.
    Storage(String),
    /// The public address of an asset: the tag (or the name of an untagged draft) and the file.
    Download {
        tag: String,
        file: String,
    },
    /// A page for people; what follows the repository.
    Page(String),
    Unknown,
}

impl Target {
    /// `None` when the request is not for GitHub.
    pub(crate) fn parse(head: &Parts) -> Option<Self> {
        let rest = head.uri.path().strip_prefix("/github")?;
        let segments: Vec<&str> = match rest.strip_prefix('/') {
            Some(rest) => rest.split('/').collect(),
            None if rest.is_empty() => Vec::new(),
            None => return None,
        };
        let decoded: Vec<String> =
            segments.iter().map(|s| percent_decode_str(s).decode_utf8_lossy().into_owned()).collect();
        let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
        let (repository, place) = place(&segments);
        let host = head.headers.get(HOST).and_then(|v| v.to_str().ok());
        let authority = head.uri.authority().map(http::uri::Authority::as_str).or(host);
        let scheme = head.uri.scheme_str().unwrap_or("http");
        let base = format!("{scheme}://{}", authority.unwrap_or("127.0.0.1"));
        let kind = kind(&place, &head.method, &head.headers);
        Some(Self { addresses: GithubAddresses::new(&base), repository, place, kind })
    }

    /// The name an upload gives to its asset.
    pub(crate) fn filename(&self, query: Option<&str>) -> Option<String> {
        if !matches!(self.place, Place::Upload(_)) {
            return None;
        }
        let mut pairs = url::form_urlencoded::parse(query?.as_bytes());
        pairs.find(|(key, _)| key == "name").map(|(_, value)| value.into_owned())
    }

    /// Whether the request asks for a change of what GitHub publishes.
    pub(crate) fn is_write(&self) -> bool {
        matches!(
            self.kind,
            RouteKind::GithubCreate
                | RouteKind::GithubPublish
                | RouteKind::GithubDelete
                | RouteKind::GithubAsset
                | RouteKind::GithubDeleteAsset
        )
    }
}

fn place(segments: &[&str]) -> (Option<String>, Place) {
    let named = |owner: &str, name: &str| Some(format!("{owner}/{name}"));
    match segments {
        ["api", "v3", "repos", owner, name, rest @ ..] => (named(owner, name), below(rest)),
        ["api", "uploads", "repos", owner, name, "releases", id, "assets"] => {
            (named(owner, name), number(id, Place::Upload))
        }
        ["api", ..] | [] => (None, Place::Unknown),
        ["storage", rest @ ..] => (None, Place::Storage(rest.join("/"))),
        [owner, name, "releases", "download", tag @ .., file] if !tag.is_empty() => {
            (named(owner, name), Place::Download { tag: tag.join("/"), file: (*file).to_owned() })
        }
        [owner, name, rest @ ..] => (named(owner, name), Place::Page(rest.join("/"))),
        _ => (None, Place::Unknown),
    }
}

/// Tags and references may hold slashes, encoded or not.
fn below(rest: &[&str]) -> Place {
    match rest {
        [] => Place::Repository,
        ["immutable-releases"] => Place::Immutable,
        ["releases"] => Place::Releases,
        ["releases", "latest"] => Place::Latest,
        ["releases", "generate-notes"] => Place::Notes,
        ["releases", "tags", tag @ ..] if !tag.is_empty() => Place::ByTag(tag.join("/")),
        ["releases", "assets", id] => number(id, Place::Asset),
        ["releases", id] => number(id, Place::Release),
        ["releases", id, "assets"] => number(id, Place::Assets),
        ["git", "ref", name @ ..] if !name.is_empty() => Place::Ref(name.join("/")),
        ["git", "tags", sha] => Place::TagObject((*sha).to_owned()),
        ["commits", name @ ..] if !name.is_empty() => Place::Commit(name.join("/")),
        ["actions", "runs", run, "artifacts"] => number(run, Place::RunArtifacts),
        ["actions", "artifacts", id, "zip"] => number(id, Place::ArtifactZip),
        _ => Place::Unknown,
    }
}

fn number(text: &str, make: fn(u64) -> Place) -> Place {
    text.parse().map_or(Place::Unknown, make)
}

fn kind(place: &Place, method: &Method, headers: &HeaderMap) -> RouteKind {
    let is = |wanted: Method| *method == wanted;
    match place {
        Place::Repository | Place::Immutable => RouteKind::GithubRepository,
        Place::Releases if is(Method::POST) => RouteKind::GithubCreate,
        Place::Releases => RouteKind::GithubList,
        Place::Release(_) if is(Method::PATCH) => RouteKind::GithubPublish,
        Place::Release(_) if is(Method::DELETE) => RouteKind::GithubDelete,
        Place::Latest | Place::ByTag(_) | Place::Release(_) => RouteKind::GithubRelease,
        Place::Notes => RouteKind::GithubNotes,
        Place::Assets(_) => RouteKind::GithubAssets,
        Place::Upload(_) => RouteKind::GithubAsset,
        Place::Asset(_) if is(Method::DELETE) => RouteKind::GithubDeleteAsset,
        Place::Asset(_) if wants_bytes(headers) => RouteKind::GithubDownload,
        Place::Asset(_) => RouteKind::GithubAssets,
        Place::Storage(_) | Place::Download { .. } | Place::ArtifactZip(_) => RouteKind::GithubDownload,
        Place::Ref(_) | Place::TagObject(_) | Place::Commit(_) => RouteKind::GithubTag,
        Place::RunArtifacts(_) => RouteKind::GithubArtifacts,
        Place::Page(_) | Place::Unknown => RouteKind::GithubOther,
    }
}

/// Whether an asset's bytes are asked for, not its description.
pub(crate) fn wants_bytes(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accept.to_ascii_lowercase().contains("application/octet-stream")
}

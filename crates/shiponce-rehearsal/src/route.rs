//! From an address to what it means.

use percent_encoding::percent_decode_str;

use crate::address::Index;
use crate::github;
use crate::world::RouteKind;

/// What a path stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/legacy/`, or without the slash.
    Legacy {
        slash: bool,
    },
    /// `/pypi`, the address of the upload view of long ago.
    OldUpload,
    /// Anything else below `/legacy/`.
    LegacyUnknown,
    Json {
        project: String,
        version: Option<String>,
    },
    SimpleRoot,
    Simple {
        project: String,
        slash: bool,
    },
    File {
        blake2: String,
        filename: String,
        metadata: bool,
    },
    /// `/integrity/<project>/<version>/<filename>/provenance`
    Provenance {
        project: String,
        version: String,
        filename: String,
    },
    Audience,
    Mint,
    Burn,
    ProjectPage {
        project: String,
    },
    Home,
    DangerApi,
    Runner,
    Github(github::Target),
    Unknown,
}

impl Route {
    /// Takes a path apart. `mounted` is set when the server listens for one index alone; otherwise the
    /// first segment names the index.
    pub(crate) fn parse(path: &str, mounted: Option<Index>) -> (Option<Index>, Self) {
        if path == "/runner/token" {
            return (None, Self::Runner);
        }
        if let Some(index) = mounted {
            return (Some(index), Self::below(path));
        }
        let rest = path.strip_prefix('/').unwrap_or(path);
        let (first, tail) = rest.split_once('/').unwrap_or((rest, ""));
        match Index::ALL.into_iter().find(|index| index.prefix() == first) {
            Some(index) => (Some(index), Self::below(&format!("/{tail}"))),
            None => (None, Self::Unknown),
        }
    }

    fn below(path: &str) -> Self {
        let segments: Vec<String> =
            path.split('/').skip(1).map(|s| percent_decode_str(s).decode_utf8_lossy().into_owned()).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            [""] => Self::Home,
            ["legacy"] => Self::Legacy { slash: false },
            ["legacy", ""] => Self::Legacy { slash: true },
            ["legacy", ..] => Self::LegacyUnknown,
            ["pypi"] => Self::OldUpload,
            ["pypi", project, "json"] => Self::Json { project: (*project).to_owned(), version: None },
            ["pypi", project, version, "json"] => {
                Self::Json { project: (*project).to_owned(), version: Some((*version).to_owned()) }
            }
            ["simple"] | ["simple", ""] => Self::SimpleRoot,
            ["simple", project] => Self::Simple { project: (*project).to_owned(), slash: false },
            ["simple", project, ""] => Self::Simple { project: (*project).to_owned(), slash: true },
            ["files", a, b, rest, name] => {
                let plain = name.strip_suffix(".metadata");
                let filename = plain.unwrap_or(name).to_owned();
                Self::File { blake2: format!("{a}{b}{rest}"), filename, metadata: plain.is_some() }
            }
            ["integrity", project, version, filename, "provenance"] => Self::Provenance {
                project: (*project).to_owned(),
                version: (*version).to_owned(),
                filename: (*filename).to_owned(),
            },
            ["_", "oidc", "audience"] => Self::Audience,
            ["_", "oidc", "mint-token"] | ["_", "oidc", "github", "mint-token"] => Self::Mint,
            ["_", "oidc", "burn-token"] => Self::Burn,
            ["project", project] | ["project", project, ""] => {
                Self::ProjectPage { project: (*project).to_owned() }
            }
            ["danger-api", ..] => Self::DangerApi,
            _ => Self::Unknown,
        }
    }

    pub(crate) fn kind(&self) -> RouteKind {
        match self {
            Self::Legacy { .. } | Self::OldUpload | Self::LegacyUnknown => RouteKind::Upload,
            Self::Json { .. } => RouteKind::Json,
            Self::SimpleRoot | Self::Simple { .. } => RouteKind::Simple,
            Self::File { metadata: false, .. } => RouteKind::File,
            Self::File { metadata: true, .. } => RouteKind::Metadata,
            Self::Provenance { .. } => RouteKind::Provenance,
            Self::Audience => RouteKind::Audience,
            Self::Mint => RouteKind::Mint,
            Self::Burn => RouteKind::Burn,
            Self::Runner => RouteKind::Identity,
            Self::Github(target) => target.kind,
            Self::ProjectPage { .. } | Self::Home | Self::DangerApi | Self::Unknown => RouteKind::Other,
        }
    }

    pub(crate) fn project(&self) -> Option<&str> {
        match self {
            Self::Json { project, .. }
            | Self::Simple { project, .. }
            | Self::Provenance { project, .. }
            | Self::ProjectPage { project } => Some(project),
            _ => None,
        }
    }

    /// The file that is asked for, or on GitHub the name that is given to one.
    pub(crate) fn filename(&self, query: Option<&str>) -> Option<String> {
        match self {
            Self::File { filename, .. } | Self::Provenance { filename, .. } => Some(filename.clone()),
            Self::Github(target) => target.filename(query),
            _ => None,
        }
    }

    pub(crate) fn github(&self) -> Option<&github::Target> {
        match self {
            Self::Github(target) => Some(target),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Index, Route};

    #[test]
    fn the_first_segment_names_the_index() {
        let (index, route) = Route::parse("/test/legacy/", None);
        assert_eq!((index, route), (Some(Index::TestPypi), Route::Legacy { slash: true }));
        assert_eq!(Route::parse("/legacy/", None), (None, Route::Unknown));
        let (index, route) = Route::parse("/legacy", Some(Index::Pypi));
        assert_eq!((index, route), (Some(Index::Pypi), Route::Legacy { slash: false }));
    }

    #[test]
    fn files_are_found_by_their_digest() {
        let (_, route) = Route::parse("/prod/files/ab/cd/ef/a-1%2Bx.whl.metadata", None);
        let filename = "a-1+x.whl".to_owned();
        assert_eq!(route, Route::File { blake2: "abcdef".to_owned(), filename, metadata: true });
    }
}

//! Distribution file names: wheels (PEP 427, PEP 425) and source distributions (PEP 625).
//!
//! The two rooms parse leniently (what an index may list) and say separately whether a name is in the normalised
//! form that PyPI demands of new uploads.

mod sdist;
mod wheel;

use crate::names::PackageName;
use crate::version::Version;
use std::fmt;
use std::str::FromStr;

pub use sdist::SdistFilename;
pub use wheel::{BuildTag, WheelFilename, WheelTag};

/// The name of a file that an index accepts as a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DistFilename {
    /// A built distribution, `.whl`.
    Wheel(WheelFilename),
    /// A source distribution, `.tar.gz` (or the older `.zip`).
    Sdist(SdistFilename),
}

/// Why a text is not the name of a distribution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilenameError {
    /// Neither `.whl`, `.tar.gz` nor `.zip`.
    #[error("`{0}` is not the name of a distribution: expected `.whl`, `.tar.gz` or `.zip`")]
    Extension(String),
    /// Not five or six parts between hyphens.
    #[error("`{0}` is not a wheel name: expected name-version(-build)-python-abi-platform.whl")]
    WheelParts(String),
    /// The project part is not a project name.
    #[error("`{0}` does not begin with a project name")]
    Name(String),
    /// The version part is not PEP 440.
    #[error("`{0}` has no PEP 440 version where one belongs")]
    Version(String),
    /// The build tag does not start with a digit.
    #[error("`{0}` has a build tag that does not start with a digit")]
    Build(String),
    /// An empty or malformed python, abi or platform tag.
    #[error("`{0}` has a malformed wheel tag `{1}`")]
    Tag(String, String),
}

impl DistFilename {
    /// The project the file belongs to.
    #[must_use]
    pub fn project(&self) -> &PackageName {
        match self {
            Self::Wheel(wheel) => &wheel.project,
            Self::Sdist(sdist) => &sdist.project,
        }
    }

    /// The version the file belongs to.
    #[must_use]
    pub fn version(&self) -> &Version {
        match self {
            Self::Wheel(wheel) => &wheel.version,
            Self::Sdist(sdist) => &sdist.version,
        }
    }

    /// `filetype` of the upload form.
    #[must_use]
    pub fn filetype(&self) -> &'static str {
        match self {
            Self::Wheel(_) => "bdist_wheel",
            Self::Sdist(_) => "sdist",
        }
    }

    /// `pyversion` of the upload form: python tags joined with `.`, or `source`.
    #[must_use]
    pub fn pyversion(&self) -> String {
        match self {
            Self::Wheel(wheel) => wheel.python.join("."),
            Self::Sdist(_) => "source".to_owned(),
        }
    }

    /// The wheel's name, when it is one.
    #[must_use]
    pub fn as_wheel(&self) -> Option<&WheelFilename> {
        match self {
            Self::Wheel(wheel) => Some(wheel),
            Self::Sdist(_) => None,
        }
    }

    /// Whether PyPI's rules for new uploads accept the spelling of name and version.
    #[must_use]
    pub fn is_normalized(&self) -> bool {
        match self {
            Self::Wheel(wheel) => wheel.is_normalized(),
            Self::Sdist(sdist) => sdist.is_normalized(),
        }
    }

    /// The order files go to an index: wheels before the sdist, so that nobody builds from source meanwhile, and
    /// among wheels by name. The first one creates the release, hence the rule must be the same on every machine.
    #[must_use]
    pub fn upload_rank(&self) -> (bool, &str) {
        match self {
            Self::Wheel(wheel) => (false, &wheel.written),
            Self::Sdist(sdist) => (true, &sdist.written),
        }
    }
}

impl FromStr for DistFilename {
    type Err = FilenameError;

    fn from_str(text: &str) -> Result<Self, FilenameError> {
        if text.to_ascii_lowercase().ends_with(".whl") {
            return text.parse().map(Self::Wheel);
        }
        text.parse().map(Self::Sdist)
    }
}

impl fmt::Display for DistFilename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wheel(wheel) => f.write_str(&wheel.written),
            Self::Sdist(sdist) => f.write_str(&sdist.written),
        }
    }
}

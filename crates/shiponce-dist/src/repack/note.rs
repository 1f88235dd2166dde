//! What repacking leaves, drops or raises, said in a sentence each.

use shiponce_core::Version;
use std::fmt;

/// One thing about a repacked file that its reader may not expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Modules were not touched.
    ModulesKeepVersion(Version),
    /// The suffix makes an older version.
    Older {
        /// The version before.
        old: Version,
        /// The version now.
        new: Version,
    },
    /// A signature of the old RECORD cannot hold for the new one.
    SignatureDropped(String),
    /// `Metadata-Version` had to be raised for the description to be read.
    MetadataVersionRaised,
    /// Comments of the zip file and of its entries, which indexes refuse, are gone.
    CommentsDropped,
    /// A version that `pyproject.toml` states was changed too: a wheel built from the sdist must have it.
    PyprojectVersion,
    /// The file that `pyproject.toml` names as the long description was replaced too.
    ReadmeFile(String),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ModulesKeepVersion(version) => {
                write!(f, "modules are not changed: a __version__ inside them still says {version}")
            }
            Self::Older { old, new } => {
                write!(f, "{new} is older than {old}; installers take it only when asked for it")
            }
            Self::SignatureDropped(member) => {
                write!(f, "{member} is dropped: it signed the old RECORD")
            }
            Self::MetadataVersionRaised => {
                f.write_str("Metadata-Version is raised to 2.1, the first that has a described body")
            }
            Self::CommentsDropped => f.write_str("comments of the zip file are dropped; indexes refuse them"),
            Self::PyprojectVersion => f.write_str("the version in its pyproject.toml is changed too"),
            Self::ReadmeFile(file) => write!(f, "its {file} is replaced too"),
        }
    }
}

//! Makers of archives: sound ones, and ones with any single thing wrong.

mod sdist;
mod tar;
mod wheel;
mod zip;

pub(crate) use sdist::Sdist;
pub(crate) use tar::{Tar, gzip};
pub(crate) use wheel::{Wheel, base64url};
pub(crate) use zip::{Item, Tweak, Zip};

/// METADATA that no rule complains about.
pub(crate) fn metadata(name: &str, version: &str) -> String {
    format!(
        "Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nSummary: A demonstration\n\
         Description-Content-Type: text/markdown\n\nA long description.\n"
    )
}

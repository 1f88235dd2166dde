//! An sdist builder.

use super::{Tar, metadata};
use std::path::{Path, PathBuf};

/// What goes into an sdist.
pub(crate) struct Sdist {
    pub(crate) filename: String,
    pub(crate) root: String,
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

impl Sdist {
    /// `demo` 1.0.
    pub(crate) fn demo() -> Self {
        Self::named("demo-1.0.tar.gz")
    }

    pub(crate) fn named(filename: &str) -> Self {
        let root = filename.trim_end_matches(".tar.gz").trim_end_matches(".zip").to_owned();
        let (name, version) = root.rsplit_once('-').unwrap();
        let files = vec![
            ("PKG-INFO".to_owned(), metadata(name, version).into_bytes()),
            ("pyproject.toml".to_owned(), b"[build-system]\nrequires = []\n".to_vec()),
            ("demo/__init__.py".to_owned(), Vec::new()),
        ];
        Self { filename: filename.to_owned(), root, files }
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.files.retain(|(file, _)| file != name);
        self
    }

    pub(crate) fn pkg_info(mut self, text: &str) -> Self {
        self = self.without("PKG-INFO");
        self.files.push(("PKG-INFO".to_owned(), text.as_bytes().to_vec()));
        self
    }

    pub(crate) fn tar(&self) -> Tar {
        self.files
            .iter()
            .fold(Tar::default(), |tar, (name, data)| tar.file(&format!("{}/{name}", self.root), data))
    }

    pub(crate) fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join(&self.filename);
        let bytes = if self.filename.ends_with(".zip") {
            let item = |(name, data): &(String, Vec<u8>)| {
                super::Item::new(format!("{}/{name}", self.root), data.clone())
            };
            super::Zip::new(self.files.iter().map(item).collect()).bytes()
        } else {
            self.tar().finish()
        };
        fs_err::write(&path, bytes).unwrap();
        path
    }
}

//! The frozen manifest: which bytes a release consists of.
//!
//! It is written to the ledger by compare-and-set before the first upload and is write-once per name: names may be
//! added, but another digest for a name, or another commit, is a conflict. Together with write-once names on the
//! index and reading back, it is what exactly-once rests on.

use crate::canonical::Value;
use crate::digest::{Blake2b256, Sha256};
use crate::filename::DistFilename;
use crate::names::PackageName;
use crate::version::Version;
use std::collections::BTreeMap;

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Its name, parsed.
    pub filename: DistFilename,
    /// Size in bytes.
    pub size: u64,
    /// Identity of the bytes.
    pub sha256: Sha256,
    /// What PyPI keys bytes by; its file addresses are computed from it.
    pub blake2b: Blake2b256,
}

/// A file of a release that goes to no index, only to the release page: a bill of materials, a manual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetEntry {
    /// Size in bytes.
    pub size: u64,
    /// Identity of the bytes.
    pub sha256: Sha256,
}

/// The bytes of one release of one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The project.
    pub project: PackageName,
    /// The version.
    pub version: Version,
    /// The commit the files were built from; `None` when they were handed over without a checkout.
    pub commit: Option<String>,
    /// Digest of the resolved build inputs (command, environment, variant, suffix, expected set; never toolchain or
    /// host); `None` when the files were handed over.
    pub inputs: Option<Sha256>,
    /// The files by name.
    pub files: BTreeMap<String, FileEntry>,
    /// What the release page shows beside them, by name.
    pub assets: BTreeMap<String, AssetEntry>,
}

/// Why a manifest cannot take in another one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestConflict {
    /// They describe different releases.
    #[error("the manifest is of {frozen}, not of {offered}")]
    Release {
        /// Project and version that are frozen.
        frozen: String,
        /// Project and version that were offered.
        offered: String,
    },
    /// The release was frozen from another commit.
    #[error("the release is frozen at commit {frozen}, not {offered}")]
    Commit {
        /// The frozen commit.
        frozen: String,
        /// The offered commit.
        offered: String,
    },
    /// A name is frozen with other bytes.
    #[error("{filename} is frozen with sha256 {frozen}, not {offered}")]
    Bytes {
        /// The file.
        filename: String,
        /// The frozen digest.
        frozen: Sha256,
        /// The offered digest.
        offered: Sha256,
    },
}

/// The result of taking a manifest in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// What is frozen now.
    pub manifest: Manifest,
    /// Names that were not frozen before.
    pub added: Vec<String>,
}

impl Manifest {
    /// Adds the names of `offered` that are not frozen yet.
    ///
    /// # Errors
    /// [`ManifestConflict`] when the release, the commit or the bytes of a name differ.
    pub fn merge(&self, offered: &Self) -> Result<Merged, ManifestConflict> {
        let label = |m: &Self| format!("{} {}", m.project.normalized(), m.version);
        if self.project != offered.project || self.version != offered.version {
            return Err(ManifestConflict::Release { frozen: label(self), offered: label(offered) });
        }
        if let (Some(frozen), Some(offered)) = (&self.commit, &offered.commit)
            && frozen != offered
        {
            return Err(ManifestConflict::Commit { frozen: frozen.clone(), offered: offered.clone() });
        }
        let mut manifest = self.clone();
        let mut added = Vec::new();
        for (name, entry) in &offered.files {
            match self.files.get(name) {
                Some(frozen) if frozen.sha256 != entry.sha256 => {
                    return Err(ManifestConflict::Bytes {
                        filename: name.clone(),
                        frozen: frozen.sha256,
                        offered: entry.sha256,
                    });
                }
                Some(_) => {}
                None => {
                    added.push(name.clone());
                    manifest.files.insert(name.clone(), entry.clone());
                }
            }
        }
        self.merge_assets(offered, &mut manifest, &mut added)?;
        manifest.commit = self.commit.clone().or_else(|| offered.commit.clone());
        manifest.inputs = self.inputs.or(offered.inputs);
        Ok(Merged { manifest, added })
    }

    /// The same rules hold for what goes to the release page: names are added and never replaced.
    fn merge_assets(
        &self,
        offered: &Self,
        manifest: &mut Self,
        added: &mut Vec<String>,
    ) -> Result<(), ManifestConflict> {
        for (name, entry) in &offered.assets {
            let frozen = self.assets.get(name).map(|asset| asset.sha256);
            match frozen.or_else(|| manifest.files.get(name).map(|file| file.sha256)) {
                Some(frozen) if frozen != entry.sha256 => {
                    let (filename, offered) = (name.clone(), entry.sha256);
                    return Err(ManifestConflict::Bytes { filename, frozen, offered });
                }
                Some(_) => {}
                None => {
                    added.push(name.clone());
                    manifest.assets.insert(name.clone(), entry.clone());
                }
            }
        }
        Ok(())
    }

    /// Files in the order they go to an index: see [`DistFilename::upload_rank`].
    #[must_use]
    pub fn in_upload_order(&self) -> Vec<&FileEntry> {
        let mut files: Vec<&FileEntry> = self.files.values().collect();
        files.sort_by(|a, b| a.filename.upload_rank().cmp(&b.filename.upload_rank()));
        files
    }

    /// The canonical form, also the content of `shiponce-manifest.json`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let files = self.files.iter().map(|(name, entry)| {
            let entry = Value::object([
                ("blake2b_256", Value::text(entry.blake2b.to_string())),
                ("sha256", Value::text(entry.sha256.to_string())),
                ("size", Value::Int(i64::try_from(entry.size).unwrap_or(crate::canonical::INT_MAX))),
            ]);
            (name.clone(), entry)
        });
        let optional = |text: Option<String>| text.map_or(Value::Null, Value::Text);
        let mut value = BTreeMap::from([
            ("commit", optional(self.commit.clone())),
            ("files", Value::object(files)),
            ("inputs", optional(self.inputs.map(|digest| digest.to_string()))),
            ("project", Value::text(self.project.normalized())),
            ("schema", Value::text("shiponce-manifest/1")),
            ("version", Value::text(self.version.to_string())),
        ]);
        // A release without them keeps the form, and so the digest, it had before there were any.
        if !self.assets.is_empty() {
            let asset = |(name, entry): (&String, &AssetEntry)| (name.clone(), entry.to_value());
            value.insert("assets", Value::object(self.assets.iter().map(asset)));
        }
        Value::object(value)
    }
}

impl AssetEntry {
    fn to_value(&self) -> Value {
        Value::object([
            ("sha256", Value::text(self.sha256.to_string())),
            ("size", Value::Int(i64::try_from(self.size).unwrap_or(crate::canonical::INT_MAX))),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn manifest(files: &[(&str, u8)], commit: Option<&str>) -> Manifest {
        let files = files.iter().map(|(name, byte)| {
            let entry = FileEntry {
                filename: name.parse().unwrap(),
                size: 10,
                sha256: Sha256([*byte; 32]),
                blake2b: Blake2b256([*byte; 32]),
            };
            ((*name).to_owned(), entry)
        });
        Manifest {
            project: "Demo".parse().unwrap(),
            version: "1.0".parse().unwrap(),
            commit: commit.map(ToOwned::to_owned),
            inputs: None,
            files: files.collect(),
            assets: BTreeMap::new(),
        }
    }

    const WHEEL: &str = "demo-1.0-py3-none-any.whl";
    const SDIST: &str = "demo-1.0.tar.gz";

    #[test]
    fn names_are_added_and_never_replaced() {
        let frozen = manifest(&[(WHEEL, 1)], Some("abc"));
        let merged = frozen.merge(&manifest(&[(WHEEL, 1), (SDIST, 2)], Some("abc"))).unwrap();
        assert_eq!(merged.added, [SDIST]);
        assert_eq!(merged.manifest.files.len(), 2);
        let again = merged.manifest.merge(&frozen).unwrap();
        assert!(again.added.is_empty());
        assert_eq!(again.manifest, merged.manifest);
    }

    #[test]
    fn other_bytes_and_other_commits_conflict() {
        let frozen = manifest(&[(WHEEL, 1)], Some("abc"));
        let bytes = frozen.merge(&manifest(&[(WHEEL, 2)], Some("abc"))).unwrap_err();
        assert!(matches!(bytes, ManifestConflict::Bytes { .. }), "{bytes}");
        let commit = frozen.merge(&manifest(&[(WHEEL, 1)], Some("def"))).unwrap_err();
        assert_eq!(commit.to_string(), "the release is frozen at commit abc, not def");
        assert!(frozen.merge(&manifest(&[(WHEEL, 1)], None)).is_ok());
    }

    #[test]
    fn canonical_form_is_stable() {
        let text = manifest(&[(WHEEL, 1)], Some("abc")).to_value().to_canonical();
        let one = "01".repeat(32);
        assert_eq!(
            text,
            format!(
                "{{\"commit\":\"abc\",\"files\":{{\"{WHEEL}\":{{\"blake2b_256\":\"{one}\",\"sha256\":\"{one}\",\"size\":10}}}},\
                 \"inputs\":null,\"project\":\"demo\",\"schema\":\"shiponce-manifest/1\",\"version\":\"1.0\"}}"
            )
        );
    }

    fn with_asset(mut manifest: Manifest, name: &str, byte: u8) -> Manifest {
        manifest.assets.insert(name.to_owned(), AssetEntry { size: 3, sha256: Sha256([byte; 32]) });
        manifest
    }

    #[test]
    fn assets_are_added_and_never_replaced() {
        let frozen = manifest(&[(WHEEL, 1)], None);
        let merged = frozen.merge(&with_asset(frozen.clone(), "manual.pdf", 7)).unwrap();
        assert_eq!(merged.added, ["manual.pdf"]);
        assert_eq!(merged.manifest.merge(&frozen).unwrap().manifest, merged.manifest);
        let other = merged.manifest.merge(&with_asset(frozen.clone(), "manual.pdf", 8)).unwrap_err();
        assert!(matches!(other, ManifestConflict::Bytes { .. }), "{other}");
        let file = frozen.merge(&with_asset(frozen.clone(), WHEEL, 9)).unwrap_err();
        assert!(matches!(file, ManifestConflict::Bytes { .. }), "{file}");
    }

    #[test]
    fn assets_enter_the_canonical_form_only_where_there_are_any() {
        let text = with_asset(manifest(&[], None), "manual.pdf", 7).to_value().to_canonical();
        let seven = "07".repeat(32);
        assert!(
            text.starts_with(&format!(
                "{{\"assets\":{{\"manual.pdf\":{{\"sha256\":\"{seven}\",\"size\":3}}}}"
            )),
            "{text}"
        );
        assert!(!manifest(&[], None).to_value().to_canonical().contains("assets"));
    }

    #[test]
    fn wheels_go_before_the_sdist() {
        let order = manifest(&[(SDIST, 1), (WHEEL, 2), ("demo-1.0-cp311-cp311-win32.whl", 3)], None);
        let names: Vec<String> = order.in_upload_order().iter().map(|f| f.filename.to_string()).collect();
        assert_eq!(names, ["demo-1.0-cp311-cp311-win32.whl", WHEEL, SDIST]);
    }
}

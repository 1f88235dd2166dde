//! Frozen manifests: which bytes a release consists of, written once per name.

mod json;

pub use json::{ManifestTextError, parse_manifest};

use crate::digest::sha256_hex;
use crate::error::{Error, FreezeError};
use crate::lease::Fence;
use crate::ledger::Ledger;
use crate::sqlite::Failed;
use crate::text::version_key;
use rusqlite::{OptionalExtension as _, Transaction};
use shiponce_core::manifest::Merged;
use shiponce_core::{Manifest, PackageName, Version};

impl Ledger {
    /// Freezes a manifest, or adds the names of `offered` to the frozen one: a compare-and-set, because what is
    /// frozen is read and written in one transaction.
    ///
    /// # Errors
    /// [`FreezeError::Conflict`] when the release is frozen with another commit or other bytes for a name; the frozen
    /// manifest then stays as it is. [`FreezeError::Ledger`] when the lease is over or the ledger fails.
    pub fn freeze(&self, fence: &Fence, offered: &Manifest) -> Result<Merged, FreezeError> {
        let now = self.now().0;
        let frozen = self.fenced("freeze the manifest", fence, &offered.project, |transaction| {
            let merged = match load(transaction, &offered.project, &offered.version)? {
                None => Merged { manifest: offered.clone(), added: offered.files.keys().cloned().collect() },
                Some(frozen) => match frozen.merge(offered) {
                    Ok(merged) if merged.manifest == frozen => return Ok(Ok(merged)),
                    Ok(merged) => merged,
                    Err(conflict) => return Ok(Err(conflict)),
                },
            };
            store(transaction, &merged.manifest, now)?;
            Ok(Ok(merged))
        });
        match frozen {
            Ok(Ok(merged)) => Ok(merged),
            Ok(Err(source)) => Err(FreezeError::Conflict { source }),
            Err(source) => Err(FreezeError::Ledger { source }),
        }
    }

    /// The frozen manifest of a release; the version may be spelled in any way PEP 440 takes for equal.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the row does not hold a manifest with its digest.
    pub fn manifest(&self, project: &PackageName, version: &Version) -> Result<Option<Manifest>, Error> {
        self.connected().read("read the manifest", |transaction| load(transaction, project, version))
    }

    /// All frozen manifests of a project, in order of their versions.
    ///
    /// # Errors
    /// As [`Ledger::manifest`].
    pub fn manifests(&self, project: &PackageName) -> Result<Vec<Manifest>, Error> {
        let mut manifests = self.connected().read("read the manifests", |transaction| {
            let mut statement =
                transaction.prepare_cached("SELECT body, digest FROM manifest WHERE project = ?1")?;
            let mut rows = statement.query([project.normalized()])?;
            let mut manifests = Vec::new();
            while let Some(row) = rows.next()? {
                manifests.push(checked(project, &row.get::<_, String>(0)?, &row.get::<_, String>(1)?)?);
            }
            Ok(manifests)
        })?;
        manifests.sort_by(|a, b| a.version.cmp(&b.version));
        Ok(manifests)
    }
}

fn load(
    transaction: &Transaction<'_>,
    project: &PackageName,
    version: &Version,
) -> Result<Option<Manifest>, Failed> {
    let row: Option<(String, String)> = transaction
        .prepare_cached("SELECT body, digest FROM manifest WHERE project = ?1 AND version_key = ?2")?
        .query_row((project.normalized(), version_key(version)), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((body, digest)) = row else { return Ok(None) };
    let manifest = checked(project, &body, &digest)?;
    if manifest.version == *version {
        return Ok(Some(manifest));
    }
    Err(Failed::Row(format!("the manifest of {project} {version} is of {}", manifest.version)))
}

/// What was frozen decides what may be uploaded, so it is believed only whole.
fn checked(project: &PackageName, body: &str, digest: &str) -> Result<Manifest, Failed> {
    if sha256_hex(body) != digest {
        return Err(Failed::Row(format!("a manifest of {project} does not have the digest {digest}")));
    }
    let manifest =
        parse_manifest(body).map_err(|error| Failed::Row(format!("a manifest of {project}: {error}")))?;
    if manifest.project == *project {
        return Ok(manifest);
    }
    Err(Failed::Row(format!("a manifest of {project} is of {}", manifest.project)))
}

fn store(transaction: &Transaction<'_>, manifest: &Manifest, now: i64) -> Result<(), Failed> {
    let body = manifest.to_value().to_canonical();
    transaction
        .prepare_cached(
            "INSERT INTO manifest (project, version_key, version, body, digest, created_micros, changed_micros)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
             ON CONFLICT (project, version_key) DO UPDATE SET
                 body = excluded.body, digest = excluded.digest, changed_micros = excluded.changed_micros",
        )?
        .execute((
            manifest.project.normalized(),
            version_key(&manifest.version),
            manifest.version.to_string(),
            &body,
            sha256_hex(&body),
            now,
        ))?;
    Ok(())
}

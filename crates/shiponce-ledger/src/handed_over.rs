//! Digests that were handed over to this user: only such bytes may be uploaded, whatever else the ledger says.

use crate::error::Error;
use crate::lease::Fence;
use crate::ledger::Ledger;
use crate::sqlite::parsed;
use crate::text::{sanitise, version_key};
use shiponce_core::{PackageName, Sha256, Timestamp, Version};
use std::collections::BTreeMap;

/// How bytes came into this user's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// In a few words: `built`, `given to publish`, `--manifest-sha256`.
    pub how: String,
    /// When, for people.
    pub at: Timestamp,
}

impl Ledger {
    /// Notes that bytes were handed over, all or none. The first note about a digest stays.
    ///
    /// # Errors
    /// [`Error::Fenced`] when the lease is over, or when the ledger fails.
    pub fn hand_over(
        &self,
        fence: &Fence,
        project: &PackageName,
        version: &Version,
        digests: &[Sha256],
        how: &str,
    ) -> Result<(), Error> {
        let now = self.now().0;
        self.fenced("note the bytes handed over", fence, project, |transaction| {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO handed_over (project, version_key, sha256, how, at_micros)
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            )?;
            for sha256 in digests {
                let key = version_key(version);
                insert.execute((project.normalized(), key, sha256.to_string(), sanitise(how), now))?;
            }
            Ok(())
        })
    }

    /// The digests handed over for a release. This ledger lies in the user's own private directory, so a new process
    /// may rely on it; a ledger that others can write may not answer this question.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn handed_over(
        &self,
        project: &PackageName,
        version: &Version,
    ) -> Result<BTreeMap<Sha256, HandOver>, Error> {
        self.connected().read("read the bytes handed over", |transaction| {
            let mut statement = transaction.prepare_cached(
                "SELECT sha256, how, at_micros FROM handed_over WHERE project = ?1 AND version_key = ?2",
            )?;
            let mut rows = statement.query((project.normalized(), version_key(version)))?;
            let mut digests = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let sha256 = parsed("sha256", &row.get::<_, String>(0)?)?;
                digests.insert(sha256, HandOver { how: row.get(1)?, at: Timestamp(row.get(2)?) });
            }
            Ok(digests)
        })
    }
}

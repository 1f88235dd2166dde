//! Receipts of finished releases.

use crate::digest::sha256_hex;
use crate::error::Error;
use crate::lease::Fence;
use crate::ledger::Ledger;
use crate::sqlite::{Failed, from_bigint, parsed};
use crate::text::version_key;
use rusqlite::Row;
use shiponce_core::{PackageName, Timestamp, Version};

/// A receipt as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReceipt {
    /// Its place among all receipts.
    pub seq: u64,
    /// The version.
    pub version: Version,
    /// When it was stored.
    pub at: Timestamp,
    /// The document, byte for byte.
    pub json: String,
}

impl Ledger {
    /// Stores the receipt of a release. Every press that finds the release complete may store one.
    ///
    /// # Errors
    /// [`Error::Fenced`] when the lease is over, or when the ledger fails.
    pub fn put_receipt(
        &self,
        fence: &Fence,
        project: &PackageName,
        version: &Version,
        json: &str,
    ) -> Result<u64, Error> {
        let now = self.now().0;
        self.fenced("store the receipt", fence, project, |transaction| {
            let seq: i64 = transaction
                .prepare_cached("SELECT COALESCE(MAX(seq), 0) + 1 FROM receipt")?
                .query_row([], |row| row.get(0))?;
            transaction
                .prepare_cached(
                    "INSERT INTO receipt (seq, project, version_key, version, body, digest, at_micros)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute((
                    seq,
                    project.normalized(),
                    version_key(version),
                    version.to_string(),
                    json,
                    sha256_hex(json),
                    now,
                ))?;
            from_bigint("seq", seq)
        })
    }

    /// The receipts of a project, oldest first.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a receipt does not have its digest.
    pub fn receipts(&self, project: &PackageName) -> Result<Vec<StoredReceipt>, Error> {
        self.connected().read("read the receipts", |transaction| {
            let mut statement = transaction.prepare_cached(
                "SELECT seq, version, at_micros, body, digest FROM receipt WHERE project = ?1 ORDER BY seq",
            )?;
            let mut rows = statement.query([project.normalized()])?;
            let mut receipts = Vec::new();
            while let Some(row) = rows.next()? {
                receipts.push(receipt(row)?);
            }
            Ok(receipts)
        })
    }
}

fn receipt(row: &Row<'_>) -> Result<StoredReceipt, Failed> {
    let (seq, json, digest) =
        (from_bigint("seq", row.get(0)?)?, row.get::<_, String>(3)?, row.get::<_, String>(4)?);
    if sha256_hex(&json) != digest {
        return Err(Failed::Row(format!("receipt {seq} does not have the digest {digest}")));
    }
    Ok(StoredReceipt {
        seq,
        version: parsed("version", &row.get::<_, String>(1)?)?,
        at: Timestamp(row.get(2)?),
        json,
    })
}

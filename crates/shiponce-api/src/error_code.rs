//! Error codes: a small set of slugs, each bound at compile time to a page that explains it.
//!
//! A code is what a person looks up and what a script branches on; the message beside it carries the values.
//! Before adding one, see whether an existing code already leads the reader to the same action.

use std::fmt;

use crate::ExitCode;

/// One row per code: variant, slug, exit code, title. The page is `docs/errors/SLUG.md`; without that file the
/// crate does not compile.
macro_rules! error_codes {
    ($($variant:ident $slug:literal $exit:ident $title:literal;)+) => {
        /// What failed, as a stable name with a page behind it (`shiponce explain CODE`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ErrorCode {
            $(#[doc = $title] $variant,)+
        }

        impl ErrorCode {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name, as printed in `error[SLUG]`.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// The exit code a command ends with when this is why it ended.
            #[must_use]
            pub const fn exit_code(self) -> ExitCode {
                match self { $(Self::$variant => ExitCode::$exit,)+ }
            }

            /// One line that says what the code means.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// The page of the code, in Markdown.
            #[must_use]
            pub const fn page(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("../../../docs/errors/", $slug, ".md")),)+
                }
            }
        }
    };
}

error_codes! {
    NoProject "no-project" Usage "There is no Python project in this folder.";
    Usage "usage" Usage "The command line asks for something that cannot be done as written.";
    ConfigUnknownKey "config-unknown-key" Usage "The configuration has a key that means nothing.";
    ConfigInvalid "config-invalid" Usage "The configuration cannot be read or a value is not allowed.";
    ConfigBothFiles "config-both-files" Usage "Two files configure shiponce, and neither wins.";
    NotSupported "not-supported" Usage "The feature is part of the design, but not of this version.";
    PolicyRefused "policy-refused" Usage "The policy of the organisation forbids this.";
    SecretFileReadable "secret-file-readable" Usage "A file with secrets can be read by other users.";
    SecretInUrl "secret-in-url" Usage "A password stands in a URL, where it would be logged.";
    NoWheels "no-wheels" Failed "There are no distributions to publish.";
    ForeignWheel "foreign-wheel" Failed "A file in the dist folder belongs to another project or version.";
    WheelInvalid "wheel-invalid" Failed "A distribution is damaged or breaks a rule of its format.";
    VersionMismatch "version-mismatch" Failed "The places that state the version disagree.";
    DirtyTree "dirty-tree" Failed "The working tree has changes that are not committed.";
    UnpushedCommit "unpushed-commit" Failed "The commit is on no remote branch or tag.";
    HeadNotTag "head-not-tag" Failed "HEAD is not the commit of the release tag.";
    WrongBranch "wrong-branch" Failed "The commit is not on the release branch.";
    MovedTag "moved-tag" Conflict "The release tag points to another commit than before.";
    TokenMalformed "token-malformed" Auth "The token is not a complete API token.";
    TokenForeignHost "token-foreign-host" Auth "The token was issued for another host.";
    TokenMissing "token-missing" Auth "No credential was found for an index.";
    InsecureUrl "insecure-url" Usage "The address would send credentials or files without encryption.";
    NotConfirmed "not-confirmed" Failed "The question before publishing was answered with no.";
    ConfirmationNeeded "confirmation-needed" Usage "Publishing needs a yes, and nobody can be asked.";
    BuildFailed "build-failed" Failed "The build command failed.";
    BuildBesideCredentials "build-beside-credentials" Usage "Project code would run beside publishing credentials.";
    NotReproducible "not-reproducible" Failed "Two builds of the same source differ.";
    CheckFailed "check-failed" Failed "A gate found problems.";
    InstallVerificationFailed "install-verification-failed" Failed "The files do not install, import or report their version.";
    PythonMissing "python-missing" Usage "No usable Python interpreter was found.";
    TargetUnobserved "target-unobserved" Unknown "A target could not be read, so nothing was written.";
    FileConflict "file-conflict" Conflict "The file name is taken by other bytes.";
    FileExists "file-exists" Conflict "A file on this machine has the name with other bytes.";
    RepackRefused "repack-refused" Failed "The file cannot be repacked without becoming dishonest.";
    FileNameBurned "file-name-burned" Conflict "The file name belonged to a deleted file and is never free again.";
    ReleaseClosed "release-closed" Conflict "The release is too old to take new files.";
    SameBytesOtherName "same-bytes-other-name" Conflict "The index holds the same bytes under another name.";
    SecondSdist "second-sdist" Conflict "The release has a source distribution already.";
    UnprovenSource "unproven-source" Conflict "Published files cannot be tied to this commit.";
    ManifestMismatch "manifest-mismatch" Conflict "The files differ from the frozen manifest.";
    AttestationInvalid "attestation-invalid" Failed "An attestation does not fit its file or its publisher.";
    AttestationMissing "attestation-missing" Failed "An index requires attestations, and a file has none.";
    ProvenanceDowngrade "provenance-downgrade" Failed "The previous release has provenance, and this one would not.";
    IncompleteRelease "incomplete-release" Failed "The files are not those that the release must have.";
    NotReached "not-reached" Failed "A release that this one needs has failed.";
    StalePlan "stale-plan" Conflict "The world changed after the plan was made.";
    IndexRejected "index-rejected" Failed "The index read the file and refused it.";
    AuthRefused "auth-refused" Auth "The index refused the credential.";
    TrustedPublishingFailed "trusted-publishing-failed" Auth "The exchange for a trusted publishing token failed.";
    IndexFailed "index-failed" Outside "The index failed, also after retries.";
    GithubFailed "github-failed" Outside "GitHub failed or refused, also after retries.";
    GithubOutstanding "github-outstanding" Partial "The files are published, the release on GitHub is not.";
    TagBurned "tag-burned" Conflict "The tag name belonged to a deleted immutable release.";
    Partial "partial" Partial "Some files or targets are done, others are not.";
    BytesMissing "bytes-missing" Partial "No place holds the bytes of a frozen file.";
    SingleCopy "single-copy" Usage "A file would go to production with only one copy of it in existence.";
    UnsharedLedger "unshared-ledger" Usage "The index can overwrite files, and no shared ledger guards it.";
    LedgerUnusable "ledger-unusable" Usage "The ledger cannot be used as it is.";
    LeaseTimeout "lease-timeout" TimeLimit "Another run holds the release, and waiting took too long.";
    Interrupted "interrupted" Interrupted "The run was interrupted; its state is safe.";
    Internal "internal" Bug "A bug in shiponce.";
}

impl ErrorCode {
    /// Every code, in the order of the table.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        Self::ALL
    }

    /// Finds a code by its slug, as typed after `shiponce explain`.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.slug() == slug)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ErrorCode;

    #[test]
    fn slugs_are_unique_and_lead_back() {
        let slugs: BTreeSet<&str> = ErrorCode::all().iter().map(|code| code.slug()).collect();
        assert_eq!(slugs.len(), ErrorCode::all().len());
        for code in ErrorCode::all() {
            assert_eq!(ErrorCode::from_slug(code.slug()), Some(*code));
        }
        assert_eq!(ErrorCode::from_slug("file_conflict"), None);
    }

    /// A page that lacks a section leaves the reader without the answer they came for.
    #[test]
    fn every_page_has_its_sections_and_its_exit_code() {
        for code in ErrorCode::all() {
            let page = code.page();
            let slug = code.slug();
            assert!(
                page.starts_with(&format!("# {slug}\n\n{}\n", code.title())),
                "{slug}: heading and title"
            );
            for section in ["## What happened", "## Why it stops here", "## What to do", "## Example"] {
                assert!(page.contains(&format!("\n{section}\n")), "{slug}: section {section} is missing");
            }
            assert!(
                page.contains(&format!("error[{slug}]: ")),
                "{slug}: the example does not show the error"
            );
            assert!(page.ends_with(&format!("Exit code: {}\n", code.exit_code())), "{slug}: exit code line");
            let lines = page.lines().count();
            assert!((15..=45).contains(&lines), "{slug}: {lines} lines");
        }
    }

    #[test]
    fn no_page_lies_around_without_a_code() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors");
        let on_disk: BTreeSet<String> = std::path::Path::new(folder)
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "README.md")
            .collect();
        let expected: BTreeSet<String> =
            ErrorCode::all().iter().map(|code| format!("{}.md", code.slug())).collect();
        assert_eq!(on_disk, expected);
    }
}

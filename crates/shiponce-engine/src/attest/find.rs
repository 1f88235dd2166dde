//! Attestation files beside the files they are about.

use super::Attested;
use crate::target::ReleaseTarget;
use shiponce_api::{ErrorCode, Problem};
use shiponce_config::Attestations;
use shiponce_core::Sha256;
use shiponce_dist::Distribution;
use shiponce_index::Attestation;
use shiponce_index::attestation::{ATTESTATION_BYTES, Kind};
use std::path::{Path, PathBuf};

/// A file, and where its attestations would lie.
#[derive(Debug)]
pub(crate) struct Beside {
    pub(crate) filename: String,
    pub(crate) sha256: Sha256,
    pub(crate) folder: PathBuf,
}

impl Beside {
    /// Beside the file itself.
    pub(crate) fn of(file: &Distribution) -> Self {
        let folder = file.path.parent().unwrap_or(Path::new("")).to_owned();
        Self { filename: file.filename.to_string(), sha256: file.digests.sha256, folder }
    }
}

/// Sets attestations apart from distributions: `dist/*` names both.
///
/// # Errors
/// `usage` for one whose file is not given with it.
pub(crate) fn split_given(paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Problem> {
    let of_path = |path: &PathBuf| {
        let (_, filename) = Kind::of_name(path.file_name()?.to_str()?)?;
        Some(filename.to_owned())
    };
    let (attestations, files): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.iter().cloned().partition(|path| of_path(path).is_some());
    let given = |name: &str| files.iter().any(|file| file.file_name().is_some_and(|found| found == name));
    match attestations.iter().find(|path| of_path(path).is_some_and(|name| !given(&name))) {
        None => Ok((files, attestations)),
        Some(odd) => {
            let message = format!("{} is an attestation of a file that is not given", odd.display());
            Err(Problem::new(ErrorCode::Usage, message)
                .note("Nothing was uploaded by this run.")
                .hint("give the file as well, or leave the attestation out"))
        }
    }
}

impl Attested {
    /// Finds and reads what lies beside the files, or was given by path. Nothing is looked for when no target wants any.
    ///
    /// # Errors
    /// `attestation-invalid` naming the first that is damaged or about something else, and for two identities.
    pub(crate) fn find(
        targets: &[ReleaseTarget],
        files: &[Beside],
        given: &[PathBuf],
    ) -> Result<Self, Problem> {
        let mut all = Self::default();
        if targets.iter().all(|target| target.attest.policy == Attestations::Off) {
            return Ok(all);
        }
        for file in files {
            let mut found = Vec::new();
            for kind in Kind::ALL {
                let name = format!("{}{}", file.filename, kind.suffix());
                let named =
                    given.iter().find(|path| path.file_name().is_some_and(|last| last == name.as_str()));
                let path = named.cloned().unwrap_or_else(|| file.folder.join(name));
                if path.exists() {
                    let attestation = read(&path, kind, file)?;
                    all.one_signer(&attestation, &found, &path)?;
                    found.push(attestation);
                }
            }
            if !found.is_empty() {
                all.0.insert(file.filename.clone(), found);
            }
        }
        Ok(all)
    }

    /// An index takes a release from one publisher; attestations of two mean that files of two jobs were mixed.
    fn one_signer(&self, new: &Attestation, found: &[Attestation], path: &Path) -> Result<(), Problem> {
        let known = self.signer().or_else(|| found.first().map(Attestation::signer));
        match known.filter(|known| !known.same(new.signer())) {
            None => Ok(()),
            Some(known) => Err(invalid(path, "the attestations have two signers")
                .fact("one", known.to_string())
                .fact("another", new.signer().to_string())),
        }
    }
}

fn read(path: &Path, kind: Kind, file: &Beside) -> Result<Attestation, Problem> {
    let unreadable = |why: String| invalid(path, "an attestation cannot be read").cause(why);
    let size = fs_err::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if size > ATTESTATION_BYTES {
        return Err(unreadable(format!("it has {size} bytes; real ones have about 10 kB")));
    }
    let bytes = fs_err::read(path).map_err(|error| unreadable(error.to_string()))?;
    Attestation::read(&bytes, kind, &file.filename, file.sha256).map_err(|error| {
        let mut problem = invalid(path, format!("the attestation of {} is not good for it", file.filename));
        problem.causes = Problem::from_error(ErrorCode::AttestationInvalid, &error).causes;
        problem.causes.insert(0, error.to_string());
        problem
    })
}

fn invalid(path: &Path, message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::AttestationInvalid, message)
        .fact("attestation", path.display().to_string())
        .note("Nothing was uploaded by this run.")
        .hint("sign the very files that are published, in the job that publishes them")
        .hint("or remove the attestation")
}

//! `repack`: files under a suffixed version or with another description, each held against its original.

use crate::bytes::open_all;
use crate::placing;
use crate::report::{Reporter, Say as _};
use shiponce_api::v1::{PlacedWord, RepackDocument, RepackRow};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::VersionSuffix;
use shiponce_dist::repack::{Changes, Note, Readme, RepackError};
use shiponce_dist::{Digests, Distribution, Repack, hash_file};
use shiponce_io::files::AtomicFile;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What was asked for.
#[derive(Debug)]
pub struct RepackRequest {
    /// The files.
    pub files: Vec<PathBuf>,
    /// `--version-suffix`
    pub suffix: Option<VersionSuffix>,
    /// `--readme`: a file in Markdown, reStructuredText or plain text.
    pub readme: Option<PathBuf>,
    /// Where the new files go; `None` puts each beside the old one.
    pub out: Option<PathBuf>,
}

/// Repacks every file, or none: all of them are made and read back before the first gets its name.
///
/// # Errors
/// `usage` for a suffix that cannot follow the version, `wheel-invalid` for an unsound file, `repack-refused` for one
/// that would come out dishonest, `file-exists` when other bytes have the name.
pub fn repack(report: &dyn Reporter, request: &RepackRequest) -> Result<RepackDocument, Problem> {
    let readme = request.readme.as_deref().map(Readme::read).transpose();
    let readme = readme.map_err(|error| Problem::from_error(ErrorCode::Usage, &error))?;
    let changes = Changes { suffix: request.suffix, readme };
    let originals = open_all(&request.files)?;
    let made: Result<Vec<Made>, Problem> = originals
        .iter()
        .map(|original| {
            let folder = request.out.as_deref().or(original.path.parent()).unwrap_or(Path::new("."));
            make(original, &changes, folder)
        })
        .collect();
    let made = made?;
    let mut said = BTreeSet::new();
    for note in made.iter().flat_map(|made| &made.notes) {
        if said.insert(note.to_string()) {
            report.info(note.to_string());
        }
    }
    let files: Result<Vec<RepackRow>, Problem> = made.into_iter().map(|made| made.place(report)).collect();
    Ok(RepackDocument { files: files? })
}

/// The built files under the suffixed version, in `out`, a folder of this run's.
///
/// # Errors
/// As [`repack`].
pub(crate) fn repack_built(
    report: &dyn Reporter,
    paths: &[PathBuf],
    suffix: VersionSuffix,
    out: &Path,
) -> Result<Vec<PathBuf>, Problem> {
    let request = RepackRequest {
        files: paths.to_vec(),
        suffix: Some(suffix),
        readme: None,
        out: Some(out.to_owned()),
    };
    let document =
        repack(report, &request).map_err(|problem| problem.note("Nothing was uploaded by this run."))?;
    Ok(document.files.into_iter().map(|row| PathBuf::from(row.path)).collect())
}

/// A repacked file that has no name yet.
struct Made {
    original: PathBuf,
    original_sha256: String,
    path: PathBuf,
    filename: String,
    version: String,
    file: AtomicFile,
    digests: Digests,
    notes: Vec<Note>,
}

fn make(original: &Distribution, changes: &Changes, folder: &Path) -> Result<Made, Problem> {
    let repack = Repack::new(original, changes).map_err(|error| problem_of(&error))?;
    let filename = repack.filename().to_string();
    let path = folder.join(&filename);
    let mut file = placing::begin(&path)?;
    let notes = repack.write(&mut file).map_err(|error| problem_of(&error))?;
    let unreadable = |error: &(dyn std::error::Error + 'static)| Problem::from_error(ErrorCode::Usage, error);
    let written = fs_err::File::open(file.unfinished_path()).map_err(|error| unreadable(&error))?;
    repack.verify(written).map_err(|error| problem_of(&error))?;
    let digests =
        hash_file(file.unfinished_path(), false, &mut |_| {}).map_err(|error| unreadable(&error))?;
    Ok(Made {
        original: original.path.clone(),
        original_sha256: original.digests.sha256.to_string(),
        version: repack.version().to_string(),
        path,
        filename,
        file,
        digests,
        notes,
    })
}

impl Made {
    fn place(self, report: &dyn Reporter) -> Result<RepackRow, Problem> {
        let status = placing::finish(self.file, &self.path, self.digests.sha256)?;
        let shown = self.path.display();
        match status {
            PlacedWord::Created => report.success(format!("Repacked {shown}")),
            PlacedWord::AlreadyThere => report.info(format!("{shown} is there with these bytes")),
        }
        Ok(RepackRow {
            source: self.original.display().to_string(),
            source_sha256: self.original_sha256,
            filename: self.filename,
            path: shown.to_string(),
            version: self.version,
            size: self.digests.size,
            sha256: self.digests.sha256.to_string(),
            status,
            notes: self.notes.iter().map(ToString::to_string).collect(),
        })
    }
}

fn problem_of(error: &RepackError) -> Problem {
    let with = |code| Problem::from_error(code, error);
    let none = "No file was written.";
    match error {
        RepackError::Suffix { .. } => with(ErrorCode::Usage).note(none).hint(
            "a post-release of a post-release is the next one: build from the source with that version",
        ),
        RepackError::Open { .. } | RepackError::Write { .. } => with(ErrorCode::Usage),
        RepackError::Dishonest { .. } => with(ErrorCode::RepackRefused)
            .note(none)
            .hint("change the version or the description in the source, commit, and build the sdist from it")
            .hint("the wheels alone can be repacked; they carry no build of their own"),
        RepackError::Name { .. } | RepackError::Wrong(_) => with(ErrorCode::Internal).note(none),
        RepackError::NoRecord(_)
        | RepackError::Record { .. }
        | RepackError::Zip { .. }
        | RepackError::Tar { .. }
        | RepackError::Metadata { .. }
        | RepackError::Wheel(_)
        | RepackError::Sdist(_)
        | RepackError::Distribution(_) => {
            with(ErrorCode::WheelInvalid).note(none).hint("build the file again from its source")
        }
    }
}

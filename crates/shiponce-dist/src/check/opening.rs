//! The rules that a file breaks when it cannot be opened as a distribution at all.

use super::place::Place;
use super::{ELSEWHERE, Family, Rule, Scope, Severity};
use crate::distribution::DistError;
use crate::metadata::MetadataError;
use crate::sdist::SdistError;
use crate::tar::{MemberProblem, TarError};
use crate::wheel::WheelError;
use crate::zip::{EntryProblem, ZipError};

const BUILD_AGAIN: &str = "build the file again with a current build backend";
const WRITE_PLAINLY: &str = "write the archive with the build backend, or repack it with `wheel pack`";

const fn rule(
    id: &'static str,
    family: Family,
    title: &'static str,
    source: &'static str,
    hint: &'static str,
) -> Rule {
    let (severity, scope) = (Severity::Rejected, Scope::Everywhere);
    Rule { id, title, severity, source, hint, family, scope, check: ELSEWHERE }
}

use Family::{Archives, Metadata, Names, Sdists, Wheels};

static FILENAME: Rule = rule(
    "filename",
    Names,
    "the file name is that of a wheel or an sdist",
    "PEP 427, PEP 625; the upload view: `Invalid wheel filename …`, `Invalid source distribution filename …`",
    "do not rename distributions; keep the name the build backend gave",
);
static ZIP_FILE: Rule = rule(
    "zip-file",
    Archives,
    "a wheel is a zip file",
    "PEP 427; the upload view: `File is not a zipfile`",
    BUILD_AGAIN,
);
static ZIP_TRAILING: Rule = rule(
    "zip-trailing-data",
    Archives,
    "nothing follows the end of the zip file",
    "the upload view: `Trailing data`",
    WRITE_PLAINLY,
);
static ZIP_DIRECTORY: Rule = rule(
    "zip-directory",
    Archives,
    "the central directory lists exactly the entries that are there",
    "the upload view: `Mismatched central directory …`, `Unknown record signature`",
    WRITE_PLAINLY,
);
static ZIP_DUPLICATE: Rule = rule(
    "zip-duplicate",
    Archives,
    "no entry occurs twice",
    "the upload view: `Duplicate filename in …`, `Mis-matched data size`",
    WRITE_PLAINLY,
);
static ZIP_METHOD: Rule = rule(
    "zip-method",
    Archives,
    "entries are stored or deflated, and nothing else",
    "the upload view: `File does not use a supported compression type`",
    WRITE_PLAINLY,
);
static ZIP_MISMATCH: Rule = rule(
    "zip-mismatch",
    Archives,
    "local headers and central directory say the same",
    "the upload view: `Mis-matched data size`, `Mis-matched local headers and central directory`",
    WRITE_PLAINLY,
);
static ZIP_CONTENT: Rule = rule(
    "zip-content",
    Archives,
    "every entry unpacks to what its header says",
    "installers verify the checksum; the upload view answers 500 when METADATA is damaged",
    BUILD_AGAIN,
);
static MEMBER_NAME: Rule = rule(
    "archive-member-name",
    Archives,
    "every reader puts every member at the same place, inside the folder it unpacks to",
    "the upload view: `Invalid character in filename`, `Filename not unicode`; CVE-2007-4559",
    "give the file a plain relative name",
);
static LIMITS: Rule = rule(
    "archive-limits",
    Archives,
    "the archive can be read with bounded memory and time",
    "the upload view: `File exceeds compression ratio of 50`",
    "leave out what nobody needs, or split the project",
);
static TAR_FILE: Rule = rule(
    "tar-file",
    Archives,
    "an sdist is a whole tar.gz file",
    "PEP 625; the upload view: `File is not a tarfile`",
    BUILD_AGAIN,
);
static TAR_MEMBER: Rule = rule(
    "tar-member",
    Archives,
    "members are files, folders and links that stay inside, and readers agree on them",
    "PEP 721; the upload view: `Sparse members are not allowed`",
    BUILD_AGAIN,
);
static METADATA_REQUIRED: Rule = rule(
    "metadata-required",
    Metadata,
    "the metadata has a version, a valid name and a valid version of the project",
    "PEP 566, PEP 508, PEP 440; the upload view: `… is an invalid value for Name`, `… is invalid for 'version'`",
    "correct `name` and `version` in pyproject.toml and build again",
);
static DIST_INFO: Rule = rule(
    "wheel-dist-info",
    Wheels,
    "a wheel has one `.dist-info` folder, of its own project and version",
    "PEP 427; pip refuses other wheels",
    "do not rename wheels to another project or version; build the wheel again",
);
static MISSING_FILE: Rule = rule(
    "wheel-missing-file",
    Wheels,
    "a wheel has METADATA and WHEEL",
    "PEP 427; the upload view: `WHEEL not found at …`, `… does not contain the required METADATA file …`",
    BUILD_AGAIN,
);
static WHEEL_FILE: Rule = rule(
    "wheel-file",
    Wheels,
    "WHEEL and the other texts of `.dist-info` can be read",
    "PEP 427; pip refuses wheels of another major format version",
    BUILD_AGAIN,
);
static RECORD_FILE: Rule = rule(
    "record-file",
    Wheels,
    "RECORD is a table of paths, digests and sizes",
    "PEP 376, PEP 427",
    "repack the wheel with `wheel pack`, which writes RECORD",
);
static SDIST_TOP: Rule = rule(
    "sdist-top-level",
    Sdists,
    "an sdist has exactly one folder at its top",
    "PEP 625; the upload view: `Incorrect number of top-level directories in sdist`",
    BUILD_AGAIN,
);
static SDIST_PKG_INFO: Rule = rule(
    "sdist-pkg-info",
    Sdists,
    "an sdist has PKG-INFO in its folder",
    "PEP 517; the upload view: `PKG-INFO not found at …`",
    BUILD_AGAIN,
);

/// All of them, in the order of the pages.
pub(super) static RULES: [&Rule; 19] = [
    &FILENAME,
    &ZIP_FILE,
    &ZIP_TRAILING,
    &ZIP_DIRECTORY,
    &ZIP_DUPLICATE,
    &ZIP_METHOD,
    &ZIP_MISMATCH,
    &ZIP_CONTENT,
    &MEMBER_NAME,
    &LIMITS,
    &TAR_FILE,
    &TAR_MEMBER,
    &METADATA_REQUIRED,
    &DIST_INFO,
    &MISSING_FILE,
    &WHEEL_FILE,
    &RECORD_FILE,
    &SDIST_TOP,
    &SDIST_PKG_INFO,
];

/// The rule that an unsound file breaks, and where; `None` when the file could not be read.
pub(super) fn rule_of(error: &DistError) -> Option<(&'static Rule, Place)> {
    match error {
        DistError::NoName(_) | DistError::Open(_) | DistError::Hash { .. } => None,
        DistError::Filename { .. } => Some((&FILENAME, Place::default())),
        DistError::Wheel(error) => of_wheel(error),
        DistError::Sdist(error) => of_sdist(error),
    }
}

fn of_wheel(error: &WheelError) -> Option<(&'static Rule, Place)> {
    let nowhere = Place::default();
    Some(match error {
        WheelError::Open(_) => return None,
        WheelError::NoName(_) | WheelError::Filename(_) => (&FILENAME, nowhere),
        WheelError::Zip { source, .. } => return of_zip(source),
        WheelError::DistInfo { .. } | WheelError::OtherDistInfo { .. } => (&DIST_INFO, nowhere),
        WheelError::Missing { .. } => (&MISSING_FILE, nowhere),
        WheelError::Metadata { source, .. } => (&METADATA_REQUIRED, header(source)),
        WheelError::WheelFile { .. } | WheelError::NotUtf8 { .. } => (&WHEEL_FILE, nowhere),
        WheelError::Record { .. } => (&RECORD_FILE, nowhere),
    })
}

fn of_sdist(error: &SdistError) -> Option<(&'static Rule, Place)> {
    let nowhere = Place::default();
    Some(match error {
        SdistError::Open(_) => return None,
        SdistError::NoName(_) | SdistError::Filename(_) => (&FILENAME, nowhere),
        SdistError::Zip { source, .. } => return of_zip(source),
        SdistError::Tar { source, .. } => return of_tar(source),
        SdistError::TopLevel { .. } => (&SDIST_TOP, nowhere),
        SdistError::Missing { .. } => (&SDIST_PKG_INFO, nowhere),
        SdistError::Metadata { source, .. } => (&METADATA_REQUIRED, header(source)),
    })
}

fn header(error: &MetadataError) -> Place {
    Place::from(match error {
        MetadataError::Missing(name) => name,
        MetadataError::Name(_) => "Name",
        MetadataError::Version(_) => "Version",
    })
}

fn of_zip(error: &ZipError) -> Option<(&'static Rule, Place)> {
    Some(match error {
        ZipError::Read { .. } => return None,
        ZipError::NoEnd | ZipError::Absent(_) => (&ZIP_FILE, Place::default()),
        ZipError::TrailingData { offset } | ZipError::AmbiguousEnd { offset } => {
            (&ZIP_TRAILING, Place::byte(*offset))
        }
        ZipError::Split { offset }
        | ZipError::Zip64End { offset, .. }
        | ZipError::Misplaced { offset, .. }
        | ZipError::NotARecord { offset }
        | ZipError::Gap { from: offset, .. } => (&ZIP_DIRECTORY, Place::byte(*offset)),
        ZipError::Count { .. } => (&ZIP_DIRECTORY, Place::default()),
        ZipError::TooManyEntries { .. } | ZipError::DirectoryTooLarge { .. } | ZipError::TooLarge { .. } => {
            (&LIMITS, Place::default())
        }
        ZipError::Entry { name, offset, problem } => {
            (of_entry(problem), Place { entry: Some(name.clone()), ..Place::byte(*offset) })
        }
    })
}

fn of_entry(problem: &EntryProblem) -> &'static Rule {
    match problem {
        EntryProblem::Name(_) => &MEMBER_NAME,
        EntryProblem::Duplicate => &ZIP_DUPLICATE,
        EntryProblem::Encrypted | EntryProblem::Patch | EntryProblem::Method(_) => &ZIP_METHOD,
        EntryProblem::NoLocalHeader | EntryProblem::Overlap | EntryProblem::Split => &ZIP_DIRECTORY,
        EntryProblem::Impossible { .. } | EntryProblem::TooLarge(_) => &LIMITS,
        EntryProblem::Extra
        | EntryProblem::ExtraTwice(_)
        | EntryProblem::OtherName
        | EntryProblem::Zip64
        | EntryProblem::Sizes
        | EntryProblem::Disagree(_)
        | EntryProblem::Descriptor => &ZIP_MISMATCH,
        EntryProblem::Damaged | EntryProblem::Size(_) | EntryProblem::Leftover | EntryProblem::Crc { .. } => {
            &ZIP_CONTENT
        }
    }
}

fn of_tar(error: &TarError) -> Option<(&'static Rule, Place)> {
    Some(match error {
        // The disk failed: nothing is known about the file.
        TarError::Read(source) if source.raw_os_error().is_some() => return None,
        TarError::Read(_) | TarError::TrailingData | TarError::Dangling => (&TAR_FILE, Place::default()),
        TarError::TooManyMembers { .. } | TarError::TooLarge { .. } => (&LIMITS, Place::default()),
        TarError::Member { name, offset, problem } => {
            let rule = match problem {
                MemberProblem::Name(_) => &MEMBER_NAME,
                MemberProblem::TooLarge(_) | MemberProblem::Extension(_) => &LIMITS,
                _ => &TAR_MEMBER,
            };
            (rule, Place { entry: Some(name.clone()), ..Place::byte(*offset) })
        }
    })
}

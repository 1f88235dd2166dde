//! From reasons to problems: what a stop means for the person who pressed release.

use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_core::decide::Stop;
use shiponce_core::journal::{History, Refusal};
use shiponce_core::observation::ProjectStatus;
use shiponce_core::plan::{PYPI_WINDOW_DAYS, Target};
use shiponce_core::time::Timestamp;
use shiponce_core::{DistFilename, FileEntry, Manifest, Version, VersionSuffix};

/// Everything a stop is explained with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StopContext<'a> {
    /// Where it happened.
    pub target: &'a Target,
    /// The target's name for people, such as `PyPI`.
    pub label: &'a str,
    /// The release.
    pub manifest: &'a Manifest,
    /// The file.
    pub entry: &'a FileEntry,
    /// What the journal knows.
    pub history: &'a History,
    /// Versions of the project that are taken on the target.
    pub taken: &'a [Version],
}

impl StopContext<'_> {
    fn next_version(&self) -> String {
        match self.target.role {
            shiponce_core::plan::Role::Test => self.manifest.version.next_dev(self.taken).to_string(),
            shiponce_core::plan::Role::Production => self.manifest.version.next_post(self.taken).to_string(),
        }
    }

    /// What makes the next version of this one, when it is a suffix.
    fn next_suffix(&self) -> Option<VersionSuffix> {
        self.next_version().strip_prefix(&self.manifest.version.to_string())?.parse().ok()
    }

    fn file(&self) -> String {
        self.entry.filename.to_string()
    }

    fn words(&self) -> Option<&str> {
        self.history.message.as_deref()
    }
}

/// Explains why one file cannot go on.
pub(crate) fn stop_problem(stop: &Stop, context: StopContext<'_>) -> Problem {
    let (file, label) = (context.file(), context.label);
    match stop {
        Stop::Conflict { there, since } => {
            let commit = context
                .manifest
                .commit
                .as_deref()
                .map_or(String::new(), |commit| format!("  built from {}", short(commit)));
            let since = since.map_or(String::new(), |since| format!("  uploaded {}", minute(since)));
            Problem::new(ErrorCode::FileConflict, format!("{file} is on {label} with other bytes"))
                .fact("here", format!("{}{commit}", context.entry.sha256.short()))
                .fact("there", format!("{}{since}", there.short()))
                .hint(format!(
                    "release {}, or resume the original bytes: shiponce publish FILES",
                    context.next_version()
                ))
        }
        Stop::SameBytesElsewhere { filename } => Problem::new(
            ErrorCode::SameBytesOtherName,
            format!("{label} holds the bytes of {file} as {filename}"),
        )
        .fact("sha256", context.entry.sha256.to_string())
        .hint("an index refuses equal bytes twice; change the content, not only the name"),
        Stop::SecondSdist { filename } => Problem::new(
            ErrorCode::SecondSdist,
            format!("the release has the sdist {filename} on {label}; {file} cannot be added"),
        )
        .hint(format!("release {}, or leave {file} out", context.next_version())),
        Stop::Burned => {
            let problem = Problem::new(
                ErrorCode::FileNameBurned,
                format!("{file} was deleted from {label} once; the name is never free again"),
            )
            .hint(format!("release {}", context.next_version()));
            match context.next_suffix() {
                Some(suffix) => problem.hint(format!(
                    "from the same source: shiponce release --version-suffix {suffix}, or shiponce publish FILES \
                     --version-suffix {suffix}"
                )),
                None => problem,
            }
        }
        Stop::Closed { opened_at } => closed(*opened_at, context),
        Stop::NotAccepting(status) => not_accepting(*status, context),
        Stop::Unobserved { why } => Problem::new(
            ErrorCode::TargetUnobserved,
            format!("{label} could not be read, so it is not known whether {file} is there"),
        )
        .cause(why.clone())
        .hint("press again when the index answers; --on-unknown attempt goes on without knowing"),
        Stop::OutcomeUnknown => unknown(context),
        Stop::NotVisible => {
            Problem::new(ErrorCode::IndexFailed, format!("{label} accepted {file} and does not show it"))
                .hint("press again later: the journal remembers the upload, nothing is sent twice")
        }
        Stop::Refused(refusal) => refused(refusal, context),
        Stop::GaveUp => {
            let message = match context.history.attempts {
                0 => format!(
                    "{file} was not sent: {label} failed too long, or asks for a longer pause than a press can make"
                ),
                attempts => format!("{label} failed {attempts} times to take {file}"),
            };
            with_words(Problem::new(ErrorCode::IndexFailed, message), context)
                .hint("press again later: what is there is found, what is missing is sent")
        }
    }
}

fn with_words(problem: Problem, context: StopContext<'_>) -> Problem {
    match context.words() {
        Some(words) => problem.cause(format!("{} said: {words}", context.label)),
        None => problem,
    }
}

fn unknown(context: StopContext<'_>) -> Problem {
    let problem = Problem::new(
        ErrorCode::TargetUnobserved,
        format!("it is not known whether {} took {}", context.label, context.file()),
    );
    with_words(problem, context)
        .note("The index may replace files, so the same bytes are not sent again blindly.")
        .hint(format!(
            "if the index never replaces a file, say so and press again: [index.{}] immutable = \"yes\"",
            context.target.name
        ))
        .hint("else look at the index, and upload the file by other means when it is not there; the next press finds it")
}

fn closed(opened_at: Timestamp, context: StopContext<'_>) -> Problem {
    let closed =
        context.target.closes_at(opened_at).map_or(String::new(), |at| format!(" on {}", minute(at)));
    Problem::new(
        ErrorCode::ReleaseClosed,
        format!(
            "{} of {} closed{closed}; {} can no longer be added",
            context.manifest.version,
            context.manifest.project,
            context.file()
        ),
    )
    .fact("opened", minute(opened_at))
    .note(format!(
        "{} takes no new files {PYPI_WINDOW_DAYS} days after the first file of a release.",
        context.label
    ))
    .hint(format!("release {}", context.next_version()))
}

fn not_accepting(status: ProjectStatus, context: StopContext<'_>) -> Problem {
    let (word, hint) = match status {
        ProjectStatus::Archived => ("archived", "un-archive the project on the index, then press again"),
        ProjectStatus::Quarantined => {
            ("quarantined", "ask the index's administrators; nothing can be uploaded until they lift it")
        }
        ProjectStatus::Active | ProjectStatus::Deprecated => {
            ("closed to uploads", "look at the project's page on the index")
        }
    };
    Problem::new(
        ErrorCode::IndexRejected,
        format!("{} is {word} on {}", context.manifest.project, context.label),
    )
    .hint(hint)
}

fn refused(refusal: &Refusal, context: StopContext<'_>) -> Problem {
    let (file, label) = (context.file(), context.label);
    let (code, message, hint) = match refusal {
        Refusal::NameTaken => (
            ErrorCode::SameBytesOtherName,
            format!("{label} says {file} exists already, and does not list it"),
            "the same bytes may be there under another project's or file's name; a new version with other bytes is free".to_owned(),
        ),
        Refusal::Burned => return stop_problem(&Stop::Burned, context),
        Refusal::Closed => (
            ErrorCode::ReleaseClosed,
            format!("{label} takes no new files for {} {}", context.manifest.project, context.manifest.version),
            format!("release {}", context.next_version()),
        ),
        Refusal::SecondSdist => (
            ErrorCode::SecondSdist,
            format!("the release has another sdist on {label}; {file} cannot be added"),
            format!("release {}, or leave {file} out", context.next_version()),
        ),
        Refusal::Auth => (
            ErrorCode::AuthRefused,
            match context.history.attempts {
                0 => format!("{file} was not sent: {label} refused the credential for another file"),
                _ => format!("{label} refused the credential for {file}"),
            },
            "check that the token belongs to this index and this project, and has not expired".to_owned(),
        ),
        Refusal::Disabled => (
            ErrorCode::IndexFailed,
            format!("{label} takes no uploads for now"),
            "press again when the index has left maintenance".to_owned(),
        ),
        Refusal::Quota => (
            ErrorCode::IndexRejected,
            format!("{label} refused {file}: a limit is reached"),
            "ask the index for a higher limit, or make the files smaller".to_owned(),
        ),
        Refusal::Rejected => (
            ErrorCode::IndexRejected,
            format!("{label} refused {file}"),
            "mend what the index names and release a new version; nothing of this file was stored".to_owned(),
        ),
    };
    with_words(Problem::new(code, message), context).hint(hint)
}

/// The problem of a frozen file whose bytes are nowhere. `taken` are the versions known to be published.
pub(crate) fn bytes_missing(filename: &str, taken: &[Version]) -> Problem {
    let next = filename.parse::<DistFilename>().map_or_else(
        |_| "the next post version".to_owned(),
        |name| name.version().next_post(taken).to_string(),
    );
    Problem::new(ErrorCode::BytesMissing, format!("no place holds the bytes of {filename}"))
        .note("After the freeze nothing is built again: a rebuild would make other bytes.")
        .hint("hand the original file over: shiponce publish FILES")
        .hint(format!("or release {next}"))
}

/// Of the problems of several targets the one a run ends with: something written and something missing before all,
/// then what the user has to solve, then what may pass by itself. The others stand beside it.
pub(crate) fn first_that_applies(mut problems: Vec<Problem>) -> Option<Problem> {
    let order = [
        ExitCode::Partial,
        ExitCode::Interrupted,
        ExitCode::Failed,
        ExitCode::Conflict,
        ExitCode::Auth,
        ExitCode::Unknown,
        ExitCode::Outside,
        ExitCode::TimeLimit,
    ];
    let rank =
        |problem: &Problem| order.iter().position(|code| *code == problem.exit_code()).unwrap_or(order.len());
    problems.sort_by_key(rank);
    let mut problems = problems.into_iter();
    let first = problems.next()?;
    Some(
        problems
            .fold(first, |first, other| first.fact("also", format!("{} [{}]", other.message, other.code))),
    )
}

/// `1 file`, `2 files`.
pub(crate) fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

/// An error and what it comes from, for a line among others.
pub(crate) fn one_line(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

/// A commit id as people quote it.
pub(crate) fn short(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
}

/// `2026-11-20 14:03Z`.
pub(crate) fn minute(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{} {}Z", &text[..10], &text[11..16])
}

/// `13 d 22 h`, `3 h 12 min`, `4 min`.
pub(crate) fn duration_words(micros: i64) -> String {
    let minutes = micros.max(0) / 60_000_000;
    let (days, hours, rest) = (minutes / 1440, minutes % 1440 / 60, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{rest} min"),
        (0, _) => format!("{hours} h {rest} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// What the reasons of a target's files add up to: the whole is `partial` where that is given and something is missing,
/// else the first reason stands for all. A name that holds other bytes is not missing: no repetition adds anything.
pub(crate) fn target_total(problems: &[Problem], partial: Option<Problem>) -> Option<Problem> {
    let (first, rest) = problems.split_first()?;
    let told = |problem: &Problem| format!("{} [{}]", problem.message, problem.code);
    let missing = problems.iter().any(|problem| problem.code != ErrorCode::FileConflict);
    let Some(mut partial) = partial.filter(|_| missing) else {
        return Some(rest.iter().fold(first.clone(), |problem, other| problem.fact("also", told(other))));
    };
    for problem in problems {
        partial = partial.fact("missing", told(problem));
        partial.causes.extend(problem.causes.iter().cloned());
    }
    partial.causes.dedup();
    let mut hints = first.hints.clone();
    hints.append(&mut partial.hints);
    partial.hints = hints;
    Some(partial)
}

/// The problem of a release of which a production index holds some files and lacks others. `accepted` counts files the
/// index took and that were not read back.
pub(crate) fn partial_problem(
    manifest: &Manifest,
    target: &Target,
    label: &str,
    (present, accepted): (usize, usize),
    opened_at: Option<Timestamp>,
    now: Timestamp,
) -> Problem {
    let total = manifest.files.len();
    let missing = total.saturating_sub(present + accepted);
    let waiting =
        if accepted > 0 { format!(", {accepted} accepted and not read back") } else { String::new() };
    let deadline = opened_at.and_then(|opened| target.closes_at(opened)).map_or(String::new(), |closes| {
        match closes.since(now) {
            left if left > 0 => format!("; the release closes {} ({})", minute(closes), duration_words(left)),
            _ => format!("; the release closed {}", minute(closes)),
        }
    });
    Problem::new(
        ErrorCode::Partial,
        format!(
            "{} {}: {present} of {total} files on {label}{waiting}, {missing} missing{deadline}",
            manifest.project, manifest.version
        ),
    )
    .hint("press again: what is there is skipped, what is missing is sent; in CI re-run the failed jobs, not all jobs, because a rebuild makes other bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        let hour = 3_600_000_000;
        assert_eq!(duration_words(14 * 24 * hour - 2 * hour), "13 d 22 h");
        assert_eq!(duration_words(3 * hour + hour / 5), "3 h 12 min");
        assert_eq!(duration_words(hour / 15), "4 min");
        assert_eq!(duration_words(-5), "0 min");
    }
}

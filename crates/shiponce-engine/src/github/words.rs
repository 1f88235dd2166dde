//! Words about the page: why it stops, what a plan would do, what is asked.

use super::target::GitHubTarget;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::Manifest;
use shiponce_core::forge::{
    Effect, Facts, Kind, Phase, Step, Stop, Survey, TagState, Verdict, Wanted, decide,
};
use shiponce_core::journal::Refusal;

/// Everything a stop is explained with.
pub(super) struct StopWords<'a> {
    pub(super) target: &'a GitHubTarget,
    pub(super) tag: &'a str,
    pub(super) manifest: &'a Manifest,
    /// Why the last reading failed.
    pub(super) failure: Option<&'a Problem>,
    /// GitHub's last words about an effect.
    pub(super) words: &'a dyn Fn(&Effect) -> Option<String>,
}

/// Why no page can be made for a tag as GitHub has it, which is known before anything is built.
pub(crate) fn tag_problem(
    target: &GitHubTarget,
    tag: &str,
    commit: &str,
    state: &TagState,
) -> Option<Problem> {
    match state {
        TagState::Missing => Some(tag_missing(target, tag)),
        TagState::On(there) if there != commit => Some(tag_elsewhere(tag, commit, there)),
        TagState::On(_) => None,
    }
}

fn tag_missing(target: &GitHubTarget, tag: &str) -> Problem {
    let message = format!("{} on GitHub does not have the tag {tag}", target.repository());
    Problem::new(ErrorCode::UnpushedCommit, message).hint(format!("git push origin {tag}, then press again"))
}

fn tag_elsewhere(tag: &str, here: &str, there: &str) -> Problem {
    Problem::new(ErrorCode::MovedTag, format!("the tag {tag} is on another commit on GitHub"))
        .fact("here", here)
        .fact("GitHub", there)
        .hint("find out who moved it; a tag that was released is never moved, so release a new version")
}

/// Explains why the page cannot go on.
pub(super) fn stop_problem(stop: &Stop, given: &StopWords<'_>) -> Problem {
    let tag = given.tag;
    let commit = given.manifest.commit.clone().unwrap_or_default();
    match stop {
        Stop::Unobserved { why } => given.failure.cloned().unwrap_or_else(|| {
            Problem::new(ErrorCode::TargetUnobserved, "GitHub could not be read").cause(why.clone())
        }),
        Stop::TagMissing => tag_missing(given.target, tag),
        Stop::TagElsewhere { commit: there } => tag_elsewhere(tag, &commit, there),
        Stop::OtherCommit { release, commit: there } => {
            let message = format!("GitHub has a release of {tag} that was made for another commit");
            Problem::new(ErrorCode::MovedTag, message)
                .fact("here", commit)
                .fact("release", format!("{release}, for {there}"))
                .hint("release a new version; or delete that draft by hand if nothing of it was published")
        }
        Stop::OtherBytes { release, manifest } => {
            let message = format!("GitHub has a release of {tag} that was made for other bytes");
            Problem::new(ErrorCode::ManifestMismatch, message)
                .fact("release", format!("{release}, with the manifest {}", manifest.short()))
                .hint("resume those bytes from the machine that made them, or release a new version")
        }
        Stop::Conflict { name, there, .. } => {
            let message = format!("{name} is in the GitHub release {tag} with other bytes");
            let problem = Problem::new(ErrorCode::FileConflict, message);
            let problem = match there {
                Some(there) => problem.fact("there", there.to_string()),
                None => problem,
            };
            problem.hint("it is never replaced: remove it by hand if it is wrong, or release a new version")
        }
        Stop::Leftover { name, .. } => leftover(name, tag),
        Stop::Immutable { missing, .. } => immutable(missing, tag),
        Stop::Refused { effect, refusal } => refused(effect, refusal, given),
        Stop::GaveUp { effect } => {
            let message = format!("GitHub failed several times to {}", doing(effect, tag));
            with_words(Problem::new(ErrorCode::GithubFailed, message), effect, given)
                .hint("press again later: what is there is found, what is missing is sent")
        }
        Stop::NotVisible { effect } => {
            let message = format!("GitHub accepted to {} and does not show it", doing(effect, tag));
            Problem::new(ErrorCode::GithubFailed, message)
                .hint("press again later: the journal remembers it, nothing is made twice")
        }
        Stop::Gone { release } => withdrawn(tag, *release, "gone", "somebody took it down; make it again"),
        Stop::Withdrawn { release } => {
            withdrawn(tag, *release, "a draft again", "somebody made it a draft; publish it")
        }
    }
}

fn leftover(name: &str, tag: &str) -> Problem {
    let message = format!("an upload of {name} to the GitHub release {tag} did not end and holds its name");
    Problem::new(ErrorCode::GithubFailed, message)
        .hint(format!("delete the empty asset {name} by hand, then press again"))
}

fn withdrawn(tag: &str, release: u64, now: &str, advice: &str) -> Problem {
    let message = format!("the GitHub release {tag} was published and is {now} (release {release})");
    Problem::new(ErrorCode::GithubFailed, message)
        .hint(format!("{advice} by hand, or leave it out: --skip-github"))
}

fn immutable(missing: &[String], tag: &str) -> Problem {
    let message = format!("the GitHub release {tag} is immutable and lacks {}", missing.join(", "));
    Problem::new(ErrorCode::GithubOutstanding, message)
        .note("Nothing can be added to it any more.")
        .hint("let shiponce make the draft first: it is published only with every file")
}

fn refused(effect: &Effect, refusal: &Refusal, given: &StopWords<'_>) -> Problem {
    let tag = given.tag;
    let problem = match refusal {
        Refusal::Burned => Problem::new(
            ErrorCode::TagBurned,
            format!(
                "the tag {tag} was used by an immutable release that was deleted; GitHub never frees the name"
            ),
        )
        .hint(format!(
            "release {}, or leave the page out with --skip-github",
            given.manifest.version.next_post(&[])
        )),
        Refusal::Auth => Problem::new(
            ErrorCode::AuthRefused,
            format!("GitHub does not let this token {}", doing(effect, tag)),
        )
        .hint(
            "the token needs to write contents of the repository (in Actions: permissions: contents: write)",
        ),
        _ => Problem::new(ErrorCode::GithubFailed, format!("GitHub refused to {}", doing(effect, tag)))
            .hint("mend what GitHub names, then press again"),
    };
    with_words(problem, effect, given)
}

fn with_words(problem: Problem, effect: &Effect, given: &StopWords<'_>) -> Problem {
    match (given.words)(effect) {
        Some(words) => problem.cause(words),
        None => problem,
    }
}

fn doing(effect: &Effect, tag: &str) -> String {
    match effect {
        Effect::Create => format!("make a draft of {tag}"),
        Effect::Remove { release } => format!("remove the empty draft {release} of {tag}"),
        Effect::Mark { release } => format!("mark the draft {release} of {tag}"),
        Effect::Upload { name, .. } => format!("take {name} into the release {tag}"),
        Effect::Delete { asset, .. } => format!("delete the asset {asset} of the release {tag}"),
        Effect::Publish { .. } => format!("publish the release {tag}"),
    }
}

/// Why a release must not begin, as things stand. What production does not depend on is left for the end: a public page
/// that can no longer be completed is outstanding, and no conflict. `planned` leaves a tag out that a real run would make.
pub(crate) fn stops_now(
    target: &GitHubTarget,
    tag: &str,
    manifest: &Manifest,
    wanted: &Wanted,
    facts: &Facts<'_>,
    planned: bool,
) -> Option<Problem> {
    let Step::Stop(stop) = decide(wanted, facts, Phase::Publish) else { return None };
    let later = matches!(
        stop,
        Stop::Immutable { .. } | Stop::Leftover { .. } | Stop::Gone { .. } | Stop::Withdrawn { .. }
    );
    if later || (planned && stop == Stop::TagMissing) {
        return None;
    }
    Some(stop_problem(&stop, &StopWords { target, tag, manifest, failure: None, words: &|_| None }))
}

/// The page in a plan.
pub(crate) fn plan_lines(target: &GitHubTarget, tag: &str, survey: &Survey) -> Vec<String> {
    let total = survey.files.len();
    let there = survey.files.values().filter(|verdict| **verdict == Verdict::Done).count();
    let what = match survey.kind {
        Kind::None => format!("no release yet: a draft with {total} files, published last"),
        Kind::Draft => format!("a draft with {there} of {total} files, published last"),
        Kind::Published | Kind::Persons if survey.is_complete() => {
            format!("published, {there} of {total} files there")
        }
        Kind::Published | Kind::Persons => {
            format!("published, {there} of {total} files there, {} to add", total - there)
        }
        Kind::Foreign => "a release that is not this one".to_owned(),
    };
    vec![format!("  GitHub release {tag} ({}): {what}", target.repository())]
}

/// What is asked about the page before it is published.
pub(crate) fn question_lines(target: &GitHubTarget, tag: &str, survey: &Survey) -> Vec<String> {
    if survey.is_published() {
        return Vec::new();
    }
    let what = match survey.kind {
        Kind::None | Kind::Draft => "is published after that",
        Kind::Published | Kind::Persons | Kind::Foreign => "gets the files that it lacks",
    };
    vec![format!("The GitHub release {tag} of {} {what}", target.repository())]
}

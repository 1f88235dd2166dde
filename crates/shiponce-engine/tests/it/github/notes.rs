//! Notes: from a changelog, a file, a program, GitHub, or nowhere; made once.

use super::{cut_off, ended, two_files};
use crate::kit::{Forge, REPOSITORY};
use shiponce_config::Notes;
use shiponce_engine::GitHub;
use shiponce_rehearsal::{HandMade, RouteKind};

/// The text of the page's notes, without the marker.
async fn noted(notes: Notes, prepare: impl FnOnce(&Forge)) -> (Forge, String) {
    let forge = Forge::new().await;
    prepare(&forge);
    let (mut request, _) = two_files(&forge);
    let mut page = forge.page(true);
    page.notes = notes;
    request.github = Some(GitHub::Page(Box::new(page)));
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    let body = forge.published().unwrap().body.unwrap();
    let notes = body.split("<!-- shiponce").next().unwrap().trim().to_owned();
    (forge, notes)
}

#[tokio::test(start_paused = true)]
async fn the_section_of_the_changelog_comes_first() {
    let (forge, notes) = noted(Notes::Auto, |_| {}).await;
    assert_eq!(notes, "The first one.");
    assert!(forge.lab.requests(RouteKind::GithubNotes).is_empty());
}

#[tokio::test(start_paused = true)]
async fn without_a_section_github_writes_them() {
    for notes in [Notes::Auto, Notes::Generated] {
        let (forge, notes) = noted(notes, |forge| {
            fs_err::write(forge.project.join("CHANGELOG.md"), "# Changes\n\n## 0.9\n\nOld.\n").unwrap();
        })
        .await;
        assert_eq!(forge.lab.requests(RouteKind::GithubNotes).len(), 1);
        assert!(notes.contains("Full Changelog"), "{notes}");
    }
}

#[tokio::test(start_paused = true)]
async fn generated_notes_begin_after_the_version_before_this_one() {
    let (_, notes) = noted(Notes::Generated, |forge| {
        forge.lab.world.github(|github| {
            let repository = github.repository(REPOSITORY);
            for tag in ["v0.8", "v0.9", "other-v0.99", "v2.0"] {
                repository.release_by_hand(HandMade::new(tag));
            }
        });
    })
    .await;
    assert!(notes.contains("v0.9...v1.0"), "{notes}");
}

#[tokio::test(start_paused = true)]
async fn a_file_and_nothing() {
    let (_, notes) = noted(Notes::File("NOTES.md".into()), |forge| {
        fs_err::write(forge.project.join("NOTES.md"), "All of it.\n").unwrap();
    })
    .await;
    assert_eq!(notes, "All of it.");
    let (_, notes) = noted(Notes::None, |_| {}).await;
    assert_eq!(notes, "");
}

#[tokio::test(start_paused = true)]
async fn notes_that_cannot_be_had_are_a_warning() {
    let missing = Notes::Command(vec!["no-such-program-anywhere".to_owned()]);
    for notes in [Notes::File("NOTES.md".into()), missing] {
        let (forge, notes) = noted(notes, |_| {}).await;
        assert_eq!(notes, "demo 1.0");
        assert!(forge.lab.report.warned("No notes for v1.0"), "{}", forge.lab.report.text());
    }
    let (forge, notes) = noted(Notes::Generated, |forge| forge.lab.fault("github.notes:*:503")).await;
    assert_eq!(notes, "demo 1.0");
    assert!(forge.lab.report.warned("No notes for v1.0"));
}

#[tokio::test(start_paused = true)]
async fn a_second_press_keeps_the_notes_that_the_draft_has() {
    let forge = Forge::new().await;
    let (request, _) = two_files(&forge);
    cut_off(&forge, &request).await;
    fs_err::write(forge.project.join("CHANGELOG.md"), "## 1.0\n\nOther words.\n").unwrap();
    let finished = forge.press(&request).await;
    ended(&forge, &finished, 0, "");
    assert!(forge.published().unwrap().body.unwrap().starts_with("The first one."));
}

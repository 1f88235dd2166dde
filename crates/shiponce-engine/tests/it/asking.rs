//! The question before production.

use crate::kit::{Lab, code, dist};
use shiponce_engine::report::Confirmation;
use shiponce_rehearsal::Index::Pypi;

#[tokio::test(start_paused = true)]
async fn the_question_names_every_file_its_size_and_its_digest() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    lab.put(Pypi, &files[1]);
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    let questions = lab.report.questions();
    let [lines] = questions.as_slice() else { panic!("{questions:?}") };
    assert_eq!(lines[0], "demo 1.0 goes to PyPI (127.0.0.1:8080):");
    assert_eq!(lines.len(), 2, "only what is sent: {lines:?}");
    let bytes = fs_err::read(&files[0]).unwrap();
    let digest = shiponce_dist::Distribution::open(&files[0]).unwrap().digests.sha256;
    let name = files[0].file_name().unwrap().to_str().unwrap();
    assert_eq!(lines[1], format!("  {name}  {} bytes  sha256 {digest}", bytes.len()));
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn no_and_nobody_to_ask_send_nothing() {
    for (answer, exit, slug) in
        [(Confirmation::No, 1, "not-confirmed"), (Confirmation::NobodyToAsk, 2, "confirmation-needed")]
    {
        let lab = Lab::new();
        lab.report.answer([answer]);
        let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
        let ended = lab.publish(&files).await;
        assert_eq!((ended.exit_code().number(), code(&ended)), (exit, slug), "{ended:?}");
        assert_eq!(lab.uploads(Pypi).len(), 0);
        assert!(ended.problem.unwrap().render().contains("Nothing was uploaded by this run."));
        assert_eq!(lab.publish(&files).await.exit_code().number(), 0, "the next press may");
        lab.check();
    }
}

#[tokio::test(start_paused = true)]
async fn what_changes_while_a_person_thinks_is_asked_again() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    let mut put = Some(lab.putting(Pypi, &files[0]));
    lab.report.while_asked(move || {
        if let Some(put) = put.take() {
            put();
        }
    });
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    let questions = lab.report.questions();
    assert_eq!(questions.iter().map(Vec::len).collect::<Vec<_>>(), [3, 2], "{questions:?}");
    assert!(lab.report.warned("The indexes changed while you were asked"));
    assert_eq!(lab.uploads(Pypi).len(), 1);
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn a_no_to_the_second_question_is_a_no() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    let mut put = Some(lab.putting(Pypi, &files[0]));
    lab.report.while_asked(move || {
        if let Some(put) = put.take() {
            put();
        }
    });
    lab.report.answer([Confirmation::Yes, Confirmation::No]);
    assert_eq!(code(&lab.publish(&files).await), "not-confirmed");
    assert_eq!(lab.uploads(Pypi).len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_that_arises_while_a_person_thinks_stops_everything() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    let theirs = dist::wheel(&lab.folder("theirs"), "1.0", &dist::tag(0), "other");
    let mut put = Some(lab.putting(Pypi, &theirs));
    lab.report.while_asked(move || {
        if let Some(put) = put.take() {
            put();
        }
    });
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (4, "file-conflict"), "{ended:?}");
    assert_eq!(lab.uploads(Pypi).len(), 0);
}

#[tokio::test(start_paused = true)]
async fn indexes_that_never_stay_as_shown_are_given_up() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 8);
    let mut puts: Vec<_> = files.iter().map(|file| lab.putting(Pypi, file)).collect();
    lab.report.while_asked(move || {
        if let Some(put) = puts.pop() {
            put();
        }
    });
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (4, "stale-plan"), "{ended:?}");
    assert_eq!((lab.report.questions().len(), lab.uploads(Pypi).len()), (5, 0));
}

#[tokio::test(start_paused = true)]
async fn ctrl_c_at_the_question_is_an_interrupt() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
    let cancel = lab.cancel.clone();
    lab.report.while_asked(move || cancel.cancel());
    let ended = lab.publish(&files).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (130, "interrupted"), "{ended:?}");
    assert_eq!(lab.uploads(Pypi).len(), 0);
}

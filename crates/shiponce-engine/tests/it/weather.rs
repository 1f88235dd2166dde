//! One press, one fault at a time.

use crate::kit::{Lab, code, dist};
use shiponce_rehearsal::Index::Pypi;
use shiponce_rehearsal::RouteKind;

#[tokio::test(start_paused = true)]
async fn three_files_go_up_once_and_a_second_press_only_looks() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 3);
    let first = lab.publish(&files).await;
    assert_eq!((first.exit_code().number(), code(&first)), (0, ""), "{first:?}\n{}", lab.report.text());
    assert_eq!((lab.world.writes(Pypi), lab.names(Pypi).len()), (3, 3));
    let (simple, json) = (lab.requests(RouteKind::Simple).len(), lab.requests(RouteKind::Json).len());
    let second = lab.publish(&files).await;
    assert_eq!(second.exit_code().number(), 0);
    assert_eq!(lab.requests(RouteKind::Simple).len(), simple + 1, "one reading");
    assert_eq!(lab.requests(RouteKind::Json).len(), json, "and no other");
    assert_eq!(lab.requests(RouteKind::File).len(), 0, "no body is fetched");
    assert_eq!(lab.world.writes(Pypi), 3);
    lab.check();
}

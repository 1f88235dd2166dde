//! Which commit a tag is on.

use shiponce_rehearsal::{Refs, Tag};

use crate::lab::{COMMIT, Lab};

#[tokio::test(start_paused = true)]
async fn lightweight_and_annotated_tags() {
    let lab = Lab::new();
    lab.repository(|repository| {
        repository.tag("py/v1.0", Tag::lightweight(COMMIT));
        repository.tag("v2.0", Tag::annotated(COMMIT, "7a97a97a97a97a97a97a97a97a97a97a97a97a97"));
    });
    for tag in ["v1.0", "py/v1.0", "v2.0"] {
        assert_eq!(lab.client().tag_commit(tag).await.unwrap().as_deref(), Some(COMMIT), "{tag}");
    }
    for tag in ["v1", "v1.0.0", "v2", "py", "nowhere"] {
        assert_eq!(lab.client().tag_commit(tag).await.unwrap(), None, "{tag}");
    }
}

#[tokio::test(start_paused = true)]
async fn tags_of_a_repository_elsewhere() {
    let lab = Lab::new();
    lab.repository(|repository| {
        repository.refs(Refs::new(|tag| (tag == "v3.0").then(|| Tag::lightweight(COMMIT))));
    });
    assert_eq!(lab.client().tag_commit("v3.0").await.unwrap().as_deref(), Some(COMMIT));
    assert_eq!(lab.client().tag_commit("v3.1").await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_tag_that_could_not_be_looked_up_is_not_missing() {
    let lab = Lab::new();
    lab.fault("github.tag:*:502");
    assert!(lab.client().tag_commit("v1.0").await.unwrap_err().may_pass());
}

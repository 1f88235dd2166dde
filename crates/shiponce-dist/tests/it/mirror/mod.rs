//! Every reason of the index: files that it refuses are refused here too, each by the rule that names the reason.

mod accepted;
pub(crate) mod fixtures;
mod together;
mod world;

use shiponce_dist::check::rule;
use shiponce_dist::{OpenOptions, Ruleset, examine};
use std::collections::BTreeSet;
use world::Pypi;

#[test]
fn what_the_index_refuses_is_named_before_a_byte_is_sent() {
    let mut wrong = Vec::new();
    let mut reasons = BTreeSet::new();
    for fixture in fixtures::all() {
        let folder = tempfile::tempdir().unwrap();
        let path = (fixture.make)(folder.path());
        let content = fs_err::read(&path).unwrap();
        let examined = examine(&path, OpenOptions::default(), Ruleset::Pypi).unwrap();
        let rejected: BTreeSet<&str> = examined
            .findings
            .iter()
            .filter(|finding| finding.is_rejected())
            .map(|finding| finding.rule)
            .collect();
        let mut form = world::form(&examined, &path, &content);
        for (name, value) in &fixture.form {
            form.retain(|(known, _)| known != name);
            form.push(((*name).to_owned(), (*value).to_owned()));
        }
        let filename = path.file_name().unwrap().to_str().unwrap();
        let (status, message) = Pypi::new().upload(&form, filename, &content);
        println!("{:32} {:22} {status} {message}", fixture.name, fixture.rule);
        assert!(rule(fixture.rule).is_some(), "{}", fixture.rule);
        if !rejected.contains(fixture.rule) {
            wrong.push(format!("{}: found {rejected:?}, not {}", fixture.name, fixture.rule));
        }
        if status != 400 || !message.contains(&fixture.answer) {
            wrong.push(format!(
                "{}: the index answers {status} {message}, not {}",
                fixture.name, fixture.answer
            ));
        }
        reasons.insert(fixture.rule);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(reasons.len() >= 35, "{}", reasons.len());
}

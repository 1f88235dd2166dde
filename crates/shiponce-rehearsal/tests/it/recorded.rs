//! The recorded answers that can be replayed against any index, replayed against this one over sockets.

use shiponce_rehearsal::Index;
use shiponce_rehearsal::recorded::{Case, Subject, cases};

use crate::lab::Lab;
use crate::wire::{Answer, Request};

fn subject(lab: &Lab) -> Subject {
    let root = format!("{}/prod/", lab.server.base_url());
    Subject {
        upload_root: root.clone(),
        read_root: root,
        token: lab.token.clone(),
        project: "throwaway".to_owned(),
        version: "1.7".to_owned(),
    }
}

fn send(lab: &Lab, case: &Case) -> Answer {
    let (head, body) = case.request.clone().into_parts();
    let path = head.uri.path_and_query().unwrap().as_str();
    let mut request = Request::new(head.method.as_str(), path).body(body.to_vec());
    for (name, value) in &head.headers {
        request = request.header(name.as_str(), value.to_str().unwrap());
    }
    lab.send(&request)
}

#[test]
fn this_index_answers_as_recorded() {
    let lab = Lab::new();
    let differences: Vec<String> = cases(&subject(&lab))
        .iter()
        .filter_map(|case| {
            let answer = send(&lab, case);
            let why = case.difference(answer.status, &answer.body)?;
            Some(format!("{} ({}): {why}", case.id, case.what))
        })
        .collect();
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
    assert_eq!(lab.world.projects(Index::Pypi), ["throwaway"], "only the named project is written to");
    let kept = lab.world.files(Index::Pypi);
    assert_eq!(kept.len(), 3, "what is refused is not kept: {kept:?}");
}

/// An index that answers otherwise is found out, by status and by words.
#[test]
fn another_answer_is_a_difference() {
    let lab = Lab::new();
    lab.world.switch(Index::Pypi, |switches| switches.read_only = true);
    let all = cases(&subject(&lab));
    let first = send(&lab, &all[0]);
    let why = all[0].difference(first.status, &first.body).unwrap();
    assert!(why.starts_with("status 403, recorded 200"), "{why}");
    let exists = all.iter().find(|case| case.id == "D2").unwrap();
    let why = exists.difference(400, b"<h1>400 Something else</h1>").unwrap();
    assert!(why.contains("it does not say `File already exists"), "{why}");
}

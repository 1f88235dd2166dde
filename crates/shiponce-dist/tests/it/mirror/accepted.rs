//! Files that the index takes are not stopped.

use super::world::{Pypi, form};
use crate::build::{Sdist, Wheel};
use shiponce_dist::{Finding, OpenOptions, Ruleset, examine};
use std::path::{Path, PathBuf};

fn wheel(change: impl Fn(&mut Wheel) + 'static) -> Box<dyn Fn(&Path) -> PathBuf> {
    Box::new(move |folder| {
        let mut wheel = Wheel::demo();
        change(&mut wheel);
        wheel.write(folder)
    })
}

fn header(line: &'static str) -> Box<dyn Fn(&Path) -> PathBuf> {
    Box::new(move |folder| Wheel::demo().header(line).write(folder))
}

fn of_version(version: &'static str) -> Box<dyn Fn(&Path) -> PathBuf> {
    wheel(move |wheel| wheel.metadata = format!("Metadata-Version: {version}\nName: demo\nVersion: 1.0\n"))
}

#[test]
fn what_the_index_takes_is_not_rejected() {
    let mut files: Vec<_> =
        ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5"].into_iter().map(of_version).collect();
    files.extend(
        [
            "Author-email: Jane Doe <jane@host.example>, other",
            "Author-email: \"Doe, Jane\" <jane@host.example>",
            "Home-page: UNKNOWN",
            "Home-page: HTTPS://host.example/a b",
            "Project-URL: Home, https://host.example/a,b",
            "Requires-Python: >=3.8, <4,",
            "Requires-Dist: foo[a,b] (>=1,!=1.5.*) ; python_version < '3.9' and (extra == 'x' or os_name == \"nt\")",
            "License: a text\n        of several lines",
            "License-Expression: mit OR (Apache-2.0 AND LicenseRef-own)",
            "Classifier: Programming Language :: Python :: 3",
            "Dynamic: requires-dist",
            "Keywords: a,b,c",
            "Nonsense: x",
        ]
        .map(header),
    );
    files.push(wheel(|wheel| wheel.archive = Box::new(|zip| zip.comment = b"a comment".to_vec())));
    files.push(wheel(|wheel| wheel.files.push(("tests/__init__.py".to_owned(), Vec::new()))));
    files.push(wheel(|wheel| {
        let text = "[console_scripts]\ndemo = demo:main\n\n[demo.plugins]\na.b = demo\n";
        wheel.files.push(("demo-1.0.dist-info/entry_points.txt".to_owned(), text.into()));
    }));
    files.push(Box::new(|folder| Sdist::demo().write(folder)));
    files.push(Box::new(|folder| Wheel::named("demo-1.0-1-cp39-abi3-macosx_11_0_arm64.whl").write(folder)));
    for make in files {
        let folder = tempfile::tempdir().unwrap();
        let path = make(folder.path());
        let content = fs_err::read(&path).unwrap();
        let examined = examine(&path, OpenOptions::default(), Ruleset::Pypi).unwrap();
        let rejected: Vec<&Finding> =
            examined.findings.iter().filter(|finding| finding.is_rejected()).collect();
        let filename = path.file_name().unwrap().to_str().unwrap();
        let (status, message) = Pypi::new().upload(&form(&examined, &path, &content), filename, &content);
        let metadata = examined.distribution.as_ref().map(|file| file.metadata().fields());
        assert_eq!((status, message.as_str()), (200, ""), "{metadata:?}");
        assert!(rejected.is_empty(), "{rejected:?}");
    }
}

//! Values and files against the programs that the index itself uses, and against other checkers.

use crate::build::Wheel;
use crate::mirror;
use crate::tools::{python_json, run_python};
use serde_json::{Value, json};
use shiponce_dist::{OpenOptions, Ruleset, Severity, examine};
use std::collections::BTreeSet;
use std::path::Path;

/// Judges every value as the index does: with the same libraries, called in the same way.
const INDEX: &str = r"
import email.utils, json, pathlib, sys
import email_validator, trove_classifiers
from packaging.licenses import canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.metadata import Metadata
from readme_renderer import rst
from rfc3986 import uri_reference, validators
def url(value):
    checker = validators.Validator().allow_schemes('http', 'https').require_presence_of('scheme')
    checker.check_validity_of('scheme', 'host', 'port', 'path', 'query').validate(uri_reference(value).normalize())
def mail(value):
    address = email.utils.parseaddr(value)[1]
    if address: email_validator.validate_email(address, check_deliverability=False)
def listed(value):
    if value not in trove_classifiers.classifiers: raise ValueError
def rendered(value):
    if rst.render(value) is None: raise ValueError
def names(value):
    Metadata.from_raw({'metadata_version': '2.5', 'name': 'x', 'version': '1', 'import_names': [value]})
judges = {'Requires-Dist': Requirement, 'Requires-Python': SpecifierSet, 'Home-page': url, 'Author-email': mail,
    'License-Expression': canonicalize_license_expression, 'Classifier': listed, 'description': rendered, 'Import-Name': names}
def good(field, value):
    try: judges[field](value)
    except Exception: return False
    return True
asked = json.loads(pathlib.Path(sys.argv[1]).read_text())
print(json.dumps([good(field, value) for field, value in asked]))
";

const PACKAGES: &str = r"
import json, pathlib, sys
from contextlib import redirect_stdout, redirect_stderr
import io
from check_wheel_contents.checker import WheelChecker
from check_wheel_contents.contents import WheelContents
from twine.commands.check import check
def twine(path):
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        try: return not check([str(path)], strict=True)
        except BaseException: return False
def contents(path):
    checker = WheelChecker()
    wheel = WheelContents.from_wheel(path)
    return sorted({f.check.name for f in checker.check_contents(wheel)})
command, *paths = sys.argv[1:]
print(json.dumps([{'twine': twine, 'contents': contents}[command](pathlib.Path(p)) for p in paths]))
";

/// Rejected by a rule whose id begins with one of these.
fn rejected(field: &str, value: &str, rules: &[&str]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let mut wheel = Wheel::demo();
    wheel.metadata = wheel.metadata.replace("Metadata-Version: 2.4", "Metadata-Version: 2.5");
    if field == "description" {
        wheel.metadata =
            wheel.metadata.replace("text/markdown", "text/x-rst").replace("A long description.\n", value);
    } else {
        wheel = wheel.header(&format!("{field}: {value}"));
    }
    let examined = examine(&wheel.write(folder.path()), OpenOptions::default(), Ruleset::Pypi).unwrap();
    examined.findings.iter().any(|finding| finding.is_rejected() && rules.contains(&finding.rule))
}

/// What the index says to each value.
fn index(asked: &[(&str, String)]) -> Vec<bool> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("asked.json");
    fs_err::write(&path, json!(asked).to_string()).unwrap();
    serde_json::from_value(python_json(INDEX, &[&path])).unwrap()
}

/// Values put together from pieces that parsers trip over; the same ones in every run.
fn invented(pieces: &[&str], count: u32) -> Vec<String> {
    let one = |seed: u32| {
        let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(99);
        let mut text = String::new();
        for _ in 0..=seed % 7 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.push_str(pieces[(state >> 16) as usize % pieces.len()]);
        }
        text.trim().to_owned()
    };
    let values: BTreeSet<String> =
        (0..count).map(one).filter(|text| !text.is_empty() && text != "UNKNOWN").collect();
    values.into_iter().collect()
}

/// Our verdicts and theirs, where they differ.
fn differences(field: &'static str, rules: &[&str], values: Vec<String>) -> Vec<String> {
    let asked: Vec<(&str, String)> = values.into_iter().map(|value| (field, value)).collect();
    let theirs = index(&asked);
    let differs = |((_, value), good): (&(&str, String), bool)| {
        let ours = !rejected(field, value, rules);
        (ours != good).then(|| format!("{field}: {value}: we say {ours}, the index {good}"))
    };
    asked.iter().zip(theirs).filter_map(differs).collect()
}

fn none_differ(field: &'static str, rules: &[&str], values: Vec<String>) {
    assert!(!values.is_empty());
    let wrong = differences(field, rules, values);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn requirements_and_specifiers_are_read_as_packaging_reads_them() {
    let clauses = [
        ">=", "==", "~=", "!=", "<", "===", "1", "1.0", ".*", "+x", ",", " ", "a1", ".post1", "v", "1!", "x",
        "-", "2.0.dev3",
    ];
    none_differ("Requires-Python", &["requires-python"], invented(&clauses, 500));
    let pieces = [
        "foo",
        "foo ",
        "[a]",
        "[",
        "]",
        "[a, b]",
        ">=1",
        "==1.*",
        "~=2",
        ",<3",
        " (>=1)",
        "(",
        ")",
        " @ https://x/y",
        " ; ",
        ";",
        "extra",
        " == ",
        "'x'",
        "\"y\"",
        "python_version",
        "<'3'",
        " and ",
        " or ",
        " not in ",
        " in ",
        "os.name",
        "-",
        ".",
        " ",
    ];
    none_differ("Requires-Dist", &["requirement"], invented(&pieces, 900));
    let whole = [
        "foo[a]>=1.0,<2 ; python_version < '3.9' and (extra == 'x' or os_name == \"nt\")",
        "foo ; 'linux' in sys_platform",
        "foo @ https://x/y ; extra == 'z'",
        "foo @ https://x/y; extra == 'z'",
        "foo (>=1,!=1.5.*)",
        "foo===1.0-anything",
        "foo; platform.machine == 'x'",
        "foo; platform == 'x'",
        "foo>=1;extra=='a'or extra=='b'",
    ];
    none_differ("Requires-Dist", &["requirement"], whole.map(str::to_owned).to_vec());
}

#[test]
fn licences_classifiers_and_modules_are_judged_as_the_index_judges_them() {
    let pieces = [
        "MIT",
        " ",
        "(",
        ")",
        " AND ",
        " or ",
        " WITH ",
        "Apache-2.0",
        "Classpath-exception-2.0",
        "LicenseRef-x",
        "+",
        "BSD",
    ];
    none_differ("License-Expression", &["license-expression"], invented(&pieces, 600));
    let list = include_str!("../../data/classifiers.txt");
    let known = list.lines().skip(1).step_by(9).filter(|line| !line.contains(" =>")).map(str::to_owned);
    let odd = [
        "Nope :: Nope",
        "Private :: Do Not Upload",
        "programming language :: python",
        "Natural Language :: Ukranian",
    ];
    let classifiers = known.chain(odd.map(str::to_owned)).collect();
    none_differ("Classifier", &["classifier", "classifier-deprecated"], classifiers);
    let pieces = ["demo", ".", "_x", "class", ";", " private", "1", "-", " ", "größe", "soft", "type"];
    none_differ("Import-Name", &["import-name"], invented(&pieces, 200));
}

#[test]
fn addresses_are_judged_as_the_index_judges_them() {
    let pieces = [
        "http",
        "https",
        ":",
        "//",
        "/",
        "host.example",
        "x",
        "@",
        ":80",
        ":99999",
        "?",
        "#",
        " ",
        "ftp",
        "|",
        "ä",
    ];
    none_differ("Home-page", &["url"], invented(&pieces, 400));
    let mails = [
        "a@b.org",
        "Jane Doe <jane.doe+x@sub.b-c.org>",
        "\"Doe, Jane\" <jane@b.org>",
        "jane@b.org (Jane)",
        "nope",
        "a@b",
        "@b.org",
        "a@",
        "a@b.local",
        "a@localhost",
        "a@b.test",
        ".a@b.org",
        "a..b@c.org",
        "a@b..org",
        "a@b_c.org",
        "a@-b.org",
        "a@b-.org",
        "Jane <nope>",
        "Jane <a@b.example>",
        "a@1.2",
        "a b@c.org",
        "a@b.c",
        "x@xn--bcher-kva.de",
        "jörg@bücher.de",
        "a@b.invalid",
        "o'neil@b.org",
        "a/b@c.org",
        "a(b)@c.org",
    ];
    none_differ("Author-email", &["email"], mails.map(str::to_owned).to_vec());
}

#[test]
fn what_is_certain_about_a_description_is_true() {
    let pieces = [
        "Heading\n",
        "=======\n",
        "====\n",
        "===\n",
        "\n",
        "* item\n",
        ".. note::\n\n   x\n\n",
        ".. toctree::\n\n",
        ".. code-block:: python\n\n   x\n\n",
        ".. raw:: html\n\n   x\n\n",
        "Some ``text`` here\n",
        "::\n\n   Heading\n   ====\n\n",
        ".. comment: here\n\n",
        "+---+\n| a |\n+---+\n\n",
        ".. _target: https://x\n\n",
        "====  ====\na     b\n====  ====\n\n",
        ".. |x| image:: y\n\n",
        ".. sourcecode:: c\n\n   x\n\n",
    ];
    let texts: Vec<(&str, String)> = invented(&pieces, 400)
        .into_iter()
        .map(|text| ("description", format!("{text}\n")))
        .filter(|(_, text)| !text.trim().is_empty())
        .collect();
    let mut found = 0;
    for ((_, text), good) in texts.iter().zip(index(&texts)) {
        let ours = rejected("description", text, &["description-render"]);
        assert!(!(ours && good), "the index renders what we refuse:\n{text}");
        found += u32::from(ours);
    }
    assert!(found > 50, "{found}");
}

fn command(script: &str, command: &str, paths: &[&Path]) -> Vec<Value> {
    let arguments: Vec<&Path> = [Path::new(command)].into_iter().chain(paths.iter().copied()).collect();
    serde_json::from_slice(&run_python(script, &arguments)).unwrap()
}

#[test]
fn what_twine_refuses_is_found_and_much_that_it_passes() {
    let (mut ours, mut theirs) = (0, 0);
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (number, fixture) in mirror::fixtures::all().iter().enumerate() {
        let own = folder.path().join(number.to_string());
        fs_err::create_dir(&own).unwrap();
        paths.push((fixture.make)(&own));
    }
    paths.push(Wheel::demo().write(folder.path()));
    let paths: Vec<&Path> = paths.iter().map(AsRef::as_ref).collect();
    for (path, passes) in paths.iter().zip(command(PACKAGES, "twine", &paths)) {
        let examined = examine(path, OpenOptions::default(), Ruleset::Pypi).unwrap();
        let rejects = examined.findings.iter().any(shiponce_dist::Finding::is_rejected);
        let twine_rejects = passes == json!(false);
        assert!(rejects || !twine_rejects, "twine refuses {}", path.display());
        ours += u32::from(rejects);
        theirs += u32::from(twine_rejects);
    }
    println!(
        "of {} files that the index refuses we find {ours}, twine check --strict {theirs}",
        paths.len() - 1
    );
    assert_eq!(ours as usize, paths.len() - 1);
    assert!(theirs > 3 && theirs < ours);
}

#[test]
fn what_should_not_be_in_a_wheel_is_what_others_say() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str, file: &str| {
        let own = folder.path().join(name);
        fs_err::create_dir(&own).unwrap();
        Wheel::demo().file(file, b"x".to_vec()).write(&own)
    };
    let paths = [
        make("plain", "demo/x.py"),
        make("bytecode", "demo/__pycache__/x.cpython-311.pyc"),
        make("tests", "tests/__init__.py"),
        make("docs", "docs/__init__.py"),
    ];
    let paths: Vec<&Path> = paths.iter().map(AsRef::as_ref).collect();
    let theirs = command(PACKAGES, "contents", &paths);
    for (path, codes) in paths.iter().zip(theirs) {
        let found = examine(path, OpenOptions::default(), Ruleset::Pypi).unwrap().findings;
        assert!(found.iter().all(|finding| finding.severity == Severity::Quality));
        let has = |rule: &str| found.iter().any(|finding| finding.rule == rule);
        let codes: Vec<&str> = codes.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(has("wheel-bytecode"), codes.contains(&"W001"), "{} {codes:?}", path.display());
        assert_eq!(has("wheel-common-folder"), codes.contains(&"W005"), "{} {codes:?}", path.display());
    }
}

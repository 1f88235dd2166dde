//! Real distributions, built by real backends, against twine, `zipfile`, `tarfile` and `packaging`.

use crate::tools::{python_json, run_python, sdists};
use serde_json::Value;
use shiponce_dist::{Distribution, Metadata, Ruleset, check, check_set};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const BUILD: &str = r"
import pathlib, shutil, subprocess, sys
from concurrent.futures import ThreadPoolExecutor
out, work, sdists, examples = map(pathlib.Path, sys.argv[1:])
def run(*argv):
    done = subprocess.run([sys.executable, '-m', *map(str, argv)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
def example(path):
    shutil.copytree(path, work / path.name)
    run('build', '-n', '-o', out, work / path.name)
def sdist(path):
    shutil.copy(path, out)
    run('pip', 'wheel', '-q', '--no-build-isolation', '--no-deps', '--no-index', '-w', out, path)
with ThreadPoolExecutor(2) as pool:
    jobs = [pool.submit(example, p) for p in sorted(examples.iterdir()) if (p / 'pyproject.toml').exists()]
    jobs += [pool.submit(sdist, p) for p in sorted(sdists.glob('*.tar.gz'))]
    for job in jobs: job.result()
";

const TWINE: &str = r"
import json, sys
from twine.package import PackageFile
from twine.repository import Repository
def fields(path):
    return Repository._convert_metadata_to_list_of_tuples(PackageFile.from_filename(path, None).metadata_dictionary())
print(json.dumps({path: fields(path) for path in sys.argv[1:]}))
";

const MEMBERS: &str = r"
import hashlib, json, sys, tarfile, zipfile
def members(path):
    if path.endswith('.whl'):
        with zipfile.ZipFile(path) as z:
            return [[i.filename, i.file_size, hashlib.sha256(z.read(i)).hexdigest()] for i in z.infolist()]
    with tarfile.open(path) as t:
        return [[m.name, m.size, 'dir' if m.isdir() else 'file'] for m in t]
print(json.dumps({path: members(path) for path in sys.argv[1:]}))
";

const PARSE: &str = r"
import json, pathlib, sys
from packaging.metadata import parse_email
def parse(path):
    raw, unparsed = parse_email(pathlib.Path(path).read_bytes())
    return [raw, sorted(unparsed)]
print(json.dumps({path: parse(path) for path in sorted(map(str, pathlib.Path(sys.argv[1]).rglob('METADATA*')))}))
";

/// Builds both examples and every sample sdist.
fn build(folder: &Path) -> Vec<PathBuf> {
    let (out, work) = (folder.join("out"), folder.join("work"));
    fs_err::create_dir(&out).unwrap();
    fs_err::create_dir(&work).unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    run_python(BUILD, &[&out, &work, &sdists(), &examples]);
    let mut files: Vec<PathBuf> =
        fs_err::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn real_distributions_are_read_as_others_read_them() {
    let folder = tempfile::tempdir().unwrap();
    let files = build(folder.path());
    let opened: Vec<Distribution> = files.iter().map(|path| Distribution::open(path).unwrap()).collect();
    assert!(opened.len() >= 12, "{files:?}");
    forms_are_twines(&opened);
    members_are_pythons(&opened);
    findings_are_only_about_platforms(&opened);
    imports_are_known(&opened);
}

fn arguments(files: &[Distribution]) -> Vec<&Path> {
    files.iter().map(|file| file.path.as_path()).collect()
}

/// Values by field, in order. Twine changes the name to what old servers took; the index wants it as written.
fn by_field(fields: impl Iterator<Item = (String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in fields {
        map.entry(name).or_default().push(value);
    }
    if let Some(name) = map.get_mut("name") {
        name[0] = name[0].replace('_', "-");
    }
    map
}

fn forms_are_twines(files: &[Distribution]) {
    let twine = python_json(TWINE, &arguments(files));
    for file in files {
        let theirs = twine[file.path.to_str().unwrap()]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned()));
        let form = file.form();
        // What twine 7 adds later, and the fields of metadata 2.5 that it does not send yet.
        let skipped = [":action", "protocol_version", "import_name", "import_namespace"];
        let ours = form.fields().into_iter().filter(|(name, _)| !skipped.contains(name));
        let ours = ours.map(|(name, value)| (name.to_owned(), value));
        assert_eq!(by_field(ours), by_field(theirs), "{}", form.filename);
    }
}

fn members_are_pythons(files: &[Distribution]) {
    let python = python_json(MEMBERS, &arguments(files));
    for file in files {
        let theirs = &python[file.path.to_str().unwrap()];
        let ours: Value = match file.as_wheel() {
            Some(wheel) => {
                let mut archive = wheel.archive().unwrap();
                let one = |entry: &shiponce_dist::zip::Entry| {
                    let content = archive.read(&entry.name, entry.size).unwrap();
                    let digests = shiponce_dist::hash_reader(&*content).unwrap();
                    serde_json::json!([entry.name, digests.size, digests.sha256.to_string()])
                };
                wheel.entries.iter().map(one).collect()
            }
            None => {
                let reader = fs_err::File::open(&file.path).unwrap();
                let listing = shiponce_dist::tar::list(reader, &Default::default(), |_| None).unwrap();
                let one = |member: &shiponce_dist::tar::Member| {
                    let kind = if member.is_dir() { "dir" } else { "file" };
                    serde_json::json!([member.name.trim_end_matches('/'), member.size, kind])
                };
                listing.members.iter().map(one).collect()
            }
        };
        assert_eq!(&ours, theirs, "{}", file.filename);
    }
}

fn findings_are_only_about_platforms(files: &[Distribution]) {
    for file in files {
        for finding in check(file, Ruleset::Permissive) {
            assert!(!finding.is_rejected(), "{finding}");
        }
        let plain_linux = file.filename.to_string().contains("-linux_");
        let rejected: BTreeSet<_> = check(file, Ruleset::Pypi)
            .into_iter()
            .filter(shiponce_dist::Finding::is_rejected)
            .map(|finding| finding.rule)
            .collect();
        let expected: BTreeSet<_> = plain_linux.then_some("platform-tag").into_iter().collect();
        assert_eq!(rejected, expected, "{}", file.filename);
    }
    let hello: Vec<Distribution> = files
        .iter()
        .filter(|file| file.filename.project().normalized() == "shiponce-hello")
        .cloned()
        .collect();
    assert_eq!(hello.len(), 2);
    assert_eq!(check_set(&hello), []);
    assert!(check_set(files).iter().any(|finding| finding.rule == "set-project"));
}

fn imports_are_known(files: &[Distribution]) {
    let imports: BTreeMap<&str, Vec<String>> = files
        .iter()
        .filter_map(|file| Some((file.filename.project().normalized(), file.as_wheel()?.import_candidates())))
        .collect();
    let shown: Vec<String> =
        imports.iter().map(|(name, found)| format!("{name}: {}", found.join(" "))).collect();
    assert_eq!(
        shown,
        [
            "idna: idna",
            "markupsafe: markupsafe",
            "sampleproject: sample",
            "shiponce-hello: shiponce_hello",
            "shiponce-native: shiponce_native",
            "shiponce-tempo: shiponce_tempo",
            "six: six",
        ]
    );
}

/// Compares our fields and defects of one file with `packaging`'s.
fn compare(path: &str, theirs: &Value) {
    let bytes = fs_err::read(path).unwrap();
    let shown = String::from_utf8_lossy(&bytes).into_owned();
    let unparsed: BTreeSet<String> =
        theirs[1].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    let metadata = match Metadata::parse(&bytes) {
        Ok(metadata) => metadata,
        Err(error) => {
            let lost = ["name", "version", "metadata-version"].iter().any(|name| unparsed.contains(*name));
            assert!(lost, "{error}: {shown}");
            return;
        }
    };
    let defects: BTreeSet<String> = metadata
        .defects()
        .iter()
        .map(|defect| match defect {
            shiponce_dist::metadata::Defect::NotUtf8(name)
            | shiponce_dist::metadata::Defect::Unknown(name)
            | shiponce_dist::metadata::Defect::Repeated(name) => name.to_ascii_lowercase(),
            shiponce_dist::metadata::Defect::TwoDescriptions => "description".to_owned(),
            shiponce_dist::metadata::Defect::RepeatedLabel(_) => "project-url".to_owned(),
        })
        .collect();
    assert_eq!(defects, unparsed, "{shown}");
    let form = by_field(metadata.to_form().into_iter());
    for (key, value) in theirs[0].as_object().unwrap() {
        let field = match key.as_str() {
            "platforms" => "platform",
            "supported_platforms" => "supported_platform",
            "license_files" => "license_file",
            "import_names" => "import_name",
            "import_namespaces" => "import_namespace",
            other => other,
        };
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let expected: Vec<String> = match value {
            Value::String(one) if field == "name" => vec![one.replace('_', "-")],
            Value::String(one) => vec![one.clone()],
            Value::Array(words) if field == "keywords" => {
                vec![words.iter().map(text).collect::<Vec<_>>().join(", ")]
            }
            Value::Array(values) => values.iter().map(text).collect(),
            Value::Object(urls) => {
                urls.iter().map(|(label, url)| format!("{label}, {}", text(url))).collect()
            }
            other => unreachable!("packaging gave {other}"),
        };
        // The index drops these, so they are not sent.
        let expected: Vec<String> = expected.into_iter().filter(|value| value != "UNKNOWN").collect();
        let mut ours = form.get(field).cloned().unwrap_or_default();
        if field == "project_urls" {
            ours.sort();
        }
        if field == "license_file" && ours.is_empty() {
            assert!(metadata.metadata_version() < "2.4", "{shown}");
            continue;
        }
        assert_eq!(ours, expected, "{field} of {shown}");
    }
}

#[test]
fn metadata_is_parsed_as_packaging_parses_it() {
    let site = crate::tools::python().with_file_name("").join("../lib");
    let installed = python_json(PARSE, &[&site]);
    assert!(installed.as_object().unwrap().len() > 20);
    for (path, theirs) in installed.as_object().unwrap() {
        compare(path, theirs);
    }
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..600_u32 {
        fs_err::write(folder.path().join(format!("METADATA.{seed}")), invented(seed)).unwrap();
    }
    let invented = python_json(PARSE, &[folder.path()]);
    assert_eq!(invented.as_object().unwrap().len(), 600);
    for (path, theirs) in invented.as_object().unwrap() {
        compare(path, theirs);
    }
}

/// A metadata file put together from the lines that parsers trip over.
fn invented(seed: u32) -> Vec<u8> {
    const PIECES: [&[u8]; 34] = [
        b"Summary: one\n",
        b"Summary:two words  \r\n",
        b"summary: again\n",
        b"License: a\n        b\n\tc\n",
        b"License: a\r\n  b\r\n",
        b"Keywords: a,b , c\n",
        b"Keywords: x\n",
        b"Classifier: A :: B\n",
        b"Classifier: C\n",
        b"Project-URL: Home, https://a,b\n",
        b"Project-URL:  Docs ,  https://d \n",
        b"Project-URL: Home, https://c\n",
        b"Author: caf\xc3\xa9\n",
        b"Author: caf\xe9\n",
        b"Platform: any\n",
        b"Supported-Platform: x\n",
        b"License-File: LICENSE\n",
        b"Import-Name: demo\n",
        b"Import-Namespace: n\n",
        b"Requires-Dist: x ; extra == 'y'\n",
        b"Description: in a field\n        more\n",
        b"Unknown-Field: x\n",
        b" continued\n",
        b"\tcontinued\r",
        b"From somebody\n",
        b": no name\n",
        b"No colon here\n",
        b"Sp ace: x\n",
        b"\n",
        b"\r\n",
        b"Maintainer:\n",
        b"Home-page: =?utf-8?q?caf=C3=A9?=\n",
        b"body \xff text\n",
        b"Download-URL: x\rDynamic: y\n",
    ];
    let mut bytes = b"Metadata-Version: 2.4\nName: demo\nVersion: 1.0\nPlatform: first\n".to_vec();
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    for _ in 0..=seed % 9 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.extend(PIECES[(state >> 16) as usize % PIECES.len()]);
    }
    bytes
}

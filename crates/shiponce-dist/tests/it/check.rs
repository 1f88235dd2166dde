//! Every rule with a file that it passes and files that break it.

use crate::build::{Item, Sdist, Wheel};
use shiponce_dist::{OpenOptions, Ruleset, examine};
use std::path::{Path, PathBuf};

fn lines(path: &Path, ruleset: Ruleset) -> Vec<String> {
    let examined = examine(path, OpenOptions::default(), ruleset).unwrap();
    let unopened = examined.distribution.is_none();
    assert!(!unopened || examined.findings.iter().any(shiponce_dist::Finding::is_rejected));
    examined.findings.iter().map(|finding| format!("{:?} {finding}", finding.severity)).collect()
}

/// The findings under PyPI's rules, and what is left of them elsewhere.
fn findings(write: impl Fn(&Path) -> PathBuf) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path());
    let everywhere = lines(&path, Ruleset::Permissive);
    let marked = |line: String| if everywhere.contains(&line) { line } else { format!("{line} (PyPI)") };
    lines(&path, Ruleset::Pypi).into_iter().map(marked).collect::<Vec<_>>().join("\n")
}

fn wheel(change: impl Fn(&mut Wheel)) -> String {
    let mut wheel = Wheel::demo();
    change(&mut wheel);
    findings(|folder| wheel.write(folder))
}

fn header(line: &str) -> String {
    findings(|folder| Wheel::demo().header(line).write(folder))
}

fn metadata(from: &str, to: &str) -> String {
    wheel(|wheel| wheel.metadata = wheel.metadata.replace(from, to))
}

#[test]
fn sound_files_have_no_findings() {
    assert_eq!(wheel(|_| {}), "");
    assert_eq!(findings(|folder| Sdist::demo().write(folder)), "");
    let native = "demo-1.0-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
    assert_eq!(findings(|folder| Wheel::named(native).file("demo/_x.abi3.so", b"ELF").write(folder)), "");
    let scripts = "[console_scripts]\ndemo = demo:main\n[x]\n../any = thing\n";
    assert_eq!(
        wheel(|wheel| wheel.files.push(("demo-1.0.dist-info/entry_points.txt".into(), scripts.into()))),
        ""
    );
    let license = ("demo-1.0.dist-info/licenses/LICENSE".to_owned(), b"MIT".to_vec());
    let licensed = |folder: &Path| {
        let mut wheel =
            Wheel::demo().header("License-File: LICENSE").header("Requires-Dist: a; extra == '@'");
        wheel.files.push(license.clone());
        wheel.files.push(("demo/a,b.txt".to_owned(), b"comma".to_vec()));
        wheel.write(folder)
    };
    assert_eq!(findings(licensed), "");
}

#[test]
fn names_and_versions() {
    let renamed = |filename: &str, dist_info: &str| {
        wheel(|wheel| {
            filename.clone_into(&mut wheel.filename);
            dist_info.clone_into(&mut wheel.dist_info);
        })
    };
    let sdist = |filename: &str| findings(|folder| Sdist::named(filename).write(folder));
    let shown = [
        metadata("Name: demo", "Name: other"),
        metadata("Version: 1.0\n", "Version: 1.1\n"),
        metadata("Version: 1.0\n", "Version: 1.0.0\n"),
        renamed("Demo-1.0-py3-none-any.whl", "demo-1.0.dist-info"),
        renamed("demo-1.0-py3-none-any.whl", "demo-1.0.0.dist-info"),
        sdist("demo-pkg-1.0.tar.gz"),
        sdist("demo-1.0.zip"),
        sdist("demo-1.0-1.tar.gz"),
        findings(|folder| Wheel::named("demo-1.0+local-py3-none-any.whl").write(folder)),
    ];
    insta::assert_snapshot!(shown.join("\n--\n"), @r#"
    Rejected demo-1.0-py3-none-any.whl: Name: the file name says `demo`, the metadata says `other` [filename-project]
    Rejected demo-1.0-py3-none-any.whl: the file name must begin with `other`, not `demo` [filename-normalized] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: Version: the file name says 1.0, the metadata says 1.1 [filename-version]
    --

    --
    Rejected Demo-1.0-py3-none-any.whl: the file name must begin with `demo`, not `Demo` [filename-normalized] (PyPI)
    Rejected Demo-1.0-py3-none-any.whl: demo-1.0.dist-info: the folder must be called `Demo-1.0.dist-info` [dist-info-name] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.0.dist-info: the folder must be called `demo-1.0.dist-info` [dist-info-name] (PyPI)
    --
    Rejected demo-pkg-1.0.tar.gz: the file must be called `demo_pkg-1.0.tar.gz` [filename-normalized] (PyPI)
    --
    Rejected demo-1.0.zip: the file must be called `demo-1.0.tar.gz` [filename-normalized] (PyPI)
    --
    Rejected demo-1.0-1.tar.gz: Name: the file name says `demo`, the metadata says `demo-1.0` [filename-project]
    Rejected demo-1.0-1.tar.gz: Version: the file name says 1.0.post1, the metadata says 1 [filename-version]
    Rejected demo-1.0-1.tar.gz: the file must be called `demo_1_0-1.tar.gz` [filename-normalized] (PyPI)
    --
    Rejected demo-1.0+local-py3-none-any.whl: Version: PyPI does not take the local version 1.0+local [local-version] (PyPI)
    "#);
}

#[test]
fn platform_tags() {
    let tagged = |filename: &str| findings(|folder| Wheel::named(filename).write(folder));
    let shown = [
        tagged("demo-1.0-cp311-cp311-linux_x86_64.whl"),
        tagged("demo-1.0-cp311-cp311-macosx_14_3_arm64.whl"),
    ];
    insta::assert_snapshot!(shown.join("\n--\n"), @r#"
    Rejected demo-1.0-cp311-cp311-linux_x86_64.whl: PyPI does not take the platform tag `linux_x86_64` [platform-tag] (PyPI)
    --
    Rejected demo-1.0-cp311-cp311-macosx_14_3_arm64.whl: PyPI does not take the platform tag `macosx_14_3_arm64` [platform-tag] (PyPI)
    "#);
}

#[test]
fn metadata_rules() {
    let shown = [
        metadata("2.4", "2.6"),
        metadata("2.4", "2.0"),
        header("Import-Name: demo"),
        metadata("2.4", "1.1"),
        header("Summary: again"),
        header("Nonsense: x"),
        header("Description: x"),
        header("Project-URL: Home, https://a\nProject-URL: Home, https://b"),
        metadata("A demonstration", &"x".repeat(513)),
        metadata("A demonstration", "two\n        lines"),
        metadata("text/markdown", "text/html"),
        metadata("text/markdown", "text/markdown; variant=Other"),
        header("Requires-Dist: foo @ git+https://example.org/foo"),
        metadata("A long description.\n", ""),
        header("License-File: LICENSE"),
        findings(|folder| {
            let latin: Vec<u8> =
                b"Metadata-Version: 2.4\nName: demo\nVersion: 1.0\nSummary: caf\xe9\n\nx".to_vec();
            let mut sdist = Sdist::demo().without("PKG-INFO");
            sdist.files.push(("PKG-INFO".to_owned(), latin));
            sdist.write(folder)
        }),
        findings(|folder| {
            Sdist::demo()
                .pkg_info("Metadata-Version: 2.4\nName: demo\nVersion: 1.0\nLicense-File: L\n\nx")
                .write(folder)
        }),
    ];
    insta::assert_snapshot!(shown.join("\n--\n"), @r#"
    Rejected demo-1.0-py3-none-any.whl: Metadata-Version: PyPI does not know metadata version `2.6` [metadata-version] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: Metadata-Version: PyPI does not know metadata version `2.0` [metadata-version] (PyPI)
    Rejected demo-1.0-py3-none-any.whl: Description-Content-Type: the field came with metadata version 2.1, not 2.0 [metadata-field-version] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: Import-Name: the field came with metadata version 2.5, not 2.4 [metadata-field-version] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: Description-Content-Type: the field came with metadata version 2.1, not 1.1 [metadata-field-version] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: Summary: `Summary` occurs more than once [metadata-field]
    --
    Warned demo-1.0-py3-none-any.whl: Nonsense: `Nonsense` is not a core metadata field [metadata-field]
    --
    Rejected demo-1.0-py3-none-any.whl: Description: the description stands both in a field and in the body [metadata-field]
    --
    Rejected demo-1.0-py3-none-any.whl: Project-URL: two `Project-URL` fields have the label `Home` [metadata-field]
    --
    Rejected demo-1.0-py3-none-any.whl: Summary: the summary has 513 characters, more than 512 [summary] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: Summary: the summary is not a single line [summary] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: Description-Content-Type: the content type must be `text/plain`, `text/x-rst` or `text/markdown`, not `text/html` [description-content-type] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: Description-Content-Type: the content type has the Markdown variants `GFM` and `CommonMark`, not `Other` [description-content-type] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: Requires-Dist: PyPI does not take the direct dependency `foo @ git+https://example.org/foo` [direct-reference] (PyPI)
    --
    Warned demo-1.0-py3-none-any.whl: Description: there is no long description [description-missing]
    --
    Rejected demo-1.0-py3-none-any.whl: License-File: `LICENSE` is not in the archive at `demo-1.0.dist-info/licenses/LICENSE` [license-file] (PyPI)
    --
    Rejected demo-1.0.tar.gz: Summary: `Summary` is not UTF-8 [metadata-field]
    --
    Rejected demo-1.0.tar.gz: License-File: `L` is not in the archive at `demo-1.0/L` [license-file] (PyPI)
    "#);
}

#[test]
fn wheel_rules() {
    let script = |text: &str| {
        wheel(|wheel| wheel.files.push(("demo-1.0.dist-info/entry_points.txt".to_owned(), text.into())))
    };
    let tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py2-none-any\n";
    let shown = [
        wheel(|wheel| wheel.wheel = Some(tags.to_owned())),
        script("[console_scripts]\n../evil = demo:main\n"),
        script("[gui_scripts]\na\\b = demo:main\nok = os.system\n"),
        script("[console_scripts\n"),
        wheel(|wheel| {
            wheel.archive = Box::new(|zip| {
                let link = 0o120_777_u32.rotate_left(16).to_le_bytes();
                zip.items[0].central = Box::new(move |record| record[38..42].copy_from_slice(&link));
            });
        }),
    ];
    insta::assert_snapshot!(shown.join("\n--\n"), @r#"
    Rejected demo-1.0-py3-none-any.whl: WHEEL: the file name says `py3-none-any`, WHEEL does not [wheel-tags]
    Rejected demo-1.0-py3-none-any.whl: WHEEL: WHEEL says `py2-none-any`, the file name does not [wheel-tags]
    Quality demo-1.0-py3-none-any.whl: WHEEL: `Root-Is-Purelib: false` does not fit the tags of the file name [wheel-purelib]
    --
    Rejected demo-1.0-py3-none-any.whl: entry_points.txt line 2: the script name `../evil` is not a plain file name [entry-points]
    --
    Rejected demo-1.0-py3-none-any.whl: entry_points.txt line 2: the script name `a\b` is not a plain file name [entry-points]
    Rejected demo-1.0-py3-none-any.whl: entry_points.txt line 3: `os.system` is not of the form `package.module:function` [entry-points]
    --
    Rejected demo-1.0-py3-none-any.whl: entry_points.txt: line 1 of entry_points.txt is neither `[group]` nor `name = object`: `[console_scripts` [entry-points]
    --
    Warned demo-1.0-py3-none-any.whl: demo/__init__.py: the entry is a symbolic link, which installers write as a text file [wheel-symlink]
    "#);
}

#[test]
fn record_rules() {
    let record = |text: &str| {
        let text = text.to_owned();
        wheel(|wheel| wheel.record = Some(Some(text.clone())))
    };
    let appended = |name: &'static str| {
        wheel(|wheel| {
            wheel.archive = Box::new(move |zip| zip.items.push(Item::new(name, "late")));
        })
    };
    let rest = "demo-1.0.dist-info/METADATA,sha256=x,\ndemo-1.0.dist-info/WHEEL,md5=x,\ndemo-1.0.dist-info/RECORD,,\n";
    let shown = [
        wheel(|wheel| wheel.record = Some(None)),
        appended("demo/late.py"),
        appended("demo-1.0.dist-info/RECORD.jws"),
        record(&format!("demo/__init__.py,,\ngone.py,sha256=x,\n{rest}")),
        wheel(|wheel| {
            wheel.archive = Box::new(|zip| zip.items[0].data = b"VERSION = '1.1'\n".to_vec());
        }),
        wheel(|wheel| {
            wheel.files = (0..30).map(|n| (format!("demo/m{n}.py"), Vec::new())).collect();
            wheel.record = Some(Some(String::new()));
        }),
        wheel(|wheel| wheel.archive = Box::new(|zip| zip.items[0].crc = Some(7))),
    ];
    insta::assert_snapshot!(shown.join("\n--\n"), @r#"
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: the wheel has no RECORD [record-missing]
    --
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/late.py` is not listed [record-mismatch]
    --

    --
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/__init__.py` has the digest ``, not SHA-256 or stronger [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `gone.py` is listed and not in the wheel [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo-1.0.dist-info/METADATA` has sha256 L276k2yuPEEPbU-12DPeWMicwpOP2zKRGjrPCnPcEdw, not the listed x [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo-1.0.dist-info/WHEEL` has the digest `md5=x`, not SHA-256 or stronger [record-mismatch]
    --
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/__init__.py` has sha256 vS1yQInadPuBgvJslrpSQ6QtHgG9W4PJPPGT-Hjclbg, not the listed qDELPlksFSwWLqsldfcO3h82HUM9qbRemTxcdjn1Jb8 [record-mismatch]
    --
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m0.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m1.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m2.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m3.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m4.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m5.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m6.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m7.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m8.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m9.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m10.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m11.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m12.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m13.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m14.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m15.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m16.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m17.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m18.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/m19.py` is not listed [record-mismatch]
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: 12 more differences [record-mismatch]
    --
    Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: a file cannot be compared: entry `demo/__init__.py` at byte 0: its checksum is 1fd9133a, not the declared 00000007 [record-mismatch]
    "#);
}

#[test]
fn sizes_in_record_are_optional_and_compared() {
    let sized = |size: &str| {
        let folder = tempfile::tempdir().unwrap();
        let sound = Wheel::demo();
        let mut zip = sound.zip();
        let record = zip.items.pop().unwrap();
        let text = String::from_utf8(record.data).unwrap().replacen(",16\n", size, 1);
        zip.items.push(Item::new(record.name, text));
        let path = folder.path().join(&sound.filename);
        fs_err::write(&path, zip.bytes()).unwrap();
        lines(&path, Ruleset::Pypi)
    };
    assert_eq!(sized(",\n"), Vec::<String>::new());
    assert_eq!(
        sized(",17\n"),
        [
            "Rejected demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/__init__.py` has 16 bytes, not the listed 17 [record-mismatch]"
        ]
    );
}

#[test]
fn stronger_digests_are_verified_too() {
    use sha2::Digest as _;
    let folder = tempfile::tempdir().unwrap();
    for (name, digest) in [
        ("sha384", sha2::Sha384::digest(b"VERSION = '1.0'\n").to_vec()),
        ("sha512", sha2::Sha512::digest(b"VERSION = '1.0'\n").to_vec()),
    ] {
        let sound = Wheel::demo();
        let mut zip = sound.zip();
        let record = zip.items.pop().unwrap();
        let text = String::from_utf8(record.data).unwrap();
        let (_, others) = text.split_once('\n').unwrap();
        let row = format!("demo/__init__.py,{name}={},16\n", crate::build::base64url(&digest));
        zip.items.push(Item::new(record.name, row + others));
        let path = folder.path().join(&sound.filename);
        fs_err::write(&path, zip.bytes()).unwrap();
        assert_eq!(lines(&path, Ruleset::Pypi), Vec::<String>::new());
    }
}

#[test]
fn archive_rules() {
    let archive = |change: fn(&mut crate::build::Zip)| wheel(|wheel| wheel.archive = Box::new(change));
    let zeros = vec![0; 65 << 20];
    let shown = [
        archive(|zip| {
            let item = &mut zip.items[0];
            let sizes = [item.crc(), 16, 16].map(u32::to_le_bytes).concat();
            item.deflate = false;
            item.after = sizes;
            item.local = Box::new(|record| record[6] = 8);
            item.central = Box::new(|record| record[8] = 8);
        }),
        archive(|zip| zip.comment = b"hello".to_vec()),
        archive(|zip| {
            zip.items[0].central = Box::new(|record| {
                record[32] = 2;
                record.extend(b"hi");
            });
        }),
        wheel(|wheel| wheel.files.push(("demo/zeros.bin".to_owned(), zeros.clone()))),
        findings(|folder| {
            let mut sdist = Sdist::demo();
            sdist.files.push(("zeros.bin".to_owned(), zeros.clone()));
            sdist.write(folder)
        }),
        archive(|zip| zip.after = b"x".to_vec()),
    ];
    insta::assert_snapshot!(shown.join("\n--\n"), @r#"
    Rejected demo-1.0-py3-none-any.whl: demo/__init__.py: the entry has a data descriptor, which PyPI does not take [archive-streamed] (PyPI)
    --
    Quality demo-1.0-py3-none-any.whl: the archive has a comment [archive-comment] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: demo/__init__.py: the entry has a comment, which PyPI does not take [archive-comment] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: it unpacks from 67281 to 68158000 bytes, more than 50 times [archive-ratio] (PyPI)
    --
    Warned demo-1.0.tar.gz: it unpacks from 66531 to 68157601 bytes, more than 50 times [archive-ratio] (PyPI)
    --
    Rejected demo-1.0-py3-none-any.whl: `demo-1.0-py3-none-any.whl` is not a sound zip file: bytes follow the end of the zip file at byte 916 [zip-trailing-data]
    "#);
}

#[test]
fn sdist_layout() {
    let sdist = |change: fn(&mut Sdist)| {
        let mut sdist = Sdist::demo();
        change(&mut sdist);
        findings(|folder| sdist.write(folder))
    };
    let shown = [
        sdist(|sdist| sdist.root = "Demo-1.0".to_owned()),
        sdist(|sdist| sdist.root = "other-1.0".to_owned()),
        sdist(|sdist| sdist.files.retain(|(name, _)| name != "pyproject.toml")),
        sdist(|sdist| {
            sdist.files.retain(|(name, _)| name != "pyproject.toml");
            sdist.files.push(("setup.py".to_owned(), Vec::new()));
        }),
    ];
    insta::assert_snapshot!(shown.join("\n--\n"), @r#"
    Quality demo-1.0.tar.gz: the folder is called `Demo-1.0`, not `demo-1.0` [sdist-layout]
    --
    Rejected demo-1.0.tar.gz: the folder is called `other-1.0`, not `demo-1.0` [sdist-layout]
    --
    Rejected demo-1.0.tar.gz: there is neither pyproject.toml nor setup.py, so nobody can build it [sdist-layout]
    --
    Quality demo-1.0.tar.gz: there is no pyproject.toml; installers fall back to setup.py [sdist-layout]
    "#);
}

#[test]
fn files_that_cannot_be_opened_are_findings_or_errors() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs_err::write(&path, bytes).unwrap();
        lines(&path, Ruleset::Pypi).join("\n").replace(&folder.path().display().to_string(), "FOLDER")
    };
    let shown = [
        put("demo-1.0-py3-none-any.whl", b"not a zip"),
        put("demo-1.0.tar.gz", b"not gzip"),
        put("demo-1.0.egg", b""),
        put("demo-1.0.zip", &crate::build::Zip::new(Vec::new()).bytes()),
    ];
    insta::assert_snapshot!(shown.join("\n"), @r#"
    Rejected demo-1.0-py3-none-any.whl: `demo-1.0-py3-none-any.whl` is not a sound zip file: not a zip file: it has no end-of-central-directory record [zip-file]
    Rejected demo-1.0.tar.gz: `demo-1.0.tar.gz` is not a sound tar.gz file: the archive is damaged or cannot be read: unexpected end of file [tar-file]
    Rejected demo-1.0.egg: `FOLDER/demo-1.0.egg` is not a distribution: `demo-1.0.egg` is not the name of a distribution: expected `.whl`, `.tar.gz` or `.zip` [filename]
    Rejected demo-1.0.zip: `demo-1.0.zip` must have exactly one folder at its top and has nothing [sdist-top-level]
    "#);
    let absent = examine(&folder.path().join("gone-1.0.tar.gz"), OpenOptions::default(), Ruleset::Pypi);
    assert!(absent.is_err());
}

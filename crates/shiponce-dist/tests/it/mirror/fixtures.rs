//! Files that PyPI refuses, each sound but for one thing, made by code.

use crate::build::{Item, Sdist, Wheel};
use std::path::{Path, PathBuf};

/// A file, the rule that it breaks, and a part of what the index answers.
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) rule: &'static str,
    pub(crate) answer: String,
    pub(crate) make: Box<dyn Fn(&Path) -> PathBuf>,
    /// Fields of the form that a client would send other than those of the file.
    pub(crate) form: Vec<(&'static str, &'static str)>,
}

fn fixture(
    name: impl Into<String>,
    rule: &'static str,
    answer: impl Into<String>,
    make: impl Fn(&Path) -> PathBuf + 'static,
) -> Fixture {
    Fixture { name: name.into(), rule, answer: answer.into(), make: Box::new(make), form: Vec::new() }
}

/// A wheel with one more metadata header.
fn header(rule: &'static str, line: impl Into<String>, answer: impl Into<String>) -> Fixture {
    let line: String = line.into();
    let shown: String = line.chars().take(60).collect();
    fixture(shown, rule, answer, move |folder| Wheel::demo().header(&line).write(folder))
}

/// A wheel whose metadata has something replaced.
fn replaced(
    rule: &'static str,
    from: &'static str,
    to: impl Into<String>,
    answer: impl Into<String>,
) -> Fixture {
    let to: String = to.into();
    let shown: String = to.chars().take(60).collect();
    fixture(shown.replace('\n', " / "), rule, answer, move |folder| {
        let mut wheel = Wheel::demo();
        wheel.metadata = wheel.metadata.replace(from, &to);
        wheel.write(folder)
    })
}

fn wheel(
    rule: &'static str,
    name: &'static str,
    answer: &str,
    change: impl Fn(&mut Wheel) + 'static,
) -> Fixture {
    fixture(name, rule, answer, move |folder| {
        let mut wheel = Wheel::demo();
        change(&mut wheel);
        wheel.write(folder)
    })
}

fn raw(
    rule: &'static str,
    name: &'static str,
    answer: &str,
    filename: &'static str,
    bytes: Vec<u8>,
) -> Fixture {
    fixture(name, rule, answer, move |folder| {
        let path = folder.join(filename);
        fs_err::write(&path, &bytes).unwrap();
        path
    })
}

pub(crate) fn all() -> Vec<Fixture> {
    let mut all = metadata();
    all.extend(dependencies());
    all.extend(licences());
    all.extend(names());
    all.extend(texts());
    all.extend(zips());
    all.extend(wheels());
    all.extend(sdists());
    all
}

fn metadata() -> Vec<Fixture> {
    vec![
        replaced("metadata-version", "2.4", "9.9", "'9.9' is not a valid metadata version"),
        replaced("metadata-field-version", "2.4", "1.2", "introduced in metadata version 2.1, not 1.2"),
        header("metadata-field", "Summary: again", "'summary' has invalid data"),
        header("email", "Author-email: nope", "'nope' is not a valid email address"),
        header("email", "Maintainer-email: Jane <a@b>", "'a@b' is not a valid email address"),
        header("url", "Home-page: not a url", "'not a url' is not a valid url"),
        header("url", "Download-URL: ftp://host.example/x", "'ftp://host.example/x' is not a valid url"),
        header(
            "project-url",
            format!("Project-URL: {}, https://a.example", "x".repeat(33)),
            "must be 32 characters or less",
        ),
        header("project-url", "Project-URL: , https://a.example", "Must have a label"),
        header("project-url", "Project-URL: Home", "Must have a URL"),
        header("project-url", "Project-URL: Home, nowhere", "'nowhere' is not a valid url"),
        header("classifier", "Classifier: Nope :: Nope", "'Nope :: Nope' is not a valid classifier"),
        header("classifier", "Classifier: Private :: Do Not Upload", "is not a valid classifier"),
        header(
            "classifier-deprecated",
            "Classifier: Natural Language :: Ukranian",
            "has been deprecated, use one of ['Natural Language :: Ukrainian'] instead",
        ),
        header(
            "classifier-deprecated",
            "Classifier: License :: OSI Approved :: X.Net License",
            "has been deprecated",
        ),
    ]
}

fn dependencies() -> Vec<Fixture> {
    let newest = |line: &'static str, rule, answer: &'static str| {
        replaced(rule, "Metadata-Version: 2.4", format!("Metadata-Version: 2.5\n{line}"), answer)
    };
    vec![
        header("requires-python", "Requires-Python: three", "'three' is invalid for 'requires-python'"),
        header("requires-python", "Requires-Python: >=3.9.*", "is invalid for 'requires-python'"),
        header("requirement", "Requires-Dist: foo bar", "'foo bar' is invalid for 'requires-dist'"),
        header("requirement", "Requires-Dist: foo; nonsense == 'x'", "is invalid for 'requires-dist'"),
        header("requirement", "Provides-Dist: foo>=", "'foo>=' is invalid"),
        header(
            "direct-reference",
            "Requires-Dist: foo @ git+https://host.example/foo",
            "Can't have direct dependency: foo @ git+https://host.example/foo",
        ),
        header(
            "direct-reference",
            "Obsoletes-Dist: foo @ https://host.example/foo.whl",
            "Can't have direct dependency",
        ),
        header("dynamic", "Dynamic: Name", "'name' is not allowed as a dynamic field"),
        header("dynamic", "Dynamic: Nonsense", "'nonsense' is not a valid dynamic field"),
        header("provides-extra", "Provides-Extra: a b", "'a b' is invalid for 'provides-extra'"),
        newest("Import-Name: demo.class", "import-name", "'class' is a keyword"),
        newest("Import-Name: demo; public", "import-name", "the only valid option is 'private'"),
        newest("Import-Namespace: 1demo", "import-name", "'1demo' is not a valid identifier"),
    ]
}

fn licences() -> Vec<Fixture> {
    vec![
        header(
            "license-expression",
            "License-Expression: Not-A-License",
            "'Not-A-License' is invalid for 'license-expression'",
        ),
        header("license-expression", "License-Expression: MIT OR", "is invalid for 'license-expression'"),
        header(
            "license-twice",
            "License-Expression: MIT\nLicense: MIT",
            "License is deprecated when License-Expression is present",
        ),
        header(
            "license-file",
            "License-File: LICENSE",
            "License-File LICENSE does not exist in distribution file",
        ),
        header(
            "license-file-path",
            "License-File: ../LICENSE",
            "parent directory indicators are not allowed",
        ),
        header("license-file-path", "License-File: LICEN*", "paths must be resolved"),
        header("license-file-path", "License-File: /LICENSE", "paths must be relative"),
        header("license-file-path", "License-File: a\\LICENSE", "paths must use '/' delimiter"),
        replaced(
            "summary",
            "A demonstration",
            "x".repeat(513),
            "'summary' field must be 512 characters or less",
        ),
        replaced("summary", "A demonstration", "one\n        two", "'summary' must be a single line"),
        Fixture {
            form: vec![("name", "bad name!")],
            ..replaced(
                "metadata-required",
                "Name: demo",
                "Name: bad name!",
                "'bad name!' is an invalid value for Name",
            )
        },
        Fixture {
            form: vec![("version", "1.0-foo-bar")],
            ..replaced(
                "metadata-required",
                "Version: 1.0",
                "Version: 1.0-foo-bar",
                "'1.0-foo-bar' is invalid for 'version'",
            )
        },
    ]
}

fn names() -> Vec<Fixture> {
    let wheel = |rule, filename: &'static str, answer: &str| {
        fixture(filename, rule, answer, move |folder| Wheel::named(filename).write(folder))
    };
    let sdist = |rule, filename: &'static str, answer: &str| {
        fixture(filename, rule, answer, move |folder| Sdist::named(filename).write(folder))
    };
    let platform = |tag: &str| {
        let filename = format!("demo-1.0-cp311-cp311-{tag}.whl");
        let answer = format!("has an unsupported platform tag '{tag}'");
        fixture(tag, "platform-tag", answer, move |folder| Wheel::named(&filename).write(folder))
    };
    let mut all = vec![
        wheel(
            "local-version",
            "demo-1.0+g1-py3-none-any.whl",
            "The use of local versions in '1.0+g1' is not allowed",
        ),
        wheel(
            "filename-normalized",
            "Demo.Pkg-1.0-py3-none-any.whl",
            "should contain the normalized project name 'demo_pkg'",
        ),
        sdist("filename-normalized", "demo-pkg-1.0.tar.gz", "should be 'demo_pkg-1.0.tar.gz'"),
        fixture(
            "demo-1.0.tar.gz of 1.0.0",
            "filename-normalized",
            "should be 'demo-1.0.0.tar.gz'",
            |folder| {
                Sdist::demo().pkg_info("Metadata-Version: 2.1\nName: demo\nVersion: 1.0.0\n\nx").write(folder)
            },
        ),
        replaced(
            "filename-version",
            "Version: 1.0\n",
            "Version: 1.1\n",
            "Version in filename should be '1.1' not '1.0'",
        ),
        replaced("filename-project", "Name: demo", "Name: other", "Start filename for 'other' with 'other'"),
        raw("filename", "an egg", "Use .tar.gz, .whl or .zip extension", "demo-1.0.egg", b"x".to_vec()),
        raw(
            "filename",
            "a wheel without tags",
            "Unable to parse name and version",
            "demo-1.0.whl",
            Wheel::demo().zip().bytes(),
        ),
        raw(
            "filename",
            "a tar.bz2",
            "Use .tar.gz, .whl or .zip extension",
            "demo-1.0.tar.bz2",
            b"x".to_vec(),
        ),
    ];
    all.extend(
        [
            "linux_x86_64",
            "macosx_14_3_arm64",
            "macosx_16_0_arm64",
            "musllinux_1_2_ppc64",
            "pyodide_2025_0_wasm32",
            "manylinux_2_36_loongarch64",
            "freebsd_14_amd64",
        ]
        .map(platform),
    );
    all
}

fn texts() -> Vec<Fixture> {
    let rst = |text: &'static str| {
        let name = text.replace('\n', " / ");
        fixture(
            name,
            "description-render",
            "The description failed to render for 'text/x-rst'",
            move |folder| {
                let mut wheel = Wheel::demo();
                wheel.metadata = wheel
                    .metadata
                    .replace("text/markdown", "text/x-rst")
                    .replace("A long description.\n", text);
                wheel.write(folder)
            },
        )
    };
    vec![
        rst("Heading\n====\n"),
        rst(".. toctree::\n"),
        rst(".. raw:: html\n\n   x\n"),
        fixture(
            "a heading without a type",
            "description-render",
            "in the default format of reStructuredText",
            |folder| {
                let mut wheel = Wheel::demo();
                wheel.metadata = wheel
                    .metadata
                    .replace("Description-Content-Type: text/markdown\n", "")
                    .replace("A long description.", "Heading\n====");
                wheel.write(folder)
            },
        ),
        replaced(
            "description-content-type",
            "text/markdown",
            "text/html",
            "'description-content-type' must be one of",
        ),
        replaced(
            "description-content-type",
            "text/markdown",
            "text/markdown; variant=Other",
            "valid Markdown variants",
        ),
        replaced(
            "description-content-type",
            "text/markdown",
            "text/plain; charset=latin1",
            "can only specify the UTF-8 charset",
        ),
    ]
}

fn zips() -> Vec<Fixture> {
    let zip = |rule, name, answer: &str, change: fn(&mut crate::build::Zip)| {
        wheel(rule, name, answer, move |wheel| wheel.archive = Box::new(change))
    };
    let not_accepted = "ZIP archive not accepted: ";
    let reason = |text: &str| format!("{not_accepted}{text}");
    let bomb = || vec![0_u8; 70 << 20];
    vec![
        raw("zip-file", "not a zip", "File is not a zipfile", "demo-1.0-py3-none-any.whl", b"hello".to_vec()),
        raw("zip-file", "a truncated wheel", "File is not a zipfile", "demo-1.0-py3-none-any.whl", {
            let mut bytes = Wheel::demo().zip().bytes();
            bytes.truncate(bytes.len() / 2);
            bytes
        }),
        zip("archive-streamed", "a data descriptor", &reason("ZIP contains a data descriptor"), |zip| {
            let item = &mut zip.items[0];
            let (crc, size) = (item.crc(), u32::try_from(item.data.len()).unwrap());
            item.deflate = false;
            item.local = Box::new(|record| record[6] |= 8);
            item.central = Box::new(|record| record[8] |= 8);
            item.after =
                [&b"PK\x07\x08"[..], &crc.to_le_bytes(), &size.to_le_bytes(), &size.to_le_bytes()].concat();
        }),
        zip("zip-trailing-data", "trailing bytes", &reason("Trailing data"), |zip| zip.after = b"x".to_vec()),
        zip("zip-duplicate", "an entry twice", &reason("Duplicate filename"), |zip| {
            zip.items.push(Item::new("demo/__init__.py", b"VERSION = '1.0'\n".to_vec()));
        }),
        zip("zip-method", "an LZMA entry", "File does not use a supported compression type", |zip| {
            zip.items[0].local = Box::new(|record| record[8] = 14);
            zip.items[0].central = Box::new(|record| record[10] = 14);
        }),
        zip("zip-mismatch", "other sizes in the local header", &reason("Mis-matched"), |zip| {
            zip.items[0].deflate = false;
            zip.items[0].local = Box::new(|record| record[22] ^= 1);
        }),
        zip("zip-directory", "another number of entries", "ipfile", |zip| {
            zip.end = Box::new(|end| {
                end[8] += 1;
                end[10] += 1;
            });
        }),
        zip("zip-directory", "bytes between the entries", &reason("Unknown record signature"), |zip| {
            zip.before_directory = b"hidden".to_vec();
        }),
        zip("archive-comment", "a comment of an entry", &reason("Comment in central directory"), |zip| {
            zip.items[0].central = Box::new(|record| {
                record[32] = 1;
                record.push(b'x');
            });
        }),
        zip(
            "archive-member-name",
            "a control character in a name",
            &reason("Invalid character in filename"),
            |zip| {
                zip.items.push(Item::new("demo/a\nb", "x"));
            },
        ),
        zip("archive-member-name", "a name that is not UTF-8", &reason("Filename not"), |zip| {
            zip.items.push(Item::new(b"demo/\xff".to_vec(), "x"));
        }),
        fixture("70 MiB of zeros", "archive-ratio", "File exceeds compression ratio of 50", move |folder| {
            Wheel::demo().file("demo/zeros", bomb()).write(folder)
        }),
    ]
}

fn wheels() -> Vec<Fixture> {
    let without = |rule, name: &'static str, answer: &str| {
        wheel(rule, name, answer, move |wheel| {
            let gone = format!("{}/{name}", wheel.dist_info).into_bytes();
            wheel.archive = Box::new(move |zip| zip.items.retain(|item| item.name != gone));
        })
    };
    let script = |name: &'static str, text: &'static str| {
        wheel(
            "entry-points",
            name,
            "has invalid entry points defined in the entry_points.txt file",
            move |wheel| {
                wheel.files.push(("demo-1.0.dist-info/entry_points.txt".to_owned(), text.into()));
            },
        )
    };
    vec![
        without("record-missing", "RECORD", "does not contain the required RECORD file"),
        without("wheel-missing-file", "METADATA", "does not contain the required METADATA file"),
        without("wheel-missing-file", "WHEEL", "WHEEL not found at demo-1.0.dist-info/WHEEL"),
        wheel("dist-info-name", "another spelling of .dist-info", "WHEEL not found at", |wheel| {
            "demo-1.0.0.dist-info".clone_into(&mut wheel.dist_info);
        }),
        wheel("wheel-dist-info", ".dist-info of another project", "WHEEL not found at", |wheel| {
            "other-1.0.dist-info".clone_into(&mut wheel.dist_info);
        }),
        script("a script outside of bin", "[console_scripts]\n../evil = demo:main\n"),
        script("entry points without an object", "[console_scripts]\nevil\n"),
    ]
}

fn sdists() -> Vec<Fixture> {
    vec![
        raw("tar-file", "not a tar.gz", "File is not a tarfile", "demo-1.0.tar.gz", b"hello".to_vec()),
        fixture("no PKG-INFO", "sdist-pkg-info", "PKG-INFO not found at demo-1.0/PKG-INFO", |folder| {
            Sdist::demo().without("PKG-INFO").write(folder)
        }),
        fixture(
            "two folders at the top",
            "sdist-top-level",
            "Incorrect number of top-level directories",
            |folder| {
                let path = folder.join("demo-1.0.tar.gz");
                fs_err::write(&path, Sdist::demo().tar().file("other/x", b"").finish()).unwrap();
                path
            },
        ),
        fixture(
            "a licence that is not there",
            "license-file",
            "does not exist in distribution file",
            |folder| {
                let text = "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\nLicense-File: L\nDescription-Content-Type: text/plain\n\nx";
                Sdist::demo().pkg_info(text).write(folder)
            },
        ),
        fixture(
            "a sparse file",
            "tar-member",
            "tar archive not accepted: Sparse members are not allowed",
            |folder| {
                let path = folder.join("demo-1.0.tar.gz");
                fs_err::write(&path, Sdist::demo().tar().member(b'S', "demo-1.0/x", "", b"").finish())
                    .unwrap();
                path
            },
        ),
    ]
}

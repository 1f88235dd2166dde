//! Opening wheels and describing distributions.

use crate::build::{Sdist, Wheel};
use shiponce_dist::{Distribution, OpenOptions};
use std::error::Error as _;
use std::path::Path;

fn refusal(wheel: &Wheel) -> String {
    let folder = tempfile::tempdir().unwrap();
    let error = Distribution::open(&wheel.write(folder.path())).unwrap_err();
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[test]
fn a_sound_wheel_is_described() {
    let folder = tempfile::tempdir().unwrap();
    let wheel = Wheel::named("demo_pkg-1.0.post1-1a-py2.py3-none-any.whl").header("Keywords: a,b");
    let path = wheel.write(folder.path());
    let mut told = 0;
    let mut progress = |bytes| told = bytes;
    let options = OpenOptions { md5: true, progress: Some(&mut progress) };
    let distribution = Distribution::open_with(&path, options).unwrap();
    let bytes = fs_err::read(&path).unwrap();
    assert_eq!(told, bytes.len() as u64);
    assert_eq!(
        distribution.digests,
        shiponce_dist::digest::hash_reader_with(&*bytes, true, &mut |_| {}).unwrap()
    );
    let opened = distribution.as_wheel().unwrap();
    assert_eq!(opened.dist_info, "demo_pkg-1.0.post1.dist-info");
    assert_eq!(opened.wheel.tags, ["py2-none-any", "py3-none-any"]);
    assert_eq!(opened.record.as_ref().unwrap().rows.len(), 4);
    let form = distribution.form();
    assert_eq!((form.filetype, form.pyversion.as_str()), ("bdist_wheel", "py2.py3"));
    assert_eq!(form.md5.unwrap(), distribution.digests.md5.clone().unwrap());
    let metadata: Vec<_> = form.metadata.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(
        metadata,
        [
            "metadata_version=2.4",
            "name=demo_pkg",
            "version=1.0.post1",
            "summary=A demonstration",
            "description_content_type=text/markdown",
            "keywords=a, b",
            "description=A long description.\n",
        ]
    );
    let entry = distribution.entry();
    assert_eq!(entry.size, bytes.len() as u64);
    assert_eq!(entry.filename.to_string(), wheel.filename);
}

#[test]
fn an_sdist_is_described() {
    let folder = tempfile::tempdir().unwrap();
    let distribution = Distribution::open(&Sdist::demo().write(folder.path())).unwrap();
    let form = distribution.form();
    assert_eq!((form.filetype, form.pyversion.as_str()), ("sdist", "source"));
    assert_eq!(form.md5, None);
    assert_eq!(form.filename, "demo-1.0.tar.gz");
}

#[test]
fn unsound_wheels_are_refused_with_the_reason() {
    let with = |change: fn(&mut Wheel)| {
        let mut wheel = Wheel::demo();
        change(&mut wheel);
        refusal(&wheel)
    };
    let drop_member = |name: &'static str| {
        refusal(&Wheel::demo().archive(move |zip| {
            zip.items.retain(|item| !item.name.ends_with(name.as_bytes()));
        }))
    };
    let shown = [
        refusal(&Wheel::demo().archive(|zip| zip.after = b"x".to_vec())),
        with(|wheel| wheel.dist_info = "other-1.0.dist-info".to_owned()),
        with(|wheel| wheel.dist_info = "demo-2.0.dist-info".to_owned()),
        with(|wheel| wheel.files.push(("x-1.dist-info/METADATA".to_owned(), Vec::new()))),
        refusal(&Wheel::demo().archive(|zip| zip.items.clear())),
        drop_member("/METADATA"),
        drop_member("/WHEEL"),
        with(|wheel| wheel.wheel = Some("Wheel-Version: 2.0\n".to_owned())),
        with(|wheel| wheel.metadata = "Metadata-Version: 2.4\nName: demo\n".to_owned()),
        with(|wheel| wheel.metadata = "Name: demo\nVersion: 1.0\n".to_owned()),
        refusal(&Wheel::demo().metadata("Metadata-Version: 2.4\nName: -demo\nVersion: 1.0\n")),
        refusal(&Wheel::demo().metadata("Metadata-Version: 2.4\nName: demo\nVersion: one\n")),
        with(|wheel| wheel.record = Some(Some("demo/__init__.py,sha256=x".to_owned()))),
        with(|wheel| wheel.files.push(("demo-1.0.dist-info/entry_points.txt".to_owned(), vec![0xff]))),
        with(|wheel| wheel.files.push(("demo-1.0.dist-info/top_level.txt".to_owned(), vec![b'\n'; 2 << 20]))),
    ];
    insta::assert_snapshot!(shown.join("\n"), @r#"
    `demo-1.0-py3-none-any.whl` is not a sound zip file: bytes follow the end of the zip file at byte 916
    `demo-1.0-py3-none-any.whl` contains `other-1.0.dist-info`, which is of another project or version
    `demo-1.0-py3-none-any.whl` contains `demo-2.0.dist-info`, which is of another project or version
    `demo-1.0-py3-none-any.whl` must have exactly one `.dist-info` folder and has `demo-1.0.dist-info`, `x-1.dist-info`
    `demo-1.0-py3-none-any.whl` must have exactly one `.dist-info` folder and has none
    `demo-1.0-py3-none-any.whl` does not contain `demo-1.0.dist-info/METADATA`
    `demo-1.0-py3-none-any.whl` does not contain `demo-1.0.dist-info/WHEEL`
    `demo-1.0-py3-none-any.whl` has an unusable WHEEL: `Wheel-Version: 2.0` is not 1.x
    `demo-1.0-py3-none-any.whl` has an unusable METADATA: the metadata has no usable `Version`
    `demo-1.0-py3-none-any.whl` has an unusable METADATA: the metadata has no usable `Metadata-Version`
    `demo-1.0-py3-none-any.whl` has an unusable METADATA: the metadata has an invalid `Name`: `-demo` is not a project name: it must start and end with a letter or digit and contain only ASCII letters, digits, `.`, `_` and `-`
    `demo-1.0-py3-none-any.whl` has an unusable METADATA: the metadata has an invalid `Version`: `one` is not a PEP 440 version
    `demo-1.0-py3-none-any.whl` has an unusable RECORD: line 1 of RECORD has 2 columns, not path, digest and size
    `demo-1.0.dist-info/entry_points.txt` in `demo-1.0-py3-none-any.whl` is not UTF-8
    `demo-1.0-py3-none-any.whl` is not a sound zip file: entry `demo-1.0.dist-info/top_level.txt` at byte 64: it is larger than 1048576 bytes
    "#);
}

#[test]
fn files_that_are_no_distributions_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = |name: &str| Distribution::open(&folder.path().join(name)).unwrap_err();
    let egg = error("demo-1.0.egg");
    assert!(egg.to_string().ends_with("demo-1.0.egg` is not a distribution"), "{egg}");
    let absent = error("demo-1.0.tar.gz");
    assert_eq!(absent.to_string(), "cannot read the distribution");
    assert!(absent.source().unwrap().to_string().contains("demo-1.0.tar.gz"));
    let none = Distribution::open(Path::new("/")).unwrap_err();
    assert_eq!(none.to_string(), "`/` has no file name");
}

#[test]
fn metadata_keeps_every_field_in_order() {
    let text = "Metadata-Version: 2.5\nName: Demo.Pkg\nVersion: 1.0\nPlatform: UNKNOWN\nPlatform: any\n\
                Classifier: A :: B\nClassifier: C\nProject-URL:  Home ,https://x/,y \nKeywords: a,b ,  c\n\
                License: line one\n        line two\nRequires-Dist: x\nProvides-Extra: e\nDynamic: summary\n\
                License-File: LICENSE\nImport-Name: demo\nImport-Name: _x ; private\nImport-Namespace: n\n\
                home-page: UNKNOWN\nNonsense: kept\n\nbody\n";
    let metadata = shiponce_dist::Metadata::parse(text.as_bytes()).unwrap();
    assert_eq!(metadata.fields().len(), 19);
    assert_eq!(metadata.get("nonsense"), Some("kept"));
    assert_eq!(metadata.get_all("classifier").collect::<Vec<_>>(), ["A :: B", "C"]);
    assert_eq!(metadata.name().written(), "Demo.Pkg");
    let form: Vec<_> =
        metadata.to_form().into_iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    insta::assert_snapshot!(form.join("\n"), @r#"
    metadata_version="2.5"
    name="Demo.Pkg"
    version="1.0"
    platform="any"
    classifiers="A :: B"
    classifiers="C"
    project_urls="Home, https://x/,y"
    keywords="a, b, c"
    license="line one\n        line two"
    requires_dist="x"
    provides_extra="e"
    dynamic="summary"
    license_file="LICENSE"
    import_name="demo"
    import_name="_x ; private"
    import_namespace="n"
    description="body\n"
    "#);
    let empty = text.replace("Import-Name: demo", "Import-Name:").replace("2.5", "2.3");
    let form = shiponce_dist::Metadata::parse(empty.as_bytes()).unwrap().to_form();
    assert!(
        form.iter()
            .all(|(name, value)| name != "license_file" && !(name == "import_name" && value.is_empty()))
    );
}

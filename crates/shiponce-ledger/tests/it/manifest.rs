//! Frozen manifests.

use crate::world::{SDIST, WHEEL, World, demo, granted, holder, manifest, version};
use shiponce_core::manifest::ManifestConflict;
use shiponce_core::{AssetEntry, Sha256};
use shiponce_ledger::{Error, FreezeError, ManifestTextError, parse_manifest};

#[test]
fn names_are_added_and_never_replaced() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    let first = ledger.freeze(lease.fence(), &manifest(&[(WHEEL, 1)], Some("abc"))).unwrap();
    assert_eq!(first.added, [WHEEL]);
    let second = ledger.freeze(lease.fence(), &manifest(&[(SDIST, 2)], None)).unwrap();
    assert_eq!(second.added, [SDIST]);
    let both = manifest(&[(WHEEL, 1), (SDIST, 2)], Some("abc"));
    assert_eq!(second.manifest, both);
    assert!(ledger.freeze(lease.fence(), &both).unwrap().added.is_empty());

    for (offered, what) in
        [(manifest(&[(WHEEL, 7)], None), "bytes"), (manifest(&[(WHEEL, 1)], Some("def")), "commit")]
    {
        let conflict = match ledger.freeze(lease.fence(), &offered).unwrap_err() {
            FreezeError::Conflict { source } => source,
            FreezeError::Ledger { source } => panic!("{source}"),
        };
        let expected = match conflict {
            ManifestConflict::Bytes { .. } => "bytes",
            ManifestConflict::Commit { .. } => "commit",
            ManifestConflict::Release { .. } => "release",
        };
        assert_eq!(expected, what);
    }
    // Through another handle, as another process sees it.
    assert_eq!(world.open().manifest(&demo(), &version("1.0")).unwrap(), Some(both));
}

#[test]
fn a_release_is_found_by_every_spelling_of_its_version() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    ledger.freeze(lease.fence(), &manifest(&[(WHEEL, 1)], None)).unwrap();
    for spelling in ["1", "1.0", "1.0.0", "v1.0"] {
        assert!(ledger.manifest(&demo(), &version(spelling)).unwrap().is_some(), "{spelling}");
    }
    for other in ["1.0.1", "10", "1.0.post1", "1!1.0"] {
        assert!(ledger.manifest(&demo(), &version(other)).unwrap().is_none(), "{other}");
    }
    let mut later = manifest(&[(WHEEL, 2)], None);
    later.version = version("0.10");
    ledger.freeze(lease.fence(), &later).unwrap();
    let mut middle = manifest(&[(WHEEL, 3)], None);
    middle.version = version("0.9");
    ledger.freeze(lease.fence(), &middle).unwrap();
    let versions: Vec<String> =
        ledger.manifests(&demo()).unwrap().iter().map(|manifest| manifest.version.to_string()).collect();
    assert_eq!(versions, ["0.9", "0.10", "1.0"]);
}

#[test]
fn a_changed_row_is_refused() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    ledger.freeze(lease.fence(), &manifest(&[(WHEEL, 1)], None)).unwrap();
    let raw = rusqlite::Connection::open(world.path()).unwrap();
    raw.execute("UPDATE manifest SET body = replace(body, '\"size\":10', '\"size\":11')", []).unwrap();
    let damaged = ledger.manifest(&demo(), &version("1.0")).unwrap_err();
    assert!(matches!(damaged, Error::Damaged { .. }), "{damaged}");
    let refused = ledger.freeze(lease.fence(), &manifest(&[(WHEEL, 1)], None)).unwrap_err();
    assert!(matches!(refused, FreezeError::Ledger { source: Error::Damaged { .. } }), "{refused}");
}

#[test]
fn only_the_canonical_text_is_a_manifest() {
    let manifest = manifest(&[(WHEEL, 1), (SDIST, 2)], Some("abc"));
    let text = manifest.to_value().to_canonical();
    assert_eq!(parse_manifest(&text).unwrap(), manifest);
    let check = |from: &str, to: &str, expect: fn(&ManifestTextError) -> bool| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        let error = parse_manifest(&changed).unwrap_err();
        assert!(expect(&error), "{changed}: {error:?}");
    };
    check("{", "{ ", |error| matches!(error, ManifestTextError::NotCanonical));
    check("\"size\":10", "\"size\":10,\"more\":1", |error| matches!(error, ManifestTextError::Json { .. }));
    check("\"size\":10", "\"size\":1e1", |error| matches!(error, ManifestTextError::Json { .. }));
    check("{", "{\"commit\":null,", |error| matches!(error, ManifestTextError::Json { .. }));
    check("manifest/1", "manifest/2", |error| matches!(error, ManifestTextError::Schema(_)));
    check("\"version\":\"1.0\"", "\"version\":\"v1.0\"", |error| {
        matches!(error, ManifestTextError::NotCanonical)
    });
    check("0101", "01g1", |error| matches!(error, ManifestTextError::Member { .. }));
    check(".tar.gz", ".tgz", |error| matches!(error, ManifestTextError::Member { .. }));
}

#[test]
fn what_the_release_page_shows_is_frozen_with_the_files() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    let mut offered = manifest(&[(WHEEL, 1)], Some("abc"));
    let asset = AssetEntry { size: 3, sha256: Sha256([7; 32]) };
    offered.assets.insert("manual.pdf".to_owned(), asset);
    ledger.freeze(lease.fence(), &offered).unwrap();
    assert_eq!(world.open().manifest(&demo(), &version("1.0")).unwrap(), Some(offered.clone()));

    let text = offered.to_value().to_canonical();
    assert_eq!(parse_manifest(&text).unwrap(), offered);
    let empty = text.replacen(r#""manual.pdf":{"#, r#""b":{"x":1,"#, 1);
    assert!(matches!(parse_manifest(&empty), Err(ManifestTextError::Json { .. })));
    let plain = manifest(&[(WHEEL, 1)], None).to_value().to_canonical();
    let spelled_out = plain.replacen('{', r#"{"assets":{},"#, 1);
    assert!(matches!(parse_manifest(&spelled_out), Err(ManifestTextError::NotCanonical)));
}

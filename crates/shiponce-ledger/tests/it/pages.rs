//! Release pages: stages move forward only, under the lease only.

use crate::world::{World, demo, granted, holder, version};
use shiponce_core::Sha256;
use shiponce_core::forge::Stage;
use shiponce_ledger::{Error, Moved, PageKey, StoredPage};

const FORGE: &str = "forge.example/api/v3 owner/demo";

#[test]
fn stages_move_forward_by_compare_and_set() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    let (project, version) = (demo(), version("1.0"));
    let key = PageKey { forge: FORGE, project: &project, version: &version, release_id: 7 };
    let fence = lease.fence();
    let moved = |from| ledger.advance_page(fence, key, from).unwrap();

    assert_eq!(moved(Stage::Assembling), Moved::No { stage: Stage::Assembling }, "nobody noted it");
    assert_eq!(ledger.note_page(fence, key, Sha256([1; 32])).unwrap(), Moved::Yes);
    assert_eq!(moved(Stage::Sealed), Moved::No { stage: Stage::Assembling });
    assert_eq!(ledger.note_page(fence, key, Sha256([2; 32])).unwrap(), Moved::Yes);
    assert_eq!(moved(Stage::Assembling), Moved::Yes);
    assert_eq!(moved(Stage::Assembling), Moved::Yes, "a repeat after a lost answer");
    let sealed = Moved::No { stage: Stage::Sealed };
    assert_eq!(ledger.note_page(fence, key, Sha256([3; 32])).unwrap(), sealed, "no way back");
    assert_eq!(moved(Stage::Sealed), Moved::Yes);
    assert_eq!(moved(Stage::Assembling), Moved::No { stage: Stage::Published });

    let other = PageKey { release_id: 9, ..key };
    ledger.note_page(fence, other, Sha256([4; 32])).unwrap();
    let page = |release_id, stage, byte| StoredPage { release_id, stage, manifest: Sha256([byte; 32]) };
    let expected = [page(7, Stage::Published, 2), page(9, Stage::Assembling, 4)];
    assert_eq!(world.open().pages(FORGE, &project, &"1.0.0".parse().unwrap()).unwrap(), expected);
    assert!(ledger.pages("elsewhere", &project, &version).unwrap().is_empty());
}

#[test]
fn a_press_that_lost_its_lease_moves_nothing() {
    let world = World::new();
    let ledger = world.open();
    let lease = granted(&ledger, &holder(&ledger, "first"));
    let (project, version) = (demo(), version("1.0"));
    let key = PageKey { forge: FORGE, project: &project, version: &version, release_id: 7 };
    ledger.note_page(lease.fence(), key, Sha256([1; 32])).unwrap();
    let stale = lease.fence().clone();
    lease.release().unwrap();
    for result in
        [ledger.advance_page(&stale, key, Stage::Assembling), ledger.note_page(&stale, key, Sha256([2; 32]))]
    {
        assert!(matches!(result, Err(Error::Fenced { .. })), "{result:?}");
    }
    let pages = ledger.pages(FORGE, &project, &version).unwrap();
    assert_eq!((pages[0].stage, pages[0].manifest), (Stage::Assembling, Sha256([1; 32])));
}

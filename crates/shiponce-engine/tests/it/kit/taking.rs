//! Another press that takes the lease over.

use super::{Ahead, Lab};
use shiponce_ledger::{Acquired, Lease, Ledger, Options};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const ID: &str = "0198a000-0000-7000-8000-000000000001";

/// Another press that finds ours silent for longer than a lease lasts.
pub(crate) fn take_over(lab: &Lab, kept: &Arc<Mutex<Option<Lease>>>) -> impl FnMut() + Send + use<> {
    let clock = Arc::new(Ahead { clock: lab.clock.clone(), by: Duration::from_secs(31) });
    let path = lab.folder("ledger.sqlite");
    let kept = kept.clone();
    move || {
        let ledger = Ledger::open(&path, clock.clone(), Options::usual()).unwrap();
        let holder = ledger.register(ID.parse().unwrap()).unwrap();
        let Acquired::Granted(lease) = ledger.acquire("release/demo", &holder).unwrap() else {
            panic!("the lease is not past its end")
        };
        *kept.lock().unwrap() = Some(lease);
    }
}

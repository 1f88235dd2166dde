//! The ledger: who may release, which bytes are frozen, what was intended and what came back.
//!
//! One SQLite file in the user's state directory, for one machine with many processes. This is the only crate that
//! knows SQL. Everything written about a project is written under its lease ([`Fence`]); a write whose token is not
//! the current grant changes nothing. A release may be stopped by what stands here, and is never caused by it.
//!
//! What it does not do: it never looks at an index, and it keeps no memory outside its file, so a ledger restored
//! from a backup is noticed only by the targets it is compared with. That is harmless here, because reading the
//! target comes first; ledgers that several machines share will need such a memory.
//!
//! Every call blocks; see [`Ledger`].

mod digest;
mod error;
mod handed_over;
mod journal;
mod lease;
mod ledger;
mod manifest;
mod options;
mod page;
mod press;
mod receipt;
mod sqlite;
mod text;

pub use error::{Error, FreezeError, OpenError};
pub use handed_over::HandOver;
pub use journal::{Entry, Written};
pub use lease::{Acquired, Beat, Fence, Holder, HolderId, HolderIdError, Lease, release_group};
pub use ledger::Ledger;
pub use manifest::{ManifestTextError, parse_manifest};
pub use options::Options;
pub use page::{Moved, PageKey, StoredPage};
pub use press::{Finished, NewPress, Press, PressId, PressState, Step, StepId};
pub use receipt::StoredReceipt;

//! A release page on a forge: what is there, what is wanted, and the one step between them.
//!
//! The page is the last irreversible thing a release does. It goes through three stages ([`Stage`]) that only move
//! forward: assembling, while the draft is filled and may be repaired; sealed, when every file was read back and nothing
//! is deleted any more; published. Which step comes next is decided by [`decide()`] from facts, as for indexes: a second
//! press, a recovery after a crash and a fresh machine are the same function.

mod asset;
mod choose;
mod decide;
mod effect;
mod marker;
mod page;
mod properties;
mod simulation;
mod survey;

pub use asset::{Home, Verdict, judge, same_name};
pub use choose::{Choice, choose};
pub use decide::{ATTEMPTS_MAX, Done, Facts, Phase, Step, Stop, decide};
pub use effect::Effect;
pub use marker::{BODY_LENGTH_MAX, Marker, body_with, remark};
pub use page::{Asset, AssetState, Release, Row, Stage, TagState, View, Wanted, WantedAsset};
pub use survey::{Kind, Survey, survey};

/// The asset that holds the frozen manifest, by which a machine without a ledger recovers.
pub const MANIFEST_ASSET: &str = "shiponce-manifest.json";

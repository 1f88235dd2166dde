//! The version gate: every place that states the version must state the same one, and the tag's.
//!
//! Whoever reads a project without building it can only warn early: the metadata of the built file is the authority,
//! and what a build computes is reported as known after the build, never as a pass.

mod find;
mod fix;
mod folder;
mod location;
mod read;
mod recommend;
mod tag;
mod verdict;

pub use find::{Asked, find_locations, find_name};
pub use fix::{ChangedLine, Fixes, plan_fixes};
pub use folder::ReadError;
pub use location::{Location, Reading};
pub use recommend::{Changes, recommend};
pub use tag::{TagNameError, check_tag_name, extract_git_tag_version};
pub use verdict::{Built, IndexState, Published, Question, Verdict, validate_version_sync};

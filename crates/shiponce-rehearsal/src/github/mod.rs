//! A GitHub with repositories, releases and their assets, as far as a release needs it.
//!
//! It stands beside the two indexes, in the shape of a GitHub Enterprise server: the API under
//! `/github/api/v3`, uploads under `/github/api/uploads`, pages under `/github`. What it says and refuses follows
//! the published description of the API, and where that is silent, what users of the real service report.

mod address;
mod answer;
mod artifacts;
mod assets;
mod changes;
mod commits;
mod dispatch;
mod downloads;
mod fault;
mod hand;
mod lists;
mod name;
mod notes;
mod publish;
mod refs;
mod releases;
mod render;
mod repository;
mod repository_page;
mod route;
mod tokens;
mod view;

pub use self::address::GithubAddresses;
pub(crate) use self::dispatch::work;
pub(crate) use self::fault::{after, before};
pub use self::hand::HandMade;
pub use self::refs::{Refs, Tag};
pub use self::repository::{AssetState, Repository};
pub(crate) use self::route::Target;
pub use self::tokens::{Github, GithubToken, TokenKind};
pub use self::view::{AssetView, ReleaseView};

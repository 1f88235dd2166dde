//! The engine: plan → lease → execute → receipt.
//!
//! It composes the rooms below it into commands and decides nothing that `shiponce-core` can decide. It never
//! touches a terminal, the environment or the clock: those come in as a [`Context`].

mod attest;
mod batch;
mod build;
mod bytes;
mod ci;
mod context;
mod digest;
mod dry;
mod fetch;
mod gates;
mod github;
mod install;
mod observe;
mod placing;
mod planning;
mod problem;
mod project;
mod propagation;
mod publish;
mod python;
mod rehearsal_copy;
mod release;
mod repack;
pub mod report;
mod session;
mod stage;
mod stages;
mod status;
mod table;
mod tag;
mod target;
mod trusted;
mod verify;
mod versions;
pub mod wiring;

pub use attest::Attest;
pub use batch::{Batch, Member, release, release_all};
pub use build::{BuildOptions, BuildRequest, Built, ProjectPatch, build_project};
pub use bytes::files_of_folder;
pub use ci::CiRun;
pub use context::{Context, StateDirs};
pub use gates::{
    CheckRequest, PublisherCheck, PublishingPlace, VersionCheck, VersionGate, check, check_publisher,
    fix_versions,
};
pub use github::{GitHub, GitHubTarget, StatusPage};
pub use install::VerifyOptions;
pub use publish::{PublishRequest, publish, read_manifest};
pub use rehearsal_copy::{learn_version, rehearsal_copy};
pub use release::{Expectation, Finished, Input, ReleaseRequest, TagRule};
pub use repack::{RepackRequest, repack};
pub use shiponce_gates::version::find_name;
pub use status::{StatusList, StatusReport, StatusRequest, status, status_of_all, tagged_versions};
pub use tag::{CreateTag, TagBuild, TagRequest, tag};
pub use target::{Access, ReleaseTarget};
pub use trusted::Publisher;
pub use verify::{VerifyFrom, VerifyReport, VerifyRequest, verify};
pub use versions::versions;

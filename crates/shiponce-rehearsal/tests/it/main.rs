//! The world, held against the measured answers of the real service over raw sockets.
#![expect(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

mod dist;
mod github_assets;
mod github_lab;
mod github_releases;
mod github_wire;
mod lab;
mod provenance;
mod recorded;
mod rows_credentials;
mod rows_duplicates;
mod rows_files;
mod rows_metadata;
mod rows_projects;
mod rows_publishing;
mod rows_reading;
mod rows_services;
mod rows_states;
mod semantics;
mod tools;
mod wire;

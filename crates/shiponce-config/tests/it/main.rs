//! Whole configurations in, whole answers out. Every test owns its folders; nothing here knows a real index.

mod world;

mod credentials;
mod files;
mod github;
mod indexes;
mod matrix;
mod policy;
mod project;
mod properties;
mod reference;
mod sources;
mod unsupported;
mod values;
mod variants;
mod workspace;

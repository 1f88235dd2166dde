//! Reading: the JSON API, the Simple API in both forms, files and their provenance.

mod cache;
mod files;
mod integrity;
mod json;
mod pages;
mod simple;

pub(crate) use cache::{PageCache, PageKey};
pub(crate) use pages::{conditional, read};

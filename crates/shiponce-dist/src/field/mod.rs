//! The grammars of field values: requirements, versions in them, addresses, licences, names.
//!
//! Each says whether PyPI takes a value, and why not. Where the index is lenient, so are they: a file that would be
//! accepted must not be stopped.

mod classifier;
mod email;
mod identifier;
mod license;
mod marker;
mod requirement;
mod specifier;
mod url;

pub(crate) use classifier::{Classifier, classifier, list_version};
pub(crate) use email::email_problem;
pub(crate) use identifier::{import_name_problem, is_name};
pub(crate) use license::license_problem;
pub(crate) use requirement::Requirement;
pub(crate) use specifier::specifiers_problem;
pub(crate) use url::url_problem;

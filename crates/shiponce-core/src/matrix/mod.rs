//! The combinations a release is built for: which Pythons, which platforms, which variants.
//!
//! A [`Leg`] is one combination. Expanding a matrix gives the legs and, for every combination that is left out, the
//! reason, so that nobody has to guess why a wheel is not there. Nothing here knows the machine it runs on.

mod expand;
mod leg;
mod platform;
mod python;
mod requires;
mod selector;

pub use expand::{Axes, Expansion, Narrowing, SkipReason, Skipped, VariantAxis, expand};
pub use leg::{Leg, LegError};
pub use platform::{Machine, Platform, PlatformError, System};
pub use python::{KNOWN_PYTHONS, Python, PythonError};
pub use requires::{Fit, RequiresPython, RequiresPythonError};
pub use selector::{PythonSelector, SelectionError, select_pythons};

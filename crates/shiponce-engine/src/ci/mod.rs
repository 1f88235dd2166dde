//! The artifacts of the workflow run that a press is a part of: bytes that an earlier step or job has handed over.
//!
//! GitHub keeps them, only jobs of the run add to them, and no ledger can change them. So a file in one of them has a
//! second place, and bytes from there count as handed over. Nothing is assumed: a file is held when its bytes were read
//! and have the frozen digest. What cannot be read holds nothing, and a line says so.

mod artifact;
mod inside;
mod run;
mod setup;

pub use run::CiRun;
pub use setup::ci_run;

pub(crate) use run::Sought;

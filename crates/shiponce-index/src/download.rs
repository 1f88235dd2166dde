//! Download.

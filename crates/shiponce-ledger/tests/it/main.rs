//! The ledger from outside: one process and many, alive and killed.

mod competition;
mod conformance;
mod files;
mod journal;
mod lease;
mod manifest;
mod press;
mod process;
mod reading;
mod torture;
mod world;

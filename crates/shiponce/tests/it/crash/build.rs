//! Killed while a child of its own works.

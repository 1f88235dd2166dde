//! The world, held against the measured answers of the real service over raw sockets.

mod dist;
mod semantics;
mod wire;

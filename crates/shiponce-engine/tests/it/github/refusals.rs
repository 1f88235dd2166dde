//! What GitHub refuses, and what cannot be seen.

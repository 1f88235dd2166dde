//! Faults at every request, and presses that are cut off at any.

//! Pages that were there before.

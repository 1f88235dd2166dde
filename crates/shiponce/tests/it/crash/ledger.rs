//! A ledger that somebody else has written in.

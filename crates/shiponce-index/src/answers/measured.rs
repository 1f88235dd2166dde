//! Every measured answer of the upload endpoint, as a table.

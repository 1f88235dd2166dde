//! Requests that went to the wrong address.

use shiponce_core::journal::Refusal;

use super::Row;

pub(super) const ROWS: &[Row] = &[
    Row {
        rule: "address-retired",
        status: &[410],
        pieces: &["this api has moved to"],
        refusal: Refusal::Rejected,
        what: "the upload address is an old one",
        why: "the index took uploads there many years ago",
        hint: "set the upload address to the one the index names, which ends in `/legacy/`",
        said: &["This API has moved to https://127.0.0.1/legacy/. See TODO for more information."],
    },
    Row {
        rule: "action-retired",
        status: &[410],
        pieces: &["pre-registration is no longer required"],
        refusal: Refusal::Rejected,
        what: "the index does not register projects in advance",
        why: "a project is created by its first file",
        hint: "",
        said: &["Project pre-registration is no longer required or supported, upload your files instead."],
    },
    Row {
        rule: "mirror-takes-no-uploads",
        status: &[404, 405],
        pieces: &["no pypisubmit endpoint available"],
        refusal: Refusal::Rejected,
        what: "the upload address is that of a mirror",
        why: "devpi takes uploads on its own indexes only, not on one that mirrors another",
        hint: "set the upload address to an index of your own, `/<user>/<index>/`",
        said: &["no pypisubmit endpoint available for: https://devpi.example/all/mirror"],
    },
];

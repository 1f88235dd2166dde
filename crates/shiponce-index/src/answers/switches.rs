//! Uploads switched off by an administrator. They come as 403, like a wrong credential; only the text tells.

use shiponce_core::journal::Refusal;

use super::Row;

const WAIT: &str = "nothing is wrong with the files or the credential: run the same command again later";

pub(super) const ROWS: &[Row] = &[
    Row {
        rule: "read-only-mode",
        status: &[403],
        pieces: &["read-only mode"],
        refusal: Refusal::Disabled,
        what: "the index is in read-only mode",
        why: "its operators have switched all uploads off for a while",
        hint: WAIT,
        said: &["Read-only mode: Uploads are temporarily disabled."],
    },
    Row {
        rule: "uploads-disabled",
        status: &[403],
        pieces: &["new uploads are temporarily disabled"],
        refusal: Refusal::Disabled,
        what: "the index takes no uploads for now",
        why: "its operators have switched uploads off for a while",
        hint: WAIT,
        said: &[
            "New uploads are temporarily disabled. See <PyPI>/help/#admin-intervention for more information.",
        ],
    },
    Row {
        rule: "new-projects-disabled",
        status: &[403],
        pieces: &["new project registration temporarily disabled"],
        refusal: Refusal::Disabled,
        what: "the index takes no new projects for now",
        why: "its operators have switched the creation of projects off; existing projects can go on",
        hint: WAIT,
        said: &[
            "New project registration temporarily disabled. See <PyPI>/help/#admin-intervention for more information.",
        ],
    },
    Row {
        rule: "organization-inactive",
        status: &[400, 403],
        pieces: &["organization account owning this project is inactive"],
        refusal: Refusal::Disabled,
        what: "the organization that owns the project is inactive",
        why: "the index takes no uploads for projects of an inactive organization",
        hint: "an owner of the organization has to settle its account with the index",
        said: &["Organization account owning this project is inactive."],
    },
];

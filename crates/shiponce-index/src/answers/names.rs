//! Project names that cannot be had.

use shiponce_core::journal::Refusal;

use super::Row;

const RENAME: &str = "choose another project name; nothing was stored under this one";

pub(super) const ROWS: &[Row] = &[
    Row {
        rule: "name-of-stdlib",
        status: &[400],
        pieces: &["the name", "conflict with python standard library"],
        refusal: Refusal::Rejected,
        what: "the project name is that of a module of the standard library",
        why: "the index keeps those names free, because installing such a project could replace the module",
        hint: RENAME,
        said: &["The name 'json' isn't allowed (conflict with Python Standard Library module name). See \
             <PyPI>/help/#project-name for more information."],
    },
    Row {
        rule: "name-too-similar",
        status: &[400],
        pieces: &["is too similar to an existing project"],
        refusal: Refusal::Rejected,
        what: "the project name can be mistaken for an existing one",
        why: "the index compares names without separators and with look-alike characters (`l` and `1`, `o` and `0`) \
              folded",
        hint: RENAME,
        said: &[
            "The name '1abc' is too similar to an existing project. See <PyPI>/help/#project-name for more information.",
        ],
    },
    Row {
        rule: "name-conflict",
        status: &[400, 409],
        pieces: &["the name", "conflicts with an existing project"],
        refusal: Refusal::Rejected,
        what: "the project name conflicts with an existing project",
        why: "another project has this name in another spelling",
        hint: RENAME,
        said: &["The name 'x' conflicts with an existing project."],
    },
    Row {
        rule: "name-prohibited",
        status: &[400],
        pieces: &["the name", "isn't allowed. see"],
        refusal: Refusal::Rejected,
        what: "the project name is not given to anybody",
        why: "the index's operators have blocked it, often after abuse or a takedown",
        hint: RENAME,
        said: &["The name 'verboten' isn't allowed. See <PyPI>/help/#project-name for more information."],
    },
    Row {
        rule: "name-invalid",
        status: &[400],
        pieces: &["the name", "is invalid"],
        refusal: Refusal::Rejected,
        what: "the project name is not a valid one",
        why: "it must start and end with a letter or digit and contain only ASCII letters, digits, `.`, `_` and `-`",
        hint: RENAME,
        said: &["The name 'x y' is invalid. See <PyPI>/help/#project-name for more information."],
    },
];

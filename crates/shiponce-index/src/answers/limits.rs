//! Size and rate limits.

use shiponce_core::journal::Refusal;

use super::Row;

pub(super) const ROWS: &[Row] = &[
    Row {
        rule: "file-too-large",
        status: &[400],
        pieces: &["file too large"],
        refusal: Refusal::Quota,
        what: "the file is larger than the project's limit for one file",
        why: "PyPI allows 100 MB for a file unless the project was granted more",
        hint: "make the file smaller, or ask the index for a higher file size limit and run the same command again",
        said: &[
            "File too large. Limit for project 'demo' is 100 MB. See <PyPI docs>/project-management/storage-limits\
             #requesting-a-file-size-limit-increase for more information.",
        ],
    },
    Row {
        rule: "project-too-large",
        status: &[400],
        pieces: &["project size too large"],
        refusal: Refusal::Quota,
        what: "the project's files are together larger than its limit",
        why: "PyPI allows 10 GB for all files of a project unless it was granted more",
        hint: "delete files of old releases, or ask the index for a higher project size limit, and run the same \
               command again",
        said: &[
            "Project size too large. Limit for project 'demo' total size is 10 GB. See <PyPI docs>/project-management/\
             storage-limits#requesting-a-project-size-limit-increase",
        ],
    },
    Row {
        rule: "too-many-new-projects",
        status: &[429],
        pieces: &["too many new projects created"],
        refusal: Refusal::Quota,
        what: "too many new projects were created lately",
        why: "PyPI lets a user create 20 projects an hour and an address 40; uploads to existing projects go on",
        hint: "wait an hour and run the same command again",
        said: &["Too many new projects created"],
    },
    Row {
        rule: "body-too-large",
        status: &[413],
        pieces: &[],
        refusal: Refusal::Quota,
        what: "the server in front of the index takes no request of this size",
        why: "a proxy or web server has a limit of its own, below the index's",
        hint: "have its limit for request bodies raised (nginx: client_max_body_size)",
        said: &["413 Request Entity Too Large", "Payload Too Large", ""],
    },
];

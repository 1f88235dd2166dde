//! The wording of other index servers.

use shiponce_core::journal::Refusal;

use super::Row;

const READ: &str = "the listing tells whether the bytes there are the same";

pub(super) const ROWS: &[Row] = &[
    Row {
        rule: "gitlab-file-exists",
        status: &[400, 422],
        pieces: &["has already been taken"],
        refusal: Refusal::NameTaken,
        what: "the registry has a file of this name",
        why: READ,
        hint: "",
        said: &[
            "Validation failed: File name has already been taken",
            "400 Bad request - Validation failed: File name has already been taken",
        ],
    },
    Row {
        rule: "gitlab-protected",
        status: &[400, 403],
        pieces: &["package protected"],
        refusal: Refusal::Auth,
        what: "a protection rule of the GitLab project covers this package",
        why: "GitLab lets only some roles push packages whose names match a rule",
        hint: "use a token with the role that the rule asks for",
        said: &["403 Forbidden - Package protected."],
    },
    Row {
        rule: "nexus-no-redeploy",
        status: &[400],
        pieces: &["does not allow updating assets"],
        refusal: Refusal::NameTaken,
        what: "the Nexus repository has a file of this name",
        why: READ,
        hint: "",
        said: &["Repository does not allow updating assets: pypi-hosted"],
    },
    Row {
        rule: "nexus-cannot-update",
        status: &[400],
        pieces: &["cannot be updated"],
        refusal: Refusal::NameTaken,
        what: "the Nexus repository has a file of this name",
        why: READ,
        hint: "",
        said: &["pypi-hosted/packages/demo/1.0/demo-1.0-py3-none-any.whl cannot be updated"],
    },
    Row {
        rule: "artifactory-no-overwrite",
        status: &[403],
        pieces: &["overwrite artifact"],
        refusal: Refusal::NameTaken,
        what: "the Artifactory repository has a file of this name",
        why: "it says so as a missing permission: replacing a file there takes the right to delete",
        hint: "",
        said: &[
            "Not enough permissions to overwrite artifact 'pypi-local:demo/1.0/demo-1.0-py3-none-any.whl' (user 'ci' \
             needs DELETE permission).",
            "Not enough permissions to delete/overwrite artifact 'pypi-local:demo' (user 'ci' needs DELETE permission).",
        ],
    },
    Row {
        rule: "devpi-non-volatile",
        status: &[403, 409],
        pieces: &["already exists in non-volatile index"],
        refusal: Refusal::NameTaken,
        what: "the devpi index has a file of this name and never replaces one",
        why: READ,
        hint: "",
        said: &["demo-1.0.tar.gz already exists in non-volatile index"],
    },
    Row {
        rule: "name-exists",
        status: &[400, 409, 422],
        pieces: &["already exist"],
        refusal: Refusal::NameTaken,
        what: "the index has a file of this name",
        why: READ,
        hint: "",
        said: &[
            "Package 'demo-1.0.tar.gz' already exists! You may start server with `--overwrite` option.",
            "The package already exists",
        ],
    },
    Row {
        rule: "feed-contains",
        status: &[409],
        pieces: &["already contains file"],
        refusal: Refusal::NameTaken,
        what: "the feed has a file of this name",
        why: READ,
        hint: "",
        said: &["The feed 'main' already contains file 'demo-1.0.tar.gz' in package 'demo 1.0'."],
    },
    Row {
        rule: "pypiserver-bad-filename",
        status: &[400],
        pieces: &["bad filename"],
        refusal: Refusal::Rejected,
        what: "the server does not take a file of this name for a distribution",
        why: "pypiserver reads project and version from the name",
        hint: "use the name that the build backend gave the file",
        said: &["Bad filename: demo.whl"],
    },
];

//! Refused credentials and missing rights. PyPI answers all of them with 403.

use shiponce_core::journal::Refusal;

use super::Row;

pub(super) const ROWS: &[Row] = &[
    Row {
        rule: "token-expired",
        status: &[403],
        pieces: &["invalid api token", "token is expired"],
        refusal: Refusal::Auth,
        what: "the API token has expired",
        why: "a token from trusted publishing lives for 15 minutes; others can carry a date",
        hint: "get a new token and run the same command again; what is uploaded stays uploaded",
        said: &["Invalid API Token: token is expired, token is expired"],
    },
    Row {
        rule: "publisher-other-project",
        status: &[403],
        pieces: &["oidc scoped token is not valid for project"],
        refusal: Refusal::Auth,
        what: "the trusted publisher is not registered for this project",
        why: "the token that the index gave this workflow covers the projects it is registered for, and no others",
        hint: "register the workflow as a publisher of this project on the index",
        said: &[
            "Invalid API Token: OIDC scoped token is not valid for project 'demo', project-scoped token is not valid \
             for project: 'demo'",
        ],
    },
    Row {
        rule: "token-other-project",
        status: &[403],
        pieces: &["project-scoped token is not valid for project"],
        refusal: Refusal::Auth,
        what: "the API token belongs to another project",
        why: "a token for one project opens no other, and cannot create one either",
        hint: "use a token of this project; a project that does not exist yet needs a token for the whole account",
        said: &[
            "Invalid API Token: project-scoped token is not valid for project: 'demo', project-scoped token is not \
             valid for project: 'demo'",
        ],
    },
    Row {
        rule: "token-outside-project",
        status: &[403],
        pieces: &["invalid api token", "used outside of"],
        refusal: Refusal::Auth,
        what: "the API token is limited to a project or a publisher, and the request is about none",
        why: "the index could not match the request with what the token is limited to",
        hint: "check the project name in the metadata and the upload address",
        said: &[
            "Invalid API Token: project-scoped token used outside of a project context",
            "Invalid API Token: OIDC scoped token used outside of an OIDC identified request",
        ],
    },
    Row {
        rule: "token-other-identity",
        status: &[403],
        pieces: &["invalid api token", "restriction in token"],
        refusal: Refusal::Auth,
        what: "the API token is limited to another user or publisher",
        why: "the one who uses it is not the one it was made for",
        hint: "make a new token for the account or the publisher that uploads",
        said: &[
            "Invalid API Token: current OIDC publisher does not match publisher restriction in token",
            "Invalid API Token: current user does not match user restriction in token",
        ],
    },
    Row {
        rule: "token-deleted",
        status: &[403],
        pieces: &["deleted or nonexistent macaroon"],
        refusal: Refusal::Auth,
        what: "the API token has been deleted, or never was one of this index",
        why: "tokens that were revoked, or found in public places, stop working at once",
        hint: "make a new token; Test PyPI and PyPI have separate accounts and tokens",
        said: &["Invalid API Token: deleted or nonexistent macaroon"],
    },
    Row {
        rule: "token-damaged",
        status: &[403],
        pieces: &["invalid api token"],
        refusal: Refusal::Auth,
        what: "the API token is damaged, or was issued by another index",
        why: "its signature does not fit",
        hint: "copy the whole token again; Test PyPI and PyPI have separate accounts and tokens",
        said: &[
            "Invalid API Token: signatures do not match",
            "Invalid API Token: malformed macaroon",
            "Invalid API Token: unknown error",
        ],
    },
    Row {
        rule: "credential-invalid",
        status: &[403],
        pieces: &["invalid or non-existent authentication information"],
        refusal: Refusal::Auth,
        what: "the index does not know this credential",
        why: "the token is incomplete, is not one of this index, or lacks its `pypi-` prefix",
        hint: "copy the whole token again, with its `pypi-`; Test PyPI and PyPI have separate accounts and tokens",
        said: &[
            "Invalid or non-existent authentication information. See <PyPI>/help/#invalid-auth for more information.",
        ],
    },
    Row {
        rule: "password-login",
        status: &[403],
        pieces: &["username/password authentication is no longer supported"],
        refusal: Refusal::Auth,
        what: "the index takes no user names and passwords",
        why: "uploads need an API token, whose user name is always `__token__`, or trusted publishing",
        hint: "use an API token; where a user name is configured, make it `__token__`",
        said: &[
            "Username/Password authentication is no longer supported. Migrate to API Tokens or Trusted Publishers \
             instead. See <PyPI>/help/#apitoken and <PyPI>/help/#trusted-publishers",
        ],
    },
    Row {
        rule: "two-factor-missing",
        status: &[403],
        pieces: &["does not have two-factor authentication enabled"],
        refusal: Refusal::Auth,
        what: "the account behind the token has no two-factor authentication",
        why: "the index takes uploads only from accounts that have it",
        hint: "turn it on for that account and run the same command again",
        said: &[
            "User 'bob', associated with the API token used, does not have two-factor authentication enabled. Please \
             enable two-factor authentication before attempting to upload to PyPI. See <PyPI>/help/\
             #two-factor-authentication for more information.",
        ],
    },
    Row {
        rule: "email-unverified",
        status: &[400, 403],
        pieces: &["does not have a verified primary email address"],
        refusal: Refusal::Auth,
        what: "the account behind the token has no verified email address",
        why: "the index takes uploads only from accounts it can reach",
        hint: "verify the primary address of that account and run the same command again",
        said: &[
            "User 'carol', associated with the API token used, does not have a verified primary email address. Please \
             add a verified primary email before attempting to upload to PyPI. See <PyPI>/help/#verified-email",
        ],
    },
    Row {
        rule: "upload-not-permitted",
        status: &[403],
        pieces: &["isn't allowed to upload to project"],
        refusal: Refusal::Auth,
        what: "this account or token may not upload to the project",
        why: "it is neither owner nor maintainer, or the project is archived or quarantined: the index says the same \
              then",
        hint: "have an owner add the account, or unarchive the project; if the project is not yours, choose another \
               name",
        said: &[
            "The user 'dave' isn't allowed to upload to project 'demo'. See <PyPI>/help/#project-name for more \
             information.",
            "The given token isn't allowed to upload to project 'demo'.",
        ],
    },
    Row {
        rule: "publisher-cannot-create",
        status: &[400, 403],
        pieces: &["non-user identities cannot create new projects"],
        refusal: Refusal::Auth,
        what: "a trusted publisher cannot create this project",
        why: "it creates the one project that a pending publisher names; the name there and the name in the metadata \
              differ",
        hint: "compare the project name of the pending publisher with the name in the metadata",
        said: &[
            "Non-user identities cannot create new projects. This was probably caused by successfully using a pending \
             publisher but specifying the project name incorrectly (either in the publisher or in your project's \
             metadata). Please ensure that both match. See: <PyPI docs>/trusted-publishers/troubleshooting/",
        ],
    },
];

//! Names and releases that are taken, used up or closed.

use shiponce_core::journal::Refusal;

use super::Row;

pub(super) const ROWS: &[Row] = &[
    Row {
        rule: "filename-burned",
        status: &[400],
        pieces: &["previously", "used by a file that has since been deleted"],
        refusal: Refusal::Burned,
        what: "the file name was used by a file that has been deleted",
        why: "the index never gives a name a second time, not even for the identical bytes, and no page shows the \
              names that are used up",
        hint: "release under another version, such as the next post-release",
        said: &[
            "This filename was previously used by a file that has since been deleted. Use a different version. See \
             <PyPI>/help/#file-name-reuse for more information.",
            "This filename has previously been used by a file that has since been deleted.",
        ],
    },
    Row {
        rule: "filename-used-before",
        status: &[400],
        pieces: &["this filename has already been used"],
        refusal: Refusal::Burned,
        what: "the file name was used before",
        why: "this is how the index's older versions say that a name was deleted and is used up for good",
        hint: "release under another version, such as the next post-release",
        said: &[
            "This filename has already been used, use a different version. See <PyPI>/help/#file-name-reuse",
        ],
    },
    Row {
        rule: "file-exists",
        status: &[400, 409],
        pieces: &["file already exists"],
        refusal: Refusal::NameTaken,
        what: "the index has this file name, or these bytes under another name",
        why: "it refuses a name with other bytes and equal bytes under a second name with one and the same text; only \
              reading the listing tells which it is",
        hint: "",
        said: &[
            "File already exists ('demo-1.0-py3-none-any.whl', with blake2_256 hash '83c99fbf'). See \
             <PyPI>/help/#file-name-reuse for more information.",
            "File already exists. See <PyPI>/help/#file-name-reuse",
        ],
    },
    Row {
        rule: "second-sdist",
        status: &[400],
        pieces: &["only one sdist may be uploaded per release"],
        refusal: Refusal::SecondSdist,
        what: "the release has a source distribution already",
        why: "a release takes one, whatever its file name or format",
        hint: "leave this source distribution out, or release under another version",
        said: &["Only one sdist may be uploaded per release."],
    },
    Row {
        rule: "release-closed",
        status: &[400],
        pieces: &["uploading new files to releases older than"],
        refusal: Refusal::Closed,
        what: "the release takes no new files any more",
        why: "14 days after its first file a release on this index is closed; files that are there stay there",
        hint: "release what is missing under another version, such as the next post-release",
        said: &["Uploading new files to releases older than 14 days is not allowed."],
    },
];

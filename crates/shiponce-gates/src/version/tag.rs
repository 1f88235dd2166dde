//! From a git reference to the version it names, and the names a release tag may have.

use shiponce_config::TagTemplate;
use shiponce_core::Version;

/// Git and file systems stop at 255 bytes for a part of a name.
const NAME_BYTES: usize = 200;

/// Why a reference names no version of this project.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagNameError {
    /// A branch, a pull request or another reference. On `workflow_dispatch` a runner names the branch here.
    #[error("`{0}` is no tag")]
    NoTag(String),
    /// A name that a shell, a file system or git could take for something else.
    #[error(
        "`{0}` is no tag name that is safe everywhere: letters, digits and `. _ - + ! = /` only, beginning with a letter or digit"
    )]
    Unsafe(String),
    /// It does not follow the template.
    #[error("the tag `{tag}` does not follow `{template}`")]
    Template {
        /// The tag.
        tag: String,
        /// The template, with the project's name in it.
        template: String,
    },
    /// What stands in the version's place is none.
    #[error("the tag `{tag}` has `{text}` in the place of the version, which is not a PEP 440 version")]
    NotAVersion {
        /// The tag.
        tag: String,
        /// The text.
        text: String,
    },
}

/// The version that a tag names: `v1.2.3` and `refs/tags/v1.2.3` give 1.2.3 with the template `v{version}`.
///
/// # Errors
/// [`TagNameError`] with the reason, for anything that is not exactly a tag of this template.
pub fn extract_git_tag_version(
    reference: &str,
    template: &TagTemplate,
    package: &str,
    variant: Option<&str>,
) -> Result<Version, TagNameError> {
    let tag = match reference.strip_prefix("refs/tags/") {
        Some(tag) => tag,
        None if reference.starts_with("refs/") => return Err(TagNameError::NoTag(reference.to_owned())),
        None => reference,
    };
    check_tag_name(tag)?;
    let text = template.version_in(tag, package, variant).ok_or_else(|| TagNameError::Template {
        tag: tag.to_owned(),
        template: template.render(package, "{version}", variant),
    })?;
    let not_a_version = || TagNameError::NotAVersion { tag: tag.to_owned(), text: text.to_owned() };
    // PEP 440 reads `v1.0` as 1.0, but `vv1.0` follows no template.
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(not_a_version());
    }
    text.parse().map_err(|_| not_a_version())
}

/// Refuses names that are more than a name to a shell, a file system, a URL or git.
///
/// # Errors
/// [`TagNameError::Unsafe`].
pub fn check_tag_name(tag: &str) -> Result<(), TagNameError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+!=/".contains(&byte);
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    let safe = tag.len() <= NAME_BYTES
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric())
        && tag.bytes().all(allowed)
        && !tag.contains("..")
        && !tag.ends_with('.')
        && tag.split('/').all(part);
    if safe { Ok(()) } else { Err(TagNameError::Unsafe(tag.to_owned())) }
}

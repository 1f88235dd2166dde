//! The names of assets: GitHub renames what it does not like.
//!
//! The documentation of "Upload a release asset" says only that "special characters, non-alphanumeric characters, and
//! leading or trailing periods" are renamed and that the list shows the result. What is known beyond that:
//!
//! * `gh release upload` imitates the rule (`sanitizeFileName` in cli/cli, pkg/cmd/release/upload): accents are removed;
//!   runs of characters other than ASCII letters, digits, `-`, `_`, `+` and `@` become one period; runs of periods
//!   become one; periods at both ends go; a name that begins with a period, or of which only an extension is left, gets
//!   `default` in front.
//! * Observed lists agree (travis-ci/dpl#821, softprops/action-gh-release#159: `~` and `:` become a period).
//! * `+` is kept when it arrives as `%2B` and becomes a period when it arrives bare, which GitHub reads as a space
//!   (github/rest-api-description#2968, microsoft/azure-pipelines-tasks#14275). `@` was renamed in 2018 and is kept today.

/// The name by which a file and an asset are compared; both sides pass through it.
///
/// It is GitHub's rule with `+` and `@` counted among the characters that become a period, so that an asset is found
/// again whichever way it was uploaded. Characters outside ASCII become periods, too; what GitHub makes of them is its
/// secret, and [`crate::Asset::is_named`] knows those by their label.
#[must_use]
pub fn listed_name(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
            folded.push(c);
        } else if !folded.ends_with('.') {
            folded.push('.');
        }
    }
    let trimmed = folded.trim_matches('.');
    match trimmed {
        "" => "default".to_owned(),
        rest if name.starts_with('.') => format!("default.{rest}"),
        rest if rest != name && !rest.contains('.') => format!("default.{rest}"),
        rest => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_distributions() {
        for kept in ["demo-1.4.0-py3-none-any.whl", "demo_x-1.4.0.tar.gz", "shiponce-manifest.json"] {
            assert_eq!(listed_name(kept), kept);
        }
        assert_eq!(listed_name("demo-1.4.0+cpu-py3-none-any.whl"), "demo-1.4.0.cpu-py3-none-any.whl");
        assert_eq!(listed_name("demo-1!2.0.tar.gz"), "demo-1.2.0.tar.gz");
        assert_eq!(listed_name("demo-1~2.deb"), "demo-1.2.deb");
    }

    /// The input and the list of travis-ci/dpl#821.
    #[test]
    fn a_list_that_was_observed() {
        let sent =
            "a5_ !#$%&'()+,-.0123456789;=@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{}~.txt";
        let listed = "a5_.-.0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZ._.abcdefghijklmnopqrstuvwxyz.txt";
        assert_eq!(listed_name(sent), listed);
    }

    #[test]
    fn names_of_nothing_but_an_extension() {
        assert_eq!(listed_name(".env"), "default.env");
        assert_eq!(listed_name("..."), "default");
        assert_eq!(listed_name("notes."), "default.notes");
        assert_eq!(listed_name("(notes)"), "default.notes");
    }

    #[test]
    fn what_is_listed_is_listed_as_itself() {
        for name in [".env", "...", "a b.txt", "x+y@z.whl", "é.txt", "default", "notes!", "a..b", "-", "+"] {
            let listed = listed_name(name);
            assert_eq!(listed_name(&listed), listed, "{name}");
        }
    }
}

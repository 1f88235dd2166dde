//! Every command and flag of the binary is in the reference, and the reference names no others.

use std::collections::BTreeSet;

use regex::Regex;

use super::source::line_of;
use super::{Finding, tree::Tree};

/// One command is one file here: its `Args` and its `run`.
const COMMANDS: &str = "crates/shiponce/src/cli/";

/// The page of all commands; each has a heading such as `## rehearse` or `## config show`.
const PAGE: &str = "docs/reference/commands.md";

/// Commands and flags that are in one of the two places only.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(page) = tree.text(PAGE) else { return vec![Finding::new(PAGE, 1, "missing")] };
    let mut findings = Vec::new();
    let headings: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("## ")?.split_whitespace().next()).collect();
    let mut commands = BTreeSet::new();
    for (path, text) in tree.under(COMMANDS, ".rs") {
        if let Some(name) = command(path, text) {
            if !headings.contains(name.as_str()) {
                findings.push(Finding::new(
                    path,
                    1,
                    format!("the command `{name}` has no heading `## {name}` in {PAGE}"),
                ));
            }
            commands.insert(name);
        }
        for (flag, at) in flags(text) {
            if !page.contains(&format!("--{flag}")) {
                findings.push(Finding::new(
                    path,
                    line_of(text, at),
                    format!("the flag `--{flag}` is not in {PAGE}"),
                ));
            }
        }
    }
    for heading in headings.iter().filter(|heading| heading.starts_with(|c: char| c.is_ascii_lowercase())) {
        if !commands.contains(*heading) {
            findings.push(Finding::new(
                PAGE,
                1,
                format!("`## {heading}`: there is no such command in {COMMANDS}"),
            ));
        }
    }
    findings
}

/// The command a file holds: files without `fn run` are shared parts.
fn command(path: &str, text: &str) -> Option<String> {
    let inside = path.strip_prefix(COMMANDS)?;
    let name = inside.strip_suffix("/mod.rs").or_else(|| inside.strip_suffix(".rs"))?;
    let whole = !name.contains('/') && name != "mod";
    (whole && text.contains("fn run(")).then(|| name.replace('_', "-"))
}

/// Long flags of clap's derive, with their place. `long` alone takes the field's name.
fn flags(text: &str) -> Vec<(String, usize)> {
    let Ok(attribute) = Regex::new(
        r"#\[arg\(((?:[^()\]]|\([^()]*\))*)\)\](?:\s*#\[[^\]]*\])*\s*(?:pub(?:\([a-z]+\))?\s+)?(?:r#)?(\w+)\s*:",
    ) else {
        return Vec::new();
    };
    let Ok(long) = Regex::new(r#"\blong\b(?:\s*=\s*"([^"]+)")?"#) else { return Vec::new() };
    attribute
        .captures_iter(text)
        .filter(|found| !found[1].contains("hide = true"))
        .filter_map(|found| {
            let named = long.captures(found.get(1)?.as_str())?;
            let name =
                named.get(1).map_or_else(|| found[2].replace('_', "-"), |name| name.as_str().to_owned());
            Some((name, found.get(0)?.start()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
        struct Args {
            /// Why.
            #[arg(long, value_name = "D", value_parser = parse(x))]
            pub(crate) dist_dir: PathBuf,
            #[arg(short, long = "to", env = "A")]
            to: Vec<String>,
            #[arg(default_value = "dist/*")]
            files: Vec<String>,
        }
        pub(crate) async fn run(args: Args) {}
    "#;

    fn messages(page: &str) -> Vec<String> {
        let tree = Tree::of(&[
            (PAGE, page),
            ("crates/shiponce/src/cli/publish.rs", SOURCE),
            ("crates/shiponce/src/cli/mod.rs", "fn run() {}"),
        ]);
        check(&tree).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_whole_page_is_fine() {
        assert_eq!(
            messages("# Commands\n## publish\n`--dist-dir D`, `--to NAME`\n## Everywhere\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_missing_command_or_flag_is_found() {
        assert_eq!(
            messages("## plan\n--dist-dir"),
            [
                "the command `publish` has no heading `## publish` in docs/reference/commands.md",
                "the flag `--to` is not in docs/reference/commands.md",
                "`## plan`: there is no such command in crates/shiponce/src/cli/",
            ]
        );
    }

    #[test]
    fn a_missing_page_is_found() {
        assert_eq!(check(&Tree::of(&[])).len(), 1);
    }
}

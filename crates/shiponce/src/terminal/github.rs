//! What GitHub Actions reads: annotations, step outputs, the job summary.

use fs_err::OpenOptions;
use shiponce_api::v1::{Level, Outcome, ReleaseDocument};
use std::io::Write as _;
use std::path::Path;

/// Whether this runs as a step of a GitHub Actions job.
pub(super) fn in_actions() -> bool {
    crate::cli::environment_text("GITHUB_ACTIONS").as_deref() == Some("true")
}

/// A workflow command that shows `text` beside the step. Its data ends at a line end, and `%` escapes.
pub(super) fn annotation(level: Level, text: &str) -> String {
    let word = if level == Level::Error { "error" } else { "warning" };
    let data = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    format!("::{word}::{data}")
}

/// Text of others that the runner must not take for a workflow command. It looks for `::` at the start of a line,
/// leading blanks aside, and for the older `##[` anywhere in it.
pub(super) fn defused(text: &str) -> String {
    let defuse = |line: &str| {
        let line = line.replace("##[", "## [");
        let start = line.len() - line.trim_start().len();
        if line[start..].starts_with("::") {
            format!("{}: :{}", &line[..start], &line[start + 2..])
        } else {
            line
        }
    };
    text.split('\n').map(defuse).collect::<Vec<_>>().join("\n")
}

/// Step outputs and the summary table of a finished command.
#[derive(Debug)]
pub(crate) struct Summary<'a> {
    /// The documents of the releases.
    pub(crate) documents: Vec<&'a ReleaseDocument>,
    /// How all of them ended together.
    pub(crate) outcome: Outcome,
}

impl Summary<'_> {
    /// Appends to the files the runner names, where it names them.
    pub(crate) fn write(&self) -> std::io::Result<()> {
        if let Some(path) = crate::cli::environment_text("GITHUB_OUTPUT") {
            append(Path::new(&path), &self.outputs())?;
        }
        if let Some(path) = crate::cli::environment_text("GITHUB_STEP_SUMMARY") {
            let tables: Vec<String> = self.documents.iter().map(|document| table(document)).collect();
            append(Path::new(&path), &tables.join("\n"))?;
        }
        Ok(())
    }

    fn outputs(&self) -> String {
        let word = serde_json::to_value(self.outcome).unwrap_or_default();
        let mut text = format!("outcome={}\n", word.as_str().unwrap_or_default());
        // Of several releases there is no one version, tag or receipt; the document of the command has all of them.
        let [document] = self.documents.as_slice() else { return text };
        let receipt = document.receipt.as_ref().and_then(|receipt| serde_json::to_string(receipt).ok());
        for (name, value) in [
            ("version", document.version.clone()),
            ("manifest", document.manifest_sha256.clone()),
            ("receipt", receipt),
            ("tag", document.tag.clone()),
            ("is_tagged", Some(document.is_tagged.to_string())),
        ] {
            // A value ends at the line's end; one that held a line end could set another output.
            let value = value.unwrap_or_default().replace(['\r', '\n'], " ");
            text.push_str(&format!("{name}={value}\n"));
        }
        text
    }
}

/// The files of one release.
fn table(document: &ReleaseDocument) -> String {
    let version = document.version.as_deref().unwrap_or("(version known after build)");
    let mut text = format!("### {} {version}\n\n| file |", document.project);
    let mut names: Vec<&String> = document.files.iter().flat_map(|file| file.targets.keys()).collect();
    names.sort();
    names.dedup();
    for name in &names {
        text.push_str(&format!(" {name} |"));
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(names.len()));
    text.push('\n');
    for file in &document.files {
        text.push_str(&format!("| {} |", in_cell(&file.filename)));
        for name in &names {
            let cell = file.targets.get(*name).map_or("", |cell| &cell.reason);
            text.push_str(&format!(" {} |", in_cell(cell)));
        }
        text.push('\n');
    }
    text
}

/// Words of an index in a table: they can neither leave their cell nor become HTML.
fn in_cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace(['\r', '\n'], " ")
}

fn append(path: &Path, text: &str) -> std::io::Result<()> {
    OpenOptions::new().create(true).append(true).open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{Summary, annotation, defused};
    use shiponce_api::v1::{Level, Outcome, ReleaseDocument};

    fn document() -> ReleaseDocument {
        ReleaseDocument {
            outcome: Outcome::Failed,
            project: "demo".to_owned(),
            variant: None,
            version: Some("1.0".to_owned()),
            commit: None,
            tag: Some("v1.0\noutcome=released\r\nreceipt={}".to_owned()),
            is_tagged: false,
            manifest_sha256: None,
            files: Vec::new(),
            steps: Vec::new(),
            receipt: None,
            error: None,
        }
    }

    #[test]
    fn a_value_sets_no_other_output() {
        let document = document();
        let outputs = Summary { documents: vec![&document], outcome: document.outcome }.outputs();
        insta::assert_snapshot!(outputs, @"
        outcome=failed
        version=1.0
        manifest=
        receipt=
        tag=v1.0 outcome=released  receipt={}
        is_tagged=false
        ");
    }

    #[test]
    fn a_message_of_many_lines_is_one_annotation() {
        assert_eq!(
            annotation(Level::Error, "100 %\r\n::set-output name=x::y"),
            "::error::100 %25%0D%0A::set-output name=x::y"
        );
    }

    #[test]
    fn words_of_others_are_no_commands() {
        assert_eq!(defused("a\n  ::add-mask::b\nc::d ##[group]e"), "a\n  : :add-mask::b\nc::d ## [group]e");
    }
}

//! `explain`: the page behind an error code, or the section about a rule of `check dist`.

use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_dist::Severity;
use shiponce_dist::check::{Rule, rule, rules};

/// Print the page behind an error code, or explain a rule of `check dist`
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code, as printed in `error[CODE]`, or a rule; without it, the list of both
    pub(crate) code: Option<String>,
}

pub(crate) fn run(args: &ExplainArgs, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let Some(slug) = &args.code else {
        let codes = ErrorCode::all().iter().map(|code| (code.slug(), code.title()));
        let lines: Vec<(&str, &str)> = codes.chain(rules().map(|rule| (rule.id, rule.title))).collect();
        let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, title) in lines {
            terminal.data(&format!("{name:width$}  {title}\n"));
        }
        return Ok(ExitCode::Done);
    };
    let slug = slug.trim_start_matches("error[").trim_start_matches("dist/").trim_end_matches(']');
    if let Some(code) = ErrorCode::from_slug(slug) {
        terminal.data(code.page());
    } else if let Some(rule) = rule(slug) {
        terminal.data(&explained(rule));
    } else {
        return Err(Problem::new(
            ErrorCode::Usage,
            format!("there is neither an error code nor a rule `{slug}`"),
        )
        .hint("shiponce explain lists them"));
    }
    Ok(ExitCode::Done)
}

fn explained(rule: &Rule) -> String {
    let severity = match rule.severity {
        Severity::Rejected => "The file must not be released.",
        Severity::Warned => "A warning: the file is accepted, and probably not meant so.",
        Severity::Quality => "A remark: the file works, and could be better.",
    };
    let holds = if rule.holds_everywhere() {
        "It holds for every index."
    } else {
        "It holds for PyPI, and not where an index has `rules = \"permissive\"`."
    };
    let (id, title, source, hint) = (rule.id, rule.title, rule.source, rule.hint);
    let explanation = rule.explanation();
    format!(
        "# {id}\n\n{title}\n\n{explanation}\n\n{severity} {holds}\n\nSource: {source}\n\nWhat to do: {hint}\n"
    )
}

//! `Description-Content-Type`: the values that PyPI renders.

/// What is wrong with `value`, in the words of the specification; `None` when PyPI accepts it.
///
/// Types, charset and Markdown variants follow `packaging.metadata` 26.
#[must_use]
pub fn content_type_problem(value: &str) -> Option<String> {
    let mut parts = value.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    if !matches!(kind.as_str(), "text/plain" | "text/x-rst" | "text/markdown") {
        return Some(format!("must be `text/plain`, `text/x-rst` or `text/markdown`, not `{value}`"));
    }
    for part in parts {
        if part.trim().is_empty() {
            continue;
        }
        let Some((name, parameter)) = part.split_once('=') else {
            return Some(format!("`{}` is not a parameter", part.trim()));
        };
        let parameter = parameter.trim();
        let parameter =
            parameter.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(parameter);
        match name.trim().to_ascii_lowercase().as_str() {
            "charset" if !parameter.eq_ignore_ascii_case("utf-8") => {
                return Some(format!("can only have the charset UTF-8, not `{parameter}`"));
            }
            "variant" if kind == "text/markdown" && !matches!(parameter, "GFM" | "CommonMark") => {
                return Some(format!("has the Markdown variants `GFM` and `CommonMark`, not `{parameter}`"));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_index_accepts() {
        for good in [
            "text/plain",
            "text/x-rst; charset=UTF-8",
            "text/markdown; charset=utf-8; variant=GFM",
            "Text/Markdown; variant=\"CommonMark\"",
            "text/plain; variant=anything",
            "text/markdown;",
        ] {
            assert_eq!(content_type_problem(good), None, "{good}");
        }
    }

    #[test]
    fn what_it_refuses() {
        for bad in [
            "text/html",
            "markdown",
            "",
            "text/plain; charset=latin1",
            "text/markdown; variant=gfm",
            "text/markdown; x*",
        ] {
            assert!(content_type_problem(bad).is_some(), "{bad}");
        }
    }
}

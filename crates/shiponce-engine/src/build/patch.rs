//! What a variant changes in `pyproject.toml`. The file of the user is never touched: this happens in a clean clone.

use shiponce_api::{ErrorCode, Problem};
use shiponce_core::PackageName;
use shiponce_core::canonical::Value;
use std::path::Path;
use toml_edit::{Array, DocumentMut, Item, TableLike, value};

/// The keys of `[project]` that a variant has of its own; `None` keeps what the project says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectPatch {
    /// `name`
    pub name: PackageName,
    /// `readme`, a path below the project.
    pub readme: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `keywords`
    pub keywords: Option<Vec<String>>,
}

impl ProjectPatch {
    /// What it changes, for the inputs of a release.
    pub(crate) fn to_value(&self) -> Value {
        let text = |text: &Option<String>| text.as_ref().map_or(Value::Null, Value::text);
        let keywords = self.keywords.as_ref();
        let keywords =
            keywords.map_or(Value::Null, |list| Value::Array(list.iter().map(Value::text).collect()));
        Value::object([
            ("name", Value::text(self.name.normalized())),
            ("readme", text(&self.readme)),
            ("description", text(&self.description)),
            ("keywords", keywords),
        ])
    }

    /// Rewrites the file of a project. Without the file, or with neither `[project]` nor `[tool.poetry]` in it, nothing
    /// is changed: the build has to find the name in its environment, and what it built is checked.
    ///
    /// # Errors
    /// When the file cannot be read as TOML or cannot be written.
    pub(crate) fn apply(&self, root: &Path) -> Result<bool, Problem> {
        let path = root.join("pyproject.toml");
        let failed = |error: &dyn std::fmt::Display| {
            let message = format!("pyproject.toml could not be given the name {}", self.name.written());
            Problem::new(ErrorCode::BuildFailed, message).cause(error.to_string())
        };
        if !path.is_file() {
            return Ok(false);
        }
        let text = fs_err::read_to_string(&path).map_err(|error| failed(&error))?;
        let mut document: DocumentMut = text.parse().map_err(|error| failed(&error))?;
        let mut changed = false;
        if let Some(project) = document.get_mut("project").and_then(Item::as_table_like_mut) {
            self.change(project);
            changed = true;
        }
        // Poetry reads its own table, until version 2 nothing else.
        let poetry = document.get_mut("tool").and_then(|tool| tool.get_mut("poetry"));
        if let Some(poetry) = poetry.and_then(Item::as_table_like_mut)
            && (poetry.contains_key("name") || !changed)
        {
            self.change(poetry);
            changed = true;
        }
        if changed {
            fs_err::write(&path, document.to_string()).map_err(|error| failed(&error))?;
        }
        Ok(changed)
    }

    fn change(&self, table: &mut dyn TableLike) {
        set(table, "name", value(self.name.written()));
        if let Some(readme) = &self.readme {
            set(table, "readme", value(readme.as_str()));
        }
        if let Some(description) = &self.description {
            set(table, "description", value(description.as_str()));
        }
        if let Some(keywords) = &self.keywords {
            set(table, "keywords", value(keywords.iter().collect::<Array>()));
        }
    }
}

/// Sets a key that may have been left to the build backend: PEP 621 forbids stating what `dynamic` lists.
fn set(table: &mut dyn TableLike, key: &str, item: Item) {
    if let Some(dynamic) = table.get_mut("dynamic").and_then(Item::as_array_mut) {
        dynamic.retain(|entry| entry.as_str() != Some(key));
    }
    table.insert(key, item);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        fs_err::write(folder.path().join("pyproject.toml"), text).unwrap();
        let patch = ProjectPatch {
            name: "demo-fast".parse().unwrap(),
            readme: Some("docs/FAST.md".to_owned()),
            description: Some("Says \"fast\"".to_owned()),
            keywords: Some(vec!["fast".to_owned()]),
        };
        patch.apply(folder.path()).unwrap();
        fs_err::read_to_string(folder.path().join("pyproject.toml")).unwrap()
    }

    #[test]
    fn everything_else_stays_as_it_was_written() {
        insta::assert_snapshot!(patched(r#"# kept
[build-system]
requires = ["flit_core"]

[project]
name = "demo"  # the plain one
version = "1.0"
dynamic = ["description", "readme", "dependencies"]
keywords = ["slow"]
"#), @r#"
        # kept
        [build-system]
        requires = ["flit_core"]

        [project]
        name = "demo-fast"
        version = "1.0"
        dynamic = [ "dependencies"]
        keywords = ["fast"]
        readme = "docs/FAST.md"
        description = 'Says "fast"'
        "#);
    }

    #[test]
    fn a_readme_table_is_replaced_and_poetry_follows() {
        insta::assert_snapshot!(patched(r#"[project]
name = "demo"
readme = { file = "README", content-type = "text/markdown" }

[tool.poetry]
packages = []
"#), @r#"
        [project]
        name = "demo-fast"
        readme = "docs/FAST.md"
        description = 'Says "fast"'
        keywords = ["fast"]

        [tool.poetry]
        packages = []
        "#);
        insta::assert_snapshot!(patched("[tool.poetry]\nname = \"demo\"\n"), @r#"
        [tool.poetry]
        name = "demo-fast"
        readme = "docs/FAST.md"
        description = 'Says "fast"'
        keywords = ["fast"]
        "#);
    }

    #[test]
    fn a_project_without_tables_is_left_alone() {
        assert_eq!(patched("[build-system]\nrequires = []\n"), "[build-system]\nrequires = []\n");
    }
}

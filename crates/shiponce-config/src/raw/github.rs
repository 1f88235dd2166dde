//! `[github]`

use crate::error::ConfigError;
use crate::place::At;
use crate::reader::Table;

#[derive(Debug)]
pub(crate) struct RawGithub {
    pub(crate) repository: Option<At<String>>,
    pub(crate) notes: Option<RawNotes>,
    pub(crate) assets: Option<At<Vec<At<String>>>>,
    pub(crate) token_env: Option<At<Vec<At<String>>>>,
    pub(crate) api: Option<At<String>>,
}

/// `notes`: a word, or a table with one key.
#[derive(Debug)]
pub(crate) enum RawNotes {
    Word(At<String>),
    File(At<String>),
    Command(At<Vec<String>>),
}

impl RawGithub {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self {
            repository: table.string("repository")?,
            notes: RawNotes::read(&table)?,
            assets: table.one_or_more("assets")?,
            token_env: table.one_or_more("token-env")?,
            api: table.string("api")?,
        };
        table.finish()?;
        Ok(raw)
    }
}

impl RawNotes {
    fn read(table: &Table<'_>) -> Result<Option<Self>, ConfigError> {
        if !table.holds_table("notes") {
            return Ok(table.string("notes")?.map(Self::Word));
        }
        let Some(inner) = table.table("notes")? else { return Ok(None) };
        let at = inner.at().clone();
        let (file, command) = (inner.string("file")?, inner.command("command")?);
        let notes = match (file, command) {
            (Some(file), None) => Self::File(file),
            (None, Some(command)) => Self::Command(command),
            _ => return Err(table.invalid("notes", &at, "must have either `file` or `command`")),
        };
        inner.finish()?;
        Ok(Some(notes))
    }
}

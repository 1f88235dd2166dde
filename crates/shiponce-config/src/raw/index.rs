//! `[index.NAME]`

use crate::error::ConfigError;
use crate::place::{At, Place};
use crate::reader::Table;

#[derive(Debug)]
pub(crate) struct RawIndex {
    pub(crate) at: Place,
    pub(crate) role: Option<At<String>>,
    pub(crate) required: Option<At<bool>>,
    pub(crate) upload: Option<At<String>>,
    pub(crate) simple: Option<At<String>>,
    pub(crate) json: Option<At<String>>,
    pub(crate) username: Option<At<String>>,
    pub(crate) token_env: Option<At<Vec<At<String>>>>,
    pub(crate) token_command: Option<At<Vec<String>>>,
    pub(crate) trusted_publishing: Option<At<String>>,
    pub(crate) attestations: Option<At<String>>,
    pub(crate) read_auth: Option<At<bool>>,
    pub(crate) immutable: Option<At<String>>,
    pub(crate) mirror: Option<At<bool>>,
    pub(crate) rules: Option<At<String>>,
    pub(crate) ca: Option<At<String>>,
    pub(crate) client_cert: Option<At<String>>,
    pub(crate) parallel_uploads: Option<At<u64>>,
    pub(crate) cache_ttl: Option<At<String>>,
}

impl RawIndex {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self {
            at: table.at().clone(),
            role: table.string("role")?,
            required: table.boolean("required")?,
            upload: table.string("upload")?,
            simple: table.string("simple")?,
            json: table.string("json")?,
            username: table.string("username")?,
            token_env: table.one_or_more("token-env")?,
            token_command: table.command("token-command")?,
            trusted_publishing: table.string("trusted-publishing")?,
            attestations: table.string("attestations")?,
            read_auth: table.boolean("read-auth")?,
            immutable: table.string("immutable")?,
            mirror: table.boolean("mirror")?,
            rules: table.string("rules")?,
            ca: table.string("ca")?,
            client_cert: table.string("client-cert")?,
            parallel_uploads: table.number("parallel-uploads")?,
            cache_ttl: table.string("cache-ttl")?,
        };
        table.finish()?;
        Ok(raw)
    }
}

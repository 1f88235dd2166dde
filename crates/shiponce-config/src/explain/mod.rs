//! `config show --sources`: every value and where it came from. Secrets are only ever `set`.

mod several;

use shiponce_core::decide::{OnUnknown, WriteOnce};

use crate::config::{Config, VersionProbe};
use crate::credentials::Credentials;
use crate::error::ConfigError;
use crate::github::Notes;
use crate::index::{Attestations, Index, Rules, TrustedPublishing};
use crate::mask::{mask, sounds_secret};
use crate::project::{Project, ProjectVersion};
use crate::resolve::role_word;
use crate::source::{Source, Sourced};
use crate::values::{Ledger, show_duration};

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The dotted key.
    pub key: String,
    /// The value as text.
    pub value: String,
    /// Where it came from.
    pub source: String,
}

#[derive(Default)]
struct Rows(Vec<Row>);

impl Rows {
    fn add(&mut self, key: impl Into<String>, value: impl Into<String>, source: &Source) {
        self.0.push(Row { key: key.into(), value: mask(&value.into()), source: source.to_string() });
    }

    fn sourced<T>(&mut self, key: impl Into<String>, value: &Sourced<T>, show: impl Fn(&T) -> String) {
        self.add(key, show(&value.value), &value.source);
    }

    fn optional<T>(
        &mut self,
        key: impl Into<String>,
        value: Option<&Sourced<T>>,
        absent: &str,
        show: impl Fn(&T) -> String,
    ) {
        match value {
            Some(value) => self.sourced(key, value, show),
            None => self.add(key, absent, &Source::Default),
        }
    }
}

/// The table of all values.
#[must_use]
pub fn show_sources(config: &Config, credentials: &Credentials<'_>) -> Vec<Row> {
    let mut rows = Rows::default();
    if let Some(project) = &config.project {
        project_rows(&mut rows, project);
    }
    rows.optional("package", config.package.as_ref(), "known after build", ToString::to_string);
    rows.sourced("tag", &config.tag, ToString::to_string);
    rows.sourced("dist-dir", &config.dist_dir, |dir| dir.display().to_string());
    several::several_rows(&mut rows, config);
    build_rows(&mut rows, config);
    for index in &config.indexes {
        index_rows(&mut rows, index, credentials);
    }
    verify_rows(&mut rows, config);
    rows.sourced("gates.required", &config.gates, |gates| {
        list(gates.iter().map(|gate| gate.word().to_owned()))
    });
    rows.sourced("gates.version-files", &config.version_files, |files| {
        list(files.iter().map(ToString::to_string))
    });
    rows.optional("git.branch", config.branch.as_ref(), "the default branch of the remote", Clone::clone);
    rows.sourced("concurrency.group", &config.group, |group| group.0.clone());
    rows.optional("state-dir", config.state_dir.as_ref(), "none", |dir| dir.display().to_string());
    rows.optional("ledger", config.ledger.as_ref(), "none", |ledger| match ledger {
        Ledger::Sqlite(path) => format!("sqlite:{}", path.display()),
    });
    rows.sourced("on-unknown", &config.on_unknown, |choice| match choice {
        OnUnknown::Stop => "stop".to_owned(),
        OnUnknown::Attempt => "attempt".to_owned(),
    });
    rows.sourced("single-copy", &config.single_copy, ToString::to_string);
    github_rows(&mut rows, config, credentials);
    if let Some(policy) = &config.policy {
        rows.add("policy", "in force", &policy.source);
    }
    rows.0
}

fn project_rows(rows: &mut Rows, project: &Project) {
    let file = Source::Fallback(project.form.file().to_owned());
    rows.add("project.root", project.root.display().to_string(), &file);
    match &project.version {
        ProjectVersion::Static(version) => {
            rows.sourced("project.version", version, ToString::to_string);
        }
        ProjectVersion::Dynamic(source) => rows.add("project.version", "dynamic, known after build", source),
        ProjectVersion::Unknown => rows.add("project.version", "known after build", &file),
    }
    let backend = project.build_backend.as_ref();
    rows.optional("project.build-backend", backend, "setuptools (legacy)", Clone::clone);
    rows.optional("project.requires-python", project.requires_python.as_ref(), "any", Clone::clone);
}

fn build_rows(rows: &mut Rows, config: &Config) {
    let build = &config.build;
    rows.optional("build.command", build.command.as_ref(), "detected", |command| {
        list(command.iter().cloned())
    });
    for (name, value) in &build.env {
        let hidden = sounds_secret(name);
        rows.sourced(format!("build.env.{name}"), value, |text| {
            if hidden { "set".to_owned() } else { text.clone() }
        });
    }
    rows.sourced("build.timeout", &build.timeout, |limit| show_duration(*limit));
}

fn verify_rows(rows: &mut Rows, config: &Config) {
    let verify = &config.verify;
    rows.optional("verify.import", verify.import.as_ref(), "the modules of the wheel", |modules| {
        list(modules.iter().cloned())
    });
    rows.sourced("verify.version", &verify.version, |probe| match probe {
        VersionProbe::Metadata => "metadata".to_owned(),
        VersionProbe::Attribute { module, name } => format!("{module}.{name}"),
    });
    rows.sourced("verify.commands", &verify.commands, |commands| {
        list(commands.iter().map(|command| command.join(" ")))
    });
    rows.optional("verify.index", verify.dependencies.as_ref(), "the production index", ToString::to_string);
    rows.sourced("verify.timeout", &verify.timeout, |limit| show_duration(*limit));
}

fn index_rows(rows: &mut Rows, index: &Index, credentials: &Credentials<'_>) {
    let key = |field: &str| format!("index.{}.{field}", index.name);
    rows.sourced(key("role"), &index.role, |role| role_word(*role).to_owned());
    if let Some(source) = &index.left_out {
        rows.add(key("target"), "left out", source);
    }
    rows.sourced(key("required"), &index.required, ToString::to_string);
    rows.sourced(key("upload"), &index.upload, ToString::to_string);
    rows.optional(key("simple"), index.simple.as_ref(), "none", ToString::to_string);
    rows.optional(key("json"), index.json.as_ref(), "none", ToString::to_string);
    rows.sourced(key("immutable"), &index.immutable, |value| {
        match value {
            WriteOnce::Yes => "yes",
            WriteOnce::No => "no",
            WriteOnce::Unknown => "unknown",
        }
        .to_owned()
    });
    rows.sourced(key("rules"), &index.rules, |rules| {
        match rules {
            Rules::Pypi => "pypi",
            Rules::Permissive => "permissive",
        }
        .to_owned()
    });
    rows.sourced(key("mirror"), &index.mirror, ToString::to_string);
    rows.sourced(key("read-auth"), &index.read_auth, ToString::to_string);
    for (field, path) in [("ca", &index.ca), ("client-cert", &index.client_cert)] {
        if let Some(path) = path {
            rows.sourced(key(field), path, |path| path.display().to_string());
        }
    }
    rows.sourced(key("parallel-uploads"), &index.parallel_uploads, ToString::to_string);
    rows.sourced(key("cache-ttl"), &index.cache_ttl, |ttl| show_duration(*ttl));
    rows.sourced(key("trusted-publishing"), &index.trusted_publishing, |value| {
        match value {
            TrustedPublishing::Auto => "auto",
            TrustedPublishing::Always => "always",
            TrustedPublishing::Never => "never",
        }
        .to_owned()
    });
    rows.sourced(key("attestations"), &index.attestations, |value| {
        match value {
            Attestations::Require => "require",
            Attestations::Prefer => "prefer",
            Attestations::Off => "off",
        }
        .to_owned()
    });
    rows.sourced(key("username"), &index.username, Clone::clone);
    rows.sourced(key("token-env"), &index.token_env, |names| list(names.iter().cloned()));
    let (value, source) = credential(credentials.for_index(index));
    rows.0.push(Row { key: key("credential"), value, source });
}

fn github_rows(rows: &mut Rows, config: &Config, credentials: &Credentials<'_>) {
    if let Some(source) = &config.skip_github {
        return rows.add("github", "left out", source);
    }
    let github = &config.github;
    let here = format!("when origin is on {} and there is a token", github.website);
    match &github.configured {
        Some(source) => rows.add("github", "required", source),
        None => rows.add("github", here, &Source::Default),
    }
    rows.optional("github.repository", github.repository.as_ref(), "the one of origin", ToString::to_string);
    rows.sourced("github.notes", &github.notes, |notes| match notes {
        Notes::Auto => "auto".to_owned(),
        Notes::Generated => "generated".to_owned(),
        Notes::None => "none".to_owned(),
        Notes::File(path) => format!("file {}", path.display()),
        Notes::Command(command) => format!("command {}", list(command.iter().cloned())),
    });
    rows.sourced("github.assets", &github.assets, |globs| list(globs.iter().cloned()));
    rows.sourced("github.api", &github.api, ToString::to_string);
    rows.add("github.uploads", github.uploads.to_string(), &github.api.source);
    rows.sourced("github.token-env", &github.token_env, |names| list(names.iter().cloned()));
    let (value, source) = match credentials.for_github() {
        Ok(offer) => offer.token.map_or_else(
            || ("none".to_owned(), Source::Default.to_string()),
            |token| ("set".to_owned(), token.source.to_string()),
        ),
        Err(error) => (format!("unusable: {error}"), error.code().to_string()),
    };
    rows.0.push(Row { key: "github.credential".to_owned(), value, source });
}

fn credential(offer: Result<crate::credentials::Offer, ConfigError>) -> (String, String) {
    match offer {
        Ok(offer) => match offer.choice {
            Some(choice) => ("set".to_owned(), choice.source()),
            None => ("none".to_owned(), Source::Default.to_string()),
        },
        Err(error) => (format!("unusable: {error}"), error.code().to_string()),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.map(|item| format!("\"{item}\"")).collect();
    format!("[{}]", items.join(", "))
}

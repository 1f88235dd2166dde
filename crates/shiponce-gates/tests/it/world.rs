//! Projects made up on the spot.

use shiponce_api::v1::IssueSeverity;
use shiponce_config::{
    Config, Endpoint, Endpoints, Flags, GithubEndpoint, Inputs, Purpose, TagTemplate, VersionFile, resolve,
};
use shiponce_core::Version;
use shiponce_gates::version::{
    Asked, Location, Question, Reading, Verdict, find_locations, validate_version_sync,
};
use std::path::Path;

/// A file and its text.
pub(crate) type File = (&'static str, &'static str);

/// A project in a folder of its own.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    pub(crate) fn new(files: &[File]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            write(&folder.path().join(path), text);
        }
        Self { folder }
    }

    /// Its places, one a line.
    pub(crate) fn places(&self) -> String {
        show(&self.locations("", None))
    }

    /// The places of the project in a subfolder, with a name from the configuration.
    pub(crate) fn places_in(&self, subfolder: &str, name: Option<&str>) -> String {
        show(&self.locations(subfolder, name))
    }

    /// Its places with `[gates] version-files`.
    pub(crate) fn places_with(&self, version_files: &str) -> String {
        let files = self.version_files(version_files);
        let asked = Asked { root: self.folder.path(), name: None, version_files: &files };
        show(&find_locations(&asked).unwrap())
    }

    pub(crate) fn locations(&self, subfolder: &str, name: Option<&str>) -> Vec<Location> {
        let root = self.folder.path().join(subfolder);
        find_locations(&Asked { root: &root, name, version_files: &[] }).unwrap()
    }

    /// The gate with a tag and nothing else.
    pub(crate) fn verdict(&self, tag: Option<&str>) -> Verdict {
        let version: Option<Version> = tag.map(|tag| tag.trim_start_matches('v').parse().unwrap());
        let question = Question {
            tag: tag.zip(version.as_ref()),
            locations: &self.locations("", None),
            built: &[],
            published: Some(&[]),
        };
        validate_version_sync(&question)
    }

    /// The entries as the configuration reads them.
    fn version_files(&self, list: &str) -> Vec<VersionFile> {
        configured(self.folder.path(), &format!("[gates]\nversion-files = {list}\n")).version_files.value
    }
}

/// A tag template as the configuration reads it.
pub(crate) fn template(text: &str) -> TagTemplate {
    let folder = tempfile::tempdir().unwrap();
    configured(folder.path(), &format!("tag = \"{text}\"\n")).tag.value
}

fn configured(folder: &Path, text: &str) -> Config {
    write(&folder.join("shiponce.toml"), text);
    let endpoint = |name: &str| Endpoint {
        name: name.to_owned(),
        title: name.to_owned(),
        upload: format!("https://{name}.example/legacy/"),
        simple: format!("https://{name}.example/simple/"),
        json: format!("https://{name}.example/pypi/"),
        oidc: format!("https://{name}.example/_/oidc/"),
        files: format!("files.{name}.example"),
        token_location: format!("{name}.example"),
    };
    let inputs = Inputs {
        name_of: None,
        project_dir: folder.to_owned(),
        environment: std::collections::BTreeMap::new(),
        flags: Flags::default(),
        home: None,
        purpose: Purpose::Inspect,
        endpoints: Endpoints {
            production: endpoint("pypi"),
            test: endpoint("test"),
            github: GithubEndpoint {
                api: "https://api.forge.example/".to_owned(),
                uploads: "https://uploads.forge.example/".to_owned(),
                website: "forge.example".to_owned(),
                files: "assets.forge.example".to_owned(),
            },
        },
    };
    resolve(&inputs).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn write(path: &Path, text: &str) {
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, text).unwrap();
}

fn show(locations: &[Location]) -> String {
    let line = |location: &Location| {
        let said = match &location.reading {
            Reading::Version { text, .. } => text.clone(),
            Reading::NotAVersion(text) => format!("no version: {text}"),
            Reading::AfterBuild(why) => format!("after build: {why}"),
            Reading::FromTag => "the tag's".to_owned(),
            Reading::Missing(why) => format!("missing: {why}"),
        };
        format!("{} | {said} | {}", location.place(), location.source)
    };
    locations.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A verdict in a few lines.
pub(crate) fn told(verdict: &Verdict) -> String {
    let row = &verdict.row;
    let validation = row.validation.as_ref().unwrap();
    let mut lines = vec![format!(
        "{:?} synchronized={} git={} package={} conflict={:?} action={:?}: {}",
        row.status,
        validation.is_synchronized,
        validation.git_version.as_deref().unwrap_or("-"),
        validation.package_version.as_deref().unwrap_or("-"),
        validation.pypi_conflict,
        validation.recommended_action.code,
        validation.recommended_action.text
    )];
    for issue in &row.issues {
        let severity = match issue.severity {
            IssueSeverity::Error => "error",
            IssueSeverity::Warning => "warning",
            IssueSeverity::Note => "note",
        };
        let fix = issue.fix_suggestion.as_deref().map(|fix| format!(" -> {fix}")).unwrap_or_default();
        lines.push(format!("{severity}[{}] {}{fix}", issue.rule, issue.message));
    }
    lines.join("\n")
}

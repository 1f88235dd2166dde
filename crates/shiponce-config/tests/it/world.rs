//! One project, one home folder and one environment per test.

use shiponce_config::{
    Config, ConfigError, Credentials, Endpoint, Endpoints, GithubEndpoint, Inputs, Purpose, resolve,
    show_sources,
};

/// A world with a project called demo, and built-in indexes that exist nowhere.
pub(crate) struct World {
    project: tempfile::TempDir,
    home: tempfile::TempDir,
    pub(crate) inputs: Inputs,
}

pub(crate) const PYPROJECT: &str = "[build-system]\nrequires = [\"flit_core\"]\nbuild-backend = \"flit_core.buildapi\"\n\n[project]\nname = \"Demo_Project\"\nversion = \"1.4.0\"\n";

fn endpoint(name: &str, title: &str, host: &str) -> Endpoint {
    Endpoint {
        name: name.to_owned(),
        title: title.to_owned(),
        upload: format!("https://upload.{host}/legacy/"),
        simple: format!("https://{host}/simple/"),
        json: format!("https://{host}/pypi/"),
        oidc: format!("https://{host}/_/oidc/"),
        files: format!("files.{host}"),
        token_location: host.to_owned(),
    }
}

impl World {
    /// A folder with nothing in it.
    pub(crate) fn empty() -> Self {
        let project = tempfile::tempdir().expect("a temporary folder");
        let home = tempfile::tempdir().expect("a temporary folder");
        let inputs = Inputs {
            name_of: None,
            project_dir: project.path().to_owned(),
            environment: std::collections::BTreeMap::new(),
            flags: shiponce_config::Flags::default(),
            home: Some(home.path().to_owned()),
            purpose: Purpose::Release,
            endpoints: Endpoints {
                production: endpoint("pypi", "PyPI", "index.example"),
                test: endpoint("testpypi", "Test PyPI", "test.index.example"),
                github: GithubEndpoint {
                    api: "https://api.forge.example/".to_owned(),
                    uploads: "https://uploads.forge.example/".to_owned(),
                    website: "forge.example".to_owned(),
                    files: "assets.forge.example".to_owned(),
                },
            },
        };
        Self { project, home, inputs }
    }

    /// A project without any configuration.
    pub(crate) fn new() -> Self {
        Self::empty().file("pyproject.toml", PYPROJECT)
    }

    /// A project with a `shiponce.toml`.
    pub(crate) fn with(config: &str) -> Self {
        Self::new().file("shiponce.toml", config)
    }

    pub(crate) fn file(self, name: &str, content: &str) -> Self {
        fs_err::write(self.project.path().join(name), content).expect("a file of the project");
        self
    }

    /// A file in a folder of the project.
    pub(crate) fn nested(&self, name: &str, content: &str) {
        let path = self.project.path().join(name);
        fs_err::create_dir_all(path.parent().expect("a folder above")).expect("the folder");
        fs_err::write(path, content).expect("a file of the project");
    }

    pub(crate) fn home_file(self, name: &str, content: &str, mode: u32) -> Self {
        write_with_mode(&self.home.path().join(name), content, mode);
        self
    }

    pub(crate) fn secret_file(self, name: &str, content: &str, mode: u32) -> Self {
        write_with_mode(&self.project.path().join(name), content, mode);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.inputs.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn inspect(mut self) -> Self {
        self.inputs.purpose = Purpose::Inspect;
        self
    }

    pub(crate) fn publish(mut self) -> Self {
        self.inputs.purpose = Purpose::Publish;
        self
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.project.path().join(name)
    }

    pub(crate) fn resolve(&self) -> Result<Config, ConfigError> {
        resolve(&self.inputs)
    }

    /// The configuration of a world that has one.
    pub(crate) fn config(&self) -> Config {
        self.resolve().unwrap_or_else(|error| panic!("{}", self.show(&error)))
    }

    /// The whole text of the error of a world that has none, with its exit code.
    pub(crate) fn error(&self) -> String {
        self.show(&self.resolve().expect_err("the configuration is accepted"))
    }

    /// An error as users see it.
    pub(crate) fn show(&self, error: &ConfigError) -> String {
        let problem = error.problem();
        self.relative(&format!("{}exit {}", problem.render(), problem.exit_code()))
    }

    /// The indexes of the run: name, role, upload address, left out by.
    pub(crate) fn indexes(&self) -> String {
        let config = self.config();
        let lines: Vec<String> = config
            .indexes
            .iter()
            .map(|index| {
                let out = index.left_out.as_ref().map(|by| format!(", left out by {by}"));
                let role = format!("{:?}", index.role.value).to_lowercase();
                let out = out.unwrap_or_default();
                format!("{} {role} {} from {}{out}", index.name, index.upload.value, index.source)
            })
            .collect();
        lines.join("\n")
    }

    /// The credential of an index: its source, or the whole error.
    pub(crate) fn credential(&self, index: &str) -> String {
        let config = self.config();
        let index = config.index(index).unwrap_or_else(|| panic!("no index {index}"));
        let choice = Credentials::load(&config, &self.inputs).and_then(|found| found.require(index));
        match choice {
            Ok(shiponce_config::Choice::Token(token)) => format!("{} as {}", token.source, token.username),
            Ok(choice) => choice.source(),
            Err(error) => self.show(&error),
        }
    }

    /// The table of `config show --sources`.
    pub(crate) fn sources(&self) -> String {
        let config = self.config();
        let credentials = Credentials::load(&config, &self.inputs).expect("usable secret files");
        let rows = show_sources(&config, &credentials);
        let lines: Vec<String> =
            rows.iter().map(|row| format!("{} = {}  # {}", row.key, row.value, row.source)).collect();
        self.relative(&lines.join("\n"))
    }

    pub(crate) fn relative(&self, text: &str) -> String {
        text.replace(&self.project.path().display().to_string(), "DIR")
            .replace(&self.home.path().display().to_string(), "HOME")
    }
}

fn write_with_mode(path: &std::path::Path, content: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs_err::write(path, content).expect("a file with a mode");
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
}

/// An API token of an index, in the encoding its server uses.
pub(crate) fn token(location: &str) -> String {
    use base64::Engine as _;
    let mut bytes = vec![2, 1, u8::try_from(location.len()).expect("a short name")];
    bytes.extend_from_slice(location.as_bytes());
    bytes.extend_from_slice(&[2, 4]);
    bytes.extend_from_slice(b"key0");
    bytes.extend_from_slice(&[0, 2, 3]);
    bytes.extend_from_slice(b"[3]");
    bytes.extend_from_slice(&[0, 0, 6, 32]);
    bytes.extend_from_slice(&[9; 32]);
    format!("pypi-{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

//! One test's own place: a folder, a world, a user with tokens, and the binary.

use super::child::{Child, Run};
use super::{filters, forge, project, tools, world};
use shiponce_rehearsal::{BlockingServer, Index, ReleaseView, TokenSpec, World, WorldConfig};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Variables with these beginnings let children reach the network as the test run does.
const PASSED_ON: [&str; 3] = ["PIP_", "SSL_", "REQUESTS_"];
/// And these.
const PROXIES: [&str; 6] =
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

/// A world, a home, a state folder and a project folder, all gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Setting {
    folder: TempDir,
    server: BlockingServer,
    env: BTreeMap<OsString, OsString>,
}

impl Setting {
    /// A world with two empty indexes, and an empty project folder. The world answers for nothing else, so nothing
    /// reaches the network.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same, with a say in how the world begins.
    pub(crate) fn with(change: impl FnOnce(&mut WorldConfig)) -> Self {
        let folder = tempfile::Builder::new().prefix("shiponce-it-").tempdir().unwrap();
        let mut config = WorldConfig::new();
        let tokens = Index::ALL.map(|index| (index, config.token(index, &TokenSpec::user("alice"))));
        let github_token = forge::prepare(&mut config, &folder.path().join("project.remote.git"));
        change(&mut config);
        let server = BlockingServer::start(World::new(config)).unwrap();
        let mut setting = Self { folder, server, env: BTreeMap::new() };
        for name in ["home", "state", "project", "tmp"] {
            fs_err::create_dir_all(setting.path(name)).unwrap();
        }
        for (index, token) in tokens {
            setting.set(variable_of(index), token);
        }
        setting.set(forge::VARIABLE, github_token);
        setting.surroundings();
        setting.write_config("");
        setting
    }

    /// `examples/hello` in a repository of its own, in a world that passes on other projects' pages.
    pub(crate) fn hello() -> Self {
        let setting = Self::with(|config| {
            config.upstream = Some(world::upstream());
            config.released_here("shiponce-hello");
        });
        project::hello(&setting.project());
        setting
    }

    /// A project that needs no network: one wheel with other bytes at every build.
    pub(crate) fn tiny() -> Self {
        let setting = Self::with(|config| {
            config.released_here("tiny");
        });
        project::tiny(&setting.project());
        setting.write_config(project::TINY_CONFIG);
        setting
    }

    /// [`Setting::tiny`], whose page is made on the world's GitHub. `more` stands in the table.
    pub(crate) fn tiny_on_github(more: &str) -> Self {
        let setting = Self::tiny();
        setting.write_config(&format!("{}{}{more}", project::TINY_CONFIG, setting.github()));
        setting
    }

    /// [`Setting::tiny`], whose first build waits as long as the file that is returned exists, and holds the
    /// build's process id.
    pub(crate) fn slow_build(stubborn: bool) -> (Self, PathBuf) {
        let setting = Self::tiny();
        let mark = setting.path("building");
        let more = if stubborn { ", TINY_STUBBORN = \"1\"" } else { "" };
        let env = format!("env = {{ TINY_MARK = \"{}\"{more} }}\n", mark.display());
        setting.write_config(&format!("{}{env}", project::TINY_CONFIG));
        (setting, mark)
    }

    fn surroundings(&mut self) {
        for (name, value) in tools::variables() {
            let text = name.to_string_lossy();
            if PASSED_ON.iter().any(|start| text.starts_with(start)) || PROXIES.contains(&&*text) {
                self.set(&name, value);
            }
        }
        self.set("NO_PROXY", "127.0.0.1,localhost");
        self.set("PATH", tools::path_with_uv());
        self.set("HOME", self.path("home"));
        self.set("TMPDIR", self.path("tmp"));
        self.set("SHIPONCE_STATE_DIR", self.path("state"));
        self.set("SHIPONCE_CONFIG", self.path("shiponce.toml"));
        self.set("GIT_CONFIG_GLOBAL", "/dev/null");
        self.set("GIT_CONFIG_NOSYSTEM", "1");
        // uv's cache is shared by all tests: it is uv's own business that its users do not meet.
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("uv-cache");
        fs_err::create_dir_all(&cache).unwrap();
        fs_err::create_dir_all(self.path("home/.cache")).unwrap();
        fs_err::os::unix::fs::symlink(cache, self.path("home/.cache/uv")).unwrap();
    }

    /// A path below the folder of this test.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The project's folder, where commands run.
    pub(crate) fn project(&self) -> PathBuf {
        self.path("project")
    }

    /// The world.
    pub(crate) fn world(&self) -> &World {
        self.server.world()
    }

    /// The world's server, for its addresses.
    pub(crate) fn server(&self) -> &BlockingServer {
        &self.server
    }

    /// Sets a variable for every later command.
    pub(crate) fn set(&mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) {
        self.env.insert(name.as_ref().to_owned(), value.as_ref().to_owned());
    }

    /// A variable of every later command.
    pub(crate) fn variable(&self, name: &str) -> Option<OsString> {
        self.env.get(OsStr::new(name)).cloned()
    }

    /// Takes a variable away from every later command.
    pub(crate) fn unset(&mut self, name: &str) {
        self.env.remove(OsStr::new(name));
    }

    /// Takes uv off the `PATH` of every later command.
    pub(crate) fn without_uv(&mut self) {
        let path = tools::path_without_uv(&self.path("no-uv"));
        self.set("PATH", path);
    }

    /// Writes the configuration file, outside the project: both indexes of the world, then `more`.
    pub(crate) fn write_config(&self, more: &str) {
        fs_err::write(self.path("shiponce.toml"), format!("{}\n{more}", self.indexes())).unwrap();
    }

    /// Writes the configuration file with settings of the top level before the tables.
    pub(crate) fn write_config_with_top(&self, top: &str) {
        fs_err::write(self.path("shiponce.toml"), format!("{top}\n{}", self.indexes())).unwrap();
    }

    /// The tables of the world's two indexes.
    pub(crate) fn indexes(&self) -> String {
        let table = |index: Index, name: &str, role: &str| {
            let at = self.server.addresses(index);
            format!(
                "[index.{name}]\nrole = \"{role}\"\nupload = \"{}\"\nsimple = \"{}\"\njson = \"{}\"\nimmutable = \"yes\"\nrules = \"pypi\"\ntoken-env = [\"{}\"]\n",
                at.upload(),
                at.simple(),
                at.json(),
                variable_of(index)
            )
        };
        table(Index::TestPypi, "testpypi", "test") + &table(Index::Pypi, "pypi", "production")
    }

    /// The table of the world's GitHub. Its repository has the tags of the project's remote.
    pub(crate) fn github(&self) -> String {
        forge::table(&self.server.github())
    }

    /// The releases of the repository on the world's GitHub, drafts included.
    pub(crate) fn releases(&self) -> Vec<ReleaseView> {
        self.world().releases(forge::REPOSITORY)
    }

    /// The binary with its arguments, its whole environment built, in the project's folder.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        #[expect(clippy::disallowed_methods, reason = "the binary is driven from outside")]
        let mut command = Command::new(env!("CARGO_BIN_EXE_shiponce"));
        command.args(args).env_clear().envs(&self.env).current_dir(self.project());
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn shiponce<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Run {
        Run::of(self.command(args))
    }

    /// Starts the binary.
    pub(crate) fn spawn<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Child {
        Child::spawn(self.command(args))
    }

    /// The files of an index and their digests.
    pub(crate) fn files(&self, index: Index) -> BTreeMap<String, String> {
        let files = self.world().files(index).into_iter();
        files.map(|file| (file.filename, file.sha256)).collect()
    }

    /// How many uploads changed an index: each stores one file.
    pub(crate) fn stores(&self, index: Index) -> usize {
        let log = self.world().log();
        log.iter().filter(|entry| entry.is_write && entry.changed && entry.index == Some(index)).count()
    }

    /// A text without what differs between two runs.
    pub(crate) fn tidy(&self, text: &str) -> String {
        filters::tidy(text, self.folder.path())
    }
}

/// Whatever was said to GitHub is held against its own description.
impl Drop for Setting {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            forge::check(self.server.world());
        }
    }
}

/// The variable that holds the token of an index.
fn variable_of(index: Index) -> &'static str {
    match index {
        Index::Pypi => "REHEARSAL_PROD_TOKEN",
        Index::TestPypi => "REHEARSAL_TEST_TOKEN",
    }
}

//! What the commands share: the environment, the runtime, the context, the configuration.

use super::Global;
use super::press::Pressed;
use crate::terminal::{Summary, Terminal};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{
    Config, Credentials, Endpoints, Flags, Inputs, Ledger, Member, NameOf, Purpose, Source, Sourced, resolve,
    resolve_member,
};
use shiponce_engine::report::Reporter as _;
use shiponce_engine::{Context, StateDirs, find_name};
use shiponce_io::files::TempFolder;
use shiponce_io::http::{MemoryTransport, Transport};
use shiponce_io::process::{Environment, SystemRunner};
use shiponce_io::random::RandomIds;
use shiponce_io::{Cancel, Clock as _, SystemClock};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The process's environment: the one place that reads it.
#[expect(clippy::disallowed_methods, reason = "the binary is where the environment comes in")]
pub(crate) fn environment() -> Environment {
    Environment(std::env::vars_os().collect())
}

/// One variable, when it is text.
pub(crate) fn environment_text(name: &str) -> Option<String> {
    environment().get(name).and_then(|value| value.to_str()).map(ToOwned::to_owned)
}

/// The variables whose name and value are text.
fn environment_map() -> BTreeMap<String, String> {
    let pairs = environment().0.into_iter();
    pairs.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect()
}

/// The working directory.
#[expect(clippy::disallowed_methods, reason = "the binary is where the working directory comes in")]
pub(crate) fn current_dir() -> Result<PathBuf, Problem> {
    std::env::current_dir().map_err(|error| {
        Problem::new(ErrorCode::Usage, "the working directory cannot be used").cause(error.to_string())
    })
}

/// Runs a command on a runtime of its own.
pub(crate) fn block_on<F>(work: F) -> Result<ExitCode, Problem>
where
    F: Future<Output = Result<ExitCode, Problem>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime =
        runtime.map_err(|error| Problem::new(ErrorCode::Internal, "no runtime").cause(error.to_string()))?;
    let result = runtime.block_on(Box::pin(work));
    // A blocked DNS look-up or a child's pipe must not keep a finished command from ending.
    runtime.shutdown_timeout(Duration::from_millis(200));
    result
}

/// Ctrl-C and SIGTERM raise the flag; a second one ends the process at once, and the children that do not want to end.
fn watch_signals(cancel: &Cancel, terminal: &Terminal) -> Result<(), Problem> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |error: std::io::Error| {
        Problem::new(ErrorCode::Internal, "signals cannot be watched").cause(error.to_string())
    };
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let (cancel, terminal) = (cancel.clone(), terminal.clone());
    tokio::spawn(async move {
        let mut asked = false;
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if asked {
                cancel.hurry();
                break;
            }
            asked = true;
            terminal.line(shiponce_api::v1::Level::Warning, "Stopping; a second signal ends at once");
            cancel.cancel();
        }
        end_now().await;
    });
    Ok(())
}

/// Ends the process, a moment after everybody was hurried: long enough to take children down, too short to notice.
#[expect(clippy::exit, reason = "the second Ctrl-C: the journal makes any moment a safe one to end at")]
async fn end_now() {
    SystemClock::new().sleep(Duration::from_millis(300)).await;
    std::process::exit(i32::from(ExitCode::Interrupted.number()))
}

/// The name of a project that states it in `setup.py`, `setup.cfg` or poetry's table alone. What the build says is
/// compared with it later, as with any other name.
fn name_from_files(config: &mut Config, inputs: &Inputs) -> Result<(), Problem> {
    if config.package.is_some() || config.project.is_none() {
        return Ok(());
    }
    let found = find_name(&inputs.project_dir)
        .map_err(|error| Problem::from_error(ErrorCode::ConfigInvalid, &error))?;
    config.package = found
        .and_then(|(name, file)| Some(Sourced::new(name.parse().ok()?, Source::Fallback(file.to_owned()))));
    Ok(())
}

/// A resolved configuration with what it was resolved from.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) inputs: Inputs,
    pub(crate) config: Config,
}

impl Resolved {
    /// Resolves the configuration of a project folder.
    pub(crate) fn load(
        global: &Global,
        project: &Path,
        mut flags: Flags,
        purpose: Purpose,
        endpoints: Endpoints,
    ) -> Result<Self, Problem> {
        let environment = environment_map();
        let home = ["HOME", "USERPROFILE"].iter().find_map(|name| environment.get(*name)).map(PathBuf::from);
        flags.config.clone_from(&global.config);
        flags.state_dir.clone_from(&global.state_dir);
        flags.ledger.clone_from(&global.ledger);
        // Messages name the folder, and folders above it are looked for: `src` alone says neither.
        let project_dir = std::path::absolute(project).unwrap_or_else(|_| project.to_owned());
        let name_of: NameOf = |folder| find_name(folder).ok().flatten();
        let name_of = Some(name_of);
        let inputs = Inputs { project_dir, environment, flags, home, purpose, endpoints, name_of };
        let mut config = resolve(&inputs).map_err(|error| error.problem())?;
        name_from_files(&mut config, &inputs)?;
        Ok(Self { inputs, config })
    }

    /// The same for a project of the workspace that this is.
    pub(crate) fn member(&self, member: &Member) -> Result<Self, Problem> {
        let mut config = resolve_member(&self.inputs, member).map_err(|error| error.problem())?;
        let inputs = Inputs { project_dir: member.root.clone(), ..self.inputs.clone() };
        name_from_files(&mut config, &inputs)?;
        Ok(Self { inputs, config })
    }

    /// The credentials of the run.
    pub(crate) fn credentials(&self) -> Result<Credentials<'_>, Problem> {
        Credentials::load(&self.config, &self.inputs).map_err(|error| error.problem())
    }

    /// Where this user's state lives.
    pub(crate) fn state(&self, temp: &TempFolder) -> Result<StateDirs, Problem> {
        let (Some(root), Some(ledger)) = (&self.config.state_dir, &self.config.ledger) else {
            return Err(Problem::new(ErrorCode::Usage, "there is no home folder to keep state in")
                .hint("name a folder with --state-dir or SHIPONCE_STATE_DIR"));
        };
        let Ledger::Sqlite(ledger) = &ledger.value;
        Ok(StateDirs { root: root.value.clone(), ledger: ledger.clone(), temp: temp.path().to_owned() })
    }
}

/// A folder for builds and environments, removed when the command ends, and by the next command when it was killed.
pub(crate) fn temp_dir() -> Result<TempFolder, Problem> {
    const PREFIX: &str = "shiponce-";
    let parent = std::env::temp_dir();
    TempFolder::sweep(&parent, PREFIX);
    TempFolder::create(&parent, PREFIX).map_err(|error| {
        Problem::from_error(ErrorCode::Usage, &error).hint("set TMPDIR to a folder on a local disk")
    })
}

/// The context of a command that runs against the real world, with the certificates of every index in `configs`.
pub(crate) fn context<'a>(
    terminal: &Terminal,
    state: StateDirs,
    configs: impl IntoIterator<Item = &'a Config>,
) -> Result<Context, Problem> {
    let environment = environment();
    let transport = super::transport::transport(terminal, &environment, configs)?;
    context_over(terminal, state, environment, transport)
}

/// The context of a command that asks no index: it reads no certificates, and no request could leave it.
pub(crate) fn offline_context(terminal: &Terminal, state: StateDirs) -> Result<Context, Problem> {
    let refuse = |_, _| {
        let mut answer = http::Response::default();
        answer.extensions_mut().insert(std::io::ErrorKind::ConnectionRefused);
        answer
    };
    let transport = Arc::new(MemoryTransport::new(Arc::new(SystemClock::new()), refuse));
    context_over(terminal, state, environment(), transport)
}

fn context_over(
    terminal: &Terminal,
    state: StateDirs,
    environment: Environment,
    transport: Arc<dyn Transport>,
) -> Result<Context, Problem> {
    let clock = Arc::new(SystemClock::new());
    let cancel = Cancel::new();
    watch_signals(&cancel, terminal)?;
    Ok(Context {
        transport,
        ids: Arc::new(RandomIds::new(clock.clone())),
        clock,
        runner: Arc::new(SystemRunner),
        report: Arc::new(terminal.clone()),
        cancel,
        environment,
        state,
    })
}

/// Prints how a release-like command ended, for people, programs and CI.
pub(crate) fn conclude(pressed: &Pressed, terminal: &Terminal) -> Result<ExitCode, Problem> {
    pressed.show_problems(terminal);
    if terminal.json() {
        terminal.data(&pressed.text()?);
    }
    let documents = pressed.releases().iter().map(|finished| &finished.document).collect();
    let summary = Summary { documents, outcome: pressed.outcome() };
    if let Err(error) = summary.write() {
        terminal.line(
            shiponce_api::v1::Level::Warning,
            &format!("the job summary could not be written: {error}"),
        );
    }
    Ok(pressed.exit_code())
}

/// A duration as people type it: `90s`, `15m`, `2h`, `1d`, or plain seconds.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| format!("`{text}` is no duration; write 90s, 15m or 2h"))?;
    let factor = match &text[digits.len()..] {
        "ms" => return Ok(Duration::from_millis(number)),
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        other => return Err(format!("`{other}` is no unit of time; use s, m, h or d")),
    };
    Ok(Duration::from_secs(number.saturating_mul(factor)))
}

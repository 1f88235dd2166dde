//! What a fault of the index costs: the release binary, `uv publish` and `twine upload` against the same fault.
//!
//! Every cell is a world of its own, three wheels, and one run of the program, as a CI job makes one. A cell is right
//! when every file is there and the program says so, or when it says that a file is missing and no program could have
//! sent it.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use fs_err as fs;
use shiponce_rehearsal::{BlockingServer, Index, TokenSpec, World, WorldConfig};

const WHEELS: usize = 3;
/// How many runs go on at the same time: nearly all of their time they wait.
const AT_ONCE: usize = 6;
/// No run may take longer. A client without a time limit of its own waits for a silent index for ever.
const DEADLINE: Duration = Duration::from_secs(20 * 60);

/// One behaviour of the index.
#[derive(Debug, Clone, Copy)]
struct Fault {
    what: &'static str,
    spec: &'static str,
    /// How many of the files can be published at all.
    possible: usize,
}

const fn fault(what: &'static str, spec: &'static str, possible: usize) -> Fault {
    Fault { what, spec, possible }
}

/// The longest run first.
const FAULTS: [Fault; 17] = [
    fault("200 for the second file, and nothing stored", "upload:2:200-not-stored", 2),
    fault("no answer to the first upload", "upload:1:hang", 3),
    fault("nothing", "json:9:503", 3),
    fault("503 once", "upload:1:503", 3),
    fault("503 once, with Retry-After: 2", "upload:1:503+retry-after=2", 3),
    fault("503 three times", "upload:1:503x3", 3),
    fault("503 for good", "upload:*:503", 0),
    fault("500 once, as when several create a release", "upload:1:race", 3),
    fault("500 for the second file, and stored", "upload:2:500-stored", 3),
    fault("429 once", "upload:2:429", 3),
    fault("connection cut before the first upload is read", "upload:1:drop-before", 3),
    fault("connection cut in the middle of a body", "upload:2:cut-reading", 3),
    fault("stored, and the connection cut before the answer", "upload:1:drop-after", 3),
    fault("stored, and the answer cut short", "upload:2:truncated", 3),
    fault("a login page instead of an answer, once", "upload:2:captive-portal", 3),
    fault("read-only mode", "upload:*:read-only", 0),
    fault("every answer two seconds late", "any:*:delay=2000", 3),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tool {
    Shiponce,
    Uv,
    Twine,
}

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Self::Shiponce => "shiponce",
            Self::Uv => "uv",
            Self::Twine => "twine",
        }
    }
}

const TOOLS: [Tool; 3] = [Tool::Shiponce, Tool::Uv, Tool::Twine];

/// What one run left behind.
#[derive(Debug)]
struct Cell {
    /// Files of ours on the index.
    there: usize,
    sent: usize,
    /// The exit code; `None` when the deadline or a signal ended it.
    code: Option<i32>,
    took: Duration,
}

impl Cell {
    /// What is wrong with it, if anything is.
    fn verdict(&self, fault: &Fault) -> &'static str {
        match (self.there, self.code) {
            (_, None) => "**hangs**",
            (WHEELS, Some(0)) => "published",
            (WHEELS, Some(_)) => "**wrong exit**",
            (_, Some(0)) => "**lost, and says it is done**",
            (there, Some(_)) if there >= fault.possible => "refused, rightly",
            _ => "**lost**",
        }
    }

    fn text(&self, fault: &Fault) -> String {
        let code = self.code.map_or("stopped".to_owned(), |code| format!("exit {code}"));
        let took = self.took.as_secs();
        format!("{}: {} of {WHEELS}, {code}, {} sent, {took} s", self.verdict(fault), self.there, self.sent)
    }

    fn is_right(&self, fault: &Fault) -> bool {
        matches!(self.verdict(fault), "published" | "refused, rightly")
    }
}

/// Runs every cell and prints the table in the form of docs/performance.md.
pub(crate) fn run() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let wheels = crate::make_wheels(dir.path(), WHEELS, 1 << 16)?;
    let cells = FAULTS.iter().enumerate().flat_map(|(row, _)| TOOLS.into_iter().map(move |tool| (row, tool)));
    let queue = Mutex::new(cells.collect::<VecDeque<_>>());
    let done = Mutex::new(Vec::new());
    let failed = Mutex::new(None);
    let next = || queue.lock().ok()?.pop_front();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((row, tool)) = next() {
                    let folder = dir.path().join(format!("{row}-{}", tool.name()));
                    let ended = cell(&FAULTS[row], tool, &folder, &wheels);
                    match (ended, done.lock(), failed.lock()) {
                        (Ok(cell), Ok(mut done), _) => {
                            eprintln!("{}, {}: {}", tool.name(), FAULTS[row].what, cell.text(&FAULTS[row]));
                            done.push((row, tool, cell));
                        }
                        (Err(error), _, Ok(mut failed)) => *failed = Some(error),
                        _ => {}
                    }
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().ok().flatten() {
        return Err(error);
    }
    print(&done.into_inner().unwrap_or_default());
    Ok(())
}

fn print(done: &[(usize, Tool, Cell)]) {
    println!("| the index | `shiponce publish` | `uv publish --check-url` | `twine upload` |");
    println!("|---|---|---|---|");
    let of = |row: usize, tool: Tool| done.iter().find(|(at, who, _)| (*at, *who) == (row, tool));
    for (row, fault) in FAULTS.iter().enumerate() {
        let text = |tool| of(row, tool).map_or_else(String::new, |(_, _, cell)| cell.text(fault));
        println!("| {} | {} |", fault.what, TOOLS.map(text).join(" | "));
    }
    let right = |tool| {
        let rows = FAULTS.iter().enumerate();
        rows.filter(|(row, fault)| of(*row, tool).is_some_and(|(_, _, cell)| cell.is_right(fault))).count()
    };
    let sums = TOOLS.map(|tool| format!("{} of {}", right(tool), FAULTS.len()));
    println!("| right | {} |", sums.join(" | "));
}

fn cell(fault: &Fault, tool: Tool, folder: &Path, wheels: &[PathBuf]) -> Result<Cell> {
    fs::create_dir_all(folder)?;
    let mut config = WorldConfig::new();
    let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
    config.fault(fault.spec.parse()?);
    let server = BlockingServer::start(World::new(config))?;
    let at = server.addresses(Index::Pypi);
    let mut command = match tool {
        Tool::Shiponce => ours(folder, &at.upload(), &at.simple(), &token)?,
        Tool::Uv => uv(&at.upload(), &at.simple(), &token)?,
        Tool::Twine => twine(&at.upload(), &token)?,
    };
    command.args(wheels).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    let code = wait(command)?;
    let there = server.world().files(Index::Pypi).len();
    Ok(Cell { there, sent: server.world().writes(Index::Pypi), code, took: begun.elapsed() })
}

fn ours(folder: &Path, upload: &str, simple: &str, token: &str) -> Result<Command> {
    let mut command = Command::new(crate::binary()?);
    command
        .args(["publish", "--yes", "--index", "bench", "--config"])
        .arg(crate::configuration(folder, upload, simple)?)
        .arg("--state-dir")
        .arg(folder.join("state"))
        .env(crate::TOKEN_VARIABLE, token);
    Ok(command)
}

fn uv(upload: &str, simple: &str, token: &str) -> Result<Command> {
    let mut command = crate::tool("uv")?;
    command.args([
        "publish",
        "--no-config",
        "--publish-url",
        upload,
        "--check-url",
        simple,
        "--token",
        token,
    ]);
    Ok(command)
}

fn twine(upload: &str, token: &str) -> Result<Command> {
    let mut command = crate::tool("twine")?;
    command.args(["upload", "--non-interactive", "--disable-progress-bar", "--repository-url", upload]);
    command.args(["--username", "__token__", "--password", token]);
    Ok(command)
}

/// The exit code, `None` when it had to be stopped.
fn wait(mut command: Command) -> Result<Option<i32>> {
    let mut child = command.spawn().context("cannot start the program")?;
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if begun.elapsed() > DEADLINE {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

//! The one road to the terminal: data on stdout, everything else on stderr.

pub(crate) mod color;
mod events;
mod github;
mod progress;

use crate::cli::Global;
use anstyle::{AnsiColor, Style};
use events::EventLog;
use shiponce_api::v1::Level;
use shiponce_api::{ExitCode, Problem};
use shiponce_engine::report::{Confirmation, Reporter};
use shiponce_io::{Cancel, Clock as _};
use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

pub(crate) use github::Summary;

/// How often a waiting question looks for Ctrl-C.
const ASK_EVERY: Duration = Duration::from_millis(50);

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Volume {
    Quiet,
    Normal,
    Verbose,
}

/// stdout, stderr and the person in front of them.
#[derive(Debug, Clone)]
pub(crate) struct Terminal {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    json: bool,
    volume: Volume,
    color: anstream::ColorChoice,
    interactive: bool,
    annotations: bool,
    yes: AtomicBool,
    clock: shiponce_io::SystemClock,
    events: EventLog,
    progress: progress::Bars,
}

impl Terminal {
    pub(crate) fn new(global: &Global, hardened: bool) -> Self {
        let volume = match (global.quiet, global.verbose) {
            (true, _) => Volume::Quiet,
            (_, true) => Volume::Verbose,
            _ if debugging() => Volume::Verbose,
            _ => Volume::Normal,
        };
        let interactive = std::io::stderr().is_terminal();
        let bars = interactive && !global.no_progress && !global.quiet;
        let inner = Inner {
            json: global.json,
            volume,
            color: global.color.into(),
            interactive,
            annotations: github::in_actions(),
            yes: AtomicBool::new(false),
            clock: shiponce_io::SystemClock::new(),
            events: EventLog::new(global.events.clone()),
            progress: progress::Bars::new(bars),
        };
        let terminal = Self { inner: Arc::new(inner) };
        if !hardened {
            terminal.line(Level::Debug, "this process can be inspected by other processes of the same user");
        }
        terminal
    }

    /// Whether the answer is one JSON object.
    pub(crate) fn json(&self) -> bool {
        self.inner.json
    }

    /// `--yes`: the question before publishing is answered.
    pub(crate) fn answer_yes(&self) {
        self.inner.yes.store(true, Ordering::Relaxed);
    }

    /// Writes data to stdout. A closed pipe is the reader's choice (`shiponce … | head`).
    pub(crate) fn data(&self, text: &str) {
        self.inner.progress.suspend(|| {
            let mut out = anstream::AutoStream::new(std::io::stdout(), self.inner.color);
            drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
        });
    }

    /// Prints a problem: text on stderr, and the error object on stdout where JSON was asked for and nothing else
    /// was printed.
    pub(crate) fn fail(&self, problem: &Problem) -> ExitCode {
        self.show_problem(problem);
        if self.inner.json {
            let document = shiponce_api::v1::ErrorDocument::from(problem);
            if let Ok(text) = shiponce_api::v1::to_text(&document) {
                self.data(&text);
            }
        }
        problem.exit_code()
    }

    /// Prints a problem on stderr only, for commands whose JSON carries it.
    pub(crate) fn show_problem(&self, problem: &Problem) {
        let red = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
        for line in problem.lines() {
            let styled = match line.kind {
                shiponce_api::LineKind::Error => format!("{red}{}{red:#}{}", line.label, line.text),
                _ => line.to_string(),
            };
            self.stderr(&styled);
        }
        if self.inner.annotations {
            self.annotate(Level::Error, &problem.to_string());
        }
        let fields = [("code", problem.code.slug()), ("message", &problem.message)];
        self.inner.events.write(self.inner.clock.now(), Level::Error, "run.failed", &fields);
    }

    /// Ends progress bars and events.
    pub(crate) fn finish(&self) {
        self.inner.progress.finish();
        if let Some(why) = self.inner.events.failure() {
            self.stderr(&format!("[WARNING] the events file could not be written: {why}"));
        }
    }

    fn annotate(&self, level: Level, text: &str) {
        self.write_stderr(&github::annotation(level, text));
    }

    fn stderr(&self, text: &str) {
        if self.inner.annotations {
            self.write_stderr(&github::defused(text));
        } else {
            self.write_stderr(text);
        }
    }

    fn write_stderr(&self, text: &str) {
        self.inner.progress.suspend(|| {
            let mut err = anstream::AutoStream::new(std::io::stderr(), self.inner.color);
            drop(writeln!(err, "{text}"));
        });
    }

    fn shows(&self, level: Level) -> bool {
        let needed = match level {
            Level::Debug => Volume::Verbose,
            Level::Info | Level::Success => Volume::Normal,
            Level::Warning | Level::Error => Volume::Quiet,
        };
        self.inner.volume >= needed
    }
}

/// Words before there are settings to print them by: what clap says of a command line it cannot parse.
pub(crate) fn words(text: &str) {
    drop(anstream::AutoStream::auto(std::io::stderr()).write_all(text.as_bytes()));
}

/// The one document of such a command line.
pub(crate) fn document(text: &str) {
    drop(std::io::stdout().write_all(text.as_bytes()));
}

/// `DEBUG=1` asks for what `-v` asks for. Other programs give the variable values of their own (`DEBUG=express:*`),
/// and those mean nothing here.
fn debugging() -> bool {
    crate::cli::environment_text("DEBUG").is_some_and(|value| matches!(value.as_str(), "1" | "true"))
}

fn style_of(level: Level) -> Style {
    let color = match level {
        Level::Debug => return Style::new().dimmed(),
        Level::Info => AnsiColor::Blue,
        Level::Success => AnsiColor::Green,
        Level::Warning => AnsiColor::Yellow,
        Level::Error => AnsiColor::Red,
    };
    Style::new().fg_color(Some(color.into()))
}

/// Control characters from outside (a build's output, an index's words) must not steer the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// One line of the person's; `None` when there is none, or Ctrl-C came first. A read of the terminal cannot be called
/// back, so it has a thread of its own that ends with the process.
fn answer(cancel: &Cancel) -> Option<String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        // Nobody listens any more after Ctrl-C.
        drop(sender.send(read.ok().map(|_| line)));
    });
    loop {
        match receiver.recv_timeout(ASK_EVERY) {
            Ok(line) => return line,
            Err(RecvTimeoutError::Timeout) if !cancel.is_cancelled() => {}
            Err(_) => return None,
        }
    }
}

impl Reporter for Terminal {
    fn line(&self, level: Level, text: &str) {
        let text = printable(text);
        if self.shows(level) {
            let style = style_of(level);
            let mut tag = format!("{style}[{}]{style:#}", level.word());
            if level == Level::Debug {
                // Two presses that write into one log can be told apart.
                tag.push_str(&format!(" [pid {}]", std::process::id()));
            }
            if self.inner.interactive {
                self.stderr(&format!("{tag} {text}"));
            } else {
                let now = self.inner.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
                self.stderr(&format!("{now} {tag} {text}"));
            }
            if self.inner.annotations && level >= Level::Warning {
                self.annotate(level, &text);
            }
        }
        if level > Level::Debug {
            self.inner.events.write(self.inner.clock.now(), level, "log", &[("message", &text)]);
        }
    }

    fn event(&self, level: Level, name: &str, fields: &[(&str, &str)]) {
        self.inner.events.write(self.inner.clock.now(), level, name, fields);
    }

    fn progress(&self, filename: &str, sent: u64, total: u64) {
        self.inner.progress.update(filename, sent, total);
    }

    fn confirm(&self, lines: &[String], cancel: &Cancel) -> Confirmation {
        if self.inner.yes.load(Ordering::Relaxed) {
            return Confirmation::Yes;
        }
        if !self.inner.interactive || !std::io::stdin().is_terminal() {
            return Confirmation::NobodyToAsk;
        }
        self.inner.progress.suspend(|| {
            let mut err = anstream::AutoStream::new(std::io::stderr(), self.inner.color);
            for line in lines {
                drop(writeln!(err, "{}", printable(line)));
            }
            drop(write!(err, "Publish? Only `yes` publishes: ").and_then(|()| err.flush()));
        });
        match answer(cancel) {
            Some(text) if text.trim().eq_ignore_ascii_case("yes") => Confirmation::Yes,
            _ => Confirmation::No,
        }
    }
}

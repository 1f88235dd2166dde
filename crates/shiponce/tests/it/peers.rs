//! What Python does for these tests: a terminal to type at, a look into the ledger, a database of its own.

use crate::harness::{Child, Run, python};
use std::path::Path;
use std::process::Command;

/// Runs a command on a terminal of its own, types the answer at the question, prints what the terminal showed, and ends
/// as the command ended.
const TERMINAL: &str = r#"
import os, pty, sys
answer, argv = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execv(argv[0], argv)
shown, typed = b"", False
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    shown += data
    if not typed and b"Only `yes` publishes: " in shown:
        os.write(terminal, answer.encode())
        typed = True
_, status = os.waitpid(child, 0)
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status) % 256)
"#;

/// Runs a command of a setting on a terminal, where `answer` is typed at the question before publishing. What the
/// terminal showed is on standard output.
pub(crate) fn on_a_terminal(command: &Command, answer: &str) -> Run {
    let mut terminal = python_with(TERMINAL);
    terminal.arg(answer).arg(command.get_program()).args(command.get_args()).env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            terminal.env(name, value);
        }
    }
    terminal.current_dir(command.get_current_dir().unwrap());
    Run::of(terminal)
}

/// Listens with a queue that is full, so that the kernel drops whatever else wants to connect, as a firewall does.
const BLACK_HOLE: &str = r#"
import socket, sys, time
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(0)
waiting = []
while True:
    client = socket.socket()
    client.settimeout(0.3)
    waiting.append(client)
    try:
        client.connect(listener.getsockname())
    except TimeoutError:
        break
print("port", listener.getsockname()[1], file=sys.stderr, flush=True)
time.sleep(600)
"#;

/// A port of this machine whose packets are dropped, as long as the process lives.
pub(crate) fn black_hole() -> (Child, u16) {
    let child = Child::spawn(python_with(BLACK_HOLE));
    let line = child.wait_for_line("port ");
    (child, line.trim_start_matches("port ").parse().unwrap())
}

/// Runs one statement on a SQLite file; the rows, a line each.
pub(crate) fn sqlite(path: &Path, statement: &str) -> String {
    let mut command = python_with(
        "import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\nfor row in db.execute(sys.argv[2]): print(*row)\ndb.commit()",
    );
    command.arg(path).arg(statement);
    Run::of(command).expect(0).stdout
}

fn python_with(script: &str) -> Command {
    #[expect(clippy::disallowed_methods, reason = "a peer is driven from outside")]
    let mut command = Command::new(python());
    command.arg("-c").arg(script);
    command
}

//! Real processes: their environment, their end, and the end of what they started.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use shiponce_io::Cancel;
use shiponce_io::process::{
    ChildEnv, Command, Ended, ExitStatus, Finished, OutputStream, ProcessError, Runner as _, SystemRunner,
};

use crate::child::{Role, say};
use crate::world::{environment, is_alive, program, wait_until};

const LONG: Duration = Duration::from_secs(60);

fn child_env() -> ChildEnv {
    ChildEnv::allowed(&environment(), &BTreeMap::new())
}

fn shell(script: &str, deadline: Duration) -> Command {
    let mut command = Command::new(program("sh"), "/", child_env(), deadline).args(["-c", script]);
    command.grace = Duration::from_millis(500);
    command
}

async fn run(command: Command) -> Finished {
    SystemRunner.run(command, &Cancel::new()).await.unwrap()
}

fn pids(text: &str) -> Vec<u32> {
    text.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

fn assert_gone(pids: &[u32]) {
    for pid in pids {
        wait_until("a process to end", || !is_alive(*pid));
    }
}

#[tokio::test]
async fn status_streams_folder_and_empty_input_are_as_asked() {
    let finished = run(shell("pwd; echo problem >&2; cat; exit 7", LONG)).await;
    assert_eq!(finished.status, ExitStatus::Code(7));
    assert_eq!((finished.ended, finished.success()), (Ended::ByItself, false));
    assert_eq!((finished.stdout.text(), finished.stderr.text()), ("/\n".into(), "problem\n".into()));
    let killed = run(shell("kill -9 $$", LONG)).await;
    assert_eq!(killed.status, ExitStatus::Signal(9));
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named_with_its_folder() {
    let command = Command::new("/no/such/tool", "/", ChildEnv::empty(), LONG);
    let error = SystemRunner.run(command, &Cancel::new()).await.unwrap_err();
    insta::assert_snapshot!(error, @"could not start `/no/such/tool` in `/`");
    let command = Command::new(program("sh"), "/no/such/folder", ChildEnv::empty(), LONG);
    let error = SystemRunner.run(command, &Cancel::new()).await.unwrap_err();
    assert!(error.to_string().contains("/no/such/folder"), "{error}");
}

/// The child of the next test: runs a child of its own and says what that one sees.
pub(crate) fn show_grandchild_environment() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let extra = BTreeMap::from([("EXTRA_FLAG".into(), "on".into())]);
    let mut command = shell("env", LONG);
    command.env = ChildEnv::allowed(&environment(), &extra);
    for line in runtime.block_on(run(command)).stdout.text().lines() {
        say(line);
    }
}

#[test]
fn a_planted_secret_is_not_seen_by_the_child() {
    let planted = [
        ("TWINE_PASSWORD", "hunter2"),
        ("UV_PUBLISH_TOKEN", "hunter2"),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "hunter2"),
        ("MY_OWN_TOKEN", "hunter2"),
        ("HTTPS_PROXY", "http://u:hunter2@proxy.example:1"),
    ];
    let mut child = Role::start("show-grandchild-environment", "", &planted);
    let seen: Vec<String> = std::iter::from_fn(|| child.hear()).collect();
    assert!(!seen.iter().any(|line| line.contains("hunter2")), "{seen:?}");
    for line in ["EXTRA_FLAG=on", "HTTPS_PROXY=http://proxy.example:1"] {
        assert!(seen.iter().any(|found| found == line), "{line}: {seen:?}");
    }
    assert!(seen.iter().any(|line| line.starts_with("PATH=")), "{seen:?}");
}

#[tokio::test]
async fn a_deadline_ends_the_whole_group() {
    let finished = run(shell("sleep 300 & echo $! $$; wait", Duration::from_millis(300))).await;
    assert!(finished.timed_out());
    assert_eq!(finished.status, ExitStatus::Signal(15));
    let pids = pids(&finished.stdout.text());
    assert_eq!(pids.len(), 2);
    assert_gone(&pids);
}

#[tokio::test]
async fn who_ignores_sigterm_is_killed_after_the_grace() {
    let script = "trap '' TERM; sleep 300 & echo $! $$; while :; do sleep 1; done";
    let finished = run(shell(script, Duration::from_millis(300))).await;
    assert_eq!((finished.ended, finished.status), (Ended::TimedOut, ExitStatus::Signal(9)));
    assert_gone(&pids(&finished.stdout.text()));
}

#[tokio::test]
async fn raising_the_flag_gives_time_to_clean_up() {
    let cancel = Cancel::new();
    let raise = cancel.clone();
    let script = "trap 'echo cleaned; exit 3' TERM; echo ready; while :; do sleep 0.05; done";
    let command = shell(script, LONG).lines(Arc::new(move |_, line| {
        if line == "ready" {
            raise.cancel();
        }
    }));
    let finished = SystemRunner.run(command, &cancel).await.unwrap();
    assert_eq!((finished.ended, finished.status), (Ended::Cancelled, ExitStatus::Code(3)));
    assert_eq!(finished.stdout.text(), "ready\ncleaned\n");
    let refused = SystemRunner.run(shell("echo no", LONG), &cancel).await.unwrap_err();
    assert!(matches!(refused, ProcessError::Cancelled { .. }));
}

#[tokio::test]
async fn dropping_the_future_ends_the_whole_group() {
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let command = shell("sleep 300 & echo $! $$; wait", LONG).lines(Arc::new(move |_, line: &str| {
        sender.send(line.to_owned()).unwrap();
    }));
    let task = tokio::spawn(async move { SystemRunner.run(command, &Cancel::new()).await });
    let pids = pids(&receiver.recv().await.unwrap());
    assert!(pids.iter().all(|pid| is_alive(*pid)));
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_gone(&pids);
}

#[tokio::test]
async fn what_a_finished_process_leaves_behind_is_ended() {
    // It holds the pipes, too: reading them to their end must not wait for it.
    let finished = run(shell("sleep 300 & echo $!", LONG)).await;
    assert!(finished.success());
    assert!(finished.duration < LONG / 2);
    assert_gone(&pids(&finished.stdout.text()));
}

#[tokio::test]
async fn something_that_left_the_group_is_not_waited_for() {
    let script = "import os, sys, time\n\
        if os.fork() == 0:\n os.setsid()\n time.sleep(30)\n os._exit(0)\n\
        print('leader done', flush=True)";
    let command = Command::new(program("python3"), "/", child_env(), LONG).args(["-c", script]);
    let finished = run(command).await;
    assert_eq!(finished.stdout.text(), "leader done\n");
    assert!(finished.duration < Duration::from_secs(20), "{:?}", finished.duration);
}

#[tokio::test]
async fn more_output_than_kept_neither_blocks_nor_grows() {
    let script = "i=0; while [ $i -lt 20000 ]; do echo line $i; echo other $i >&2; i=$((i+1)); done";
    let counted = Arc::new(Mutex::new((0, 0)));
    let counter = counted.clone();
    let mut command = shell(script, LONG).lines(Arc::new(move |stream, _| {
        let mut counter = counter.lock().unwrap();
        match stream {
            OutputStream::Stdout => counter.0 += 1,
            OutputStream::Stderr => counter.1 += 1,
        }
    }));
    command.output_bytes = 4096;
    let finished = run(command).await;
    assert_eq!(*counted.lock().unwrap(), (20_000, 20_000));
    let kept = &finished.stdout;
    assert_eq!(kept.head.len() + kept.tail.len(), 4096);
    let text = kept.text();
    assert!(text.starts_with("line 0\n") && text.ends_with("line 19999\n"), "{text}");
    assert!(kept.whole().is_none());
}

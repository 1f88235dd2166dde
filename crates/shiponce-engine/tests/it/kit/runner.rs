//! A runner that stands in for Python: it answers the engine's probes and makes environments of nothing.

use shiponce_io::process::{Captured, Command, Ended, ExitStatus, Finished, ProcessError, Runner};
use shiponce_io::{BoxFuture, Cancel};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// Python as far as the engine can tell.
#[derive(Debug)]
pub(crate) struct Python {
    version: String,
    installed: Mutex<Vec<String>>,
    breaks: Mutex<Option<&'static str>>,
}

impl Python {
    /// An interpreter in which every package reports this version.
    pub(crate) fn new(version: &str) -> Self {
        Self { version: version.to_owned(), installed: Mutex::default(), breaks: Mutex::default() }
    }

    /// What was installed, as requirements.
    pub(crate) fn installed(&self) -> Vec<String> {
        self.installed.lock().unwrap().clone()
    }

    /// From now on, installing anything from an address with this part fails.
    pub(crate) fn breaks_on(&self, part: &'static str) {
        *self.breaks.lock().unwrap() = Some(part);
    }

    /// A folder for `PATH` that holds an interpreter's name.
    pub(crate) fn path(folder: &Path) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let bin = folder.join("bin");
        fs_err::create_dir_all(&bin).unwrap();
        let program = bin.join("python3");
        fs_err::write(&program, "#!/bin/false\n").unwrap();
        fs_err::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        bin
    }

    fn answer(&self, command: &Command) -> (i32, String) {
        let args: Vec<String> = command.args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
        let asked = |part: &str| args.iter().any(|arg| arg.contains(part));
        if asked("shiponce-probe:") {
            let imports = r#"{"demo": {"version": null, "error": null}}"#;
            let answer =
                format!(r#"{{"imports": {imports}, "version": "{}", "archive_sha256": null}}"#, self.version);
            return (0, format!("shiponce-probe:{answer}\n"));
        }
        if asked("sys_tags") {
            let tags = r#"["cp310-cp310-manylinux_2_17_x86_64", "py3-none-any"]"#;
            let answer = format!(
                r#"{{"version": [3, 10, 4], "has_venv": true, "has_build": false, "free_threaded": false, "machine": "x86_64", "system": "linux", "tags": {tags}}}"#
            );
            return (0, answer);
        }
        if asked("pip") {
            let requirement = args.last().cloned().unwrap_or_default();
            if self.breaks.lock().unwrap().is_some_and(|part| requirement.contains(part)) {
                return (1, "ERROR: it does not install\n".to_owned());
            }
            self.installed.lock().unwrap().push(requirement);
        }
        (0, String::new())
    }
}

impl Runner for Python {
    fn run<'a>(
        &'a self,
        command: Command,
        _cancel: &'a Cancel,
    ) -> BoxFuture<'a, Result<Finished, ProcessError>> {
        let (code, output) = self.answer(&command);
        let finished = Finished {
            status: ExitStatus::Code(code),
            ended: Ended::ByItself,
            stdout: Captured { head: output.into_bytes(), ..Captured::default() },
            stderr: Captured::default(),
            duration: Duration::ZERO,
        };
        Box::pin(async move { Ok(finished) })
    }
}

//! A real devpi-server: stages that replace files, stages that do not, and a stage above a mirror.

use super::servers::{PASSWORD, Server, USER, free_port, program};
use super::{NAME, VARIABLE, configure, demo, publish, setting, token_env};
use crate::harness::{python, venv, wheel};
use std::path::Path;
use std::process::Stdio;

/// A devpi-server that knows the user of the tests.
struct Devpi {
    server: Server,
}

/// Speaks devpi's own API: `PUT` and `PATCH` of JSON with the password of a user.
const CLIENT: &str = r#"
import base64, json, sys, urllib.request
base, steps = sys.argv[1], json.loads(sys.argv[2])
for method, path, who, body in steps:
    request = urllib.request.Request(base + path, json.dumps(body).encode(), method=method)
    request.add_header("Content-Type", "application/json")
    request.add_header("Accept", "application/json")
    if who:
        request.add_header("X-Devpi-Auth", base64.b64encode(who.encode()).decode())
        request.add_header("Authorization", "Basic " + base64.b64encode(who.encode()).decode())
    urllib.request.urlopen(request, timeout=30).read()
"#;

impl Devpi {
    fn start(folder: &Path) -> Self {
        let state = folder.join("devpi");
        let mut init = program(&venv().join("bin/devpi-init"));
        let done = init
            .args(["--no-root-pypi", "--root-passwd", PASSWORD, "--serverdir"])
            .arg(&state)
            .env("HOME", folder)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(done.success(), "devpi-init");
        let port = free_port();
        let mut command = program(&venv().join("bin/devpi-server"));
        command.args(["--host", "127.0.0.1", "--port", &port.to_string(), "--serverdir"]).arg(&state);
        command.env("HOME", folder);
        let devpi = Self { server: Server::listening(command, port) };
        devpi.tell(&serde_json::json!([
            ["PUT", format!("/{USER}"), "", { "password": PASSWORD }],
        ]));
        devpi
    }

    fn tell(&self, steps: &serde_json::Value) {
        let mut command = program(&python());
        command.arg("-c").arg(CLIENT).arg(&self.server.base).arg(steps.to_string());
        let done = command.stderr(Stdio::piped()).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// Makes an index of the user of the tests.
    fn stage(&self, name: &str, settings: &serde_json::Value) {
        let who = format!("{USER}:{PASSWORD}");
        self.tell(&serde_json::json!([["PUT", format!("/{USER}/{name}"), who, settings]]));
    }

    /// The table of a stage.
    fn table(&self, stage: &str, more: &str) -> String {
        let at = format!("{}/{USER}/{stage}", self.server.base);
        format!(
            "[index.company]\nrole = \"production\"\nupload = \"{at}/\"\nsimple = \"{at}/+simple/\"\nusername = \"{USER}\"\n{}\n{more}\n",
            token_env()
        )
    }
}

/// Both kinds of stages: everything arrives once, a second press writes nothing, other bytes are refused. The stage
/// that would have replaced them still has the first bytes.
#[test]
fn stages_that_replace_files_and_stages_that_do_not() {
    let mut setting = setting();
    let devpi = Devpi::start(&setting.path("server"));
    for (stage, volatile, immutable) in [("dev", true, "no"), ("prod", false, "yes")] {
        devpi.stage(stage, &serde_json::json!({ "volatile": volatile, "bases": [] }));
        configure(&setting, &devpi.table(stage, &format!("immutable = \"{immutable}\"")));
        let first = publish(&setting, &demo(&setting, "one")).expect(0);
        assert!(first.stderr.contains(&format!("{NAME} is on company (read back)")), "{}", first.stderr);
        let second = publish(&setting, &demo(&setting, "one")).expect(0);
        assert!(second.stderr.contains("version already exists"), "{}", second.stderr);
        let other = publish(&setting, &demo(&setting, "two")).expect(4);
        assert!(other.stderr.contains("error[file-conflict]"), "{}", other.stderr);
        publish(&setting, &demo(&setting, "one")).expect(0);
    }
    configure(&setting, &devpi.table("nowhere", ""));
    let run = publish(&setting, &demo(&setting, "one")).expect(5);
    assert!(run.stderr.contains("error[target-unobserved]"), "{}", run.stderr);
    devpi.stage("empty", &serde_json::json!({ "bases": [] }));
    configure(&setting, &devpi.table("empty", ""));
    setting.set(VARIABLE, "not-the-password");
    let run = publish(&setting, &demo(&setting, "one")).expect(7);
    assert!(!run.stderr.contains("not-the-password"), "{}", run.stderr);
}

/// A stage above a mirror of another index, which has the same name with other bytes, and with the very same bytes:
/// neither is published there. Without `mirror` the upstream's file would be taken for one of our own.
#[test]
fn files_of_the_upstream_are_not_published_files() {
    let setting = setting();
    let packages = setting.path("packages");
    wheel(&packages, "demo", "1.0", "py3-none-any", "two");
    wheel(&packages, "demo", "0.9", "py3-none-any", "old");
    let upstream = Server::pypiserver(&packages, &["-P", ".", "-a", "."]);
    let devpi = Devpi::start(&setting.path("server"));
    let url = format!("{}/simple/", upstream.base);
    devpi.stage("up", &serde_json::json!({ "type": "mirror", "mirror_url": url }));
    let bases = [format!("{USER}/up")];
    devpi.stage("dev", &serde_json::json!({ "volatile": false, "bases": bases, "mirror_whitelist": ["*"] }));

    configure(&setting, &devpi.table("dev", ""));
    let unaware = publish(&setting, &demo(&setting, "one")).expect(4);
    assert!(unaware.stderr.contains("error[file-conflict]"), "{}", unaware.stderr);
    publish(&setting, &demo(&setting, "two")).expect(0);

    configure(&setting, &devpi.table("dev", "mirror = true"));
    let versions = setting.shiponce(["versions", "demo", "--json"]).expect(0);
    assert_eq!(versions.json()["indexes"]["company"]["versions"].as_array().unwrap().len(), 0);
    let first = publish(&setting, &demo(&setting, "two")).expect(0);
    assert!(first.stderr.contains(&format!("Uploading {NAME} to company")), "{}", first.stderr);
    let second = publish(&setting, &demo(&setting, "two")).expect(0);
    assert!(second.stderr.contains("version already exists"), "{}", second.stderr);
    let versions = setting.shiponce(["versions", "demo", "--json"]).expect(0);
    let versions = versions.json()["indexes"]["company"]["versions"].clone();
    assert_eq!(versions.as_array().unwrap().len(), 1, "{versions}");
    assert_eq!(versions[0]["version"], "1.0");
}

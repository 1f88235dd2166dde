//! Real clients against the world, and the same client against the world and a real server.
#![expect(
    clippy::disallowed_methods,
    reason = "this crate stands apart from the product's clock and processes"
)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use shiponce_rehearsal::{Addresses, Index};
use tempfile::TempDir;

use crate::dist;
use crate::lab::{Lab, project};
use crate::wire::{Form, Request};

/// A program of the prepared environment.
fn tool(name: &str) -> PathBuf {
    let given = std::env::var_os("SHIPONCE_TEST_VENV").map(PathBuf::from);
    let venv = given.unwrap_or_else(|| {
        Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("target/tools/venv")
    });
    let path = venv.join("bin").join(name);
    assert!(path.exists(), "{} is missing; `cargo xtask test` prepares it", path.display());
    path
}

/// A command with nothing of the caller's environment but what a program needs to run.
fn command(name: &str, home: &Path) -> Command {
    let mut command = Command::new(tool(name));
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", home)
        .env("NO_COLOR", "1")
        .env("UV_NO_CONFIG", "1")
        .env("PIP_CONFIG_FILE", "/dev/null")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .current_dir(home)
        .stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Two correct files of a project on disk.
fn files(folder: &TempDir, name: &str, salt: &str) -> Vec<PathBuf> {
    let wheel = folder.path().join(format!("{name}-1.0-py3-none-any.whl"));
    let sdist = folder.path().join(format!("{name}-1.0.tar.gz"));
    fs_err::write(&wheel, dist::wheel(name, "1.0", salt)).unwrap();
    fs_err::write(&sdist, dist::sdist(name, "1.0", salt)).unwrap();
    vec![wheel, sdist]
}

fn twine(lab: &Lab, home: &TempDir, upload_url: &str, files: &[PathBuf]) -> Output {
    run(command("twine", home.path())
        .args(["upload", "--non-interactive", "--disable-progress-bar", "--repository-url", upload_url])
        .args(["-u", "__token__", "-p", &lab.token])
        .args(files))
}

fn uv_publish(lab: &Lab, home: &TempDir, addresses: &Addresses, more: &[&str], files: &[PathBuf]) -> Output {
    run(command("uv", home.path())
        .args(["publish", "--publish-url", &addresses.upload(), "--token", &lab.token])
        .args(more)
        .args(files))
}

#[test]
fn twine_uploads_uploads_again_and_reads_the_refusal() {
    let lab = Lab::new();
    let home = TempDir::new().unwrap();
    let url = lab.server.addresses(Index::Pypi).upload();
    let own = files(&home, "demo", "own");
    for _ in 0..2 {
        let output = twine(&lab, &home, &url, &own);
        assert!(output.status.success(), "{}", text(&output));
    }
    assert_eq!((lab.world.files(Index::Pypi).len(), lab.world.writes(Index::Pypi)), (2, 4));
    let other = TempDir::new().unwrap();
    let output = twine(&lab, &home, &url, &files(&other, "demo", "other"));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("File already exists ('demo-1.0-py3-none-any.whl'"), "{}", text(&output));
    let slashless = twine(&lab, &home, url.trim_end_matches('/'), &own);
    assert!(text(&slashless).contains("edirect"), "twine follows no redirection: {}", text(&slashless));
}

#[test]
fn uv_uploads_skips_and_follows_the_slash() {
    let lab = Lab::new();
    let home = TempDir::new().unwrap();
    let addresses = lab.server.addresses(Index::Pypi);
    let own = files(&home, "demo", "own");
    let output = uv_publish(&lab, &home, &addresses, &[], &own);
    assert!(output.status.success(), "{}", text(&output));
    let writes = lab.world.writes(Index::Pypi);
    let skipped = uv_publish(&lab, &home, &addresses, &["--check-url", &addresses.simple()], &own);
    assert!(skipped.status.success() && text(&skipped).contains("already exists"), "{}", text(&skipped));
    assert_eq!(lab.world.writes(Index::Pypi), writes, "nothing sent");
    let other = TempDir::new().unwrap();
    let refused = uv_publish(&lab, &home, &addresses, &[], &files(&other, "demo", "other"));
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused));
    assert!(text(&refused).contains("File already exists"), "{}", text(&refused));
}

#[test]
fn pip_and_uv_install_what_was_uploaded() {
    let lab = Lab::new();
    assert_eq!(lab.send(&lab.upload(&project("demo", "1.0", "x"))).status, 200);
    let simple = lab.server.addresses(Index::Pypi).simple();
    let home = TempDir::new().unwrap();
    let target = |name: &str| home.path().join(name).into_os_string().into_string().unwrap();
    let pip = run(command("pip", home.path()).args([
        "install",
        "--no-cache-dir",
        "--index-url",
        &simple,
        "--target",
        &target("by-pip"),
        "demo==1.0",
    ]));
    assert!(pip.status.success(), "{}", text(&pip));
    let python = tool("python").into_os_string().into_string().unwrap();
    let uv = run(command("uv", home.path())
        .args(["pip", "install", "--no-cache", "--index-url", &simple, "--python", &python])
        .args(["--target", &target("by-uv"), "demo==1.0"]));
    assert!(uv.status.success(), "{}", text(&uv));
    for name in ["by-pip", "by-uv"] {
        let code = fs_err::read_to_string(home.path().join(name).join("demo.py")).unwrap();
        assert!(code.contains("SALT = \"x\""), "{name}");
    }
    let metadata = lab.world.log().into_iter().filter(|e| e.route == shiponce_rehearsal::RouteKind::Metadata);
    assert!(metadata.count() > 0, "the metadata beside the wheel is used");
}

/// A pypiserver that is stopped when it is dropped.
struct PypiServer {
    child: Child,
    base: String,
    _folder: TempDir,
}

impl PypiServer {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port().to_string()
        };
        let packages = folder.path().join("packages");
        fs_err::create_dir(&packages).unwrap();
        let child = command("pypi-server", folder.path())
            .args(["run", "-i", "127.0.0.1", "-p", &port, "-P", ".", "-a", "."])
            .arg(&packages)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let base = format!("http://127.0.0.1:{port}");
        let server = Self { child, base, _folder: folder };
        let deadline = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(server.base.strip_prefix("http://").unwrap()).is_err() {
            assert!(Instant::now() < deadline, "pypiserver does not listen");
            std::thread::yield_now();
        }
        server
    }
}

impl Drop for PypiServer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The same sequence against both: an upload is accepted, its page names it with the same digest, its bytes
/// come back, other bytes under its name are refused, an unknown project is 404. Where the two differ (a
/// real pypiserver refuses identical bytes too, with 409) the measured service decides.
#[test]
fn the_world_agrees_with_a_real_server_where_their_rules_overlap() {
    let lab = Lab::new();
    let real = PypiServer::start();
    let wheel = dist::wheel("demo", "1.0", "x");
    let name = "demo-1.0-py3-none-any.whl";
    let form = Form::of("demo", "1.0", name, &wheel);
    let other = Form::of("demo", "1.0", name, &dist::wheel("demo", "1.0", "other"));
    let world = lab.server.own_addresses(Index::Pypi);
    let mut seen = Vec::new();
    for (base, upload) in [(real.base.as_str(), "/"), (world.root(), "/legacy/")] {
        let post = |form: &Form| form.post(upload).basic("__token__", &lab.token).send(base).status;
        let accepted = post(&form);
        let page = Request::get("/simple/demo/").send(base);
        let link = page.text().split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let (path, digest) = link.split_once("#sha256=").unwrap();
        let path = path.strip_prefix(base).unwrap_or(path);
        let bytes = Request::get(path).send(base).body;
        let conflict = post(&other);
        let after = Request::get(path).send(base).body;
        let unknown = Request::get("/simple/nobody-has-this/").send(base).status;
        let slash = Request::get("/simple/demo").send(base).status;
        seen.push((
            accepted,
            page.status,
            digest.to_owned(),
            bytes == wheel,
            (400..500).contains(&conflict),
            after == wheel,
            (300..400).contains(&slash),
        ));
        // A pypiserver without a fallback answers unknown projects with 404, as the service does.
        assert!(unknown == 404 || (base == real.base && (300..400).contains(&unknown)), "{unknown}");
    }
    assert_eq!(seen[0], seen[1]);
}

/// The production index reads other projects through to an upstream, here a pypiserver with relative links.
#[test]
fn dependencies_are_read_through_the_production_index() {
    use shiponce_rehearsal::{ProxyAnswer, Upstream};

    let real = PypiServer::start();
    let post = |form: &Form| form.post("/").send(&real.base).status;
    assert_eq!(
        post(&Form::of("helper", "2.0", "helper-2.0-py3-none-any.whl", &dist::wheel("helper", "2.0", "up"))),
        200
    );
    assert_eq!(post(&project("demo", "9.9", "of the upstream")), 200);
    let base = real.base.clone();
    let lab = Lab::with(move |config| {
        config.released_here("demo");
        config.upstream = Some(Upstream::new(move |request| {
            let base = base.clone();
            async move {
                let path = format!("/simple/{}/", request.project);
                let page = tokio::task::spawn_blocking({
                    let (base, path) = (base.clone(), path.clone());
                    move || Request::get(&path).send(&base)
                })
                .await?;
                let content_type = page.header("content-type").unwrap_or_default().to_owned();
                let body = page.body.clone().into();
                Ok(ProxyAnswer { status: page.status, url: format!("{base}{path}"), content_type, body })
            }
        }));
    });
    let simple =
        |index: &str, name: &str| lab.send(&Request::get(&format!("/{index}/simple/{name}/"))).status;
    assert_eq!(simple("prod", "demo"), 404, "released here, not yet uploaded");
    assert_eq!(simple("test", "helper"), 404, "the test index never proxies");
    let needs = dist::wheel_with_metadata(
        "demo",
        "1.0",
        &format!("{}Requires-Dist: helper\n", dist::metadata("demo", "1.0")),
    );
    let form = Form::of("demo", "1.0", "demo-1.0-py3-none-any.whl", &needs).set("requires_dist", "helper");
    assert_eq!(lab.send(&lab.upload(&form)).status, 200);

    let home = TempDir::new().unwrap();
    let target = home.path().join("target").into_os_string().into_string().unwrap();
    let index = lab.server.addresses(Index::Pypi).simple();
    let pip = run(command("pip", home.path()).args([
        "install",
        "--no-cache-dir",
        "--index-url",
        &index,
        "--target",
        &target,
        "demo",
    ]));
    assert!(pip.status.success(), "{}", text(&pip));
    assert!(home.path().join("target/helper.py").exists());
    let log = lab.world.log();
    assert!(log.iter().any(|e| e.proxied && e.project.as_deref() == Some("helper")));
    assert!(!log.iter().any(|e| e.proxied && e.project.as_deref() == Some("demo")));
}

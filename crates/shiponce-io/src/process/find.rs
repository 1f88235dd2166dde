//! Finds programs as a shell would.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The first executable called `name` in the folders of `path` (the value of `PATH`).
///
/// Relative folders of `path`, the empty one included, are left out: the current folder of a build is the
/// project's, and no tool is to come from there. A `name` with a folder in it is looked at as it is.
#[must_use]
pub fn find_program(name: impl AsRef<OsStr>, path: &OsStr) -> Option<PathBuf> {
    find_programs(name, path).next()
}

/// Every executable called `name`, in the order a shell would come upon them: the first one may be a stand-in that
/// only says that the program is not there.
pub fn find_programs(name: impl AsRef<OsStr>, path: &OsStr) -> impl Iterator<Item = PathBuf> {
    let name = Path::new(name.as_ref()).to_owned();
    let as_it_is = name.components().count() > 1 || name.is_absolute();
    let folders: Vec<PathBuf> = if as_it_is {
        vec![PathBuf::new()]
    } else {
        std::env::split_paths(path).filter(|folder| folder.is_absolute()).collect()
    };
    folders
        .into_iter()
        .flat_map(move |folder| candidates(&folder.join(&name)).collect::<Vec<_>>())
        .filter(|candidate| is_executable(candidate))
}

#[cfg(windows)]
fn candidates(base: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let mut all = vec![base.to_owned()];
    if base.extension().is_none() {
        all.extend(["exe", "cmd", "bat"].map(|extension| base.with_extension(extension)));
    }
    all.into_iter()
}

#[cfg(not(windows))]
fn candidates(base: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    std::iter::once(base.to_owned())
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    let may_run = rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok();
    may_run && fs_err::metadata(path).is_ok_and(|metadata| metadata.is_file())
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    fs_err::metadata(path).is_ok_and(|metadata| metadata.is_file())
}

#[cfg(all(test, unix))]
mod tests {
    use super::find_program;
    use std::ffi::OsString;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    #[test]
    fn takes_the_first_executable_of_absolute_folders() {
        let world = tempfile::tempdir().unwrap();
        let path = |name: &str| world.path().join(name);
        for (folder, mode) in [("a", 0o644), ("b", 0o755), ("c", 0o755)] {
            fs_err::create_dir(path(folder)).unwrap();
            let file = path(folder).join("tool");
            fs_err::write(&file, "").unwrap();
            fs_err::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        fs_err::create_dir_all(path("d/other")).unwrap();
        let mut folders = OsString::from(".:");
        for name in ["a", "b", "c", "d"] {
            folders.push(path(name));
            folders.push(":");
        }
        assert_eq!(find_program("tool", &folders), Some(path("b/tool")));
        // The same folder, relative to the one that tests run in.
        let up: std::path::PathBuf =
            Path::new(env!("CARGO_MANIFEST_DIR")).components().skip(1).map(|_| "..").collect();
        let relative = up.join(path("b").strip_prefix("/").unwrap());
        assert!(relative.join("tool").is_file());
        assert_eq!(find_program("tool", relative.as_os_str()), None);
        assert_eq!(find_program("other", &folders), None);
        assert_eq!(find_program(path("c/tool"), &folders), Some(path("c/tool")));
        assert_eq!(find_program(path("a/tool"), &folders), None);
    }
}

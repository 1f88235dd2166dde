//! Recognises file systems that other machines write to as well, where SQLite's locks do not hold
//! (<https://www.sqlite.org/howtocorrupt.html>, section 2.1).

use std::path::Path;

use super::FileError;

/// What kind of file system a path lies on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileSystem {
    /// A disk of this machine, as far as can be told.
    Local,
    /// A file system shared with other machines, and its name.
    Network(String),
}

/// Looks at the file system of `path`, which must exist. Only Linux is looked at closely; elsewhere every
/// file system counts as local.
///
/// # Errors
/// When the path cannot be looked at.
#[cfg(target_os = "linux")]
pub fn file_system(path: &Path) -> Result<FileSystem, FileError> {
    let failed = |source: std::io::Error| FileError::FileSystem { path: path.to_owned(), source };
    let magic = rustix::fs::statfs(path).map_err(|error| failed(error.into()))?.f_type;
    // The field is signed on some machines; the numbers are 32 bits wide on all.
    #[expect(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "magic numbers have 32 bits")]
    let magic = magic as u32;
    if let Some((_, name)) = NETWORK_MAGIC.iter().find(|(number, _)| *number == magic) {
        return Ok(FileSystem::Network((*name).to_owned()));
    }
    if magic != FUSE_MAGIC {
        return Ok(FileSystem::Local);
    }
    // Every FUSE file system has one magic number; the mount table knows which one it is.
    let path = fs_err::canonicalize(path).map_err(failed)?;
    let table = fs_err::read_to_string("/proc/self/mountinfo").map_err(failed)?;
    Ok(match mounted_type(&table, &path) {
        Some(name) if is_network_fuse(name) => FileSystem::Network(name.to_owned()),
        _ => FileSystem::Local,
    })
}

/// Looks at the file system of `path`.
///
/// # Errors
/// Never here.
#[cfg(not(target_os = "linux"))]
pub fn file_system(_path: &Path) -> Result<FileSystem, FileError> {
    Ok(FileSystem::Local)
}

/// From statfs(2) and the kernel's `magic.h`.
#[cfg(target_os = "linux")]
const NETWORK_MAGIC: &[(u32, &str)] = &[
    (0x0000_6969, "nfs"),
    (0x0000_517b, "smb"),
    (0xfe53_4d42, "smb2"),
    (0xff53_4d42, "cifs"),
    (0x5346_414f, "afs"),
    (0x6b41_4653, "afs"),
    (0x7375_7245, "coda"),
    (0x00c3_6400, "ceph"),
    (0x0102_1997, "9p"),
    (0x0bd0_0bd0, "lustre"),
    (0x4750_4653, "gpfs"),
    (0x0116_1970, "gfs2"),
    (0x7461_636f, "ocfs2"),
    (0x0000_564c, "ncp"),
    (0x1983_0326, "beegfs"),
];

#[cfg(target_os = "linux")]
const FUSE_MAGIC: u32 = 0x6573_5546;

#[cfg(target_os = "linux")]
fn is_network_fuse(name: &str) -> bool {
    const NETWORK_FUSE: &[&str] = &[
        "sshfs",
        "s3fs",
        "goofys",
        "gcsfuse",
        "rclone",
        "davfs",
        "davfs2",
        "glusterfs",
        "ceph",
        "ceph-fuse",
        "juicefs",
        "mountpoint-s3",
        "blobfuse",
        "blobfuse2",
        "curlftpfs",
        "moosefs",
        "mfs",
        "nfs",
        "smbnetfs",
        "seaweedfs",
        "geesefs",
        "beegfs",
    ];
    name.strip_prefix("fuse.").is_some_and(|kind| NETWORK_FUSE.contains(&kind.to_ascii_lowercase().as_str()))
}

/// The file system type of the mount that `path` lies on, from the text of `/proc/self/mountinfo`
/// (proc(5)): the longest mount point that is a prefix; of equal ones the last, which covers the others.
#[cfg(target_os = "linux")]
fn mounted_type<'a>(table: &'a str, path: &Path) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for line in table.lines() {
        let (mount, rest) = line.split_once(" - ")?;
        let point = unescaped(mount.split(' ').nth(4)?);
        let kind = rest.split(' ').next()?;
        let depth = Path::new(&point).components().count();
        if path.starts_with(&point) && best.is_none_or(|(deepest, _)| depth >= deepest) {
            best = Some((depth, kind));
        }
    }
    best.map(|(_, kind)| kind)
}

/// Space, tab, newline and backslash are octal escapes there.
#[cfg(target_os = "linux")]
fn unescaped(text: &str) -> String {
    text.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{FileSystem, file_system, is_network_fuse, mounted_type};
    use std::path::Path;

    const TABLE: &str = "\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 21 0:26 / /home rw - btrfs /dev/sdb rw
44 30 0:51 / /home/me/re\\040mote rw,nosuid - fuse.sshfs me@host: rw
45 30 0:52 / /home/me/box rw,nosuid - fuse.fuse-overlayfs fuse-overlayfs rw
46 30 0:53 / /home/me/box rw,nosuid - fuse.rclone r: rw
";

    fn check(path: &str, expect: Option<&str>) {
        assert_eq!(mounted_type(TABLE, Path::new(path)), expect, "{path}");
    }

    #[test]
    fn the_deepest_and_last_mount_counts() {
        check("/etc", Some("ext4"));
        check("/homely", Some("ext4"));
        check("/home/me", Some("btrfs"));
        check("/home/me/re mote/x", Some("fuse.sshfs"));
        check("/home/me/box/y", Some("fuse.rclone"));
        assert_eq!(mounted_type("", Path::new("/")), None);
    }

    #[test]
    fn only_some_fuse_file_systems_are_shared() {
        assert!(is_network_fuse("fuse.sshfs"));
        assert!(!is_network_fuse("fuse.fuse-overlayfs"));
        assert!(!is_network_fuse("virtiofs"));
    }

    #[test]
    fn the_process_table_is_local_and_a_missing_path_an_error() {
        assert_eq!(file_system(Path::new("/proc")).unwrap(), FileSystem::Local);
        assert!(file_system(Path::new("/does/not/exist")).is_err());
    }
}

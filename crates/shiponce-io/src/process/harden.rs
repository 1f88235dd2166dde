//! Keeps other processes of the same user out of our memory.

use std::io;

/// Forbids core dumps and reading this process's memory and environment through `/proc` or ptrace by other
/// processes of the same user, such as the build of a project that is running beside a token.
///
/// Does nothing where the system has no such switch.
///
/// # Errors
/// When the system refuses.
pub fn make_undumpable() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

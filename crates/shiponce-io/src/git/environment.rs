//! What git may see: more than code of the project, since it is the user's own tool with the user's own
//! settings, and nothing of the repository runs in it.

use std::collections::BTreeMap;

use crate::process::{ChildEnv, Environment};

/// Passed on to git besides what every child sees. Agents, not keys.
const FOR_GIT: &[&str] = &[
    "XDG_CONFIG_HOME",
    "SSH_AUTH_SOCK",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_EXEC_PATH",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_COUNT",
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "EMAIL",
    "GIT_CEILING_DIRECTORIES",
];

/// Left out on purpose: `GIT_DIR`, `GIT_WORK_TREE`, `GIT_INDEX_FILE` and the like, which are set inside
/// hooks and would make us look at another repository than the one asked for.
pub(super) fn for_git(source: &Environment) -> ChildEnv {
    let mut env = ChildEnv::allowed(source, &BTreeMap::new()).without("LC_ALL").without("LANG");
    for (name, value) in &source.0 {
        let Some(text) = name.to_str() else { continue };
        let pair = text.starts_with("GIT_CONFIG_KEY_") || text.starts_with("GIT_CONFIG_VALUE_");
        if pair || FOR_GIT.contains(&text) {
            env = env.with(name, value);
        }
    }
    env.with("LC_ALL", "C")
        .with("GIT_TERMINAL_PROMPT", "0")
        .with("GCM_INTERACTIVE", "never")
        // ssh asks nobody, whichever command starts it (OpenSSH 8.4). Its own `BatchMode` would have to go
        // into GIT_SSH_COMMAND, which hides the `core.sshCommand` that CI checkouts put their key into.
        .with("SSH_ASKPASS_REQUIRE", "force")
        .with("SSH_ASKPASS", "/bin/false")
        .with("GIT_OPTIONAL_LOCKS", "0")
        .with("GIT_NO_REPLACE_OBJECTS", "1")
}

/// Settings that win over every configuration file.
pub(super) const SETTINGS: &[&str] = &[
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.askPass=",
    "color.ui=false",
    "commit.gpgSign=false",
    "tag.gpgSign=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
    "advice.detachedHead=false",
];

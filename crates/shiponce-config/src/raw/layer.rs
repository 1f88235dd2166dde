//! A member's settings above those of its workspace.

use super::{Raw, RawBuild, RawConcurrency, RawGates, RawVerify};

impl Raw {
    /// These settings, and where they say nothing, those of the workspace. What is about one project is never
    /// inherited: its name, its variants, what is imported and run after its installation, the files with its version.
    pub(crate) fn above(self, workspace: Self) -> Self {
        Self {
            package: self.package,
            variants: self.variants,
            workspace: None,
            tag: self.tag.or(workspace.tag),
            matrix: self.matrix.or(workspace.matrix),
            build: self.build.above(workspace.build),
            indexes: if self.indexes.is_empty() { workspace.indexes } else { self.indexes },
            verify: RawVerify {
                index: self.verify.index.or(workspace.verify.index),
                timeout: self.verify.timeout.or(workspace.verify.timeout),
                ..self.verify
            },
            github: self.github.or(workspace.github),
            git_branch: self.git_branch.or(workspace.git_branch),
            gates: RawGates {
                required: self.gates.required.or(workspace.gates.required),
                version_files: self.gates.version_files,
            },
            expect: self.expect.or(workspace.expect),
            concurrency: self.concurrency.above(workspace.concurrency),
        }
    }
}

impl RawBuild {
    fn above(self, workspace: Self) -> Self {
        let mut env = self.env;
        for (name, value) in workspace.env {
            if !env.iter().any(|(own, _)| own.value == name.value) {
                env.push((name, value));
            }
        }
        Self { command: self.command.or(workspace.command), env, timeout: self.timeout.or(workspace.timeout) }
    }
}

impl RawConcurrency {
    fn above(self, workspace: Self) -> Self {
        Self {
            group: self.group.or(workspace.group),
            order: self.order.or(workspace.order),
            on_failure: self.on_failure.or(workspace.on_failure),
            limit: self.limit.or(workspace.limit),
        }
    }
}

//! Several projects in one repository: which folders they are in, what they are called, and which of them need which.

mod folders;
mod member;

use std::collections::BTreeMap;
use std::path::PathBuf;

use shiponce_core::PackageName;
use shiponce_core::workspace::{DependencyCircle, Needs, release_order};

pub(crate) use folders::find_folders;
pub(crate) use member::read_member;

use crate::source::{Source, Sourced};
use crate::suggest::nearest;

/// `[workspace]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The projects, in the order of their folders.
    pub members: Vec<Member>,
    /// Where the list stands.
    pub source: Source,
}

/// One project of a workspace, as far as the others need to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its folder, relative to the workspace, with `/` on every system; `.` for the workspace itself.
    pub folder: String,
    /// Its folder.
    pub root: PathBuf,
    /// Its name.
    pub name: Sourced<PackageName>,
    /// The projects it needs, in the workspace and outside of it.
    pub needs: Needs,
}

impl Workspace {
    /// The members in an order in which each comes after those it needs.
    ///
    /// # Errors
    /// [`DependencyCircle`] when there is none.
    pub fn order(&self) -> Result<Vec<&Member>, DependencyCircle> {
        let projects: BTreeMap<PackageName, Needs> =
            self.members.iter().map(|member| (member.name.value.clone(), member.needs.clone())).collect();
        let order = release_order(&projects)?;
        Ok(order
            .iter()
            .filter_map(|name| self.members.iter().find(|member| member.name.value == *name))
            .collect())
    }

    /// The members that `-p NAME` names, in the order of release; all without a word. A name is compared in its
    /// normalised spelling; a folder is understood too.
    ///
    /// # Errors
    /// [`SelectionError`] for a word that names none, or when there is no order.
    pub fn select(&self, words: &[String]) -> Result<Vec<&Member>, SelectionError> {
        let means = |member: &Member, word: &str| {
            word.parse().is_ok_and(|name: PackageName| name == member.name.value)
                || word.trim_end_matches('/') == member.folder
        };
        if let Some(word) = words.iter().find(|word| !self.members.iter().any(|member| means(member, word))) {
            let known: Vec<String> =
                self.members.iter().map(|member| member.name.value.written().to_owned()).collect();
            return Err(SelectionError::Unknown {
                nearest: nearest(word, known.iter().map(String::as_str)).map(str::to_owned),
                name: word.clone(),
                known,
            });
        }
        let mut members = self.order()?;
        members.retain(|member| words.is_empty() || words.iter().any(|word| means(member, word)));
        Ok(members)
    }

    /// The other members that a member cannot be installed or built without.
    pub fn needed_by<'a>(&'a self, member: &'a Member) -> impl Iterator<Item = &'a Member> {
        self.members.iter().filter(|other| {
            other.name.value != member.name.value && member.needs.required.contains(&other.name.value)
        })
    }
}

/// Why members cannot be chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// A word that names no member.
    #[error("`-p {name}` names no project of this workspace")]
    Unknown {
        /// The word.
        name: String,
        /// The name that was probably meant.
        nearest: Option<String>,
        /// Every name.
        known: Vec<String>,
    },
    /// There is no order to release them in.
    #[error(transparent)]
    Circle(#[from] DependencyCircle),
}

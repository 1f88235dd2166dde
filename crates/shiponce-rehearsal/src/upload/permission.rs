//! Who may upload: switches, credentials, the project's owners, the state of the account.

use super::Upload;
use crate::account::{Context, Identity, Owner, Stranger};
use crate::answer::Refusal;
use crate::oidc::siblings;
use crate::text::{normalize, repr};
use crate::world::{IndexState, Project, ProjectStatus};

impl Upload<'_> {
    /// What an administrator has shut.
    pub(super) fn doors(&self, state: &IndexState) -> Result<(), Refusal> {
        if state.switches.read_only {
            return Err(Refusal::forbidden("Read-only mode: Uploads are temporarily disabled."));
        }
        if state.switches.uploads_disabled {
            return Err(Refusal::forbidden(format!(
                "New uploads are temporarily disabled. See {} for more information.",
                self.addresses.help("admin-intervention"),
            )));
        }
        Ok(())
    }

    pub(super) fn stranger(&self, stranger: Stranger) -> Refusal {
        Refusal::forbidden(match stranger {
            Stranger::Unknown => format!(
                "Invalid or non-existent authentication information. See {} for more information.",
                self.addresses.help("invalid-auth"),
            ),
            Stranger::Password => format!(
                "Username/Password authentication is no longer supported. Migrate to API Tokens or Trusted Publishers instead. See {} and {}",
                self.addresses.help("apitoken"),
                self.addresses.help("trusted-publishers"),
            ),
        })
    }

    /// The token's caveats, then the project's owners, then the account's own state.
    pub(super) fn permission(
        &self,
        state: &IndexState,
        identity: &Identity,
        project: Option<&Project>,
        name: &str,
    ) -> Result<(), Refusal> {
        let shown = project.map_or(name, |p| &p.name);
        let publisher_fits = match identity.owner() {
            Owner::Publisher(number) => {
                siblings(state, *number).any(|p| normalize(&p.project) == normalize(shown))
            }
            Owner::User(_) => false,
        };
        let context = Context { now: self.now, project: shown, publisher_fits };
        identity.check(context).map_err(|why| Refusal::forbidden(format!("Invalid API Token: {why}")))?;
        if let Some(project) = project {
            self.ownership(identity, project)?;
        }
        self.account(state, identity)
    }

    fn ownership(&self, identity: &Identity, project: &Project) -> Result<(), Refusal> {
        // An archived project withholds the right to upload from everybody; the text does not say so.
        let open = project.status != ProjectStatus::Archived;
        let help = self.addresses.help("project-name");
        let name = repr(&project.name);
        match identity.user() {
            Some(user) if !open || !project.owners.contains(user) => Err(Refusal::forbidden(format!(
                "The user {} isn't allowed to upload to project {name}. See {help} for more information.",
                repr(user),
            ))),
            None if !open => Err(Refusal::forbidden(format!(
                "The given token isn't allowed to upload to project {name}. See {help} for more information."
            ))),
            _ => Ok(()),
        }
    }

    fn account(&self, state: &IndexState, identity: &Identity) -> Result<(), Refusal> {
        let Some(user) = identity.user().and_then(|name| state.users.get(name)) else { return Ok(()) };
        let name = repr(&user.name);
        if !user.verified_email {
            return Err(Refusal::forbidden(format!(
                "User {name}, associated with the API token used, does not have a verified primary email address. Please add a verified primary email before attempting to upload to PyPI. See {} for more information.",
                self.addresses.help("verified-email"),
            )));
        }
        if !user.two_factor {
            return Err(Refusal::forbidden(format!(
                "User {name}, associated with the API token used, does not have two-factor authentication enabled. Please enable two-factor authentication before attempting to upload to PyPI. See {} for more information.",
                self.addresses.help("two-factor-authentication"),
            )));
        }
        Ok(())
    }
}

//! A target of a release: what decisions need, what requests need, and the credential for writing there.

use crate::attest::Attest;
use crate::context::Context;
use crate::python::run;
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};
use shiponce_config::{Source, check_token};
use shiponce_core::decide::WriteOnce;
use shiponce_core::plan::{Role, Target};
use shiponce_core::redact::SecretString;
use shiponce_index::{Credential, Index};
use shiponce_io::process::{ChildEnv, Command, find_program};
use std::ffi::OsStr;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a reading may be reused for decisions that send nothing, unless the configuration says otherwise.
const CACHE_TTL: Duration = Duration::from_secs(3600);

/// One index a release goes to.
#[derive(Debug)]
pub struct ReleaseTarget {
    /// What decisions need.
    pub core: Target,
    /// Its name in sentences: `PyPI`, `Test PyPI`, or the configured name.
    pub label: String,
    /// What requests need.
    pub index: Index,
    /// Where the credential for uploads comes from.
    pub access: Access,
    /// How long a reading may be reused for decisions that send nothing.
    pub cache_ttl: Duration,
    /// A program that prints the credential for reading, where reading needs one; see [`Self::sign_in`].
    pub reader: Option<TokenCommand>,
    /// Whether files must keep PyPI's rules to be sent there.
    pub strict_files: bool,
    /// What is done with attestations.
    pub attest: Attest,
    /// Whether pip and uv cannot fetch from the index: it asks for a credential, or for certificates that only this
    /// program knows. Files are then downloaded here, by digest, and installed from the disk.
    pub closed_door: bool,
    /// How many files may be on their way at the same time, one unless the configuration says more; see
    /// [`Self::at_once`].
    pub uploads_at_once: usize,
    obtained: Mutex<Option<Credential>>,
}

/// How uploads to an index are authorised.
#[derive(Debug)]
pub enum Access {
    /// A secret that was found, and where.
    Secret {
        /// The credential.
        credential: Credential,
        /// Its source, for people: `environment PYPI_API_TOKEN`.
        source: String,
    },
    /// An exchange with the index, done at the first upload.
    TrustedPublishing(crate::trusted::Publisher),
    /// A program prints the secret; it is run at the first upload.
    Command(TokenCommand),
    /// Nothing was found. A run that has nothing to upload does not need it.
    Missing(Box<Problem>),
}

/// A configured `token-command`.
#[derive(Debug, Clone)]
pub struct TokenCommand {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The user name that goes with the secret.
    pub username: String,
    /// The index, for checking the secret's shape and host.
    pub index: Box<shiponce_config::Index>,
}

impl TokenCommand {
    /// Runs the program; the secret is the first line of its output.
    async fn run(&self, context: &Context) -> Result<Credential, Problem> {
        let name = self.command.first().cloned().unwrap_or_default();
        let missing = |message: String| {
            Problem::new(ErrorCode::TokenMissing, message)
                .hint("run the token-command by hand to see what it says")
        };
        let path = context.environment.get("PATH").unwrap_or(OsStr::new(""));
        let program = find_program(&name, path)
            .ok_or_else(|| missing(format!("token-command `{name}` is not on PATH")))?;
        // Programs that hand out tokens need what the user's shell gives them: profiles, sockets, other tokens. It is
        // no code of the project.
        let everything = context.environment.0.iter();
        let env = everything.fold(ChildEnv::empty(), |env, (name, value)| env.with(name, value));
        let command = Command::new(program, &context.state.temp, env, Duration::from_secs(60))
            .args(self.command.iter().skip(1));
        let finished = run(context, command, "the token-command", ErrorCode::TokenMissing).await?;
        let output = finished.stdout.text();
        let secret = SecretString::from(output.lines().next().unwrap_or_default().trim().to_owned());
        if !finished.success() {
            return Err(missing(format!("token-command `{name}` ended with {}", finished.status)));
        }
        let source = Source::Fallback(format!("token-command {name}"));
        check_token(&self.index, &secret, &source).map_err(|error| error.problem())?;
        Ok(Credential::new(self.username.clone(), secret, &self.index.upload.value))
    }
}

impl ReleaseTarget {
    /// Puts a target together.
    #[must_use]
    pub fn new(core: Target, label: String, index: Index, access: Access) -> Self {
        let strict_files = core.pypi_rules;
        Self {
            core,
            label,
            index,
            access,
            cache_ttl: CACHE_TTL,
            reader: None,
            strict_files,
            attest: Attest::OFF,
            closed_door: false,
            uploads_at_once: 1,
            obtained: Mutex::new(None),
        }
    }

    /// Sets how long a reading may be reused.
    #[must_use]
    pub fn with_cache_ttl(mut self, ttl: Duration) -> Self {
        self.cache_ttl = ttl;
        self
    }

    /// Obtains the credential for reading where a program prints it. The index is read before anything is decided, so
    /// this comes before all reading; uploads use the same secret.
    ///
    /// # Errors
    /// `token-missing` when the program fails; a malformed or foreign token.
    pub async fn sign_in(&mut self, context: &Context) -> Result<(), Problem> {
        let Some(reader) = &self.reader else { return Ok(()) };
        context.report.info(format!("Credential for {}: token-command", self.label));
        let credential = reader.run(context).await?;
        self.index.read_auth = Some(credential.clone());
        *self.obtained.get_mut() = Some(credential);
        Ok(())
    }

    /// Whether this is a production index.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.core.role == Role::Production
    }

    /// How many files go there side by side. Where a name can hold two contents one after the other, uploads go one at
    /// a time: what became of the last one is known before the next begins.
    #[must_use]
    pub fn at_once(&self) -> usize {
        if self.core.write_once == WriteOnce::Yes { self.uploads_at_once.max(1) } else { 1 }
    }

    /// Gives up a credential that the index calls expired. Returns whether another one can be had.
    pub(crate) async fn renew(&self) -> bool {
        let Access::TrustedPublishing(publisher) = &self.access else { return false };
        publisher.forget().await;
        true
    }

    /// The credential for uploads, obtained at most once a run (a trusted publisher's again when it nears its end).
    pub(crate) async fn credential(&self, context: &Context) -> Result<Credential, Problem> {
        match &self.access {
            Access::Missing(problem) => Err((**problem).clone()),
            Access::Secret { credential, source } => {
                let mut obtained = self.obtained.lock().await;
                if obtained.is_none() {
                    context.report.info(format!("Credential for {}: {source}", self.label));
                    *obtained = Some(credential.clone());
                }
                Ok(credential.clone())
            }
            Access::Command(command) => {
                let mut obtained = self.obtained.lock().await;
                if let Some(credential) = obtained.as_ref() {
                    return Ok(credential.clone());
                }
                context.report.info(format!("Credential for {}: token-command", self.label));
                let credential = command.run(context).await?;
                *obtained = Some(credential.clone());
                Ok(credential)
            }
            Access::TrustedPublishing(publisher) => {
                publisher.credential(context, &self.index, &self.label).await
            }
        }
    }
}

//! From the resolved configuration to the values the engine works with.

use crate::attest::Attest;
use crate::build::{BuildOptions, ProjectPatch};
use crate::context::Context;
use crate::gates::{PublishingPlace, VersionGate};
use crate::install::VerifyOptions;
use crate::release::{Expectation, TagRule};
use crate::tag::CreateTag;
use crate::target::{Access, ReleaseTarget, TokenCommand};
use crate::trusted::Publisher;
use shiponce_api::{ErrorCode, Problem};
use shiponce_config::{
    Choice, Config, ConfigError, Credentials, Gate, Index as ConfiguredIndex, Oidc, Rules, Source,
    TrustedPublishing, Variant, VersionProbe,
};
use shiponce_core::PackageName;
use shiponce_core::decide::WriteOnce;
use shiponce_core::plan::{Role, Target};
use shiponce_index::trusted::IdentitySource;
use shiponce_index::{Credential, Index};

pub use crate::ci::ci_run;
pub use crate::github::{github, github_to_read};

/// What a command needs of its targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It may upload: malformed and foreign tokens are refused now, before any network use; an index that can
    /// overwrite files needs a ledger that everybody shares.
    Write,
    /// It only reads.
    Read,
}

/// The targets of a run, test indexes first.
///
/// # Errors
/// A malformed or foreign token, a readable secrets file, an index without a shared ledger.
pub fn targets(
    config: &Config,
    credentials: &Credentials<'_>,
    purpose: Use,
) -> Result<Vec<ReleaseTarget>, Problem> {
    config.targets().map(|index| target(config, index, credentials, purpose)).collect()
}

fn target(
    config: &Config,
    index: &ConfiguredIndex,
    credentials: &Credentials<'_>,
    purpose: Use,
) -> Result<ReleaseTarget, Problem> {
    if purpose == Use::Write {
        needs_shared_ledger(config, index)?;
    }
    let core = Target {
        name: index.name.clone(),
        identity: index.identity(),
        host: index.host(),
        role: index.role.value,
        required: index.required.value,
        write_once: index.immutable.value,
        pypi_rules: index.built_in.is_some()
            || (index.rules.value == Rules::Pypi && index.immutable.value == WriteOnce::Yes),
        on_unknown: config.on_unknown.value,
    };
    let access = match purpose {
        Use::Write => access(index, credentials)?,
        Use::Read => {
            Access::Missing(Box::new(Problem::new(ErrorCode::TokenMissing, "this command only reads")))
        }
    };
    let (read_auth, reader) = if index.read_auth.value { reading(index, credentials)? } else { (None, None) };
    let described = Index {
        name: index.name.clone(),
        upload: index.upload.value.clone(),
        simple: index.simple.as_ref().map(|simple| simple.value.clone()),
        json: index.json.as_ref().map(|json| json.value.clone()),
        read_auth,
        reads_need_auth: index.read_auth.value,
        mirror: index.mirror.value,
        asks_md5: false,
    };
    let mut target = ReleaseTarget::new(core, index.title().to_owned(), described, access);
    target.reader = reader;
    target.strict_files = index.rules.value == Rules::Pypi;
    target.closed_door = closed_door(index);
    target.uploads_at_once = index.parallel_uploads.value;
    // Also where nothing is written: a dry run judges as a press in its place would.
    let offered = credentials.for_index(index).ok().and_then(|offer| offer.choice);
    let by_publisher = matches!(offered, Some(Choice::TrustedPublishing(_)));
    target.attest = Attest { policy: index.attestations.value, by_publisher };
    Ok(target.with_cache_ttl(index.cache_ttl.value))
}

/// Whether pip and uv cannot read an index.
fn closed_door(index: &ConfiguredIndex) -> bool {
    index.read_auth.value || index.ca.is_some() || index.client_cert.is_some()
}

/// Obtains what reading needs, for every index whose credential a program prints.
///
/// # Errors
/// `token-missing` when a program fails; a malformed or foreign token.
pub async fn sign_in(context: &Context, targets: &mut [ReleaseTarget]) -> Result<(), Problem> {
    for target in targets {
        target.sign_in(context).await?;
    }
    Ok(())
}

/// A name that can be overwritten is only safe where all writers meet in one ledger. A ledger that was named, or an
/// index on this machine, states that only this machine publishes.
fn needs_shared_ledger(config: &Config, index: &ConfiguredIndex) -> Result<(), Problem> {
    let stated = config.ledger.as_ref().is_some_and(|ledger| ledger.source != Source::Default);
    if index.immutable.value == WriteOnce::Yes || index.is_loopback() || stated {
        return Ok(());
    }
    let word = if index.immutable.value == WriteOnce::No { "no" } else { "unknown" };
    Err(Problem::new(
        ErrorCode::UnsharedLedger,
        format!("the index `{}` may overwrite files (immutable = \"{word}\")", index.name),
    )
    .note("Nothing was uploaded by this run.")
    .hint(format!("if it never replaces a file, say so: [index.{}] immutable = \"yes\"", index.name))
    .hint("if only this machine publishes there, name its ledger: --ledger sqlite:"))
}

fn access(index: &ConfiguredIndex, credentials: &Credentials<'_>) -> Result<Access, Problem> {
    let offer = credentials.for_index(index).map_err(|error| error.problem())?;
    let Some(choice) = offer.choice else {
        let missing: Result<Choice, ConfigError> = credentials.require(index);
        let problem = missing.err().map_or_else(
            || Problem::new(ErrorCode::TokenMissing, format!("no credential for {}", index.title())),
            |error| error.problem(),
        );
        return Ok(Access::Missing(Box::new(problem)));
    };
    let source = choice.source();
    Ok(match choice {
        Choice::Token(token) => {
            let credential = Credential::new(token.username, token.secret, &index.upload.value);
            Access::Secret { credential, source }
        }
        Choice::TrustedPublishing(oidc) => {
            let (source, provider) = identity(oidc);
            Access::TrustedPublishing(Publisher::new(source, provider))
        }
        Choice::Command { command, username, .. } => {
            Access::Command(TokenCommand { command, username, index: Box::new(index.clone()) })
        }
    })
}

/// The indexes that trusted publishing is configured for, each with the identity that this job would show there. An
/// identity that must be there and is not is an answer here, no error.
///
/// # Errors
/// As [`targets`], for reading.
pub fn publishing_places(
    config: &Config,
    credentials: &Credentials<'_>,
) -> Result<Vec<PublishingPlace>, Problem> {
    let wanted = config.targets().filter(|index| match index.trusted_publishing.value {
        TrustedPublishing::Never => false,
        TrustedPublishing::Always => true,
        TrustedPublishing::Auto => index.built_in.is_some(),
    });
    let place = |index: &ConfiguredIndex| {
        let target = target(config, index, credentials, Use::Read)?;
        let choice = credentials.for_index(index).ok().and_then(|offer| offer.choice);
        let identity = match choice {
            Some(Choice::TrustedPublishing(oidc)) => Some(identity(oidc)),
            _ => None,
        };
        Ok(PublishingPlace { target, identity })
    };
    wanted.map(place).collect()
}

/// Where identity tokens come from, and the name of the CI.
fn identity(oidc: Oidc) -> (IdentitySource, &'static str) {
    let provider = oidc.provider();
    let source = match oidc {
        Oidc::GitHub { request_url, request_token } => IdentitySource::GitHub { request_url, request_token },
        Oidc::GitLab { id_token, variable } => {
            IdentitySource::Ready { token: id_token, from: variable.to_owned() }
        }
    };
    (source, provider)
}

/// The credential that reads carry, or the program that prints it. An identity of a CI job is exchanged for tokens that
/// upload and do not read: such an index is read without any, and its 404 says nothing.
fn reading(
    index: &ConfiguredIndex,
    credentials: &Credentials<'_>,
) -> Result<(Option<Credential>, Option<TokenCommand>), Problem> {
    Ok(match access(index, credentials)? {
        Access::Secret { credential, .. } => (Some(credential), None),
        Access::Command(command) => (None, Some(command)),
        Access::TrustedPublishing(_) | Access::Missing(_) => (None, None),
    })
}

/// The build of a configuration. A variant's variables stand above those of `[build]`.
#[must_use]
pub fn build_options(config: &Config, variant: Option<&Variant>) -> BuildOptions {
    let of_variant = variant.into_iter().flat_map(|variant| &variant.env);
    let env = config.build.env.iter().chain(of_variant);
    BuildOptions {
        command: config.build.command.as_ref().map(|command| command.value.clone()),
        env: env.map(|(name, value)| (name.clone(), value.value.clone())).collect(),
        timeout: config.build.timeout.value,
        patch: variant.map(|variant| ProjectPatch {
            name: variant.package.value.clone(),
            readme: variant.readme.as_ref().map(|readme| readme.value.to_string_lossy().into_owned()),
            description: variant.description.as_ref().map(|description| description.value.clone()),
            keywords: variant.keywords.as_ref().map(|keywords| keywords.value.clone()),
        }),
    }
}

/// The files that a release of the configuration, or of a variant in it, must have.
#[must_use]
pub fn expectation(config: &Config, variant: Option<&Variant>) -> Expectation {
    if config.expect.like_previous.is_some() {
        return Expectation::LikePrevious;
    }
    config.expected(variant, None).map_or(Expectation::Anything, Expectation::These)
}

/// The install verification of a configuration. Dependencies come from production: the configured address, else the
/// production target's, else the built-in index.
#[must_use]
pub fn verify_options(config: &Config, built_in_simple: &str) -> VerifyOptions {
    let production = config.indexes.iter().find(|index| index.role.value == Role::Production);
    let simple = production.and_then(|index| index.simple.as_ref()).map(|simple| simple.value.to_string());
    let chosen = config.verify.dependencies.as_ref().map(|address| address.value.to_string());
    let closed = chosen.is_none() && simple.is_some() && production.is_some_and(closed_door);
    VerifyOptions {
        dependencies_closed: closed,
        find_links: None,
        import: config.verify.import.as_ref().map(|import| import.value.clone()).unwrap_or_default(),
        version: match &config.verify.version.value {
            VersionProbe::Metadata => "metadata".to_owned(),
            VersionProbe::Attribute { module, name } => format!("{module}.{name}"),
        },
        commands: config.verify.commands.value.clone(),
        dependencies: chosen.or(simple).unwrap_or_else(|| built_in_simple.to_owned()),
        timeout: config.verify.timeout.value,
    }
}

/// The tag template of a configuration, bound to a project and to a variant of it.
#[must_use]
pub fn tag_rule(config: &Config, project: &PackageName, variant: Option<&Variant>) -> TagRule {
    TagRule {
        template: config.tag.value.clone(),
        package: project.normalized().to_owned(),
        variant: variant.map(|variant| variant.name.value.clone()),
    }
}

/// The version gate of a configuration; `None` when `[gates] required` leaves it out.
#[must_use]
pub fn version_gate(config: &Config) -> Option<VersionGate> {
    config.gates.value.contains(&Gate::Version).then(|| version_gate_of(config))
}

/// How the version gate looks at the project, whether or not a release requires it.
#[must_use]
pub fn version_gate_of(config: &Config) -> VersionGate {
    VersionGate { files: config.version_files.value.clone() }
}

/// What a new tag must keep.
#[must_use]
pub fn create_tag(config: &Config) -> CreateTag {
    CreateTag { branch: config.branch.as_ref().map(|branch| branch.value.clone()) }
}

/// One sentence for every index that a flag leaves out.
#[must_use]
pub fn left_out(config: &Config) -> Vec<String> {
    let mut lines: Vec<String> = config
        .indexes
        .iter()
        .filter_map(|index| Some(format!("{} is left out ({})", index.title(), index.left_out.as_ref()?)))
        .collect();
    if !config.indexes.iter().any(|index| index.role.value == Role::Test) {
        lines.push(
            "No test index is configured: the files are verified by installing them locally".to_owned(),
        );
    }
    lines
}

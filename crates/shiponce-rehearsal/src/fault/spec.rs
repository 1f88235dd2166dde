//! The text form of a fault, as `--fault` takes it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{FaultKind, Lag};
use crate::address::Index;
use crate::world::RouteKind;

/// One fault: which requests it strikes, and how.
///
/// Parsed from `[PLACE.]ROUTE:WHEN:KIND[xTIMES]`:
///
/// * `PLACE` is `prod`, `test` or `github`; without it the requests of both indexes count together.
/// * `ROUTE` is `upload`, `simple`, `json`, `file`, `metadata`, `provenance`, `audience`, `mint`, `burn`, `identity`, or
///   `any`; of GitHub `repository`, `list`, `release`, `create`, `publish`, `delete`, `assets`, `asset`,
///   `delete-asset`, `download`, `tag`, `notes`, `artifacts`, `other`, or `any`.
/// * `WHEN` is the number of the request, from 1, or `*` for every one.
/// * `KIND` is a word of [`FaultKind`]; `xTIMES` makes it strike so many requests in a row (`*` with `x3`
///   strikes the first three).
///
/// ```
/// use shiponce_rehearsal::FaultSpec;
/// for text in ["upload:2:503", "github.asset:1:502-starter", "test.upload:1:drop-after", "simple:*:503x3", "json:1:captive-portal"] {
///     assert_eq!(text.parse::<FaultSpec>()?.to_string(), text);
/// }
/// # Ok::<(), shiponce_rehearsal::FaultSpecError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultSpec {
    text: String,
    place: Place,
    route: Option<RouteKind>,
    /// `None` strikes every request.
    first: Option<u32>,
    times: Option<u32>,
    pub(crate) kind: FaultKind,
}

/// Whose requests a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    Index(Index),
    Github,
}

/// Why a fault specification cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultSpecError {
    /// There are not exactly three parts.
    #[error("fault `{0}` is not of the form ROUTE:WHEN:KIND, such as `upload:2:503`")]
    Shape(String),
    /// The place is not known.
    #[error("fault `{spec}` names `{place}`; there are `prod`, `test` and `github`")]
    Place {
        /// The whole specification.
        spec: String,
        /// The unknown part.
        place: String,
    },
    /// The route is not known.
    #[error("fault `{spec}` names the route `{route}`; there are {}", routes())]
    Route {
        /// The whole specification.
        spec: String,
        /// The unknown part.
        route: String,
    },
    /// WHEN is not a number from 1 and not `*`.
    #[error("fault `{spec}` says when with `{when}`; it must be a number from 1, or `*`")]
    When {
        /// The whole specification.
        spec: String,
        /// The unknown part.
        when: String,
    },
    /// The kind is not known.
    #[error("fault `{spec}` is of the kind `{kind}`; there are {}", KINDS.join(", "))]
    Kind {
        /// The whole specification.
        spec: String,
        /// The unknown part.
        kind: String,
    },
}

const KINDS: [&str; 28] = [
    "500",
    "502",
    "503",
    "429",
    "503+retry-after=SECONDS",
    "500-stored",
    "502-stored",
    "503-stored",
    "200-not-stored",
    "read-only",
    "uploads-disabled",
    "new-projects-disabled",
    "oidc-disabled",
    "captive-portal",
    "hang",
    "cut-reading",
    "drop-before",
    "drop-after",
    "truncated",
    "race",
    "rate-limit=SECONDS",
    "secondary-limit",
    "secondary-limit+retry-after=SECONDS",
    "502-starter",
    "unicorn",
    "delay=MILLISECONDS",
    "stale=SECONDSs",
    "stale=READS",
];

fn routes() -> String {
    let mut words: Vec<&str> = RouteKind::WORDS.iter().map(|(word, _)| *word).collect();
    words.push("any");
    words.join(", ")
}

impl FaultSpec {
    pub(crate) fn covers(&self, index: Option<Index>, route: RouteKind) -> bool {
        let here = match self.place {
            Place::Anywhere => true,
            Place::Index(own) => index == Some(own),
            Place::Github => route.is_github(),
        };
        here && self.route.is_none_or(|own| own == route)
    }

    /// For a fault of stale pages: which index it is about, and how its two kinds of pages lag.
    pub(crate) fn staleness(&self, index: Index) -> (Option<Lag>, Option<Lag>) {
        let FaultKind::Stale(lag) = self.kind else { return (None, None) };
        let lags = |route| self.covers(Some(index), route).then_some(lag);
        (lags(RouteKind::Json), lags(RouteKind::Simple))
    }

    /// For a fault of stale pages: how GitHub's lists of releases lag.
    pub(crate) fn list_staleness(&self) -> Option<Lag> {
        match self.kind {
            FaultKind::Stale(lag) if self.covers(None, RouteKind::GithubList) => Some(lag),
            _ => None,
        }
    }

    /// Whether the fault strikes the so-manieth request it covers.
    pub(crate) fn strikes(&self, number: u32) -> bool {
        match (self.first, self.times) {
            _ if matches!(self.kind, FaultKind::Stale(_)) => false,
            (None, None) => true,
            (first, times) => {
                let first = first.unwrap_or(1);
                number >= first && number - first < times.unwrap_or(1)
            }
        }
    }
}

impl fmt::Display for FaultSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for FaultSpec {
    type Err = FaultSpecError;

    fn from_str(text: &str) -> Result<Self, FaultSpecError> {
        let spec = || text.to_owned();
        let parts: Vec<&str> = text.split(':').collect();
        let [target, when, kind] = parts[..] else { return Err(FaultSpecError::Shape(spec())) };
        let (place, route) = match target.split_once('.') {
            Some(("github", route)) => (Place::Github, route),
            Some((word, route)) => match Index::ALL.into_iter().find(|index| index.prefix() == word) {
                Some(index) => (Place::Index(index), route),
                None => return Err(FaultSpecError::Place { spec: spec(), place: word.to_owned() }),
            },
            None => (Place::Anywhere, target),
        };
        // The words of GitHub's routes begin with the place.
        let full = if place == Place::Github { target } else { route };
        let route = match route {
            "any" => None,
            word => match RouteKind::WORDS.iter().find(|(known, _)| *known == full) {
                Some((_, kind)) => Some(*kind),
                None => return Err(FaultSpecError::Route { spec: spec(), route: word.to_owned() }),
            },
        };
        let first = match when {
            "*" => None,
            number => match number.parse::<u32>() {
                Ok(n) if n > 0 => Some(n),
                _ => return Err(FaultSpecError::When { spec: spec(), when: number.to_owned() }),
            },
        };
        let (word, times) = repeated(kind);
        let kind =
            parse_kind(word).ok_or_else(|| FaultSpecError::Kind { spec: spec(), kind: kind.to_owned() })?;
        Ok(Self { text: spec(), place, route, first, times, kind })
    }
}

fn repeated(kind: &str) -> (&str, Option<u32>) {
    match kind.rsplit_once('x') {
        Some((word, count)) => match count.parse() {
            Ok(count) if count > 0 => (word, Some(count)),
            _ => (kind, None),
        },
        None => (kind, None),
    }
}

fn parse_kind(word: &str) -> Option<FaultKind> {
    if let Some(milliseconds) = word.strip_prefix("delay=") {
        return Some(FaultKind::Delay(Duration::from_millis(milliseconds.parse().ok()?)));
    }
    if let Some(how_long) = word.strip_prefix("stale=") {
        return Some(FaultKind::Stale(match how_long.strip_suffix('s') {
            Some(seconds) => Lag::For(Duration::from_secs(seconds.parse().ok()?)),
            None => Lag::Reads(how_long.parse().ok()?),
        }));
    }
    if let Some(code) = word.strip_suffix("-stored").and_then(status) {
        return Some(FaultKind::StoredStatus(code));
    }
    if let Some(code) = word.strip_suffix("-starter").and_then(status) {
        return Some(FaultKind::Starter(code));
    }
    if let Some(seconds) = word.strip_prefix("rate-limit=") {
        return Some(FaultKind::RateLimit { seconds: seconds.parse().ok()? });
    }
    let (plain, retry_after) = match word.split_once("+retry-after=") {
        Some((plain, seconds)) => (plain, Some(seconds.parse().ok()?)),
        None => (word, None),
    };
    if let Some(code) = status(plain) {
        return Some(FaultKind::Status { code, retry_after });
    }
    if plain == "secondary-limit" {
        return Some(FaultKind::SecondaryLimit { retry_after });
    }
    Some(match word {
        "unicorn" => FaultKind::Unicorn,
        "200-not-stored" => FaultKind::NotStored,
        "read-only" => FaultKind::ReadOnly,
        "uploads-disabled" => FaultKind::UploadsDisabled,
        "new-projects-disabled" => FaultKind::NewProjectsDisabled,
        "oidc-disabled" => FaultKind::OidcDisabled,
        "captive-portal" => FaultKind::CaptivePortal,
        "hang" => FaultKind::Hang,
        "cut-reading" => FaultKind::CutReading,
        "drop-before" => FaultKind::DropBefore,
        "drop-after" => FaultKind::DropAfter,
        "truncated" => FaultKind::Truncated,
        "race" => FaultKind::Race,
        _ => return None,
    })
}

fn status(word: &str) -> Option<u16> {
    match word {
        "500" => Some(500),
        "502" => Some(502),
        "503" => Some(503),
        "429" => Some(429),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{FaultKind, FaultSpec, Lag, RouteKind};

    fn parse(text: &str) -> FaultSpec {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_say_which_requests_are_struck() {
        let struck = |text: &str| -> Vec<u32> { (1..7).filter(|n| parse(text).strikes(*n)).collect() };
        assert_eq!(struck("upload:2:503"), [2]);
        assert_eq!(struck("upload:2:503x3"), [2, 3, 4]);
        assert_eq!(struck("simple:*:503x3"), [1, 2, 3]);
        assert_eq!(struck("simple:*:503"), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_fault_of_github_strikes_nothing_else() {
        let covers = |text: &str, route| parse(text).covers(None, route);
        assert!(covers("github.create:1:503", RouteKind::GithubCreate));
        assert!(!covers("github.create:1:503", RouteKind::GithubList));
        assert!(covers("github.any:1:503", RouteKind::GithubList));
        assert!(!covers("github.any:1:503", RouteKind::Identity));
        assert!(covers("any:1:503", RouteKind::GithubList));
    }

    #[test]
    fn kinds_carry_their_numbers() {
        assert_eq!(
            parse("upload:1:503+retry-after=7").kind,
            FaultKind::Status { code: 503, retry_after: Some(7) }
        );
        assert_eq!(
            parse("json:*:stale=30s").kind,
            FaultKind::Stale(Lag::For(std::time::Duration::from_secs(30)))
        );
        assert_eq!(parse("simple:*:stale=2").kind, FaultKind::Stale(Lag::Reads(2)));
        assert_eq!(parse("upload:1:500-stored").kind, FaultKind::StoredStatus(500));
        assert_eq!(parse("github.asset:1:502-starter").kind, FaultKind::Starter(502));
        assert_eq!(parse("github.any:1:rate-limit=30").kind, FaultKind::RateLimit { seconds: 30 });
        assert_eq!(
            parse("github.create:1:secondary-limit+retry-after=2").kind,
            FaultKind::SecondaryLimit { retry_after: Some(2) }
        );
        assert_eq!(parse("any:1:delay=20x2").kind, FaultKind::Delay(std::time::Duration::from_millis(20)));
    }

    #[test]
    fn bad_specifications_say_what_there_is() {
        let error = |text: &str| text.parse::<FaultSpec>().unwrap_err().to_string();
        insta::assert_snapshot!(error("upload:503"), @"fault `upload:503` is not of the form ROUTE:WHEN:KIND, such as `upload:2:503`");
        insta::assert_snapshot!(error("live.upload:1:503"), @"fault `live.upload:1:503` names `live`; there are `prod`, `test` and `github`");
        insta::assert_snapshot!(error("up:1:503"), @"fault `up:1:503` names the route `up`; there are upload, json, simple, file, metadata, provenance, audience, mint, burn, identity, github.repository, github.list, github.release, github.create, github.publish, github.delete, github.assets, github.asset, github.delete-asset, github.download, github.tag, github.notes, github.artifacts, github.other, other, any");
        insta::assert_snapshot!(error("upload:0:503"), @"fault `upload:0:503` says when with `0`; it must be a number from 1, or `*`");
        insta::assert_snapshot!(error("github.upload:1:503").split(';').next().unwrap(), @"fault `github.upload:1:503` names the route `upload`");
        assert!(error("upload:1:504").contains("there are 500, 502, 503, 429"));
    }
}

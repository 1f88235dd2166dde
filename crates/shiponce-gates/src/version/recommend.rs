//! Which version the changes since the last release call for, by their commit messages (Conventional Commits 1.0).

use shiponce_api::v1::{Bump, VersionRecommendation};
use shiponce_core::Version;
use shiponce_core::version::Part;

/// The last release and what came after it.
#[derive(Debug, Clone, Copy)]
pub struct Changes<'a> {
    /// The tag of the last ordinary release.
    pub tag: &'a str,
    /// Its version.
    pub version: &'a Version,
    /// The messages of the commits since.
    pub messages: &'a [String],
}

/// Calendar versions (`2026.11`) say when, not what changed.
const CALENDAR: u64 = 1990;

/// The version that semantic versioning asks for.
///
/// Something that breaks its users raises the major version, an addition the minor one, everything else the patch.
/// Below 1.0 nothing is promised yet: there a break raises the minor version, as an addition does. `None` without
/// changes and for calendar versions.
#[must_use]
pub fn recommend(changes: &Changes<'_>) -> Option<VersionRecommendation> {
    if changes.messages.is_empty() || changes.version.major() >= CALENDAR {
        return None;
    }
    let of = |wanted: Part| changes.messages.iter().filter(|message| part(message) == wanted).count() as u64;
    let (breaking, features) = (of(Part::Major), of(Part::Minor));
    let part = match (breaking, features) {
        (1.., _) if changes.version.major() > 0 => Part::Major,
        (1.., _) | (_, 1..) => Part::Minor,
        _ => Part::Patch,
    };
    Some(VersionRecommendation {
        bump: match part {
            Part::Major => Bump::Major,
            Part::Minor => Bump::Minor,
            Part::Patch => Bump::Patch,
        },
        version: changes.version.raised(part).to_string(),
        since: changes.tag.to_owned(),
        changes: changes.messages.len() as u64,
        breaking,
        features,
    })
}

/// What one commit changes.
fn part(message: &str) -> Part {
    let subject = message.lines().next().unwrap_or_default();
    let head = subject.split_once(": ").map_or("", |(head, _)| head);
    let (head, loud) = head.strip_suffix('!').map_or((head, false), |head| (head, true));
    let (kind, scope) = head.split_once('(').map_or((head, ")"), |(kind, scope)| (kind, scope));
    let is_conventional =
        !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) && scope.ends_with(')');
    // The footer counts whatever the subject is; it is written in capitals.
    let footer = message
        .lines()
        .skip(1)
        .any(|line| line.starts_with("BREAKING CHANGE: ") || line.starts_with("BREAKING-CHANGE: "));
    if footer || is_conventional && loud {
        return Part::Major;
    }
    let feature = kind.eq_ignore_ascii_case("feat") || kind.eq_ignore_ascii_case("feature");
    if is_conventional && feature { Part::Minor } else { Part::Patch }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_says() {
        for (message, expected) in [
            ("fix: a slip", Part::Patch),
            ("Repair the door", Part::Patch),
            ("feat: a window", Part::Minor),
            ("Feat(ui): a window", Part::Minor),
            ("feature: a window", Part::Minor),
            ("feat!: another door", Part::Major),
            ("refactor(core)!: another door", Part::Major),
            ("chore: tidy\n\nBREAKING CHANGE: the door is gone", Part::Major),
            ("chore: tidy\n\nBREAKING-CHANGE: the door is gone", Part::Major),
            ("Say what a BREAKING CHANGE: is", Part::Patch),
            ("feat no colon", Part::Patch),
            ("Look out!: not conventional", Part::Patch),
            ("feat(open: no end", Part::Patch),
        ] {
            assert_eq!(part(message), expected, "{message}");
        }
    }

    #[test]
    fn the_largest_change_decides() {
        let next = |last: &str, messages: &[&str]| {
            let version: Version = last.parse().unwrap();
            let messages: Vec<String> = messages.iter().map(|text| (*text).to_owned()).collect();
            let changes = Changes { tag: "v1", version: &version, messages: &messages };
            recommend(&changes).map_or_else(|| "none".to_owned(), |found| found.version)
        };
        assert_eq!(next("1.2.3", &["fix: a"]), "1.2.4");
        assert_eq!(next("1.2.3", &["fix: a", "feat: b"]), "1.3.0");
        assert_eq!(next("1.2.3", &["feat: b", "fix!: a"]), "2.0.0");
        assert_eq!(next("0.2.3", &["fix!: a"]), "0.3.0");
        assert_eq!(next("0.2.3", &["feat: a"]), "0.3.0");
        assert_eq!(next("0.2.3", &["docs: a"]), "0.2.4");
        assert_eq!(next("1.2.3", &[]), "none");
        assert_eq!(next("2026.11.1", &["feat: a"]), "none");
    }
}

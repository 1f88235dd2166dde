//! Files of a release that are there already, and nobody here knows why: adopt them, or keep away from them.
//!
//! A fresh clone or a fresh runner has no frozen manifest. If an index holds files of the version, a rebuild would make
//! other bytes beside them. So they are either proven to be this commit's, and then they are the release, or nothing is
//! done.

use crate::digest::Sha256;
use crate::expect::{Expected, Slot};
use crate::filename::DistFilename;
use crate::provenance::Untied;
use std::collections::BTreeMap;

/// A file of the version on an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its name.
    pub filename: DistFilename,
    /// Its digest, when the index gives one.
    pub sha256: Option<Sha256>,
    /// What ties it to the commit that is released.
    pub tie: Tie,
}

/// Whether a file is tied to the commit that is released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tie {
    /// It is.
    Tied,
    /// It is not.
    Untied(Untied),
    /// What could tie it could not be read.
    Unread {
        /// Why, for people.
        why: String,
    },
}

/// Everything the decision rests on.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// Files of the version on production indexes, in the order of the indexes.
    pub production: &'a [Held],
    /// Files of the version on other indexes, in their order.
    pub elsewhere: &'a [Held],
    /// What the release must have, where that is stated.
    pub expected: Option<&'a Expected>,
}

/// What to do about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing is published: build.
    Build,
    /// These files are the release.
    Adopt {
        /// Every file and its digest; those that production lacks are held elsewhere.
        files: BTreeMap<String, Sha256>,
    },
    /// What is published is this commit's, and files that belong to it are nowhere.
    Lost {
        /// What is missing.
        missing: Vec<Slot>,
        /// What is there.
        files: BTreeMap<String, Sha256>,
    },
    /// A published file is not this commit's, as far as anybody can tell.
    Unproven {
        /// The file.
        filename: DistFilename,
        /// Why it does not count as this commit's.
        why: Untied,
    },
    /// It is not known whether a file is this commit's.
    Unread {
        /// The file.
        filename: DistFilename,
        /// Why it is not known.
        why: String,
    },
}

/// Decides.
///
/// Without a statement of what belongs to the release, what production holds is taken for the whole of it, together
/// with what other indexes hold of this commit besides: a press that died between its test stage and production left
/// the rest there. A file elsewhere that nothing ties to the commit is no part of the release.
///
/// While production holds nothing, what is elsewhere is adopted only when it is known to be whole.
#[must_use]
pub fn next(facts: &Facts<'_>) -> Next {
    if let Some((filename, why)) = facts.production.iter().find_map(untied) {
        return Next::Unproven { filename: filename.clone(), why };
    }
    let mut files: BTreeMap<String, Sha256> = BTreeMap::new();
    let mut names: Vec<&DistFilename> = Vec::new();
    for held in facts.production.iter().chain(facts.elsewhere) {
        let name = held.filename.to_string();
        // What production holds under a name is what the name means.
        if files.contains_key(&name) {
            continue;
        }
        match (&held.tie, held.sha256) {
            (Tie::Tied, Some(sha256)) => {
                files.insert(name, sha256);
                names.push(&held.filename);
            }
            (Tie::Unread { why }, _) => {
                return Next::Unread { filename: held.filename.clone(), why: why.clone() };
            }
            (Tie::Tied | Tie::Untied(_), _) => {}
        }
    }
    let missing = facts.expected.map(|expected| expected.completeness(names).missing);
    match missing {
        None if facts.production.is_empty() => Next::Build,
        Some(missing) if facts.production.is_empty() && !missing.is_empty() => Next::Build,
        Some(missing) if !missing.is_empty() => Next::Lost { missing, files },
        // Something that is expected of nothing at all has been met by nothing.
        _ if files.is_empty() => Next::Build,
        _ => Next::Adopt { files },
    }
}

fn untied(held: &Held) -> Option<(&DistFilename, Untied)> {
    match (&held.tie, held.sha256) {
        (Tie::Untied(why), _) => Some((&held.filename, why.clone())),
        (Tie::Tied, None) => Some((&held.filename, Untied::NoDigest)),
        (Tie::Tied, Some(_)) | (Tie::Unread { .. }, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expect::SdistRule;
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    const NAMES: [&str; 4] = [
        "demo-1.0-cp311-cp311-manylinux_2_28_x86_64.whl",
        "demo-1.0-cp312-cp312-manylinux_2_28_x86_64.whl",
        "demo-1.0-py3-none-any.whl",
        "demo-1.0.tar.gz",
    ];

    fn held(name: &str, byte: u8, tie: Tie) -> Held {
        Held { filename: name.parse().unwrap(), sha256: Some(Sha256([byte; 32])), tie }
    }

    fn decided(production: &[Held], elsewhere: &[Held], expected: Option<&Expected>) -> Next {
        next(&Facts { production, elsewhere, expected })
    }

    fn names(next: &Next) -> Vec<&str> {
        match next {
            Next::Adopt { files } | Next::Lost { files, .. } => files.keys().map(String::as_str).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_production_holds_of_this_commit_is_the_release() {
        let [a, b, ..] = NAMES;
        let production = [held(a, 1, Tie::Tied)];
        assert_eq!(names(&decided(&production, &[], None)), [a]);
        // Elsewhere is more of it, something else under the same name, and a file of unknown origin.
        let elsewhere =
            [held(a, 9, Tie::Tied), held(b, 2, Tie::Tied), held(NAMES[2], 3, Tie::Untied(Untied::NoClaim))];
        let adopted = decided(&production, &elsewhere, None);
        let expected = BTreeMap::from([(a.to_owned(), Sha256([1; 32])), (b.to_owned(), Sha256([2; 32]))]);
        assert_eq!(adopted, Next::Adopt { files: expected });
    }

    #[test]
    fn what_is_expected_and_nowhere_is_lost() {
        let [a, _, _, sdist] = NAMES;
        let expected = Expected::of_sdist(SdistRule::Required);
        let production = [held(a, 1, Tie::Tied)];
        let lost = decided(&production, &[], Some(&expected));
        assert!(matches!(&lost, Next::Lost { missing, .. } if missing == &[Slot::Sdist]), "{lost:?}");
        let elsewhere = [held(sdist, 2, Tie::Tied)];
        assert_eq!(names(&decided(&production, &elsewhere, Some(&expected))), [a, sdist]);
    }

    #[test]
    fn without_anything_in_production_only_a_whole_release_is_adopted() {
        let [a, _, _, sdist] = NAMES;
        let (wheel, whole) = ([held(a, 1, Tie::Tied)], [held(a, 1, Tie::Tied), held(sdist, 2, Tie::Tied)]);
        let expected = Expected::of_sdist(SdistRule::Required);
        assert_eq!(decided(&[], &[], None), Next::Build);
        assert_eq!(decided(&[], &whole, None), Next::Build);
        assert_eq!(decided(&[], &wheel, Some(&expected)), Next::Build);
        assert_eq!(names(&decided(&[], &whole, Some(&expected))), [a, sdist]);
        let nothing = Expected::of_sdist(SdistRule::Refused);
        assert_eq!(decided(&[], &[], Some(&nothing)), Next::Build);
    }

    fn ties() -> impl Strategy<Value = Tie> {
        prop_oneof![
            3 => Just(Tie::Tied),
            1 => Just(Tie::Untied(Untied::NoClaim)),
            1 => Just(Tie::Unread { why: "down".to_owned() }),
        ]
    }

    fn shelf(names: &'static [&'static str]) -> impl Strategy<Value = Vec<Held>> {
        subsequence(names, 0..=names.len()).prop_flat_map(|names| {
            let count = names.len();
            (proptest::collection::vec((ties(), 1_u8..4, any::<bool>()), count)).prop_map(move |facts| {
                names
                    .iter()
                    .zip(facts)
                    .map(|(name, (tie, byte, digest))| Held {
                        sha256: (digest || byte > 1).then_some(Sha256([byte; 32])),
                        ..held(name, byte, tie)
                    })
                    .collect()
            })
        })
    }

    fn expectations() -> impl Strategy<Value = Option<Expected>> {
        let rule = select(vec![SdistRule::Required, SdistRule::Allowed, SdistRule::Refused]);
        proptest::option::of((subsequence(NAMES.to_vec(), 0..4), rule, any::<bool>()).prop_map(
            |(names, rule, like)| if like { Expected::like(names) } else { Expected::of_sdist(rule) },
        ))
    }

    proptest! {
        /// Nothing is built beside published files, and nothing is adopted whose origin is not known.
        #[test]
        fn published_files_are_adopted_when_every_one_is_proven_and_never_joined_by_a_build(
            production in shelf(&NAMES), elsewhere in shelf(&NAMES), expected in expectations(),
        ) {
            let next = decided(&production, &elsewhere, expected.as_ref());
            let proven = |held: &Held| held.tie == Tie::Tied && held.sha256.is_some();
            prop_assert!(next != Next::Build || production.is_empty());
            if let Next::Adopt { files } | Next::Lost { files, .. } = &next {
                prop_assert!(production.iter().all(proven));
                prop_assert!(production.iter().all(|held| files.contains_key(&held.filename.to_string())));
                for (name, sha256) in files {
                    let of_name = |held: &&Held| held.filename.to_string() == *name;
                    let source = production.iter().find(of_name).or_else(|| elsewhere.iter().find(of_name));
                    let source = source.unwrap();
                    prop_assert!(proven(source) && source.sha256 == Some(*sha256));
                }
            }
            if let (Next::Adopt { files }, Some(expected)) = (&next, &expected) {
                let parsed: Vec<DistFilename> = files.keys().map(|name| name.parse().unwrap()).collect();
                prop_assert!(expected.completeness(&parsed).is_complete() && !files.is_empty());
            }
            let refuted = production.iter().any(|held| {
                matches!(held.tie, Tie::Untied(_)) || (held.tie == Tie::Tied && held.sha256.is_none())
            });
            let unproven = matches!(next, Next::Unproven { .. });
            prop_assert_eq!(refuted, unproven, "known to be strange comes before not known");
        }

        /// Deciding again when the adopted files are all published changes nothing.
        #[test]
        fn deciding_again_on_the_finished_release_gives_the_same_one(
            production in shelf(&NAMES), elsewhere in shelf(&NAMES), expected in expectations(),
        ) {
            if let Next::Adopt { files } = decided(&production, &elsewhere, expected.as_ref()) {
                let finished: Vec<Held> =
                    files.iter().map(|(name, sha256)| Held { sha256: Some(*sha256), ..held(name, 0, Tie::Tied) }).collect();
                let again = decided(&finished, &[], expected.as_ref());
                prop_assert_eq!(again, Next::Adopt { files });
            }
        }
    }
}

//! What must hold for every possible set of facts.
#![cfg(test)]

use super::{
    Asset, AssetState, Done, Effect, Facts, MANIFEST_ASSET, Marker, Phase, Release, Row, Stage, Step, Stop,
    TagState, View, Wanted, WantedAsset, decide,
};
use crate::digest::Sha256;
use crate::journal::{History, Refusal, Sent};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const NAMES: [&str; 3] = [MANIFEST_ASSET, "demo-1.0-py3-none-any.whl", "demo-1.0.tar.gz"];
const COMMIT: &str = "abc";

pub(super) fn digest(byte: u8) -> Sha256 {
    Sha256([byte; 32])
}

pub(super) fn wanted() -> Wanted {
    let asset = |(at, name): (usize, &&str)| {
        let sha256 = digest(u8::try_from(at).unwrap());
        ((*name).to_owned(), WantedAsset { size: 10, sha256 })
    };
    Wanted {
        marker: Marker { manifest: digest(100), commit: COMMIT.to_owned() },
        extends: BTreeSet::from([digest(99)]),
        assets: NAMES.iter().enumerate().map(asset).collect(),
    }
}

fn markers() -> impl Strategy<Value = Option<Marker>> {
    let marker = |byte, commit: &str| Some(Marker { manifest: digest(byte), commit: commit.to_owned() });
    prop_oneof![
        4 => Just(marker(100, COMMIT)),
        1 => Just(marker(99, COMMIT)),
        1 => Just(marker(50, COMMIT)),
        1 => Just(marker(100, "def")),
        2 => Just(None),
    ]
}

/// Every file as it shall be: what random draws hardly ever hit.
fn complete() -> Vec<Asset> {
    let asset = |(at, name): (u8, &str)| Asset {
        id: 9000 + u64::from(at),
        name: name.to_owned(),
        label: None,
        state: AssetState::Uploaded,
        size: 10,
        digest: Some(digest(at)),
    };
    (0..).zip(NAMES).map(asset).collect()
}

fn assets() -> impl Strategy<Value = Vec<Asset>> {
    prop_oneof![2 => Just(complete()), 3 => any_assets()]
}

prop_compose! {
    fn any_assets()(
        names in proptest::sample::subsequence(vec![0_usize, 1, 2, 3], 0..=4),
        starters in proptest::collection::vec(proptest::bool::weighted(0.2), 4),
        digests in proptest::collection::vec(prop_oneof![6 => Just(0_u8), 1 => Just(1), 1 => Just(2)], 4),
        first in 0u64..1000,
    ) -> Vec<Asset> {
        names.into_iter().map(|at| {
            let right = digest(u8::try_from(at).unwrap());
            Asset {
                id: first * 10 + at as u64,
                name: NAMES.get(at).copied().unwrap_or("a person's.txt").to_owned(),
                label: None,
                state: if starters[at] { AssetState::Starter } else { AssetState::Uploaded },
                size: if digests[at] == 1 { 11 } else { 10 },
                digest: [Some(right), Some(digest(77)), None][usize::from(digests[at])],
            }
        }).collect()
    }
}

prop_compose! {
    fn releases()(
        list in proptest::collection::vec((any::<bool>(), any::<bool>(), markers(), assets()), 0..4),
    ) -> Vec<Release> {
        list.into_iter().zip(1..).map(|((draft, frozen, marker, assets), id)| {
            Release { id, draft, immutable: frozen && !draft, marker, assets }
        }).collect()
    }
}

fn sents() -> impl Strategy<Value = Sent> {
    prop_oneof![
        Just(Sent::Nothing),
        Just(Sent::Unknown),
        Just(Sent::NotSent),
        Just(Sent::Accepted),
        Just(Sent::Confirmed),
        Just(Sent::Refused(Refusal::NameTaken)),
        Just(Sent::Refused(Refusal::Rejected)),
    ]
}

#[derive(Debug, Clone)]
struct World {
    view: View,
    rows: Vec<Row>,
    histories: BTreeMap<String, History>,
    fresh: bool,
    wait_over: bool,
    current: bool,
}

impl World {
    fn facts(&self) -> Facts<'_> {
        Facts {
            view: &self.view,
            fresh: self.fresh,
            current: self.current,
            wait_over: self.wait_over,
            rows: &self.rows,
            histories: &self.histories,
        }
    }

    fn release(&self, id: u64) -> &Release {
        let View::Seen { releases, .. } = &self.view else { panic!("decided on nothing") };
        releases.iter().find(|release| release.id == id).unwrap()
    }

    fn stage(&self, id: u64) -> Stage {
        self.rows.iter().find(|row| row.release_id == id).map_or(Stage::Assembling, |row| row.stage)
    }

    fn decide(&self, phase: Phase) -> Step {
        decide(&wanted(), &self.facts(), phase)
    }
}

fn effects() -> Vec<Effect> {
    let mut effects = vec![Effect::Create];
    for release in 1..4 {
        effects.extend([Effect::Remove { release }, Effect::Mark { release }, Effect::Publish { release }]);
        effects.extend(NAMES.map(|name| Effect::Upload { release, name: name.to_owned() }));
    }
    effects
}

prop_compose! {
    fn worlds()(
        releases in releases(),
        tag in prop_oneof![
            8 => Just(TagState::On(COMMIT.to_owned())),
            1 => Just(TagState::On("def".to_owned())),
            1 => Just(TagState::Missing),
        ],
        blind in proptest::bool::weighted(0.1),
        rows in proptest::collection::vec(prop_oneof![
            Just(None), Just(Some(Stage::Assembling)), Just(Some(Stage::Sealed)), Just(Some(Stage::Published)),
        ], 3),
        sent in proptest::collection::vec((sents(), 0u32..7, proptest::bool::weighted(0.3)), 19),
        fresh: bool, wait_over: bool, current: bool,
    ) -> World {
        let view = if blind {
            View::Unobserved { why: "down".to_owned() }
        } else {
            View::Seen { releases, tag }
        };
        let rows = rows.into_iter().zip(1..).filter_map(|(stage, release_id)| Some(Row { release_id, stage: stage? }));
        let histories = effects().into_iter().zip(sent).filter(|(_, (_, _, known))| *known).map(
            |(effect, (sent, attempts, _))| (effect.to_string(), History { attempts, sent, burned: false, message: None }),
        );
        World { view, rows: rows.collect(), histories: histories.collect(), fresh, wait_over, current }
    }
}

fn phases() -> impl Strategy<Value = Phase> {
    prop_oneof![Just(Phase::Assemble), Just(Phase::Publish)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn deletes_only_while_assembling_and_only_what_is_ours(world in worlds(), phase in phases()) {
        match world.decide(phase) {
            Step::Effect(Effect::Delete { release, asset }) => {
                prop_assert_eq!(world.stage(release), Stage::Assembling);
                let page = world.release(release);
                prop_assert!(!page.immutable);
                let found = page.assets.iter().find(|found| found.id == asset).unwrap();
                let name = NAMES.iter().find(|name| **name == found.name);
                prop_assert!(name.is_some(), "a person's file");
                let upload = Effect::Upload { release, name: found.name.clone() }.to_string();
                let older = found.name == MANIFEST_ASSET
                    && found.digest.is_some_and(|there| wanted().extends.contains(&there));
                let ours = page.draft
                    && page.marker.as_ref().is_some_and(|marker| marker.commit == COMMIT)
                    && (found.state == AssetState::Starter || older);
                let rest_of_ours = found.state == AssetState::Starter && world.histories.contains_key(&upload);
                prop_assert!(ours || rest_of_ours);
            }
            Step::Effect(Effect::Remove { release }) => {
                let page = world.release(release);
                prop_assert!(page.draft && page.assets.is_empty());
                prop_assert_eq!(world.stage(release), Stage::Assembling);
                prop_assert_eq!(&page.marker.as_ref().unwrap().commit, COMMIT);
            }
            _ => {}
        }
    }

    #[test]
    fn publishes_only_sealed_complete_drafts_that_were_just_read(world in worlds(), phase in phases()) {
        let step = world.decide(phase);
        if let Step::Effect(Effect::Publish { release }) | Step::Seal { release } = step {
            prop_assert_eq!(phase, Phase::Publish);
            prop_assert!(world.current);
            let page = world.release(release);
            prop_assert!(page.draft);
            for (name, expected) in &wanted().assets {
                let found = page.assets.iter().find(|asset| asset.name == *name).unwrap();
                prop_assert_eq!(found.state, AssetState::Uploaded);
                let older = name == MANIFEST_ASSET && found.digest == Some(digest(99));
                prop_assert!(found.digest == Some(expected.sha256) || older);
            }
            let sealed = world.stage(release) != Stage::Assembling;
            prop_assert_eq!(sealed, matches!(step, Step::Effect(_)));
        }
    }

    #[test]
    fn changes_nothing_that_everybody_sees_before_production(world in worlds()) {
        let release = match world.decide(Phase::Assemble) {
            Step::Effect(Effect::Create) => return Ok(()),
            Step::Effect(
                Effect::Upload { release, .. }
                | Effect::Delete { release, .. }
                | Effect::Mark { release }
                | Effect::Remove { release }
                | Effect::Publish { release },
            )
            | Step::Seal { release } => release,
            Step::Compare { .. } | Step::Look | Step::Done(_) | Step::Stop(_) => return Ok(()),
        };
        prop_assert!(world.release(release).draft);
    }

    #[test]
    fn writes_nothing_without_seeing_the_tag_on_the_commit(world in worlds(), phase in phases()) {
        if let Step::Effect(_) | Step::Seal { .. } = world.decide(phase) {
            let seen = matches!(&world.view, View::Seen { tag: TagState::On(commit), .. } if commit == COMMIT);
            prop_assert!(seen);
        }
    }

    #[test]
    fn never_makes_a_page_beside_a_public_one_or_a_draft_of_ours(world in worlds(), phase in phases()) {
        if world.decide(phase) == Step::Effect(Effect::Create) {
            let View::Seen { releases, .. } = &world.view else { panic!("created blindly") };
            let removed = |release: &Release| {
                let history = world.histories.get(&Effect::Remove { release: release.id }.to_string());
                history.is_some_and(|history| history.attempts > 0 || history.sent != Sent::Nothing)
            };
            for release in releases {
                prop_assert!(release.marker.is_none() || removed(release), "{:?}", release);
                prop_assert!(release.draft || removed(release));
            }
            prop_assert!(world.rows.iter().all(|row| row.stage != Stage::Published));
        }
    }

    #[test]
    fn is_done_only_when_every_file_is_there(world in worlds(), phase in phases()) {
        let (release, public) = match world.decide(phase) {
            Step::Done(Done::Assembled { release }) => (release, false),
            Step::Done(Done::Published { release }) => (release, true),
            _ => return Ok(()),
        };
        let page = world.release(release);
        prop_assert_eq!(page.draft, !public);
        prop_assert!(page.assets.iter().filter(|asset| NAMES.contains(&asset.name.as_str())).count() == NAMES.len());
    }

    #[test]
    fn waiting_ends(world in worlds(), phase in phases()) {
        let over = World { fresh: true, current: true, wait_over: true, ..world };
        prop_assert_ne!(over.decide(phase), Step::Look);
    }

    #[test]
    fn attempts_are_bounded_and_open_effects_are_looked_for_first(world in worlds(), phase in phases()) {
        if let Step::Effect(effect) = world.decide(phase) {
            let history = world.histories.get(&effect.to_string()).cloned().unwrap_or_default();
            prop_assert!(history.attempts < super::decide::ATTEMPTS_MAX);
            prop_assert!(world.fresh || matches!(history.sent, Sent::Nothing | Sent::NotSent), "{:?}", history);
            prop_assert!(!matches!(history.sent, Sent::Refused(Refusal::Rejected)));
        }
    }

    #[test]
    fn other_bytes_in_public_stop(world in worlds(), phase in phases()) {
        let View::Seen { releases, tag: TagState::On(commit) } = &world.view else { return Ok(()) };
        let Some(page) = releases.iter().find(|release| !release.draft) else { return Ok(()) };
        let other = |asset: &Asset| {
            asset.name == NAMES[1] && asset.state == AssetState::Uploaded && asset.digest == Some(digest(77))
        };
        if commit == COMMIT && page.assets.iter().any(other) {
            let untouched = page.assets.iter().all(|asset| {
                !world.histories.contains_key(&Effect::Delete { release: page.id, asset: asset.id }.to_string())
            });
            let removed = world.histories.contains_key(&Effect::Remove { release: page.id }.to_string());
            if untouched && !removed {
                let stops = matches!(world.decide(phase), Step::Stop(
                    Stop::Conflict { .. } | Stop::OtherCommit { .. } | Stop::OtherBytes { .. },
                ));
                prop_assert!(stops);
            }
        }
    }
}

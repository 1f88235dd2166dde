//! Presses on a forge in any weather: every way to die, to lag and to lose answers leads to one complete public page.
#![cfg(test)]

use super::properties::wanted;
use super::{
    Asset, AssetState, Done, Effect, Facts, Phase, Release, Row, Stage, Step, Stop, TagState, View, decide,
};
use crate::journal::{Event, History, Refusal};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What can happen to a request on its way, and to the list after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weather {
    Fine,
    /// It arrives; the lists show it later.
    Lag,
    LostBefore,
    LostAfter,
    /// An upload that breaks off leaves an empty asset.
    Broken,
    DieBefore,
    DieAfter,
    /// The press dies, and its request arrives a while later, past the next presses.
    DieAndArriveLate,
}

fn weather() -> impl Strategy<Value = Weather> {
    prop_oneof![
        6 => Just(Weather::Fine),
        1 => Just(Weather::Lag),
        1 => Just(Weather::LostBefore),
        1 => Just(Weather::LostAfter),
        1 => Just(Weather::Broken),
        1 => Just(Weather::DieBefore),
        1 => Just(Weather::DieAfter),
        1 => Just(Weather::DieAndArriveLate),
    ]
}

/// A forge reduced to one tag.
#[derive(Debug, Default, Clone)]
struct Forge {
    releases: Vec<Release>,
    next_id: u64,
    immutable: bool,
    published: u32,
    /// Requests of presses that are dead.
    late: Vec<Effect>,
}

impl Forge {
    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn find(&mut self, id: u64) -> Option<&mut Release> {
        self.releases.iter_mut().find(|release| release.id == id)
    }

    /// Carries an effect out as the real service does.
    fn apply(&mut self, effect: &Effect) -> Event {
        let refused = |refusal| Event::Refused { refusal, message: String::new() };
        let fresh = self.id();
        match effect {
            Effect::Create => {
                let marker = Some(wanted().marker);
                let page = Release { id: fresh, draft: true, immutable: false, marker, assets: Vec::new() };
                self.releases.push(page);
            }
            Effect::Remove { release } => self.releases.retain(|page| page.id != *release),
            Effect::Mark { release } => {
                let Some(page) = self.find(*release) else { return refused(Refusal::NameTaken) };
                page.marker = Some(wanted().marker);
            }
            Effect::Upload { release, name } => {
                return self.upload(*release, name, fresh, AssetState::Uploaded);
            }
            Effect::Delete { release, asset } => {
                if let Some(page) = self.find(*release).filter(|page| !page.immutable) {
                    page.assets.retain(|found| found.id != *asset);
                }
            }
            Effect::Publish { release } => {
                let taken = self.releases.iter().any(|page| !page.draft && page.id != *release);
                let immutable = self.immutable;
                let Some(page) = self.find(*release).filter(|_| !taken) else {
                    return refused(Refusal::NameTaken);
                };
                let first = std::mem::replace(&mut page.draft, false);
                page.immutable = immutable;
                self.published += u32::from(first);
            }
        }
        Event::Accepted
    }

    fn upload(&mut self, release: u64, name: &str, id: u64, state: AssetState) -> Event {
        let refused = |refusal| Event::Refused { refusal, message: String::new() };
        let Some(page) = self.find(release) else { return refused(Refusal::NameTaken) };
        if page.immutable {
            return refused(Refusal::Closed);
        }
        if page.assets.iter().any(|asset| asset.name == name) {
            return refused(Refusal::NameTaken);
        }
        let expected = wanted().assets[name].clone();
        let digest = (state == AssetState::Uploaded).then_some(expected.sha256);
        let asset = Asset { id, name: name.to_owned(), label: None, state, size: expected.size, digest };
        page.assets.push(asset);
        Event::Accepted
    }
}

/// The ledger of one machine, and the forge.
#[derive(Debug, Default)]
struct World {
    forge: Forge,
    /// What the lists show; pages known by their id are read as they are.
    shown: Option<Forge>,
    rows: Vec<Row>,
    journal: BTreeMap<String, Vec<Event>>,
}

/// How a press ended.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Died,
    Done(Done),
    Stopped(Stop),
}

impl World {
    fn view(&self) -> View {
        let mut releases = self.shown.as_ref().unwrap_or(&self.forge).releases.clone();
        // What is public is read by its tag, and what the ledger knows by its id; only the list lags.
        let public = self.forge.releases.iter().find(|release| !release.draft).map(|release| release.id);
        for id in self.rows.iter().map(|row| row.release_id).chain(public) {
            releases.retain(|release| release.id != id);
            releases.extend(self.forge.releases.iter().find(|release| release.id == id).cloned());
        }
        View::Seen { releases, tag: TagState::On("abc".to_owned()) }
    }

    fn record(&mut self, effect: &Effect, event: Event) {
        self.journal.entry(effect.to_string()).or_default().push(event);
    }

    /// One press until it ends.
    fn press(&mut self, weather: &mut impl Iterator<Item = Weather>) -> Ended {
        for events in self.journal.values_mut() {
            events.push(Event::Press);
        }
        match self.phase(Phase::Assemble, weather) {
            Ended::Done(_) => self.phase(Phase::Publish, weather),
            other => other,
        }
    }

    fn phase(&mut self, phase: Phase, weather: &mut impl Iterator<Item = Weather>) -> Ended {
        let mut view = self.view();
        let mut readings = 1;
        let mut looks = 0;
        loop {
            let histories: BTreeMap<String, History> =
                self.journal.iter().map(|(name, events)| (name.clone(), History::of(events))).collect();
            let facts = Facts {
                view: &view,
                fresh: readings >= 2,
                current: readings >= 1,
                wait_over: looks > 40,
                rows: &self.rows,
                histories: &histories,
            };
            match decide(&wanted(), &facts, phase) {
                Step::Effect(effect) => {
                    readings = 0;
                    if self.carry_out(&effect, weather.next().unwrap_or(Weather::Fine)) {
                        return Ended::Died;
                    }
                }
                Step::Seal { release } => self.move_row(release, Stage::Sealed),
                Step::Done(Done::Published { release }) => {
                    self.move_row(release, Stage::Published);
                    return Ended::Done(Done::Published { release });
                }
                Step::Done(done) => return Ended::Done(done),
                Step::Stop(stop) => return Ended::Stopped(stop),
                Step::Compare { .. } | Step::Look => {
                    looks += 1;
                    readings += 1;
                    // A list lags for a few readings.
                    if looks % 4 == 0 {
                        self.shown = None;
                    }
                    view = self.view();
                }
            }
            if readings == 0 {
                view = self.view();
            }
        }
    }

    fn move_row(&mut self, release_id: u64, stage: Stage) {
        match self.rows.iter_mut().find(|row| row.release_id == release_id) {
            Some(row) => {
                assert!(row.stage <= stage, "never back");
                row.stage = stage;
            }
            None => self.rows.push(Row { release_id, stage }),
        }
    }

    /// Whether the press died.
    fn carry_out(&mut self, effect: &Effect, weather: Weather) -> bool {
        let unknown = || Event::OutcomeUnknown { why: "cut".to_owned() };
        if let Some(late) = self.forge.late.pop() {
            self.forge.apply(&late);
        }
        if weather == Weather::Lag {
            self.shown = Some(self.forge.clone());
        }
        self.record(effect, Event::Intent);
        match weather {
            Weather::DieBefore => return true,
            Weather::DieAndArriveLate => {
                self.forge.late.push(effect.clone());
                return true;
            }
            Weather::DieAfter => {
                self.forge.apply(effect);
                return true;
            }
            Weather::LostBefore => self.record(effect, unknown()),
            Weather::LostAfter => {
                self.forge.apply(effect);
                self.record(effect, unknown());
            }
            Weather::Broken => {
                if let Effect::Upload { release, name } = effect {
                    let id = self.forge.id();
                    self.forge.upload(*release, name, id, AssetState::Starter);
                }
                self.record(effect, unknown());
            }
            Weather::Fine | Weather::Lag => {
                let event = self.forge.apply(effect);
                let made = (*effect == Effect::Create && event == Event::Accepted)
                    .then(|| self.forge.releases.last().map(|release| release.id));
                self.record(effect, event);
                if let Some(Some(release)) = made {
                    self.move_row(release, Stage::Assembling);
                }
            }
        }
        false
    }

    fn check(&self) {
        let public: Vec<&Release> = self.forge.releases.iter().filter(|release| !release.draft).collect();
        assert_eq!(public.len(), 1, "{:#?}", self.forge);
        assert_eq!(self.forge.published, 1);
        for (name, expected) in &wanted().assets {
            let found = public[0].assets.iter().find(|asset| asset.name == *name).unwrap();
            assert_eq!((found.state, found.digest), (AssetState::Uploaded, Some(expected.sha256)));
        }
    }
}

/// Presses in bad weather, then in fine weather until one is through.
fn presses(mut world: World, weather: Vec<Weather>, forgets_after: Option<usize>) -> World {
    let mut weather = weather.into_iter();
    for press in 0..12 {
        if forgets_after == Some(press) {
            world.rows.clear();
            world.journal.clear();
        }
        let ended = world.press(&mut weather);
        if let Ended::Stopped(stop) = &ended {
            assert!(matches!(stop, Stop::GaveUp { .. } | Stop::NotVisible { .. }), "{stop:?}");
        }
    }
    world.shown = None;
    assert!(matches!(world.press(&mut std::iter::empty()), Ended::Done(Done::Published { .. })));
    world
}

proptest! {
    #[test]
    fn every_weather_ends_in_one_complete_page(
        weather in proptest::collection::vec(weather(), 0..16), immutable: bool,
    ) {
        let world = World { forge: Forge { immutable, ..Forge::default() }, ..World::default() };
        presses(world, weather, None).check();
    }

    #[test]
    fn a_ledger_that_is_lost_is_derived_anew(
        weather in proptest::collection::vec(weather(), 0..16), after in 0usize..6, immutable: bool,
    ) {
        let world = World { forge: Forge { immutable, ..Forge::default() }, ..World::default() };
        presses(world, weather, Some(after)).check();
    }

    #[test]
    fn late_and_repeated_effects_change_nothing_for_good(
        weather in proptest::collection::vec(weather(), 0..10),
        again in proptest::collection::vec(any::<proptest::sample::Index>(), 0..6),
    ) {
        let mut world = presses(World::default(), weather, None);
        let done: Vec<String> = world.journal.keys().cloned().collect();
        let page = world.rows.iter().find(|row| row.stage == Stage::Published).unwrap().release_id;
        for index in again {
            let repeated = match index.get(&done).as_str() {
                "create draft" => Effect::Create,
                name if name.starts_with("upload") => {
                    let name = name.splitn(3, ' ').nth(2).unwrap().to_owned();
                    Effect::Upload { release: page, name }
                }
                name if name.starts_with("publish") => Effect::Publish { release: page },
                _ => continue,
            };
            world.forge.apply(&repeated);
        }
        let before = world.forge.clone();
        let ended = world.press(&mut std::iter::empty());
        prop_assert_eq!(ended, Ended::Done(Done::Published { release: page }));
        prop_assert_eq!(before.releases, world.forge.releases.clone(), "a press that finds all done writes nothing");
        world.check();
    }
}

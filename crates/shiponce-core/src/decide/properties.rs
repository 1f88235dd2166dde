//! What must hold for every possible set of facts, and for every way a press can die.
#![cfg(test)]

use super::{Action, Facts, OnUnknown, Rules, Skip, Stop, WriteOnce, decide};
use crate::digest::Sha256;
use crate::journal::{Event, History, Refusal, Sent};
use crate::observation::{Observation, ProjectStatus};
use crate::time::Timestamp;
use proptest::prelude::*;

fn observations() -> impl Strategy<Value = Observation> {
    prop_oneof![
        Just(Observation::Identical { uploaded_at: None }),
        Just(Observation::Yanked { reason: String::new() }),
        Just(Observation::OtherBytes { there: Sha256([7; 32]), uploaded_at: None }),
        Just(Observation::BytesUnknown),
        Just(Observation::SameBytesElsewhere { filename: "other".to_owned() }),
        Just(Observation::SecondSdist { filename: "other".to_owned() }),
        Just(Observation::Absent),
        Just(Observation::Absent),
        Just(Observation::Burned),
        Just(Observation::Closed { opened_at: Timestamp(0) }),
        Just(Observation::NotAccepting(ProjectStatus::Archived)),
        Just(Observation::Unobserved { why: "down".to_owned() }),
    ]
}

fn refusals() -> impl Strategy<Value = Refusal> {
    prop_oneof![
        Just(Refusal::NameTaken),
        Just(Refusal::Burned),
        Just(Refusal::Closed),
        Just(Refusal::Auth),
        Just(Refusal::Rejected),
    ]
}

fn sent() -> impl Strategy<Value = Sent> {
    prop_oneof![
        Just(Sent::Nothing),
        Just(Sent::Unknown),
        Just(Sent::NotSent),
        Just(Sent::Accepted),
        Just(Sent::Confirmed),
        refusals().prop_map(Sent::Refused),
    ]
}

prop_compose! {
    fn facts()(
        observation in observations(), fresh: bool, wait_over: bool, attempts in 0u32..7, sent in sent(), burned: bool,
    ) -> Facts {
        let history = History { attempts, sent, burned, message: None };
        Facts { observation, fresh, wait_over, history }
    }
}

fn rules() -> impl Strategy<Value = Rules> {
    let write_once = prop_oneof![Just(WriteOnce::Yes), Just(WriteOnce::No), Just(WriteOnce::Unknown)];
    let on_unknown = prop_oneof![Just(OnUnknown::Stop), Just(OnUnknown::Attempt)];
    (write_once, on_unknown).prop_map(|(write_once, on_unknown)| Rules {
        write_once,
        on_unknown,
        attempts_max: 5,
    })
}

proptest! {
    #[test]
    fn uploads_only_what_is_absent_or_opted_in(facts in facts(), rules in rules()) {
        if let Action::Upload { attempt } = decide(&facts, rules) {
            prop_assert!(attempt <= rules.attempts_max);
            match facts.observation {
                Observation::Absent => {}
                Observation::Unobserved { .. } => prop_assert_eq!(rules.on_unknown, OnUnknown::Attempt),
                other => prop_assert!(false, "uploaded over {:?}", other),
            }
        }
    }

    #[test]
    fn never_skips_other_bytes(facts in facts(), rules in rules()) {
        if let Action::Skip(_) = decide(&facts, rules) {
            let ours = matches!(facts.observation, Observation::Identical { .. } | Observation::Yanked { .. });
            prop_assert!(ours);
        }
    }

    #[test]
    fn never_sends_twice_where_names_can_be_replaced(facts in facts(), rules in rules()) {
        let may_be_there = matches!(facts.history.sent, Sent::Unknown | Sent::Accepted | Sent::Confirmed);
        if may_be_there && rules.write_once != WriteOnce::Yes {
            let uploads = matches!(decide(&facts, rules), Action::Upload { .. });
            prop_assert!(!uploads);
        }
    }

    #[test]
    fn never_sends_again_what_was_accepted(facts in facts(), rules in rules()) {
        if matches!(facts.history.sent, Sent::Accepted | Sent::Confirmed) {
            let uploads = matches!(decide(&facts, rules), Action::Upload { .. });
            prop_assert!(!uploads);
        }
    }

    #[test]
    fn deciding_twice_changes_nothing(facts in facts(), rules in rules()) {
        prop_assert_eq!(decide(&facts, rules), decide(&facts, rules));
    }

    #[test]
    fn waiting_ends(facts in facts(), rules in rules()) {
        let over = Facts { wait_over: true, fresh: true, ..facts };
        let waits = matches!(decide(&over, rules), Action::AwaitVisibility | Action::Reobserve);
        prop_assert!(!waits);
    }
}

/// A write-once index reduced to one name, and what can happen to a request on its way.
#[derive(Debug, Clone, Copy)]
enum Weather {
    Fine,
    LostBefore,
    LostAfter,
    Refused,
    DieBeforeSend,
    DieAfterStore,
    DieBeforeReceipt,
}

fn weather() -> impl Strategy<Value = Weather> {
    prop_oneof![
        3 => Just(Weather::Fine),
        1 => Just(Weather::LostBefore),
        1 => Just(Weather::LostAfter),
        1 => Just(Weather::Refused),
        1 => Just(Weather::DieBeforeSend),
        1 => Just(Weather::DieAfterStore),
        1 => Just(Weather::DieBeforeReceipt),
    ]
}

const RULES: Rules = Rules { write_once: WriteOnce::Yes, on_unknown: OnUnknown::Stop, attempts_max: 5 };

#[derive(Debug, Default)]
struct World {
    stored: bool,
    stores: u32,
    journal: Vec<Event>,
}

impl World {
    fn store(&mut self) {
        if !self.stored {
            self.stored = true;
            self.stores += 1;
        }
    }

    /// One press until it ends or dies. Returns the last action, `None` when it died.
    fn press(&mut self, weather: &mut impl Iterator<Item = Weather>) -> Option<Action> {
        self.journal.push(Event::Press);
        loop {
            let observation =
                if self.stored { Observation::Identical { uploaded_at: None } } else { Observation::Absent };
            let history = History::of(&self.journal);
            let action = decide(&Facts { observation, fresh: true, wait_over: false, history }, RULES);
            match action {
                Action::Upload { .. } => self.upload(weather.next().unwrap_or(Weather::Fine))?,
                Action::Skip(_) => {
                    self.journal.push(Event::Confirmed);
                    return Some(action);
                }
                other => return Some(other),
            }
        }
    }

    fn upload(&mut self, weather: Weather) -> Option<()> {
        let unknown = || Event::OutcomeUnknown { why: "cut".to_owned() };
        self.journal.push(Event::Intent);
        match weather {
            Weather::DieBeforeSend => return None,
            Weather::DieAfterStore | Weather::DieBeforeReceipt => {
                self.store();
                return None;
            }
            Weather::LostBefore => self.journal.push(unknown()),
            Weather::LostAfter => {
                self.store();
                self.journal.push(unknown());
            }
            Weather::Refused => {
                let message = "no".to_owned();
                self.journal.push(Event::Refused { refusal: Refusal::Disabled, message });
            }
            Weather::Fine => {
                self.store();
                self.journal.push(Event::Accepted);
            }
        }
        Some(())
    }
}

proptest! {
    #[test]
    fn every_crash_prefix_converges(weather in proptest::collection::vec(weather(), 0..12)) {
        let mut world = World::default();
        let mut weather = weather.into_iter();
        for _ in 0..12 {
            let ended = world.press(&mut weather);
            prop_assert!(world.stores <= 1);
            if let Some(Action::Stop(stop)) = ended {
                prop_assert!(matches!(stop, Stop::Refused(Refusal::Disabled) | Stop::GaveUp), "{:?}", stop);
            }
        }
        let last = world.press(&mut std::iter::empty());
        prop_assert_eq!(last, Some(Action::Skip(Skip::Identical { since: None })));
        prop_assert_eq!(world.stores, 1);
    }

    #[test]
    fn every_prefix_of_a_journal_is_a_safe_place_to_die(cut in 0usize..20, weather in proptest::collection::vec(weather(), 0..6)) {
        let mut world = World::default();
        let mut weather = weather.into_iter();
        while world.press(&mut weather).is_none() {}
        world.journal.truncate(cut);
        let last = world.press(&mut std::iter::empty());
        prop_assert_eq!(last, Some(Action::Skip(Skip::Identical { since: None })));
        prop_assert_eq!(world.stores, 1);
    }
}

//! Random programs of several holders, on the ledger and on core's state machine in memory: same answers, same state.

use crate::world::{World, options};
use proptest::prelude::*;
use shiponce_core::lease::{Ask, FencingToken, Group, Reply, Terms, Tick, step};
use shiponce_io::Clock as _;
use shiponce_ledger::{Acquired, Beat, Holder, Lease, Ledger};
use std::collections::BTreeSet;

const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const GROUP: &str = "release/demo";

#[derive(Debug, Clone)]
enum Move {
    Acquire(usize),
    Beat(usize),
    Release(usize),
    Leave(usize),
    Die(usize),
    Pass(i64),
    Reboot,
    Reopen,
}

fn moves() -> impl Strategy<Value = Move> {
    let who = || 0..NAMES.len();
    prop_oneof![
        6 => who().prop_map(Move::Acquire),
        3 => who().prop_map(Move::Beat),
        2 => who().prop_map(Move::Release),
        1 => who().prop_map(Move::Leave),
        1 => who().prop_map(Move::Die),
        3 => (0i64..40).prop_map(Move::Pass),
        1 => Just(Move::Reboot),
        1 => Just(Move::Reopen),
    ]
}

/// The model and the real thing, side by side.
struct Pair {
    world: World,
    ledger: Ledger,
    holders: [Option<Holder>; 4],
    // Every lease a holder was ever granted: old ones must be refused for ever.
    leases: [Vec<Lease>; 4],
    model: Group,
    boots: usize,
}

impl Pair {
    fn new() -> Self {
        let world = World::new();
        let ledger = world.open();
        Self {
            world,
            ledger,
            holders: Default::default(),
            leases: Default::default(),
            model: Group::default(),
            boots: 1,
        }
    }

    fn ask_model(&mut self, ask: &Ask<'_>) -> Reply {
        let now = self.world.clock.boot();
        let tick =
            Tick { boot: now.boot.unwrap().as_str().to_owned(), micros: u64::try_from(now.micros).unwrap() };
        let living: BTreeSet<&str> =
            self.holders.iter().flatten().map(|holder| holder.id().as_str()).collect();
        let ttl = u64::try_from(options().ttl.as_micros()).unwrap();
        step(&mut self.model, ask, &tick, Terms { ttl }, &|who| !living.contains(who))
    }

    fn play(&mut self, what: &Move) -> Result<(), TestCaseError> {
        match *what {
            Move::Acquire(who) => self.acquire(who)?,
            Move::Beat(who) => {
                let Some(lease) = self.leases[who].last() else { return Ok(()) };
                let (token, beat) = (lease.token(), lease.beat().unwrap());
                let expected = self.ask_model(&Ask::Renew { token });
                prop_assert_eq!(beat == Beat::Renewed, matches!(expected, Reply::Granted(_)));
            }
            // The oldest, so that stale ones are given back too.
            Move::Release(who) if !self.leases[who].is_empty() => {
                let lease = self.leases[who].remove(0);
                let token = lease.token();
                lease.release().unwrap();
                self.ask_model(&Ask::Release { token });
            }
            Move::Leave(who) => {
                let Some(holder) = self.holders[who].clone() else { return Ok(()) };
                self.ledger.leave(GROUP, &holder).unwrap();
                self.ask_model(&Ask::Leave { holder: NAMES[who] });
            }
            Move::Die(who) => {
                self.holders[who] = None;
                self.leases[who].clear();
            }
            Move::Pass(micros) => self.world.clock.advance(micros),
            Move::Reboot => {
                self.boots += 1;
                self.world.clock.reboot(Some(&format!("boot-{}", self.boots)));
            }
            Move::Reopen => self.ledger = self.world.open(),
            Move::Release(_) => {}
        }
        prop_assert_eq!(self.ledger.group(GROUP).unwrap(), self.model.clone());
        Ok(())
    }

    fn acquire(&mut self, who: usize) -> Result<(), TestCaseError> {
        let holder = self.holders[who]
            .get_or_insert_with(|| self.ledger.register(NAMES[who].parse().unwrap()).unwrap())
            .clone();
        let expected = self.ask_model(&Ask::Acquire { holder: NAMES[who] });
        match (self.ledger.acquire(GROUP, &holder).unwrap(), expected) {
            (Acquired::Granted(lease), Reply::Granted(grant)) => {
                prop_assert_eq!(lease.token(), grant.token);
                self.leases[who].push(lease);
            }
            (Acquired::Waiting { ahead, behind }, expected) => {
                prop_assert_eq!(Reply::Waiting { ahead, behind }, expected);
            }
            (other, expected) => prop_assert!(false, "{:?} instead of {:?}", other, expected),
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn sqlite_answers_like_the_model(program in proptest::collection::vec(moves(), 1..40)) {
        let mut pair = Pair::new();
        let mut epoch = FencingToken(0);
        for what in &program {
            pair.play(what)?;
            prop_assert!(FencingToken(pair.model.epoch) >= epoch);
            epoch = FencingToken(pair.model.epoch);
        }
    }
}

//! Leases as a pure state machine: who may work on a group, and in which order.
//!
//! A lease gives order and liveness, never safety: an index cannot check our tokens. Every grant carries a fencing
//! token that only grows; the ledger refuses writes that carry an older one.

use std::collections::VecDeque;

/// A reading of the machine's boot clock. Readings of different boots cannot be compared: whoever held something
/// then is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// The boot the reading belongs to.
    pub boot: String,
    /// Microseconds since that boot, suspended time included.
    pub micros: u64,
}

impl Tick {
    fn is_past(&self, deadline: &Self) -> bool {
        self.boot != deadline.boot || self.micros >= deadline.micros
    }

    fn plus(&self, micros: u64) -> Self {
        Self { boot: self.boot.clone(), micros: self.micros.saturating_add(micros) }
    }
}

/// Grows with every grant of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FencingToken(pub u64);

/// The right to work on a group until `expires`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The queue ticket it came from.
    pub ticket: u64,
    /// A random id of the holder, never a run id alone.
    pub holder: String,
    /// Its fencing token.
    pub token: FencingToken,
    /// When it ends unless renewed.
    pub expires: Tick,
}

/// Somebody in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiter {
    /// Position-giving number, never reused.
    pub ticket: u64,
    /// Who waits.
    pub holder: String,
    /// When the waiter must have asked again, or its seat is passed over.
    pub seen_until: Tick,
}

/// The state of one group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// The last fencing token given out.
    pub epoch: u64,
    /// The last ticket given out.
    pub tickets: u64,
    /// Who works now.
    pub grant: Option<Grant>,
    /// Who waits, first in first out.
    pub queue: VecDeque<Waiter>,
}

/// How long grants and seats last, microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Life of a grant without renewal.
    pub ttl: u64,
}

/// What a holder asks of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask<'a> {
    /// Join the queue, or ask again whether it is our turn. Asking twice keeps the seat.
    Acquire {
        /// Who asks.
        holder: &'a str,
    },
    /// Extend the grant.
    Renew {
        /// The grant's token.
        token: FencingToken,
    },
    /// Give the grant back.
    Release {
        /// The grant's token.
        token: FencingToken,
    },
    /// Leave the queue.
    Leave {
        /// Who leaves.
        holder: &'a str,
    },
}

/// What a group answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The grant is yours.
    Granted(Grant),
    /// Wait; `behind` names the current holder, `ahead` counts the waiters before you.
    Waiting {
        /// Waiters before you.
        ahead: usize,
        /// Who works now.
        behind: Option<String>,
    },
    /// The token is not the current one: somebody took over. Start no new effect.
    Lost,
    /// Done.
    Gone,
}

/// One transition. `gone` says of a holder whether its process is known to be dead (its lock file is free), which
/// lets the next one take over at once instead of after the TTL.
pub fn step(
    group: &mut Group,
    ask: &Ask<'_>,
    now: &Tick,
    terms: Terms,
    gone: &dyn Fn(&str) -> bool,
) -> Reply {
    if group.grant.as_ref().is_some_and(|grant| now.is_past(&grant.expires) || gone(&grant.holder)) {
        group.grant = None;
    }
    match *ask {
        Ask::Acquire { holder } => acquire(group, holder, now, terms, gone),
        Ask::Renew { token } => match &mut group.grant {
            Some(grant) if grant.token == token => {
                grant.expires = now.plus(terms.ttl);
                Reply::Granted(grant.clone())
            }
            _ => Reply::Lost,
        },
        Ask::Release { token } => match &group.grant {
            Some(grant) if grant.token == token => {
                group.grant = None;
                Reply::Gone
            }
            _ => Reply::Lost,
        },
        Ask::Leave { holder } => {
            group.queue.retain(|waiter| waiter.holder != holder);
            Reply::Gone
        }
    }
}

fn acquire(group: &mut Group, holder: &str, now: &Tick, terms: Terms, gone: &dyn Fn(&str) -> bool) -> Reply {
    if let Some(grant) = group.grant.as_mut().filter(|grant| grant.holder == holder) {
        grant.expires = now.plus(terms.ttl);
        return Reply::Granted(grant.clone());
    }
    if !group.queue.iter().any(|waiter| waiter.holder == holder) {
        group.tickets += 1;
        let waiter = Waiter { ticket: group.tickets, holder: holder.to_owned(), seen_until: now.clone() };
        group.queue.push_back(waiter);
    }
    for waiter in group.queue.iter_mut().filter(|waiter| waiter.holder == holder) {
        waiter.seen_until = now.plus(terms.ttl);
    }
    group.queue.retain(|waiter| !gone(&waiter.holder) && !now.is_past(&waiter.seen_until));
    let ahead = group.queue.iter().position(|waiter| waiter.holder == holder).unwrap_or(0);
    if ahead > 0 || group.grant.is_some() {
        return Reply::Waiting { ahead, behind: group.grant.as_ref().map(|grant| grant.holder.clone()) };
    }
    let ticket = group.queue.pop_front().map_or(group.tickets, |waiter| waiter.ticket);
    group.epoch += 1;
    let token = FencingToken(group.epoch);
    let grant = Grant { ticket, holder: holder.to_owned(), token, expires: now.plus(terms.ttl) };
    group.grant = Some(grant.clone());
    Reply::Granted(grant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TERMS: Terms = Terms { ttl: 30 };

    fn tick(micros: u64) -> Tick {
        Tick { boot: "b".to_owned(), micros }
    }

    fn acquire(group: &mut Group, holder: &str, at: u64) -> Reply {
        step(group, &Ask::Acquire { holder }, &tick(at), TERMS, &|_| false)
    }

    fn token(reply: &Reply) -> FencingToken {
        let Reply::Granted(grant) = reply else { panic!("not granted: {reply:?}") };
        grant.token
    }

    #[test]
    fn first_come_first_served() {
        let mut group = Group::default();
        let first = token(&acquire(&mut group, "a", 0));
        assert_eq!(acquire(&mut group, "b", 1), Reply::Waiting { ahead: 0, behind: Some("a".to_owned()) });
        assert_eq!(acquire(&mut group, "c", 2), Reply::Waiting { ahead: 1, behind: Some("a".to_owned()) });
        assert_eq!(
            step(&mut group, &Ask::Release { token: first }, &tick(3), TERMS, &|_| false),
            Reply::Gone
        );
        assert_eq!(acquire(&mut group, "c", 4), Reply::Waiting { ahead: 1, behind: None });
        assert_eq!(token(&acquire(&mut group, "b", 5)), FencingToken(2));
    }

    #[test]
    fn a_silent_holder_is_replaced_and_its_token_refused() {
        let mut group = Group::default();
        let old = token(&acquire(&mut group, "a", 0));
        acquire(&mut group, "b", 10);
        assert!(matches!(acquire(&mut group, "b", 29), Reply::Waiting { .. }));
        let new = token(&acquire(&mut group, "b", 30));
        assert!(new > old);
        assert_eq!(step(&mut group, &Ask::Renew { token: old }, &tick(31), TERMS, &|_| false), Reply::Lost);
        assert_eq!(step(&mut group, &Ask::Release { token: old }, &tick(31), TERMS, &|_| false), Reply::Lost);
        assert_eq!(group.grant.as_ref().unwrap().holder, "b");
    }

    #[test]
    fn a_dead_process_and_another_boot_free_the_group_at_once() {
        let mut group = Group::default();
        acquire(&mut group, "a", 0);
        let reply = step(&mut group, &Ask::Acquire { holder: "b" }, &tick(1), TERMS, &|who| who == "a");
        assert_eq!(token(&reply), FencingToken(2));
        let other_boot = Tick { boot: "c".to_owned(), micros: 0 };
        let reply = step(&mut group, &Ask::Acquire { holder: "d" }, &other_boot, TERMS, &|_| false);
        assert_eq!(token(&reply), FencingToken(3));
    }

    #[test]
    fn a_waiter_that_stopped_asking_is_passed_over() {
        let mut group = Group::default();
        let first = token(&acquire(&mut group, "a", 0));
        acquire(&mut group, "b", 0);
        acquire(&mut group, "c", 20);
        assert_eq!(
            step(&mut group, &Ask::Release { token: first }, &tick(25), TERMS, &|_| false),
            Reply::Gone
        );
        assert_eq!(token(&acquire(&mut group, "c", 40)), FencingToken(2));
    }

    proptest! {
        /// At any time at most one holder has a live grant, tokens only grow, and nobody overtakes a live waiter.
        #[test]
        fn one_holder_at_a_time(program in proptest::collection::vec((0u8..4, 0usize..4, 0u64..12), 0..80)) {
            let names = ["a", "b", "c", "d"];
            let mut group = Group::default();
            let mut held: [Option<Grant>; 4] = Default::default();
            let (mut now, mut last) = (0, 0);
            for (kind, who, pause) in program {
                now += pause;
                let token = held[who].as_ref().map_or(FencingToken(0), |grant| grant.token);
                let ask = match kind {
                    0 | 1 => Ask::Acquire { holder: names[who] },
                    2 => Ask::Renew { token },
                    _ => Ask::Release { token },
                };
                let before = group.clone();
                let reply = step(&mut group, &ask, &tick(now), TERMS, &|_| false);
                match (&ask, reply) {
                    (_, Reply::Granted(grant)) => {
                        if grant.token.0 > last {
                            let mut before_us = before.queue.iter().take_while(|w| w.holder != grant.holder);
                            prop_assert!(before_us.all(|waiter| tick(now).is_past(&waiter.seen_until)));
                        }
                        prop_assert!(grant.token.0 >= last);
                        last = grant.token.0;
                        held[who] = Some(grant);
                    }
                    (_, Reply::Lost | Reply::Gone) => held[who] = None,
                    (_, Reply::Waiting { .. }) => {}
                }
                let live = held.iter().flatten().filter(|grant| now < grant.expires.micros).count();
                prop_assert!(live <= 1, "{held:?}");
            }
        }
    }
}

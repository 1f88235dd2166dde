//! The rows of a group. What they mean is core's business; here they are loaded and stored whole.

use crate::sqlite::{Failed, from_bigint, to_bigint};
use rusqlite::{OptionalExtension as _, Transaction};
use shiponce_core::lease::{FencingToken, Grant, Group, Tick, Waiter};
use std::collections::VecDeque;

/// The group as it is stored; an unknown one is empty.
pub(crate) fn load(transaction: &Transaction<'_>, name: &str) -> Result<Group, Failed> {
    let row = transaction
        .prepare_cached(
            "SELECT epoch, tickets, grant_ticket, grant_holder, grant_token, grant_boot, grant_micros
             FROM lease_group WHERE name = ?1",
        )?
        .query_row([name], |row| {
            let grant = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?);
            Ok((row.get(0)?, row.get(1)?, grant))
        })
        .optional()?;
    let Some((epoch, tickets, grant)) = row else { return Ok(Group::default()) };
    let grant = match grant {
        (Some(ticket), Some(holder), Some(token), Some(boot), Some(micros)) => Some(Grant {
            ticket: from_bigint("grant_ticket", ticket)?,
            holder,
            token: FencingToken(from_bigint("grant_token", token)?),
            expires: Tick { boot, micros: from_bigint("grant_micros", micros)? },
        }),
        (None, None, None, None, None) => None,
        _ => return Err(Failed::Row(format!("the grant of `{name}` is incomplete"))),
    };
    Ok(Group {
        epoch: from_bigint("epoch", epoch)?,
        tickets: from_bigint("tickets", tickets)?,
        grant,
        queue: load_queue(transaction, name)?,
    })
}

fn load_queue(transaction: &Transaction<'_>, name: &str) -> Result<VecDeque<Waiter>, Failed> {
    let mut statement = transaction.prepare_cached(
        "SELECT ticket, holder, seen_boot, seen_micros FROM lease_waiter WHERE group_name = ?1 ORDER BY ticket",
    )?;
    let mut rows = statement.query([name])?;
    let mut queue = VecDeque::new();
    while let Some(row) = rows.next()? {
        queue.push_back(Waiter {
            ticket: from_bigint("ticket", row.get(0)?)?,
            holder: row.get(1)?,
            seen_until: Tick { boot: row.get(2)?, micros: from_bigint("seen_micros", row.get(3)?)? },
        });
    }
    Ok(queue)
}

/// Stores the group in place of what was there.
pub(crate) fn store(transaction: &Transaction<'_>, name: &str, group: &Group) -> Result<(), Failed> {
    let grant = group.grant.as_ref();
    let number = |value: Option<u64>| value.map(to_bigint).transpose();
    transaction
        .prepare_cached(
            "INSERT INTO lease_group
                 (name, epoch, tickets, grant_ticket, grant_holder, grant_token, grant_boot, grant_micros)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (name) DO UPDATE SET
                 epoch = excluded.epoch, tickets = excluded.tickets, grant_ticket = excluded.grant_ticket,
                 grant_holder = excluded.grant_holder, grant_token = excluded.grant_token,
                 grant_boot = excluded.grant_boot, grant_micros = excluded.grant_micros",
        )?
        .execute((
            name,
            to_bigint(group.epoch)?,
            to_bigint(group.tickets)?,
            number(grant.map(|grant| grant.ticket))?,
            grant.map(|grant| &grant.holder),
            number(grant.map(|grant| grant.token.0))?,
            grant.map(|grant| &grant.expires.boot),
            number(grant.map(|grant| grant.expires.micros))?,
        ))?;
    transaction.prepare_cached("DELETE FROM lease_waiter WHERE group_name = ?1")?.execute([name])?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO lease_waiter (group_name, ticket, holder, seen_boot, seen_micros) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for waiter in &group.queue {
        let seen = &waiter.seen_until;
        insert.execute((
            name,
            to_bigint(waiter.ticket)?,
            &waiter.holder,
            &seen.boot,
            to_bigint(seen.micros)?,
        ))?;
    }
    Ok(())
}

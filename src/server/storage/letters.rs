//! How many messages went to an address and on whose account, for a day: kept by hash, so that deleting a person does not start
//! the count anew and the table names nobody. Whether one more may go is `domain::message`'s to say.

use super::messages::Postage;
use super::{Database, Look, Result, Rows, Statement, Tx};
use crate::domain::id::MessageId;
use crate::domain::message::{CausedBy, Written};
use crate::domain::timestamp::Timestamp;
use crate::values;
use std::collections::HashMap;

/// Counts a message.
pub async fn count(tx: &mut Tx, message: &str, postage: &Postage, now: Timestamp) -> Result<()> {
    count_all(tx, std::iter::once((message, postage)), now).await
}

/// Counts some messages, each with its postage.
pub async fn count_all<'a>(
    tx: &mut Tx,
    messages: impl Iterator<Item = (&'a str, &'a Postage)>,
    now: Timestamp,
) -> Result<()> {
    let mut rows = Rows::new("insert into letters (id, address, inviter, at)");
    for (message, postage) in messages {
        rows.add(values![message, &postage.address, postage.inviter.as_deref(), now]);
    }
    rows.write(tx).await
}

/// Counts some messages no longer: they were taken back before they left.
pub async fn uncount(tx: &mut Tx, messages: &[MessageId]) -> Result<()> {
    Statement::for_each_of("delete from letters where id in", messages, tx).await
}

/// What went to each of these addresses since a moment.
pub async fn written_to(tx: &mut Tx, addresses: &[String], since: Timestamp) -> Result<HashMap<String, Vec<Written>>> {
    let mut written: HashMap<String, Vec<Written>> = HashMap::new();
    for some in addresses.chunks(super::MOST_IN_A_LIST) {
        let mut letters = Statement::new("select address, inviter, at from letters where at > ");
        let since = letters.bind(since);
        letters.push(&since);
        let all = letters.bind_all(some);
        letters.and(&format!("address in ({all})"));
        for row in letters.rows(tx).await? {
            let (address, inviter) = (row.text("address")?, row.maybe_text("inviter")?);
            let by = match inviter {
                None => CausedBy::Stranger,
                // What the person caused stands on the account of their own address.
                Some(inviter) if inviter == address => CausedBy::ThePerson,
                Some(_) => CausedBy::Account,
            };
            let one = Written { at: Timestamp(row.number("at")?), by };
            written.entry(address).or_default().push(one);
        }
    }
    Ok(written)
}

/// How many messages an inviter caused since a moment.
pub async fn caused_by(tx: &mut Tx, inviter: &str, since: Timestamp) -> Result<i64> {
    let sql = "select count(*) as n from letters where inviter = $1 and at > $2";
    tx.row(sql, &values![inviter, since]).await?.number("n")
}

/// When the inviter caused the one of the last messages that has the number `nth`, the newest being the first.
pub async fn nth_newest_by(tx: &mut Tx, inviter: &str, nth: i64) -> Result<Option<Timestamp>> {
    let sql = "select at from letters where inviter = $1 order by at desc limit 1 offset $2";
    let row = tx.maybe_row(sql, &values![inviter, (nth - 1).max(0)]).await?;
    row.map(|row| row.number("at").map(Timestamp)).transpose()
}

pub(super) fn look() -> Look {
    Look::at_table("letters", "id", |row| {
        row.text("address")?;
        row.maybe_text("inviter")?;
        row.number("at").map(drop)
    })
}

/// Forgets what no limit looks at any more.
pub async fn sweep(db: &Database, before: Timestamp) -> Result<u64> {
    let sql = "delete from letters where id in (select id from letters where at < $1 limit 500)";
    db.touch_all(sql, &values![before]).await
}

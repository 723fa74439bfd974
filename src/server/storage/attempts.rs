//! Tries that are counted: a subject (an account, an address) and how often, until a moment. Survives a restart (RL-03).

use super::{Database, Look, Result, Row, Tx};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::values;

/// How many tries the subject has made in its running window, and when that ends.
pub async fn so_far(tx: &mut Tx, subject: &str, now: Timestamp) -> Result<(i64, Timestamp)> {
    let sql = "select subject, tries, ends_at from attempts where subject = $1 and ends_at > $2";
    match tx.maybe_row(sql, &values![subject, now]).await? {
        Some(row) => read(&row),
        None => Ok((0, now)),
    }
}

fn read(row: &Row) -> Result<(i64, Timestamp)> {
    row.of("attempts", "subject", |row| Ok((row.number("tries")?, Timestamp(row.number("ends_at")?))))
}

pub(super) fn look() -> Look {
    Look::at_table("attempts", "subject", |row| read(row).map(drop))
}

const COUNT: &str = "insert into attempts (subject, tries, ends_at) values ($1, 1, $3) \
    on conflict (subject) do update set \
    tries = case when attempts.ends_at > $2 then attempts.tries + 1 else 1 end, \
    ends_at = case when attempts.ends_at > $2 then attempts.ends_at else excluded.ends_at end";

/// Counts one more; the first of a window opens it.
pub async fn count(db: &Database, subject: &str, window: Duration, now: Timestamp) -> Result<()> {
    db.touch(COUNT, &values![subject, now, now + window]).await?;
    Ok(())
}

/// Counts one more try of each of two subjects, unless it has as many as it may have in its running window; which of them
/// were counted. In one statement, so that of many tries at one moment no more than allowed are counted (H-10).
pub async fn take(db: &Database, both: [(&str, i64); 2], window: Duration, now: Timestamp) -> Result<[bool; 2]> {
    let sql = "insert into attempts (subject, tries, ends_at) values ($1, 1, $4), ($2, 1, $4) \
        on conflict (subject) do update set \
        tries = case when attempts.ends_at > $3 then attempts.tries + 1 else 1 end, \
        ends_at = case when attempts.ends_at > $3 then attempts.ends_at else excluded.ends_at end \
        where attempts.ends_at <= $3 or attempts.tries < case when attempts.subject = $1 then $5 else $6 end \
        returning subject";
    let [(one, most_of_one), (other, most_of_other)] = both;
    let rows = db.touch_rows(sql, &values![one, other, now, now + window, most_of_one, most_of_other]).await?;
    let mut taken = [false; 2];
    for row in rows {
        taken[usize::from(row.text("subject")? != one)] = true;
    }
    Ok(taken)
}

/// Takes back one try that was counted and should not have been.
pub async fn give_back(db: &Database, subject: &str, now: Timestamp) -> Result<()> {
    let sql = "update attempts set tries = tries - 1 where subject = $1 and ends_at > $2 and tries > 0";
    db.touch(sql, &values![subject, now]).await?;
    Ok(())
}

/// Counts one more inside a transaction.
pub async fn count_in(tx: &mut Tx, subject: &str, window: Duration, now: Timestamp) -> Result<()> {
    tx.execute(COUNT, &values![subject, now, now + window]).await?;
    Ok(())
}

/// Forgets a subject: the right password was given.
pub async fn forget(tx: &mut Tx, subject: &str) -> Result<()> {
    tx.execute("delete from attempts where subject = $1", &values![subject]).await?;
    Ok(())
}

/// Forgets windows that are over.
pub async fn sweep(db: &Database, now: Timestamp) -> Result<u64> {
    let sql = "delete from attempts where subject in (select subject from attempts where ends_at <= $1 limit 500)";
    db.touch_all(sql, &values![now]).await
}

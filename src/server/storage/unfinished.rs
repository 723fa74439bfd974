//! What a change of a whole unit or role leaves to do. What decides rights was changed at once, in one short transaction; the
//! lines of everybody whom it concerns follow from it, and are written in small parts, each in a transaction of its own. What is
//! left stands in a table, so that it goes on whatever happens meanwhile. No rule waits for it: whoever reads asks the facts.

use super::{Database, Look, Result, Row, Rows, Statement, Tx, memberships, resets, roster, sessions};
use crate::domain::coded::coded;
use crate::domain::id::{RoleId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::UnitPath;
use crate::values;
use std::collections::BTreeSet;

/// Of how many people the lines are written in one part: some ten milliseconds (H-06).
pub(super) const PART: usize = 25;

coded! {
    /// Why people's lines have to be written anew, and whose.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Work {
        /// Offers of a role wait for a second administrator from now on: all who are offered it.
        Offer = "offer",
        /// Somebody who is one of many.
        Person = "person",
        /// A role ranks otherwise: all who hold it or are offered it.
        Rank = "rank",
        /// A unit stands elsewhere, was closed or opened: all who hold or are offered something there.
        Unit = "unit",
    }
}

impl Work {
    /// Some of the people whom the subject `$1` concerns, behind the membership that was the last (`$2`).
    fn walk(self) -> &'static str {
        match self {
            Self::Person => {
                "select '' as id, subject as user_id from unfinished \
                 where work = 'person' and subject >= $1 and $2 = '' order by subject limit $3"
            }
            Self::Rank => "select id, user_id from memberships where role_id = $1 and id > $2 order by id limit $3",
            Self::Offer => {
                "select id, user_id from memberships where role_id = $1 and active_at is null and id > $2 \
                 order by id limit $3"
            }
            Self::Unit => "select id, user_id from memberships where unit_id = $1 and id > $2 order by id limit $3",
        }
    }
}

fn read(row: &Row) -> Result<(Work, String, String)> {
    row.of("unfinished", "subject", |row| {
        Ok((row.code("work", Work::from_code)?, row.text("subject")?, row.text("after")?))
    })
}

pub(super) fn look() -> Look {
    Look::at_table("unfinished", "subject", |row| read(row).map(drop))
}

/// Begins anew with everybody at a unit and below, after it was moved, closed or opened.
pub(super) async fn begin_at(tx: &mut Tx, unit: &UnitPath) -> Result<()> {
    let sql = "insert into unfinished (work, subject, after) select $3, id, '' from units where path >= $1 and path < $2 \
               on conflict (work, subject) do update set after = ''";
    tx.execute(sql, &values![unit.as_str(), unit.end(), Work::Unit.code()]).await?;
    tx.left_lists();
    Ok(())
}

/// Leaves it for later to write the lines of some people.
pub(super) async fn begin_with_people(tx: &mut Tx, people: &[UserId]) -> Result<()> {
    let mut rows = Rows::new("insert into unfinished (work, subject, after)").on_conflict("on conflict do nothing");
    for person in people {
        rows.add(values![Work::Person.code(), person, ""]);
        tx.left_lists();
    }
    rows.write(tx).await
}

/// Begins anew with everybody whom a change of a role concerns.
pub async fn begin_with(tx: &mut Tx, work: Work, role: &RoleId) -> Result<()> {
    let sql = "insert into unfinished (work, subject, after) values ($1, $2, '') \
               on conflict (work, subject) do update set after = ''";
    tx.execute(sql, &values![work.code(), role]).await?;
    tx.left_lists();
    Ok(())
}

/// Whether there is anything left to do.
pub async fn is_any(tx: &mut Tx) -> Result<bool> {
    Ok(tx.maybe_row("select work from unfinished limit 1", &[]).await?.is_some())
}

/// Does a part of what is left, in a transaction of its own; `false` when nothing was left.
pub async fn do_a_part(db: &Database, now: Timestamp) -> Result<bool> {
    if !is_any(&mut db.read().await?).await? {
        return Ok(false);
    }
    // What follows from a deed that has its line.
    let mut tx = db.maintain().await?;
    let first = "select work, subject, after from unfinished order by work, subject limit 1";
    let Some(row) = tx.maybe_row(first, &[]).await? else { return Ok(false) };
    let (work, subject, after) = read(&row)?;
    let rows = tx.rows(work.walk(), &values![&subject, &after, PART]).await?;
    let mut people = BTreeSet::new();
    for row in &rows {
        people.insert(UserId::new(row.text("user_id")?));
    }
    let people: Vec<UserId> = people.into_iter().collect();
    roster::refresh(&mut tx, &people, now).await?;
    // Sessions and reset links need something active behind them.
    let shut_out = memberships::holding_nothing(&mut tx, &people).await?;
    sessions::end_of(&mut tx, &shut_out).await?;
    resets::end_of(&mut tx, &shut_out, now).await?;
    match rows.last().filter(|_| rows.len() == PART) {
        _ if work == Work::Person => {
            Statement::for_each_of("delete from unfinished where work = 'person' and subject in", &people, &mut tx)
                .await?;
        }
        Some(last) => {
            let sql = "update unfinished set after = $3 where work = $1 and subject = $2";
            tx.execute(sql, &values![work.code(), &subject, last.text("id")?]).await?;
        }
        None => {
            let sql = "delete from unfinished where work = $1 and subject = $2";
            tx.execute(sql, &values![work.code(), &subject]).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

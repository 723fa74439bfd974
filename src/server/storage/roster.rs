//! What the lists show: one row for each person in each unit from the root down to his own, with counts and the search
//! index. It holds nothing of its own: [`refresh`] writes it from the facts, in the transaction that changed them.

mod list;

use super::invitations::{self, Invitation};
use super::memberships::{self, Membership};
use super::tx::Kind;
use super::{Look, Result, Row, Tx, users};
use crate::domain::contact::search_key;
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::listing::{Count, Held};
use crate::domain::membership::Facts;
use crate::domain::moment::Moment;
use crate::domain::user::{Status, User};
use crate::values;
pub use list::{List, page};
use std::collections::BTreeMap;

/// A line of the list, before its moments are put into words.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: UserId,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub login: Option<String>,
    /// Everything that the person holds or is offered, wherever it is.
    pub held: Vec<Held>,
    pub status: Status,
    pub until: Option<Moment>,
    pub created_at: Moment,
    pub last_seen_at: Option<Moment>,
}

/// A page of lines.
#[derive(Clone, Debug)]
pub struct Page {
    pub lines: Vec<Line>,
    pub has_previous: bool,
    pub has_next: bool,
    /// How many there are on all pages; `None` when they are more than anybody counts.
    pub matching: Option<i64>,
}

/// The key by which names sort: without case, `ё` beside `е`; the address while there is no name.
pub fn name_key(user: &User) -> String {
    user.title().to_lowercase().replace('ё', "е").chars().take(80).collect()
}

/// Where a person stands within what somebody sees of him, from the facts.
pub async fn facts(tx: &mut Tx, memberships: &[Membership]) -> Result<Facts> {
    let mut offers: Vec<Invitation> = Vec::new();
    let open = memberships.iter().filter(|membership| membership.active_at.is_none());
    for id in open.filter_map(|membership| membership.invitation.as_ref()) {
        if offers.iter().all(|known| &known.id != id) {
            offers.extend(invitations::find(tx, id).await?);
        }
    }
    Ok(facts_of(memberships, &offers))
}

/// The same, with the invitations at hand.
pub fn facts_of(memberships: &[Membership], offers: &[Invitation]) -> Facts {
    let is_offered = |offer: &&Invitation| {
        memberships.iter().any(|held| held.active_at.is_none() && held.invitation.as_ref() == Some(&offer.id))
    };
    let newest = offers.iter().filter(is_offered).max_by_key(|offer| (offer.created_at, offer.id.clone()));
    Facts {
        standings: memberships.iter().map(Membership::standing).collect(),
        invitation: newest.map(Invitation::facts),
    }
}

/// By how much the counts of a unit's list change: unit, role, status.
type Changes = BTreeMap<(i64, i64, String), i64>;

/// Writes what the lists show about some people, after anything about them changed; deleted ones leave the lists.
pub async fn refresh(tx: &mut Tx, people: &[UserId], now: Moment) -> Result<()> {
    let mut changes = Changes::new();
    for id in people {
        let Some(user) = users::find(tx, id).await? else {
            take_off(tx, id, &mut changes).await?;
            continue;
        };
        let person = user.number;
        clear(tx, person, &mut changes).await?;
        let memberships = memberships::of_user(tx, id).await?;
        let offers = match memberships.iter().any(|held| held.active_at.is_none()) {
            true => invitations::of_user(tx, id).await?,
            false => Vec::new(),
        };
        for (unit, held) in by_unit(&memberships) {
            let facts = facts_of(&held, &offers);
            let status = facts.status(now);
            let Some(role) = held.first().map(|held| &held.role) else { continue };
            let sql = "insert into roster (unit, person, role, status, is_archived, status_until, name_key) \
                       values ((select number from units where id = $1), $2, (select number from roles where id = $3), \
                       $4, $5, $6, $7) returning unit, role, status";
            let (is_archived, until) = (status == Status::Archived, facts.holds_until(now));
            let values = values![&unit, person, role, status.code(), is_archived, until, name_key(&user)];
            count(&mut changes, &tx.row(sql, &values).await?, 1)?;
        }
        let parts: Vec<&str> =
            [Some(user.name.as_str()), user.email.as_deref(), user.login.as_deref(), user.phone.as_deref()]
                .into_iter()
                .flatten()
                .collect();
        index(tx, person, &search_key(&parts)).await?;
    }
    for ((unit, role, status), by) in changes.into_iter().filter(|(_, by)| *by != 0) {
        let sql = "insert into roster_counts (unit, role, status, people) values ($1, $2, $3, $4) \
                   on conflict (unit, role, status) do update set people = roster_counts.people + excluded.people";
        tx.execute(sql, &values![unit, role, status, by]).await?;
    }
    Ok(())
}

/// Takes a person out of every list.
async fn clear(tx: &mut Tx, person: i64, changes: &mut Changes) -> Result<()> {
    let sql = "delete from roster where person = $1 returning unit, role, status";
    for row in tx.rows(sql, &values![person]).await? {
        count(changes, &row, -1)?;
    }
    Ok(())
}

/// Whoever is deleted stands in no list any more and is found by nothing.
async fn take_off(tx: &mut Tx, id: &UserId, changes: &mut Changes) -> Result<()> {
    let Some(row) = tx.maybe_row("select number from users where id = $1", &values![id]).await? else { return Ok(()) };
    let person = row.number("number")?;
    clear(tx, person, changes).await?;
    tx.execute("delete from user_search where rowid = $1", &values![person]).await?;
    Ok(())
}

fn count(changes: &mut Changes, row: &Row, by: i64) -> Result<()> {
    // As it stands there: a status that cannot be read leaves the lists by being counted down like any other.
    *changes.entry((row.number("unit")?, row.number("role")?, row.text("status")?)).or_default() += by;
    Ok(())
}

/// Writes the words by which a person is found, where they are others than before: the index is dear to change.
async fn index(tx: &mut Tx, person: i64, words: &str) -> Result<()> {
    let known = tx.maybe_row("select haystack from search_words where person = $1", &values![person]).await?;
    let known = known.map(|row| row.text("haystack")).transpose()?;
    if known.as_deref() == Some(words) {
        return Ok(());
    }
    if known.is_some() {
        tx.execute("delete from user_search where rowid = $1", &values![person]).await?;
    }
    tx.execute("insert into user_search (rowid, haystack) values ($1, $2)", &values![person, words]).await?;
    Ok(())
}

/// The units in whose lists a person stands, each with what he holds or is offered there and below, the highest role
/// first: what the list of a unit says is decided by what lies within it, and by nothing else (TE-01).
fn by_unit(memberships: &[Membership]) -> BTreeMap<UnitId, Vec<Membership>> {
    let mut lines: BTreeMap<UnitId, Vec<Membership>> = BTreeMap::new();
    for membership in memberships {
        for unit in membership.unit.line() {
            lines.entry(unit).or_default().push(membership.clone());
        }
    }
    lines
}

/// Turns what has run out to *Expired* in the lists; how many people. Acceptance never waits for this.
pub async fn sweep(tx: &mut Tx, now: Moment) -> Result<usize> {
    let sql =
        "select distinct u.id from roster r join users u on u.number = r.person where r.status_until <= $1 limit 500";
    let rows = tx.rows(sql, &values![now]).await?;
    let people: Vec<UserId> = rows.iter().map(|row| row.text("id").map(UserId::new)).collect::<Result<_>>()?;
    refresh(tx, &people, now).await?;
    Ok(people.len())
}

/// How many people stand in a unit and below, by status and role.
pub async fn counts(tx: &mut Tx, unit: &UnitId) -> Result<Vec<Count>> {
    let sql = "select r.id, c.unit, c.status, c.people from roster_counts c join roles r on r.number = c.role \
               where c.unit = (select number from units where id = $1) and c.people > 0";
    let rows = tx.rows(sql, &values![unit]).await?;
    let mut counts = Vec::with_capacity(rows.len());
    for row in rows {
        counts.push(row.of("roster_counts", "unit", |row| {
            let status = row.code("status", Status::from_code)?;
            Ok(Count { status, role: RoleId::new(row.text("id")?), people: row.number("people")? })
        })?);
    }
    Ok(counts)
}

/// The lists and their counts; of each status, with one of the rows where it stands.
pub(super) fn looks() -> [Look; 2] {
    let read: fn(&Row) -> Result<()> = |row| row.code("status", Status::from_code).map(drop);
    let of = |table: &'static str, name: &'static str| {
        let sql = format!(
            "select status, min({name}) as {name} from {table} where status >= $1 and ($1 = '' or status > $1) \
             group by status order by status limit $2"
        );
        Look { sql, name, ..Look::at_table(table, "status", read) }
    };
    [of("roster", "person"), of("roster_counts", "unit")]
}

/// How many people stand in a unit and below who have not left.
pub async fn people(tx: &mut Tx, unit: &UnitId) -> Result<i64> {
    let sql = "select coalesce(sum(c.people), 0) as n from roster_counts c \
               where c.unit = (select number from units where id = $1) and c.status <> 'archived'";
    // Postgres makes a numeric of a sum.
    let sql = if tx.kind() == Kind::Postgres {
        sql.replace("coalesce(sum(c.people), 0)", "coalesce(sum(c.people), 0)::bigint")
    } else {
        sql.into()
    };
    tx.row(sqlx::AssertSqlSafe(sql), &values![unit]).await?.number("n")
}

/// Takes the counts of a unit whose lists changed as a whole, and makes them anew.
pub async fn recount(tx: &mut Tx, unit: &UnitId) -> Result<()> {
    let number = "(select number from units where id = $1)";
    let sql = format!("delete from roster_counts where unit = {number}");
    tx.execute(sqlx::AssertSqlSafe(sql), &values![unit]).await?;
    let sql = format!(
        "insert into roster_counts (unit, role, status, people) \
         select unit, role, status, count(*) from roster where unit = {number} group by unit, role, status"
    );
    tx.execute(sqlx::AssertSqlSafe(sql), &values![unit]).await?;
    Ok(())
}

/// Tells the database to look at its tables again, after so much has changed that its plans may be wrong.
pub async fn refresh_statistics(tx: &mut Tx) -> Result<()> {
    let sql = match tx.kind() {
        Kind::Sqlite => "analyze",
        Kind::Postgres => "analyze roster, users, memberships, invitations, messages, user_search",
    };
    tx.execute(sql, &[]).await?;
    Ok(())
}

//! What the lists show: one row for each person in each unit from the root down to their own, with counts and the search
//! index. It holds nothing of its own: [`refresh`] writes it from the facts, in the transaction that changed them.

mod among;
mod facet;
mod list;
mod needle;
mod offers;
mod page;
mod parts;
mod places;
mod refresh;

use super::invitations::{self, Invitation};
use super::memberships::Membership;
use super::tx::DatabaseKind;
use super::unfinished::PART;
use super::{Error, Look, Result, Row, Tx};
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::listing::{Count, HeldRole, Matching};
use crate::domain::membership::MembershipFacts;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::{Status, User};
use crate::server::collation::sort_key;
use crate::values;
pub use list::List;
pub use offers::{OpenOfferRow, open_offers};
pub use page::{SearchLimits, page, page_within};
pub use places::place_all;
pub use refresh::{refresh, renew_keys};
use std::collections::{BTreeMap, BTreeSet};

/// A line of the list, before its moments are put into words.
#[derive(Clone, Debug)]
pub struct RosterRow {
    pub id: UserId,
    /// The person's number, which stays when they are deleted.
    pub number: i64,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub login: Option<String>,
    /// Everything that the person holds or is offered, wherever it is.
    pub held: Vec<HeldRole>,
    /// What those are offered who share the address, wherever it is: they may stand in no list of their own.
    pub also_offered: Vec<HeldRole>,
    pub status: Status,
    /// Until when they stand so: of somebody in the bin, when they are erased.
    pub until: Option<Timestamp>,
    pub created_at: Timestamp,
    pub last_seen_at: Option<Timestamp>,
    /// The day of it, as [`note_day`] noted it.
    pub seen_day: Option<i64>,
    /// By what people sort who are sorted by name.
    pub name_key: String,
}

impl RosterRow {
    /// Where they are written to.
    pub fn address(&self) -> Option<&str> {
        self.email.as_deref().or(self.phone.as_deref().filter(|_| self.login.is_none()))
    }
}

/// A page of lines.
#[derive(Clone, Debug)]
pub struct Page {
    pub lines: Vec<RosterRow>,
    /// Where the pages beside it begin, if there are any.
    pub previous: Option<UserId>,
    pub next: Option<UserId>,
    /// How many there are on all pages.
    pub matching: Matching,
}

/// The key by which people sort: by name, or by address while there is no name.
pub fn name_key(user: &User) -> String {
    sort_key(user.title())
}

/// Where a person stands within what somebody sees of them, from the facts.
pub async fn facts(tx: &mut Tx, memberships: &[Membership]) -> Result<MembershipFacts> {
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
pub fn facts_of(memberships: &[Membership], offers: &[Invitation]) -> MembershipFacts {
    let is_offered = |offer: &&Invitation| memberships.iter().any(|held| held.is_offered_by(&offer.id));
    // One that was sent says more than one that nobody has had sent.
    let newest = offers
        .iter()
        .filter(is_offered)
        .max_by_key(|offer| (!offer.is_unsent || offer.withdrawn_at.is_some(), offer.created_at, offer.id.clone()));
    MembershipFacts {
        standings: memberships.iter().map(Membership::standing).collect(),
        invitation: newest.map(Invitation::facts),
    }
}

/// The units in whose lists a person stands, each with what they hold or are offered there and below, the highest role
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

/// Turns what has run out to *Expired* in the lists; of how many people. Acceptance never waits for this. Where something of
/// somebody cannot be read, their lines stay as they are, and the others' are written.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<usize> {
    let sql = "select u.id from roster r join users u on u.number = r.person where r.status_until <= $1 \
               order by r.status_until limit $2";
    let rows = tx.rows(sql, &values![now, PART]).await?;
    // Whoever stands in several lists comes several times.
    let people: BTreeSet<UserId> = rows.iter().map(|row| row.text("id").map(UserId::new)).collect::<Result<_>>()?;
    let people: Vec<UserId> = people.into_iter().collect();
    // All are read before anything is written.
    match refresh(tx, &people, now).await {
        Ok(()) => return Ok(people.len()),
        Err(Error::Corrupt(_)) => {}
        Err(other) => return Err(other),
    }
    let mut done = 0;
    for person in &people {
        match refresh(tx, std::slice::from_ref(person), now).await {
            Ok(()) => done += 1,
            Err(Error::Corrupt(place)) => tracing::error!(%place, "somebody's lines in the lists stay as they are"),
            Err(other) => return Err(other),
        }
    }
    Ok(done)
}

/// Notes the day on which somebody is here, in days since 1970: the lists keep that and not the moment, so that they are written
/// once a day for whoever works all day long.
pub async fn note_day(tx: &mut Tx, person: &UserId, day: i64) -> Result<()> {
    let sql = "update users set seen_day = $2 where id = $1 and seen_day <> $2";
    if tx.execute(sql, &values![person, day]).await? > 0 {
        let sql = "update roster set seen_day = $2 where person = (select number from users where id = $1)";
        tx.execute(sql, &values![person, day]).await?;
    }
    Ok(())
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
    let sql = if tx.kind() == DatabaseKind::Postgres {
        sql.replace("coalesce(sum(c.people), 0)", "coalesce(sum(c.people), 0)::bigint")
    } else {
        sql.into()
    };
    tx.row(sqlx::AssertSqlSafe(sql), &values![unit]).await?.number("n")
}

/// Tells the database to look at its tables again, after so much has changed that its plans may be wrong.
pub async fn refresh_statistics(tx: &mut Tx) -> Result<()> {
    let sql = match tx.kind() {
        DatabaseKind::Sqlite => "analyze",
        DatabaseKind::Postgres => "analyze roster, users, memberships, invitations, messages, user_search",
    };
    tx.execute(sql, &[]).await?;
    Ok(())
}

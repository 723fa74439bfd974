//! Reading a page of the users list. In which way depends on how many stand in the list and how many the search finds: few are
//! looked up one by one; of many a page's worth turns up soon, or both are laid side by side. Whatever is searched, filtered and
//! sorted, SQLite looks up some thousand people at the most; Postgres' index looks at everybody whom it finds.

use super::among::as_text;
use super::list::{List, Way};
use super::{Page, RosterRow, facet, parts, refresh};
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::listing::{COUNTED, Count, Cursor, HeldRole, Matching, PAGE, SortKey, UserQuery};
use crate::domain::membership::Standing;
use crate::domain::permission::Permissions;
use crate::domain::policy::Place;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::user::Status;
use crate::server::storage::memberships::Membership;
use crate::server::storage::tx::DatabaseKind;
use crate::server::storage::{Result, Row, Tx, keys, memberships, unfinished, units};
use crate::values;

/// How many people are looked at in which way. None of these numbers decides what a page holds.
#[derive(Clone, Copy, Debug)]
pub struct SearchLimits {
    /// So few who stand in a list are looked at one by one before the index is asked for anything.
    pub handful: i64,
    /// What one of so many has, or more of them, many have.
    pub frequent: i64,
    /// So many who stand in a list are looked at one by one without a second thought: a few milliseconds.
    pub short: i64,
    /// So many who are found are looked up and sorted without a second thought.
    pub few: i64,
    /// How far a list is walked in the hope of a page: first a little, then as long as it takes to look up a few.
    pub near: i64,
    pub far: i64,
    /// So many who stand in a list, or are found, are laid side by side without a second thought.
    pub many: i64,
    /// Of so many it is counted how many match, where all would be too many; beyond that it says "more than".
    pub counted: i64,
    /// So many of those laid side by side are looked up for a page, where the index was not asked for everything.
    pub spare: i64,
}

impl SearchLimits {
    /// By what looking somebody up, and reading a number from an index, cost there.
    pub fn of(kind: DatabaseKind) -> Self {
        let sqlite = Self {
            handful: 200,
            frequent: 50,
            short: 4_000,
            few: 2_000,
            near: 2_000,
            far: 8_000,
            many: 120_000,
            counted: 4_000,
            spare: 400,
        };
        match kind {
            DatabaseKind::Sqlite => sqlite,
            DatabaseKind::Postgres => Self { near: 2_500, many: 60_000, counted: 2_500, ..sqlite },
        }
    }
}

/// What was read of a list.
pub(super) struct Reading {
    /// The lines of a page, and one more where there is another.
    pub(super) lines: Vec<RosterRow>,
    pub(super) matching: Matching,
}

/// Of which list, and within which bounds, whatever is asked of it.
pub(super) struct ListRequest<'a> {
    limits: &'a SearchLimits,
    pub(super) unit: &'a UnitId,
    pub(super) counts: &'a [Count],
    pub(super) asks_the_facts: bool,
    pub(super) up_to: Option<i64>,
}

impl ListRequest<'_> {
    /// Reads what is asked for, of one state or several.
    pub(super) async fn read(&self, tx: &mut Tx, query: &UserQuery) -> Result<Reading> {
        match query.facet.filter(|_| query.status.is_none()) {
            Some(asked) => facet::read(tx, self, query, asked).await,
            None => self.read_one(tx, query).await,
        }
    }

    /// Reads what is asked for as one list.
    pub(super) async fn read_one(&self, tx: &mut Tx, query: &UserQuery) -> Result<Reading> {
        let list = List::new(tx.kind(), self.unit, query, self.counts);
        let list = list.up_to(self.up_to);
        let mut list = if self.asks_the_facts { list.asking_the_facts() } else { list };
        list.read(tx, self.limits).await
    }
}

impl List<'_> {
    async fn read(&mut self, tx: &mut Tx, limits: &SearchLimits) -> Result<Reading> {
        if self.needle.words.is_empty() {
            let lines = self.lines(tx, Way::Plain).await?;
            // The counts know it already.
            let matching = match self.asks_the_facts || self.up_to.is_some() {
                false => Matching::Exactly(self.people),
                true => self.matching(tx, Way::Plain, &lines).await?,
            };
            return Ok(Reading { lines, matching });
        }
        if self.people <= limits.handful {
            return self.read_all(tx, Way::Walk).await;
        }
        self.needle.choose(tx).await?;
        if self.kind == DatabaseKind::Postgres && self.needle.is_about(limits.frequent) {
            // Its index gives nobody before it has found everybody, so it is not asked for what many have.
            if self.people > limits.short {
                let lines = self.lines_near(tx, Way::Walk, limits.near).await?;
                if lines.len() > self.query.size.rows() {
                    let matching = self.matching_of_some(tx, Way::Walk, &lines, limits).await?;
                    return Ok(Reading { lines, matching });
                }
                return self.read_many(tx, limits).await;
            }
            return self.read_short(tx, limits).await;
        }
        match self.hits(limits.few).number(tx).await? {
            0 => Ok(Reading { lines: Vec::new(), matching: Matching::Exactly(0) }),
            hits if self.people <= hits || hits > limits.few && self.people <= limits.short => {
                self.read_short(tx, limits).await
            }
            hits if hits <= limits.few => self.read_all(tx, Way::Hits).await,
            _ => self.read_many(tx, limits).await,
        }
    }

    /// By a way that looks at everybody.
    async fn read_all(&self, tx: &mut Tx, way: Way<'_>) -> Result<Reading> {
        let lines = self.lines(tx, way).await?;
        let matching = self.matching(tx, way, &lines).await?;
        Ok(Reading { lines, matching })
    }

    /// Where few stand in the list. With two filters it may take many to find these few.
    async fn read_short(&self, tx: &mut Tx, limits: &SearchLimits) -> Result<Reading> {
        if self.sides().is_some_and(|(fewer, _)| fewer > limits.short)
            && let Some(reading) = self.read_among(tx, limits.many, limits).await?
        {
            return Ok(reading);
        }
        self.read_all(tx, Way::Walk).await
    }

    /// Where many stand in the list and many are found.
    async fn read_many(&self, tx: &mut Tx, limits: &SearchLimits) -> Result<Reading> {
        // Where more than are counted are likely to be both, a page of them stands near; on Postgres one was looked for already.
        let is_near = self.kind == DatabaseKind::Sqlite && self.is_likely(2 * COUNTED);
        if !is_near && let Some(reading) = self.read_among(tx, limits.many, limits).await? {
            return Ok(reading);
        }
        let in_order = match self.in_order() {
            Some(Way::HitsByName) if !keys::are_made(tx).await? => None,
            in_order => in_order,
        };
        if let Some(way) = in_order.filter(|_| self.kind == DatabaseKind::Postgres) {
            let lines = self.lines(tx, way).await?;
            let matching = match lines.len() > self.query.size.rows() {
                true => self.matching_of_some(tx, Way::Walk, &lines, limits).await?,
                false => self.matching(tx, way, &lines).await?,
            };
            return Ok(Reading { lines, matching });
        }
        // Whatever is rarer leads to the other sooner.
        let mut tries = vec![(Way::Walk, limits.near)];
        tries.extend(in_order.map(|way| (way, limits.near)));
        if self.needle.about.is_some_and(|about| about < self.people) {
            tries.reverse();
        }
        if let Some(reading) = self.read_near(tx, &tries, limits).await? {
            return Ok(reading);
        }
        if is_near && let Some(reading) = self.read_among(tx, limits.many, limits).await? {
            return Ok(reading);
        }
        tries.iter_mut().for_each(|(_, far)| *far = limits.far);
        if let Some(reading) = self.read_near(tx, &tries, limits).await? {
            return Ok(reading);
        }
        // Those who stand in the list are hardly ever those who are found.
        match self.read_among(tx, i64::MAX - 1, limits).await? {
            Some(reading) => Ok(reading),
            None => self.read_all(tx, Way::Walk).await,
        }
    }

    /// By the first of these ways that fills a page among so many people.
    async fn read_near(&self, tx: &mut Tx, tries: &[(Way<'_>, i64)], limits: &SearchLimits) -> Result<Option<Reading>> {
        for (way, far) in tries {
            let lines = self.lines_near(tx, *way, *far).await?;
            if lines.len() > self.query.size.rows() {
                let matching = self.matching_of_some(tx, Way::Hits, &lines, limits).await?;
                return Ok(Some(Reading { lines, matching }));
            }
        }
        Ok(None)
    }

    /// Whether so many are likely to stand in the list and to be found, if the one has nothing to do with the other.
    fn is_likely(&self, many: i64) -> bool {
        let found = self.needle.about.unwrap_or_default();
        found.saturating_mul(self.people) / self.needle.everybody.max(1) >= many
    }

    /// By laying those who stand in the list beside those who are found; `None` where either are too many.
    async fn read_among(&self, tx: &mut Tx, most: i64, limits: &SearchLimits) -> Result<Option<Reading>> {
        let is_long = self.sides().is_some_and(|(_, more)| more > most) || self.people > most;
        if self.asks_the_facts || is_long || self.needle.about.is_some_and(|about| about > most) {
            return Ok(None);
        }
        let Some(among) = self.among(tx, most).await? else { return Ok(None) };
        let is_few = i64::try_from(among.people.len()).is_ok_and(|count| count <= limits.few);
        if is_few {
            return self.read_all(tx, Way::Among(&as_text(&among.people))).await.map(Some);
        }
        let is_all_asked = self.finds_exactly();
        let page = self.query.size.rows();
        let spare = usize::try_from(limits.spare).unwrap_or(page).max(page + 1);
        let Some(some) = among.of_page(if is_all_asked { page + 1 } else { spare }) else { return Ok(None) };
        let lines = self.lines(tx, Way::Among(&as_text(some))).await?;
        if is_all_asked {
            let all = i64::try_from(among.people.len()).unwrap_or(i64::MAX);
            return Ok(Some(Reading {
                matching: Matching::of(all.min(COUNTED + 1), all <= COUNTED, lines.len()),
                lines,
            }));
        }
        if lines.len() <= self.query.size.rows() && some.len() == spare {
            return Ok(None);
        }
        // Behind the last page somebody may still ask for a page.
        let counted = if lines.is_empty() { usize::MAX } else { usize::try_from(limits.counted).unwrap_or_default() };
        let some = among.people.get(..counted).unwrap_or(&among.people);
        let n = self.count(Way::Among(&as_text(some)), None).number(tx).await?;
        let is_all = some.len() == among.people.len() && n <= COUNTED;
        Ok(Some(Reading { matching: Matching::of(n, is_all, lines.len()), lines }))
    }

    /// The lines of a page, and one more where there is another.
    async fn lines(&self, tx: &mut Tx, way: Way<'_>) -> Result<Vec<RosterRow>> {
        read_lines(&self.rows(way, None).rows(tx).await?)
    }

    /// The same among so many people only: a page's worth, if it is full.
    async fn lines_near(&self, tx: &mut Tx, way: Way<'_>, far: i64) -> Result<Vec<RosterRow>> {
        read_lines(&self.rows(way, Some(far)).rows(tx).await?)
    }

    /// How many there are on all pages, by a way that may look at everybody.
    async fn matching(&self, tx: &mut Tx, way: Way<'_>, lines: &[RosterRow]) -> Result<Matching> {
        if self.query.from == Cursor::Start && lines.len() <= self.query.size.rows() {
            return Ok(Matching::of(0, true, lines.len()));
        }
        let n = self.count(way, None).number(tx).await?;
        Ok(Matching::of(n, n <= COUNTED, lines.len()))
    }

    /// More than how many there are, by some of those who are found or stand in the list.
    async fn matching_of_some(
        &self,
        tx: &mut Tx,
        way: Way<'_>,
        lines: &[RosterRow],
        limits: &SearchLimits,
    ) -> Result<Matching> {
        let n = self.count(way, Some(limits.counted)).number(tx).await?;
        Ok(Matching::of(n, false, lines.len()))
    }
}

/// A page of the list of a unit, whose counts are known.
pub async fn page(tx: &mut Tx, unit: &UnitId, query: &UserQuery, counts: &[Count], now: Timestamp) -> Result<Page> {
    page_within(&SearchLimits::of(tx.kind()), tx, unit, query, counts, now).await
}

/// The same, with other numbers by which the way is chosen.
pub async fn page_within(
    limits: &SearchLimits,
    tx: &mut Tx,
    unit: &UnitId,
    query: &UserQuery,
    counts: &[Count],
    now: Timestamp,
) -> Result<Page> {
    let asks_the_facts = unfinished::is_any(tx).await?;
    let asked = ListRequest { limits, unit, counts, asks_the_facts, up_to: newest_of(tx, query, now).await? };
    let Reading { mut lines, matching } = match query.sort.key() {
        SortKey::Role | SortKey::Status => parts::read(tx, &asked, query).await?,
        SortKey::Name | SortKey::Added | SortKey::Seen => asked.read(tx, query).await?,
    };
    let has_more = lines.len() > query.size.rows();
    lines.truncate(query.size.rows());
    let is_back = matches!(query.from, Cursor::Before(_));
    if is_back {
        lines.reverse();
    }
    let has_previous = if is_back { has_more } else { query.from != Cursor::Start };
    let previous = lines.first().filter(|_| has_previous).map(|line| line.id.clone());
    let next = lines.last().filter(|_| is_back || has_more).map(|line| line.id.clone());
    if asks_the_facts {
        refresh::correct(tx, unit, query, &mut lines, now).await?;
    }
    add_offers(tx, &mut lines, now).await?;
    Ok(Page { lines, previous, next, matching })
}

/// The number of the newest person who was added as long ago as is asked; people are numbered as they are added.
async fn newest_of(tx: &mut Tx, query: &UserQuery, now: Timestamp) -> Result<Option<i64>> {
    let Some(days) = query.older else { return Ok(None) };
    let sql = "select number from users where created_at <= $1 order by created_at desc, number desc limit 1";
    let newest = tx.maybe_row(sql, &values![now - Duration::days(days)]).await?;
    Ok(Some(newest.map(|row| row.number("number")).transpose()?.unwrap_or_default()))
}

/// Adds what is offered to those who share an address with somebody of the page: one look, however long the list is.
async fn add_offers(tx: &mut Tx, lines: &mut [RosterRow], now: Timestamp) -> Result<()> {
    let addresses: Vec<&str> = lines.iter().filter_map(RosterRow::address).collect();
    let offers = memberships::offered_to_placeholders(tx, &addresses, now).await?;
    for line in lines {
        let is_of_line =
            |address: &str, offer: &Membership| line.address() == Some(address) && offer.user_id != line.id;
        let of_line = offers.iter().filter(|(address, offer)| is_of_line(address, offer));
        line.also_offered = of_line.map(|(_, offer)| offer.held()).collect();
    }
    Ok(())
}

/// One line for each person; whoever holds several places comes in several rows.
fn read_lines(rows: &[Row]) -> Result<Vec<RosterRow>> {
    let mut lines: Vec<RosterRow> = Vec::with_capacity(PAGE + 1);
    for row in rows {
        let id = UserId::new(row.text("id")?);
        let place = Place {
            unit: units::read_path(row)?,
            role: RoleId::new(row.text("role_id")?),
            extra: row.of("memberships", "membership_id", |row| row.code("extra", Permissions::read))?,
        };
        let is_set = |column| row.maybe_number(column).map(|at| at.is_some());
        let is_closed = row.truth("is_closed")?;
        let is_archived = is_set("archived_at")? || is_closed;
        let standing = Standing::of(is_set("active_at")?, is_set("blocked_at")?, is_archived);
        let held = HeldRole {
            place,
            unit: row.text("unit_name")?,
            standing,
            since: Timestamp(row.number("since")?),
            is_closed,
        };
        match lines.last_mut() {
            Some(line) if line.id == id => line.held.push(held),
            _ => lines.push(RosterRow {
                id,
                number: row.number("person")?,
                name: row.text("name")?,
                email: row.maybe_text("email")?,
                phone: row.maybe_text("phone")?,
                login: row.maybe_text("login")?,
                held: vec![held],
                also_offered: Vec::new(),
                status: row.of("roster", "person", |row| row.code("status", Status::from_code))?,
                until: row.maybe_number("status_until")?.map(Timestamp),
                created_at: Timestamp(row.number("created_at")?),
                last_seen_at: row.maybe_number("last_seen_at")?.map(Timestamp),
                seen_day: Some(row.number("seen_day")?).filter(|day| *day > 0),
                name_key: row.text("name_key")?,
            }),
        }
    }
    Ok(lines)
}

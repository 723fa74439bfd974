//! Writing what the lists show about some people, from the facts, in the transaction that changed them: a few statements for a
//! hundred people, and only rows that became others are touched.

use super::{RosterRow, by_unit, facts_of, name_key, places};
use crate::domain::contact::search_key;
use crate::domain::id::{UnitId, UserId};
use crate::domain::listing::UserQuery;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::{Status, User};
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::memberships::{self, Membership};
use crate::server::storage::tx::DatabaseKind;
use crate::server::storage::{MOST_IN_A_LIST, Result, Row, Rows, Statement, Tx, units, users};
use crate::values;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A number that is no person's: they are counted from 1.
const NOBODY: i64 = 0;

/// By how much the counts of a unit's list change: unit, role, status.
type Changes = BTreeMap<(i64, i64, String), i64>;

/// Where somebody stands in the list of one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct RosterPlace {
    role: i64,
    status: String,
    is_archived: bool,
    until: Option<Timestamp>,
    name_key: String,
    seen_day: i64,
}

/// By person and unit, in numbers.
type Places = BTreeMap<(i64, i64), RosterPlace>;

/// The same as the facts have it, so that nobody reads a status from what was written.
type PlacesWithStatus = BTreeMap<(i64, i64), (Status, RosterPlace)>;

/// Writes what the lists show about some people, after anything about them changed; every commit asks for those who were touched.
/// Deleted ones leave the lists. Whoever shares
/// their address is written along: only one of them stands in a list.
pub async fn refresh(tx: &mut Tx, people: &[UserId], now: Timestamp) -> Result<()> {
    let people: Vec<UserId> = people.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect();
    tx.remembered.are_fresh(&people);
    let mut changes = Changes::new();
    for some in people.chunks(MOST_IN_A_LIST) {
        refresh_some(tx, some, &mut changes, now).await?;
    }
    let mut counts = Rows::new("insert into roster_counts (unit, role, status, people)")
        .on_conflict("on conflict (unit, role, status) do update set people = roster_counts.people + excluded.people");
    for ((unit, role, status), by) in changes.into_iter().filter(|(_, by)| *by != 0) {
        counts.add(values![unit, role, status, by]);
    }
    counts.write(tx).await
}

async fn refresh_some(tx: &mut Tx, people: &[UserId], changes: &mut Changes, now: Timestamp) -> Result<()> {
    let mut all = Statement::new("select number from users where id in (");
    let ids = all.bind_all(people);
    all.push(&format!("{ids})"));
    let facts = RosterFacts::load(tx, people).await?;
    let mut numbers: BTreeSet<i64> = facts.users.iter().map(|user| user.number).collect();
    for row in all.rows(tx).await? {
        numbers.insert(row.number("number")?);
    }
    let numbers: Vec<i64> = numbers.into_iter().collect();
    let before = known(tx, &numbers).await?;
    let after: Places = facts.places(now).into_iter().map(|(at, (_, place))| (at, place)).collect();

    // Whoever leaves a list is written anew as a whole; that is rare, and spares a statement for each row. It is asked for nobody,
    // too: how long an invitation takes does not tell whether it takes the place of what others know of the address (rule 40).
    let leaving: Vec<i64> =
        numbers.iter().copied().filter(|person| of(&before, *person).any(|(at, _)| !after.contains_key(at))).collect();
    let gone = if leaving.is_empty() { &[NOBODY][..] } else { &leaving };
    Statement::for_each_of("delete from roster where person in", gone, tx).await?;
    let mut rows =
        Rows::new("insert into roster (unit, person, role, status, is_archived, status_until, name_key, seen_day)")
            .on_conflict(
                "on conflict (unit, person) do update set role = excluded.role, status = excluded.status, \
             is_archived = excluded.is_archived, status_until = excluded.status_until, name_key = excluded.name_key, \
             seen_day = excluded.seen_day",
            );
    for (at @ (person, unit), place) in &after {
        if leaving.contains(person) || before.get(at) != Some(place) {
            let RosterPlace { role, status, is_archived, until, name_key, seen_day } = place;
            rows.add(values![*unit, *person, *role, status, *is_archived, *until, name_key, *seen_day]);
        }
    }
    rows.write(tx).await?;
    for (places, by) in [(&before, -1), (&after, 1)] {
        for ((_, unit), place) in places {
            *changes.entry((*unit, place.role, place.status.clone())).or_default() += by;
        }
    }
    index(tx, &numbers, &found(&facts.users, &after)).await
}

/// Makes anew by which keys people sort and are found, and leaves everything else about them.
pub async fn renew_keys(tx: &mut Tx, people: &[User]) -> Result<()> {
    for some in people.chunks(MOST_IN_A_LIST) {
        let numbers: Vec<i64> = some.iter().map(|user| user.number).collect();
        let mut keys = Statement::new("update roster set name_key = fresh.column2 from ");
        keys.push_pairs(some.iter().map(|user| (user.number, name_key(user))));
        keys.push(" fresh where roster.person = fresh.column1 and roster.name_key <> fresh.column2");
        keys.execute(tx).await?;
        let places = known(tx, &numbers).await?;
        index(tx, &numbers, &found(some, &places)).await?;
    }
    Ok(())
}

/// Puts lines right that may still have to be written anew: each says what the facts say, and who does not stand among those
/// asked for is left out.
pub(super) async fn correct(
    tx: &mut Tx,
    unit: &UnitId,
    query: &UserQuery,
    lines: &mut Vec<RosterRow>,
    now: Timestamp,
) -> Result<()> {
    let people: Vec<UserId> = lines.iter().map(|line| line.id.clone()).collect();
    let facts = RosterFacts::load(tx, &people).await?;
    let places = facts.places(now);
    let list = facts.units.get(unit.as_str());
    let role = query.role.as_ref().map(|role| facts.roles.get(role.as_str()));
    let numbers: HashMap<&UserId, i64> = facts.users.iter().map(|user| (&user.id, user.number)).collect();
    lines.retain_mut(|line| {
        let at = numbers.get(&line.id).zip(list).map(|(person, unit)| (*person, *unit));
        let Some((status, place)) = at.and_then(|at| places.get(&at)) else { return false };
        let status = *status;
        (line.status, line.until) = (status, place.until);
        let is_status = query.takes(status) || (query.status.is_none() && query.facet.is_none());
        is_status && role.is_none_or(|asked| asked == Some(&place.role))
    });
    Ok(())
}

fn of(places: &Places, person: i64) -> impl Iterator<Item = (&(i64, i64), &RosterPlace)> {
    places.range((person, i64::MIN)..=(person, i64::MAX))
}

/// What stands in the lists.
async fn known(tx: &mut Tx, numbers: &[i64]) -> Result<Places> {
    let mut rows = Statement::new(
        "select person, unit, role, status, is_archived, status_until, name_key, seen_day from roster where person in (",
    );
    let people = rows.bind_all(numbers.iter().copied());
    if numbers.is_empty() {
        return Ok(Places::new());
    }
    rows.push(&format!("{people})"));
    let read = |row: &Row| {
        let place = RosterPlace {
            role: row.number("role")?,
            status: row.text("status")?,
            is_archived: row.truth("is_archived")?,
            until: row.maybe_number("status_until")?.map(Timestamp),
            name_key: row.text("name_key")?,
            seen_day: row.number("seen_day")?,
        };
        Ok(((row.number("person")?, row.number("unit")?), place))
    };
    rows.rows(tx).await?.iter().map(read).collect()
}

/// What decides where people stand in the lists.
struct RosterFacts {
    users: Vec<User>,
    memberships: HashMap<UserId, Vec<Membership>>,
    offers: HashMap<UserId, Vec<Invitation>>,
    /// The numbers of units and of roles.
    units: HashMap<String, i64>,
    roles: HashMap<String, i64>,
}

impl RosterFacts {
    /// Of these people, and of whoever shares their address.
    async fn load(tx: &mut Tx, people: &[UserId]) -> Result<Self> {
        let users = users::with_those_alike(tx, people).await?;
        let ids: Vec<UserId> = users.iter().map(|user| user.id.clone()).collect();
        let held = memberships::of_users(tx, &ids).await?;
        let pending: BTreeSet<UserId> =
            held.iter().filter(|held| held.active_at.is_none()).map(|held| held.user_id.clone()).collect();
        let pending: Vec<UserId> = pending.into_iter().collect();
        let mut offers: HashMap<UserId, Vec<Invitation>> = HashMap::new();
        for offer in invitations::of_users(tx, &pending).await? {
            offers.entry(offer.user_id.clone()).or_default().push(offer);
        }
        let lines: BTreeSet<_> = held.iter().flat_map(|held| held.unit.line()).collect();
        let units = units::numbers(tx, &lines.into_iter().collect::<Vec<_>>()).await?;
        let mut roles = HashMap::new();
        for row in tx.rows("select id, number from roles", &[]).await? {
            roles.insert(row.text("id")?, row.number("number")?);
        }
        let mut memberships: HashMap<UserId, Vec<Membership>> = HashMap::new();
        for one in held {
            memberships.entry(one.user_id.clone()).or_default().push(one);
        }
        Ok(Self { users, memberships, offers, units, roles })
    }

    /// Where these people stand, unit by unit. Of those who share an address, one stands in a list for all who hold or are
    /// offered something within its unit: whoever sees no more than that unit learns of nobody beyond it (rule 40, W-11).
    fn places(&self, now: Timestamp) -> PlacesWithStatus {
        let mut places = self.places_of_each(now);
        let shared = self.users.iter().filter_map(|user| Some((user.number, (user, user.own_address()?))));
        let shared: HashMap<i64, (&User, &str)> = shared.collect();
        let mut first: HashMap<(&str, i64), (u8, bool, i64)> = HashMap::new();
        for ((person, unit), (status, _)) in &places {
            let Some((user, address)) = shared.get(person) else { continue };
            let rank = status.before_others(user.registered_at.is_some());
            let this = (rank, user.is_placeholder, *person);
            first.entry((*address, *unit)).and_modify(|best| *best = this.min(*best)).or_insert(this);
        }
        places.retain(|(person, unit), _| {
            let best = shared.get(person).and_then(|(_, address)| first.get(&(*address, *unit)));
            best.is_none_or(|(.., best)| best == person)
        });
        places
    }

    /// The same of everybody alone.
    fn places_of_each(&self, now: Timestamp) -> PlacesWithStatus {
        let mut places = PlacesWithStatus::new();
        for user in &self.users {
            let (memberships, offers) = (self.memberships.get(&user.id), self.offers.get(&user.id));
            let offers = offers.map(Vec::as_slice).unwrap_or_default();
            let name_key = name_key(user);
            for (unit, held) in by_unit(memberships.map(Vec::as_slice).unwrap_or_default()) {
                let facts = facts_of(&held, offers);
                let role = held.first().and_then(|held| self.roles.get(held.role.as_str()));
                let (Some(role), Some(unit)) = (role, self.units.get(unit.as_str())) else { continue };
                let status = facts.status(now);
                let place = RosterPlace {
                    role: *role,
                    status: status.code().into(),
                    is_archived: status == Status::Archived,
                    until: facts.holds_until(now),
                    name_key: name_key.clone(),
                    seen_day: user.seen_day,
                };
                places.insert((user.number, *unit), (status, place));
            }
        }
        places
    }
}

/// By what somebody is found, and in which order.
pub(super) struct SearchTerms {
    pub(super) haystack: String,
    pub(super) name_key: String,
}

impl SearchTerms {
    fn of(user: &User) -> Self {
        let parts = [
            Some(user.name.as_str()),
            user.email.as_deref(),
            user.unconfirmed_email.as_deref(),
            user.login.as_deref(),
            user.phone.as_deref(),
        ];
        Self { haystack: search_key(&parts.into_iter().flatten().collect::<Vec<_>>()), name_key: name_key(user) }
    }
}

/// By what those are found who stand somewhere.
fn found(people: &[User], places: &Places) -> BTreeMap<i64, SearchTerms> {
    let stands = |user: &&User| of(places, user.number).next().is_some();
    people.iter().filter(stands).map(|user| (user.number, SearchTerms::of(user))).collect()
}

/// Writes the words by which people are found, where they are others than before: the index is dear to change. Whoever stands
/// nowhere is found by nothing.
async fn index(tx: &mut Tx, numbers: &[i64], found: &BTreeMap<i64, SearchTerms>) -> Result<()> {
    if numbers.is_empty() {
        return Ok(());
    }
    let has_keys = tx.kind() == DatabaseKind::Postgres;
    let mut known = Statement::new(match has_keys {
        true => "select rowid as person, haystack, name_key from user_search where rowid in (",
        false => "select person, haystack from search_words where person in (",
    });
    let people = known.bind_all(numbers.iter().copied());
    known.push(&format!("{people})"));
    let (mut same, mut old) = (BTreeSet::new(), Vec::new());
    for row in known.rows(tx).await? {
        let (person, haystack) = (row.number("person")?, row.text("haystack")?);
        let key = if has_keys { Some(row.text("name_key")?) } else { None };
        let is_same = |now: &SearchTerms| now.haystack == haystack && key.is_none_or(|key| key == now.name_key);
        if found.get(&person).is_some_and(is_same) {
            same.insert(person);
        } else {
            old.push(person);
        }
    }
    Statement::for_each_of("delete from user_search where rowid in", &old, tx).await?;
    let new = found.iter().filter(|(person, _)| !same.contains(person));
    if has_keys {
        let mut rows = Rows::new("insert into user_search (rowid, haystack, name_key)");
        new.for_each(|(person, now)| rows.add(values![*person, &now.haystack, &now.name_key]));
        return rows.write(tx).await;
    }
    let mut rows = Rows::new("insert into user_search (rowid, haystack)");
    new.for_each(|(person, now)| rows.add(values![*person, &now.haystack]));
    rows.write(tx).await?;
    places::write(tx, numbers, found, &old).await
}

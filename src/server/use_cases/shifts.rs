//! The plan: a week of shifts, one shift, who is in it.

use super::users::{reader_for, unit_ref};
use super::views::{self, Reader};
use super::{Actor, AuditEntry, UseCaseError, record, require, scope};
use crate::domain::audit::AuditAction;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{ShiftId, UnitId, UserId};
use crate::domain::listing::UserQuery;
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request, decide};
use crate::domain::revision::Revision;
use crate::domain::shift::{MOST_PEOPLE, Shift, check, may_work};
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::Unit;
use crate::domain::user::Status;
use crate::server::app::App;
use crate::server::dates::DateError;
use crate::server::storage::{Tx, memberships, roster, shifts, units, users};
use crate::server::{dates, random};
use crate::view_models::{Person, ShiftPage, ShiftRow, ShiftsPage};
use std::collections::{BTreeMap, BTreeSet};

/// How many shifts of one week are shown.
const MOST_SHIFTS: usize = 300;

/// How many people a search among a unit's people offers.
const MOST_CANDIDATES: usize = 20;

/// A week of the plan of a unit, for those who may see it; of one's own shifts for everybody (`mine`).
pub async fn week(
    app: &App,
    caller: &Actor,
    unit: Option<&UnitId>,
    week: &str,
    mine: bool,
) -> Result<ShiftsPage, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    are_planned(&mut tx).await?;
    let reader = reader_for(&mut tx, caller, app.clock.now()).await?;
    let unit = match mine || !authority.has(Permission::SeeShifts) && unit.is_none() {
        true => None,
        false => Some(scope(&mut tx, &authority, Permission::SeeShifts, unit).await?),
    };
    let week = dates::week(week, now, &reader.zone, reader.language);
    let mut found = match &unit {
        Some(unit) => shifts::within(&mut tx, &unit.path, week.from, week.to, MOST_SHIFTS + 1).await?,
        None => shifts::of_user(&mut tx, &caller.user_id, week.from, week.to, MOST_SHIFTS + 1).await?,
    };
    let has_more = found.len() > MOST_SHIFTS;
    found.truncate(MOST_SHIFTS);
    let mut days: Vec<(String, String, Vec<ShiftRow>)> =
        week.days.iter().map(|day| (day.heading.clone(), day.date.clone(), Vec::new())).collect();
    for (row, shift) in rows(&mut tx, &authority, &reader, caller, &found).await? {
        let at = week.days.iter().rposition(|day| day.from <= shift.starts_at).unwrap_or(0);
        if let Some((.., rows)) = days.get_mut(at) {
            rows.push(row);
        }
    }
    let today = week.days.iter().rfind(|day| day.from <= now).filter(|_| now < week.to);
    Ok(ShiftsPage {
        today: today.map(|day| day.date.clone()).unwrap_or_default(),
        may_edit: unit.as_ref().is_some_and(|unit| !unit.is_closed && edits(&authority, unit)),
        unit: unit.as_ref().map(unit_ref),
        week: week.name,
        previous: week.previous,
        next: week.next,
        this_week: week.this_week,
        days,
        has_more,
    })
}

/// Where no shifts are planned there is no plan to see or to change.
async fn are_planned(tx: &mut Tx) -> Result<(), UseCaseError> {
    if super::settings_of(tx).await?.plans_shifts { Ok(()) } else { Err(UseCaseError::NotFound) }
}

fn edits(authority: &Authority, unit: &Unit) -> bool {
    decide(authority, Request::UseAt(Permission::EditShifts, &unit.path)).is_allowed()
}

/// Shifts as the caller may see them, each with its row: their units and people are asked for once, however many there are.
async fn rows<'a>(
    tx: &mut Tx,
    authority: &Authority,
    reader: &Reader,
    caller: &Actor,
    all: &'a [Shift],
) -> Result<Vec<(ShiftRow, &'a Shift)>, UseCaseError> {
    let ids: BTreeSet<UnitId> = all.iter().map(|shift| shift.unit.id()).collect();
    let units: Vec<Unit> = units::find_all(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let ids: BTreeSet<UserId> = all.iter().flat_map(|shift| shift.people.clone()).collect();
    let people = users::find_all(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let people: BTreeMap<&UserId, Person> = people.iter().map(|user| (&user.id, views::known(user))).collect();
    let mut rows = Vec::with_capacity(all.len());
    for shift in all {
        let Some(unit) = units.iter().find(|unit| unit.path == shift.unit) else { continue };
        let sees = authority.reaches(Permission::SeeShifts, &unit.path);
        // Who sees only their own shifts sees themselves in them, and nobody else.
        let named = shift.people.iter().filter(|id| sees || *id == &caller.user_id);
        let row = ShiftRow {
            id: shift.id.clone(),
            title: shift.title.clone(),
            starts: reader.when(shift.starts_at),
            ends: reader.when(shift.ends_at),
            hours: dates::hours(shift.starts_at, shift.ends_at, &reader.zone, reader.language),
            is_mine: shift.people.contains(&caller.user_id),
            may_edit: !unit.is_closed && edits(authority, unit),
            people: named.filter_map(|id| people.get(id).cloned()).collect(),
            unit: unit_ref(unit),
        };
        rows.push((row, shift));
    }
    Ok(rows)
}

/// A shift of the caller's own, or one that they may see.
async fn seen(tx: &mut Tx, authority: &Authority, id: &ShiftId) -> Result<(Shift, Unit), UseCaseError> {
    require(authority, Request::Use(Permission::SeeShifts))?;
    are_planned(tx).await?;
    let shift = shifts::find(tx, id).await?.ok_or(UseCaseError::NotFound)?;
    let unit = units::find(tx, &shift.unit.id()).await?.ok_or(UseCaseError::NotFound)?;
    if authority.reaches(Permission::SeeShifts, &unit.path) { Ok((shift, unit)) } else { Err(UseCaseError::NotFound) }
}

/// One that the caller may change.
async fn to_edit(app: &App, tx: &mut Tx, caller: &Actor, id: &ShiftId) -> Result<(Shift, Unit), UseCaseError> {
    let authority = super::authority(app, tx, caller).await?;
    let (shift, unit) = seen(tx, &authority, id).await?;
    require(&authority, Request::UseAt(Permission::EditShifts, &unit.path))?;
    if unit.is_closed { Err(Conflict::UnitClosed.into()) } else { Ok((shift, unit)) }
}

/// One shift with the people who could join it; without an id, the form of a new one at `unit` on `day`.
pub async fn page(
    app: &App,
    caller: &Actor,
    id: Option<&ShiftId>,
    unit: Option<&UnitId>,
    day: &str,
    search: &str,
) -> Result<ShiftPage, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    are_planned(&mut tx).await?;
    let reader = reader_for(&mut tx, caller, app.clock.now()).await?;
    let Some(id) = id else {
        let unit = scope(&mut tx, &authority, Permission::EditShifts, unit).await?;
        let day = dates::day(day, now, &reader.zone);
        return Ok(ShiftPage {
            shift: None,
            version: 0,
            revision: None,
            starts: format!("{day}T09:00"),
            ends: format!("{day}T17:00"),
            unit: unit_ref(&unit),
            week: dates::week_of_day(&day),
            zone: reader.zone,
            search: String::new(),
            candidates: Vec::new(),
        });
    };
    let (shift, unit) = seen(&mut tx, &authority, id).await?;
    let all = std::slice::from_ref(&shift);
    let (row, _) = rows(&mut tx, &authority, &reader, caller, all).await?.pop().ok_or(UseCaseError::NotFound)?;
    let starts = dates::local(shift.starts_at, &reader.zone);
    let candidates = match row.may_edit && !search.trim().is_empty() {
        true => candidates(&mut tx, &unit, search, now).await?,
        false => Vec::new(),
    };
    Ok(ShiftPage {
        version: shift.version,
        revision: Some(Revision::of(&shift)),
        week: dates::week_of_day(starts.split('T').next().unwrap_or_default()),
        starts,
        ends: dates::local(shift.ends_at, &reader.zone),
        unit: row.unit.clone(),
        zone: reader.zone,
        search: search.trim().into(),
        candidates,
        shift: Some(row),
    })
}

/// The active people of a unit whom a search finds.
async fn candidates(tx: &mut Tx, unit: &Unit, search: &str, now: Timestamp) -> Result<Vec<Person>, UseCaseError> {
    let query = UserQuery { search: search.trim().into(), status: Some(Status::Active), ..UserQuery::default() };
    let counts = roster::counts(tx, &unit.id).await?;
    let page = roster::page(tx, &unit.id, &query, &counts, now).await?;
    let ids: Vec<UserId> = page.lines.iter().take(MOST_CANDIDATES).map(|line| line.id.clone()).collect();
    let mut people: Vec<Person> = users::find_all(tx, &ids).await?.iter().map(views::known).collect();
    people.sort_by_key(|person| ids.iter().position(|id| *id == person.id));
    Ok(people)
}

/// What the form of a shift carries, as typed: times as `2026-11-22T10:00`, in the installation's zone.
#[derive(Clone, Debug, Default)]
pub struct ShiftForm {
    pub title: String,
    pub starts: String,
    pub ends: String,
    pub version: i64,
}

/// What the form means. A time that was not touched is the moment that it was, even where that comes twice by the clock.
async fn read(
    tx: &mut Tx,
    wish: &ShiftForm,
    before: Option<&Shift>,
) -> Result<(String, Timestamp, Timestamp), UseCaseError> {
    let settings = super::settings_of(tx).await?;
    let at = |text: &str, before: Option<Timestamp>| {
        if let Some(before) = before.filter(|before| dates::local(*before, &settings.zone) == text.trim()) {
            return Ok(before);
        }
        dates::read_local(text, &settings.zone).map_err(|why| match why {
            DateError::Unreadable => Invalid::ShiftTimes,
            DateError::Skipped => Invalid::TimeSkipped,
        })
    };
    let starts_at = at(&wish.starts, before.map(|shift| shift.starts_at))?;
    let ends_at = at(&wish.ends, before.map(|shift| shift.ends_at))?;
    Ok((check(&wish.title, starts_at, ends_at)?, starts_at, ends_at))
}

/// Adds a shift to the plan of a unit.
pub async fn create(app: &App, caller: &Actor, unit: &UnitId, wish: &ShiftForm) -> Result<ShiftId, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    require(&authority, Request::Use(Permission::EditShifts))?;
    are_planned(&mut tx).await?;
    let unit = units::find(&mut tx, unit).await?.ok_or(UseCaseError::NotFound)?;
    require(&authority, Request::UseAt(Permission::EditShifts, &unit.path))?;
    if unit.is_closed {
        return Err(Conflict::UnitClosed.into());
    }
    let (title, starts_at, ends_at) = read(&mut tx, wish, None).await?;
    let id = ShiftId::new(random::id(now));
    let shift =
        Shift { id: id.clone(), unit: unit.path.clone(), title, starts_at, ends_at, people: Vec::new(), version: 1 };
    shifts::insert(&mut tx, &shift, &caller.user_id, now).await?;
    let line =
        AuditEntry { actor: Some(&caller.user_id), unit: Some(unit.id), after: &shift.title, ..AuditEntry::default() };
    record(&mut tx, AuditAction::ShiftMade, line, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes title and times.
pub async fn change(app: &App, caller: &Actor, id: &ShiftId, wish: &ShiftForm) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (before, unit) = to_edit(app, &mut tx, caller, id).await?;
    if before.version != wish.version {
        return Err(Conflict::ChangedMeanwhile.into());
    }
    let (title, starts_at, ends_at) = read(&mut tx, wish, Some(&before)).await?;
    let after = Shift { title, starts_at, ends_at, ..before.clone() };
    if after == before {
        return Ok(());
    }
    shifts::update(&mut tx, &after).await?;
    if before.starts_at <= now && now < after.starts_at {
        // Those who left since it began stayed in it as a record; they do not come into a plan that lies ahead.
        for user in &before.people {
            let staying = super::stands_at(&mut tx, user).await?;
            super::release_from_shifts(&mut tx, caller, user, &staying, now).await?;
        }
    }
    let line = AuditEntry {
        actor: Some(&caller.user_id),
        unit: Some(unit.id),
        before: &before.title,
        after: &after.title,
        ..AuditEntry::default()
    };
    record(&mut tx, AuditAction::ShiftEdited, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a shift out of the plan.
pub async fn remove(app: &App, caller: &Actor, id: &ShiftId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (shift, unit) = to_edit(app, &mut tx, caller, id).await?;
    caller.decided_on(&Revision::of(&shift), Conflict::ChangedMeanwhile)?;
    shifts::remove(&mut tx, id).await?;
    let line =
        AuditEntry { actor: Some(&caller.user_id), unit: Some(unit.id), before: &shift.title, ..AuditEntry::default() };
    record(&mut tx, AuditAction::ShiftRemoved, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts somebody into a shift who is active at its unit or below, or takes them out.
pub async fn assign(app: &App, caller: &Actor, id: &ShiftId, user: &UserId, joins: bool) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (shift, unit) = to_edit(app, &mut tx, caller, id).await?;
    let is_changed = if joins {
        let authority = memberships::authority(&mut tx, user).await?;
        let stands = super::stands_at(&mut tx, user).await?;
        let found = users::find(&mut tx, user).await?.ok_or(UseCaseError::NotFound)?;
        if authority.is_none() || !may_work(&unit.path, &stands) {
            return Err(UseCaseError::NotFound);
        }
        if found.is_unproven() {
            return Err(Conflict::AddressNotConfirmed.into());
        }
        if shift.people.len() >= MOST_PEOPLE {
            return Err(Invalid::TooManyAtOnce { most: MOST_PEOPLE }.into());
        }
        shifts::join(&mut tx, id, user).await?
    } else {
        shifts::leave(&mut tx, id, user).await?
    };
    if is_changed {
        let action = if joins { AuditAction::ShiftJoined } else { AuditAction::ShiftLeft };
        let line = AuditEntry {
            actor: Some(&caller.user_id),
            subject: Some(user),
            unit: Some(unit.id),
            after: &shift.title,
            ..AuditEntry::default()
        };
        record(&mut tx, action, line, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

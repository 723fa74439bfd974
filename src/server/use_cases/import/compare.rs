//! What a list says of people who are there, beside what is there: what would be changed about each, and who does not stand in a list
//! that names everybody. Whether it may be done is asked of the verbs that will do it.

use super::super::invite::{BREATH, give_way};
use super::super::{Actor, Target, UseCaseError, places, require, seen, settings_of, target};
use super::check::Meant;
use crate::domain::bulk::is_about_one;
use crate::domain::contact::PersonName;
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::import::{ImportList, PersonChange, RowFinding, known_by};
use crate::domain::listing::{Cursor, PageSize, UserQuery};
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request};
use crate::domain::review::Verdict;
use crate::domain::settings::Settings;
use crate::domain::text::one_line;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::UserAction;
use crate::server::app::App;
use crate::server::storage::Tx;
use crate::server::storage::memberships::Membership;
use crate::server::storage::roster::{self, RosterRow};
use std::collections::HashSet;

/// What a row says of somebody; nothing that only holds for everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SaidOfPerson {
    /// Their name, as it was read first; each way to write it is the same.
    pub names: Vec<String>,
    /// The texts of roles and units as they stand in their cells, and what is meant by one alone.
    pub roles: String,
    pub role: Option<RoleId>,
    pub units: String,
    pub unit: Option<(UnitId, String)>,
    pub login: String,
}

/// Writes to the rows of people who are there what would be changed about them.
pub(super) async fn compare(
    app: &App,
    caller: &Actor,
    list: &mut ImportList,
    meant: &[Option<Meant>],
) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::super::read_as(app, caller).await?;
    let settings = settings_of(&mut tx).await?;
    for (nth, (row, meant)) in list.rows.iter_mut().zip(meant).enumerate() {
        if nth % BREATH == BREATH - 1 {
            give_way().await;
        }
        let Some(Meant { said, .. }) = meant else { continue };
        let Some(RowFinding::Judged(Verdict::Known { user_id, title, .. } | Verdict::Joins { user_id, title, .. })) =
            &row.finding
        else {
            continue;
        };
        if user_id == &authority.user_id {
            continue;
        }
        let (user_id, title) = (user_id.clone(), title.clone());
        match differences(&mut tx, &authority, &settings, &user_id, said, now).await {
            Ok(changes) if changes.is_empty() => {}
            Ok(changes) => row.finding = Some(RowFinding::Differs { user_id, title, changes }),
            // Whom the list means is not told to whoever does not see them.
            Err(UseCaseError::NotFound) => {}
            Err(refusal) if is_about_one(&refusal) => {
                row.finding = Some(RowFinding::NotChangeable { user_id, title, refusal });
            }
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(())
}

async fn differences(
    tx: &mut Tx,
    authority: &Authority,
    settings: &Settings,
    id: &UserId,
    said: &SaidOfPerson,
    now: Timestamp,
) -> Result<Vec<PersonChange>, UseCaseError> {
    let person = seen(tx, authority, UserAction::See, id, now).await?;
    let mut changes = Vec::new();
    let name = said.names.first().map(|name| one_line(name)).unwrap_or_default();
    let is_called_so = said.names.iter().any(|name| one_line(name) == person.user.name);
    let may_write = settings.name_policy.lets_an_administrator_write(person.user.name_is_own);
    if !name.is_empty() && !is_called_so && may_write {
        target(tx, authority, UserAction::Edit, id, now).await?;
        let after = PersonName::parse(&name)?.as_str().to_string();
        changes.push(PersonChange::Name { before: person.user.name.clone(), after });
    }
    changes.extend(place(tx, authority, &person, said, now).await?);
    Ok(changes)
}

/// Where they are to stand, and as what. Whoever holds several places is moved by hand.
async fn place(
    tx: &mut Tx,
    authority: &Authority,
    person: &Target,
    said: &SaidOfPerson,
    now: Timestamp,
) -> Result<Option<PersonChange>, UseCaseError> {
    let id = &person.user.id;
    if said.unit.is_none() && !said.units.is_empty() {
        return Ok(None);
    }
    let held: Vec<&Membership> = person.seen.iter().filter(|held| held.archived_at.is_none()).collect();
    // Two units may have one name, of which whoever imports may invite to one alone: nobody is moved between them.
    let is_called = |held: &&&Membership, name: &str| held.unit_name.to_lowercase() == name.to_lowercase();
    let there = said.unit.as_ref().and_then(|(unit, name)| {
        let exact = held.iter().find(|held| &held.unit.id() == unit);
        exact.or_else(|| held.iter().find(|held| is_called(held, name)))
    });
    let stays = match (&said.unit, there, &held[..]) {
        (Some(_), Some(there), _) => Some(*there),
        (None, _, [only]) => Some(*only),
        (Some((unit, name)), None, [only]) => {
            let role = said.role.clone().unwrap_or_else(|| only.role.clone());
            places::Addition::load(tx, authority, id, unit, &role, only.extra, now).await?;
            require(authority, Request::Do { action: UserAction::RemovePlace, user_id: id, places: &[only.place()] })?;
            return Ok(Some(PersonChange::Unit {
                before: only.unit.id(),
                before_name: only.unit_name.clone(),
                after: unit.clone(),
                after_name: name.clone(),
                role_before: only.role.clone(),
                role,
                extra: only.extra,
            }));
        }
        _ => None,
    };
    let (Some(held), Some(role)) = (stays, &said.role) else { return Ok(None) };
    if role == &held.role {
        return Ok(None);
    }
    let unit = held.unit.id();
    places::Change::load(tx, authority, id, Some(&unit), role, None, now).await?;
    Ok(Some(PersonChange::Role { unit, before: held.role.clone(), after: role.clone() }))
}

/// Who stands in the unit of a list that names everybody, and not in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MissingPeople {
    /// Those who have come in, by their ids and names: they are archived.
    pub gone: Vec<(UserId, String)>,
    /// Of how many, those included whom the list names.
    pub of: usize,
    /// Those who have not come in: there is no membership of theirs that could end, and their invitations stay.
    pub invited: usize,
}

/// Who is missing from a list; nobody from one that does not name everybody.
pub(super) async fn missing(
    tx: &mut Tx,
    authority: &Authority,
    list: &ImportList,
    now: Timestamp,
) -> Result<MissingPeople, UseCaseError> {
    let mut missing = MissingPeople::default();
    let Some(unit) = list.terms.unit.as_ref().filter(|_| list.terms.is_everybody) else { return Ok(missing) };
    let unit = super::super::scope(tx, authority, Permission::SeeUsers, Some(unit)).await?;
    let named: HashSet<&UserId> = list
        .rows
        .iter()
        .filter(|row| !row.is_dropped)
        .filter_map(|row| match &row.finding {
            Some(
                RowFinding::Judged(Verdict::Known { user_id, .. } | Verdict::Joins { user_id, .. })
                | RowFinding::Differs { user_id, .. }
                | RowFinding::NotChangeable { user_id, .. },
            ) => Some(user_id),
            _ => None,
        })
        .collect();
    // Nobody is gone whose address stands in a row that is wrong in something else, or was left out.
    let words = list.words();
    let stands = |line: &RosterRow| {
        let own = [&line.email, &line.phone, &line.login].into_iter().flatten();
        own.into_iter().any(|address| words.contains(&known_by(address)))
    };
    let counts = roster::counts(tx, &unit.id).await?;
    let mut query = UserQuery { size: PageSize::of_a_walk(), unit: Some(unit.id.clone()), ..UserQuery::default() };
    loop {
        let page = roster::page(tx, &unit.id, &query, &counts, now).await?;
        for line in page.lines {
            let can_go = UserAction::Archive.suits(line.status).is_ok();
            missing.of += usize::from(can_go);
            if line.id == authority.user_id || named.contains(&line.id) || stands(&line) {
                continue;
            }
            if can_go {
                let title =
                    if line.name.is_empty() { line.address().unwrap_or_default().into() } else { line.name.clone() };
                missing.gone.push((line.id, title));
            } else if line.status.is_pending() {
                missing.invited += 1;
            }
        }
        match page.next {
            Some(last) => query.from = Cursor::After(last.to_string()),
            None => return Ok(missing),
        }
    }
}

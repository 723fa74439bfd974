//! The tree of units: looking at it, making, editing, archiving and bringing back. Moving is `relocation`'s.

pub(super) mod relocation;

pub use relocation::{move_page, relocate};

use super::proposals::{self, ProposalScope};
use super::users::unit_ref;
use super::{Actor, AuditEntry, UseCaseError, record, require};
use crate::domain::audit::AuditAction;
use crate::domain::contact::appearance;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::UnitId;
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Denied, Place, Request};
use crate::domain::revision::Revision;
use crate::domain::settings::OwnSettings;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::{Unit, UnitKind, UnitPath, clean_name, has_room_below};
use crate::domain::user::Status;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::{Tx, roster, units};
use crate::view_models::{UnitChoice, UnitChoices, UnitPage, UnitRow};
use std::collections::BTreeMap;

/// How many units a page shows, and how many a choice offers.
const MOST_ROWS: usize = 200;
const MOST_CHOICES: usize = 50;

/// A unit with those below it; without an id, the first one down from which the caller sees units.
pub async fn page(app: &App, caller: &Actor, id: Option<&UnitId>, search: &str) -> Result<UnitPage, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    let unit = super::scope(&mut tx, &authority, Permission::SeeUnits, id).await?;
    let search = search.trim();
    let found = match search {
        "" => units::children(&mut tx, &unit.id, true, MOST_ROWS + 1).await?,
        text => units::search(&mut tx, &[&unit.path], text, true, MOST_ROWS + 1).await?,
    };
    let has_more = found.len() > MOST_ROWS;
    let mut rows = Vec::with_capacity(found.len());
    for one in found.into_iter().take(MOST_ROWS) {
        rows.push(UnitRow {
            people: roster::people(&mut tx, &one.id).await?,
            below: units::count_children(&mut tx, &one.id).await?,
            is_archived: one.is_archived,
            unit: unit_ref(&one),
        });
    }
    let counts = roster::counts(&mut tx, &unit.id).await?;
    let waiting = match authority.has(Permission::SeeInvitations) {
        true => {
            let reader = super::users::reader_for(&mut tx, caller, now).await?;
            proposals::list(&mut tx, &authority, &reader, ProposalScope::Move(&unit.id)).await?
        }
        false => Vec::new(),
    };
    let open = |status: Status| status.is_pending() || status == Status::AwaitingApproval;
    let open_invitations = counts.iter().filter(|count| open(count.status)).map(|count| count.people).sum();
    let manages = |path: &UnitPath| require(&authority, Request::UseAt(Permission::ManageUnits, path));
    let parent = unit.path.parent();
    let above = match &parent {
        // This unit is seen, so that the one above is not seen is no reason to hide why.
        Some(parent) => match require(&authority, Request::UseAt(Permission::ManageUnits, parent)) {
            Err(UseCaseError::NotFound) => Err(Denied::NotYourPart.into()),
            answer => answer,
        },
        None => Err(Denied::NotAtTheTop.into()),
    };
    // Who is inside matters to those only who may close it otherwise.
    let (inside, holds_inside) =
        if above.is_ok() { inside(&mut tx, &authority, &unit.path, now).await? } else { (Vec::new(), false) };
    let close = require(&authority, Request::Close { unit: &unit.path, inside: &inside, holds_inside });
    let shut_out = if close.is_ok() { units::shut_out_by_closing(&mut tx, &unit.path).await? } else { 0 };
    Ok(UnitPage {
        above: seen_above(&mut tx, &authority, &unit.path).await?.iter().map(unit_ref).collect(),
        is_archived: unit.is_archived,
        is_closed: unit.is_closed,
        rows,
        has_more,
        search: search.into(),
        may_create: manages(&unit.path)
            .and_then(|()| stays_open(&unit))
            .and_then(|()| Ok(has_room_below(&unit.path, 1)?)),
        may_rename: manages(&unit.path),
        may_move: above.and_then(|()| stays_open(&unit)),
        may_close: close,
        revision: revision(&unit),
        shut_out,
        open_invitations,
        own: unit.own.clone(),
        usual: {
            let settings = super::settings_of(&mut tx).await?;
            OwnSettings::of(&units::settings_at(&mut tx, &settings, &parent).await?)
        },
        counts,
        waiting,
        path: unit.path.clone(),
        unit: unit_ref(&unit),
    })
}

/// Of a unit by itself; who is in it is asked about anew by whatever is done to it.
fn revision(unit: &Unit) -> Revision {
    Revision::of(&(&unit.name, &unit.path, unit.is_archived, unit.is_closed, &unit.own))
}

fn stays_open(unit: &Unit) -> Result<(), UseCaseError> {
    if unit.is_closed { Err(Conflict::UnitClosed.into()) } else { Ok(()) }
}

/// The units above one, as far as the viewer sees them.
async fn seen_above(tx: &mut Tx, authority: &Authority, path: &UnitPath) -> Result<Vec<Unit>, UseCaseError> {
    let mut line = units::line(tx, path).await?;
    line.pop();
    line.retain(|unit| authority.reaches(Permission::SeeUnits, &unit.path));
    Ok(line)
}

/// What is given at a unit and below, and whether some of it is held by whoever asks.
async fn inside(
    tx: &mut Tx,
    authority: &Authority,
    path: &UnitPath,
    now: Timestamp,
) -> Result<(Vec<Place>, bool), UseCaseError> {
    Ok((units::given_below(tx, path, now).await?, units::holds_below(tx, path, &authority.user_id).await?))
}

/// The units from which somebody may choose: those that a permission reaches and whose name matches, open ones, never the
/// installation itself.
pub(super) async fn choices(
    tx: &mut Tx,
    authority: &Authority,
    permission: Permission,
    search: &str,
) -> Result<UnitChoices, UseCaseError> {
    let search = search.trim();
    let mut found = units::search(tx, &authority.reach(permission), search, false, MOST_CHOICES + 2).await?;
    found.retain(|unit| !unit.path.is_root());
    let has_more = found.len() > MOST_CHOICES;
    found.truncate(MOST_CHOICES);
    let mut names: BTreeMap<UnitId, String> = found.iter().map(|unit| (unit.id.clone(), unit.name.clone())).collect();
    let mut choices = Vec::with_capacity(found.len());
    for unit in found {
        let mut way = Vec::new();
        for id in unit.path.line().filter(|id| id != &unit.id) {
            if !names.contains_key(&id) {
                let above = units::find(tx, &id).await?;
                let name = above.filter(|above| !above.path.is_root() && authority.reaches(permission, &above.path));
                names.insert(id.clone(), name.map(|above| above.name).unwrap_or_default());
            }
            way.extend(names.get(&id).filter(|name| !name.is_empty()).cloned());
        }
        choices.push(UnitChoice { way: way.join(" › "), path: unit.path.clone(), unit: unit_ref(&unit) });
    }
    Ok(UnitChoices { found: choices, has_more, search: search.into() })
}

/// Makes a unit below another one.
pub async fn create(app: &App, caller: &Actor, below: &UnitId, kind: &str, name: &str) -> Result<UnitId, UseCaseError> {
    let name = clean_name(name)?;
    let kind = UnitKind::from_code(kind).filter(|kind| *kind != UnitKind::Installation).ok_or(Invalid::Unit)?;
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let parent = found(&mut tx, &authority, below).await?;
    require(&authority, Request::UseAt(Permission::ManageUnits, &parent.path))?;
    stays_open(&parent)?;
    has_room_below(&parent.path, 1)?;
    stands_out(&mut tx, &parent.id, &name, None).await?;
    let id = UnitId::new(random::id(now));
    let path = parent.path.child(&id);
    let unit = Unit {
        id: id.clone(),
        kind,
        name: name.clone(),
        path,
        is_archived: false,
        is_closed: false,
        own: OwnSettings::default(),
    };
    units::insert(&mut tx, &unit, Some(&parent.id), now).await?;
    let line =
        AuditEntry { actor: Some(&caller.user_id), unit: Some(id.clone()), after: &name, ..AuditEntry::default() };
    record(&mut tx, AuditAction::UnitMade, line, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// A unit that exists; who may not see units at all learns nothing of which there are.
async fn found(tx: &mut Tx, authority: &Authority, id: &UnitId) -> Result<Unit, UseCaseError> {
    require(authority, Request::Use(Permission::ManageUnits))?;
    units::find(tx, id).await?.ok_or(UseCaseError::NotFound)
}

/// No two units beside each other look the same; write transactions run one at a time, so nobody slips by.
async fn stands_out(tx: &mut Tx, parent: &UnitId, name: &str, but: Option<&UnitId>) -> Result<(), UseCaseError> {
    let looks = appearance(name);
    let taken = units::names_below(tx, parent, but).await?.into_iter().find(|other| appearance(other) == looks);
    taken.map_or(Ok(()), |name| Err(UseCaseError::NameTaken { name }))
}

/// Gives a unit another name, and says what it decides for itself. What is on its way keeps its end.
pub async fn edit(app: &App, caller: &Actor, id: &UnitId, name: &str, own: OwnSettings) -> Result<(), UseCaseError> {
    let name = clean_name(name)?;
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let unit = found(&mut tx, &authority, id).await?;
    require(&authority, Request::UseAt(Permission::ManageUnits, &unit.path))?;
    caller.decided_on(&revision(&unit), Conflict::ChangedMeanwhile)?;
    // Of the installation itself its settings say it.
    let own = if unit.path.is_root() { OwnSettings::default() } else { own };
    if (&unit.name, &unit.own) == (&name, &own) {
        return Ok(());
    }
    if let Some(parent) = unit.path.parent() {
        stands_out(&mut tx, &parent.id(), &name, Some(id)).await?;
    }
    units::edit(&mut tx, id, &name, &own).await?;
    let renamed = (unit.name != name).then(|| (AuditAction::UnitRenamed, unit.name.clone(), name.clone()));
    let decided = unit.own.differences(&own).into_iter().map(|(setting, before, after)| {
        let named = |value: String| format!("{}={value}", setting.code());
        (AuditAction::UnitSettingChanged, named(before), named(after))
    });
    for (action, before, after) in renamed.into_iter().chain(decided) {
        let (actor, unit) = (Some(&caller.user_id), Some(id.clone()));
        let line = AuditEntry { actor, unit, before: &before, after: &after, ..AuditEntry::default() };
        record(&mut tx, action, line, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Archives a unit with all below it, or brings it back. What is held there counts no more, or counts again.
pub async fn archive(app: &App, caller: &Actor, id: &UnitId, is_archived: bool) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let unit = found(&mut tx, &authority, id).await?;
    let (inside, holds_inside) = inside(&mut tx, &authority, &unit.path, now).await?;
    require(&authority, Request::Close { unit: &unit.path, inside: &inside, holds_inside })?;
    if unit.is_archived == is_archived {
        return Err(if is_archived { Conflict::UnitClosed } else { Conflict::UnitNotClosed }.into());
    }
    caller.decided_on(&revision(&unit), Conflict::ChangedMeanwhile)?;
    if is_archived && units::holds_what_two_take_away(&mut tx, &unit.path).await? {
        return Err(Conflict::TwoTakeItAway.into());
    }
    units::archive(&mut tx, &unit, is_archived.then_some(now)).await?;
    super::keep_a_main_administrator(&mut tx).await?;
    let action = if is_archived { AuditAction::UnitArchived } else { AuditAction::UnitBroughtBack };
    let line =
        AuditEntry { actor: Some(&caller.user_id), unit: Some(id.clone()), after: &unit.name, ..AuditEntry::default() };
    record(&mut tx, action, line, now).await?;
    tx.commit().await?;
    super::go_on(app).await;
    Ok(())
}

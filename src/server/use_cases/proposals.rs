//! What waits for a second administrator and no invitation carries: proposing it, agreeing to it, dropping it. What each wish
//! does is its own use case's to say; here it is asked of both, and done once both could do it.

use super::places::{Addition, Change, Removal};
use super::units::relocation::{self, Relocation};
use super::views::Reader;
use super::{Actor, AuditEntry, UseCaseError, record, require, roles, seen, views};
use crate::domain::audit::AuditAction;
use crate::domain::error::Conflict;
use crate::domain::id::{ProposalId, UnitId, UserId};
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Denied, Request, needed_for};
use crate::domain::proposal::ProposedChange;
use crate::domain::revision::Revision;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::unit::UnitPath;
use crate::domain::user::UserAction;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::proposals::{self, Proposal};
use crate::server::storage::{Tx, memberships, units};
use crate::view_models::ProposalSummary;
use crate::view_models::{Happening, HistoryLine, Person};
use std::collections::BTreeSet;

/// How many of those who could agree are looked at.
const MOST_ASKED: usize = 200;

/// How many a page shows.
const MOST_SHOWN: usize = 50;

/// Writes down what somebody proposes, in the place of what was proposed about the same.
pub(super) async fn propose(
    tx: &mut Tx,
    caller: &Actor,
    wish: ProposedChange,
    base: Option<&Revision>,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    for other in proposals::all(tx).await? {
        if other.wish.is_about_the_same(&wish) {
            proposals::remove(tx, &other.id).await?;
        }
    }
    let proposal = Proposal {
        id: ProposalId::new(random::id(now)),
        wish,
        base: base.map(|base| base.as_str().to_string()).unwrap_or_default(),
        proposed_by: caller.user_id.clone(),
        created_at: now,
    };
    Ok(proposals::insert(tx, &proposal).await?)
}

/// Whether a move of this unit waits.
pub(super) async fn is_move_waiting(tx: &mut Tx, unit: &UnitId) -> Result<bool, UseCaseError> {
    let is_this = |wish: &ProposedChange| matches!(wish, ProposedChange::MoveUnit { unit: moved, .. } if moved == unit);
    Ok(proposals::all(tx).await?.iter().any(|proposal| is_this(&proposal.wish)))
}

/// The others who hold a permission at one of these units, oldest first.
pub(super) async fn others(
    tx: &mut Tx,
    caller: &Actor,
    units: &[UnitId],
    permission: Permission,
) -> Result<Vec<Authority>, UseCaseError> {
    let mut others: Vec<Authority> = Vec::new();
    for unit in units.iter().collect::<BTreeSet<_>>() {
        for holder in memberships::holders_at(tx, unit, permission, MOST_ASKED).await? {
            if holder != caller.user_id && others.iter().all(|other| other.user_id != holder) {
                others.extend(memberships::authority(tx, &holder).await?);
            }
        }
    }
    Ok(others)
}

/// How long somebody whom an administrator shut out still counts as one who could agree with them: nobody decides alone by taking the
/// second one's access away first.
const SHUT_OUT_COUNTS: Duration = Duration::days(30);

/// How many would hold the permission at one of these units, had the caller not shut them out lately.
pub(super) async fn shut_out(
    tx: &mut Tx,
    caller: &Actor,
    units: &[UnitId],
    permission: Permission,
    now: Timestamp,
) -> Result<usize, UseCaseError> {
    let since = now - SHUT_OUT_COUNTS;
    let mut all = 0;
    for unit in units.iter().collect::<BTreeSet<_>>() {
        all += memberships::shut_out_by(tx, unit, permission, &caller.user_id, since).await?;
    }
    Ok(all)
}

/// Whether somebody may know of it: of whoever it is about, at the unit that it is about.
async fn is_seen(
    tx: &mut Tx,
    authority: &Authority,
    wish: &ProposedChange,
    now: Timestamp,
) -> Result<bool, UseCaseError> {
    let Some(unit) = wish.unit() else { return Ok(authority.has(Permission::SeeSettings)) };
    let Some(unit) = units::find(tx, unit).await? else { return Ok(false) };
    let Some(user) = wish.user() else { return Ok(authority.reaches(Permission::ManageUnits, &unit.path)) };
    match seen(tx, authority, UserAction::See, user, now).await {
        Ok(_) => Ok(authority.reaches(Permission::SeeUsers, &unit.path)),
        Err(UseCaseError::NotFound | UseCaseError::Denied(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Whether somebody could do it at this moment, all by themselves if it took one.
async fn could(tx: &mut Tx, authority: &Authority, wish: &ProposedChange, now: Timestamp) -> Result<(), UseCaseError> {
    match wish {
        ProposedChange::SaveRole { role, wish } => roles::may_save(tx, authority, role, wish).await,
        ProposedChange::RemoveRole { role } => roles::may_remove(tx, authority, role).await,
        ProposedChange::Change { user, unit, role, extra } => {
            Change::load(tx, authority, user, Some(unit), role, Some(*extra), now).await.map(drop)
        }
        ProposedChange::Add { user, unit, role, extra } => {
            Addition::load(tx, authority, user, unit, role, *extra, now).await.map(drop)
        }
        ProposedChange::TakeOut { user, unit } => Removal::load(tx, authority, user, unit, now).await.map(drop),
        ProposedChange::MoveUnit { unit, to } => Relocation::load(tx, authority, unit, to).await.map(drop),
    }
}

/// How the thing is on which a wish rests; empty where there is none.
async fn base_of(tx: &mut Tx, wish: &ProposedChange) -> Result<String, UseCaseError> {
    let base = match wish {
        ProposedChange::SaveRole { role, .. } | ProposedChange::RemoveRole { role } => {
            roles::revision_of(tx, role).await?
        }
        ProposedChange::Change { user, unit, .. } | ProposedChange::TakeOut { user, unit } => {
            let all = memberships::of_user(tx, user).await?;
            all.iter().find(|held| &held.unit.id() == unit).map(|held| Revision::of(&held.facts()))
        }
        ProposedChange::Add { .. } => None,
        ProposedChange::MoveUnit { unit, .. } => relocation::base(tx, unit).await?,
    };
    Ok(base.map(|base| base.as_str().to_string()).unwrap_or_default())
}

/// Whether `second` may agree: another person than the first, and both could do it.
async fn may_agree(tx: &mut Tx, second: &Authority, proposal: &Proposal, now: Timestamp) -> Result<(), UseCaseError> {
    // What it rests on comes first: where that is gone, nobody could do it.
    if base_of(tx, &proposal.wish).await? != proposal.base {
        return Err(Conflict::ChangedMeanwhile.into());
    }
    could(tx, second, &proposal.wish, now).await?;
    if proposal.proposed_by == second.user_id {
        return Err(Denied::FourEyes.into());
    }
    let first = memberships::authority(tx, &proposal.proposed_by).await?.ok_or(Conflict::ProposerLost)?;
    match could(tx, &first, &proposal.wish, now).await {
        Err(broken) if broken.passes() => Err(broken),
        Err(_) => Err(Conflict::ProposerLost.into()),
        Ok(()) => Ok(()),
    }
}

/// A proposal of this id that the caller may know of.
async fn found(tx: &mut Tx, authority: &Authority, id: &ProposalId, now: Timestamp) -> Result<Proposal, UseCaseError> {
    require(authority, Request::Use(Permission::SeeInvitations))?;
    let found =
        proposals::all(tx).await?.into_iter().find(|proposal| &proposal.id == id).ok_or(UseCaseError::NotFound)?;
    if is_seen(tx, authority, &found.wish, now).await? { Ok(found) } else { Err(UseCaseError::NotFound) }
}

/// How many changes of roles wait.
pub(super) async fn count_about_roles(tx: &mut Tx) -> Result<usize, UseCaseError> {
    Ok(proposals::all(tx).await?.iter().filter(|proposal| proposal.wish.is_about_a_role()).count())
}

/// About whom the proposals are that a page shows.
pub(super) enum ProposalScope<'a> {
    /// A unit and what is below it, at the root the roles too.
    Unit(&'a UnitPath),
    Person(&'a UserId),
    /// This unit itself, which is to stand elsewhere.
    Move(&'a UnitId),
}

/// What waits there and the caller may know of, oldest first.
pub(super) async fn list(
    tx: &mut Tx,
    authority: &Authority,
    reader: &Reader,
    about: ProposalScope<'_>,
) -> Result<Vec<ProposalSummary>, UseCaseError> {
    let now = reader.now;
    let mut summaries = Vec::new();
    for proposal in proposals::all(tx).await? {
        if summaries.len() == MOST_SHOWN {
            break;
        }
        let is_here = match about {
            ProposalScope::Person(who) => proposal.wish.user() == Some(who),
            ProposalScope::Move(moved) => {
                matches!(&proposal.wish, ProposedChange::MoveUnit { unit, .. } if unit == moved)
            }
            ProposalScope::Unit(at) => match proposal.wish.unit() {
                None => at.is_root(),
                Some(unit) => units::find(tx, unit).await?.is_some_and(|unit| at.reaches(&unit.path)),
            },
        };
        if !is_here || !is_seen(tx, authority, &proposal.wish, now).await? {
            continue;
        }
        let Some(by) = views::named(tx, Some(&proposal.proposed_by)).await? else { continue };
        let may_agree = match may_agree(tx, authority, &proposal, now).await {
            Err(broken) if broken.passes() => return Err(broken),
            answer => answer,
        };
        summaries.push(ProposalSummary {
            id: proposal.id.clone(),
            since: reader.when(proposal.created_at),
            lines: lines(tx, reader, &by, &proposal).await?,
            reach: match &proposal.wish {
                ProposedChange::MoveUnit { unit, to } => relocation::reach(tx, authority, unit, to).await?,
                _ => None,
            },
            by,
            may_agree,
        });
    }
    Ok(summaries)
}

/// What a proposal would change, as the history says that it was proposed.
async fn lines(
    tx: &mut Tx,
    reader: &Reader,
    by: &Person,
    proposal: &Proposal,
) -> Result<Vec<HistoryLine>, UseCaseError> {
    let (mut subject, mut unit) = (None, None);
    let changes = match &proposal.wish {
        ProposedChange::SaveRole { .. } | ProposedChange::RemoveRole { .. } => {
            roles::changes(tx, &proposal.wish).await?
        }
        ProposedChange::MoveUnit { unit: moved, to } => {
            unit = name_of(tx, moved).await?;
            vec![(AuditAction::UnitMoveProposed, String::new(), name_of(tx, to).await?.unwrap_or_default())]
        }
        ProposedChange::Add { user, unit: at, role, .. } => {
            (subject, unit) = (views::named(tx, Some(user)).await?, name_of(tx, at).await?);
            vec![(AuditAction::PlaceProposed, String::new(), role.to_string())]
        }
        ProposedChange::TakeOut { user, unit: at } => {
            (subject, unit) = (views::named(tx, Some(user)).await?, name_of(tx, at).await?);
            let all = memberships::of_user(tx, user).await?;
            let held = all.into_iter().find(|held| &held.unit.id() == at);
            vec![(
                AuditAction::PlaceRemovalProposed,
                held.map(|held| held.role.to_string()).unwrap_or_default(),
                String::new(),
            )]
        }
        ProposedChange::Change { user, unit: at, role, extra } => {
            (subject, unit) = (views::named(tx, Some(user)).await?, name_of(tx, at).await?);
            let all = memberships::of_user(tx, user).await?;
            let held = all.into_iter().find(|held| &held.unit.id() == at);
            let (old, codes) = held.map(|held| (held.role.to_string(), held.extra.to_codes())).unwrap_or_default();
            let both = [
                (AuditAction::RoleChangeProposed, old, role.to_string()),
                (AuditAction::ExtrasProposed, codes, extra.to_codes()),
            ];
            both.into_iter().filter(|(_, before, after)| before != after).collect()
        }
    };
    let line = |(action, before, after)| HistoryLine {
        when: reader.when(proposal.created_at),
        actor: Some(by.clone()),
        happening: Happening::AuditAction(action),
        subject: subject.clone(),
        unit: unit.clone(),
        before,
        after,
    };
    Ok(changes.into_iter().map(line).collect())
}

async fn name_of(tx: &mut Tx, unit: &UnitId) -> Result<Option<String>, UseCaseError> {
    Ok(units::find(tx, unit).await?.map(|unit| unit.name))
}

/// The second administrator's word: what the first one proposed is done.
pub async fn agree(app: &App, caller: &Actor, id: &ProposalId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let proposal = found(&mut tx, &authority, id, now).await?;
    may_agree(&mut tx, &authority, &proposal, now).await?;
    super::signed_in_lately(&mut tx, caller, now).await?;
    proposals::remove(&mut tx, id).await?;
    said(&mut tx, caller, AuditAction::Agreed, &proposal, now).await?;
    let first = &proposal.proposed_by;
    match &proposal.wish {
        ProposedChange::SaveRole { role, wish } => roles::save_agreed(app, &mut tx, caller, role, wish, now).await?,
        ProposedChange::RemoveRole { role } => roles::remove_agreed(&mut tx, caller, role, now).await?,
        ProposedChange::Change { user, unit, role, extra } => {
            let change = Change::load(&mut tx, &authority, user, Some(unit), role, Some(*extra), now).await?;
            change.carry_out(app, &mut tx, caller, first, now).await?;
        }
        ProposedChange::Add { user, unit, role, extra } => {
            let addition = Addition::load(&mut tx, &authority, user, unit, role, *extra, now).await?;
            addition.carry_out(app, &mut tx, caller, first, now).await?;
        }
        ProposedChange::TakeOut { user, unit } => {
            let removal = Removal::load(&mut tx, &authority, user, unit, now).await?;
            removal.carry_out(app, &mut tx, caller, now).await?;
        }
        ProposedChange::MoveUnit { unit, to } => {
            let relocation = Relocation::load(&mut tx, &authority, unit, to).await?;
            relocation.carry_out(&mut tx, caller, now).await?;
        }
    }
    tx.commit().await?;
    match &proposal.wish {
        ProposedChange::SaveRole { .. } | ProposedChange::RemoveRole { .. } => roles::go_on(app, caller).await,
        ProposedChange::MoveUnit { .. } => super::go_on(app).await,
        ProposedChange::Change { .. } | ProposedChange::Add { .. } | ProposedChange::TakeOut { .. } => {}
    }
    Ok(())
}

/// Takes a proposal back, or refuses it: whoever made it, or anybody who could do it.
pub async fn drop_it(app: &App, caller: &Actor, id: &ProposalId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let proposal = found(&mut tx, &authority, id, now).await?;
    if proposal.proposed_by != caller.user_id {
        may_drop(&mut tx, &authority, &proposal.wish, now).await?;
    }
    proposals::remove(&mut tx, id).await?;
    said(&mut tx, caller, AuditAction::ProposalDropped, &proposal, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether somebody may refuse what another one proposed: whoever could do it, were it for them alone. Of what nobody could do any
/// more, the right to it is asked at the unit.
async fn may_drop(
    tx: &mut Tx,
    authority: &Authority,
    wish: &ProposedChange,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    match could(tx, authority, wish, now).await {
        Ok(()) => return Ok(()),
        Err(refusal @ (UseCaseError::Denied(_) | UseCaseError::Role(_))) => return Err(refusal),
        Err(broken) if broken.passes() => return Err(broken),
        Err(_) => {}
    }
    match wish {
        ProposedChange::SaveRole { .. } | ProposedChange::RemoveRole { .. } => roles::may_edit(authority),
        ProposedChange::Change { unit, .. } => may_at(tx, authority, Permission::ChangeRoles, unit).await,
        ProposedChange::Add { unit, .. } => may_at(tx, authority, Permission::Invite, unit).await,
        ProposedChange::TakeOut { unit, .. } => may_at(tx, authority, needed_for(UserAction::RemovePlace), unit).await,
        ProposedChange::MoveUnit { unit, .. } => may_at(tx, authority, Permission::ManageUnits, unit).await,
    }
}

async fn may_at(tx: &mut Tx, authority: &Authority, permission: Permission, unit: &UnitId) -> Result<(), UseCaseError> {
    let unit = units::find(tx, unit).await?.ok_or(UseCaseError::NotFound)?;
    require(authority, Request::UseAt(permission, &unit.path))
}

async fn said(
    tx: &mut Tx,
    caller: &Actor,
    action: AuditAction,
    proposal: &Proposal,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let unit = proposal.wish.unit().cloned();
    let line = AuditEntry {
        actor: Some(&caller.user_id),
        subject: Some(&proposal.proposed_by),
        unit,
        ..AuditEntry::default()
    };
    record(tx, action, line, now).await
}

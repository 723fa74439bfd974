//! Who has access and who has not: block, unblock, archive, bring back, of a person wherever the caller reaches. Each is done in a
//! transaction of its own, or in one that does it to many.

use super::super::deletion::bin_of;
use super::super::invitations::take_end_back;
use super::super::{
    Acting, Actor, AuditEntry, Target, UseCaseError, keep_a_main_administrator, record, release_from_shifts,
    settings_of, shut_out_if_nothing_is_left, stands_at, target, welcome, write_as,
};
use crate::domain::agreement;
use crate::domain::audit::AuditAction;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{InvitationId, UserId};
use crate::domain::invitation::clean_personal_text;
use crate::domain::message::Lane;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::UserAction;
use crate::server::app::App;
use crate::server::storage::invitations::Invitation;
use crate::server::storage::memberships::Membership;
use crate::server::storage::{Tx, invitations, memberships, roles, users};

/// Blocks a person within the caller's reach: signed out at once where nothing else is left, no way in, links dead, out of
/// the shifts before them, data kept (rule 92).
pub async fn block(app: &App, caller: &Actor, id: &UserId, reason: &str) -> Result<(), UseCaseError> {
    let reason = block_reason(reason)?;
    let now = app.clock.now();
    let (mut tx, authority) = write_as(app, caller).await?;
    block_in(&mut tx, Acting { app, caller, authority: &authority, now }, id, &reason).await?;
    Ok(tx.commit().await?)
}

/// The reason for a block, as typed.
pub(in crate::server::use_cases) fn block_reason(typed: &str) -> Result<String, UseCaseError> {
    Ok(clean_personal_text(typed).map_err(|characters| Invalid::PersonalTextTooLong { characters })?)
}

/// The same in a transaction that may block others, too; after a refusal it is not to be committed.
pub(in crate::server::use_cases) async fn block_in(
    tx: &mut Tx,
    Acting { caller, authority, now, .. }: Acting<'_>,
    id: &UserId,
    reason: &str,
) -> Result<(), UseCaseError> {
    let person = target(tx, authority, UserAction::Block, id, now).await?;
    caller.decided_on(&person.revision(), Conflict::AccessChanged)?;
    for membership in person.changed_by(authority, UserAction::Block) {
        memberships::block(tx, &membership.id, &caller.user_id, reason, now).await?;
    }
    changed(tx, caller, &person, AuditAction::Blocked, reason, now).await?;
    let staying = stands_at(tx, id).await?;
    release_from_shifts(tx, caller, id, &staying, now).await
}

/// Takes a block away, of several the newest within the caller's reach: what was before it stands again. Sessions and shifts
/// do not come back (rule 93).
pub async fn unblock(app: &App, caller: &Actor, id: &UserId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = write_as(app, caller).await?;
    unblock_in(&mut tx, Acting { app, caller, authority: &authority, now }, id).await?;
    Ok(tx.commit().await?)
}

/// As [`block_in`].
pub(in crate::server::use_cases) async fn unblock_in(
    tx: &mut Tx,
    Acting { caller, authority, now, .. }: Acting<'_>,
    id: &UserId,
) -> Result<(), UseCaseError> {
    let person = target(tx, authority, UserAction::Unblock, id, now).await?;
    caller.decided_on(&person.revision(), Conflict::AccessChanged)?;
    let newest = person.changed_by(authority, UserAction::Unblock).filter_map(|held| held.blocked_at).max();
    for membership in person.changed_by(authority, UserAction::Unblock).filter(|held| held.blocked_at == newest) {
        memberships::unblock(tx, &membership.id, now).await?;
    }
    changed(tx, caller, &person, AuditAction::Unblocked, "", now).await
}

/// Archives a person within the caller's reach: they have left, the data stays, role and units are kept (rule 1).
pub async fn archive(app: &App, caller: &Actor, id: &UserId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = write_as(app, caller).await?;
    archive_in(&mut tx, Acting { app, caller, authority: &authority, now }, id).await?;
    Ok(tx.commit().await?)
}

/// As [`block_in`].
pub(in crate::server::use_cases) async fn archive_in(
    tx: &mut Tx,
    Acting { caller, authority, now, .. }: Acting<'_>,
    id: &UserId,
) -> Result<(), UseCaseError> {
    if let Some(conflict) = settings_of(tx).await?.endings().why_not(UserAction::Archive) {
        return Err(conflict.into());
    }
    let person = target(tx, authority, UserAction::Archive, id, now).await?;
    caller.decided_on(&person.revision(), Conflict::AccessChanged)?;
    keep_what_two_take_away(tx, UserAction::Archive, person.within(authority, UserAction::Archive)).await?;
    // With what they hold goes what they are offered.
    for membership in person.within(authority, UserAction::Archive).filter(|held| held.archived_at.is_none()) {
        memberships::archive(tx, &membership.id, Some(&caller.user_id), now).await?;
    }
    changed(tx, caller, &person, AuditAction::Archived, "", now).await?;
    let staying = stands_at(tx, id).await?;
    release_from_shifts(tx, caller, id, &staying, now).await
}

/// Brings an archived person back, with the previous role and units (rule 1): to where the newest archiving within the
/// caller's reach took them from, or out of the bin. What was blocked before is blocked again, and what they were offered is
/// offered again, with the link that they have.
pub async fn bring_back(app: &App, caller: &Actor, id: &UserId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = write_as(app, caller).await?;
    let left_at = bring_back_in(&mut tx, Acting { app, caller, authority: &authority, now }, id).await?;
    welcome::back(app, &mut tx, (&caller.user_id, id), left_at, Lane::Single, now).await?;
    Ok(tx.commit().await?)
}

/// As [`block_in`]; when they had left.
pub(in crate::server::use_cases) async fn bring_back_in(
    tx: &mut Tx,
    Acting { caller, authority, now, .. }: Acting<'_>,
    id: &UserId,
) -> Result<Timestamp, UseCaseError> {
    let person = target(tx, authority, UserAction::BringBack, id, now).await?;
    caller.decided_on(&person.revision(), Conflict::AccessChanged)?;
    // Where only the unit is closed, it is the unit that has to be opened.
    let can_return = |held: &&Membership| held.archived_at.is_some() && !held.is_closed;
    let gone = || person.changed_by(authority, UserAction::BringBack).filter(can_return);
    let newest = match bin_of(tx, id, &person.all).await? {
        // Whoever had left before they were deleted has left again.
        Some(binned) => binned.at,
        None => gone().filter_map(|held| held.archived_at).max().ok_or(Conflict::UnitClosed)?,
    };
    users::set_bin(tx, id, None, now).await?;
    for membership in gone().filter(|held| held.archived_at == Some(newest)) {
        memberships::bring_back(tx, &membership.id, now).await?;
    }
    bring_invitations_back(tx, id, newest, now).await?;
    changed(tx, caller, &person, AuditAction::BroughtBack, "", now).await?;
    Ok(newest)
}

/// The invitations of somebody that ended with their places at a moment are as they were, once everything is back that they offer:
/// whoever holds a link gets all of it.
async fn bring_invitations_back(
    tx: &mut Tx,
    id: &UserId,
    ended_at: Timestamp,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let of_them = invitations::of_user(tx, id).await?;
    let held = memberships::of_user(tx, id).await?;
    let is_back = |one: &Invitation| {
        let offered: Vec<_> = held.iter().filter(|held| held.is_offered_by(&one.id)).collect();
        !offered.is_empty() && offered.iter().all(|held| held.archived_at.is_none())
    };
    let back = of_them.into_iter().filter(|one| one.withdrawn_at == Some(ended_at) && is_back(one));
    let back: Vec<InvitationId> = back.map(|one| one.id).collect();
    take_end_back(tx, &back, ended_at, now).await
}

/// Asks whether one may end all of these at once (rule 53).
pub(in crate::server::use_cases) async fn keep_what_two_take_away<'a>(
    tx: &mut Tx,
    action: UserAction,
    held: impl Iterator<Item = &'a Membership>,
) -> Result<(), UseCaseError> {
    let known = roles::known(tx).await?;
    let roles = held.filter_map(|held| {
        let role = known.iter().find(|role| role.id == held.role)?;
        Some((held.standing(), role))
    });
    match agreement::stands_against(action, roles) {
        Some(conflict) => Err(conflict.into()),
        None => Ok(()),
    }
}

/// What every change of somebody's access leaves behind: the guards, the history.
async fn changed(
    tx: &mut Tx,
    caller: &Actor,
    person: &Target,
    action: AuditAction,
    after: &str,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    changed_from(tx, caller, person, (action, "", after), now).await
}

/// The same, with what was before.
pub(in crate::server::use_cases) async fn changed_from(
    tx: &mut Tx,
    caller: &Actor,
    person: &Target,
    (action, before, after): (AuditAction, &str, &str),
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let id = &person.user.id;
    keep_a_main_administrator(tx).await?;
    shut_out_if_nothing_is_left(tx, id, now).await?;
    users::mark_changed(tx, id, now).await?;
    let line = AuditEntry { actor: Some(&caller.user_id), subject: Some(id), unit: person.unit(), before, after };
    record(tx, action, line, now).await
}

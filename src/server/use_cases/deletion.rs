//! Deleting people (rule 94): into the bin, where the settings give one, from which `users::bring_back` takes them; out of it for good
//! by hand or when their time there is over. What is erased is said here and nowhere else.

use super::users::{changed_from, keep_what_two_take_away};
use super::{
    Acting, Actor, AuditEntry, Target, UseCaseError, bulk, held, keep_a_main_administrator, record,
    release_from_shifts, settings_of, signed_in_lately, target,
};
use crate::domain::audit::AuditAction;
use crate::domain::deletion::{Binned, Deletion};
use crate::domain::error::Conflict;
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::domain::typed;
use crate::domain::user::{User, UserAction};
use crate::server::app::App;
use crate::server::storage::invitations::Invitation;
use crate::server::storage::memberships::Membership;
use crate::server::storage::{
    Tx, audit, consents, invitations, memberships, messages, notes, proposals, resets, saved_views, sessions, shifts,
    table_layouts, users,
};

/// How many people one transaction takes out of the bin.
const AT_ONCE: i64 = 20;

/// Deletes a person: into the bin, or for good, which is confirmed: `typed` must be what they sign in with.
///
/// # Errors
/// `NotConfirmed` where it is for good and something else was typed; what stands against it otherwise.
pub async fn delete(app: &App, caller: &Actor, id: &UserId, typed: &str) -> Result<Deletion, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let acting = Acting { app, caller, authority: &authority, now };
    let deletion = delete_in(&mut tx, acting, id, Some(typed)).await?;
    signed_in_lately(&mut tx, caller, now).await?;
    tx.commit().await?;
    Ok(deletion)
}

/// As `users::block_in`. Nothing is typed where it is done to many, whose number was.
pub(super) async fn delete_in(
    tx: &mut Tx,
    Acting { app, caller, authority, now }: Acting<'_>,
    id: &UserId,
    typed: Option<&str>,
) -> Result<Deletion, UseCaseError> {
    let person = target(tx, authority, UserAction::Delete, id, now).await?;
    caller.decided_on(&person.revision(), Conflict::AccessChanged)?;
    keep_what_two_take_away(tx, UserAction::Delete, person.all.iter()).await?;
    let deletion = Deletion::of(&settings_of(tx).await?, bin_of(tx, id, &person.all).await?, now);
    match deletion {
        Deletion::IntoTheBin(binned) => put_in_bin(tx, caller, &person, binned).await?,
        Deletion::ForGood => {
            // As it is shown, or as it is stored.
            if typed.is_some_and(|typed| typed::identifier(typed) != person.user.identifier()) {
                return Err(Conflict::NotConfirmed.into());
            }
            erase_one(app, tx, Some(caller), &person.user, (person.unit(), role_at_the_root(&person.all)), now).await?;
        }
    }
    Ok(deletion)
}

/// Since when somebody with these places lies in the bin, if they do.
pub(super) async fn bin_of(tx: &mut Tx, id: &UserId, all: &[Membership]) -> Result<Option<Binned>, UseCaseError> {
    let binned = users::bin(tx, id).await?;
    Ok(binned.filter(|binned| binned.holds(all.iter().map(|held| held.archived_at))))
}

/// Everything ends as in the archive, links and messages that are under way included.
async fn put_in_bin(tx: &mut Tx, caller: &Actor, person: &Target, binned: Binned) -> Result<(), UseCaseError> {
    let (id, now) = (&person.user.id, binned.at);
    for membership in person.all.iter().filter(|held| held.archived_at.is_none()) {
        memberships::archive(tx, &membership.id, Some(&caller.user_id), now).await?;
    }
    let is_open = |one: &Invitation| one.is_open() && !one.is_unsent;
    let of_them = invitations::of_user(tx, id).await?;
    let open: Vec<_> = of_them.into_iter().filter(is_open).map(|one| one.id).collect();
    invitations::end_for_bin(tx, &open, now).await?;
    let people = std::slice::from_ref(id);
    messages::cancel_of_users(tx, people, now).await?;
    resets::end_of(tx, people, now).await?;
    users::set_bin(tx, id, Some(binned), now).await?;
    let role = role_at_the_root(&person.all).map(RoleId::as_str);
    changed_from(tx, caller, person, (AuditAction::Binned, role.unwrap_or_default(), ""), now).await?;
    release_from_shifts(tx, caller, id, &[], now).await
}

/// Erases those whose time in the bin is over; how many were looked at.
///
/// # Errors
/// What the database has.
pub async fn empty_bin(app: &App) -> Result<usize, UseCaseError> {
    let now = app.clock.now();
    if users::due_in_bin(&mut app.db.read().await?, now, 1).await?.is_empty() {
        return Ok(0);
    }
    // Each of them has a line of their own; of those who have come back there is nothing to say.
    let mut tx = app.db.maintain().await?;
    let due = users::due_in_bin(&mut tx, now, AT_ONCE).await?;
    for user in &due {
        let held = memberships::of_user(&mut tx, &user.id).await?;
        match bin_of(&mut tx, &user.id, &held).await? {
            Some(_) => {
                let unit = held.first().map(|held| held.unit.id());
                erase_one(app, &mut tx, None, user, (unit, None), now).await?;
            }
            // They have come back meanwhile, by whatever way.
            None => users::set_bin(&mut tx, &user.id, None, now).await?,
        }
    }
    tx.commit().await?;
    Ok(due.len())
}

/// What somebody had at the root: the history keeps it beyond them, since who could have agreed to something counts for a while
/// (rule 53).
fn role_at_the_root(all: &[Membership]) -> Option<&RoleId> {
    all.iter().find(|held| held.unit.is_root() && held.active_at.is_some()).map(|held| &held.role)
}

async fn erase_one(
    app: &App,
    tx: &mut Tx,
    caller: Option<&Actor>,
    user: &User,
    (unit, role): (Option<UnitId>, Option<&RoleId>),
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let id = &user.id;
    held::forget(tx, user).await?;
    bulk::forget(tx, user).await?;
    notes::erase(tx, user).await?;
    if let Some(caller) = caller {
        release_from_shifts(tx, caller, id, &[], now).await?;
    }
    erase(app, tx, std::slice::from_ref(id), now).await?;
    keep_a_main_administrator(tx).await?;
    let actor = caller.map(|caller| &caller.user_id);
    let before = role.map(RoleId::as_str).unwrap_or_default();
    let line = AuditEntry { actor, subject: Some(id), unit, before, ..AuditEntry::default() };
    record(tx, AuditAction::Deleted, line, now).await
}

/// Takes people out of every table but the history, which keeps a number in the place of each (PR-01).
pub(super) async fn erase(app: &App, tx: &mut Tx, people: &[UserId], now: Timestamp) -> Result<(), UseCaseError> {
    sessions::end_of(tx, people).await?;
    table_layouts::erase(tx, people).await?;
    saved_views::erase(tx, people).await?;
    consents::erase(tx, people).await?;
    resets::end_of(tx, people, now).await?;
    messages::cancel_of_users(tx, people, now).await?;
    messages::erase(tx, people).await?;
    let mark = |address: &str| app.key.mark_of(address);
    let marked = |one: Invitation| {
        let other = one.other.map(|other| mark(other.as_str()));
        (one.id, one.address_mark.unwrap_or_else(|| mark(one.address.as_str())), other)
    };
    let marks: Vec<_> = invitations::of_users(tx, people).await?.into_iter().map(marked).collect();
    invitations::erase(tx, &marks, now).await?;
    shifts::forget(tx, people).await?;
    proposals::erase(tx, people).await?;
    memberships::remove_all(tx, people, now).await?;
    let erased = users::find_all(tx, people).await?;
    users::erase(tx, &erased, mark, now).await?;
    Ok(audit::erase(tx, people).await?)
}

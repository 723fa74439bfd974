//! One place of somebody: another role or other extra permissions there, a further unit, out of a unit.

use super::agreement::reconsider;
use super::{
    Caller, Line, Refusal, Target, invite, keep_a_main_administrator, record, release_from_shifts, require, seen,
    shut_out_if_nothing_is_left, stands_at, target,
};
use crate::domain::agreement::{Given, takes_two, takes_two_to_change};
use crate::domain::audit::Deed;
use crate::domain::id::{MembershipId, RoleId, UnitId, UserId};
use crate::domain::membership::Standing;
use crate::domain::moment::Moment;
use crate::domain::permission::Permissions;
use crate::domain::policy::{Ask, Authority};
use crate::domain::refusal::{Conflict, Invalid};
use crate::domain::role::{Role, gives_more};
use crate::domain::user::{Status, Verb};
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::memberships::{self, Membership, NewMembership};
use crate::server::storage::{Tx, invitations, roles, roster, units, users};

/// The place that is meant: the one at `unit`, or without one the only one that is seen.
fn place_of(person: &Target, unit: Option<&UnitId>) -> Result<Membership, Refusal> {
    let found = match unit {
        Some(unit) => person.seen.iter().find(|held| &held.unit.id() == unit).ok_or(Refusal::NotFound)?,
        None => match &person.seen[..] {
            [one] => one,
            _ => return Err(Invalid::Unit.into()),
        },
    };
    Ok(found.clone())
}

/// Loads somebody with one of his places, and asks whether the caller may do this to him there.
async fn target_at(
    tx: &mut Tx,
    authority: &Authority,
    caller: &Caller,
    verb: Verb,
    id: &UserId,
    unit: Option<&UnitId>,
    now: Moment,
) -> Result<(Target, Membership), Refusal> {
    let person = seen(tx, authority, Verb::See, id, now).await?;
    let held = place_of(&person, unit)?;
    require(authority, Ask::Do { verb, user_id: id, places: &[held.place()] })?;
    verb.suits(person.status)?;
    if held.standing() == Standing::Archived {
        return Err(Conflict::Archived.into());
    }
    caller.decided_on(&person.revision(), Conflict::AccessChanged)?;
    Ok((person, held))
}

/// A role by its id.
fn role<'a>(roles: &'a [Role], id: &RoleId) -> Result<&'a Role, Refusal> {
    roles.iter().find(|role| &role.id == id).ok_or(Refusal::Invalid(Invalid::Role))
}

/// Gives somebody another role at one unit, before or after acceptance (rules 51, 88), and the extra permissions that go with
/// it (rule 59; `None` keeps them as far as the role does not have them itself). Acts on the very next request.
pub async fn change(
    app: &App,
    caller: &Caller,
    id: &UserId,
    unit: Option<&UnitId>,
    to: &RoleId,
    extra: Option<Permissions>,
) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    let (person, held) = target_at(&mut tx, &authority, caller, Verb::ChangeRole, id, unit, now).await?;
    // What is over may have been offered with a role that was removed.
    let known = roles::known(&mut tx).await?;
    let all: Vec<Role> = known.iter().filter(|role| !role.is_removed).cloned().collect();
    let (old, new) = (role(&known, &held.role)?, role(&all, to)?);
    let extra = extra.unwrap_or(held.extra).without(new.permissions);
    require(&authority, Ask::Change { user_id: id, place: &held.place(), to, extra })?;
    let (is_other_role, is_other_extra) = (to != &held.role, extra != held.extra);
    if !is_other_role && !is_other_extra {
        return Ok(());
    }
    if person.user.is_unproven() && held.standing() != Standing::Offered && gives_more((old, held.extra), (new, extra))
    {
        return Err(Conflict::AddressNotConfirmed.into());
    }
    let (from, becomes) = (Given { role: old, extra: held.extra }, Given { role: new, extra });
    if held.active_at.is_some() && takes_two_to_change(from, becomes, &all) {
        // Nobody alone makes somebody what it takes two to invite, or gives them more (rule 53).
        return Err(Conflict::NeedsApproval.into());
    }
    memberships::change(&mut tx, &held.id, to, extra, &caller.user_id).await?;
    let line = |before, after| Line {
        actor: Some(&caller.user_id),
        subject: Some(id),
        unit: Some(held.unit.id()),
        before,
        after,
    };
    if is_other_role {
        record(&mut tx, Deed::RoleChanged, line(held.role.as_str(), to.as_str()), now).await?;
    }
    if is_other_extra {
        let (before, after) = (held.extra.to_codes(), extra.to_codes());
        record(&mut tx, Deed::ExtrasChanged, line(&before, &after), now).await?;
    }
    reconsider(app, &mut tx, caller, &held, now).await?;
    settle(&mut tx, &person, now).await?;
    tx.commit().await?;
    app.outbox.notify_one();
    Ok(())
}

/// Puts somebody, who stands within the caller's reach as a whole, into a further unit: at once, or as part of the
/// invitation that is still open (rules 41, 51). Whose address nobody has confirmed is only invited there, by a letter (H-24).
pub async fn add(
    app: &App,
    caller: &Caller,
    id: &UserId,
    unit: &UnitId,
    to: &RoleId,
    extra: Permissions,
) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    let person = target(&mut tx, &authority, Verb::AddPlace, id, now).await?;
    caller.decided_on(&person.revision(), Conflict::AccessChanged)?;
    let unit = units::find(&mut tx, unit).await?.ok_or(Refusal::NotFound)?;
    let all = roles::all(&mut tx).await?;
    let new = role(&all, to)?;
    let extra = extra.without(new.permissions);
    require(&authority, Ask::Give { unit: &unit.path, role: to, extra })?;
    if unit.is_closed {
        return Err(Conflict::UnitClosed.into());
    }
    let is_active = person.status == Status::Active;
    if let Some(there) = person.all.iter().find(|held| held.unit == unit.path) {
        // What is left of an offer that is over keeps nobody out (H-40).
        if !is_active || !is_old_offer(&mut tx, there, now).await? {
            return Err(Conflict::AlreadyThere.into());
        }
        memberships::remove(&mut tx, &there.id).await?;
    }
    let offer = person.all.iter().find(|held| held.standing() == Standing::Offered);
    let invitation = if is_active { None } else { offer.and_then(|held| held.invitation.clone()) };
    if !is_active && invitation.is_none() {
        return Err(if person.status == Status::Blocked { Conflict::Blocked } else { Conflict::NotInvited }.into());
    }
    if is_active && person.user.is_unproven() {
        invite::offer_by_letter(app, &mut tx, caller, &person.user, &unit, new, extra, now).await?;
        settle(&mut tx, &person, now).await?;
        tx.commit().await?;
        app.outbox.notify_one();
        return Ok(());
    }
    if is_active && takes_two(Given { role: new, extra }, &all) {
        return Err(Conflict::NeedsApproval.into());
    }
    let membership = NewMembership {
        id: MembershipId::new(random::id(now)),
        user_id: id,
        unit_id: &unit.id,
        role: to,
        extra,
        by: Some(&caller.user_id),
        invitation: invitation.as_ref(),
        active_at: is_active.then_some(now),
    };
    memberships::insert(&mut tx, &membership, now).await?;
    let line = Line {
        actor: Some(&caller.user_id),
        subject: Some(id),
        unit: Some(unit.id.clone()),
        after: to.as_str(),
        ..Line::default()
    };
    record(&mut tx, Deed::PlaceAdded, line, now).await?;
    if let Some(offer) = offer {
        reconsider(app, &mut tx, caller, offer, now).await?;
    }
    settle(&mut tx, &person, now).await?;
    tx.commit().await?;
    app.outbox.notify_one();
    Ok(())
}

/// Whether something was only offered, by an invitation that is over.
async fn is_old_offer(tx: &mut Tx, held: &Membership, now: Moment) -> Result<bool, Refusal> {
    let Some(id) = held.invitation.as_ref().filter(|_| held.standing() == Standing::Offered) else { return Ok(false) };
    Ok(invitations::find(tx, id).await?.is_some_and(|invitation| invitation.facts().is_over(now)))
}

/// Takes somebody out of one unit; the person stays (rule 54). Out of the last one means archived there, so that nobody
/// falls out of everybody's sight.
pub async fn remove(app: &App, caller: &Caller, id: &UserId, unit: &UnitId) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    let (person, held) = target_at(&mut tx, &authority, caller, Verb::RemovePlace, id, Some(unit), now).await?;
    let is_offer = held.standing() == Standing::Offered;
    let has_others =
        |wanted: &dyn Fn(&Membership) -> bool| person.all.iter().any(|other| other.id != held.id && wanted(other));
    if is_offer && !has_others(&|other| other.invitation == held.invitation && other.active_at.is_none()) {
        return Err(Conflict::LastPlace.into());
    }
    if has_others(&|_| true) {
        memberships::remove(&mut tx, &held.id).await?;
    } else {
        memberships::archive(&mut tx, &held.id, Some(&caller.user_id), Some(now)).await?;
    }
    let line = Line {
        actor: Some(&caller.user_id),
        subject: Some(id),
        unit: Some(unit.clone()),
        before: held.role.as_str(),
        ..Line::default()
    };
    record(&mut tx, Deed::PlaceRemoved, line, now).await?;
    let staying = stands_at(&mut tx, id).await?;
    release_from_shifts(&mut tx, caller, id, &staying, now).await?;
    if is_offer {
        reconsider(app, &mut tx, caller, &held, now).await?;
    }
    settle(&mut tx, &person, now).await?;
    tx.commit().await?;
    app.outbox.notify_one();
    Ok(())
}

async fn settle(tx: &mut Tx, person: &Target, now: Moment) -> Result<(), Refusal> {
    let id = &person.user.id;
    keep_a_main_administrator(tx).await?;
    shut_out_if_nothing_is_left(tx, id, now).await?;
    users::mark_changed(tx, id, now).await?;
    Ok(roster::refresh(tx, std::slice::from_ref(id), now).await?)
}

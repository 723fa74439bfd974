//! One place of somebody: another role or other extra permissions there, a further unit, out of a unit. What takes two is
//! proposed instead (rule 53); what is proposed here is asked again, of both, before it is done.

use super::agreement::reconsider;
use super::{
    Acting, Actor, AuditEntry, Target, UseCaseError, invite, keep_a_main_administrator, proposals, record,
    release_from_shifts, require, seen, shut_out_if_nothing_is_left, signed_in_lately, stands_at, target,
};
use crate::domain::agreement::{RoleGrant, takes_two, takes_two_to_change};
use crate::domain::audit::AuditAction;
use crate::domain::bulk::LeftPlace;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{InvitationId, MembershipId, RoleId, UnitId, UserId};
use crate::domain::membership::Standing;
use crate::domain::permission::Permissions;
use crate::domain::policy::{Authority, Request};
use crate::domain::proposal::{ProposalOutcome, ProposedChange};
use crate::domain::revision::Revision;
use crate::domain::role::{Role, gives_more};
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::Unit;
use crate::domain::user::{Status, UserAction};
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::memberships::{self, Membership, NewMembership};
use crate::server::storage::{Tx, invitations, roles, units, users};

/// The place that is meant: the one at `unit`, or without one the only one that is seen.
fn place_of(person: &Target, unit: Option<&UnitId>) -> Result<Membership, UseCaseError> {
    let found = match unit {
        Some(unit) => person.seen.iter().find(|held| &held.unit.id() == unit).ok_or(UseCaseError::NotFound)?,
        None => match &person.seen[..] {
            [one] => one,
            _ => return Err(Invalid::Unit.into()),
        },
    };
    Ok(found.clone())
}

/// Loads somebody with one of their places, and asks whether whoever holds `authority` may do this to them there.
async fn target_at(
    tx: &mut Tx,
    authority: &Authority,
    action: UserAction,
    id: &UserId,
    unit: Option<&UnitId>,
    now: Timestamp,
) -> Result<(Target, Membership), UseCaseError> {
    let person = seen(tx, authority, UserAction::See, id, now).await?;
    let held = place_of(&person, unit)?;
    require(authority, Request::Do { action, user_id: id, places: &[held.place()] })?;
    action.suits(person.status)?;
    if held.standing() == Standing::Archived {
        return Err(Conflict::Archived.into());
    }
    Ok((person, held))
}

/// A role by its id.
fn role<'a>(roles: &'a [Role], id: &RoleId) -> Result<&'a Role, UseCaseError> {
    roles.iter().find(|role| &role.id == id).ok_or(UseCaseError::Invalid(Invalid::Role))
}

/// What a place is to become.
pub(super) struct Change {
    person: Target,
    held: Membership,
    to: RoleId,
    extra: Permissions,
    takes_two: bool,
    /// It takes from an owner what makes them one. Nobody is made one here: that is the operator's.
    of_owner: bool,
}

impl Change {
    /// Everything that could stand against it, for whoever holds `authority`.
    pub async fn load(
        tx: &mut Tx,
        authority: &Authority,
        id: &UserId,
        unit: Option<&UnitId>,
        to: &RoleId,
        extra: Option<Permissions>,
        now: Timestamp,
    ) -> Result<Self, UseCaseError> {
        let (person, held) = target_at(tx, authority, UserAction::ChangeRole, id, unit, now).await?;
        // What is over may have been offered with a role that was removed.
        let known = roles::known(tx).await?;
        let all: Vec<Role> = known.iter().filter(|role| !role.is_removed).cloned().collect();
        let (old, new) = (role(&known, &held.role)?, role(&all, to)?);
        let extra = extra.unwrap_or(held.extra).without(new.permissions);
        require(authority, Request::Change { user_id: id, place: &held.place(), to, extra })?;
        // What nobody has shown to be theirs is given nothing more (H-24).
        let is_more = gives_more((old, held.extra), (new, extra));
        if person.user.is_unproven() && held.standing() != Standing::Offered && is_more {
            return Err(Conflict::AddressNotConfirmed.into());
        }
        let (from, becomes) = (RoleGrant { role: old, extra: held.extra }, RoleGrant { role: new, extra });
        // Nobody alone makes somebody what it takes two to invite, or gives them more; an offer waits by itself.
        let takes_two = held.active_at.is_some() && takes_two_to_change(from, becomes, &all);
        let of_owner = old.is_top;
        Ok(Self { person, held, to: to.clone(), extra, takes_two, of_owner })
    }

    fn is_nothing(&self) -> bool {
        self.to == self.held.role && self.extra == self.held.extra
    }

    /// How the place is that is to be changed.
    pub fn base(&self) -> Revision {
        Revision::of(&self.held.facts())
    }

    /// Says that something of it becomes something else: the role, and what is extra.
    async fn tell(
        &self,
        tx: &mut Tx,
        by: &Actor,
        actions: [AuditAction; 2],
        now: Timestamp,
    ) -> Result<(), UseCaseError> {
        let id = &self.person.user.id;
        let codes = (self.held.extra.to_codes(), self.extra.to_codes());
        let changes =
            [(actions[0], self.held.role.as_str(), self.to.as_str()), (actions[1], codes.0.as_str(), codes.1.as_str())];
        for (action, before, after) in changes.into_iter().filter(|(_, before, after)| before != after) {
            let unit = Some(self.held.unit.id());
            let line = AuditEntry { actor: Some(&by.user_id), subject: Some(id), unit, before, after };
            record(tx, action, line, now).await?;
        }
        Ok(())
    }

    /// Does it; `given_by` is the first of those who gave it.
    pub async fn carry_out(
        self,
        app: &App,
        tx: &mut Tx,
        caller: &Actor,
        given_by: &UserId,
        now: Timestamp,
    ) -> Result<(), UseCaseError> {
        memberships::change(tx, &self.held.id, &self.to, self.extra, given_by, now).await?;
        self.tell(tx, caller, [AuditAction::RoleChanged, AuditAction::ExtrasChanged], now).await?;
        reconsider(app, tx, caller, &self.held, now).await?;
        settle(tx, &self.person, now).await
    }
}

/// Gives somebody another role at one unit, before or after acceptance (rules 51, 88), and the extra permissions that go with
/// it (rule 59; `None` keeps them as far as the role does not have them itself). Acts on the very next request.
pub async fn change(
    app: &App,
    caller: &Actor,
    id: &UserId,
    unit: Option<&UnitId>,
    to: &RoleId,
    extra: Option<Permissions>,
) -> Result<ProposalOutcome, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let acting = Acting { app, caller, authority: &authority, now };
    let outcome = change_in(&mut tx, acting, (id, unit), (to, extra)).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// The same in a transaction that may change others, too: of somebody at a unit, to a role with extra permissions. After a refusal
/// it is not to be committed.
pub(super) async fn change_in(
    tx: &mut Tx,
    Acting { app, caller, authority, now }: Acting<'_>,
    (id, unit): (&UserId, Option<&UnitId>),
    (to, extra): (&RoleId, Option<Permissions>),
) -> Result<ProposalOutcome, UseCaseError> {
    let change = Change::load(tx, authority, id, unit, to, extra, now).await?;
    caller.decided_on(&change.person.revision(), Conflict::AccessChanged)?;
    if change.is_nothing() {
        return Ok(ProposalOutcome::Done);
    }
    if change.of_owner {
        signed_in_lately(tx, caller, now).await?;
    }
    if change.takes_two {
        let wish = ProposedChange::Change {
            user: id.clone(),
            unit: change.held.unit.id(),
            role: to.clone(),
            extra: change.extra,
        };
        proposals::propose(tx, caller, wish, Some(&change.base()), now).await?;
        change.tell(tx, caller, [AuditAction::RoleChangeProposed, AuditAction::ExtrasProposed], now).await?;
        return Ok(ProposalOutcome::Proposed);
    }
    change.carry_out(app, tx, caller, &caller.user_id, now).await?;
    Ok(ProposalOutcome::Done)
}

/// A further place that somebody is to have.
pub(super) struct Addition {
    person: Target,
    unit: Unit,
    role: Role,
    extra: Permissions,
    /// What is left there of an offer that is over.
    old_offer: Option<MembershipId>,
    /// Nobody has shown that the address is theirs: the place is offered by a letter to it (H-24).
    by_letter: bool,
    /// With which open invitation it goes; at once where there is none.
    invitation: Option<InvitationId>,
    takes_two: bool,
}

impl Addition {
    /// Everything that could stand against it, for whoever holds `authority`.
    pub async fn load(
        tx: &mut Tx,
        authority: &Authority,
        id: &UserId,
        unit: &UnitId,
        to: &RoleId,
        extra: Permissions,
        now: Timestamp,
    ) -> Result<Self, UseCaseError> {
        let person = target(tx, authority, UserAction::AddPlace, id, now).await?;
        let unit = units::find(tx, unit).await?.ok_or(UseCaseError::NotFound)?;
        let all = roles::all(tx).await?;
        let new = role(&all, to)?;
        let extra = extra.without(new.permissions);
        require(authority, Request::Give { unit: &unit.path, role: to, extra })?;
        if unit.is_closed {
            return Err(Conflict::UnitClosed.into());
        }
        let is_active = person.status == Status::Active;
        let there = person.all.iter().find(|held| held.unit == unit.path);
        if let Some(there) = there
            && (!is_active || !is_old_offer(tx, there, now).await?)
        {
            // What is left of an offer that is over keeps nobody out (H-40).
            return Err(Conflict::AlreadyThere.into());
        }
        let old_offer = there.map(|there| there.id.clone());
        let offer = person.all.iter().find(|held| held.standing() == Standing::Offered);
        let invitation = if is_active { None } else { offer.and_then(|held| held.invitation.clone()) };
        if !is_active && invitation.is_none() {
            return Err(if person.status == Status::Blocked { Conflict::Blocked } else { Conflict::NotInvited }.into());
        }
        let by_letter = is_active && person.user.is_unproven();
        // An invitation waits by itself.
        let takes_two = is_active && !by_letter && takes_two(RoleGrant { role: new, extra }, &all);
        Ok(Self { person, unit, role: new.clone(), extra, old_offer, by_letter, invitation, takes_two })
    }

    async fn tell(&self, tx: &mut Tx, by: &Actor, action: AuditAction, now: Timestamp) -> Result<(), UseCaseError> {
        let line = AuditEntry {
            actor: Some(&by.user_id),
            subject: Some(&self.person.user.id),
            unit: Some(self.unit.id.clone()),
            after: self.role.id.as_str(),
            ..AuditEntry::default()
        };
        record(tx, action, line, now).await
    }

    /// Does it; `given_by` is the first of those who gave it.
    pub async fn carry_out(
        self,
        app: &App,
        tx: &mut Tx,
        caller: &Actor,
        given_by: &UserId,
        now: Timestamp,
    ) -> Result<(), UseCaseError> {
        if let Some(old) = &self.old_offer {
            memberships::remove(tx, old, now).await?;
        }
        if self.by_letter {
            let (user, extra) = (&self.person.user, self.extra);
            invite::offer_by_letter(app, tx, caller, user, &self.unit, &self.role, extra, now).await?;
            return settle(tx, &self.person, now).await;
        }
        let membership = NewMembership {
            id: MembershipId::new(random::id(now)),
            user_id: &self.person.user.id,
            unit_id: &self.unit.id,
            role: &self.role.id,
            extra: self.extra,
            by: Some(given_by),
            invitation: self.invitation.as_ref(),
            active_at: self.invitation.is_none().then_some(now),
        };
        memberships::insert(tx, &membership, now).await?;
        self.tell(tx, caller, AuditAction::PlaceAdded, now).await?;
        let offer = self.person.all.iter().find(|held| held.standing() == Standing::Offered);
        if let Some(offer) = offer {
            reconsider(app, tx, caller, offer, now).await?;
        }
        settle(tx, &self.person, now).await
    }
}

/// Puts somebody, who stands within the caller's reach as a whole, into a further unit: at once, or as part of the
/// invitation that is still open (rules 41, 51). Whose address nobody has confirmed is only invited there, by a letter (H-24).
pub async fn add(
    app: &App,
    caller: &Actor,
    id: &UserId,
    unit: &UnitId,
    to: &RoleId,
    extra: Permissions,
) -> Result<ProposalOutcome, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let acting = Acting { app, caller, authority: &authority, now };
    let outcome = add_in(&mut tx, acting, (id, unit), (to, extra)).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// As [`change_in`].
pub(super) async fn add_in(
    tx: &mut Tx,
    Acting { app, caller, authority, now }: Acting<'_>,
    (id, unit): (&UserId, &UnitId),
    (to, extra): (&RoleId, Permissions),
) -> Result<ProposalOutcome, UseCaseError> {
    let addition = Addition::load(tx, authority, id, unit, to, extra, now).await?;
    caller.decided_on(&addition.person.revision(), Conflict::AccessChanged)?;
    if addition.takes_two {
        let wish =
            ProposedChange::Add { user: id.clone(), unit: unit.clone(), role: to.clone(), extra: addition.extra };
        proposals::propose(tx, caller, wish, None, now).await?;
        addition.tell(tx, caller, AuditAction::PlaceProposed, now).await?;
        return Ok(ProposalOutcome::Proposed);
    }
    addition.carry_out(app, tx, caller, &caller.user_id, now).await?;
    Ok(ProposalOutcome::Done)
}

/// Whether something was only offered, by an invitation that is over.
async fn is_old_offer(tx: &mut Tx, held: &Membership, now: Timestamp) -> Result<bool, UseCaseError> {
    let Some(id) = &held.invitation else { return Ok(false) };
    let by = invitations::find(tx, id).await?.map(|invitation| invitation.facts());
    Ok(held.standing().is_old_offer(by.as_ref(), now))
}

/// A place that somebody is to lose.
pub(super) struct Removal {
    person: Target,
    held: Membership,
    takes_two: bool,
    /// As in [`Change`].
    of_owner: bool,
}

impl Removal {
    /// Everything that could stand against it, for whoever holds `authority`.
    pub async fn load(
        tx: &mut Tx,
        authority: &Authority,
        id: &UserId,
        unit: &UnitId,
        now: Timestamp,
    ) -> Result<Self, UseCaseError> {
        let (person, held) = target_at(tx, authority, UserAction::RemovePlace, id, Some(unit), now).await?;
        let is_in_it = |other: &&Membership| other.invitation == held.invitation && other.active_at.is_none();
        let is_offer = held.standing() == Standing::Offered;
        if is_offer && person.all.iter().filter(is_in_it).all(|other| other.id == held.id) {
            return Err(Conflict::LastPlace.into());
        }
        let known = roles::known(tx).await?;
        let role = role(&known, &held.role)?;
        let takes_two = held.active_at.is_some() && role.losing_takes_two;
        Ok(Self { person, held, takes_two, of_owner: role.is_top })
    }

    /// Does it. Out of the last one means archived there, so that nobody falls out of everybody's sight.
    pub async fn carry_out(self, app: &App, tx: &mut Tx, caller: &Actor, now: Timestamp) -> Result<(), UseCaseError> {
        let (id, held) = (&self.person.user.id, &self.held);
        if self.person.all.iter().any(|other| other.id != held.id) {
            memberships::remove(tx, &held.id, now).await?;
        } else {
            memberships::archive(tx, &held.id, Some(&caller.user_id), now).await?;
        }
        self.tell(tx, caller, AuditAction::PlaceRemoved, now).await?;
        let staying = stands_at(tx, id).await?;
        release_from_shifts(tx, caller, id, &staying, now).await?;
        if held.standing() == Standing::Offered {
            reconsider(app, tx, caller, held, now).await?;
        }
        settle(tx, &self.person, now).await
    }

    async fn tell(&self, tx: &mut Tx, by: &Actor, action: AuditAction, now: Timestamp) -> Result<(), UseCaseError> {
        let line = AuditEntry {
            actor: Some(&by.user_id),
            subject: Some(&self.person.user.id),
            unit: Some(self.held.unit.id()),
            before: self.held.role.as_str(),
            ..AuditEntry::default()
        };
        record(tx, action, line, now).await
    }
}

/// Takes somebody out of one unit; the person stays (rule 54). Where two take the role away, a second one agrees first (rule 53).
pub async fn remove(app: &App, caller: &Actor, id: &UserId, unit: &UnitId) -> Result<ProposalOutcome, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let acting = Acting { app, caller, authority: &authority, now };
    let outcome = remove_in(&mut tx, acting, (id, unit)).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// As [`change_in`].
pub(super) async fn remove_in(
    tx: &mut Tx,
    Acting { app, caller, authority, now }: Acting<'_>,
    (id, unit): (&UserId, &UnitId),
) -> Result<ProposalOutcome, UseCaseError> {
    let removal = Removal::load(tx, authority, id, unit, now).await?;
    caller.decided_on(&removal.person.revision(), Conflict::AccessChanged)?;
    if removal.of_owner {
        signed_in_lately(tx, caller, now).await?;
    }
    if removal.takes_two {
        let wish = ProposedChange::TakeOut { user: id.clone(), unit: unit.clone() };
        let base = Revision::of(&removal.held.facts());
        proposals::propose(tx, caller, wish, Some(&base), now).await?;
        removal.tell(tx, caller, AuditAction::PlaceRemovalProposed, now).await?;
        return Ok(ProposalOutcome::Proposed);
    }
    removal.carry_out(app, tx, caller, now).await?;
    Ok(ProposalOutcome::Done)
}

/// From one unit into another: they stand there since they stood in the first one. Where a second one has to agree, they stay where
/// they are until then.
pub(super) async fn move_in(
    tx: &mut Tx,
    acting: Acting<'_>,
    (id, from, to): (&UserId, &UnitId, &UnitId),
    (role, extra): (&RoleId, Permissions),
) -> Result<ProposalOutcome, UseCaseError> {
    let place_at = |all: Vec<Membership>, unit: &UnitId| all.into_iter().find(|held| &held.unit.id() == unit);
    let before = place_at(memberships::of_user(tx, id).await?, from);
    if add_in(tx, acting, (id, to), (role, extra)).await? == ProposalOutcome::Proposed {
        return Ok(ProposalOutcome::Proposed);
    }
    let outcome = remove_in(tx, acting, (id, from)).await?;
    let after = place_at(memberships::of_user(tx, id).await?, to);
    if let (Some(before), Some(after), true) = (before, after, outcome != ProposalOutcome::Proposed)
        && before.active_at.is_some() == after.active_at.is_some()
    {
        let company = |place: &Membership| place.unit.line().nth(1);
        // Another company has another record of them.
        let record = before.record.clone().filter(|_| company(&before) == company(&after));
        memberships::restore(tx, &after.id, &LeftPlace { record, ..before.left() }).await?;
    }
    Ok(outcome)
}

async fn settle(tx: &mut Tx, person: &Target, now: Timestamp) -> Result<(), UseCaseError> {
    let id = &person.user.id;
    keep_a_main_administrator(tx).await?;
    shut_out_if_nothing_is_left(tx, id, now).await?;
    Ok(users::mark_changed(tx, id, now).await?)
}

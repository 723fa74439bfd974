//! What takes two (rule 53), while it is offered: who the first ones are, and what becomes of offers when what they offer, or a
//! role, is changed. Which giving takes two is `domain::agreement`'s to say, who may agree is `policy`'s.

use super::{Caller, Refusal, invitations as sending, views};
use crate::domain::agreement::{Given, Part, takes_two, takes_two_by};
use crate::domain::id::{InvitationId, RoleId, UserId};
use crate::domain::listing::Person;
use crate::domain::moment::Moment;
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Ask, decide};
use crate::domain::role::Role;
use crate::domain::unit::UnitPath;
use crate::server::app::App;
use crate::server::storage::memberships::{self, Membership};
use crate::server::storage::{Tx, invitations, roles, roster};
use std::collections::BTreeSet;

/// How many of those who could agree are looked at in a unit, and how many are named.
const MOST_ASKED: usize = 50;
const MOST_NAMED: usize = 5;

fn given<'a>(held: &Membership, roles: &'a [Role]) -> Option<Given<'a>> {
    let role = roles.iter().find(|role| role.id == held.role)?;
    Some(Given { role, extra: held.extra })
}

/// Whether one administrator alone does not give this.
pub(super) fn needs_second(held: &Membership, roles: &[Role]) -> bool {
    given(held, roles).is_some_and(|given| takes_two(given, roles))
}

/// The first ones: whoever gave a part of this that takes two and still stands. Whoever changed another part is none of them.
/// Where nothing takes two any more, and it waits all the same, whoever gave any of it.
pub(super) fn proposers(offered: &[Membership], roles: &[Role]) -> Vec<UserId> {
    let all = [Part::Role, Part::Extra];
    let of = |held: &Membership, parts: &[Part]| -> Vec<UserId> {
        let by = |part: &Part| match part {
            Part::Role => held.role_by.clone(),
            Part::Extra => held.extra_by.clone(),
        };
        parts.iter().filter_map(by).collect()
    };
    let takes = |held: &Membership| given(held, roles).map(|given| takes_two_by(given, roles)).unwrap_or_default();
    let mut first: BTreeSet<UserId> = offered.iter().flat_map(|held| of(held, &takes(held))).collect();
    if offered.iter().all(|held| takes(held).is_empty()) {
        first = offered.iter().flat_map(|held| of(held, &all)).collect();
    }
    first.into_iter().collect()
}

/// Some of those beside the caller who could agree to giving one of these roles at a unit, from the top down.
pub(super) async fn who_could_agree(
    tx: &mut Tx,
    caller: &Caller,
    unit: &UnitPath,
    given: &[RoleId],
) -> Result<Vec<Person>, Refusal> {
    let mut found: Vec<Person> = Vec::new();
    for at in unit.line() {
        for holder in memberships::holders_at(tx, &at, Permission::Invite, MOST_ASKED).await? {
            if found.len() == MOST_NAMED {
                return Ok(found);
            }
            if holder == caller.user_id || found.iter().any(|person| person.id == holder) {
                continue;
            }
            let Some(other) = memberships::authority(tx, &holder).await? else { continue };
            let could = |role: &RoleId| decide(&other, Ask::Give { unit, role, extra: Permissions::NONE }).is_allowed();
            if given.iter().any(could) {
                found.extend(views::named(tx, Some(&holder)).await?);
            }
        }
    }
    Ok(found)
}

/// What an open invitation offers was changed. What takes two waits for the second one again; what needs nobody else any more
/// goes on. Where its inviter could not have offered this, whoever changed it stands for it (IN-04).
pub(super) async fn reconsider(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    offer: &Membership,
    now: Moment,
) -> Result<(), Refusal> {
    let Some(id) = offer.invitation.as_ref().filter(|_| offer.active_at.is_none()) else { return Ok(()) };
    let Some(mut invitation) = invitations::find(tx, id).await? else { return Ok(()) };
    let all = roles::all(tx).await?;
    let mut offered = memberships::of_user(tx, &offer.user_id).await?;
    offered.retain(|held| held.is_offered_by(id));
    let may_stand_for_it = super::accept::may_still_give(tx, Some(&caller.user_id), &offered).await?;
    let may_inviter = super::accept::may_still_give(tx, invitation.created_by.as_ref(), &offered).await?;
    if !may_inviter && may_stand_for_it {
        invitation.created_by = Some(caller.user_id.clone());
        invitations::stand_for(tx, id, &caller.user_id).await?;
    }
    if offered.iter().any(|held| needs_second(held, &all)) {
        invitations::propose(tx, id).await?;
    } else if invitation.needs_approval {
        invitations::needs_no_approval(tx, id).await?;
        if invitation.awaits_approval() && invitation.withdrawn_at.is_none() {
            sending::let_go(app, tx, &mut invitation, &caller.user_id, now).await?;
        }
    }
    Ok(())
}

/// The roles were changed. What is offered and takes two from now on waits for the second one; what waited and takes one now goes
/// on by itself, in the name of whoever changed them. Where no letter may go to an address for the moment, the invitation has
/// ended instead and can be sent again.
pub(super) async fn follow_roles(app: &App, tx: &mut Tx, caller: &Caller, now: Moment) -> Result<(), Refusal> {
    let all = roles::all(tx).await?;
    wait(tx, &all, now).await?;
    let waiting = invitations::waiting(tx).await?;
    let ids: Vec<InvitationId> = waiting.iter().map(|invitation| invitation.id.clone()).collect();
    let offered = memberships::of_invitations(tx, &ids).await?;
    for mut invitation in waiting {
        let open: Vec<Membership> = offered.iter().filter(|held| held.is_offered_by(&invitation.id)).cloned().collect();
        if open.is_empty() || open.iter().any(|held| needs_second(held, &all)) {
            continue;
        }
        invitations::needs_no_approval(tx, &invitation.id).await?;
        // Nobody comes in by what was blocked or archived, and nobody is written to.
        let sent = match memberships::are_shut(&open) {
            true => Ok(()),
            false => sending::let_go(app, tx, &mut invitation, &caller.user_id, now).await,
        };
        match sent {
            Ok(()) | Err(Refusal::Rests(_)) => {
                roster::refresh(tx, std::slice::from_ref(&invitation.user_id), now).await?;
            }
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(())
}

/// Has every offer wait that takes two and goes by one administrator's word.
async fn wait(tx: &mut Tx, all: &[Role], now: Moment) -> Result<(), Refusal> {
    let kinds = memberships::kinds_offered(tx).await?;
    let parts = |(id, extra): (RoleId, Permissions)| {
        let role = all.iter().find(|role| role.id == id)?;
        let parts = takes_two_by(Given { role, extra }, all);
        (!parts.is_empty()).then_some((id, extra, parts))
    };
    let two: Vec<(RoleId, Permissions, Vec<Part>)> = kinds.into_iter().filter_map(parts).collect();
    let waiting = invitations::wait_for_second(tx, &two).await?;
    Ok(roster::refresh(tx, &waiting, now).await?)
}

/// The same for what was offered before this version knew what takes two; once, when the program starts.
///
/// # Errors
/// What the database says.
pub async fn settle(app: &App) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let all = roles::all(&mut tx).await?;
    wait(&mut tx, &all, now).await?;
    Ok(tx.commit().await?)
}

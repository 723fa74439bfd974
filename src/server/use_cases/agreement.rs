//! What takes two (rule 53), while it is offered: who the first ones are, and what becomes of offers when what they offer, or a
//! role, is changed. Which giving takes two is `domain::agreement`'s to say, who may agree is `policy`'s.

use super::{Actor, UseCaseError, invitations as sending, views};
use crate::domain::agreement::{RoleGrant, TakesTwoPart, takes_two, takes_two_by};
use crate::domain::id::{InvitationId, MembershipId, RoleId, UserId};
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Request, decide};
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::UnitPath;
use crate::server::app::App;
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::memberships::{self, Membership};
use crate::server::storage::{Tx, roles};
use crate::view_models::Person;
use std::collections::BTreeSet;

/// How many of those who could agree are looked at in a unit, and how many are named.
const MOST_ASKED: usize = 50;
const MOST_NAMED: usize = 5;

fn given<'a>(held: &Membership, roles: &'a [Role]) -> Option<RoleGrant<'a>> {
    let role = roles.iter().find(|role| role.id == held.role)?;
    Some(RoleGrant { role, extra: held.extra })
}

/// Whether one administrator alone does not give this.
pub(super) fn needs_second(held: &Membership, roles: &[Role]) -> bool {
    given(held, roles).is_some_and(|given| takes_two(given, roles))
}

/// The first ones: whoever gave a part of this that takes two and still stands. Whoever changed another part is none of them.
/// Where nothing takes two any more, and it waits all the same, whoever gave any of it.
pub(super) fn proposers(offered: &[Membership], roles: &[Role]) -> Vec<UserId> {
    let all = [TakesTwoPart::Role, TakesTwoPart::Extra];
    let of = |held: &Membership, parts: &[TakesTwoPart]| -> Vec<UserId> {
        let by = |part: &TakesTwoPart| match part {
            TakesTwoPart::Role => held.role_by.clone(),
            TakesTwoPart::Extra => held.extra_by.clone(),
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
    caller: &Actor,
    unit: &UnitPath,
    given: &[RoleId],
) -> Result<Vec<Person>, UseCaseError> {
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
            let could =
                |role: &RoleId| decide(&other, Request::Give { unit, role, extra: Permissions::NONE }).is_allowed();
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
    caller: &Actor,
    offer: &Membership,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let Some(id) = offer.invitation.as_ref().filter(|_| offer.active_at.is_none()) else { return Ok(()) };
    let Some(mut invitation) = invitations::find(tx, id).await? else { return Ok(()) };
    // What nobody has had sent is judged when somebody does.
    if invitation.is_unsent {
        return Ok(());
    }
    let all = roles::all(tx).await?;
    let mut offered = memberships::of_user(tx, &offer.user_id).await?;
    offered.retain(|held| held.is_offered_by(id));
    let may_stand_for_it = super::links::may_still_give(tx, Some(&caller.user_id), &offered).await?;
    let may_inviter = super::links::may_still_give(tx, invitation.created_by.as_ref(), &offered).await?;
    if !may_inviter && may_stand_for_it {
        invitation.created_by = Some(caller.user_id.clone());
        invitations::stand_for(tx, id, &caller.user_id).await?;
    }
    if offered.iter().any(|held| needs_second(held, &all)) {
        invitations::propose(tx, id, now).await?;
    } else if invitation.needs_approval {
        invitations::needs_no_approval(tx, id, now).await?;
        if invitation.awaits_approval() && invitation.withdrawn_at.is_none() {
            sending::let_go(app, tx, &mut invitation, &caller.user_id, now).await?;
        }
    }
    Ok(())
}

/// What of these offers takes two, place by place.
fn parts_of(offered: &[Membership], roles: &[Role]) -> Vec<(MembershipId, Vec<TakesTwoPart>)> {
    let parts = |held: &Membership| given(held, roles).map(|given| takes_two_by(given, roles)).unwrap_or_default();
    let all = offered.iter().map(|held| (held.id.clone(), parts(held)));
    all.filter(|(_, parts)| !parts.is_empty()).collect()
}

/// Whether an open invitation waits for a second administrator by the roles of this moment, though nobody has noted it yet: until
/// everything that is offered was gone through after a change of a role, this holds it back.
pub(super) async fn is_to_wait(
    tx: &mut Tx,
    invitation: &Invitation,
    offered: &[Membership],
) -> Result<bool, UseCaseError> {
    let two = parts_of(offered, &roles::all(tx).await?);
    Ok(invitations::is_to_wait(tx, &invitation.id, &two).await?)
}

/// How many of those that wait are looked at in one transaction.
const SOME: usize = 25;

/// What waited and takes one now goes on by itself, in the name of whoever changed the roles; after a start of the program, of
/// whoever made it. Where no letter may go to an address for the moment, the invitation has ended instead and can be sent again.
/// Some at a time, each judged by the roles of its moment: until its turn comes an invitation waits on.
pub(super) async fn let_go_what_takes_one(app: &App, caller: Option<&Actor>) {
    // The roles are what they are; what waits on can be agreed to, and is looked at again with the next change of a role.
    if let Err(refusal) = let_go_some_by_some(app, caller).await {
        tracing::warn!(?refusal, "some invitations that one administrator could give wait on");
    }
}

async fn let_go_some_by_some(app: &App, caller: Option<&Actor>) -> Result<(), UseCaseError> {
    let mut after = InvitationId::new("");
    loop {
        let now = app.clock.now();
        // The line is that of the change of the roles, from which this follows.
        let mut tx = app.db.maintain().await?;
        let all = roles::all(&mut tx).await?;
        let waiting = invitations::waiting(&mut tx, &after, SOME).await?;
        let last = waiting.last().filter(|_| waiting.len() == SOME).map(|invitation| invitation.id.clone());
        let ids: Vec<InvitationId> = waiting.iter().map(|invitation| invitation.id.clone()).collect();
        let offered = memberships::of_invitations(&mut tx, &ids).await?;
        for invitation in waiting {
            let open: Vec<Membership> =
                offered.iter().filter(|held| held.is_offered_by(&invitation.id)).cloned().collect();
            if !open.is_empty() && !open.iter().any(|held| needs_second(held, &all)) {
                let by = caller.map(|caller| caller.user_id.clone()).or_else(|| invitation.created_by.clone());
                let by = by.unwrap_or_else(|| invitation.user_id.clone());
                go_on_alone(app, &mut tx, &by, invitation, &open, now).await?;
            }
        }
        tx.commit().await?;
        let Some(last) = last else { return Ok(()) };
        after = last;
    }
}

async fn go_on_alone(
    app: &App,
    tx: &mut Tx,
    by: &UserId,
    mut invitation: Invitation,
    open: &[Membership],
    now: Timestamp,
) -> Result<(), UseCaseError> {
    invitations::needs_no_approval(tx, &invitation.id, now).await?;
    // Nobody comes in by what was blocked or archived, and nobody is written to.
    let sent = match memberships::are_shut(open) {
        true => Ok(()),
        false => sending::let_go(app, tx, &mut invitation, by, now).await,
    };
    match sent {
        Ok(()) | Err(UseCaseError::Rests(_)) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

/// The roles were changed: what is offered and takes two from now on waits for the second one. Some at a time, each judged by the
/// roles of its moment; whoever opens the link of one whose turn has not come finds that it waits ([`is_to_wait`]).
pub(super) async fn have_wait_what_takes_two(app: &App) {
    if let Err(refusal) = have_wait_some_by_some(app).await {
        tracing::warn!(?refusal, "some invitations that take two administrators are not shown as waiting yet");
    }
}

/// How many begin to wait in one transaction.
const SOME_OFFERS: usize = 250;

async fn have_wait_some_by_some(app: &App) -> Result<(), UseCaseError> {
    let kinds = memberships::kinds_offered(&mut app.db.read().await?).await?;
    for (role, extra) in kinds {
        let mut after = MembershipId::new("");
        loop {
            let mut tx = app.db.read().await?;
            let all = roles::all(&mut tx).await?;
            let parts = |role: &Role| takes_two_by(RoleGrant { role, extra }, &all);
            let parts = all.iter().find(|one| one.id == role).map(parts).unwrap_or_default();
            if parts.is_empty() {
                break;
            }
            let kind = (role.clone(), extra, parts);
            if invitations::to_wait(&mut tx, &kind, &after, 1, app.clock.now()).await?.is_empty() {
                break;
            }
            drop(tx);
            // The line is that of the change of the roles.
            let mut tx = app.db.maintain().await?;
            // Nobody may have changed the roles in between.
            if roles::all(&mut tx).await? != all {
                continue;
            }
            let some = invitations::to_wait(&mut tx, &kind, &after, SOME_OFFERS, app.clock.now()).await?;
            let ids: Vec<InvitationId> = some.iter().map(|(_, invitation)| invitation.clone()).collect();
            invitations::wait_for_second(&mut tx, &role, &ids).await?;
            tx.commit().await?;
            if let Some((last, _)) = some.last() {
                after = last.clone();
            }
        }
    }
    Ok(())
}

/// The same for what was offered before this version knew what takes two; once, when the program starts.
///
/// # Errors
/// What the database says.
pub async fn settle(app: &App) -> Result<(), UseCaseError> {
    have_wait_some_by_some(app).await?;
    super::go_on(app).await;
    let_go_what_takes_one(app, None).await;
    Ok(())
}

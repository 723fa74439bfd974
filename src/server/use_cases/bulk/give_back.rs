//! Giving back what people had before something was done to many of them, where no other action does: a role, a place, an invitation.
//! Each is asked about anew, as if it were done by hand, and whoever was changed since is left alone.

use super::stands;
use crate::domain::bulk::{BulkBefore, LeftPlace};
use crate::domain::error::Conflict;
use crate::domain::id::{UnitId, UserId};
use crate::domain::proposal::ProposalOutcome;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::UserAction;
use crate::server::storage::Tx;
use crate::server::storage::bulk::BulkRow;
use crate::server::storage::invitations::Invitation;
use crate::server::storage::memberships::{self, Membership};
use crate::server::use_cases::{self, Acting, UseCaseError, invitations, places, seen};

/// What somebody has whose role is to be changed, at the one place where they stand.
pub(super) fn of_role(held: &Membership) -> BulkBefore {
    BulkBefore::Role { unit: held.unit.id(), role: held.role.clone(), extra: held.extra }
}

/// What somebody has who is to be brought into a unit, from the one place where they stand.
pub(super) fn of_place(held: &Membership, added: &UnitId, leaves: bool) -> BulkBefore {
    let left = leaves.then(|| held.left());
    BulkBefore::Place { added: added.clone(), left }
}

/// What somebody has whose invitations are to be withdrawn, in a transaction of this moment.
pub(super) fn of_invitations(open: &[Invitation], now: Timestamp) -> BulkBefore {
    let agreed = open.iter().any(|one| one.needs_approval && one.approved_at.is_some());
    BulkBefore::Invitations { ids: open.iter().map(|one| one.id.clone()).collect(), ended_at: now, agreed }
}

/// Asks whether somebody of whom something is taken back stands as it left them. Whoever is not seen does not exist.
pub(super) async fn keep_what_changed(
    tx: &mut Tx,
    Acting { authority, now, .. }: Acting<'_>,
    user: &UserId,
    (action, row): (UserAction, &BulkRow),
) -> Result<(), UseCaseError> {
    let Some(left_as) = &row.left_as else { return Ok(()) };
    seen(tx, authority, UserAction::See, user, now).await?;
    match stands(tx, action, user).await?.as_str() == left_as {
        true => Ok(()),
        false => Err(Conflict::AccessChanged.into()),
    }
}

/// Gives one person back what they had. After a refusal the transaction is not to be committed.
pub(super) async fn give_back(
    tx: &mut Tx,
    acting: Acting<'_>,
    user: &UserId,
    row: &BulkRow,
) -> Result<(), UseCaseError> {
    match row.before.as_ref().ok_or(Conflict::AccessChanged)? {
        BulkBefore::Role { unit, role, extra } => {
            by_one(places::change_in(tx, acting, (user, Some(unit)), (role, Some(*extra))).await?)
        }
        BulkBefore::Place { added, left } => {
            if let Some(left) = left {
                put_back(tx, acting, user, left).await?;
            }
            by_one(places::remove_in(tx, acting, (user, added)).await?)
        }
        BulkBefore::Invitations { agreed: true, .. } => Err(Conflict::TakesTwo.into()),
        BulkBefore::Invitations { ids, ended_at, .. } => invitations::reopen_in(tx, acting, ids, *ended_at).await,
    }
}

/// What a second administrator would have to agree to is not undone by one.
fn by_one(outcome: ProposalOutcome) -> Result<(), UseCaseError> {
    match outcome {
        ProposalOutcome::Proposed => Err(Conflict::TakesTwo.into()),
        ProposalOutcome::Done | ProposalOutcome::DecidedAlone => Ok(()),
    }
}

/// Back into the unit that they left, as they were there.
async fn put_back(tx: &mut Tx, acting: Acting<'_>, user: &UserId, left: &LeftPlace) -> Result<(), UseCaseError> {
    by_one(places::add_in(tx, acting, (user, &left.unit), (&left.role, left.extra)).await?)?;
    let held = memberships::of_user(tx, user).await?;
    let again = held.iter().find(|held| held.unit.id() == left.unit);
    let again = again.ok_or_else(|| use_cases::broken(&"somebody is not in the unit to which they were added"))?;
    // What they held is not theirs again by an offer.
    if again.active_at.is_some() != left.active_at.is_some() {
        return Err(Conflict::AddressNotConfirmed.into());
    }
    Ok(memberships::restore(tx, &again.id, left).await?)
}

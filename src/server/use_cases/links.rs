//! Whether the newest link of an invitation still opens anything, asked anew wherever it goes: when somebody is reminded, when an SMS
//! goes in the place of an e-mail, when the link is opened. What each way of ending means is `domain::invitation`'s to say.

use super::UseCaseError;
use crate::domain::id::UserId;
use crate::domain::invitation::{DeadLink, why_dead};
use crate::domain::policy::{Request, decide};
use crate::domain::timestamp::Timestamp;
use crate::server::storage::Tx;
use crate::server::storage::invitations::Invitation;
use crate::server::storage::memberships::{self, Membership};

/// The newest link of an invitation.
pub(super) struct NewestLink {
    /// What it offers that nobody has taken up.
    pub offered: Vec<Membership>,
    /// Why it opens nothing.
    pub dead: Option<DeadLink>,
}

/// Looks the newest link of an invitation up.
pub(super) async fn newest_link(
    tx: &mut Tx,
    invitation: &Invitation,
    now: Timestamp,
) -> Result<NewestLink, UseCaseError> {
    let mut offered = memberships::of_user(tx, &invitation.user_id).await?;
    offered.retain(|held| held.is_offered_by(&invitation.id));
    let inviter_may = may_still_give(tx, invitation.created_by.as_ref(), &offered).await?;
    let (newest, is_blocked) = (invitation.generation, memberships::are_shut(&offered));
    let dead = why_dead(&invitation.facts(), newest, newest, is_blocked, inviter_may, now);
    Ok(NewestLink { offered, dead })
}

/// Whether whoever invited may still give what is offered, where it is offered (IN-04); nothing at all is nothing.
pub(super) async fn may_still_give(
    tx: &mut Tx,
    inviter: Option<&UserId>,
    offered: &[Membership],
) -> Result<bool, UseCaseError> {
    let Some(inviter) = inviter else { return Ok(false) };
    let Some(authority) = memberships::authority(tx, inviter).await? else { return Ok(false) };
    let gives = |offer: &Membership| {
        let ask = Request::Give { unit: &offer.unit, role: &offer.role, extra: offer.extra };
        !offer.is_closed && decide(&authority, ask).is_allowed()
    };
    Ok(!offered.is_empty() && offered.iter().all(gives))
}

//! A role that somebody holds, or is offered, at a unit: how it stands, and what all of somebody's memberships together
//! make of this person in the eyes of whoever sees them.

use super::invitation::{Delivery, InvitationFacts};
use super::timestamp::Timestamp;
use super::user::Status;
use serde::{Deserialize, Serialize};

/// How one membership stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// Offered by an invitation that was not accepted yet.
    Offered,
    Active,
    Blocked,
    /// The person left, or the unit was closed; role and unit are kept, to be brought back (rule 1).
    Archived,
}

impl Standing {
    /// From the facts of the row; what ended it later stands above what began it.
    pub fn of(is_active: bool, is_blocked: bool, is_archived: bool) -> Self {
        match (is_archived, is_blocked, is_active) {
            (true, ..) => Self::Archived,
            (_, true, _) => Self::Blocked,
            (.., true) => Self::Active,
            _ => Self::Offered,
        }
    }

    /// Whether it was only offered, by an invitation that is over: such a membership holds nothing in use (H-40).
    pub fn is_old_offer(self, by: Option<&InvitationFacts>, now: Timestamp) -> bool {
        self == Self::Offered && by.is_some_and(|invitation| invitation.is_over(now))
    }
}

/// What is known of a person within some unit, as far as it decides the status that is shown there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MembershipFacts {
    /// Of their memberships there.
    pub standings: Vec<Standing>,
    /// The newest invitation by which one of them was offered.
    pub invitation: Option<InvitationFacts>,
}

impl MembershipFacts {
    /// The status at `now`.
    pub fn status(&self, now: Timestamp) -> Status {
        let is_all = |wanted: &[Standing]| {
            !self.standings.is_empty() && self.standings.iter().all(|standing| wanted.contains(standing))
        };
        if is_all(&[Standing::Archived]) {
            return Status::Archived;
        }
        if is_all(&[Standing::Archived, Standing::Blocked]) {
            return Status::Blocked;
        }
        if self.standings.contains(&Standing::Active) {
            return Status::Active;
        }
        match &self.invitation {
            None => Status::NotInvited,
            Some(invitation) if invitation.withdrawn_at.is_some() => Status::Withdrawn,
            Some(invitation) if invitation.is_unsent => Status::NotInvited,
            Some(invitation) if invitation.awaits_approval => Status::AwaitingApproval,
            // Nobody got it, and that stays true when its time is over: it has to be found and mended.
            Some(invitation) if invitation.delivery == Delivery::Failed && invitation.expires_at.is_some() => {
                Status::Failed
            }
            Some(invitation) if invitation.has_expired(now) => Status::Expired,
            Some(invitation) => match invitation.delivery {
                Delivery::Queued => Status::Waiting,
                Delivery::HandedOver => Status::Invited,
                Delivery::Failed => Status::Failed,
            },
        }
    }

    /// Until when the status holds by itself; at that moment it turns to *Expired*.
    pub fn holds_until(&self, now: Timestamp) -> Option<Timestamp> {
        if !matches!(self.status(now), Status::Waiting | Status::Invited) {
            return None;
        }
        self.invitation.as_ref().and_then(|invitation| invitation.expires_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timestamp::Duration;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn invited(delivery: Delivery) -> MembershipFacts {
        let invitation = InvitationFacts {
            expires_at: Some(NOW + Duration::hours(1)),
            withdrawn_at: None,
            declined_at: None,
            accepted_at: None,
            awaits_approval: false,
            is_unsent: false,
            delivery,
        };
        MembershipFacts { standings: vec![Standing::Offered], invitation: Some(invitation) }
    }

    #[test]
    fn invited_is_said_only_after_a_relay_took_the_message() {
        assert_eq!(invited(Delivery::Queued).status(NOW), Status::Waiting);
        assert_eq!(invited(Delivery::HandedOver).status(NOW), Status::Invited);
        assert_eq!(invited(Delivery::Failed).status(NOW), Status::Failed);
    }

    #[test]
    fn an_invitation_ends_at_its_moment_not_a_millisecond_later() {
        let facts = invited(Delivery::HandedOver);
        assert_eq!(facts.status(Timestamp(NOW.0 + 3_599_999)), Status::Invited);
        assert_eq!(facts.status(NOW + Duration::hours(1)), Status::Expired);
        assert_eq!(facts.holds_until(NOW), Some(NOW + Duration::hours(1)));
    }

    /// W-05.
    #[test]
    fn what_nobody_got_stays_an_error_when_its_time_is_over() {
        let facts = invited(Delivery::Failed);
        assert_eq!(facts.status(NOW + Duration::days(30)), Status::Failed);
        assert_eq!(facts.holds_until(NOW), None, "it does not turn by itself");
        let mut withdrawn = invited(Delivery::Failed);
        withdrawn.invitation.as_mut().expect("an invitation").withdrawn_at = Some(NOW);
        assert_eq!(withdrawn.status(NOW + Duration::days(30)), Status::Withdrawn);
    }

    #[test]
    fn an_invitation_without_an_end_has_ended() {
        let mut facts = invited(Delivery::HandedOver);
        facts.invitation.as_mut().expect("an invitation").expires_at = None;
        assert_eq!(facts.status(NOW), Status::Expired);
    }

    #[test]
    fn what_waits_for_a_second_administrator_says_so() {
        let mut facts = invited(Delivery::Queued);
        let invitation = facts.invitation.as_mut().expect("an invitation");
        (invitation.awaits_approval, invitation.expires_at) = (true, None);
        assert_eq!(facts.status(NOW), Status::AwaitingApproval);
    }

    /// Rule 20.
    #[test]
    fn whoever_was_added_is_not_invited_until_somebody_invites_them() {
        let mut facts = invited(Delivery::Queued);
        let invitation = facts.invitation.as_mut().expect("an invitation");
        (invitation.is_unsent, invitation.expires_at) = (true, None);
        assert_eq!(facts.status(NOW + Duration::days(900)), Status::NotInvited);
        assert_eq!(facts.holds_until(NOW), None, "it does not turn by itself");
        facts.standings = vec![Standing::Archived];
        assert_eq!(facts.status(NOW), Status::Archived);
    }

    #[test]
    fn blocked_stands_above_an_offer_and_unblocking_gives_back_what_was() {
        let mut facts = invited(Delivery::HandedOver);
        facts.standings = vec![Standing::of(false, true, false)];
        assert_eq!(facts.status(NOW), Status::Blocked);
        facts.standings = vec![Standing::of(false, false, false)];
        assert_eq!(facts.status(NOW), Status::Invited);
    }

    #[test]
    fn one_active_membership_makes_the_person_active_whatever_became_of_the_others() {
        let mut facts = invited(Delivery::Failed);
        facts.standings = vec![Standing::Blocked, Standing::Archived, Standing::Active, Standing::Offered];
        assert_eq!(facts.status(NOW), Status::Active);
        facts.standings.remove(2);
        assert_eq!(facts.status(NOW), Status::Failed, "an offer that is open counts more than what has ended");
        facts.standings.pop();
        assert_eq!(facts.status(NOW), Status::Blocked);
        facts.standings.remove(0);
        assert_eq!(facts.status(NOW), Status::Archived);
    }

    proptest! {
        /// Who holds something active is active, and nobody else is.
        #[test]
        fn active_is_who_holds_something_active(bits in prop::collection::vec(0u8..8, 0..6)) {
            let standings: Vec<Standing> =
                bits.iter().map(|bits| Standing::of(bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)).collect();
            let facts = MembershipFacts { standings: standings.clone(), invitation: None };
            prop_assert_eq!(facts.status(NOW) == Status::Active, standings.contains(&Standing::Active));
        }
    }
}

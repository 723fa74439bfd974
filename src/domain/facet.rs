//! Where somebody's invitation stands, in the four words by which a learning platform narrows its list (rules 33, 34). Each takes in
//! several of the states in which somebody may be; all of it follows from these.

use super::coded::coded;
use super::user::Status;
use serde::{Deserialize, Serialize};

coded! {
    /// What stands beside the list, below *All*.
    /// Its code is how addresses of pages write it, where they write a single state, too: no state is called so.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum InvitationFacet {
        /// The invitation came, or led them in: the card has its mark.
        Invited = "any-invited",
        /// Nobody has sent one, or none that works any more.
        NotInvited = "any-not-invited",
        /// It is on its way, or waits for a second administrator.
        Waiting = "any-waiting",
        /// It could not be sent.
        Error = "any-error",
    }
}

impl InvitationFacet {
    /// What it takes in.
    pub fn statuses(self) -> &'static [Status] {
        match self {
            Self::Invited => &[Status::Invited, Status::Active],
            Self::NotInvited => &[Status::NotInvited, Status::Expired, Status::Withdrawn],
            Self::Waiting => &[Status::Waiting, Status::AwaitingApproval],
            Self::Error => &[Status::Failed],
        }
    }

    /// The state whose word it has.
    pub fn word(self) -> Status {
        match self {
            Self::Invited => Status::Invited,
            Self::NotInvited => Status::NotInvited,
            Self::Waiting => Status::Waiting,
            Self::Error => Status::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_whose_word_it_has_is_one_of_its_own() {
        for facet in InvitationFacet::ALL {
            assert!(facet.statuses().contains(&facet.word()), "{facet:?}");
        }
    }

    /// Rule 34: whoever has access, or may have it, stands in exactly one of them; who is shut out, in none.
    #[test]
    fn everybody_who_is_not_shut_out_stands_in_exactly_one() {
        for status in Status::ALL {
            let of = InvitationFacet::ALL.into_iter().filter(|facet| facet.statuses().contains(&status));
            let is_shut_out = matches!(status, Status::Blocked | Status::Archived);
            assert_eq!(of.count(), usize::from(!is_shut_out), "{status:?}");
        }
    }

    #[test]
    fn no_state_is_called_as_one_of_them() {
        for facet in InvitationFacet::ALL {
            assert_eq!(InvitationFacet::from_code(facet.code()), Some(facet));
            assert_eq!(Status::from_code(facet.code()), None);
        }
    }
}

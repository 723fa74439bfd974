//! What one administrator proposes and a second one agrees to (rule 53), where no invitation carries it. Nothing of it counts
//! until then. What takes two is `agreement`'s to say, who may agree is `policy`'s.

use super::id::{RoleId, UnitId, UserId};
use super::permission::Permissions;
use super::role::RoleWish;
use serde::{Deserialize, Serialize};

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProposedChange {
    /// To change a role, or to make one of this id.
    SaveRole {
        role: RoleId,
        wish: RoleWish,
    },
    RemoveRole {
        role: RoleId,
    },
    /// Another role, or other extra permissions, for somebody who is in.
    Change {
        user: UserId,
        unit: UnitId,
        role: RoleId,
        extra: Permissions,
    },
    /// A further unit for somebody who is in.
    Add {
        user: UserId,
        unit: UnitId,
        role: RoleId,
        extra: Permissions,
    },
    /// Out of a unit.
    TakeOut {
        user: UserId,
        unit: UnitId,
    },
}

impl ProposedChange {
    /// Whether another one is about the same thing: the newer one takes its place.
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        let role = |wish: &Self| match wish {
            Self::SaveRole { role, .. } | Self::RemoveRole { role } => Some(role.clone()),
            Self::Change { .. } | Self::Add { .. } | Self::TakeOut { .. } => None,
        };
        (role(self), self.place()) == (role(other), other.place())
    }

    /// The place of somebody that it is about.
    fn place(&self) -> Option<(&UserId, &UnitId)> {
        match self {
            Self::SaveRole { .. } | Self::RemoveRole { .. } => None,
            Self::Change { user, unit, .. } | Self::Add { user, unit, .. } | Self::TakeOut { user, unit } => {
                Some((user, unit))
            }
        }
    }

    /// Whom it is about.
    pub fn user(&self) -> Option<&UserId> {
        self.place().map(|(user, _)| user)
    }
}

/// What became of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProposalOutcome {
    Done,
    /// It waits for a second administrator.
    Proposed,
    /// It takes two, nobody else could have agreed, and it is done; the history says so.
    DecidedAlone,
}

impl ProposalOutcome {
    /// How a form's answer carries it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::Proposed => "Proposed",
            Self::DecidedAlone => "DecidedAlone",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_wish_about_a_role_takes_the_place_of_an_older_one() {
        let (a, b) = (RoleId::new("a"), RoleId::new("b"));
        let save = |role: &RoleId| ProposedChange::SaveRole { role: role.clone(), wish: RoleWish::default() };
        assert!(save(&a).is_about_the_same(&ProposedChange::RemoveRole { role: a.clone() }));
        assert!(!save(&a).is_about_the_same(&save(&b)));
        let change = |unit: &str| ProposedChange::Change {
            user: UserId::new("u"),
            unit: UnitId::new(unit),
            role: a.clone(),
            extra: Permissions::NONE,
        };
        assert!(change("x").is_about_the_same(&change("x")) && !change("x").is_about_the_same(&change("y")));
        assert!(!change("x").is_about_the_same(&save(&a)));
    }
}

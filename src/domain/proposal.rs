//! What one administrator proposes and a second one agrees to (rule 53), where no invitation carries it. Nothing of it counts
//! until then. What takes two is `agreement`'s to say, who may agree is `policy`'s.

use super::coded::coded;
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
    /// To put a unit, with all below it, below another one.
    MoveUnit {
        unit: UnitId,
        to: UnitId,
    },
}

impl ProposedChange {
    /// Whether another one is about the same thing: the newer one takes its place.
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        (self.role(), self.user(), self.unit()) == (other.role(), other.user(), other.unit())
    }

    /// Which role it would change.
    fn role(&self) -> Option<&RoleId> {
        match self {
            Self::SaveRole { role, .. } | Self::RemoveRole { role } => Some(role),
            Self::Change { .. } | Self::Add { .. } | Self::TakeOut { .. } | Self::MoveUnit { .. } => None,
        }
    }

    /// Whether it changes what a role means, wherever it is held.
    pub fn is_about_a_role(&self) -> bool {
        self.role().is_some()
    }

    /// Whom it is about.
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::Change { user, .. } | Self::Add { user, .. } | Self::TakeOut { user, .. } => Some(user),
            Self::SaveRole { .. } | Self::RemoveRole { .. } | Self::MoveUnit { .. } => None,
        }
    }

    /// At which unit it is about somebody, or which unit it moves.
    pub fn unit(&self) -> Option<&UnitId> {
        match self {
            Self::Change { unit, .. }
            | Self::Add { unit, .. }
            | Self::TakeOut { unit, .. }
            | Self::MoveUnit { unit, .. } => Some(unit),
            Self::SaveRole { .. } | Self::RemoveRole { .. } => None,
        }
    }
}

coded! {
    /// What became of an action; a form's answer carries the code, which is the name.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum ProposalOutcome {
        Done = "Done",
        /// It waits for a second administrator.
        Proposed = "Proposed",
        /// It takes two, nobody else could have agreed, and it is done; the history says so.
        DecidedAlone = "DecidedAlone",
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
        let relocate = |to: &str| ProposedChange::MoveUnit { unit: UnitId::new("x"), to: UnitId::new(to) };
        assert!(relocate("y").is_about_the_same(&relocate("z")) && !relocate("y").is_about_the_same(&change("x")));
    }
}

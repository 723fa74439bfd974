//! Why a role is not made, changed or removed as it was wished, with the roles and the permissions that stand in the way: who
//! is told no is told which (W-28). It must not decide anything.

use super::Role;
use crate::domain::error::UseCaseError;
use crate::domain::id::RoleId;
use crate::domain::permission::Permissions;
use serde::{Deserialize, Serialize};

/// A role as a refusal names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedRole {
    /// Nothing while there is no such role yet, and so no page of it.
    pub id: Option<RoleId>,
    /// As in [`Role`].
    pub key: String,
    /// As in [`Role`].
    pub name: String,
}

impl From<&Role> for NamedRole {
    fn from(role: &Role) -> Self {
        Self { id: Some(role.id.clone()), key: role.key.clone(), name: role.name.clone() }
    }
}

/// What stands in the way of a role that was wished for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleRefused {
    /// There is no such role for you.
    Unknown,
    /// `giver` would assign `given`, which does not stand below it.
    GivesRank { giver: NamedRole, given: NamedRole },
    /// `giver` would assign `given`, and lacks some of its permissions.
    GivesPermissions { giver: NamedRole, given: NamedRole, lacks: Permissions },
    /// `giver` would assign `given`, and not all that this one assigns.
    GivesRoles { giver: NamedRole, given: NamedRole, lacks: Vec<NamedRole> },
    /// The editor's own role does not assign this one, or is this one.
    NotBelow { own: NamedRole, role: NamedRole },
    /// The top role is never removed.
    Top { role: NamedRole },
    /// What is added or taken away, and the editor does not hold.
    NotHeld { own: NamedRole, lacks: Permissions },
    /// The roles to assign that are added or taken away, and that the editor does not assign.
    NotAssigned { own: NamedRole, lacks: Vec<NamedRole> },
    /// The rank is not below the editor's own; the highest that is.
    NotLower { own: NamedRole, most: i64 },
    /// What only the top role has.
    OfInstallation { permissions: Permissions },
}

impl RoleRefused {
    /// Whether it is beyond what whoever asks may do; else it is the roles themselves that do not fit together.
    pub fn is_beyond(&self) -> bool {
        match self {
            Self::Unknown | Self::GivesRank { .. } | Self::GivesPermissions { .. } | Self::GivesRoles { .. } => false,
            Self::NotBelow { .. }
            | Self::Top { .. }
            | Self::NotHeld { .. }
            | Self::NotAssigned { .. }
            | Self::NotLower { .. }
            | Self::OfInstallation { .. } => true,
        }
    }

    /// The roles that it names, in the order of the sentence.
    pub fn roles(&self) -> Vec<&NamedRole> {
        match self {
            Self::Unknown | Self::OfInstallation { .. } => Vec::new(),
            Self::GivesRank { giver, given } | Self::GivesPermissions { giver, given, .. } => vec![giver, given],
            Self::GivesRoles { giver, given, lacks } => [giver, given].into_iter().chain(lacks).collect(),
            Self::NotBelow { own, role } => vec![own, role],
            Self::Top { role } => vec![role],
            Self::NotHeld { own, .. } | Self::NotLower { own, .. } => vec![own],
            Self::NotAssigned { own, lacks } => std::iter::once(own).chain(lacks).collect(),
        }
    }

    /// The same, where a role that is still to be made has no page.
    pub(super) fn before_it_is_made(mut self, new: &RoleId) -> Self {
        let forget = |role: &mut NamedRole| role.id = role.id.take().filter(|id| id != new);
        match &mut self {
            Self::GivesRank { giver, given } | Self::GivesPermissions { giver, given, .. } => {
                forget(giver);
                forget(given);
            }
            Self::GivesRoles { giver, given, lacks } => {
                forget(giver);
                forget(given);
                lacks.iter_mut().for_each(forget);
            }
            _ => {}
        }
        self
    }
}

impl From<RoleRefused> for UseCaseError {
    fn from(refused: RoleRefused) -> Self {
        Self::Role(Box::new(refused))
    }
}

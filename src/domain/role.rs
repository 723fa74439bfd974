//! A role: data, not code. A rank, what it may see and use, and which roles its holder may assign.

use super::id::RoleId;
use super::permission::{Permission, Permissions};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    pub id: RoleId,
    /// The preset's key (`dispatcher`), by which the words catalogue knows its name; empty for a role made by hand.
    pub key: String,
    /// The name given by hand; empty while the preset's stands.
    pub name: String,
    /// Higher stands above lower; lists show roles by it.
    pub rank: i64,
    pub permissions: Permissions,
    /// The roles that a holder may give, and to whose holders he may do things (rules 82, 88, 95).
    pub may_assign: Vec<RoleId>,
    /// The one role that must never be without an active holder at the root (rule 83).
    pub is_top: bool,
}

impl Role {
    pub fn has(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }

    /// Whether holders of this role may act on holders of `other`. Nobody stands above the top role, so its holders may
    /// act on one another; every other role reaches only those that it could have given.
    pub fn commands(&self, other: &RoleId) -> bool {
        self.may_assign.contains(other) || (self.is_top && &self.id == other)
    }
}

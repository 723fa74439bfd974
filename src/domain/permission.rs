//! What a role can carry (rule 52): sections to see and functions to use. The set is small enough for one word.

use serde::{Deserialize, Serialize};

/// One section that may be shown or one function that may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Permission {
    SeeUsers,
    SeeInvitations,
    SeeAudit,
    SeeMailbox,
    SeeSettings,
    Invite,
    EditUsers,
    ChangeRoles,
    BlockUsers,
    DeleteUsers,
    ResetPasswords,
    ChangeSettings,
}

impl Permission {
    pub const ALL: [Self; 12] = [
        Self::SeeUsers,
        Self::SeeInvitations,
        Self::SeeAudit,
        Self::SeeMailbox,
        Self::SeeSettings,
        Self::Invite,
        Self::EditUsers,
        Self::ChangeRoles,
        Self::BlockUsers,
        Self::DeleteUsers,
        Self::ResetPasswords,
        Self::ChangeSettings,
    ];

    /// How the database and the history write it.
    pub fn code(self) -> &'static str {
        match self {
            Self::SeeUsers => "users.see",
            Self::SeeInvitations => "invitations.see",
            Self::SeeAudit => "audit.see",
            Self::SeeMailbox => "mailbox.see",
            Self::SeeSettings => "settings.see",
            Self::Invite => "users.invite",
            Self::EditUsers => "users.edit",
            Self::ChangeRoles => "users.change_role",
            Self::BlockUsers => "users.block",
            Self::DeleteUsers => "users.delete",
            Self::ResetPasswords => "users.reset_password",
            Self::ChangeSettings => "settings.change",
        }
    }

    fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Permissions(u32);

impl Permissions {
    pub fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether everything in `other` is also in here.
    pub fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.has(*permission))
    }

    /// The codes, separated by spaces, as the database keeps them.
    pub fn to_codes(self) -> String {
        self.iter().map(Permission::code).collect::<Vec<_>>().join(" ")
    }

    /// Reads codes; one that this version does not know grants nothing.
    pub fn from_codes(codes: &str) -> Self {
        codes
            .split_whitespace()
            .filter_map(|code| Permission::ALL.into_iter().find(|permission| permission.code() == code))
            .collect()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<T: IntoIterator<Item = Permission>>(permissions: T) -> Self {
        Self(permissions.into_iter().fold(0, |set, permission| set | permission.bit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_as_the_same_set_and_unknown_ones_grant_nothing() {
        let all: Permissions = Permission::ALL.into_iter().collect();
        assert_eq!(Permissions::from_codes(&all.to_codes()), all);
        assert_eq!(Permissions::from_codes("users.see future.power"), [Permission::SeeUsers].into_iter().collect());
    }
}

//! What a role can carry (rule 52): sections to see and functions to use. The set is small enough for one word.

use super::coded::coded;
use serde::{Deserialize, Serialize};

coded! {
    /// One section that may be shown or one function that may be used; sections first, then functions. Its code is how the
    /// database, the forms and the history write it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[repr(u8)]
    pub enum Permission {
        SeeUsers = "users.see",
        SeeUnits = "units.see",
        SeeInvitations = "invitations.see",
        SeeShifts = "shifts.see",
        SeeAudit = "audit.see",
        SeeMailbox = "mailbox.see",
        SeeSettings = "settings.see",
        Invite = "users.invite",
        EditUsers = "users.edit",
        /// Another role or other extra permissions at one unit.
        ChangeRoles = "users.change_role",
        BlockUsers = "users.block",
        /// Archive and bring back; take out of a unit.
        ArchiveUsers = "users.archive",
        DeleteUsers = "users.delete",
        ResetPasswords = "users.reset_password",
        /// Create, rename, move and archive units.
        ManageUnits = "units.manage",
        EditShifts = "shifts.edit",
        EditRoles = "roles.edit",
        ChangeSettings = "settings.change",
    }
}

impl Permission {
    /// Whether it shows a section; the others let a function be used.
    pub fn is_section(self) -> bool {
        self < Self::Invite
    }

    /// The section in which it is used; of a section, that one itself.
    pub fn section(self) -> Self {
        match self {
            Self::Invite
            | Self::EditUsers
            | Self::ChangeRoles
            | Self::BlockUsers
            | Self::ArchiveUsers
            | Self::DeleteUsers
            | Self::ResetPasswords => Self::SeeUsers,
            Self::ManageUnits => Self::SeeUnits,
            Self::EditShifts => Self::SeeShifts,
            Self::EditRoles | Self::ChangeSettings => Self::SeeSettings,
            section => section,
        }
    }

    /// Whether it concerns the installation as a whole: everybody's mail, the settings, the roles. It counts only where the
    /// top role is held, at the root (rule 26).
    pub fn is_of_installation(self) -> bool {
        matches!(self, Self::SeeMailbox | Self::SeeSettings | Self::EditRoles | Self::ChangeSettings)
    }

    fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Permissions(u32);

impl Permissions {
    pub const NONE: Self = Self(0);

    pub fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in here and not in `other`.
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether everything in `other` is also in here.
    pub fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// What of it counts at a unit below the root.
    pub fn below_the_root(self) -> Self {
        self.iter().filter(|permission| !permission.is_of_installation()).collect()
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.has(*permission))
    }

    /// The codes, separated by spaces, as the database keeps them.
    pub fn to_codes(self) -> String {
        self.iter().map(Permission::code).collect::<Vec<_>>().join(" ")
    }

    /// The set that stands behind codes as the database keeps them; `None` when one of them is none.
    pub fn read(codes: &str) -> Option<Self> {
        codes.split(' ').filter(|code| !code.is_empty()).map(Permission::from_code).collect()
    }

    /// Reads the codes of a form; one that there is not grants nothing.
    pub fn from_codes(codes: &str) -> Self {
        codes.split_whitespace().filter_map(Permission::from_code).collect()
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
        assert_eq!(Permissions::read(&all.to_codes()), Some(all));
        assert_eq!(
            (Permissions::read(""), Permissions::read("users.see future.power")),
            (Some(Permissions::NONE), None)
        );
        assert_eq!(Permissions::from_codes("users.see future.power"), [Permission::SeeUsers].into_iter().collect());
    }

    #[test]
    fn every_function_is_used_in_a_section() {
        for permission in Permission::ALL {
            let section = permission.section();
            assert!(section.is_section() && section.section() == section, "{permission:?}");
            assert_eq!(section == permission, permission.is_section(), "{permission:?}");
        }
    }

    #[test]
    fn what_is_left_out_is_what_is_not_covered() {
        let some: Permissions = [Permission::SeeUsers, Permission::Invite].into_iter().collect();
        let one: Permissions = [Permission::Invite].into_iter().collect();
        assert!(some.covers(one) && !one.covers(some) && one.without(some).is_empty());
        assert_eq!(some.without(one).to_codes(), "users.see");
    }

    #[test]
    fn sections_come_first() {
        let sections = Permission::ALL.iter().filter(|permission| permission.is_section()).count();
        assert!(Permission::ALL[..sections].iter().all(|permission| permission.code().ends_with(".see")));
        assert_eq!(sections, 7);
    }
}

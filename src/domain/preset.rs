//! Presets: what one kind of organisation starts with. Roles are copied into the database at set-up and live there.

use super::moment::Span;
use super::permission::Permission::{self, *};

/// A role as a preset brings it.
pub struct PresetRole {
    pub key: &'static str,
    pub rank: i64,
    pub permissions: &'static [Permission],
    pub may_assign: &'static [&'static str],
    pub is_top: bool,
}

/// What an installation starts with.
pub struct Preset {
    pub key: &'static str,
    pub roles: &'static [PresetRole],
    /// How long an invitation link works (C1).
    pub invitation_valid_for: Span,
    /// The role that the invite form proposes first.
    pub usual_role: &'static str,
}

/// The dispatch system of rules 71–95.
pub const DISPATCH: Preset = Preset {
    key: "dispatch",
    invitation_valid_for: Span::hours(8),
    usual_role: "employee",
    roles: &[
        PresetRole {
            key: "main_administrator",
            rank: 50,
            permissions: &Permission::ALL,
            // Rule 83: the main administrator's role is not in any list; it comes by set-up or the command line.
            may_assign: &["company_administrator", "dispatcher", "agent_group_manager", "employee"],
            is_top: true,
        },
        PresetRole {
            key: "company_administrator",
            rank: 40,
            permissions: &[
                SeeUsers,
                SeeInvitations,
                SeeAudit,
                Invite,
                EditUsers,
                ChangeRoles,
                BlockUsers,
                DeleteUsers,
                ResetPasswords,
            ],
            may_assign: &["dispatcher", "agent_group_manager", "employee"],
            is_top: false,
        },
        PresetRole { key: "dispatcher", rank: 30, permissions: &[SeeUsers], may_assign: &[], is_top: false },
        PresetRole { key: "agent_group_manager", rank: 20, permissions: &[SeeUsers], may_assign: &[], is_top: false },
        PresetRole { key: "employee", rank: 10, permissions: &[], may_assign: &[], is_top: false },
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_assignable_role_exists_and_nobody_may_assign_his_own_or_a_higher_one() {
        for role in DISPATCH.roles {
            for key in role.may_assign {
                let other = DISPATCH.roles.iter().find(|other| &other.key == key).expect("a role of the preset");
                assert!(other.rank < role.rank, "{} may assign {key}", role.key);
            }
        }
        assert_eq!(DISPATCH.roles.iter().filter(|role| role.is_top).count(), 1);
    }
}

//! Presets: what one kind of organisation starts with. Roles are copied into the database at set-up and live there.

use super::authorization::SignsInBy;
use super::consent::ConsentKind;
use super::contact::CallingCode;
use super::id::RoleId;
use super::onboarding::InvitationCarries;
use super::password::PasswordPolicy;
use super::permission::Permission::{self, *};
use super::registration::{NameFields, PhoneField, RegistrationFields};
use super::role::Role;
use super::settings::{InvitesBy, Settings, UnitField};
use super::timestamp::Duration;
use super::unit::UnitKind;
use super::user::NamePolicy;

/// A role as a preset brings it.
pub struct PresetRole {
    pub key: &'static str,
    pub rank: i64,
    pub permissions: &'static [Permission],
    pub may_assign: &'static [&'static str],
    pub is_top: bool,
    /// To give and to take away (rule 53).
    pub takes_two: bool,
}

/// What an installation starts with.
pub struct Preset {
    pub key: &'static str,
    pub roles: &'static [PresetRole],
    /// What is created below a company; the words catalogue has their labels.
    pub kinds: &'static [UnitKind],
    /// How long an invitation link works (rules 16, 61, 78).
    pub invitation_valid_for: Duration,
    /// The role that the invite form proposes first.
    pub usual_role: &'static str,
    pub name_policy: NamePolicy,
    pub unit_field: UnitField,
    pub invites_by: InvitesBy,
    /// What is offered for a number without a country code; empty where nothing is.
    pub calling_code: &'static str,
    /// What the page of an invitation asks (rules 14, 47).
    pub registration: RegistrationFields,
    /// Whether people may be known before anybody invites them (rule 20).
    pub adds_people: bool,
    /// Whether people without an address are added with a login (rule 79).
    pub hands_over: bool,
    pub carries: InvitationCarries,
    /// Whether there is a plan of shifts.
    pub plans_shifts: bool,
    /// Whether whoever leaves is archived (rule 1); a portal deactivates or deletes, a dispatch blocks or deletes (rules 63, 92, 94).
    pub archives_people: bool,
    /// How many days whoever is deleted can be brought back; rule 94 wants none.
    pub bin_days: i64,
    pub password: PasswordPolicy,
    pub signs_in_by: SignsInBy,
    /// What people are asked to agree to (rules 48, 49): at first in sample texts, which say so.
    pub asks_consents: &'static [ConsentKind],
}

/// The top role of a preset: everything, and every other role. Rule 83: it stands in no list of roles to give.
const fn top(key: &'static str, may_assign: &'static [&'static str]) -> PresetRole {
    PresetRole { key, rank: 50, permissions: &Permission::ALL, may_assign, is_top: true, takes_two: false }
}

const fn role(
    key: &'static str,
    rank: i64,
    permissions: &'static [Permission],
    may_assign: &'static [&'static str],
) -> PresetRole {
    PresetRole { key, rank, permissions, may_assign, is_top: false, takes_two: false }
}

/// A role that nobody gives alone, nor takes away (rule 53).
const fn agreed(role: PresetRole) -> PresetRole {
    PresetRole { takes_two: true, ..role }
}

/// Who runs a company or a part of one: everything about its people and units; nothing of the installation's.
const RUNS_A_UNIT: &[Permission] = &[
    SeeUsers,
    SeeUnits,
    SeeInvitations,
    SeeAudit,
    Invite,
    EditUsers,
    ChangeRoles,
    BlockUsers,
    ArchiveUsers,
    DeleteUsers,
    ResetPasswords,
    ManageUnits,
];

/// The same where there is a plan of shifts.
const RUNS_A_UNIT_AND_SHIFTS: &[Permission] = &[
    SeeUsers,
    SeeUnits,
    SeeInvitations,
    SeeShifts,
    SeeAudit,
    Invite,
    EditUsers,
    ChangeRoles,
    BlockUsers,
    ArchiveUsers,
    DeleteUsers,
    ResetPasswords,
    ManageUnits,
    EditShifts,
];

/// What a preset has that says nothing else; its name and its roles are its own.
const USUAL: Preset = Preset {
    key: "",
    roles: &[],
    kinds: &[UnitKind::Branch, UnitKind::Team],
    invitation_valid_for: Duration::days(7),
    usual_role: "",
    name_policy: NamePolicy::UserWins,
    unit_field: UnitField::Optional,
    invites_by: InvitesBy::MailOnly,
    calling_code: "",
    registration: RegistrationFields { name: NameFields::One, phone: PhoneField::Optional, repeats_password: false },
    adds_people: false,
    hands_over: false,
    carries: InvitationCarries::Link,
    plans_shifts: false,
    archives_people: true,
    // Long enough for somebody to come back from leave and be missed.
    bin_days: 30,
    password: PasswordPolicy { min_length: 12, classes: false },
    signs_in_by: SignsInBy::Mail,
    asks_consents: &[],
};

/// The school of rules 1–19: teams, an archive, administrators who invite.
pub const SCHOOL: Preset = Preset {
    key: "school",
    roles: &[
        top("school_owner", &["school_administrator", "school_coordinator", "school_teacher"]),
        role("school_administrator", 40, RUNS_A_UNIT_AND_SHIFTS, &["school_coordinator", "school_teacher"]),
        role("school_coordinator", 30, &[SeeUsers, SeeUnits, SeeShifts, EditShifts], &[]),
        role("school_teacher", 10, &[SeeShifts], &[]),
    ],
    kinds: &[UnitKind::Team],
    invitation_valid_for: Duration::hours(72),
    usual_role: "school_teacher",
    registration: RegistrationFields { repeats_password: true, ..USUAL.registration },
    plans_shifts: true,
    ..USUAL
};

/// The learning platform of rules 20–36.
pub const LEARNING: Preset = Preset {
    key: "learning",
    roles: &[
        top("learning_super_administrator", &["learning_administrator", "learning_tutor", "learning_learner"]),
        role("learning_administrator", 40, RUNS_A_UNIT, &["learning_tutor", "learning_learner"]),
        role("learning_tutor", 30, &[SeeUsers, SeeUnits, SeeInvitations], &[]),
        role("learning_learner", 10, &[], &[]),
    ],
    kinds: &[UnitKind::Team],
    usual_role: "learning_learner",
    unit_field: UnitField::Off,
    // Rule 23: to the e-mail address and to the number of the profile.
    invites_by: InvitesBy::Both,
    // Rule 31 has numbers of this country.
    calling_code: "+7",
    adds_people: true,
    carries: InvitationCarries::Credentials,
    signs_in_by: SignsInBy::Any,
    ..USUAL
};

/// The booking chain of rules 37–55: branches, rights in the chain and in its branches, nobody alone makes an administrator.
pub const BOOKING: Preset = Preset {
    key: "booking",
    roles: &[
        top(
            "booking_owner",
            &[
                "booking_chain_administrator",
                "booking_branch_administrator",
                "booking_accountant",
                "booking_specialist",
            ],
        ),
        agreed(role(
            "booking_chain_administrator",
            40,
            RUNS_A_UNIT_AND_SHIFTS,
            &["booking_branch_administrator", "booking_accountant", "booking_specialist"],
        )),
        agreed(role(
            "booking_branch_administrator",
            30,
            &[
                SeeUsers,
                SeeUnits,
                SeeInvitations,
                SeeShifts,
                Invite,
                EditUsers,
                ChangeRoles,
                BlockUsers,
                ArchiveUsers,
                ResetPasswords,
                EditShifts,
            ],
            &["booking_accountant", "booking_specialist"],
        )),
        role("booking_accountant", 20, &[SeeUsers, SeeShifts], &[]),
        role("booking_specialist", 10, &[SeeShifts], &[]),
    ],
    kinds: &[UnitKind::Branch],
    usual_role: "booking_specialist",
    unit_field: UnitField::Required,
    invites_by: InvitesBy::MailOrSms,
    registration: RegistrationFields { phone: PhoneField::Required, ..USUAL.registration },
    plans_shifts: true,
    signs_in_by: SignsInBy::MailOrPhone,
    asks_consents: &ConsentKind::ALL,
    ..USUAL
};

/// The client portal of rules 56–70: companies with clients, roles with extra permissions.
pub const PORTAL: Preset = Preset {
    key: "portal",
    roles: &[
        top("portal_administrator", &["portal_manager", "portal_advisor", "portal_client"]),
        role("portal_manager", 40, RUNS_A_UNIT, &["portal_advisor", "portal_client"]),
        role(
            "portal_advisor",
            30,
            &[SeeUsers, SeeUnits, SeeInvitations, Invite, EditUsers, ResetPasswords],
            &["portal_client"],
        ),
        role("portal_client", 10, &[], &[]),
    ],
    kinds: &[UnitKind::Client],
    invitation_valid_for: Duration::days(21),
    usual_role: "portal_client",
    name_policy: NamePolicy::Administrator,
    unit_field: UnitField::Required,
    archives_people: false,
    // Rule 69; the settings say what this costs.
    password: PasswordPolicy { min_length: 8, classes: true },
    ..USUAL
};

/// The dispatch system of rules 71–95.
pub const DISPATCH: Preset = Preset {
    key: "dispatch",
    roles: &[
        top("main_administrator", &["company_administrator", "dispatcher", "agent_group_manager", "employee"]),
        role("company_administrator", 40, RUNS_A_UNIT_AND_SHIFTS, &["dispatcher", "agent_group_manager", "employee"]),
        role("dispatcher", 30, &[SeeUsers, SeeShifts], &[]),
        role("agent_group_manager", 20, &[SeeUsers, SeeShifts], &[]),
        role("employee", 10, &[], &[]),
    ],
    invitation_valid_for: Duration::hours(8),
    usual_role: "employee",
    // Rule 77.
    registration: RegistrationFields { name: NameFields::FirstAndLast, ..USUAL.registration },
    hands_over: true,
    plans_shifts: true,
    archives_people: false,
    bin_days: 0,
    signs_in_by: SignsInBy::MailOrLogin,
    ..USUAL
};

/// An organisation of none of these kinds: administrators and members, and the usual of everything else.
pub const BLANK: Preset = Preset {
    key: "blank",
    roles: &[
        top("blank_main_administrator", &["blank_administrator", "blank_member"]),
        role("blank_administrator", 40, RUNS_A_UNIT, &["blank_member"]),
        role("blank_member", 10, &[], &[]),
    ],
    usual_role: "blank_member",
    ..USUAL
};

/// All of them, in the order in which set-up offers them.
pub const PRESETS: [&Preset; 6] = [&DISPATCH, &SCHOOL, &LEARNING, &BOOKING, &PORTAL, &BLANK];

impl Preset {
    /// Whether a role may be called so: by a preset, or by nothing, where the organisation made it itself.
    pub fn is_role_key(key: &str) -> bool {
        key.is_empty() || PRESETS.into_iter().flat_map(|preset| preset.roles).any(|role| role.key == key)
    }

    pub fn from_key(key: &str) -> Option<&'static Self> {
        PRESETS.into_iter().find(|preset| preset.key == key)
    }

    /// The preset's roles, highest first, with ids of their own.
    pub fn roles_with(&self, id: impl Fn(&str) -> RoleId) -> Vec<Role> {
        let ids: Vec<(&str, RoleId)> = self.roles.iter().map(|role| (role.key, id(role.key))).collect();
        let id_of = |key: &&str| ids.iter().find(|(other, _)| other == key).map(|(_, id)| id.clone());
        let role = |role: &PresetRole| {
            Some(Role {
                id: id_of(&role.key)?,
                key: role.key.into(),
                name: String::new(),
                rank: role.rank,
                permissions: role.permissions.iter().copied().collect(),
                may_assign: role.may_assign.iter().filter_map(id_of).collect(),
                gave: Vec::new(),
                is_removed: false,
                is_top: role.is_top,
                needs_approval: role.takes_two,
                losing_takes_two: role.takes_two,
                valid_for: None,
                carries: None,
            })
        };
        self.roles.iter().filter_map(role).collect()
    }

    /// The settings with which an installation of this kind starts.
    pub fn settings(&self) -> Settings {
        self.over(Settings::default())
    }

    /// These settings as an installation of this kind would have them: what every kind decides for itself stays.
    pub fn over(&self, settings: Settings) -> Settings {
        Settings {
            preset: self.key.into(),
            invitation_valid_for: self.invitation_valid_for,
            password: self.password,
            signs_in_by: self.signs_in_by,
            name_policy: self.name_policy,
            unit_field: self.unit_field,
            invites_by: self.invites_by,
            calling_code: CallingCode::parse(self.calling_code).unwrap_or_default(),
            registration: self.registration,
            adds_people: self.adds_people,
            hands_over: self.hands_over,
            carries: self.carries,
            plans_shifts: self.plans_shifts,
            archives_people: self.archives_people,
            bin_days: self.bin_days,
            ..settings
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_assignable_role_exists_and_every_preset_has_one_top_role() {
        for preset in PRESETS {
            let known: Vec<&str> = preset.roles.iter().map(|role| role.key).collect();
            assert!(
                preset.roles.iter().all(|role| role.may_assign.iter().all(|key| known.contains(key))),
                "{}",
                preset.key
            );
            assert_eq!(preset.roles.iter().filter(|role| role.is_top).count(), 1);
            assert!(known.contains(&preset.usual_role) && !preset.kinds.is_empty());
        }
    }

    #[test]
    fn no_two_presets_share_a_key_of_a_role() {
        let mut keys: Vec<&str> = PRESETS.iter().flat_map(|preset| preset.roles).map(|role| role.key).collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}

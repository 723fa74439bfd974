//! Who may do what: the one function that the server asks inside its write transaction and the page asks before it shows
//! a button. Five sentences of it:
//! a role is held at a unit and reaches everything below; you give only what yours may give; you act only on those to
//! whom you could have given what they hold; what you may not see does not exist for you; what you see but may not do is
//! refused.

use super::id::{RoleId, UserId};
use super::permission::{Permission, Permissions};
use super::role::Role;
use super::unit::UnitPath;
use super::user::Verb;
use serde::{Deserialize, Serialize};

/// A role held at a unit, active at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    pub unit: UnitPath,
    pub role: Role,
    /// Extra permissions on top of the role (rule 59).
    pub extra: Permissions,
}

impl Holding {
    fn has(&self, permission: Permission) -> bool {
        self.role.has(permission) || self.extra.has(permission)
    }
}

/// Everything by which somebody may do something. Pending and blocked memberships never stand in here (AZ-06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    pub user_id: UserId,
    pub holdings: Vec<Holding>,
}

/// A role at a unit, as the one on whom is acted holds it or is offered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub unit: UnitPath,
    pub role: RoleId,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub enum Ask<'a> {
    /// To see a section or use a function that has no person as its target.
    Use(Permission),
    /// To offer a role at a unit.
    Give { unit: &'a UnitPath, role: &'a RoleId },
    /// To do something to a person.
    Do { verb: Verb, user_id: &'a UserId, places: &'a [Place] },
    /// To give a person another role at every place where he holds one.
    ChangeRole { user_id: &'a UserId, places: &'a [Place], to: &'a RoleId },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    Allowed,
    /// As if it did not exist (404).
    Hidden,
    /// Seen, but refused (403).
    Refused(Denied),
}

/// Why a person who sees something may not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Denied {
    /// The role lacks the permission: "You can look at users but not invite."
    NotYourPart,
    /// The other one holds a role that this one could not have given.
    NotAbove,
    /// Nobody does this to himself.
    Yourself,
    /// The role is not among those that this one may give (rules 82, 88).
    RoleNotYours,
}

impl Decision {
    pub fn is_allowed(&self) -> bool {
        *self == Self::Allowed
    }
}

/// The answer to `ask` for whoever holds `authority`.
pub fn decide(authority: &Authority, ask: Ask<'_>) -> Decision {
    match ask {
        Ask::Use(permission) => allow(authority.has(permission), Denied::NotYourPart),
        Ask::Give { unit, role } => authority.give(unit, role),
        Ask::Do { verb, user_id, places } => authority.act(verb, user_id, places),
        Ask::ChangeRole { user_id, places, to } => match authority.act(Verb::ChangeRole, user_id, places) {
            Decision::Allowed => {
                let gives_everywhere = places.iter().all(|place| authority.may_give(&place.unit, to));
                allow(gives_everywhere, Denied::RoleNotYours)
            }
            no => no,
        },
    }
}

fn allow(yes: bool, otherwise: Denied) -> Decision {
    if yes { Decision::Allowed } else { Decision::Refused(otherwise) }
}

/// The permission that a deed needs.
fn needed_for(verb: Verb) -> Permission {
    match verb {
        Verb::See => Permission::SeeUsers,
        Verb::Edit => Permission::EditUsers,
        Verb::ChangeRole => Permission::ChangeRoles,
        Verb::Block | Verb::Unblock => Permission::BlockUsers,
        Verb::Delete => Permission::DeleteUsers,
        Verb::ResetPassword => Permission::ResetPasswords,
        Verb::Resend | Verb::Withdraw | Verb::CopyLink => Permission::Invite,
    }
}

impl Authority {
    /// Whether any membership carries the permission.
    pub fn has(&self, permission: Permission) -> bool {
        self.holdings.iter().any(|holding| holding.has(permission))
    }

    /// The units down from which the permission reaches, without those that another one reaches already.
    pub fn reach(&self, permission: Permission) -> Vec<&UnitPath> {
        let all: Vec<&UnitPath> =
            self.holdings.iter().filter(|holding| holding.has(permission)).map(|holding| &holding.unit).collect();
        let mut tops: Vec<&UnitPath> =
            all.iter().copied().filter(|path| !all.iter().any(|other| other != path && other.reaches(path))).collect();
        tops.sort();
        tops.dedup();
        tops
    }

    /// The roles that may be given somewhere, in no order: what a role picker offers.
    pub fn may_give_somewhere(&self, role: &RoleId) -> bool {
        self.holdings.iter().any(|holding| holding.has(Permission::Invite) && holding.role.may_assign.contains(role))
    }

    /// The highest rank held; lists and pages address people by it.
    pub fn highest_role(&self) -> Option<&Role> {
        self.holdings.iter().map(|holding| &holding.role).max_by_key(|role| role.rank)
    }

    fn reaches(&self, permission: Permission, unit: &UnitPath) -> bool {
        self.holdings.iter().any(|holding| holding.has(permission) && holding.unit.reaches(unit))
    }

    fn may_give(&self, unit: &UnitPath, role: &RoleId) -> bool {
        self.holdings.iter().any(|holding| holding.unit.reaches(unit) && holding.role.may_assign.contains(role))
    }

    fn give(&self, unit: &UnitPath, role: &RoleId) -> Decision {
        if !self.has(Permission::Invite) {
            return Decision::Refused(Denied::NotYourPart);
        }
        if !self.reaches(Permission::Invite, unit) {
            return Decision::Hidden;
        }
        let gives = self.holdings.iter().any(|holding| {
            holding.has(Permission::Invite) && holding.unit.reaches(unit) && holding.role.may_assign.contains(role)
        });
        allow(gives, Denied::RoleNotYours)
    }

    /// A deed on a person concerns the whole person, so every place of his must lie below ours (TE-05, AZ-04).
    fn act(&self, verb: Verb, user_id: &UserId, places: &[Place]) -> Decision {
        if !self.has(Permission::SeeUsers) {
            return Decision::Refused(Denied::NotYourPart);
        }
        if !places.iter().any(|place| self.reaches(Permission::SeeUsers, &place.unit)) {
            return Decision::Hidden;
        }
        if verb == Verb::See {
            return Decision::Allowed;
        }
        let permission = needed_for(verb);
        if !self.has(permission) {
            return Decision::Refused(Denied::NotYourPart);
        }
        if user_id == &self.user_id {
            return Decision::Refused(Denied::Yourself);
        }
        let commands_all = places.iter().all(|place| {
            self.holdings.iter().any(|holding| {
                holding.has(permission) && holding.unit.reaches(&place.unit) && holding.role.commands(&place.role)
            })
        });
        allow(commands_all, Denied::NotAbove)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::UnitId;
    use crate::domain::preset::DISPATCH;

    fn role(key: &str) -> Role {
        let preset = DISPATCH.roles.iter().find(|role| role.key == key).expect("a role of the preset");
        Role {
            id: RoleId::new(key),
            key: key.into(),
            name: String::new(),
            rank: preset.rank,
            permissions: preset.permissions.iter().copied().collect(),
            may_assign: preset.may_assign.iter().map(|key| RoleId::new(*key)).collect(),
            is_top: preset.is_top,
        }
    }

    fn holder(user: &str, key: &str, unit: &UnitPath) -> Authority {
        let holding = Holding { unit: unit.clone(), role: role(key), extra: Permissions::default() };
        Authority { user_id: UserId::new(user), holdings: vec![holding] }
    }

    fn place(key: &str, unit: &UnitPath) -> Vec<Place> {
        vec![Place { unit: unit.clone(), role: RoleId::new(key) }]
    }

    fn act(authority: &Authority, verb: Verb, user: &str, places: &[Place]) -> Decision {
        decide(authority, Ask::Do { verb, user_id: &UserId::new(user), places })
    }

    fn units() -> (UnitPath, UnitPath, UnitPath) {
        let root = UnitPath::root(&UnitId::new("root"));
        let (a, b) = (root.child(&UnitId::new("a")), root.child(&UnitId::new("b")));
        (root, a, b)
    }

    #[test]
    fn a_company_administrator_cannot_assign_its_own_role() {
        let (_, a, _) = units();
        let admin = holder("1", "company_administrator", &a);
        let give = |key: &str| decide(&admin, Ask::Give { unit: &a, role: &RoleId::new(key) });
        assert_eq!(give("company_administrator"), Decision::Refused(Denied::RoleNotYours));
        assert_eq!(give("main_administrator"), Decision::Refused(Denied::RoleNotYours));
        assert_eq!(give("dispatcher"), Decision::Allowed);
    }

    #[test]
    fn what_stands_in_another_company_does_not_exist() {
        let (_, a, b) = units();
        let admin = holder("1", "company_administrator", &a);
        assert_eq!(act(&admin, Verb::Block, "2", &place("employee", &b)), Decision::Hidden);
        assert_eq!(decide(&admin, Ask::Give { unit: &b, role: &RoleId::new("employee") }), Decision::Hidden);
    }

    #[test]
    fn a_company_administrator_touches_neither_peers_nor_main_administrators() {
        let (root, a, _) = units();
        let admin = holder("1", "company_administrator", &a);
        assert_eq!(
            act(&admin, Verb::Block, "2", &place("company_administrator", &a)),
            Decision::Refused(Denied::NotAbove)
        );
        assert_eq!(act(&admin, Verb::Block, "3", &place("main_administrator", &root)), Decision::Hidden);
    }

    #[test]
    fn someone_who_also_stands_elsewhere_is_out_of_reach_for_deeds_but_not_for_eyes() {
        let (_, a, b) = units();
        let admin = holder("1", "company_administrator", &a);
        let places = [place("employee", &a), place("employee", &b)].concat();
        assert_eq!(act(&admin, Verb::See, "2", &places), Decision::Allowed);
        assert_eq!(act(&admin, Verb::ResetPassword, "2", &places), Decision::Refused(Denied::NotAbove));
    }

    #[test]
    fn those_who_only_look_are_refused_every_deed() {
        let (_, a, _) = units();
        for key in ["dispatcher", "agent_group_manager"] {
            let viewer = holder("1", key, &a);
            assert_eq!(act(&viewer, Verb::See, "2", &place("employee", &a)), Decision::Allowed);
            for verb in Verb::ALL.into_iter().filter(|verb| *verb != Verb::See) {
                let answer = act(&viewer, verb, "2", &place("employee", &a));
                assert_eq!(answer, Decision::Refused(Denied::NotYourPart), "{key} {verb:?}");
            }
        }
        let employee = holder("1", "employee", &a);
        assert_eq!(decide(&employee, Ask::Use(Permission::SeeUsers)), Decision::Refused(Denied::NotYourPart));
    }

    #[test]
    fn nobody_blocks_himself_and_main_administrators_may_act_on_one_another() {
        let (root, ..) = units();
        let main = holder("1", "main_administrator", &root);
        let places = place("main_administrator", &root);
        assert_eq!(act(&main, Verb::Block, "1", &places), Decision::Refused(Denied::Yourself));
        assert_eq!(act(&main, Verb::Block, "2", &places), Decision::Allowed);
    }

    #[test]
    fn reach_names_the_highest_units_once() {
        let (root, a, b) = units();
        let mut both = holder("1", "company_administrator", &a);
        both.holdings.push(holder("1", "dispatcher", &b).holdings.remove(0));
        assert_eq!(both.reach(Permission::SeeUsers), [&a, &b]);
        both.holdings.push(holder("1", "main_administrator", &root).holdings.remove(0));
        assert_eq!(both.reach(Permission::SeeUsers), [&root]);
    }
}

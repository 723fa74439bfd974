//! Who may do what: the one function that the server asks inside its write transaction and the page asks before it shows
//! a button. Five sentences of it:
//! a role is held at a unit and reaches everything below; you give only a role that yours may assign, and only permissions
//! that you hold; you act only on those to whom you could have given what they hold; what you may not see does not exist
//! for you, what you see but may not do is refused; block, archive and removal act within your reach.

use super::id::{RoleId, UserId};
use super::permission::{Permission, Permissions};
use super::role::Role;
use super::timestamp::Duration;
use super::unit::UnitPath;
use super::user::UserAction;
use serde::{Deserialize, Serialize};

/// For how long after signing in somebody deletes people, takes their list away, ends owners and agrees as the second: a day of work. A browser
/// that was left open knows nobody; their password says that it is they (SE-09).
pub const PASSWORD_LASTS: Duration = Duration::hours(12);

/// A role held at a unit, active at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    pub unit: UnitPath,
    pub role: Role,
    /// Extra permissions on top of the role (rule 59).
    pub extra: Permissions,
}

impl Holding {
    /// Everything that it lets its holder see and use.
    pub fn permissions(&self) -> Permissions {
        let all = self.role.permissions.union(self.extra);
        if self.unit.is_root() { all } else { all.below_the_root() }
    }

    fn has(&self, permission: Permission) -> bool {
        self.permissions().has(permission)
    }

    /// Whether whoever holds this, using `permission`, could have given what stands at `place`.
    fn commands(&self, permission: Permission, place: &Place) -> bool {
        self.has(permission)
            && self.unit.reaches(&place.unit)
            && self.role.commands(&place.role)
            && self.permissions().covers(place.extra)
    }
}

/// Everything by which somebody may do something. Pending, blocked and archived memberships, and those at closed units,
/// never stand in here (AZ-06).
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
    /// Extra permissions on top of the role.
    #[serde(default)]
    pub extra: Permissions,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub enum Request<'a> {
    /// To see a section or use a function that has no person as its target.
    Use(Permission),
    /// The same at one unit.
    UseAt(Permission, &'a UnitPath),
    /// To offer a role with extra permissions at a unit.
    Give { unit: &'a UnitPath, role: &'a RoleId, extra: Permissions },
    /// To do something to a person.
    Do { action: UserAction, user_id: &'a UserId, places: &'a [Place] },
    /// To give a person another role, or other extra permissions, at one place where they hold one.
    Change { user_id: &'a UserId, place: &'a Place, to: &'a RoleId, extra: Permissions },
    /// To let go what `proposers` offered: everybody who has a part of what takes two in it (rule 53).
    Approve { user_id: &'a UserId, proposers: &'a [UserId], places: &'a [Place] },
    /// To put a unit below another one; `above` is what is held above one of the two places and not above the other, and what
    /// is offered, blocked or archived there: it counts as soon as somebody takes it up or gives it back.
    Move { unit: &'a UnitPath, to: &'a UnitPath, above: &'a [Place] },
    /// To close a unit or to open it again; `inside` is what is held in it and below, or offered, blocked or archived there,
    /// and `holds_inside` whether whoever asks holds some of it.
    Close { unit: &'a UnitPath, inside: &'a [Place], holds_inside: bool },
}

impl Authority {
    /// What is left of it on the mobile surface: to be somebody who stands somewhere, and one's own things (rule 79).
    #[must_use]
    pub fn for_own_things(mut self) -> Self {
        for holding in &mut self.holdings {
            holding.extra = Permissions::NONE;
            holding.role.permissions = Permissions::NONE;
            holding.role.may_assign.clear();
            holding.role.is_top = false;
        }
        self
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Denied {
    /// No role of this one has a part in it: not even a look.
    NotInRole,
    /// It is seen, but the role lacks the permission to change it: "You can look at users but not invite."
    NotYourPart,
    /// The other one holds a role that this one could not have given.
    NotAbove,
    /// Nobody does this to themselves.
    Yourself,
    /// The role is not among those that this one may give (rules 82, 88).
    RoleNotYours,
    /// It would give somebody a right that whoever gives it does not hold.
    MoreThanYours,
    /// What concerns the installation itself: nobody is invited to it, and its permissions go with the top role alone.
    NotAtTheTop,
    /// The second administrator is another person than the first (rule 53).
    FourEyes,
}

impl Decision {
    pub fn is_allowed(&self) -> bool {
        *self == Self::Allowed
    }

    fn and(self, next: impl FnOnce() -> Self) -> Self {
        if self.is_allowed() { next() } else { self }
    }
}

/// The answer to `ask` for whoever holds `authority`.
pub fn decide(authority: &Authority, ask: Request<'_>) -> Decision {
    match ask {
        Request::Use(permission) => allow(authority.has(permission), Denied::NotInRole),
        Request::UseAt(permission, unit) => authority.use_at(permission, unit),
        Request::Give { unit, role, extra } => authority.give(unit, role, extra),
        Request::Do { action, user_id, places } => authority.act(action, user_id, places),
        Request::Change { user_id, place, to, extra } => authority
            .act(UserAction::ChangeRole, user_id, std::slice::from_ref(place))
            .and(|| authority.change(place, to, extra)),
        Request::Approve { user_id, proposers, places } => {
            authority.act(UserAction::Approve, user_id, places).and(|| {
                let refused = places.iter().map(|place| authority.give(&place.unit, &place.role, place.extra));
                refused.into_iter().find(|decision| !decision.is_allowed()).unwrap_or_else(|| {
                    // Where nobody knows who was the first, nobody is the second.
                    allow(!proposers.is_empty() && !proposers.contains(&authority.user_id), Denied::FourEyes)
                })
            })
        }
        Request::Move { unit, to, above } => authority.relocate(unit, to, above),
        Request::Close { unit, inside, holds_inside } => authority.close(unit, inside, holds_inside),
    }
}

fn allow(yes: bool, otherwise: Denied) -> Decision {
    if yes { Decision::Allowed } else { Decision::Refused(otherwise) }
}

/// Whether a role may be given by one of those who can, with extra permissions on top: all of them one giver's own, none
/// about the installation.
fn with_extra(givers: &[&Holding], extra: Permissions) -> Decision {
    allow(!givers.is_empty(), Denied::RoleNotYours)
        .and(|| allow(givers.iter().any(|holding| holding.permissions().covers(extra)), Denied::MoreThanYours))
        .and(|| allow(extra == extra.below_the_root(), Denied::NotAtTheTop))
}

/// The permission that an action needs.
pub fn needed_for(action: UserAction) -> Permission {
    match action {
        UserAction::See => Permission::SeeUsers,
        UserAction::Edit => Permission::EditUsers,
        UserAction::ChangeRole => Permission::ChangeRoles,
        UserAction::Block | UserAction::Unblock => Permission::BlockUsers,
        UserAction::Archive | UserAction::BringBack | UserAction::RemovePlace => Permission::ArchiveUsers,
        UserAction::Delete => Permission::DeleteUsers,
        UserAction::ResetPassword => Permission::ResetPasswords,
        // It tells of sign-ins and changes what the history does, of one person together.
        UserAction::Report => Permission::SeeAudit,
        UserAction::AddPlace
        | UserAction::Approve
        | UserAction::Resend
        | UserAction::Remind
        | UserAction::Withdraw
        | UserAction::CopyLink => Permission::Invite,
    }
}

/// The section by whose reach somebody chooses a part of the tree to look at: people, or for whoever sees none the plan.
pub fn scope_section(authority: &Authority) -> Permission {
    if authority.has(Permission::SeeUsers) { Permission::SeeUsers } else { Permission::SeeShifts }
}

/// One thing that somebody can see or use at a unit, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ability<'a> {
    pub permission: Permission,
    pub holding: &'a Holding,
    /// It comes from the extra permissions, not from the role.
    pub is_extra: bool,
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

    /// Whether the permission reaches this unit.
    pub fn reaches(&self, permission: Permission, unit: &UnitPath) -> bool {
        self.holdings.iter().any(|holding| holding.has(permission) && holding.unit.reaches(unit))
    }

    /// The roles that may be given somewhere, in no order: what a role picker offers.
    pub fn may_give_somewhere(&self, role: &RoleId) -> bool {
        self.holdings.iter().any(|holding| holding.has(Permission::Invite) && holding.role.may_assign.contains(role))
    }

    /// The extra permissions that may be given together with a role at a unit.
    pub fn extras_to_give(&self, unit: &UnitPath, role: &RoleId) -> Permissions {
        self.holdings
            .iter()
            .filter(|holding| holding.unit.reaches(unit) && holding.role.commands(role))
            .map(|holding| holding.permissions().below_the_root())
            .max_by_key(|permissions| permissions.iter().count())
            .unwrap_or_default()
    }

    /// What can be seen and used at a unit, each with the reason: the highest role that gives it.
    pub fn abilities(&self, unit: &UnitPath) -> Vec<Ability<'_>> {
        let at = |permission: Permission| {
            let holdings = self.holdings.iter().filter(|holding| holding.unit.reaches(unit) && holding.has(permission));
            let is_extra = |holding: &&Holding| !holding.role.has(permission);
            holdings
                .min_by_key(|holding| (is_extra(holding), std::cmp::Reverse(holding.role.rank)))
                .map(|holding| Ability { permission, holding, is_extra: is_extra(&holding) })
        };
        Permission::ALL.into_iter().filter_map(at).collect()
    }

    fn use_at(&self, permission: Permission, unit: &UnitPath) -> Decision {
        // Who sees the people or the plan of a unit sees that the unit is there.
        let sees = [Permission::SeeUnits, Permission::SeeUsers, Permission::SeeShifts, permission];
        if !sees.into_iter().any(|permission| self.has(permission)) {
            return Decision::Refused(Denied::NotInRole);
        }
        if !sees.into_iter().any(|permission| self.reaches(permission, unit)) {
            return Decision::Hidden;
        }
        allow(self.reaches(permission, unit), Denied::NotYourPart)
    }

    fn give(&self, unit: &UnitPath, role: &RoleId, extra: Permissions) -> Decision {
        if !self.has(Permission::Invite) {
            return Decision::Refused(Denied::NotInRole);
        }
        if !self.reaches(Permission::Invite, unit) {
            return Decision::Hidden;
        }
        if unit.is_root() {
            return Decision::Refused(Denied::NotAtTheTop);
        }
        let givers = self.holdings.iter().filter(|holding| {
            holding.has(Permission::Invite) && holding.unit.reaches(unit) && holding.role.may_assign.contains(role)
        });
        let givers: Vec<&Holding> = givers.collect();
        with_extra(&givers, extra)
    }

    fn change(&self, place: &Place, to: &RoleId, extra: Permissions) -> Decision {
        let gives = |holding: &&Holding| {
            let keeps_role = to == &place.role && holding.role.commands(to);
            holding.commands(Permission::ChangeRoles, place) && (keeps_role || holding.role.may_assign.contains(to))
        };
        let givers: Vec<&Holding> = self.holdings.iter().filter(gives).collect();
        with_extra(&givers, extra)
    }

    /// An action on a person concerns either all of them, or the places within the reach of whoever acts (TE-05, AZ-04).
    fn act(&self, action: UserAction, user_id: &UserId, places: &[Place]) -> Decision {
        if !self.has(Permission::SeeUsers) {
            return Decision::Refused(Denied::NotInRole);
        }
        if !places.iter().any(|place| self.reaches(Permission::SeeUsers, &place.unit)) {
            return Decision::Hidden;
        }
        if action == UserAction::See {
            return Decision::Allowed;
        }
        let permission = needed_for(action);
        if !self.has(permission) {
            return Decision::Refused(Denied::NotYourPart);
        }
        if user_id == &self.user_id {
            return Decision::Refused(Denied::Yourself);
        }
        let concerns = |place: &&Place| action.is_about_everything() || self.reaches(permission, &place.unit);
        let concerned: Vec<&Place> = places.iter().filter(concerns).collect();
        if concerned.is_empty() {
            return Decision::Refused(Denied::NotYourPart);
        }
        let commands = |place: &&Place| self.holdings.iter().any(|holding| holding.commands(permission, place));
        allow(concerned.iter().all(commands), Denied::NotAbove)
    }

    /// Whoever moves or closes a unit manages the one above it too.
    fn manage_from_above(&self, unit: &UnitPath) -> Decision {
        self.use_at(Permission::ManageUnits, unit).and(|| match unit.parent() {
            Some(parent) => allow(self.reaches(Permission::ManageUnits, &parent), Denied::NotYourPart),
            None => Decision::Refused(Denied::NotAtTheTop),
        })
    }

    /// Those above the new place get the rights over what is moved, those above the old one lose them: whoever moves it
    /// must have been able to give them these rights there.
    fn relocate(&self, unit: &UnitPath, to: &UnitPath, above: &[Place]) -> Decision {
        let gives = |place: &Place| {
            self.holdings.iter().any(|holding| {
                holding.has(Permission::ManageUnits)
                    && holding.unit.reaches(unit)
                    && holding.role.may_assign.contains(&place.role)
                    && holding.permissions().covers(place.extra)
            })
        };
        self.manage_from_above(unit)
            .and(|| self.use_at(Permission::ManageUnits, to))
            .and(|| allow(above.iter().all(gives), Denied::MoreThanYours))
    }

    /// Closing a unit takes away what is held in it, opening gives it back: to those only on whom one may act.
    fn close(&self, unit: &UnitPath, inside: &[Place], holds_inside: bool) -> Decision {
        let commands =
            |place: &Place| self.holdings.iter().any(|holding| holding.commands(Permission::ManageUnits, place));
        self.manage_from_above(unit)
            .and(|| allow(!holds_inside, Denied::Yourself))
            .and(|| allow(inside.iter().all(commands), Denied::NotAbove))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::UnitId;
    use crate::domain::preset::DISPATCH;

    fn role(key: &str) -> Role {
        let mut roles = DISPATCH.roles_with(|key| RoleId::new(key)).into_iter();
        roles.find(|role| role.key == key).expect("a role of the preset")
    }

    fn holder(user: &str, key: &str, unit: &UnitPath) -> Authority {
        let holding = Holding { unit: unit.clone(), role: role(key), extra: Permissions::default() };
        Authority { user_id: UserId::new(user), holdings: vec![holding] }
    }

    fn place(key: &str, unit: &UnitPath) -> Vec<Place> {
        vec![Place { unit: unit.clone(), role: RoleId::new(key), extra: Permissions::NONE }]
    }

    fn act(authority: &Authority, action: UserAction, user: &str, places: &[Place]) -> Decision {
        decide(authority, Request::Do { action, user_id: &UserId::new(user), places })
    }

    fn give(authority: &Authority, unit: &UnitPath, key: &str) -> Decision {
        decide(authority, Request::Give { unit, role: &RoleId::new(key), extra: Permissions::NONE })
    }

    fn set(permissions: &[Permission]) -> Permissions {
        permissions.iter().copied().collect()
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
        let give = |key: &str| give(&admin, &a, key);
        assert_eq!(give("company_administrator"), Decision::Refused(Denied::RoleNotYours));
        assert_eq!(give("main_administrator"), Decision::Refused(Denied::RoleNotYours));
        assert_eq!(give("dispatcher"), Decision::Allowed);
    }

    #[test]
    fn what_stands_in_another_company_does_not_exist() {
        let (_, a, b) = units();
        let admin = holder("1", "company_administrator", &a);
        assert_eq!(act(&admin, UserAction::Block, "2", &place("employee", &b)), Decision::Hidden);
        assert_eq!(give(&admin, &b, "employee"), Decision::Hidden);
    }

    #[test]
    fn a_company_administrator_touches_neither_peers_nor_main_administrators() {
        let (root, a, _) = units();
        let admin = holder("1", "company_administrator", &a);
        assert_eq!(
            act(&admin, UserAction::Block, "2", &place("company_administrator", &a)),
            Decision::Refused(Denied::NotAbove)
        );
        assert_eq!(act(&admin, UserAction::Block, "3", &place("main_administrator", &root)), Decision::Hidden);
    }

    #[test]
    fn someone_who_also_stands_elsewhere_is_out_of_reach_for_deeds_but_not_for_eyes() {
        let (_, a, b) = units();
        let admin = holder("1", "company_administrator", &a);
        let places = [place("employee", &a), place("employee", &b)].concat();
        assert_eq!(act(&admin, UserAction::See, "2", &places), Decision::Allowed);
        assert_eq!(act(&admin, UserAction::ResetPassword, "2", &places), Decision::Refused(Denied::NotAbove));
    }

    #[test]
    fn those_who_only_look_are_refused_every_deed() {
        let (_, a, _) = units();
        for key in ["dispatcher", "agent_group_manager"] {
            let viewer = holder("1", key, &a);
            assert_eq!(act(&viewer, UserAction::See, "2", &place("employee", &a)), Decision::Allowed);
            for action in UserAction::ALL.into_iter().filter(|action| *action != UserAction::See) {
                let answer = act(&viewer, action, "2", &place("employee", &a));
                assert_eq!(answer, Decision::Refused(Denied::NotYourPart), "{key} {action:?}");
            }
        }
        let employee = holder("1", "employee", &a);
        // W-06: nobody is told that they can look at what they cannot see.
        assert_eq!(decide(&employee, Request::Use(Permission::SeeUsers)), Decision::Refused(Denied::NotInRole));
        assert_eq!(act(&employee, UserAction::Edit, "2", &place("employee", &a)), Decision::Refused(Denied::NotInRole));
        assert_eq!(give(&employee, &a, "employee"), Decision::Refused(Denied::NotInRole));
    }

    #[test]
    fn nobody_blocks_themselves_and_main_administrators_may_act_on_one_another() {
        let (root, ..) = units();
        let main = holder("1", "main_administrator", &root);
        let places = place("main_administrator", &root);
        assert_eq!(act(&main, UserAction::Block, "1", &places), Decision::Refused(Denied::Yourself));
        assert_eq!(act(&main, UserAction::Block, "2", &places), Decision::Allowed);
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

    #[test]
    fn nobody_is_invited_to_the_installation_itself() {
        let (root, a, _) = units();
        let main = holder("1", "main_administrator", &root);
        assert_eq!(give(&main, &root, "employee"), Decision::Refused(Denied::NotAtTheTop));
        assert_eq!(give(&main, &a, "employee"), Decision::Allowed);
    }

    #[test]
    fn extra_permissions_are_given_and_touched_only_by_those_who_hold_them() {
        let (_, a, _) = units();
        let admin = holder("1", "company_administrator", &a);
        let role = RoleId::new("dispatcher");
        let give = |extra| decide(&admin, Request::Give { unit: &a, role: &role, extra });
        assert_eq!(give(set(&[Permission::EditShifts])), Decision::Allowed);
        assert_eq!(give(set(&[Permission::ChangeSettings])), Decision::Refused(Denied::MoreThanYours));
        let mut places = place("dispatcher", &a);
        places[0].extra = set(&[Permission::ChangeSettings]);
        assert_eq!(act(&admin, UserAction::Block, "2", &places), Decision::Refused(Denied::NotAbove));
    }

    #[test]
    fn two_weak_holdings_do_not_make_a_strong_one() {
        let (_, a, _) = units();
        // One may invite but assigns nobody, the other one assigns but may not invite.
        let mut weak = holder("1", "dispatcher", &a);
        weak.holdings[0].extra = set(&[Permission::Invite]);
        let mut other = holder("1", "company_administrator", &a).holdings.remove(0);
        other.role.permissions = set(&[Permission::SeeUsers]);
        weak.holdings.push(other);
        assert_eq!(give(&weak, &a, "employee"), Decision::Refused(Denied::RoleNotYours));
    }

    #[test]
    fn block_acts_within_reach_and_a_rename_concerns_the_whole_person() {
        let (_, a, b) = units();
        let admin = holder("1", "company_administrator", &a);
        let places = [place("employee", &a), place("company_administrator", &b)].concat();
        assert_eq!(act(&admin, UserAction::Block, "2", &places), Decision::Allowed);
        assert_eq!(act(&admin, UserAction::Archive, "2", &places), Decision::Allowed);
        assert_eq!(act(&admin, UserAction::Delete, "2", &places), Decision::Refused(Denied::NotAbove));
        let places = [place("employee", &a), place("company_administrator", &a)].concat();
        assert_eq!(act(&admin, UserAction::Block, "2", &places), Decision::Refused(Denied::NotAbove));
    }

    #[test]
    fn the_second_administrator_is_another_one_who_could_have_given_it_too() {
        let (root, a, _) = units();
        let main = holder("1", "main_administrator", &root);
        let places = place("company_administrator", &a);
        let approve = |who: &Authority, proposer: &str| {
            let (user, proposer) = (UserId::new("9"), UserId::new(proposer));
            decide(
                who,
                Request::Approve { user_id: &user, proposers: std::slice::from_ref(&proposer), places: &places },
            )
        };
        assert_eq!(approve(&main, "1"), Decision::Refused(Denied::FourEyes));
        assert_eq!(approve(&main, "2"), Decision::Allowed);
        let admin = holder("3", "company_administrator", &a);
        assert_eq!(approve(&admin, "2"), Decision::Refused(Denied::NotAbove));
    }

    #[test]
    fn a_move_gives_nobody_a_right_that_its_mover_could_not_give() {
        let (root, a, b) = units();
        let team = a.child(&UnitId::new("t"));
        let main = holder("1", "main_administrator", &root);
        let relocate =
            |who: &Authority, to: &UnitPath, above: &[Place]| decide(who, Request::Move { unit: &team, to, above });
        assert_eq!(relocate(&main, &b, &place("company_administrator", &b)), Decision::Allowed);
        // Somebody who manages both companies, but gives no administrators.
        let mut both = holder("2", "company_administrator", &a);
        both.holdings.push(holder("2", "company_administrator", &b).holdings.remove(0));
        let above = place("company_administrator", &b);
        assert_eq!(relocate(&both, &b, &above), Decision::Refused(Denied::MoreThanYours));
        assert_eq!(relocate(&both, &b, &place("dispatcher", &b)), Decision::Allowed);
        // The administrator of a unit does not move it.
        let own = holder("3", "company_administrator", &team);
        assert_eq!(relocate(&own, &team, &[]), Decision::Refused(Denied::NotYourPart));
    }

    #[test]
    fn a_unit_is_closed_only_over_those_on_whom_one_may_act() {
        let (root, a, _) = units();
        let main = holder("1", "main_administrator", &root);
        let close =
            |who: &Authority, inside: &[Place]| decide(who, Request::Close { unit: &a, inside, holds_inside: false });
        assert_eq!(close(&main, &place("company_administrator", &a)), Decision::Allowed);
        let own = Request::Close { unit: &a, inside: &place("employee", &a), holds_inside: true };
        assert_eq!(decide(&main, own), Decision::Refused(Denied::Yourself));
        let top = Request::Close { unit: &root, inside: &[], holds_inside: false };
        assert_eq!(decide(&main, top), Decision::Refused(Denied::NotAtTheTop));
        let admin = holder("3", "company_administrator", &a);
        assert_eq!(close(&admin, &[]), Decision::Refused(Denied::NotYourPart));
        let team = a.child(&UnitId::new("t"));
        let inside = place("company_administrator", &team);
        let team = Request::Close { unit: &team, inside: &inside, holds_inside: false };
        assert_eq!(decide(&admin, team), Decision::Refused(Denied::NotAbove));
    }

    #[test]
    fn abilities_name_the_role_that_gives_them() {
        let (root, a, b) = units();
        let mut authority = holder("1", "dispatcher", &a);
        authority.holdings[0].extra = set(&[Permission::Invite]);
        authority.holdings.push(holder("1", "company_administrator", &b).holdings.remove(0));
        let found: Vec<(Permission, &str, bool)> = authority
            .abilities(&a)
            .iter()
            .map(|one| (one.permission, one.holding.role.key.as_str(), one.is_extra))
            .collect();
        assert!(found.contains(&(Permission::SeeUsers, "dispatcher", false)));
        assert!(found.contains(&(Permission::Invite, "dispatcher", true)));
        assert!(found.iter().all(|(permission, ..)| *permission != Permission::BlockUsers));
        assert!(authority.abilities(&root).is_empty());
    }
}

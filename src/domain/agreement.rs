//! What nobody does alone (rule 53). It is decided by what can be done, not by the name of a role: whoever comes to hold a power
//! that otherwise comes with two administrators' word only, takes two, by whichever role, extra permission or change of a role.
//! Whoever may be one of the two comes in by two as well: else one would invite the other one alone. Who may agree is `policy`'s
//! to say.

use super::error::Conflict;
use super::id::RoleId;
use super::membership::Standing;
use super::permission::{Permission, Permissions};
use super::role::Role;
use super::user::UserAction;
use std::collections::BTreeSet;

/// Something that somebody can do: use a permission, or use it on holders of a role, which giving that role is too. A permission
/// over people without a role that it is for reaches nobody.
type Power = (Permission, Option<RoleId>);

/// Whether a permission is used on people whose role one may give.
fn is_over_people(permission: Permission) -> bool {
    use Permission::{
        ArchiveUsers, BlockUsers, ChangeRoles, DeleteUsers, EditUsers, Invite, ManageUnits, ResetPasswords,
    };
    let over_people =
        [Invite, EditUsers, ChangeRoles, BlockUsers, ArchiveUsers, DeleteUsers, ResetPasswords, ManageUnits];
    over_people.contains(&permission)
}

/// What a role lets its holder do below the root, with extra permissions on top.
fn powers(role: &Role, extra: Permissions) -> BTreeSet<Power> {
    let mut powers = BTreeSet::new();
    for permission in role.permissions.union(extra).below_the_root().iter() {
        powers.insert((permission, None));
        if is_over_people(permission) {
            powers.extend(role.may_assign.iter().map(|other| (permission, Some(other.clone()))));
        }
    }
    powers
}

/// Whether a role takes two as it is: because its box is ticked, or because its holders give a role that does.
fn is_two(role: &Role, roles: &[Role]) -> bool {
    let gives = role.has(Permission::Invite) || role.has(Permission::ChangeRoles);
    let takes_two = |id: &RoleId| roles.iter().any(|other| &other.id == id && other.needs_approval);
    role.needs_approval || (gives && role.may_assign.iter().any(takes_two))
}

/// The powers that no role has which one administrator gives alone. Where no role takes two, none are.
fn guarded(roles: &[Role]) -> BTreeSet<Power> {
    let (two, one): (Vec<&Role>, Vec<&Role>) = roles.iter().partition(|role| role.is_top || is_two(role, roles));
    if two.iter().all(|role| !role.needs_approval) {
        return BTreeSet::new();
    }
    let all =
        |some: &[&Role]| -> BTreeSet<Power> { some.iter().flat_map(|role| powers(role, Permissions::NONE)).collect() };
    &all(&two) - &all(&one)
}

/// A role with extra permissions on top, as somebody holds or gets it.
#[derive(Clone, Copy, Debug)]
pub struct RoleGrant<'a> {
    pub role: &'a Role,
    pub extra: Permissions,
}

impl RoleGrant<'_> {
    fn powers(&self) -> BTreeSet<Power> {
        powers(self.role, self.extra)
    }
}

/// Whether giving this takes two.
pub fn takes_two(given: RoleGrant<'_>, roles: &[Role]) -> bool {
    !takes_two_by(given, roles).is_empty()
}

/// What of a role with extra permissions takes two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakesTwoPart {
    /// The role as it is.
    Role,
    /// What the extra permissions add to it.
    Extra,
}

/// What of this takes two to give; nothing where one gives it.
pub fn takes_two_by(given: RoleGrant<'_>, roles: &[Role]) -> Vec<TakesTwoPart> {
    let guard = guarded(roles);
    let own = powers(given.role, Permissions::NONE);
    let added = &given.powers() - &own;
    let by_role = is_two(given.role, roles) || !own.is_disjoint(&guard);
    let parts = [(by_role, TakesTwoPart::Role), (!added.is_disjoint(&guard), TakesTwoPart::Extra)];
    parts.into_iter().filter_map(|(takes, part)| takes.then_some(part)).collect()
}

/// Whether it takes two to make the one of the other, at a place where somebody stands already: what is only taken away, one
/// takes away, but for a role whose box says otherwise.
pub fn takes_two_to_change(from: RoleGrant<'_>, to: RoleGrant<'_>, roles: &[Role]) -> bool {
    if from.role.losing_takes_two && from.role.id != to.role.id {
        return true;
    }
    let is_more = from.role.id != to.role.id || !from.extra.covers(to.extra);
    if is_two(to.role, roles) && is_more {
        return true;
    }
    let gained = &to.powers() - &from.powers();
    !gained.is_disjoint(&guarded(roles))
}

/// Whether it takes two to move a unit: whoever holds one of the `gained`, above the new place only, comes to use it over the unit
/// as if it were given to them there, and the holders of the `lost`, above the old one, lose it.
pub fn takes_two_to_move<'a>(
    gained: impl IntoIterator<Item = RoleGrant<'a>>,
    lost: impl IntoIterator<Item = RoleGrant<'a>>,
    roles: &[Role],
) -> bool {
    gained.into_iter().any(|given| takes_two(given, roles)) || lost.into_iter().any(|held| held.role.losing_takes_two)
}

/// What stands against an action that would take every role away at once: what two take away is taken away first. A block does
/// not wait for a second one, as it is undone as fast.
pub fn stands_against<'a>(
    action: UserAction,
    held: impl IntoIterator<Item = (Standing, &'a Role)>,
) -> Option<Conflict> {
    let takes_all = matches!(action, UserAction::Archive | UserAction::Delete);
    let is_kept = |(standing, role): (Standing, &Role)| {
        role.losing_takes_two && matches!(standing, Standing::Active | Standing::Blocked)
    };
    (takes_all && held.into_iter().any(is_kept)).then_some(Conflict::TwoTakeItAway)
}

/// Whether it takes two to make these roles of those: a role would no longer take two, or something that only two give could be
/// given by one, or holders of a role would come to do it, or would lose some of what two take away.
pub fn takes_two_to_edit(before: &[Role], after: &[Role]) -> bool {
    let found = |id: &RoleId| after.iter().find(|role| &role.id == id);
    // What is done to holders of a role that is gone is done to nobody.
    let mut guard = guarded(before);
    guard.retain(|(_, over)| over.as_ref().is_none_or(|role| found(role).is_some()));
    let is_let_off = |role: &&Role| role.needs_approval && !found(&role.id).is_some_and(|role| role.needs_approval);
    let comes_to_more = |role: &Role| {
        let gained = |new: &Role| &powers(new, Permissions::NONE) - &powers(role, Permissions::NONE);
        !role.is_top && found(&role.id).is_some_and(|new| !gained(new).is_disjoint(&guard))
    };
    let loses = |role: &Role| {
        let lost = |new: &Role| {
            !new.losing_takes_two || !(&powers(role, Permissions::NONE) - &powers(new, Permissions::NONE)).is_empty()
        };
        // Over holders of a role that is gone nothing is lost; nobody holds it.
        role.losing_takes_two && found(&role.id).is_some_and(lost)
    };
    before.iter().any(|role| is_let_off(&role) || comes_to_more(role) || loses(role))
        || !guard.is_subset(&guarded(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::preset::{BOOKING, PRESETS, SCHOOL};
    use proptest::prelude::*;

    /// The chain's roles, as if only giving took two.
    fn booking() -> Vec<Role> {
        let given_by_two = |role| Role { losing_takes_two: false, ..role };
        BOOKING.roles_with(|key| RoleId::new(key)).into_iter().map(given_by_two).collect()
    }

    fn role<'a>(roles: &'a [Role], key: &str) -> &'a Role {
        roles.iter().find(|role| role.key == key).expect("a role")
    }

    fn set(permissions: &[Permission]) -> Permissions {
        permissions.iter().copied().collect()
    }

    /// H-25: an accountant with what only administrators can do is an administrator by another name.
    #[test]
    fn what_can_be_done_takes_two_whatever_the_role_is_called() {
        let roles = booking();
        let takes = |key: &str, extra: &[Permission]| {
            takes_two(RoleGrant { role: role(&roles, key), extra: set(extra) }, &roles)
        };
        assert!(takes("booking_chain_administrator", &[]) && takes("booking_branch_administrator", &[]));
        assert!(!takes("booking_accountant", &[]) && !takes("booking_specialist", &[Permission::SeeUsers]));
        for permission in Permission::ALL.into_iter().filter(|one| !one.is_of_installation()) {
            let is_common = role(&roles, "booking_accountant").has(permission);
            assert_eq!(takes("booking_accountant", &[permission]), !is_common, "{permission:?}");
        }
        let school = SCHOOL.roles_with(|key| RoleId::new(key));
        let all: Permissions = Permission::ALL.into_iter().collect();
        for role in school.iter().filter(|role| !role.is_top) {
            assert!(!takes_two(RoleGrant { role, extra: all }, &school), "where nobody takes two, nothing does");
        }
    }

    #[test]
    fn a_permission_over_people_counts_with_those_over_whom_it_is() {
        let mut roles = booking();
        // One who invites specialists with one word, and one who could invite administrators if they could invite at all.
        let mut recruiter = role(&roles, "booking_accountant").clone();
        recruiter.id = RoleId::new("recruiter");
        recruiter.permissions = set(&[Permission::SeeUsers, Permission::Invite]);
        recruiter.may_assign = vec![RoleId::new("booking_specialist")];
        let mut idle = recruiter.clone();
        (idle.id, idle.permissions) = (RoleId::new("idle"), set(&[Permission::SeeUsers]));
        idle.may_assign = vec![RoleId::new("booking_specialist"), RoleId::new("booking_accountant")];
        roles.extend([recruiter.clone(), idle.clone()]);
        let invite = set(&[Permission::Invite]);
        let accountant = role(&roles, "booking_accountant");
        assert!(!takes_two(RoleGrant { role: &recruiter, extra: Permissions::NONE }, &roles));
        assert!(!takes_two(RoleGrant { role: accountant, extra: invite }, &roles), "it invites nobody");
        assert!(
            takes_two(RoleGrant { role: &idle, extra: invite }, &roles),
            "accountants are invited by those only who take two"
        );
    }

    #[test]
    fn what_is_only_taken_away_takes_one() {
        let roles = booking();
        let given = |key: &str, extra: &[Permission]| RoleGrant { role: role(&roles, key), extra: set(extra) };
        let change = |from, to| takes_two_to_change(from, to, &roles);
        let (chain, branch) = ("booking_chain_administrator", "booking_branch_administrator");
        assert!(change(given("booking_specialist", &[]), given(branch, &[])));
        assert!(change(given(chain, &[]), given(branch, &[])), "another role that takes two");
        assert!(!change(given(branch, &[]), given("booking_accountant", &[])));
        let more = given("booking_accountant", &[Permission::Invite]);
        assert!(change(given("booking_accountant", &[]), more));
        assert!(!change(more, given("booking_accountant", &[])) && !change(more, more));
        assert!(!change(more, given("booking_specialist", &[Permission::Invite])), "not more than before");
    }

    /// Rule 53: also what takes a role away, where its box says so.
    #[test]
    fn what_two_take_away_nobody_takes_away_alone() {
        let mut roles = booking();
        let (branch, accountant) = ("booking_branch_administrator", "booking_accountant");
        let at = roles.iter().position(|role| role.key == branch).expect("a role");
        let invite = set(&[Permission::Invite]);
        let change = |roles: &[Role], to: &str, extra| {
            let to = RoleGrant { role: role(roles, to), extra };
            takes_two_to_change(RoleGrant { role: role(roles, branch), extra: invite }, to, roles)
        };
        assert!(!change(&roles, accountant, Permissions::NONE));
        let held = |roles: &[Role], action, standing| stands_against(action, [(standing, role(roles, branch))]);
        assert_eq!(held(&roles, UserAction::Delete, Standing::Active), None);
        let before = roles.clone();
        roles[at].losing_takes_two = true;
        assert!(!takes_two_to_edit(&before, &roles), "what is stricter one does");
        assert!(change(&roles, accountant, Permissions::NONE) && change(&roles, "booking_specialist", invite));
        assert!(!change(&roles, branch, Permissions::NONE), "the role stays");
        for action in UserAction::ALL {
            let expected =
                matches!(action, UserAction::Archive | UserAction::Delete).then_some(Conflict::TwoTakeItAway);
            for standing in [Standing::Active, Standing::Blocked] {
                assert_eq!(held(&roles, action, standing), expected, "{action:?}");
            }
            assert_eq!(held(&roles, action, Standing::Archived).or(held(&roles, action, Standing::Offered)), None);
        }
        let edited = |change: &dyn Fn(&mut Role)| {
            let mut after = roles.clone();
            change(&mut after[at]);
            takes_two_to_edit(&roles, &after)
        };
        assert!(edited(&|role| role.losing_takes_two = false), "let off");
        assert!(edited(&|role| role.permissions = set(&[Permission::SeeUsers])), "emptied, it is as good as gone");
        assert!(edited(&|role| role.may_assign.clear()));
        assert!(!edited(&|role| role.name = "Branch lead".into()));
        let gone: Vec<Role> = roles.iter().filter(|role| role.key != branch).cloned().collect();
        assert!(takes_two_to_edit(&roles, &gone), "for what it takes to give it");
    }

    /// H-26 and its sisters: no edit of the roles leads round the second word.
    #[test]
    fn whatever_loosens_the_rule_takes_two_itself() {
        let before = booking();
        let edit = |key: &str, change: &dyn Fn(&mut Role)| {
            let mut after = before.clone();
            change(after.iter_mut().find(|role| role.key == key).expect("a role"));
            takes_two_to_edit(&before, &after)
        };
        let branch = "booking_branch_administrator";
        assert!(edit(branch, &|role| role.needs_approval = false), "let off");
        let invite = set(&[Permission::Invite]);
        assert!(edit("booking_accountant", &|role| role.permissions = role.permissions.union(invite)), "one gives it");
        let delete = set(&[Permission::DeleteUsers]);
        assert!(edit(branch, &|role| role.permissions = role.permissions.union(delete)), "its holders come to it");
        assert!(edit(branch, &|role| role.may_assign.push(role.id.clone())), "and to giving more");
        assert!(!edit(branch, &|role| role.permissions = role.permissions.without(invite)), "less is done by one");
        assert!(!edit("booking_specialist", &|role| role.needs_approval = true), "stricter, too");
        assert!(!edit("booking_specialist", &|role| role.permissions = set(&[Permission::SeeUsers])), "what one gives");
        let gone: Vec<Role> = before.iter().filter(|role| role.key != branch).cloned().collect();
        assert!(takes_two_to_edit(&before, &gone), "removed, it would guard nothing");
        let mut gone = before.clone();
        gone.retain(|role| role.key != "booking_specialist");
        for role in &mut gone {
            let specialist = RoleId::new("booking_specialist");
            role.may_assign.retain(|other| other != &specialist);
        }
        assert!(!takes_two_to_edit(&before, &gone), "a role that one gives is removed by one");
        let mut new = before.clone();
        let mut deputy = role(&before, branch).clone();
        (deputy.id, deputy.needs_approval) = (RoleId::new("deputy"), false);
        new.push(deputy.clone());
        assert!(takes_two_to_edit(&before, &new), "a new role of the same powers that one gives");
        deputy.needs_approval = true;
        *new.last_mut().expect("the deputy") = deputy;
        assert!(!takes_two_to_edit(&before, &new), "but not one that takes two");
        assert!(!takes_two_to_edit(&before, &before));
    }

    #[test]
    fn where_no_role_takes_two_every_edit_takes_one() {
        for preset in PRESETS.into_iter().filter(|preset| preset.roles.iter().all(|role| !role.takes_two)) {
            let before = preset.roles_with(|key| RoleId::new(key));
            let mut after = before.clone();
            after.truncate(1);
            assert!(!takes_two_to_edit(&before, &after), "{}", preset.key);
        }
    }

    proptest! {
        /// Whatever edits one makes alone, one after the other: nothing that took two at first can be given by one afterwards.
        #[test]
        fn no_row_of_edits_by_one_gives_what_took_two(
            edits in prop::collection::vec((1..5usize, any::<u32>(), any::<u8>(), any::<bool>()), 1..12),
            which in 1..5usize,
            bits in any::<u32>(),
        ) {
            let at_first = booking();
            let extra: Permissions = Permission::ALL.into_iter().filter(|p| bits >> (*p as u8) & 1 == 1).collect();
            let mut roles = at_first.clone();
            for (at, bits, assigns, two) in edits {
                let mut after = roles.clone();
                let ids: Vec<RoleId> = roles.iter().map(|role| role.id.clone()).collect();
                let role = &mut after[at];
                role.permissions = Permission::ALL.into_iter().filter(|p| bits >> (*p as u8) & 1 == 1).collect();
                role.may_assign = ids.into_iter().enumerate().filter(|(n, _)| *n > 0 && assigns >> n & 1 == 1).map(|(_, id)| id).collect();
                role.needs_approval = two;
                if !takes_two_to_edit(&roles, &after) {
                    roles = after;
                }
            }
            let now = RoleGrant { role: &roles[which], extra };
            let took = !now.powers().is_disjoint(&guarded(&at_first));
            prop_assert!(!took || takes_two(now, &roles));
        }
    }
}

//! A role: data, not code. A rank, what it may see and use, and which roles its holder may assign. Here stands what keeps
//! roles honest among themselves, and who may change one; who may give one is `policy`'s to say.

mod refused;

use super::error::{Conflict, Invalid, UseCaseError};
use super::id::RoleId;
use super::onboarding::InvitationCarries;
use super::permission::{Permission, Permissions};
use super::policy::{Authority, Denied};
use super::text::one_line;
use super::timestamp::Duration;
pub use refused::{NamedRole, RoleRefused};
use serde::{Deserialize, Serialize};

/// The longest name of a role, in characters.
pub const NAME_LIMIT: usize = 60;

/// The most roles of an installation.
pub const MOST_ROLES: usize = 50;

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
    /// The roles that a holder may give, and to whose holders they may do things (rules 82, 88, 95).
    pub may_assign: Vec<RoleId>,
    /// The roles that a holder could give until they were removed: what was offered with one of them is still theirs to end.
    #[serde(default)]
    pub gave: Vec<RoleId>,
    /// Nobody holds it any more nor is given it; it names what is over (H-40).
    #[serde(default)]
    pub is_removed: bool,
    /// The one role that must never be without an active holder at the root (rule 83).
    pub is_top: bool,
    /// An invitation with this role waits for a second administrator (rule 53).
    pub needs_approval: bool,
    /// It is taken away from somebody by two administrators only (rule 53).
    #[serde(default)]
    pub losing_takes_two: bool,
    /// How long links to it work, where that is not as usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_for: Option<Duration>,
    /// What invitations to it carry, where that is not as usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carries: Option<InvitationCarries>,
}

impl Role {
    pub fn has(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }

    /// Whether holders of this role may act on holders of `other`. Nobody stands above the top role, so its holders may
    /// act on one another; every other role reaches only those that it could have given.
    pub fn commands(&self, other: &RoleId) -> bool {
        self.may_assign.contains(other) || self.gave.contains(other) || (self.is_top && &self.id == other)
    }
}

/// Whether holding `after` with these extra permissions is more than holding `before` with those, or simply another thing:
/// less is only what gives nothing new and stands lower.
pub fn gives_more(before: (&Role, Permissions), after: (&Role, Permissions)) -> bool {
    let ((had, had_extra), (has, has_extra)) = (before, after);
    if had.id == has.id {
        return !had_extra.covers(has_extra);
    }
    let all = |role: &Role, extra: Permissions| role.permissions.union(extra);
    let is_less = has.rank < had.rank
        && all(had, had_extra).covers(all(has, has_extra))
        && has.may_assign.iter().all(|role| had.may_assign.contains(role));
    !is_less
}

/// What a role is to become.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleWish {
    /// Empty keeps the preset's name.
    pub name: String,
    pub rank: i64,
    pub permissions: Permissions,
    pub may_assign: Vec<RoleId>,
    pub needs_approval: bool,
    #[serde(default)]
    pub losing_takes_two: bool,
    #[serde(default)]
    pub valid_for: Option<Duration>,
    #[serde(default)]
    pub carries: Option<InvitationCarries>,
}

/// What leaves a role as it is: where a change of one thing begins.
impl From<&Role> for RoleWish {
    fn from(role: &Role) -> Self {
        Self {
            name: role.name.clone(),
            rank: role.rank,
            permissions: role.permissions,
            may_assign: role.may_assign.clone(),
            needs_approval: role.needs_approval,
            losing_takes_two: role.losing_takes_two,
            valid_for: role.valid_for,
            carries: role.carries,
        }
    }
}

/// Changes the role `id`, or makes a new one of that id. The roles that differ from before.
///
/// Nobody changes more than they hold: the editor must be able to assign the role, to hold whatever is added or taken, and
/// to assign whatever the role may assign. Only the top role concerns the installation. A new role can be assigned by
/// whoever made it and by all above them.
///
/// # Errors
/// Why not, in the terms of the policy or of the roles themselves.
pub fn edit(editor: &Authority, roles: &[Role], id: &RoleId, wish: &RoleWish) -> Result<Vec<Role>, UseCaseError> {
    let own = editor
        .holdings
        .iter()
        .find(|holding| holding.unit.is_root() && holding.permissions().has(Permission::EditRoles))
        .map(|holding| &holding.role)
        .ok_or(Denied::NotYourPart)?;
    let name = one_line(&wish.name);
    if name.chars().count() > NAME_LIMIT || name.chars().any(super::invitation::is_unprintable) {
        return Err(Invalid::RoleName.into());
    }
    let before = roles.iter().find(|role| &role.id == id);
    let mut after = match before {
        Some(role) => role.clone(),
        None if name.is_empty() => return Err(Invalid::RoleName.into()),
        None if roles.len() >= MOST_ROLES => return Err(Conflict::TooManyRoles.into()),
        None => Role {
            id: id.clone(),
            key: String::new(),
            name: String::new(),
            rank: 0,
            permissions: Permissions::NONE,
            may_assign: Vec::new(),
            gave: Vec::new(),
            is_removed: false,
            is_top: false,
            needs_approval: false,
            losing_takes_two: false,
            valid_for: None,
            carries: None,
        },
    };
    if after.key.is_empty() && name.is_empty() {
        return Err(Invalid::RoleName.into());
    }
    if let Some(role) = before.filter(|_| !own.commands(id)) {
        return Err(RoleRefused::NotBelow { own: own.into(), role: role.into() }.into());
    }
    after.name = name;
    (after.valid_for, after.carries) = (wish.valid_for, wish.carries);
    if after.is_top {
        // Of the top role only these two can be changed: it is everything.
        return finish(roles, vec![after]);
    }
    let touched = after.permissions.without(wish.permissions).union(wish.permissions.without(after.permissions));
    let stays = |role: &RoleId| wish.may_assign.contains(role) && after.may_assign.contains(role);
    let lacks = touched.without(own.permissions);
    if !lacks.is_empty() {
        return Err(RoleRefused::NotHeld { own: own.into(), lacks }.into());
    }
    let is_not_own = |role: &&RoleId| !stays(role) && !own.may_assign.contains(role);
    let not_own: Vec<&RoleId> = after.may_assign.iter().chain(&wish.may_assign).filter(is_not_own).collect();
    if !not_own.is_empty() {
        let lacks: Vec<NamedRole> =
            roles.iter().filter(|role| not_own.contains(&&role.id)).map(NamedRole::from).collect();
        return Err(match lacks.is_empty() {
            true => Invalid::Role.into(),
            false => RoleRefused::NotAssigned { own: own.into(), lacks }.into(),
        });
    }
    if wish.rank >= own.rank {
        return Err(RoleRefused::NotLower { own: own.into(), most: own.rank - 1 }.into());
    }
    let permissions = wish.permissions.without(wish.permissions.below_the_root());
    if !permissions.is_empty() {
        return Err(RoleRefused::OfInstallation { permissions }.into());
    }
    after.rank = wish.rank.max(1);
    after.permissions = wish.permissions;
    after.may_assign = roles.iter().map(|role| role.id.clone()).filter(|role| wish.may_assign.contains(role)).collect();
    after.needs_approval = wish.needs_approval;
    after.losing_takes_two = wish.losing_takes_two;
    let mut changed = vec![after];
    if before.is_none() {
        for role in roles.iter().filter(|role| role.is_top || role.id == own.id || role.may_assign.contains(&own.id)) {
            let mut role = role.clone();
            role.may_assign.push(id.clone());
            changed.push(role);
        }
    }
    finish(roles, changed)
}

fn finish(roles: &[Role], mut changed: Vec<Role>) -> Result<Vec<Role>, UseCaseError> {
    let is_changed = |role: &&Role| changed.iter().all(|other| other.id != role.id);
    let all: Vec<&Role> = roles.iter().filter(is_changed).chain(&changed).collect();
    let new = changed.iter().find(|role| roles.iter().all(|other| other.id != role.id)).map(|role| role.id.clone());
    check(&all).map_err(|refused| match &new {
        Some(new) => refused.before_it_is_made(new).into(),
        None => UseCaseError::Role(refused),
    })?;
    changed.retain(|role| !roles.contains(role));
    Ok(changed)
}

/// A role never gives more than it holds: neither a permission, nor a role, nor a rank. So whatever is given on and on,
/// nobody ends up with more than the first giver had.
///
/// # Errors
/// The first pair of roles that break it.
pub fn check(roles: &[&Role]) -> Result<(), Box<RoleRefused>> {
    let find = |id: &RoleId| roles.iter().copied().find(|role| &role.id == id);
    let given_by = |giver: &Role| giver.may_assign.iter().filter_map(find).collect::<Vec<&Role>>();
    let of_giver = |giver| given_by(giver).into_iter().map(move |given| (giver, given));
    let pairs: Vec<(&Role, &Role)> = roles.iter().copied().flat_map(of_giver).collect();
    // In this order, as what breaks a rank breaks the rest as well, and says less about why.
    for (giver, given) in pairs.iter().copied() {
        if given.is_top || given.rank >= giver.rank {
            return Err(Box::new(RoleRefused::GivesRank { giver: giver.into(), given: given.into() }));
        }
    }
    for (giver, given) in pairs.iter().copied() {
        let lacks = given.permissions.without(giver.permissions);
        if !lacks.is_empty() {
            return Err(Box::new(RoleRefused::GivesPermissions { giver: giver.into(), given: given.into(), lacks }));
        }
    }
    for (giver, given) in pairs.iter().copied() {
        let missing = given_by(given).into_iter().filter(|role| !giver.may_assign.contains(&role.id));
        let lacks: Vec<NamedRole> = missing.map(NamedRole::from).collect();
        if !lacks.is_empty() {
            return Err(Box::new(RoleRefused::GivesRoles { giver: giver.into(), given: given.into(), lacks }));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{UnitId, UserId};
    use crate::domain::policy::Holding;
    use crate::domain::preset::PRESETS;
    use crate::domain::unit::UnitPath;
    use proptest::prelude::*;

    fn dispatch() -> Vec<Role> {
        crate::domain::preset::DISPATCH.roles_with(|key| RoleId::new(key))
    }

    fn editor(roles: &[Role], key: &str) -> Authority {
        let role = roles.iter().find(|role| role.key == key).expect("a role").clone();
        let extra = [Permission::EditRoles].into_iter().collect();
        let holding = Holding { unit: UnitPath::root(&UnitId::new("root")), role, extra };
        Authority { user_id: UserId::new("editor"), holdings: vec![holding] }
    }

    #[test]
    fn the_roles_of_every_preset_keep_the_rule() {
        for preset in PRESETS {
            let roles = preset.roles_with(|key| RoleId::new(key));
            assert_eq!(check(&roles.iter().collect::<Vec<_>>()), Ok(()), "{}", preset.key);
        }
    }

    #[test]
    fn the_name_of_a_role_is_one_line_in_composed_letters() {
        let roles = dispatch();
        let admin = editor(&roles, "main_administrator");
        let role = roles.iter().find(|role| role.key == "dispatcher").expect("a role");
        let named = RoleWish { name: " Cafe\u{301}\n desk ".into(), ..RoleWish::from(role) };
        let changed = edit(&admin, &roles, &role.id, &named).expect("a name");
        assert!(changed.iter().any(|role| role.name == "Café desk"), "{changed:?}");
    }

    #[test]
    fn nobody_edits_their_own_role_or_a_higher_one() {
        let roles = dispatch();
        let admin = editor(&roles, "company_administrator");
        for key in ["company_administrator", "main_administrator"] {
            let role = roles.iter().find(|role| role.key == key).expect("a role");
            let own = NamedRole::from(&admin.holdings[0].role);
            let refused = RoleRefused::NotBelow { own, role: role.into() };
            assert_eq!(edit(&admin, &roles, &role.id, &RoleWish::from(role)), Err(refused.into()), "{key}");
        }
    }

    #[test]
    fn nobody_gives_or_takes_a_permission_that_they_do_not_hold() {
        let roles = dispatch();
        let admin = editor(&roles, "company_administrator");
        let dispatcher = &roles[2];
        let more = |permission| RoleWish {
            permissions: dispatcher.permissions.union([permission].into_iter().collect()),
            ..RoleWish::from(dispatcher)
        };
        let own = NamedRole::from(&admin.holdings[0].role);
        let lacks = [Permission::ChangeSettings].into_iter().collect();
        assert_eq!(
            edit(&admin, &roles, &dispatcher.id, &more(Permission::ChangeSettings)),
            Err(RoleRefused::NotHeld { own, lacks }.into())
        );
        let main = editor(&roles, "main_administrator");
        for permission in [Permission::SeeMailbox, Permission::SeeSettings, Permission::EditRoles] {
            let refused = edit(&main, &roles, &dispatcher.id, &more(permission));
            let permissions = [permission].into_iter().collect();
            assert_eq!(refused, Err(RoleRefused::OfInstallation { permissions }.into()), "{permission:?}");
        }
        let changed = edit(&admin, &roles, &dispatcher.id, &more(Permission::SeeInvitations)).expect("allowed");
        assert_eq!(changed.len(), 1);
    }

    #[test]
    fn a_new_role_can_be_assigned_by_its_maker_and_all_above() {
        let roles = dispatch();
        let admin = editor(&roles, "company_administrator");
        let new = RoleWish { name: "Trainee".into(), rank: 5, ..RoleWish::default() };
        let changed = edit(&admin, &roles, &RoleId::new("trainee"), &new).expect("allowed");
        let givers: Vec<&str> = changed
            .iter()
            .filter(|role| role.may_assign.contains(&RoleId::new("trainee")))
            .map(|role| role.key.as_str())
            .collect();
        assert_eq!(givers, ["main_administrator", "company_administrator"]);
    }

    #[test]
    fn a_role_cannot_lose_what_another_one_gives_through_it() {
        let roles = dispatch();
        let main = editor(&roles, "main_administrator");
        let admin = &roles[1];
        let less = RoleWish {
            permissions: admin.permissions.without([Permission::SeeUsers].into_iter().collect()),
            ..RoleWish::from(admin)
        };
        let (giver, given) = (NamedRole::from(admin), NamedRole::from(&roles[2]));
        let lacks = [Permission::SeeUsers].into_iter().collect();
        let refused = RoleRefused::GivesPermissions { giver, given, lacks };
        assert_eq!(edit(&main, &roles, &admin.id, &less), Err(refused.into()));
    }

    proptest! {
        /// However roles are edited, and by whom: no editor ends up with a role in reach that holds more than they do.
        #[test]
        fn edits_never_make_a_role_that_gives_more_than_it_holds(
            steps in prop::collection::vec((0..6usize, 0..7usize, 0..60i64, any::<u32>(), any::<u8>()), 1..40)
        ) {
            let mut roles = dispatch();
            for (who, which, rank, bits, assigns) in steps {
                let Some(own) = roles.get(who % roles.len()).cloned() else { continue };
                let holding = Holding {
                    unit: UnitPath::root(&UnitId::new("root")),
                    role: own.clone(),
                    extra: [Permission::EditRoles].into_iter().collect(),
                };
                let editor = Authority { user_id: UserId::new("editor"), holdings: vec![holding] };
                let id = roles.get(which).map_or_else(|| RoleId::new(format!("new{}", roles.len())), |role| role.id.clone());
                let wish = RoleWish {
                    name: "Name".into(),
                    rank,
                    permissions: Permission::ALL.into_iter().filter(|p| bits >> (*p as u8) & 1 == 1).collect(),
                    may_assign: roles.iter().enumerate().filter(|(at, _)| assigns >> (at % 8) & 1 == 1).map(|(_, role)| role.id.clone()).collect(),
                    losing_takes_two: false,
                    needs_approval: false,
                    valid_for: None,
                    carries: None,
                };
                let before = roles.clone();
                for changed in edit(&editor, &roles.clone(), &id, &wish).unwrap_or_default() {
                    match roles.iter_mut().find(|role| role.id == changed.id) {
                        Some(role) => *role = changed,
                        None => roles.push(changed),
                    }
                }
                prop_assert_eq!(check(&roles.iter().collect::<Vec<_>>()), Ok(()));
                // The editor's role is as it was, but for a new role that it may now assign: one that holds no more.
                let after = roles.iter().find(|role| role.id == own.id).expect("the editor's role");
                prop_assert!(own.is_top || own.permissions == after.permissions);
                for given in after.may_assign.iter().filter(|role| !own.may_assign.contains(role)) {
                    let given = roles.iter().find(|role| &role.id == given).expect("a role");
                    prop_assert!(before.iter().all(|role| role.id != given.id) && own.permissions.covers(given.permissions));
                }
            }
        }
    }
}

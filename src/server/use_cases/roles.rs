//! The roles of the installation: looking at them, making, changing and removing one. What keeps them honest among
//! themselves, and who may change which, is `domain::role`'s to say.

use super::{Actor, AuditEntry, UseCaseError, agreement, proposals, record, require, views};
use crate::domain::agreement::takes_two_to_edit;
use crate::domain::audit::AuditAction;
use crate::domain::contact::appearance;
use crate::domain::error::Conflict;
use crate::domain::id::RoleId;
use crate::domain::onboarding;
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Authority, Denied, Request};
use crate::domain::proposal::{ProposalOutcome, ProposedChange};
use crate::domain::revision::Revision;
use crate::domain::role::{self, Role, RoleRefused, RoleWish};
use crate::domain::timestamp::Timestamp;
use crate::domain::validity;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::{Tx, memberships, roles, units};
use crate::view_models::{Person, RolePage, RolesPage};
use crate::words::Language;
use std::collections::BTreeSet;

/// All roles, with how many people hold or are offered each.
pub async fn list(app: &App, caller: &Actor) -> Result<RolesPage, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::SeeSettings))?;
    let mut rows = Vec::new();
    for role in roles::all(&mut tx).await? {
        let holders = memberships::count_of_role(&mut tx, &role.id, now).await?;
        rows.push((role, holders));
    }
    let waiting = proposals::count_about_roles(&mut tx).await?;
    Ok(RolesPage { roles: rows, may_create: edits_roles(&authority), waiting })
}

/// Roles belong to the whole installation, so who changes them holds the right to it there.
fn edits_roles(authority: &Authority) -> bool {
    authority.reach(Permission::EditRoles).first().is_some_and(|path| path.is_root())
}

/// How many of those who hold a role its page names.
const NAMED: usize = 10;

/// One role, or the form of a new one.
pub async fn page(app: &App, caller: &Actor, id: Option<&RoleId>) -> Result<RolePage, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::SeeSettings))?;
    let all = roles::all(&mut tx).await?;
    let Some(id) = id else {
        require(&authority, Request::Use(Permission::EditRoles))?;
        let may_edit = if edits_roles(&authority) { Ok(()) } else { Err(Denied::NotYourPart.into()) };
        let second = second(&mut tx, caller).await?;
        return Ok(RolePage { role: None, holders: 0, some: Vec::new(), may_edit, revision: None, second });
    };
    let found = find(&all, id)?;
    // Changing nothing is allowed to whoever may change something.
    let may_edit = role::edit(&authority, &all, id, &RoleWish::from(found)).map(drop);
    let holders = memberships::count_of_role(&mut tx, id, now).await?;
    let mut some = Vec::new();
    for (user, unit) in memberships::some_of_role(&mut tx, id, NAMED, now).await? {
        if authority.reaches(Permission::SeeUsers, &unit) {
            some.extend(views::named(&mut tx, Some(&user)).await?);
        }
    }
    some.sort_by(|one, other| (&one.title, &one.id).cmp(&(&other.title, &other.id)));
    some.dedup();
    let second = second(&mut tx, caller).await?;
    Ok(RolePage { role: Some(found.clone()), holders, some, may_edit, revision: Some(Revision::of(found)), second })
}

/// The others who may edit roles, oldest first.
async fn others_at_the_root(tx: &mut Tx, caller: &Actor) -> Result<Vec<Authority>, UseCaseError> {
    let root = units::root(tx).await?;
    proposals::others(tx, caller, &[root.id], Permission::EditRoles).await
}

/// Those beside the caller who could agree to a change of the roles.
async fn second(tx: &mut Tx, caller: &Actor) -> Result<Vec<Person>, UseCaseError> {
    let mut people = Vec::new();
    for other in others_at_the_root(tx, caller).await? {
        people.extend(views::named(tx, Some(&other.user_id)).await?);
    }
    Ok(people)
}

fn find<'a>(all: &'a [Role], id: &RoleId) -> Result<&'a Role, UseCaseError> {
    all.iter().find(|role| &role.id == id).ok_or_else(|| RoleRefused::Unknown.into())
}

async fn may_edit_roles(app: &App, tx: &mut Tx, caller: &Actor) -> Result<Authority, UseCaseError> {
    let authority = super::authority(app, tx, caller).await?;
    may_edit(&authority)?;
    Ok(authority)
}

/// Whether somebody edits roles at all.
pub(super) fn may_edit(authority: &Authority) -> Result<(), UseCaseError> {
    require(authority, Request::Use(Permission::EditRoles))?;
    if edits_roles(authority) { Ok(()) } else { Err(Denied::NotYourPart.into()) }
}

/// What a role edit came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub id: RoleId,
    pub outcome: ProposalOutcome,
}

/// Changes a role; without an id, makes a new one. Acts on the very next request of everybody who holds it; where it loosens what
/// takes two, a second administrator agrees first (rule 53).
pub async fn save(app: &App, caller: &Actor, id: Option<&RoleId>, wish: &RoleWish) -> Result<Saved, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = may_edit_roles(app, &mut tx, caller).await?;
    let all = roles::all(&mut tx).await?;
    let there = id.map(|id| find(&all, id)).transpose()?;
    if let Some(there) = there {
        caller.decided_on(&Revision::of(there), Conflict::ChangedMeanwhile)?;
    }
    let id = id.cloned().unwrap_or_else(|| RoleId::new(random::id(now)));
    let changes = edited(&authority, &all, &id, wish)?;
    let after = with(&all, &changes);
    let agreed = takes_two_to_edit(&all, &after);
    let others = if agreed {
        others_who_could(&mut tx, caller, |other| edited(other, &all, &id, wish).map(drop), now).await?
    } else {
        0
    };
    let outcome = if others > 0 {
        let base = there.map(Revision::of);
        proposals::propose(
            &mut tx,
            caller,
            ProposedChange::SaveRole { role: id.clone(), wish: wish.clone() },
            base.as_ref(),
            now,
        )
        .await?;
        tell(&mut tx, caller, AuditAction::RoleProposed, there, changes.iter().find(|role| role.id == id), now).await?;
        ProposalOutcome::Proposed
    } else {
        if agreed {
            decided_alone(&mut tx, caller, id.as_str(), now).await?;
        }
        write(&mut tx, caller, &all, changes, now).await?;
        if agreed { ProposalOutcome::DecidedAlone } else { ProposalOutcome::Done }
    };
    tx.commit().await?;
    go_on(app, caller).await;
    Ok(Saved { id, outcome })
}

/// What the wish makes of the roles, for somebody who may make that of them.
fn edited(editor: &Authority, all: &[Role], id: &RoleId, wish: &RoleWish) -> Result<Vec<Role>, UseCaseError> {
    may_edit(editor)?;
    let changes = role::edit(editor, all, id, wish)?;
    let own = changes.iter().find(|role| &role.id == id);
    match own.and_then(|changed| looks_like(changed, all)) {
        Some(name) => Err(UseCaseError::NameTaken { name }),
        None => Ok(changes),
    }
}

/// All roles as they stand after some were changed.
fn with(all: &[Role], changes: &[Role]) -> Vec<Role> {
    let is_kept = |role: &&Role| changes.iter().all(|changed| changed.id != role.id);
    all.iter().filter(is_kept).chain(changes).cloned().collect()
}

/// How many others could agree to a change of the roles, now or once whoever asks lets them in again.
async fn others_who_could(
    tx: &mut Tx,
    caller: &Actor,
    could: impl Fn(&Authority) -> Result<(), UseCaseError>,
    now: Timestamp,
) -> Result<usize, UseCaseError> {
    let others = others_at_the_root(tx, caller).await?;
    let root = units::root(tx).await?;
    let shut_out = proposals::shut_out(tx, caller, &[root.id], Permission::EditRoles, now).await?;
    Ok(others.iter().filter(|other| could(other).is_ok()).count() + shut_out)
}

/// That nobody else could agree, and it was done by one: the way out of an organisation with a single main administrator.
async fn decided_alone(tx: &mut Tx, caller: &Actor, role: &str, now: Timestamp) -> Result<(), UseCaseError> {
    let line = AuditEntry { actor: Some(&caller.user_id), after: role, ..AuditEntry::default() };
    record(tx, AuditAction::DecidedAlone, line, now).await
}

async fn write(
    tx: &mut Tx,
    caller: &Actor,
    all: &[Role],
    changes: Vec<Role>,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    for changed in changes {
        match all.iter().find(|role| role.id == changed.id) {
            None => {
                // What it may assign is written once everything is there.
                roles::insert(tx, &[Role { may_assign: Vec::new(), ..changed.clone() }]).await?;
                roles::update(tx, &changed, &changed).await?;
                let line = AuditEntry { actor: Some(&caller.user_id), after: &changed.name, ..AuditEntry::default() };
                record(tx, AuditAction::RoleMade, line, now).await?;
            }
            Some(before) => {
                roles::update(tx, before, &changed).await?;
                tell(tx, caller, AuditAction::RoleEdited, Some(before), Some(&changed), now).await?;
            }
        }
    }
    Ok(())
}

/// Writes a line of history for everything that is different of a role.
async fn tell(
    tx: &mut Tx,
    caller: &Actor,
    action: AuditAction,
    before: Option<&Role>,
    after: Option<&Role>,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    for (old, new) in lines(before, after) {
        let line = AuditEntry { actor: Some(&caller.user_id), before: &old, after: &new, ..AuditEntry::default() };
        record(tx, action, line, now).await?;
    }
    Ok(())
}

/// What changes of a role, as the history writes it.
fn lines(before: Option<&Role>, after: Option<&Role>) -> Vec<(String, String)> {
    let Some(after) = after else { return Vec::new() };
    let nothing = Role {
        key: String::new(),
        name: String::new(),
        rank: 0,
        permissions: Permissions::NONE,
        may_assign: Vec::new(),
        needs_approval: false,
        losing_takes_two: false,
        valid_for: None,
        carries: None,
        ..after.clone()
    };
    // A role that is not there yet has no name by its id.
    let id = if before.is_some() { after.id.as_str() } else { after.name.as_str() };
    let all = differences(before.unwrap_or(&nothing), after);
    all.into_iter().map(|(name, old, new)| (format!("{name} {id}={old}"), format!("{name} {id}={new}"))).collect()
}

/// What a wish about roles would change, as the history writes that it was proposed.
pub(super) async fn changes(
    tx: &mut Tx,
    wish: &ProposedChange,
) -> Result<Vec<(AuditAction, String, String)>, UseCaseError> {
    let all = roles::all(tx).await?;
    let find = |id: &RoleId| all.iter().find(|role| &role.id == id);
    Ok(match wish {
        ProposedChange::RemoveRole { role } => {
            vec![(AuditAction::RoleRemovalProposed, role.to_string(), String::new())]
        }
        ProposedChange::SaveRole { role, wish } => {
            let before = find(role);
            let after = Role {
                id: role.clone(),
                key: before.map(|role| role.key.clone()).unwrap_or_default(),
                name: wish.name.clone(),
                rank: wish.rank,
                permissions: wish.permissions,
                may_assign: wish.may_assign.clone(),
                gave: Vec::new(),
                is_removed: false,
                is_top: false,
                needs_approval: wish.needs_approval,
                losing_takes_two: wish.losing_takes_two,
                valid_for: wish.valid_for,
                carries: wish.carries,
            };
            lines(before, Some(&after)).into_iter().map(|(old, new)| (AuditAction::RoleProposed, old, new)).collect()
        }
        ProposedChange::Change { .. }
        | ProposedChange::Add { .. }
        | ProposedChange::TakeOut { .. }
        | ProposedChange::MoveUnit { .. } => Vec::new(),
    })
}

/// How a role is at this moment; nothing where there is none.
pub(super) async fn revision_of(tx: &mut Tx, id: &RoleId) -> Result<Option<Revision>, UseCaseError> {
    let there = roles::all(tx).await?.into_iter().find(|role| &role.id == id);
    Ok(there.map(|role| Revision::of(&role)))
}

/// Whether somebody could make this of a role.
pub(super) async fn may_save(
    tx: &mut Tx,
    editor: &Authority,
    id: &RoleId,
    wish: &RoleWish,
) -> Result<(), UseCaseError> {
    edited(editor, &roles::all(tx).await?, id, wish).map(drop)
}

/// Does what two agreed to.
pub(super) async fn save_agreed(
    app: &App,
    tx: &mut Tx,
    caller: &Actor,
    id: &RoleId,
    wish: &RoleWish,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let authority = super::authority(app, tx, caller).await?;
    let all = roles::all(tx).await?;
    let changes = edited(&authority, &all, id, wish)?;
    write(tx, caller, &all, changes, now).await
}

/// The name of another role that looks like one of this role's, in whatever language.
fn looks_like(role: &Role, all: &[Role]) -> Option<String> {
    let names = |role: &Role| Language::ALL.map(|language| language.role_name(role));
    let own = names(role).map(|name| appearance(&name));
    let others = all.iter().filter(|other| other.id != role.id).flat_map(names);
    others.into_iter().find(|name| own.contains(&appearance(name)))
}

/// What changed of a role, as the history writes it.
fn differences(before: &Role, after: &Role) -> Vec<(&'static str, String, String)> {
    // In whichever order they were named.
    let ids = |role: &Role| {
        let all: BTreeSet<&str> = role.may_assign.iter().map(RoleId::as_str).collect();
        all.into_iter().collect::<Vec<_>>().join(" ")
    };
    let all = [
        ("name", before.name.clone(), after.name.clone()),
        ("rank", before.rank.to_string(), after.rank.to_string()),
        ("permissions", before.permissions.to_codes(), after.permissions.to_codes()),
        ("may_assign", ids(before), ids(after)),
        ("needs_approval", before.needs_approval.to_string(), after.needs_approval.to_string()),
        ("losing_takes_two", before.losing_takes_two.to_string(), after.losing_takes_two.to_string()),
        ("valid_for", validity::own_code(before.valid_for), validity::own_code(after.valid_for)),
        ("carries", onboarding::own_code(before.carries).into(), onboarding::own_code(after.carries).into()),
    ];
    all.into_iter().filter(|(_, old, new)| old != new).collect()
}

/// Removes a role that nobody holds or is offered; where something would take two no more, once a second one agrees. What is over
/// keeps its name.
pub async fn remove(app: &App, caller: &Actor, id: &RoleId) -> Result<ProposalOutcome, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = may_edit_roles(app, &mut tx, caller).await?;
    let all = roles::all(&mut tx).await?;
    let role = find(&all, id)?;
    may_take_away(&authority, role)?;
    caller.decided_on(&Revision::of(role), Conflict::ChangedMeanwhile)?;
    if memberships::count_of_role(&mut tx, id, now).await? > 0 {
        return Err(Conflict::RoleInUse.into());
    }
    let after: Vec<Role> = all.iter().filter(|other| &other.id != id).map(|role| without(role, id)).collect();
    let agreed = takes_two_to_edit(&all, &after);
    let others =
        if agreed { others_who_could(&mut tx, caller, |other| may_take_away(other, role), now).await? } else { 0 };
    let outcome = if others > 0 {
        let base = Revision::of(role);
        proposals::propose(&mut tx, caller, ProposedChange::RemoveRole { role: id.clone() }, Some(&base), now).await?;
        let line = AuditEntry { actor: Some(&caller.user_id), before: id.as_str(), ..AuditEntry::default() };
        record(&mut tx, AuditAction::RoleRemovalProposed, line, now).await?;
        ProposalOutcome::Proposed
    } else {
        if agreed {
            decided_alone(&mut tx, caller, name_of(role), now).await?;
        }
        take_away(&mut tx, caller, role, now).await?;
        if agreed { ProposalOutcome::DecidedAlone } else { ProposalOutcome::Done }
    };
    tx.commit().await?;
    go_on(app, caller).await;
    Ok(outcome)
}

/// What follows a change of the roles, once it stands: what is offered and waits from now on, the lists, and what waited for a
/// second one and need not.
pub(super) async fn go_on(app: &App, caller: &Actor) {
    agreement::have_wait_what_takes_two(app).await;
    super::go_on(app).await;
    agreement::let_go_what_takes_one(app, Some(caller)).await;
}

/// A role that no longer gives this one.
fn without(role: &Role, id: &RoleId) -> Role {
    let may_assign = role.may_assign.iter().filter(|other| *other != id).cloned().collect();
    Role { may_assign, ..role.clone() }
}

fn may_take_away(authority: &Authority, role: &Role) -> Result<(), UseCaseError> {
    may_edit(authority)?;
    if role.is_top {
        return Err(RoleRefused::Top { role: role.into() }.into());
    }
    let mut own = authority.holdings.iter().filter(|holding| holding.unit.is_root()).map(|holding| &holding.role);
    if own.clone().all(|own| !own.may_assign.contains(&role.id)) {
        let own = own.next().unwrap_or(role);
        return Err(RoleRefused::NotBelow { own: own.into(), role: role.into() }.into());
    }
    Ok(())
}

fn name_of(role: &Role) -> &str {
    if role.name.is_empty() { &role.key } else { &role.name }
}

async fn take_away(tx: &mut Tx, caller: &Actor, role: &Role, now: Timestamp) -> Result<(), UseCaseError> {
    roles::remove(tx, &role.id, now).await?;
    let line = AuditEntry { actor: Some(&caller.user_id), before: name_of(role), ..AuditEntry::default() };
    record(tx, AuditAction::RoleRemoved, line, now).await?;
    Ok(())
}

/// Whether somebody could take a role away.
pub(super) async fn may_remove(tx: &mut Tx, authority: &Authority, id: &RoleId) -> Result<(), UseCaseError> {
    let all = roles::all(tx).await?;
    let role = find(&all, id)?;
    may_take_away(authority, role)
}

/// Does what two agreed to.
pub(super) async fn remove_agreed(
    tx: &mut Tx,
    caller: &Actor,
    id: &RoleId,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let all = roles::all(tx).await?;
    let role = find(&all, id)?;
    if memberships::count_of_role(tx, id, now).await? > 0 {
        return Err(Conflict::RoleInUse.into());
    }
    take_away(tx, caller, role, now).await
}

//! The roles of the installation: looking at them, making, changing and removing one. What keeps them honest among
//! themselves, and who may change which, is `domain::role`'s to say.

use super::{Caller, Line, Refusal, agreement, record, require};
use crate::domain::audit::Deed;
use crate::domain::contact::appearance;
use crate::domain::id::RoleId;
use crate::domain::listing::{RolePage, RolesPage};
use crate::domain::permission::Permission;
use crate::domain::policy::{Ask, Authority, Denied};
use crate::domain::refusal::Conflict;
use crate::domain::revision::Revision;
use crate::domain::role::{self, Role, RoleRefused, RoleWish};
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::{Tx, memberships, roles};
use crate::words::Language;

/// All roles, with how many people hold or are offered each.
pub async fn list(app: &App, caller: &Caller) -> Result<RolesPage, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Ask::Use(Permission::SeeSettings))?;
    let mut rows = Vec::new();
    for role in roles::all(&mut tx).await? {
        let holders = memberships::count_of_role(&mut tx, &role.id, now).await?;
        rows.push((role, holders));
    }
    Ok(RolesPage { roles: rows, may_create: edits_roles(&authority) })
}

/// Roles belong to the whole installation, so who changes them holds the right to it there.
fn edits_roles(authority: &Authority) -> bool {
    authority.reach(Permission::EditRoles).first().is_some_and(|path| path.is_root())
}

/// How many of those who hold a role its page names.
const NAMED: usize = 10;

/// One role, or the form of a new one.
pub async fn page(app: &App, caller: &Caller, id: Option<&RoleId>) -> Result<RolePage, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Ask::Use(Permission::SeeSettings))?;
    let all = roles::all(&mut tx).await?;
    let Some(id) = id else {
        require(&authority, Ask::Use(Permission::EditRoles))?;
        let may_edit = if edits_roles(&authority) { Ok(()) } else { Err(Denied::NotYourPart.into()) };
        return Ok(RolePage { role: None, holders: 0, some: Vec::new(), may_edit, revision: None });
    };
    let found = find(&all, id)?;
    // Changing nothing is allowed to whoever may change something.
    let may_edit = role::edit(&authority, &all, id, &wish_of(found)).map(drop);
    let holders = memberships::count_of_role(&mut tx, id, now).await?;
    let mut some = Vec::new();
    for (user, unit) in memberships::some_of_role(&mut tx, id, NAMED, now).await? {
        if authority.reaches(Permission::SeeUsers, &unit) {
            some.extend(super::views::named(&mut tx, Some(&user)).await?);
        }
    }
    some.sort_by(|one, other| (&one.title, &one.id).cmp(&(&other.title, &other.id)));
    some.dedup();
    Ok(RolePage { role: Some(found.clone()), holders, some, may_edit, revision: Some(Revision::of(found)) })
}

fn find<'a>(all: &'a [Role], id: &RoleId) -> Result<&'a Role, Refusal> {
    all.iter().find(|role| &role.id == id).ok_or_else(|| RoleRefused::Unknown.into())
}

fn wish_of(role: &Role) -> RoleWish {
    RoleWish {
        name: role.name.clone(),
        rank: role.rank,
        permissions: role.permissions,
        may_assign: role.may_assign.clone(),
        needs_approval: role.needs_approval,
    }
}

async fn may_edit_roles(app: &App, tx: &mut Tx, caller: &Caller) -> Result<Authority, Refusal> {
    let authority = super::authority(app, tx, caller).await?;
    require(&authority, Ask::Use(Permission::EditRoles))?;
    if edits_roles(&authority) { Ok(authority) } else { Err(Denied::NotYourPart.into()) }
}

/// Changes a role; without an id, makes a new one. Acts on the very next request of everybody who holds it.
pub async fn save(app: &App, caller: &Caller, id: Option<&RoleId>, wish: &RoleWish) -> Result<RoleId, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = may_edit_roles(app, &mut tx, caller).await?;
    let all = roles::all(&mut tx).await?;
    if let Some(id) = id {
        let there = find(&all, id)?;
        caller.decided_on(&Revision::of(there), Conflict::ChangedMeanwhile)?;
    }
    let id = id.cloned().unwrap_or_else(|| RoleId::new(random::id(now)));
    let changes = role::edit(&authority, &all, &id, wish)?;
    if let Some(changed) = changes.iter().find(|role| role.id == id)
        && let Some(name) = looks_like(changed, &all)
    {
        return Err(Refusal::NameTaken { name });
    }
    for changed in changes {
        match all.iter().find(|role| role.id == changed.id) {
            None => {
                // What it may assign is written once everything is there.
                roles::insert(&mut tx, &[Role { may_assign: Vec::new(), ..changed.clone() }]).await?;
                roles::update(&mut tx, &changed).await?;
                let line = Line { actor: Some(&caller.user_id), after: &changed.name, ..Line::default() };
                record(&mut tx, Deed::RoleMade, line, now).await?;
            }
            Some(before) => {
                roles::update(&mut tx, &changed).await?;
                for (name, old, new) in differences(before, &changed) {
                    let (old, new) = (format!("{name} {}={old}", changed.id), format!("{name} {}={new}", changed.id));
                    let line = Line { actor: Some(&caller.user_id), before: &old, after: &new, ..Line::default() };
                    record(&mut tx, Deed::RoleEdited, line, now).await?;
                }
            }
        }
    }
    agreement::follow_roles(app, &mut tx, caller, now).await?;
    tx.commit().await?;
    app.outbox.notify_one();
    Ok(id)
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
    let ids = |role: &Role| role.may_assign.iter().map(RoleId::as_str).collect::<Vec<_>>().join(" ");
    let all = [
        ("name", before.name.clone(), after.name.clone()),
        ("rank", before.rank.to_string(), after.rank.to_string()),
        ("permissions", before.permissions.to_codes(), after.permissions.to_codes()),
        ("may_assign", ids(before), ids(after)),
        ("needs_approval", before.needs_approval.to_string(), after.needs_approval.to_string()),
    ];
    all.into_iter().filter(|(_, old, new)| old != new).collect()
}

/// Removes a role that nobody holds or is offered. What is over keeps its name.
pub async fn remove(app: &App, caller: &Caller, id: &RoleId) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = may_edit_roles(app, &mut tx, caller).await?;
    let all = roles::all(&mut tx).await?;
    let role = find(&all, id)?;
    if role.is_top {
        return Err(RoleRefused::Top { role: role.into() }.into());
    }
    let mut own = authority.holdings.iter().filter(|holding| holding.unit.is_root()).map(|holding| &holding.role);
    if own.clone().all(|own| !own.may_assign.contains(id)) {
        let own = own.next().unwrap_or(role);
        return Err(RoleRefused::NotBelow { own: own.into(), role: role.into() }.into());
    }
    caller.decided_on(&Revision::of(role), Conflict::ChangedMeanwhile)?;
    if memberships::count_of_role(&mut tx, id, now).await? > 0 {
        return Err(Conflict::RoleInUse.into());
    }
    roles::remove(&mut tx, id, now).await?;
    let name = if role.name.is_empty() { &role.key } else { &role.name };
    let line = Line { actor: Some(&caller.user_id), before: name, ..Line::default() };
    record(&mut tx, Deed::RoleRemoved, line, now).await?;
    agreement::follow_roles(app, &mut tx, caller, now).await?;
    tx.commit().await?;
    app.outbox.notify_one();
    Ok(())
}

//! Roles and which of them may assign which.

use super::unfinished::{self, Work};
use super::{Look, Result, Row, Tx};
use crate::domain::id::RoleId;
use crate::domain::onboarding;
use crate::domain::permission::Permissions;
use crate::domain::preset::Preset;
use crate::domain::role::Role;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::values;

/// Adds roles together with what they may assign.
pub async fn insert(tx: &mut Tx, roles: &[Role]) -> Result<()> {
    for role in roles {
        let sql = "insert into roles (id, number, key, name, rank, permissions, is_top, needs_approval, losing_takes_two, \
                   valid_for, carries) \
                   values ($1, (select coalesce(max(number), 0) + 1 from roles), $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values = values![
            &role.id,
            &role.key,
            &role.name,
            role.rank,
            role.permissions.to_codes(),
            role.is_top,
            role.needs_approval,
            role.losing_takes_two,
            role.valid_for,
            onboarding::own_code(role.carries),
        ];
        tx.execute(sql, &values).await?;
    }
    for role in roles {
        assign(tx, role).await?;
    }
    Ok(())
}

async fn assign(tx: &mut Tx, role: &Role) -> Result<()> {
    for assignable in &role.may_assign {
        let sql = "insert into role_assigns (role_id, assignable_id) values ($1, $2)";
        tx.execute(sql, &values![&role.id, assignable]).await?;
    }
    Ok(())
}

/// Writes a role anew, with what it may assign; `before` is how it stands. Of what somebody holds, the lists name the highest.
pub async fn update(tx: &mut Tx, before: &Role, role: &Role) -> Result<()> {
    if role.rank != before.rank {
        unfinished::begin_with(tx, Work::Rank, &role.id).await?;
    }
    let sql = "update roles set name = $2, rank = $3, permissions = $4, needs_approval = $5, losing_takes_two = $6, valid_for = $7, carries = $8 \
               where id = $1";
    let values = values![
        &role.id,
        &role.name,
        role.rank,
        role.permissions.to_codes(),
        role.needs_approval,
        role.losing_takes_two,
        role.valid_for,
        onboarding::own_code(role.carries),
    ];
    tx.execute(sql, &values).await?;
    let sql = "delete from role_assigns where role_id = $1 \
               and assignable_id in (select id from roles where removed_at is null)";
    tx.execute(sql, &values![&role.id]).await?;
    assign(tx, role).await
}

/// Takes away a role that nobody holds. Its name stays, for what is over: nobody is given it any more, it gives nobody anything,
/// and who could give it still ends what was offered with it.
pub async fn remove(tx: &mut Tx, id: &RoleId, now: Timestamp) -> Result<()> {
    tx.execute("delete from role_assigns where role_id = $1", &values![id]).await?;
    let sql = "update roles set permissions = '', removed_at = $2 where id = $1";
    tx.execute(sql, &values![id, now]).await?;
    Ok(())
}

/// A role without the roles that it may assign: those stand in rows of their own ([`add_assigned`]).
pub(super) fn read(row: &Row) -> Result<Role> {
    row.of("roles", "id", |row| {
        Ok(Role {
            id: RoleId::new(row.text("id")?),
            key: row.code("key", |key| Preset::is_role_key(key).then(|| key.into()))?,
            name: row.text("name")?,
            rank: row.number("rank")?,
            permissions: row.code("permissions", Permissions::read)?,
            may_assign: Vec::new(),
            gave: Vec::new(),
            is_removed: row.maybe_number("removed_at")?.is_some(),
            is_top: row.truth("is_top")?,
            needs_approval: row.truth("needs_approval")?,
            losing_takes_two: row.truth("losing_takes_two")?,
            valid_for: row.maybe_number("valid_for")?.map(Duration),
            carries: row.code("carries", onboarding::read_own)?,
        })
    })
}

/// Adds what a row says that the role may assign, or could once.
pub(super) fn add_assigned(role: &mut Role, row: &Row) -> Result<()> {
    let Some(assignable) = row.maybe_text("assignable_id")?.map(RoleId::new) else { return Ok(()) };
    match row.maybe_number("assignable_removed_at")? {
        None => role.may_assign.push(assignable),
        Some(_) => role.gave.push(assignable),
    }
    Ok(())
}

pub(super) fn look() -> Look {
    Look::at_table("roles", "id", |row| {
        read(row)?;
        row.number("number").map(drop)
    })
}

/// The roles that can be held and given, highest first.
pub async fn all(tx: &mut Tx) -> Result<Vec<Role>> {
    let mut roles = known(tx).await?;
    roles.retain(|role| !role.is_removed);
    Ok(roles)
}

/// The same, and behind them those that were removed: for whoever names what is over.
pub async fn known(tx: &mut Tx) -> Result<Vec<Role>> {
    let sql = "select r.id, r.key, r.name, r.rank, r.permissions, r.is_top, r.needs_approval, r.losing_takes_two, r.valid_for, r.carries, r.removed_at, \
               a.assignable_id, g.removed_at as assignable_removed_at from roles r \
               left join role_assigns a on a.role_id = r.id left join roles g on g.id = a.assignable_id \
               order by r.rank desc, r.id, a.assignable_id";
    let mut roles: Vec<Role> = Vec::new();
    for row in tx.rows(sql, &[]).await? {
        let role = read(&row)?;
        if roles.last().is_none_or(|last| last.id != role.id) {
            roles.push(role);
        }
        if let Some(role) = roles.last_mut() {
            add_assigned(role, &row)?;
        }
    }
    roles.sort_by_key(|role| role.is_removed);
    Ok(roles)
}

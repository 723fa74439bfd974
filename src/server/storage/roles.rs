//! Roles and which of them may assign which.

use super::{Look, Result, Row, Tx};
use crate::domain::id::RoleId;
use crate::domain::permission::Permissions;
use crate::domain::preset::Preset;
use crate::domain::role::Role;
use crate::values;

/// Adds roles together with what they may assign.
pub async fn insert(tx: &mut Tx, roles: &[Role]) -> Result<()> {
    for role in roles {
        let sql = "insert into roles (id, number, key, name, rank, permissions, is_top, needs_approval) \
                   values ($1, (select coalesce(max(number), 0) + 1 from roles), $2, $3, $4, $5, $6, $7)";
        let values = values![
            &role.id,
            &role.key,
            &role.name,
            role.rank,
            role.permissions.to_codes(),
            role.is_top,
            role.needs_approval
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

/// Writes a role anew, with what it may assign.
pub async fn update(tx: &mut Tx, role: &Role) -> Result<()> {
    let sql = "update roles set name = $2, rank = $3, permissions = $4, needs_approval = $5 where id = $1";
    let values = values![&role.id, &role.name, role.rank, role.permissions.to_codes(), role.needs_approval];
    tx.execute(sql, &values).await?;
    tx.execute("delete from role_assigns where role_id = $1", &values![&role.id]).await?;
    assign(tx, role).await
}

/// Takes a role away that nobody holds.
pub async fn remove(tx: &mut Tx, id: &RoleId) -> Result<()> {
    tx.execute("delete from role_assigns where role_id = $1 or assignable_id = $1", &values![id]).await?;
    let sql = "delete from roster_counts where role = (select number from roles where id = $1) and people = 0";
    tx.execute(sql, &values![id]).await?;
    tx.execute("delete from roles where id = $1", &values![id]).await?;
    Ok(())
}

/// A role without the roles that it may assign: those stand in rows of their own.
pub(super) fn read(row: &Row) -> Result<Role> {
    row.of("roles", "id", |row| {
        Ok(Role {
            id: RoleId::new(row.text("id")?),
            key: row.code("key", |key| Preset::is_role_key(key).then(|| key.into()))?,
            name: row.text("name")?,
            rank: row.number("rank")?,
            permissions: row.code("permissions", Permissions::read)?,
            may_assign: Vec::new(),
            is_top: row.truth("is_top")?,
            needs_approval: row.truth("needs_approval")?,
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("roles", "id", |row| {
        read(row)?;
        row.number("number").map(drop)
    })
}

/// All roles, highest first.
pub async fn all(tx: &mut Tx) -> Result<Vec<Role>> {
    let sql = "select r.id, r.key, r.name, r.rank, r.permissions, r.is_top, r.needs_approval, \
               a.assignable_id \
               from roles r left join role_assigns a on a.role_id = r.id order by r.rank desc, r.id, a.assignable_id";
    let mut roles: Vec<Role> = Vec::new();
    for row in tx.rows(sql, &[]).await? {
        let role = read(&row)?;
        if roles.last().is_none_or(|last| last.id != role.id) {
            roles.push(role);
        }
        if let (Some(role), Some(assignable)) = (roles.last_mut(), row.maybe_text("assignable_id")?) {
            role.may_assign.push(RoleId::new(assignable));
        }
    }
    Ok(roles)
}

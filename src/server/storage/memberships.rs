//! Who holds, or is offered, which role at which unit.

use super::{Result, Row, Tx, roles};
use crate::domain::id::{InvitationId, MembershipId, RoleId, UnitId, UserId};
use crate::domain::moment::Moment;
use crate::domain::permission::Permissions;
use crate::domain::policy::{Authority, Holding, Place};
use crate::domain::unit::UnitPath;
use crate::values;

/// A membership with the path of its unit.
#[derive(Clone, Debug)]
pub struct Membership {
    pub id: MembershipId,
    pub user_id: UserId,
    pub unit: UnitPath,
    pub role: RoleId,
    pub active_at: Option<Moment>,
    pub blocked_at: Option<Moment>,
    pub blocked_by: Option<UserId>,
    pub block_reason: String,
}

impl Membership {
    pub fn place(&self) -> Place {
        Place { unit: self.unit.clone(), role: self.role.clone() }
    }
}

/// The places of some memberships, as the policy wants them.
pub fn places(memberships: &[Membership]) -> Vec<Place> {
    memberships.iter().map(Membership::place).collect()
}

fn read(row: &Row) -> Result<Membership> {
    Ok(Membership {
        id: MembershipId::new(row.text("id")?),
        user_id: UserId::new(row.text("user_id")?),
        unit: UnitPath::from_text(row.text("path")?),
        role: RoleId::new(row.text("role_id")?),
        active_at: row.maybe_number("active_at")?.map(Moment),
        blocked_at: row.maybe_number("blocked_at")?.map(Moment),
        blocked_by: row.maybe_text("blocked_by")?.map(UserId::new),
        block_reason: row.maybe_text("block_reason")?.unwrap_or_default(),
    })
}

/// A membership to be.
pub struct NewMembership<'a> {
    pub id: MembershipId,
    pub user_id: &'a UserId,
    pub unit_id: &'a UnitId,
    pub role: &'a RoleId,
    pub invitation: Option<&'a InvitationId>,
    /// `None`: offered, not yet accepted.
    pub active_at: Option<Moment>,
}

pub async fn insert(tx: &mut Tx, new: &NewMembership<'_>, now: Moment) -> Result<()> {
    let sql = "insert into memberships (id, user_id, unit_id, role_id, extra, invitation_id, created_at, active_at) \
               values ($1, $2, $3, $4, '', $5, $6, $7)";
    let values = values![&new.id, new.user_id, new.unit_id, new.role, new.invitation, now, new.active_at];
    tx.execute(sql, &values).await?;
    Ok(())
}

pub async fn of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<Membership>> {
    let sql = "select m.id, m.user_id, u.path, m.role_id, m.active_at, m.blocked_at, m.blocked_by, m.block_reason \
               from memberships m join units u on u.id = m.unit_id where m.user_id = $1 order by m.id";
    tx.rows(sql, &values![user]).await?.iter().map(read).collect()
}

/// Everything by which the person may do something at this moment: memberships that are active and not blocked. `None`
/// when none is left.
pub async fn authority(tx: &mut Tx, user: &UserId) -> Result<Option<Authority>> {
    let sql = "select m.id as membership_id, m.extra, n.path, r.id, r.key, r.name, r.rank, r.permissions, r.is_top, \
               a.assignable_id from memberships m \
               join users u on u.id = m.user_id join units n on n.id = m.unit_id join roles r on r.id = m.role_id \
               left join role_assigns a on a.role_id = r.id \
               where m.user_id = $1 and m.active_at is not null and m.blocked_at is null and u.deleted_at is null \
               order by m.id, a.assignable_id";
    let mut holdings: Vec<Holding> = Vec::new();
    let mut last = String::new();
    for row in tx.rows(sql, &values![user]).await? {
        let membership = row.text("membership_id")?;
        if membership != last {
            holdings.push(Holding {
                unit: UnitPath::from_text(row.text("path")?),
                role: roles::read(&row)?,
                extra: Permissions::from_codes(&row.text("extra")?),
            });
            last = membership;
        }
        if let (Some(holding), Some(assignable)) = (holdings.last_mut(), row.maybe_text("assignable_id")?) {
            holding.role.may_assign.push(RoleId::new(assignable));
        }
    }
    Ok((!holdings.is_empty()).then(|| Authority { user_id: user.clone(), holdings }))
}

/// Turns what was offered into what is held.
pub async fn activate(tx: &mut Tx, user: &UserId, now: Moment) -> Result<()> {
    let sql = "update memberships set active_at = $2 where user_id = $1 and active_at is null";
    tx.execute(sql, &values![user, now]).await?;
    Ok(())
}

pub async fn block(tx: &mut Tx, user: &UserId, by: &UserId, reason: &str, now: Moment) -> Result<()> {
    let sql = "update memberships set blocked_at = $2, blocked_by = $3, block_reason = $4 \
               where user_id = $1 and blocked_at is null";
    tx.execute(sql, &values![user, now, by, reason]).await?;
    Ok(())
}

pub async fn unblock(tx: &mut Tx, user: &UserId) -> Result<()> {
    let sql = "update memberships set blocked_at = null, blocked_by = null, block_reason = null where user_id = $1";
    tx.execute(sql, &values![user]).await?;
    Ok(())
}

pub async fn set_role(tx: &mut Tx, user: &UserId, role: &RoleId) -> Result<()> {
    tx.execute("update memberships set role_id = $2 where user_id = $1", &values![user, role]).await?;
    Ok(())
}

pub async fn remove_all(tx: &mut Tx, user: &UserId) -> Result<()> {
    tx.execute("delete from memberships where user_id = $1", &values![user]).await?;
    Ok(())
}

/// How many others hold the top role at the root, active and registered: the guard of the last one (CO-02).
pub async fn other_main_administrators(tx: &mut Tx, than: &UserId) -> Result<i64> {
    let sql = "select count(*) as others from memberships m join roles r on r.id = m.role_id \
               join units n on n.id = m.unit_id join users u on u.id = m.user_id \
               where r.is_top = $2 and n.parent_id is null and m.active_at is not null and m.blocked_at is null \
               and u.deleted_at is null and m.user_id <> $1";
    tx.row(sql, &values![than, true]).await?.number("others")
}

/// The names of those who may change what a viewer of this unit may only look at; a few, oldest first.
pub async fn administrators_of(tx: &mut Tx, unit: &UnitPath) -> Result<Vec<String>> {
    let sql = "select u.name, u.email, r.permissions, n.path from memberships m join users u on u.id = m.user_id \
               join roles r on r.id = m.role_id join units n on n.id = m.unit_id \
               where n.id = $1 and m.active_at is not null and m.blocked_at is null and r.rank >= 40 \
               order by m.id limit 3";
    let mut names = Vec::new();
    for unit in unit.line().collect::<Vec<_>>().iter().rev() {
        for row in tx.rows(sql, &values![unit]).await? {
            let name = row.text("name")?;
            names.push(if name.is_empty() { row.maybe_text("email")?.unwrap_or_default() } else { name });
        }
        if !names.is_empty() {
            break;
        }
    }
    Ok(names)
}

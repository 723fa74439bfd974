//! Who holds, or is offered, which role at which unit.

use super::clauses::{awaits_approval, carries, counts, holds_nothing, is_held, is_old_offer};
use super::security_reports::first_id_at;
use super::{Look, Result, Row, Rows, Statement, Tx, consents, roles, units};
use crate::domain::bulk::LeftPlace;
use crate::domain::id::{InvitationId, MembershipId, RoleId, SessionId, TokenId, UnitId, UserId};
use crate::domain::listing::HeldRole;
use crate::domain::membership::Standing;
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Authority, Holding, Place};
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::UnitPath;
use crate::values;

/// A membership with what is needed of its unit and its role.
#[derive(Clone, Debug)]
pub struct Membership {
    pub id: MembershipId,
    pub user_id: UserId,
    pub unit: UnitPath,
    pub unit_name: String,
    pub role: RoleId,
    pub rank: i64,
    pub extra: Permissions,
    /// The one by which it was offered.
    pub invitation: Option<InvitationId>,
    /// Where the person's record stands in the register of the organisation that this is about (rules 2, 37).
    pub record: Option<String>,
    /// Who gave the role, and who the extra permissions: the first of the two, where it takes two (rule 53).
    pub role_by: Option<UserId>,
    pub extra_by: Option<UserId>,
    pub created_at: Timestamp,
    pub active_at: Option<Timestamp>,
    pub blocked_at: Option<Timestamp>,
    pub blocked_by: Option<UserId>,
    pub block_reason: String,
    pub archived_at: Option<Timestamp>,
    /// The unit, or one above it, is archived.
    pub is_closed: bool,
}

impl Membership {
    pub fn place(&self) -> Place {
        Place { unit: self.unit.clone(), role: self.role.clone(), extra: self.extra }
    }

    /// Everything of it that a decision could rest on.
    pub fn facts(&self) -> impl std::fmt::Debug + '_ {
        let ends = (self.active_at, self.blocked_at, self.archived_at, self.is_closed);
        let first = (&self.role_by, &self.extra_by);
        (&self.id, &self.unit, &self.role, self.extra, ends, &self.invitation, first)
    }

    /// What is kept of it for somebody who leaves it.
    pub fn left(&self) -> LeftPlace {
        LeftPlace {
            unit: self.unit.id(),
            role: self.role.clone(),
            extra: self.extra,
            record: self.record.clone(),
            created_at: self.created_at,
            active_at: self.active_at,
        }
    }

    /// As pages show it.
    pub fn held(&self) -> HeldRole {
        HeldRole {
            place: self.place(),
            unit: self.unit_name.clone(),
            standing: self.standing(),
            since: self.created_at,
            is_closed: self.is_closed,
        }
    }

    pub fn standing(&self) -> Standing {
        let is_archived = self.archived_at.is_some() || self.is_closed;
        Standing::of(self.active_at.is_some(), self.blocked_at.is_some(), is_archived)
    }

    /// Somebody blocked or archived it; that its unit is closed is another matter.
    fn is_shut(&self) -> bool {
        self.blocked_at.is_some() || self.archived_at.is_some()
    }

    /// Whether it is still to be accepted, by this invitation.
    pub fn is_offered_by(&self, invitation: &InvitationId) -> bool {
        self.active_at.is_none() && self.invitation.as_ref() == Some(invitation)
    }
}

/// Whether all of what is offered was blocked or archived: then nobody comes in by it.
pub fn are_shut(offered: &[Membership]) -> bool {
    !offered.is_empty() && offered.iter().all(Membership::is_shut)
}

/// The places of some memberships, as the policy wants them.
pub fn places(memberships: &[Membership]) -> Vec<Place> {
    memberships.iter().map(Membership::place).collect()
}

fn read(row: &Row) -> Result<Membership> {
    let (unit_name, is_closed) =
        row.of("units", "unit_id", |row| Ok((row.text("unit_name")?, row.truth("is_closed")?)))?;
    let rank = row.of("roles", "role_id", |row| row.number("rank"))?;
    row.of("memberships", "id", |row| {
        Ok(Membership {
            id: MembershipId::new(row.text("id")?),
            user_id: UserId::new(row.text("user_id")?),
            unit: units::read_path(row)?,
            unit_name,
            role: RoleId::new(row.text("role_id")?),
            rank,
            extra: row.code("extra", Permissions::read)?,
            invitation: row.maybe_text("invitation_id")?.map(InvitationId::new),
            record: row.maybe_text("record")?,
            role_by: row.maybe_text("role_by")?.map(UserId::new),
            extra_by: row.maybe_text("extra_by")?.map(UserId::new),
            created_at: Timestamp(row.number("created_at")?),
            active_at: row.maybe_number("active_at")?.map(Timestamp),
            blocked_at: row.maybe_number("blocked_at")?.map(Timestamp),
            blocked_by: row.maybe_text("blocked_by")?.map(UserId::new),
            block_reason: row.maybe_text("block_reason")?.unwrap_or_default(),
            archived_at: row.maybe_number("archived_at")?.map(Timestamp),
            is_closed,
        })
    })
}

pub(super) fn look() -> Look {
    let sql = format!("{SELECT} m.id > $1 order by m.id limit $2");
    Look { sql, ..Look::at_table("memberships", "id", |row| read(row).map(drop)) }
}

/// A membership to be.
pub struct NewMembership<'a> {
    pub id: MembershipId,
    pub user_id: &'a UserId,
    pub unit_id: &'a UnitId,
    pub role: &'a RoleId,
    pub extra: Permissions,
    /// Who gives it: the first of the two, where it takes two (rule 53).
    pub by: Option<&'a UserId>,
    pub invitation: Option<&'a InvitationId>,
    /// `None`: offered, not yet accepted.
    pub active_at: Option<Timestamp>,
}

/// # Errors
/// `Taken("memberships_user_id")` when the person holds or is offered something there already.
pub async fn insert(tx: &mut Tx, new: &NewMembership<'_>, now: Timestamp) -> Result<()> {
    insert_all(tx, std::slice::from_ref(new), now).await
}

/// # Errors
/// As [`insert`]; then none of them is there.
pub async fn insert_all(tx: &mut Tx, all: &[NewMembership<'_>], now: Timestamp) -> Result<()> {
    let mut rows = Rows::new(
        "insert into memberships (id, user_id, unit_id, role_id, extra, invitation_id, created_at, active_at, role_by, \
         extra_by)",
    );
    for new in all {
        let extra = new.extra.to_codes();
        rows.add(values![
            &new.id,
            new.user_id,
            new.unit_id,
            new.role,
            extra,
            new.invitation,
            now,
            new.active_at,
            new.by,
            new.by
        ]);
        tx.touch(new.user_id, now);
    }
    rows.write(tx).await
}

const SELECT: &str = "select m.id, m.user_id, m.unit_id, n.path, n.name as unit_name, n.is_closed, m.role_id, r.rank, m.extra, \
    m.invitation_id, m.record, m.role_by, m.extra_by, m.created_at, m.active_at, m.blocked_at, m.blocked_by, m.block_reason, m.archived_at \
    from memberships m join units n on n.id = m.unit_id join roles r on r.id = m.role_id where ";

/// Those whom the statement finds: the highest role first, what has ended last.
async fn select(tx: &mut Tx, mut statement: Statement) -> Result<Vec<Membership>> {
    statement.push(" order by r.rank desc, m.id");
    let mut all: Vec<Membership> = statement.rows(tx).await?.iter().map(read).collect::<Result<_>>()?;
    all.sort_by_key(|membership| membership.standing() == Standing::Archived);
    Ok(all)
}

/// Everything that somebody holds or is offered: the highest role first, what has ended last.
pub async fn of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<Membership>> {
    of_users(tx, std::slice::from_ref(user)).await
}

/// The same of some people, of each one in this order.
pub async fn of_users(tx: &mut Tx, people: &[UserId]) -> Result<Vec<Membership>> {
    let mut found = Vec::new();
    for some in people.chunks(super::MOST_IN_A_LIST) {
        let mut theirs = Statement::new(SELECT);
        let ids = theirs.bind_all(some);
        theirs.push(&format!("m.user_id in ({ids})"));
        found.extend(select(tx, theirs).await?);
    }
    Ok(found)
}

/// The same of whoever has one of these addresses. The same work whether there is anybody or not.
pub async fn of_addresses(tx: &mut Tx, addresses: &[&str]) -> Result<Vec<Membership>> {
    let mut found = Vec::new();
    for some in addresses.chunks(super::MOST_IN_A_LIST) {
        let mut theirs = Statement::new(SELECT);
        let people = super::users::of_addresses(&mut theirs, some);
        theirs.push(&format!("m.user_id in ({people})"));
        found.extend(select(tx, theirs).await?);
    }
    Ok(found)
}

/// What open invitations offer to the placeholders of these addresses, each with its address. The same work whether there are
/// any or not (rule 40).
pub async fn offered_to_placeholders(
    tx: &mut Tx,
    addresses: &[&str],
    now: Timestamp,
) -> Result<Vec<(String, Membership)>> {
    let sql = SELECT.replacen("select ", "select i.address, ", 1);
    let sql = sql.replacen(" where ", " join invitations i on i.id = m.invitation_id where ", 1);
    let mut found = Vec::new();
    for some in addresses.chunks(super::MOST_IN_A_LIST) {
        let mut offers = Statement::new(sql.clone());
        let (all, now) = (offers.bind_all(some.iter().copied()), offers.bind(now));
        offers.push(&format!(
            "m.user_id in (select id from users where email in ({all}) and is_placeholder and deleted_at is null \
             union all select id from users where phone in ({all}) and email is null and is_placeholder and deleted_at is null) \
             and m.active_at is null and i.accepted_at is null and i.withdrawn_at is null and not i.is_unsent \
             and (({}) or i.expires_at > {now}) order by r.rank desc, m.id",
            awaits_approval!()
        ));
        for row in offers.rows(tx).await? {
            found.push((row.text("address")?, read(&row)?));
        }
    }
    found.retain(|(_, offer)| offer.standing() == Standing::Offered);
    Ok(found)
}

/// What some invitations offer, or did; of each one the highest role first.
pub async fn of_invitations(tx: &mut Tx, ids: &[InvitationId]) -> Result<Vec<Membership>> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(super::MOST_IN_A_LIST) {
        let mut offered = Statement::new(SELECT);
        let ids = offered.bind_all(some);
        offered.push(&format!("m.invitation_id in ({ids})"));
        found.extend(select(tx, offered).await?);
    }
    Ok(found)
}

/// What is asked of memberships that count: active, not blocked, not archived, at an open unit.
const AUTHORITY: &str = concat!(
    "m.id as membership_id, m.unit_id, m.extra, n.path, r.id, r.key, r.name, r.rank, r.permissions, \
     r.is_top, r.needs_approval, r.losing_takes_two, r.valid_for, r.carries, r.removed_at, a.assignable_id, \
     g.removed_at as assignable_removed_at from memberships m \
     join users u on u.id = m.user_id join units n on n.id = m.unit_id join roles r on r.id = m.role_id \
     left join role_assigns a on a.role_id = r.id left join roles g on g.id = a.assignable_id \
     where m.user_id = $1 and u.deleted_at is null and ",
    counts!("m", "n")
);

/// Everything by which the person may do something at this moment: memberships that are active and not blocked. `None`
/// when none is left.
pub async fn authority(tx: &mut Tx, user: &UserId) -> Result<Option<Authority>> {
    let sql = format!("select {AUTHORITY} order by m.id, a.assignable_id");
    let rows = tx.rows(sqlx::AssertSqlSafe(sql), &values![user]).await?;
    read_authority(user, &rows)
}

/// What somebody holds who acts in a session.
#[derive(Clone, Debug)]
pub struct HeldInSession {
    pub authority: Authority,
    /// They have not agreed to something without which nobody goes on (rule 48).
    pub owes_consent: bool,
}

/// The same for somebody who acts in a session; `None` too when it is not theirs, was ended or has run out (SE-02).
pub async fn authority_in_session(
    tx: &mut Tx,
    user: &UserId,
    session: &SessionId,
    is_mobile: bool,
    now: Timestamp,
) -> Result<Option<HeldInSession>> {
    let sql = format!(
        "select {} as owes_consent, {AUTHORITY} and exists (select 1 from sessions s where s.id = $2 \
         and s.user_id = m.user_id and s.expires_at > $3 and s.is_mobile = $4) order by m.id, a.assignable_id",
        consents::OWES
    );
    let rows = tx.rows(sqlx::AssertSqlSafe(sql), &values![user, session, now, is_mobile]).await?;
    let owes_consent = rows.first().map_or(Ok(false), |row| row.truth("owes_consent"))?;
    Ok(read_authority(user, &rows)?.map(|authority| HeldInSession { authority, owes_consent }))
}

/// The same for somebody who acts through a token of theirs.
pub async fn authority_by_token(
    tx: &mut Tx,
    user: &UserId,
    token: &TokenId,
    now: Timestamp,
) -> Result<Option<Authority>> {
    let sql = format!(
        "select {AUTHORITY} and exists (select 1 from api_tokens t where t.id = $2 and t.user_id = m.user_id \
         and t.expires_at > $3) order by m.id, a.assignable_id"
    );
    let rows = tx.rows(sqlx::AssertSqlSafe(sql), &values![user, token, now]).await?;
    read_authority(user, &rows)
}

fn read_authority(user: &UserId, rows: &[Row]) -> Result<Option<Authority>> {
    let mut holdings: Vec<Holding> = Vec::new();
    let mut last = String::new();
    for row in rows {
        let membership = row.text("membership_id")?;
        if membership != last {
            holdings.push(Holding {
                unit: units::read_path(row)?,
                role: roles::read(row)?,
                extra: row.of("memberships", "membership_id", |row| row.code("extra", Permissions::read))?,
            });
            last = membership;
        }
        if let Some(holding) = holdings.last_mut() {
            roles::add_assigned(&mut holding.role, row)?;
        }
    }
    Ok((!holdings.is_empty()).then(|| Authority { user_id: user.clone(), holdings }))
}

/// Those of these people to whom nothing counts that they hold.
pub(super) async fn holding_nothing(tx: &mut Tx, people: &[UserId]) -> Result<Vec<UserId>> {
    let mut found = Vec::new();
    for some in people.chunks(super::MOST_IN_A_LIST) {
        let mut these = Statement::new(concat!(
            "select u.id from users u where not exists (select 1 from memberships m join units n on n.id = m.unit_id \
             where m.user_id = u.id and ",
            counts!("m", "n"),
            ") and u.id in ("
        ));
        let ids = these.bind_all(some);
        these.push(&format!("{ids})"));
        for row in these.rows(tx).await? {
            found.push(UserId::new(row.text("id")?));
        }
    }
    Ok(found)
}

/// Takes away what some invitations offer and nobody has accepted.
pub async fn remove_offered_by(tx: &mut Tx, invitations: &[InvitationId], now: Timestamp) -> Result<()> {
    let sql = "delete from memberships where active_at is null and invitation_id in";
    Statement::touch_each_of_with(sql, &[], invitations, now, tx).await
}

/// Turns what an invitation offers into what is held; how many memberships.
pub async fn activate(tx: &mut Tx, invitation: &InvitationId, now: Timestamp) -> Result<usize> {
    let sql = "update memberships set active_at = $2 where invitation_id = $1 and active_at is null returning user_id";
    tx.execute_touching(sql, &values![invitation, now], now).await
}

/// Hands what an invitation offers on from the placeholder to somebody, but for the units where they stand already.
pub async fn hand_over(
    tx: &mut Tx,
    invitation: &InvitationId,
    from: &UserId,
    to: &UserId,
    now: Timestamp,
) -> Result<()> {
    tx.touch(from, now);
    tx.touch(to, now);
    let there = "delete from memberships where invitation_id = $1 and active_at is null and user_id <> $2 \
                 and unit_id in (select unit_id from memberships where user_id = $2)";
    tx.execute(there, &values![invitation, to]).await?;
    let sql = "update memberships set user_id = $2 where invitation_id = $1 and active_at is null";
    tx.execute(sql, &values![invitation, to]).await?;
    Ok(())
}

pub async fn block(tx: &mut Tx, id: &MembershipId, by: &UserId, reason: &str, now: Timestamp) -> Result<()> {
    let sql = "update memberships set blocked_at = $2, blocked_by = $3, block_reason = $4 \
               where id = $1 and blocked_at is null returning user_id";
    tx.execute_touching(sql, &values![id, now, by, reason], now).await?;
    Ok(())
}

pub async fn unblock(tx: &mut Tx, id: &MembershipId, now: Timestamp) -> Result<()> {
    let sql = "update memberships set blocked_at = null, blocked_by = null, block_reason = null where id = $1 \
               returning user_id";
    tx.execute_touching(sql, &values![id], now).await?;
    Ok(())
}

/// Archives a membership.
pub async fn archive(tx: &mut Tx, id: &MembershipId, by: Option<&UserId>, now: Timestamp) -> Result<()> {
    let sql = "update memberships set archived_at = $2, archived_by = $3 where id = $1 returning user_id";
    tx.execute_touching(sql, &values![id, now, by], now).await?;
    Ok(())
}

/// Brings an archived membership back.
pub async fn bring_back(tx: &mut Tx, id: &MembershipId, now: Timestamp) -> Result<()> {
    let sql = "update memberships set archived_at = null, archived_by = null where id = $1 returning user_id";
    tx.execute_touching(sql, &values![id], now).await?;
    Ok(())
}

/// Another role and other extra permissions, given by somebody: what stays stays given by whoever gave it.
pub async fn change(
    tx: &mut Tx,
    id: &MembershipId,
    role: &RoleId,
    extra: Permissions,
    by: &UserId,
    now: Timestamp,
) -> Result<()> {
    let sql = "update memberships set role_by = case when role_id = $2 then role_by else $4 end, \
               extra_by = case when extra = $3 then extra_by else $4 end, role_id = $2, extra = $3 where id = $1 \
               returning user_id";
    tx.execute_touching(sql, &values![id, role, extra.to_codes(), by], now).await?;
    Ok(())
}

/// Writes where the person's record stands, as the organisation of this membership says it.
pub async fn set_record(tx: &mut Tx, id: &MembershipId, record: Option<&str>) -> Result<()> {
    tx.execute("update memberships set record = $2 where id = $1", &values![id, record]).await?;
    Ok(())
}

/// Says of a place that somebody has again since when they have had it, and where their record stands.
pub async fn restore(tx: &mut Tx, id: &MembershipId, left: &LeftPlace) -> Result<()> {
    let sql = "update memberships set created_at = $2, active_at = $3, record = $4 where id = $1";
    tx.execute(sql, &values![id, left.created_at, left.active_at, left.record.as_deref()]).await?;
    Ok(())
}

pub async fn remove(tx: &mut Tx, id: &MembershipId, now: Timestamp) -> Result<()> {
    tx.execute_touching("delete from memberships where id = $1 returning user_id", &values![id], now).await?;
    Ok(())
}

/// Takes away what some people were offered at some units by invitations that are over; whoever offers it anew has room.
pub async fn remove_old_offers(tx: &mut Tx, people: &[UserId], units: &[UnitId], now: Timestamp) -> Result<()> {
    for some in people.chunks(super::MOST_IN_A_LIST) {
        let mut old = Statement::new("delete from memberships as m where ");
        let at = old.bind(now);
        let (people, units) = (old.bind_all(some), old.bind_all(units));
        old.push(&format!(
            "m.user_id in ({people}) and m.unit_id in ({units}) and m.blocked_at is null and {} returning user_id",
            is_old_offer(&at)
        ));
        tx.execute_touching(sqlx::AssertSqlSafe(old.sql), &old.values, now).await?;
    }
    Ok(())
}

/// Takes away everything that some people hold or are offered.
pub async fn remove_all(tx: &mut Tx, people: &[UserId], now: Timestamp) -> Result<()> {
    tx.touch_all(people, now);
    Statement::for_each_of("delete from memberships where user_id in", people, tx).await
}

/// How many hold the top role at the root and can act by it: the guard of the last one (CO-02). Whoever was given a login may not have
/// come in yet; they have the password, and can.
pub async fn main_administrators(tx: &mut Tx) -> Result<i64> {
    let sql = concat!(
        "select count(*) as n from memberships m join roles r on r.id = m.role_id \
         join units n on n.id = m.unit_id join users u on u.id = m.user_id \
         where r.is_top = $1 and n.parent_id is null and u.deleted_at is null and ",
        is_held!("m")
    );
    tx.row(sql, &values![true]).await?.number("n")
}

/// Those who hold something active at a unit that carries a permission, oldest first; for whoever asks who can do what.
pub async fn holders_at(tx: &mut Tx, unit: &UnitId, permission: Permission, most: usize) -> Result<Vec<UserId>> {
    let sql = concat!(
        "select m.user_id from memberships m join units n on n.id = m.unit_id join roles r on r.id = m.role_id \
         where m.unit_id = $1 and ",
        counts!("m", "n"),
        " and ",
        carries!("$2"),
        " order by m.id limit $3"
    );
    let rows = tx.rows(sql, &values![unit, format!(" {} ", permission.code()), most]).await?;
    rows.iter().map(|row| row.text("user_id").map(UserId::new)).collect()
}

/// How many people would hold something at the root that carries a permission, were it not that this administrator blocked, archived
/// or deleted them since then, took them out or gave them another role: of those of whom no place is left the history knows which
/// role it was.
pub async fn shut_out_by(
    tx: &mut Tx,
    root: &UnitId,
    permission: Permission,
    by: &UserId,
    since: Timestamp,
) -> Result<usize> {
    let sql = "with able as (select r.id from roles r where replace(' ' || r.permissions || ' ', $2, '') <> ' ' || r.permissions || ' ') \
               select count(*) as n from (\
               select m.user_id from memberships m where m.unit_id = $1 and m.active_at is not null \
               and ((m.blocked_by = $3 and m.blocked_at > $4) or (m.archived_by = $3 and m.archived_at > $4)) \
               and (m.role_id in (select id from able) or replace(' ' || m.extra || ' ', $2, '') <> ' ' || m.extra || ' ') \
               union select e.subject_id from audit_events e where e.actor_id = $3 and e.at > $4 and e.id > $5 \
               and ((e.action in ('role_changed', 'place_removed') and e.unit_id = $1) or e.action in ('binned', 'deleted')) \
               and e.before in (select id from able)) gone";
    // Ids sort by their moment, so that nothing older is read.
    let first = first_id_at(since);
    let row = tx.row(sql, &values![root, format!(" {} ", permission.code()), by, since, first]).await?;
    Ok(usize::try_from(row.number("n")?).unwrap_or_default())
}

/// What is offered and not accepted: each role with each set of extra permissions, once.
pub async fn kinds_offered(tx: &mut Tx) -> Result<Vec<(RoleId, Permissions)>> {
    let sql = "select role_id, extra, min(id) as id from memberships where active_at is null group by role_id, extra";
    let rows = tx.rows(sql, &[]).await?;
    let read = |row: &Row| Ok((RoleId::new(row.text("role_id")?), row.code("extra", Permissions::read)?));
    rows.iter().map(|row| row.of("memberships", "id", read)).collect()
}

/// How many hold a role or are offered it; old offers hold nothing (H-40).
pub async fn count_of_role(tx: &mut Tx, role: &RoleId, now: Timestamp) -> Result<i64> {
    let all = "select count(*) as n from memberships where role_id = $1";
    let all = tx.row(all, &values![role]).await?.number("n")?;
    let old = format!(
        "select count(*) as n from memberships m join units n on n.id = m.unit_id where m.role_id = $1 and {}",
        holds_nothing("$2")
    );
    Ok(all - tx.row(sqlx::AssertSqlSafe(old), &values![role, now]).await?.number("n")?)
}

/// Some of those, and where, in no order.
pub async fn some_of_role(tx: &mut Tx, role: &RoleId, most: usize, now: Timestamp) -> Result<Vec<(UserId, UnitPath)>> {
    let sql = format!(
        "select m.user_id, m.unit_id, n.path from memberships m join units n on n.id = m.unit_id where m.role_id = $1 \
         and not ({}) limit $3",
        holds_nothing("$2")
    );
    let rows = tx.rows(sqlx::AssertSqlSafe(sql), &values![role, now, most]).await?;
    rows.iter().map(|row| Ok((UserId::new(row.text("user_id")?), units::read_path(row)?))).collect()
}

/// The names of those who may change what a viewer of this unit may only look at; a few, oldest first.
pub async fn administrators_of(tx: &mut Tx, unit: &UnitPath) -> Result<Vec<String>> {
    let sql = concat!(
        "select u.name, u.email, r.permissions, n.path from memberships m join users u on u.id = m.user_id \
         join roles r on r.id = m.role_id join units n on n.id = m.unit_id where n.id = $1 and ",
        counts!("m", "n"),
        " and ",
        carries!("$2"),
        " order by r.rank desc, m.id limit 3"
    );
    let edits = format!(" {} ", Permission::EditUsers.code());
    let mut names = Vec::new();
    for unit in unit.line().collect::<Vec<_>>().iter().rev() {
        for row in tx.rows(sql, &values![unit, &edits]).await? {
            let name = row.text("name")?;
            names.push(if name.is_empty() { row.maybe_text("email")?.unwrap_or_default() } else { name });
        }
        if !names.is_empty() {
            break;
        }
    }
    Ok(names)
}

//! Invitations that wait for a second administrator, and those that do not any more.

use super::super::clauses::awaits_approval;
use super::super::unfinished::{self, Work};
use super::super::{Result, Row, Statement, Tx};
use super::{Invitation, select};
use crate::domain::agreement::TakesTwoPart;
use crate::domain::id::{InvitationId, MembershipId, RoleId, UserId};
use crate::domain::permission::Permissions;
use crate::domain::timestamp::Timestamp;
use crate::values;

/// Has it wait for a second administrator: somebody changed what it offers (rule 53). Its link opens nothing until then.
pub async fn propose(tx: &mut Tx, id: &InvitationId, now: Timestamp) -> Result<()> {
    needs_approval(tx, id, true, now).await
}

async fn needs_approval(tx: &mut Tx, id: &InvitationId, needs: bool, now: Timestamp) -> Result<()> {
    let sql = "update invitations set needs_approval = $2, approved_at = null, approved_by = null where id = $1 \
               returning user_id";
    tx.execute_touching(sql, &values![id, needs], now).await?;
    Ok(())
}

/// Somebody else answers for the invitation from now on (IN-04).
pub async fn stand_for(tx: &mut Tx, id: &InvitationId, by: &UserId) -> Result<()> {
    tx.execute("update invitations set created_by = $2 where id = $1", &values![id, by]).await?;
    Ok(())
}

/// A second administrator agreed.
pub async fn approve(tx: &mut Tx, id: &InvitationId, by: &UserId, now: Timestamp) -> Result<()> {
    let sql = "update invitations set approved_at = $2, approved_by = $3 where id = $1 returning user_id";
    tx.execute_touching(sql, &values![id, now, by], now).await?;
    Ok(())
}

/// The condition on an open invitation `i` and on a place `m` that it offers, which takes two: it goes by one administrator's word,
/// or by the agreement of somebody who gave one of the parts that take two themselves (rule 53). The placeholders say which.
fn goes_by_one(statement: &mut Statement, parts: &[TakesTwoPart]) -> String {
    let by_role = statement.bind(parts.contains(&TakesTwoPart::Role));
    let by_extra = statement.bind(parts.contains(&TakesTwoPart::Extra));
    format!(
        "(not i.needs_approval or ({by_role} and i.approved_by = m.role_by) or ({by_extra} and i.approved_by = m.extra_by))"
    )
}

/// Some of the open invitations that offer this role with these extra permissions, which takes two, and do not wait yet for a
/// second administrator or not any more; by the place that is offered, behind one of them. What has ended is judged when it is sent
/// again.
pub async fn to_wait(
    tx: &mut Tx,
    (role, extra, parts): &(RoleId, Permissions, Vec<TakesTwoPart>),
    after: &MembershipId,
    most: usize,
    now: Timestamp,
) -> Result<Vec<(MembershipId, InvitationId)>> {
    let mut statement = Statement::new(
        "select m.id, i.id as invitation_id from memberships m join invitations i on i.id = m.invitation_id \
         where m.active_at is null and i.accepted_at is null",
    );
    let (role, extra, after) = (statement.bind(role), statement.bind(extra.to_codes()), statement.bind(after));
    let by_one = goes_by_one(&mut statement, parts);
    let (most, now) = (statement.bind(most), statement.bind(now));
    statement.push(&format!(
        " and m.role_id = {role} and m.extra = {extra} and m.id > {after} and {by_one} and i.expires_at > {now} \
         order by m.id limit {most}"
    ));
    let read = |row: &Row| Ok((MembershipId::new(row.text("id")?), InvitationId::new(row.text("invitation_id")?)));
    statement.rows(tx).await?.iter().map(read).collect()
}

/// Whether one of the places that an invitation offers and that take two goes by one administrator's word.
pub async fn is_to_wait(tx: &mut Tx, id: &InvitationId, offered: &[(MembershipId, Vec<TakesTwoPart>)]) -> Result<bool> {
    for (place, parts) in offered {
        let mut statement = Statement::new(
            "select 1 as one from memberships m join invitations i on i.id = m.invitation_id where m.active_at is null",
        );
        let (id, place) = (statement.bind(id), statement.bind(place));
        let by_one = goes_by_one(&mut statement, parts);
        statement.push(&format!(" and i.id = {id} and m.id = {place} and {by_one}"));
        if !statement.rows(tx).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Has these wait for a second administrator, since what they offer of this role takes two; what somebody agreed to before was
/// another offer.
pub async fn wait_for_second(tx: &mut Tx, role: &RoleId, ids: &[InvitationId]) -> Result<()> {
    unfinished::begin_with(tx, Work::Offer, role).await?;
    let sql = "update invitations set needs_approval = $1, approved_at = null, approved_by = null where id in";
    Statement::for_each_of_with(sql, &values![true], ids, tx).await
}

/// Some of the invitations that wait for a second administrator, wherever they lead, behind one of them; oldest first.
pub async fn waiting(tx: &mut Tx, after: &InvitationId, most: usize) -> Result<Vec<Invitation>> {
    let rest = concat!(
        "where ",
        awaits_approval!(),
        " and i.accepted_at is null and i.withdrawn_at is null and i.id > $1 order by i.id limit $2"
    );
    select(tx, rest, &values![after, most]).await
}

/// Nothing that needs a second administrator is offered any more.
pub async fn needs_no_approval(tx: &mut Tx, id: &InvitationId, now: Timestamp) -> Result<()> {
    needs_approval(tx, id, false, now).await
}

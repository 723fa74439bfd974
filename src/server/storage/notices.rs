//! What inviters are still to be told of their invitations, and by which notice they were: who was not reached, who declined.

use super::invitations::{self, Invitation};
use super::{Look, Result, Row, Tx};
use crate::domain::id::{InvitationId, MessageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::values;

/// Whoever answers for this invitation is to be told of it.
pub async fn mark(tx: &mut Tx, id: &InvitationId, now: Timestamp) -> Result<()> {
    let sql = "insert into to_tell (invitation_id, inviter_id, untold_since) \
               select id, created_by, $2 from invitations where id = $1 and created_by is not null \
               on conflict (invitation_id) do update set inviter_id = excluded.inviter_id, notice_id = null, \
               untold_since = coalesce(to_tell.untold_since, excluded.untold_since)";
    tx.execute(sql, &values![id, now]).await?;
    Ok(())
}

/// Some of those who are to be told of something that happened before a moment, and who got no notice since another one.
pub async fn inviters_due(tx: &mut Tx, before: Timestamp, since: Timestamp, most: usize) -> Result<Vec<UserId>> {
    let sql = "select t.inviter_id from to_tell t where t.untold_since <= $1 and not exists \
               (select 1 from messages m where m.user_id = t.inviter_id and m.kind = 'notice' and m.created_at > $2) \
               group by t.inviter_id order by min(t.untold_since) limit $3";
    let rows = tx.rows(sql, &values![before, since, most]).await?;
    rows.iter().map(|row| row.text("inviter_id").map(UserId::new)).collect()
}

/// Everything that somebody is still to be told goes with this notice; with none, they are told nothing of it.
pub async fn take(tx: &mut Tx, inviter: &UserId, notice: Option<&MessageId>) -> Result<()> {
    let sql =
        "update to_tell set untold_since = null, notice_id = $2 where inviter_id = $1 and untold_since is not null";
    tx.execute(sql, &values![inviter, notice]).await?;
    Ok(())
}

/// Somebody is told of everything later.
pub async fn tell_later(tx: &mut Tx, inviter: &UserId, at: Timestamp) -> Result<()> {
    let sql = "update to_tell set untold_since = $2 where inviter_id = $1 and untold_since is not null";
    tx.execute(sql, &values![inviter, at]).await?;
    Ok(())
}

/// The invitations of which a notice tells, the oldest first: some of them, and how many there are.
pub async fn told_by(tx: &mut Tx, notice: &MessageId, most: usize) -> Result<(Vec<Invitation>, i64)> {
    let sql = "select count(*) as n from to_tell where notice_id = $1";
    let all = tx.row(sql, &values![notice]).await?.number("n")?;
    Ok((invitations::of_notice(tx, notice, most).await?, all))
}

pub(super) fn look() -> Look {
    let read: fn(&Row) -> Result<()> = |row| {
        row.of("to_tell", "invitation_id", |row| {
            row.text("inviter_id")?;
            row.maybe_number("untold_since")?;
            row.maybe_text("notice_id").map(drop)
        })
    };
    Look::at_table("to_tell", "invitation_id", read)
}

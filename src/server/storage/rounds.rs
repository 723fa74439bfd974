//! Rounds of invitations: forms that were sent. What they say stands in `terms`, their people in `invite_rows`.

use super::{Look, Result, Row, Tx};
use crate::domain::id::{DraftId, UserId};
use crate::domain::review::RoundStop;
use crate::domain::timestamp::Timestamp;
use crate::values;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The name of its terms.
    pub id: DraftId,
    /// Until when what was sent can be taken back.
    pub held_until: Option<Timestamp>,
    /// Why the rest was not sent.
    pub stopped: Option<RoundStop>,
}

fn read(row: &Row) -> Result<Round> {
    row.of("invitation_rounds", "id", |row| {
        let stopped = match row.maybe_text("stopped")? {
            None => None,
            Some(_) => Some(row.code("stopped", RoundStop::from_code)?),
        };
        Ok(Round {
            id: DraftId::new(row.text("id")?),
            held_until: row.maybe_number("held_until")?.map(Timestamp),
            stopped,
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("invitation_rounds", "id", |row| read(row).map(drop))
}

/// Begins a round, or holds it longer.
pub async fn begin(tx: &mut Tx, id: &DraftId, held_until: Option<Timestamp>) -> Result<()> {
    let sql = "insert into invitation_rounds (id, held_until) values ($1, $2) on conflict (id) do update set held_until = case \
               when invitation_rounds.held_until > excluded.held_until or excluded.held_until is null \
               then invitation_rounds.held_until else excluded.held_until end";
    tx.execute(sql, &values![id, held_until]).await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &DraftId) -> Result<Option<Round>> {
    let row = tx.maybe_row("select id, held_until, stopped from invitation_rounds where id = $1", &values![id]).await?;
    row.as_ref().map(read).transpose()
}

/// A round is held no longer.
pub async fn release(tx: &mut Tx, id: &DraftId) -> Result<()> {
    tx.execute("update invitation_rounds set held_until = null where id = $1", &values![id]).await?;
    Ok(())
}

/// The rest of a round is not sent.
pub async fn stop(tx: &mut Tx, id: &DraftId, why: RoundStop) -> Result<()> {
    tx.execute("update invitation_rounds set stopped = $2 where id = $1", &values![id, why.code()]).await?;
    Ok(())
}

/// The newest round of somebody at which a job is.
pub async fn under_way(tx: &mut Tx, user: &UserId) -> Result<Option<DraftId>> {
    let sql = "select r.id from jobs j join invitation_rounds r on r.id = j.subject where j.user_id = $1 \
               order by r.id desc limit 1";
    tx.maybe_row(sql, &values![user]).await?.map(|row| Ok(DraftId::new(row.text("id")?))).transpose()
}

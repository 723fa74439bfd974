//! Password resets that were asked for; the link's secret is derived, not stored.

use super::{Look, Result, Row, Statement, Tx};
use crate::domain::id::{ResetId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::values;

#[derive(Clone, Debug)]
pub struct Reset {
    pub id: ResetId,
    pub user_id: UserId,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub used_at: Option<Timestamp>,
}

pub async fn insert(tx: &mut Tx, reset: &Reset) -> Result<()> {
    let sql = "insert into password_resets (id, user_id, created_at, expires_at) values ($1, $2, $3, $4)";
    tx.execute(sql, &values![&reset.id, &reset.user_id, reset.created_at, reset.expires_at]).await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &ResetId) -> Result<Option<Reset>> {
    let sql = "select id, user_id, created_at, expires_at, used_at from password_resets where id = $1";
    tx.maybe_row(sql, &values![id]).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Reset> {
    row.of("password_resets", "id", |row| {
        Ok(Reset {
            id: ResetId::new(row.text("id")?),
            user_id: UserId::new(row.text("user_id")?),
            created_at: Timestamp(row.number("created_at")?),
            expires_at: row.maybe_number("expires_at")?.map(Timestamp),
            used_at: row.maybe_number("used_at")?.map(Timestamp),
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("password_resets", "id", |row| read(row).map(drop))
}

/// Whether a newer link of this person was made.
pub async fn is_followed(tx: &mut Tx, reset: &Reset) -> Result<bool> {
    let sql = "select id from password_resets where user_id = $1 and id > $2 limit 1";
    Ok(tx.maybe_row(sql, &values![&reset.user_id, &reset.id]).await?.is_some())
}

/// Spends a reset; `false` when it was spent already.
pub async fn spend(tx: &mut Tx, id: &ResetId, now: Timestamp) -> Result<bool> {
    let sql = "update password_resets set used_at = $2 where id = $1 and used_at is null";
    Ok(tx.execute(sql, &values![id, now]).await? == 1)
}

/// Ends every open reset of a person: after a new password, and when the account is blocked or deleted (AU-05, AU-07).
pub async fn end_all(tx: &mut Tx, user: &UserId, now: Timestamp) -> Result<()> {
    end_of(tx, std::slice::from_ref(user), now).await
}

/// The same of some people.
pub async fn end_of(tx: &mut Tx, people: &[UserId], now: Timestamp) -> Result<()> {
    let sql = "update password_resets set used_at = $1 where used_at is null and user_id in";
    Statement::for_each_of_with(sql, &values![now], people, tx).await
}

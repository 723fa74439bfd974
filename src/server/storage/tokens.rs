//! Tokens of the API. The secret is stored as a hash; a token's name for people (`id`) is another value, as with sessions.

use super::clauses::has_access;
use super::{Database, Look, Result, Row, Statement, Tx};
use crate::domain::id::{TokenId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::values;

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    pub id: TokenId,
    /// Whose it is.
    pub user_id: UserId,
    /// What they call it.
    pub name: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub expires_at: Timestamp,
}

const COLUMNS: &str = "select id, user_id, name, created_at, last_used_at, expires_at from api_tokens t where";

fn read(row: &Row) -> Result<ApiToken> {
    row.of("api_tokens", "id", |row| {
        Ok(ApiToken {
            id: TokenId::new(row.text("id")?),
            user_id: UserId::new(row.text("user_id")?),
            name: row.text("name")?,
            created_at: Timestamp(row.number("created_at")?),
            last_used_at: row.maybe_number("last_used_at")?.map(Timestamp),
            expires_at: Timestamp(row.number("expires_at")?),
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("api_tokens", "id", |row| read(row).map(drop))
}

pub async fn insert(tx: &mut Tx, token: &ApiToken, secret_hash: &str) -> Result<()> {
    let sql = "insert into api_tokens (secret_hash, id, user_id, name, created_at, last_used_at, expires_at) \
               values ($1, $2, $3, $4, $5, $6, $7)";
    let values = values![
        secret_hash,
        &token.id,
        &token.user_id,
        &token.name,
        token.created_at,
        token.last_used_at,
        token.expires_at
    ];
    tx.execute(sql, &values).await?;
    Ok(())
}

/// The token of a secret, unless it has ended, or its owner is deleted or holds nothing any more (SE-02).
pub async fn find(tx: &mut Tx, secret_hash: &str, now: Timestamp) -> Result<Option<ApiToken>> {
    let has_access = has_access!("t.user_id");
    let sql = format!("{COLUMNS} t.secret_hash = $1 and t.expires_at > $2 and {has_access}");
    let row = tx.maybe_row(sqlx::AssertSqlSafe(sql), &values![secret_hash, now]).await?;
    row.as_ref().map(read).transpose()
}

/// A token by its name for people.
pub async fn find_by_id(tx: &mut Tx, id: &TokenId) -> Result<Option<ApiToken>> {
    let row = tx.maybe_row(sqlx::AssertSqlSafe(format!("{COLUMNS} id = $1")), &values![id]).await?;
    row.as_ref().map(read).transpose()
}

/// Somebody's tokens that have not ended, the newest first.
pub async fn of_user(tx: &mut Tx, user: &UserId, now: Timestamp) -> Result<Vec<ApiToken>> {
    let sql = format!("{COLUMNS} user_id = $1 and expires_at > $2 order by created_at desc, id desc");
    tx.rows(sqlx::AssertSqlSafe(sql), &values![user, now]).await?.iter().map(read).collect()
}

/// Everybody's tokens that have not ended, the newest first.
pub async fn all(tx: &mut Tx, now: Timestamp) -> Result<Vec<ApiToken>> {
    let sql = format!("{COLUMNS} expires_at > $1 order by created_at desc, id desc");
    tx.rows(sqlx::AssertSqlSafe(sql), &values![now]).await?.iter().map(read).collect()
}

/// Whether there is a token that has not ended.
pub async fn is_any(tx: &mut Tx, now: Timestamp) -> Result<bool> {
    let sql = "select 1 as one from api_tokens where expires_at > $1 limit 1";
    Ok(tx.maybe_row(sql, &values![now]).await?.is_some())
}

/// Ends one token of a person; `false` when there was none of that name.
pub async fn end(tx: &mut Tx, user: &UserId, id: &TokenId) -> Result<bool> {
    Ok(tx.execute("delete from api_tokens where user_id = $1 and id = $2", &values![user, id]).await? == 1)
}

/// Ends all tokens of some people. Sessions end together with them: see `sessions`.
pub(super) async fn end_of(tx: &mut Tx, people: &[UserId]) -> Result<()> {
    Statement::for_each_of("delete from api_tokens where user_id in", people, tx).await
}

/// Notes that a token was used.
pub async fn touch(db: &Database, id: &TokenId, now: Timestamp) -> Result<()> {
    db.touch("update api_tokens set last_used_at = $2 where id = $1", &values![id, now]).await?;
    Ok(())
}

/// Forgets tokens that ended.
pub async fn sweep(db: &Database, now: Timestamp) -> Result<u64> {
    db.touch("delete from api_tokens where expires_at <= $1", &values![now]).await
}

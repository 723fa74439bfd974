//! Signed-in browsers. The cookie's secret is stored as a hash; a session's name (`id`) is another value (SE-05). What ends
//! all sessions of somebody ends their tokens as well.

use super::clauses::has_access;
use super::{Database, Look, Result, Row, Statement, Tx, tokens};
use crate::domain::id::{SessionId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::values;

#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub device: String,
    pub is_kept: bool,
    /// It is one of the mobile surface, and opens nothing else.
    pub is_mobile: bool,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
}

fn read(row: &Row) -> Result<Session> {
    row.of("sessions", "id", |row| {
        Ok(Session {
            id: SessionId::new(row.text("id")?),
            user_id: UserId::new(row.text("user_id")?),
            device: row.text("device")?,
            is_kept: row.truth("is_kept")?,
            is_mobile: row.truth("is_mobile")?,
            created_at: Timestamp(row.number("created_at")?),
            last_seen_at: Timestamp(row.number("last_seen_at")?),
            expires_at: Timestamp(row.number("expires_at")?),
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("sessions", "id", |row| read(row).map(drop))
}

/// Begins a session; its person is here from now on.
pub async fn insert(tx: &mut Tx, session: &Session, secret_hash: &str) -> Result<()> {
    let sql = "insert into sessions (secret_hash, id, user_id, device, is_kept, created_at, last_seen_at, expires_at, is_mobile) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = values![
        secret_hash,
        &session.id,
        &session.user_id,
        &session.device,
        session.is_kept,
        session.created_at,
        session.last_seen_at,
        session.expires_at,
        session.is_mobile,
    ];
    tx.execute(sql, &values).await?;
    let sql = "update users set last_seen_at = $2 where id = $1";
    tx.execute(sql, &values![&session.user_id, session.last_seen_at]).await?;
    Ok(())
}

/// Ends the sessions of a person that began before the newest `most`.
pub async fn end_oldest(tx: &mut Tx, user: &UserId, most: i64) -> Result<()> {
    let sql = "delete from sessions where user_id = $1 and id in \
               (select id from sessions where user_id = $1 order by created_at desc, id desc limit 1000 offset $2)";
    tx.execute(sql, &values![user, most]).await?;
    Ok(())
}

/// The session of a secret on a surface, unless it has ended, or its person is deleted or holds nothing any more (SE-02).
pub async fn find(tx: &mut Tx, secret_hash: &str, is_mobile: bool, now: Timestamp) -> Result<Option<Session>> {
    let sql = concat!(
        "select id, user_id, device, is_kept, is_mobile, created_at, last_seen_at, expires_at from sessions s \
         where s.secret_hash = $1 and s.expires_at > $2 and s.is_mobile = $3 and ",
        has_access!("s.user_id")
    );
    let row = tx.maybe_row(sql, &values![secret_hash, now, is_mobile]).await?;
    row.as_ref().map(read).transpose()
}

/// When somebody signed in to a session, if it is there.
pub async fn began_at(tx: &mut Tx, id: &SessionId) -> Result<Option<Timestamp>> {
    let row = tx.maybe_row("select created_at from sessions where id = $1", &values![id]).await?;
    row.map(|row| Ok(Timestamp(row.number("created_at")?))).transpose()
}

pub async fn of_user(tx: &mut Tx, user: &UserId, now: Timestamp) -> Result<Vec<Session>> {
    let sql = "select id, user_id, device, is_kept, is_mobile, created_at, last_seen_at, expires_at from sessions \
               where user_id = $1 and expires_at > $2 order by last_seen_at desc, id desc";
    tx.rows(sql, &values![user, now]).await?.iter().map(read).collect()
}

/// Ends one session of a person; `false` when there was none of that name.
pub async fn end(tx: &mut Tx, user: &UserId, id: &SessionId) -> Result<bool> {
    Ok(tx.execute("delete from sessions where user_id = $1 and id = $2", &values![user, id]).await? == 1)
}

/// Ends all sessions of a person but one, and their tokens; how many sessions there were.
pub async fn end_all(tx: &mut Tx, user: &UserId, but: Option<&SessionId>) -> Result<u64> {
    tokens::end_of(tx, std::slice::from_ref(user)).await?;
    let sql = "delete from sessions where user_id = $1 and ($2 is null or id <> $2)";
    let sql_all = "delete from sessions where user_id = $1";
    match but {
        Some(_) => tx.execute(sql, &values![user, but]).await,
        None => tx.execute(sql_all, &values![user]).await,
    }
}

/// Ends all sessions and all tokens of some people.
pub async fn end_of(tx: &mut Tx, people: &[UserId]) -> Result<()> {
    tokens::end_of(tx, people).await?;
    Statement::for_each_of("delete from sessions where user_id in", people, tx).await
}

/// Notes that the session and its person were here, and moves the session's end.
pub async fn touch(db: &Database, session: &Session, now: Timestamp, expires_at: Timestamp) -> Result<()> {
    let sql = "update sessions set last_seen_at = $2, expires_at = $3 where id = $1";
    db.touch(sql, &values![&session.id, now, expires_at]).await?;
    db.touch("update users set last_seen_at = $2 where id = $1", &values![&session.user_id, now]).await?;
    Ok(())
}

/// Forgets sessions that ended.
pub async fn sweep(db: &Database, now: Timestamp) -> Result<u64> {
    let sql = "delete from sessions where secret_hash in (\
               select secret_hash from sessions where expires_at <= $1 limit 500)";
    db.touch_all(sql, &values![now]).await
}

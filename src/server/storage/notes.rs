//! What a refused form had typed and no cookie holds: a few texts for each person, for a short time, so that nothing typed is
//! lost without script.

use super::{Database, Look, Result, Tx};
use crate::domain::id::{NoteId, UserId};
use crate::domain::moment::Moment;
use crate::domain::user::User;
use crate::values;
use serde_json::{Map, Value};

/// Keeps a text.
pub async fn insert(tx: &mut Tx, id: &NoteId, user: &UserId, content: &str, now: Moment) -> Result<()> {
    let sql = "insert into notes (id, user_id, content, created_at) values ($1, $2, $3, $4)";
    tx.execute(sql, &values![id, user, content, now]).await?;
    Ok(())
}

/// A text of this person, and nobody else's, that is not older than `since`.
pub async fn find(tx: &mut Tx, id: &NoteId, user: &UserId, since: Moment) -> Result<Option<String>> {
    let sql = "select content from notes where id = $1 and user_id = $2 and created_at >= $3";
    let row = tx.maybe_row(sql, &values![id, user, since]).await?;
    row.map(|row| row.text("content")).transpose()
}

/// The texts of a person with their lengths in bytes, newest first.
pub async fn sizes(tx: &mut Tx, user: &UserId) -> Result<Vec<(NoteId, i64)>> {
    let sql = "select id, cast(octet_length(content) as bigint) as bytes from notes where user_id = $1 order by created_at desc, id desc";
    let rows = tx.rows(sql, &values![user]).await?;
    rows.iter().map(|row| Ok((NoteId::new(row.text("id")?), row.number("bytes")?))).collect()
}

/// Forgets a text.
pub async fn remove(tx: &mut Tx, id: &NoteId) -> Result<()> {
    tx.execute("delete from notes where id = $1", &values![id]).await?;
    Ok(())
}

/// Forgets what a deleted person kept, and what others typed of them (PR-01). There are a few texts for each person who is at
/// work in this hour, so they are simply read.
pub async fn erase(tx: &mut Tx, user: &User) -> Result<()> {
    tx.execute("delete from notes where user_id = $1", &values![&user.id]).await?;
    let known = [Some(user.id.to_string()), user.email.clone(), user.phone.clone(), user.login.clone()];
    for row in tx.rows("select id, content from notes", &[]).await? {
        let content = row.text("content")?.to_lowercase();
        if known.iter().flatten().any(|name| content.contains(name)) {
            remove(tx, &NoteId::new(row.text("id")?)).await?;
        }
    }
    Ok(())
}

pub(super) fn look() -> Look {
    Look::at_table("notes", "id", |row| {
        row.code("content", |content| serde_json::from_str::<Map<String, Value>>(content).ok())?;
        row.text("user_id")?;
        row.number("created_at").map(drop)
    })
}

/// Forgets texts older than `before`.
pub async fn sweep(db: &Database, before: Moment) -> Result<u64> {
    db.touch("delete from notes where created_at < $1", &values![before]).await
}

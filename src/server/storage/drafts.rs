//! Rows of an invite form that could not be sent yet, and long texts of forms that were refused: kept for a day, so that
//! nothing typed is lost without script.

use super::{Database, Result, Tx};
use crate::domain::id::{DraftId, UserId};
use crate::domain::moment::Moment;
use crate::values;

pub async fn insert(tx: &mut Tx, id: &DraftId, user: &UserId, content: &str, now: Moment) -> Result<()> {
    let sql = "insert into drafts (id, user_id, content, created_at) values ($1, $2, $3, $4)";
    tx.execute(sql, &values![id, user, content, now]).await?;
    Ok(())
}

/// Writes a draft anew under its name.
pub async fn update(tx: &mut Tx, id: &DraftId, user: &UserId, content: &str) -> Result<()> {
    let sql = "update drafts set content = $3 where id = $1 and user_id = $2";
    tx.execute(sql, &values![id, user, content]).await?;
    Ok(())
}

/// A draft of this person, and nobody else's.
pub async fn find(tx: &mut Tx, id: &DraftId, user: &UserId) -> Result<Option<String>> {
    let row = tx.maybe_row("select content from drafts where id = $1 and user_id = $2", &values![id, user]).await?;
    row.map(|row| row.text("content")).transpose()
}

/// Forgets drafts that name a deleted person, by his id or his address (PR-01).
pub async fn erase(tx: &mut Tx, user: &UserId, address: Option<&str>) -> Result<()> {
    for name in [Some(user.as_str()), address].into_iter().flatten() {
        tx.execute("delete from drafts where lower(content) like $1", &values![format!("%{name}%")]).await?;
    }
    Ok(())
}

/// Forgets drafts older than `before`.
pub async fn sweep(db: &Database, before: Moment) -> Result<u64> {
    db.touch("delete from drafts where created_at < $1", &values![before]).await
}

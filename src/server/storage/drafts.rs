//! Rows of an invite form that could not be sent yet, and long texts of forms that were refused: kept for a day, so that
//! nothing typed is lost without script.

use super::corrupt::fields;
use super::{Database, Look, Result, Row, Tx};
use crate::domain::id::{DraftId, UserId};
use crate::domain::moment::Moment;
use crate::domain::review::InviteDraft;
use crate::values;
use serde_json::{Map, Value};

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

/// What is kept: a text of JSON, which says itself what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// An invite form.
    Draft(Box<InviteDraft>),
    /// What another form typed and was told; it names its form.
    Note(String),
}

/// What of this person is kept under a name, and of nobody else.
pub async fn find(tx: &mut Tx, id: &DraftId, user: &UserId) -> Result<Option<Kept>> {
    let row = tx.maybe_row("select id, content from drafts where id = $1 and user_id = $2", &values![id, user]).await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Kept> {
    row.of("drafts", "id", |row| {
        row.code("content", |content| {
            let all: Map<String, Value> = serde_json::from_str(content).ok()?;
            match all.contains_key("form") {
                true => Some(Kept::Note(content.into())),
                false => fields(content).map(Box::new).map(Kept::Draft),
            }
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("drafts", "id", |row| {
        read(row)?;
        row.number("created_at").map(drop)
    })
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

//! Rows of an invite form that could not be sent yet: kept for a day, so that nothing typed is lost without script.

use super::corrupt::fields;
use super::{Database, Look, Result, Row, Rows, Statement, Tx};
use crate::domain::id::{DraftId, UserId};
use crate::domain::review::InviteDraft;
use crate::domain::timestamp::Timestamp;
use crate::values;
use std::collections::BTreeSet;

pub async fn insert(tx: &mut Tx, id: &DraftId, user: &UserId, content: &str, now: Timestamp) -> Result<()> {
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

/// The drafts of a person with their lengths in bytes, newest first.
pub async fn sizes(tx: &mut Tx, user: &UserId) -> Result<Vec<(DraftId, i64)>> {
    let sql = "select id, cast(octet_length(content) as bigint) as bytes from drafts where user_id = $1 \
               order by created_at desc, id desc";
    let rows = tx.rows(sql, &values![user]).await?;
    rows.iter().map(|row| Ok((DraftId::new(row.text("id")?), row.number("bytes")?))).collect()
}

/// A draft of this person, and nobody else's.
pub async fn find(tx: &mut Tx, id: &DraftId, user: &UserId) -> Result<Option<InviteDraft>> {
    let row = tx.maybe_row("select id, content from drafts where id = $1 and user_id = $2", &values![id, user]).await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<InviteDraft> {
    row.of("drafts", "id", |row| row.code("content", fields))
}

pub(super) fn look() -> Look {
    Look::at_table("drafts", "id", |row| {
        read(row)?;
        row.number("created_at").map(drop)
    })
}

/// Writes down whom a draft names, in the place of what stood there: ids and addresses, in no order.
pub async fn name(tx: &mut Tx, id: &DraftId, names: &BTreeSet<String>) -> Result<()> {
    tx.execute("delete from draft_people where draft_id = $1", &values![id]).await?;
    let mut rows = Rows::new("insert into draft_people (draft_id, person)");
    for name in names {
        rows.add(values![id, name]);
    }
    rows.write(tx).await
}

/// A draft in which somebody is named, or may be.
pub struct Naming {
    pub id: DraftId,
    pub owner: UserId,
    /// `None` where it cannot be read.
    pub draft: Option<InviteDraft>,
    /// As it is stored.
    pub content: String,
    /// It is written down that it names them. One from before that was written down at all says nothing about it.
    pub is_said: bool,
}

/// The drafts that name somebody by one of these, and those of which nobody has written down whom they name.
pub async fn naming(tx: &mut Tx, names: &BTreeSet<String>) -> Result<Vec<Naming>> {
    let mut drafts = Statement::new("select id, user_id, content, ");
    let (yes, no) = (drafts.bind(true), drafts.bind(false));
    let names = drafts.bind_all(names);
    // Whose it is stands among the names, so that every draft has one.
    drafts.push(&format!(
        "cast({yes} as boolean) as is_said from drafts where id in (select draft_id from draft_people where person in ({names})) \
         union all select id, user_id, content, cast({no} as boolean) as is_said from drafts d \
         where not exists (select 1 from draft_people p where p.draft_id = d.id)"
    ));
    let naming = |row: &Row| {
        Ok(Naming {
            id: DraftId::new(row.text("id")?),
            owner: UserId::new(row.text("user_id")?),
            draft: read(row).ok(),
            content: row.text("content")?,
            is_said: row.truth("is_said")?,
        })
    };
    drafts.rows(tx).await?.iter().map(naming).collect()
}

/// Forgets a draft.
pub async fn remove(tx: &mut Tx, id: &DraftId) -> Result<()> {
    tx.execute("delete from drafts where id = $1", &values![id]).await?;
    Ok(())
}

/// Forgets drafts older than `before`.
pub async fn sweep(db: &Database, before: Timestamp) -> Result<u64> {
    // Each with whom it names.
    let sql = "delete from drafts where id in (select id from drafts where created_at < $1 limit 20)";
    db.touch_all(sql, &values![before]).await
}

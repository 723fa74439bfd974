//! Lists of people that somebody is importing: each whole, as one text, for its owner alone and for a day. What the text says, the
//! domain knows; here it is kept, found and forgotten.

use super::{Corrupt, Database, Look, Result, Row, Tx};
use crate::domain::id::{ImportId, UserId};
use crate::domain::import::ImportList;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::User;
use crate::values;

/// A list with what is known of it besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredImport {
    pub id: ImportId,
    pub created_at: Timestamp,
    /// Forgotten from then on.
    pub kept_until: Timestamp,
    /// When its people began to be taken.
    pub started_at: Option<Timestamp>,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
    pub list: ImportList,
}

const COLUMNS: &str = "id, created_at, kept_until, started_at, undone_at, version, content";

fn read(row: &Row) -> Result<StoredImport> {
    row.of("imports", "id", |row| {
        let list = serde_json::from_str(&row.text("content")?).map_err(|_| Corrupt::column("content"))?;
        Ok(StoredImport {
            id: ImportId::new(row.text("id")?),
            created_at: Timestamp(row.number("created_at")?),
            kept_until: Timestamp(row.number("kept_until")?),
            started_at: row.maybe_number("started_at")?.map(Timestamp),
            undone_at: row.maybe_number("undone_at")?.map(Timestamp),
            version: row.number("version")?,
            list,
        })
    })
}

fn content(list: &ImportList) -> String {
    serde_json::to_string(list).unwrap_or_default()
}

pub(super) fn look() -> Look {
    Look::at_table("imports", "id", |row| {
        read(row)?;
        row.text("user_id").map(drop)
    })
}

/// Keeps a list.
pub async fn insert(tx: &mut Tx, user: &UserId, new: &StoredImport) -> Result<()> {
    let sql =
        "insert into imports (id, user_id, created_at, kept_until, version, content) values ($1, $2, $3, $4, $5, $6)";
    let values = values![&new.id, user, new.created_at, new.kept_until, new.version, content(&new.list)];
    tx.execute(sql, &values).await?;
    Ok(())
}

/// A list of this person, and nobody else's.
pub async fn find(tx: &mut Tx, id: &ImportId, user: &UserId, now: Timestamp) -> Result<Option<StoredImport>> {
    let sql = format!("select {COLUMNS} from imports where id = $1 and user_id = $2 and kept_until > $3");
    tx.maybe_row(sqlx::AssertSqlSafe(sql), &values![id, user, now]).await?.as_ref().map(read).transpose()
}

/// One of somebody's lists, without what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportEntry {
    pub id: ImportId,
    pub created_at: Timestamp,
    pub has_begun: bool,
}

/// The lists of a person, newest first.
pub async fn of_user(tx: &mut Tx, user: &UserId, now: Timestamp) -> Result<Vec<ImportEntry>> {
    let sql = "select id, created_at, started_at from imports where user_id = $1 and kept_until > $2 \
               order by created_at desc, id desc";
    let rows = tx.rows(sql, &values![user, now]).await?;
    let read = |row: &Row| {
        Ok(ImportEntry {
            id: ImportId::new(row.text("id")?),
            created_at: Timestamp(row.number("created_at")?),
            has_begun: row.maybe_number("started_at")?.is_some(),
        })
    };
    rows.iter().map(read).collect()
}

/// Of which list of somebody a round takes people, where it is one of a list. What a list holds is read through for it.
pub async fn of_round(tx: &mut Tx, user: &UserId, round: &str) -> Result<Option<ImportId>> {
    let sql =
        "select id from imports where user_id = $1 and started_at is not null and replace(content, $2, '') <> content";
    let row = tx.maybe_row(sql, &values![user, format!("\"{round}\"")]).await?;
    row.map(|row| row.text("id").map(ImportId::new)).transpose()
}

/// Keeps a list as it is now; `false` where somebody changed it in between, or it has begun.
pub async fn save(tx: &mut Tx, stored: &StoredImport) -> Result<bool> {
    let sql =
        "update imports set content = $3, version = version + 1 where id = $1 and version = $2 and started_at is null";
    Ok(tx.execute(sql, &values![&stored.id, stored.version, content(&stored.list)]).await? == 1)
}

/// Its people are taken from now on, by the rounds that it names; `false` where that was begun already, or the list is another one.
pub async fn start(tx: &mut Tx, stored: &StoredImport, kept_until: Timestamp, now: Timestamp) -> Result<bool> {
    let sql = "update imports set content = $3, version = version + 1, started_at = $4, kept_until = $5 \
               where id = $1 and version = $2 and started_at is null";
    let values = values![&stored.id, stored.version, content(&stored.list), now, kept_until];
    Ok(tx.execute(sql, &values).await? == 1)
}

/// It was undone.
pub async fn undo(tx: &mut Tx, id: &ImportId, now: Timestamp) -> Result<()> {
    tx.execute("update imports set undone_at = $2 where id = $1", &values![id, now]).await?;
    Ok(())
}

/// Forgets a list.
pub async fn remove(tx: &mut Tx, id: &ImportId) -> Result<()> {
    tx.execute("delete from imports where id = $1", &values![id]).await?;
    Ok(())
}

/// Forgets what a deleted person was importing, and takes them out of everybody's lists (PR-01). There are a few lists of this day, so
/// they are simply read.
pub async fn erase(tx: &mut Tx, user: &User) -> Result<()> {
    tx.execute("delete from imports where user_id = $1", &values![&user.id]).await?;
    let known: Vec<&str> = [&user.email, &user.unconfirmed_email, &user.phone, &user.login]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    for row in tx.rows(sqlx::AssertSqlSafe(format!("select {COLUMNS} from imports")), &[]).await? {
        let Ok(mut stored) = read(&row) else { continue };
        if stored.list.forget(&known, &user.id) {
            let sql = "update imports set content = $2, version = version + 1 where id = $1";
            tx.execute(sql, &values![&stored.id, content(&stored.list)]).await?;
        }
    }
    Ok(())
}

/// Forgets the lists that are kept no longer.
pub async fn sweep(db: &Database, now: Timestamp) -> Result<u64> {
    db.touch("delete from imports where kept_until <= $1", &values![now]).await
}

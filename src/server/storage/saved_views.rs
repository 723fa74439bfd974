//! Lists of people that somebody has given a name.

use super::{Look, Result, Row, Statement, Tx};
use crate::domain::id::{UserId, ViewId};
use crate::domain::saved_view::{MOST_SHARED, SavedView};
use crate::domain::timestamp::Timestamp;
use crate::values;

const COLUMNS: &str = "id, user_id, name, address, is_shared";

fn read(row: &Row, user: &UserId) -> Result<SavedView> {
    row.of("saved_views", "id", |row| {
        Ok(SavedView {
            id: ViewId::new(row.text("id")?),
            name: row.text("name")?,
            address: row.text("address")?,
            is_shared: row.truth("is_shared")?,
            is_own: row.text("user_id")? == user.as_str(),
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("saved_views", "id", |row| {
        read(row, &UserId::new(""))?;
        row.of("saved_views", "id", |row| row.number("created_at").map(drop))
    })
}

/// Somebody's own, the oldest first, and then those that others share.
pub async fn of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<SavedView>> {
    let own = format!("select {COLUMNS} from saved_views where user_id = $1 order by created_at, id");
    let mut rows = tx.rows(sqlx::AssertSqlSafe(own), &values![user]).await?;
    let shared = format!(
        "select {COLUMNS} from saved_views where is_shared = $1 and user_id <> $2 order by created_at, id limit $3"
    );
    rows.extend(tx.rows(sqlx::AssertSqlSafe(shared), &values![true, user, MOST_SHARED]).await?);
    rows.iter().map(|row| read(row, user)).collect()
}

/// Keeps one.
pub async fn insert(tx: &mut Tx, user: &UserId, view: &SavedView, now: Timestamp) -> Result<()> {
    let sql =
        "insert into saved_views (id, user_id, name, address, is_shared, created_at) values ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, &values![&view.id, user, &view.name, &view.address, view.is_shared, now]).await?;
    Ok(())
}

/// Forgets one of somebody's own; whether there was one.
pub async fn remove(tx: &mut Tx, user: &UserId, id: &ViewId) -> Result<bool> {
    let sql = "delete from saved_views where id = $1 and user_id = $2";
    Ok(tx.execute(sql, &values![id, user]).await? == 1)
}

/// Forgets what deleted people saved.
pub async fn erase(tx: &mut Tx, people: &[UserId]) -> Result<()> {
    Statement::for_each_of("delete from saved_views where user_id in", people, tx).await
}

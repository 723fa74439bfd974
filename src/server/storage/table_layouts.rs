//! How each person likes to look at the users table.

use super::{Look, Result, Row, Statement, Tx};
use crate::domain::id::UserId;
use crate::domain::table_layout::TableLayout;
use crate::values;

fn read(row: &Row) -> Result<TableLayout> {
    row.of("table_layouts", "user_id", |row| {
        let is_compact = row.truth("is_compact")?;
        row.code("hidden", |hidden| TableLayout::read(hidden, is_compact))
    })
}

pub(super) fn look() -> Look {
    Look::at_table("table_layouts", "user_id", |row| read(row).map(drop))
}

/// What somebody has chosen, or what everybody begins with.
pub async fn find(tx: &mut Tx, user: &UserId) -> Result<TableLayout> {
    let sql = "select user_id, hidden, is_compact from table_layouts where user_id = $1";
    let row = tx.maybe_row(sql, &values![user]).await?;
    Ok(row.as_ref().map(read).transpose()?.unwrap_or_default())
}

/// Keeps what somebody chose.
pub async fn write(tx: &mut Tx, user: &UserId, layout: &TableLayout) -> Result<()> {
    let sql = "insert into table_layouts (user_id, hidden, is_compact) values ($1, $2, $3) \
               on conflict (user_id) do update set hidden = excluded.hidden, is_compact = excluded.is_compact";
    tx.execute(sql, &values![user, layout.hidden_codes(), layout.is_compact]).await?;
    Ok(())
}

/// Forgets what deleted people chose.
pub async fn erase(tx: &mut Tx, people: &[UserId]) -> Result<()> {
    Statement::for_each_of("delete from table_layouts where user_id in", people, tx).await
}

//! How somebody looks at the users table: their own choice, which changes nothing else and leaves no line.

use super::{Actor, UseCaseError};
use crate::domain::table_layout::{TableColumn, TableLayout};
use crate::server::app::App;
use crate::server::storage::table_layouts;

/// Keeps which columns the caller wants beside the name, by their codes, and how high a row is.
///
/// # Errors
/// `Unreadable` when one of them is no column.
pub async fn choose(app: &App, caller: &Actor, columns: &[String], is_compact: bool) -> Result<(), UseCaseError> {
    let shown: Option<Vec<TableColumn>> = columns.iter().map(|code| TableColumn::from_code(code)).collect();
    let layout = TableLayout::showing(&shown.ok_or(UseCaseError::Unreadable)?, is_compact);
    let (mut tx, _) = super::write_as(app, caller).await?;
    table_layouts::write(&mut tx, &caller.user_id, &layout).await?;
    tx.commit().await?;
    Ok(())
}

//! Looking at the history, and noting what was refused.

use super::tries::CountedTries;
use super::{Actor, AuditEntry, UseCaseError, record, scope};
use crate::domain::audit::AuditAction;
use crate::domain::id::UnitId;
use crate::domain::listing::Cursor;
use crate::domain::permission::Permission;
use crate::server::app::App;
use crate::server::storage::audit;
use crate::view_models::AuditPage;

/// How many refused calls of one person are written down in an hour: nobody fills the history with them.
const MOST_REFUSED: i64 = 20;

/// A page of the history of a unit and below, within the caller's reach, newest first.
pub async fn list(app: &App, caller: &Actor, unit: Option<&UnitId>, from: &Cursor) -> Result<AuditPage, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    let scope = scope(&mut tx, &authority, Permission::SeeAudit, unit).await?;
    let reader = super::users::reader_for(&mut tx, caller, app.clock.now()).await?;
    let mut found = audit::page(&mut tx, &scope.path, from).await?;
    let (previous, next) = from.cut(&mut found, |event| event.id.as_str());
    Ok(AuditPage { previous, next, rows: found.into_iter().map(|event| reader.event(event)).collect() })
}

/// Notes that somebody called a function without the right to it (AZ-09); its page shows no such button.
pub async fn note_refused(app: &App, caller: &Actor, function: &str) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let refused = CountedTries::an_hour(MOST_REFUSED, format!("refused {}", caller.user_id));
    // Whoever has been refused often enough makes nobody wait who writes.
    if refused.is_full(&mut app.db.read().await?, now).await? {
        return Ok(());
    }
    let (mut tx, authority) = super::write_as(app, caller).await?;
    if refused.is_full(&mut tx, now).await? {
        return Ok(());
    }
    refused.count(&mut tx, now).await?;
    let unit = authority.holdings.first().map(|holding| holding.unit.id());
    let line = AuditEntry { actor: Some(&caller.user_id), unit, after: function, ..AuditEntry::default() };
    record(&mut tx, AuditAction::Refused, line, now).await?;
    tx.commit().await?;
    Ok(())
}

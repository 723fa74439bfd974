//! Looking at the history.

use super::{Caller, Refusal, scope};
use crate::domain::listing::{AuditPage, From, PAGE};
use crate::domain::permission::Permission;
use crate::server::app::App;
use crate::server::storage::audit::{self, Event};

/// A page of the history within the caller's reach, newest first.
pub async fn list(app: &App, caller: &Caller, from: &From) -> Result<AuditPage, Refusal> {
    let mut tx = app.db.read().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let scope = scope(&authority, Permission::SeeAudit)?;
    let reader = super::users::reader_for(&mut tx, caller).await?;
    let mut found = audit::page(&mut tx, &scope, from).await?;
    let has_more = found.len() > PAGE;
    let backwards = matches!(from, From::Before(_));
    if has_more && backwards {
        found.remove(0);
    }
    found.truncate(PAGE);
    let id = |event: &Event| event.id.as_str().to_string();
    let has_previous = if backwards { has_more } else { matches!(from, From::After(_)) };
    Ok(AuditPage {
        previous: found.first().filter(|_| has_previous).map(id),
        next: found.last().filter(|_| backwards || has_more).map(id),
        rows: found.into_iter().map(|event| reader.event(event)).collect(),
    })
}

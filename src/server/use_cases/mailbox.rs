//! The built-in mailbox: what waits in the outbox while no relay, or no gateway, is configured, as it would arrive. For main
//! administrators.

use super::{Actor, UseCaseError, require};
use crate::domain::id::MessageId;
use crate::domain::permission::Permission;
use crate::domain::policy::Request;
use crate::server::app::App;
use crate::server::delivery;
use crate::view_models::{Mail, MailSummary};

/// What waits, newest first.
pub async fn list(app: &App, caller: &Actor) -> Result<Vec<MailSummary>, UseCaseError> {
    let mut tx = app.db.read().await?;
    look_in(app, &mut tx, caller).await?;
    let language = super::users::reader_for(&mut tx, caller, app.clock.now()).await?.language;
    Ok(delivery::waiting_mails(app, &mut tx, language).await?)
}

/// One mail as it would arrive.
pub async fn read(app: &App, caller: &Actor, id: &MessageId) -> Result<Mail, UseCaseError> {
    let mut tx = app.db.read().await?;
    look_in(app, &mut tx, caller).await?;
    let language = super::users::reader_for(&mut tx, caller, app.clock.now()).await?.language;
    delivery::preview(app, &mut tx, id, language).await?.ok_or(UseCaseError::NotFound)
}

/// The mailbox exists only while messages wait there, and only for those who may see it.
async fn look_in(app: &App, tx: &mut crate::server::storage::Tx, caller: &Actor) -> Result<(), UseCaseError> {
    let authority = super::authority(app, tx, caller).await?;
    require(&authority, Request::Use(Permission::SeeMailbox))?;
    let settings = super::settings_of(tx).await?;
    if app.has_mailbox(&settings) { Ok(()) } else { Err(UseCaseError::NotFound) }
}

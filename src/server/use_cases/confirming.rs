//! An address that nobody has shown to be theirs: whoever came in by a link that was handed over is written to, and answers
//! by pressing a button behind the link of that message. Looking confirms nothing, since programs look into mail too
//! (IN-09).

use super::{AuditEntry, UseCaseError, outbox, record};
use crate::domain::audit::AuditAction;
use crate::domain::id::UserId;
use crate::domain::invitation::DeadLink;
use crate::domain::message::{MessageKind, end_of_confirmation, last_day_of_confirmation};
use crate::domain::timestamp::Timestamp;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::secrets::{Link, Purpose};
use crate::server::storage::messages::NewMessage;
use crate::server::storage::{Tx, users};

/// Queues the message to somebody's address, in the transaction in which they come in.
pub(super) async fn ask(app: &App, tx: &mut Tx, user: &User, now: Timestamp) -> Result<(), UseCaseError> {
    let Some(address) = user.to_confirm() else { return Ok(()) };
    let postage = match outbox::postage(app, tx, address.as_str(), None, now).await {
        Ok(postage) => postage,
        // Coming in does not wait for it; the address stays unconfirmed.
        Err(UseCaseError::Rests(_)) => return Ok(()),
        Err(refusal) => return Err(refusal),
    };
    let message = NewMessage {
        generation: last_day_of_confirmation(now),
        ..outbox::message(app, MessageKind::Confirmation, (&address, &user.id), postage, now)
    };
    outbox::queue(tx, &message, now).await
}

/// Whose address a link confirms.
async fn open(app: &App, tx: &mut Tx, link: &str, now: Timestamp) -> Result<User, UseCaseError> {
    let damaged = UseCaseError::DeadLink(DeadLink::Damaged);
    let Some(link) = Link::read(link) else { return Err(damaged) };
    let id = UserId::new(&link.id);
    let Some(user) = users::find(tx, &id).await? else {
        let mark = users::address_mark(tx, &id).await?;
        let is_ours = mark.is_some_and(|mark| app.key.made_for_mark(&link, Purpose::Confirmation, &mark));
        return Err(if is_ours { UseCaseError::DeadLink(DeadLink::Deleted) } else { damaged });
    };
    let address = user.letters_to();
    if !address.is_some_and(|address| app.key.made(&link, Purpose::Confirmation, address.as_str())) {
        return Err(damaged);
    }
    if user.to_confirm().is_none() {
        return Err(UseCaseError::DeadLink(DeadLink::Used));
    }
    if now >= end_of_confirmation(link.generation) {
        return Err(UseCaseError::DeadLink(DeadLink::Expired));
    }
    Ok(user)
}

/// The address that a link confirms, for its page; looking changes nothing.
pub async fn look(app: &App, link: &str) -> Result<String, UseCaseError> {
    let mut tx = app.db.read().await?;
    let user = open(app, &mut tx, link, app.clock.now()).await?;
    Ok(user.letters_to().map(|address| address.in_letters()).unwrap_or_default())
}

/// Confirms the address of a link.
///
/// # Errors
/// `Conflict::EmailTaken` when somebody else has an account of it meanwhile.
pub async fn confirm(app: &App, link: &str) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    // A link that does not work never makes anybody wait who writes.
    open(app, &mut app.db.read().await?, link, now).await?;
    let mut tx = app.db.write().await?;
    let user = open(app, &mut tx, link, now).await?;
    if let Some(address) = user.to_confirm() {
        users::confirm(&mut tx, &user.id, &address, now).await?;
    }
    let line = AuditEntry { actor: Some(&user.id), subject: Some(&user.id), ..AuditEntry::default() };
    record(&mut tx, AuditAction::AddressConfirmed, line, now).await?;
    tx.commit().await?;
    Ok(())
}

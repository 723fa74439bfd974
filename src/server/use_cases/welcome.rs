//! Telling somebody that they have access again. It is queued with what brings them back, and keeps nobody from coming back.

use super::{UseCaseError, outbox};
use crate::domain::id::UserId;
use crate::domain::message::{Lane, MessageKind};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::app::App;
use crate::server::storage::messages::NewMessage;
use crate::server::storage::{Tx, users};

/// What is undone so soon, nobody has noticed: a message about it would be the first that they hear of it.
const UNNOTICED: Duration = Duration::minutes(10);

/// Queues the message to somebody who had left at a moment. Whoever never came in, or has no address that is known to be theirs,
/// gets none; neither does a mailbox that has had enough for the moment: the access is theirs without it.
pub(super) async fn back(
    app: &App,
    tx: &mut Tx,
    (by, id): (&UserId, &UserId),
    left_at: Timestamp,
    lane: Lane,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    if now - left_at < UNNOTICED {
        return Ok(());
    }
    let user = users::find(tx, id).await?.filter(|user| user.registered_at.is_some());
    let Some(address) = user.and_then(|user| user.proven_address()) else { return Ok(()) };
    let postage = match outbox::postage(app, tx, address.as_str(), Some(by), now).await {
        Ok(postage) => postage,
        Err(UseCaseError::Rests(_)) => return Ok(()),
        Err(refusal) => return Err(refusal),
    };
    let message = NewMessage { lane, ..outbox::message(app, MessageKind::BroughtBack, (&address, id), postage, now) };
    outbox::queue(tx, &message, now).await
}

//! Telling inviters what became of people they invited: one mail for everything that came together. It is queued when somebody
//! has something to be told, by whoever keeps the installation up; nobody asks for it.

use super::{UseCaseError, outbox};
use crate::domain::id::UserId;
use crate::domain::message::{BETWEEN_NOTICES, Lane, MessageKind, NOTICE_WAIT};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::app::App;
use crate::server::storage::messages::NewMessage;
use crate::server::storage::{Tx, memberships, notices, users};

/// How many inviters one transaction takes.
const AT_ONCE: usize = 50;

/// Queues a notice for everybody who has something to be told by now; how many.
///
/// # Errors
/// What the database has.
pub async fn tell(app: &App) -> Result<usize, UseCaseError> {
    let now = app.clock.now();
    let (before, since) = (now - NOTICE_WAIT, now - BETWEEN_NOTICES);
    if notices::inviters_due(&mut app.db.read().await?, before, since, 1).await?.is_empty() {
        return Ok(0);
    }
    // The messages of which it tells, and the answers, have lines of their own.
    let mut tx = app.db.maintain().await?;
    let mut told = 0;
    for inviter in notices::inviters_due(&mut tx, before, since, AT_ONCE).await? {
        if tell_one(app, &mut tx, &inviter, now).await? {
            told += 1;
        }
    }
    tx.commit().await?;
    Ok(told)
}

async fn tell_one(app: &App, tx: &mut Tx, inviter: &UserId, now: Timestamp) -> Result<bool, UseCaseError> {
    let user = users::find(tx, inviter).await?;
    let is_here = memberships::authority(tx, inviter).await?.is_some();
    // Whoever has no access or no address is told nothing; the lists show it.
    let address = user.as_ref().filter(|_| is_here).and_then(|user| user.address());
    let Some(address) = address.filter(|address| address.is_sound()) else {
        notices::take(tx, inviter, None).await?;
        return Ok(false);
    };
    let postage = match outbox::postage(app, tx, address.as_str(), Some(inviter), now).await {
        Ok(postage) => postage,
        // Their mailbox has had enough for the moment; the lists show it meanwhile.
        Err(UseCaseError::Rests(rest)) => {
            notices::tell_later(tx, inviter, now + Duration::seconds(rest.seconds())).await?;
            return Ok(false);
        }
        Err(refusal) => return Err(refusal),
    };
    let message = NewMessage {
        lane: Lane::Single,
        ..outbox::message(app, MessageKind::Notice, (&address, inviter), postage, now)
    };
    outbox::queue(tx, &message, now).await?;
    notices::take(tx, inviter, Some(&message.id)).await?;
    Ok(true)
}

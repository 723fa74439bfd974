//! Queuing a message, within what an address and an inviter may get and cause (RL-07): asked in the transaction that queues it,
//! and counted there. Every message of the product is queued through here.

use super::{UseCaseError, header_id};
use crate::domain::contact::Address;
use crate::domain::id::{EventId, MessageId, UserId};
use crate::domain::message::{
    CausedBy, INVITERS_WINDOW, Lane, MOST_PER_ADDRESS, MessageKind, Rest, Written, address_rests_until,
};
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::messages::{self, NewMessage, Postage};
use crate::server::storage::{Tx, letters};
use std::collections::HashMap;

/// What may still be sent at this moment: to some addresses, and on somebody's account.
pub(super) struct SendQuota<'a> {
    app: &'a App,
    inviter: Option<String>,
    by: CausedBy,
    /// How many more the inviter may cause.
    left: i64,
    /// When there is one more, once none is left.
    inviter_rests_until: Option<Timestamp>,
    written: HashMap<String, Vec<Written>>,
    now: Timestamp,
}

impl<'a> SendQuota<'a> {
    /// Looks up what these addresses got and what the inviter caused; in a write transaction it stays true until the commit.
    pub async fn load(
        app: &'a App,
        tx: &mut Tx,
        addresses: impl Iterator<Item = &str>,
        inviter: Option<&UserId>,
        now: Timestamp,
    ) -> Result<Self, UseCaseError> {
        let hashes: Vec<String> = addresses.map(|address| app.key.counted_address(address)).collect();
        let longest = MOST_PER_ADDRESS.iter().map(|(_, window)| *window).max().unwrap_or_default();
        let written = letters::written_to(tx, &hashes, now - longest).await?;
        let (mut left, mut inviter_rests_until, mut hash) = (i64::MAX, None, None);
        if let Some(inviter) = inviter {
            let counted = app.key.counted_inviter(inviter);
            let most = super::settings_of(tx).await?.letters_a_day;
            left = most - letters::caused_by(tx, &counted, now - INVITERS_WINDOW).await?;
            if left <= 0 {
                inviter_rests_until = letters::nth_newest_by(tx, &counted, most).await?.map(|at| at + INVITERS_WINDOW);
            }
            hash = Some(counted);
        }
        let by = if hash.is_some() { CausedBy::Account } else { CausedBy::Stranger };
        Ok(Self { app, inviter: hash, by, left, inviter_rests_until, written, now })
    }

    /// Whether one more may go to this address; it is counted here at once, so that a form cannot ask twice for the last one.
    pub fn take(&mut self, address: &str) -> Result<Postage, Rest> {
        self.stands_against(address, 1)?;
        Ok(self.count(address))
    }

    /// The same for one message to each of somebody's addresses: to all of them, or to none.
    pub fn take_all(&mut self, addresses: &[&Address]) -> Result<Vec<Postage>, Rest> {
        let together = i64::try_from(addresses.len()).unwrap_or(i64::MAX);
        for address in addresses {
            self.stands_against(address.as_str(), together)?;
        }
        Ok(addresses.iter().map(|address| self.count(address.as_str())).collect())
    }

    /// Whether one more may go to this address, as one of so many together.
    fn stands_against(&mut self, address: &str, together: i64) -> Result<(), Rest> {
        let written = self.written.entry(self.app.key.counted_address(address)).or_default();
        if let Some(until) = address_rests_until(written, self.by, self.now) {
            return Err(Rest::Address { seconds: (until - self.now).as_seconds_up() });
        }
        if self.left < together {
            let until = self.inviter_rests_until.unwrap_or(self.now + INVITERS_WINDOW);
            return Err(Rest::Inviter { seconds: (until - self.now).as_seconds_up() });
        }
        Ok(())
    }

    fn count(&mut self, address: &str) -> Postage {
        let hash = self.app.key.counted_address(address);
        self.written.entry(hash.clone()).or_default().push(Written { at: self.now, by: self.by });
        self.left -= 1;
        if self.left == 0 {
            self.inviter_rests_until = None;
        }
        let inviter = match self.by {
            CausedBy::ThePerson => Some(hash.clone()),
            CausedBy::Account | CausedBy::Stranger => self.inviter.clone(),
        };
        Postage { address: hash, inviter }
    }
}

/// How many letters somebody may still cause at this moment.
pub(super) async fn letters_left(app: &App, tx: &mut Tx, by: &UserId, now: Timestamp) -> Result<i64, UseCaseError> {
    Ok(SendQuota::load(app, tx, std::iter::empty(), Some(by), now).await?.left.max(0))
}

/// Whether one message may go to an address, on somebody's account or on nobody's.
///
/// # Errors
/// `Rests`, with how long.
pub(super) async fn postage(
    app: &App,
    tx: &mut Tx,
    address: &str,
    inviter: Option<&UserId>,
    now: Timestamp,
) -> Result<Postage, UseCaseError> {
    let mut quota = SendQuota::load(app, tx, std::iter::once(address), inviter, now).await?;
    quota.take(address).map_err(UseCaseError::Rests)
}

/// The same on the account of the person who has the address, for whoever asks from a browser in which they signed in before.
///
/// # Errors
/// `Rests`, with how long.
pub(super) async fn own_postage(
    app: &App,
    tx: &mut Tx,
    address: &str,
    now: Timestamp,
) -> Result<Postage, UseCaseError> {
    let quota = SendQuota::load(app, tx, std::iter::once(address), None, now).await?;
    SendQuota { by: CausedBy::ThePerson, ..quota }.take(address).map_err(UseCaseError::Rests)
}

/// The same for one message to each of somebody's addresses.
///
/// # Errors
/// As [`postage`]: then there is none for any of them.
pub(super) async fn postage_for(
    app: &App,
    tx: &mut Tx,
    addresses: &[&Address],
    inviter: Option<&UserId>,
    now: Timestamp,
) -> Result<Vec<Postage>, UseCaseError> {
    let all = addresses.iter().map(|address| address.as_str());
    let mut quota = SendQuota::load(app, tx, all, inviter, now).await?;
    quota.take_all(addresses).map_err(UseCaseError::Rests)
}

/// Counts a message that somebody sends past the queue, such as a test, before it goes.
///
/// # Errors
/// `Rests`, with how long.
pub(super) async fn count_at_once(app: &App, to: &Address, sender: &UserId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let postage = postage(app, &mut tx, to.as_str(), Some(sender), now).await?;
    letters::count(&mut tx, &random::id(now), &postage, now).await?;
    Ok(tx.commit().await?)
}

/// A message to somebody at one of their addresses, about nothing of theirs and for which they wait: it leaves at once, before others.
/// What is otherwise, whoever queues it says.
pub(super) fn message<'a>(
    app: &App,
    kind: MessageKind,
    (to, user_id): (&Address, &'a UserId),
    postage: Postage,
    now: Timestamp,
) -> NewMessage<'a> {
    let id = MessageId::new(random::id(now));
    let name = match kind {
        MessageKind::Confirmation => format!("{id}.confirm"),
        MessageKind::Code => format!("{id}.code"),
        MessageKind::Reminder => format!("{id}.reminder"),
        MessageKind::Notice => format!("{id}.notice"),
        MessageKind::SecurityReport => format!("{id}.report"),
        MessageKind::BroughtBack => format!("{id}.back"),
        MessageKind::Invitation | MessageKind::PasswordReset | MessageKind::Test => id.to_string(),
    };
    NewMessage {
        header_id: header_id(app, &name),
        id,
        kind,
        channel: to.channel(),
        user_id,
        invitation_id: None,
        reset_id: None,
        generation: 0,
        due_at: now,
        lane: Lane::Urgent,
        postage,
    }
}

/// Puts a message into the queue.
pub(super) async fn queue(tx: &mut Tx, message: &NewMessage<'_>, now: Timestamp) -> Result<(), UseCaseError> {
    Ok(messages::enqueue(tx, message, EventId::new(random::id(now)), now).await?)
}

/// Puts several messages into the queue.
pub(super) async fn queue_all(tx: &mut Tx, all: &[NewMessage<'_>], now: Timestamp) -> Result<(), UseCaseError> {
    let all: Vec<_> = all.iter().map(|message| (message, EventId::new(random::id(now)))).collect();
    Ok(messages::enqueue_all(tx, &all, now).await?)
}

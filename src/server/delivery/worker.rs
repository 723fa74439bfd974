//! The worker: takes what is due from the outbox, has it rendered and sent, and writes down what came of it. At least once,
//! never lost: a message leaves the queue only in the transaction that says where it went. One bad message stops no other.

use super::email::{Mailer, REPLY_TIMEOUT};
use super::left::MayHaveLeft;
use super::render::{RenderError, Rendering, render};
use super::sms::SmsSender;
use crate::domain::contact::Channel;
use crate::domain::id::{EventId, UserId};
use crate::domain::message::Lane;
use crate::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::messages::{self, Claimed, Message};
use crate::server::storage::{self, settings};
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// How many messages of a channel are on their way at once. The last place is kept for what somebody waits for: a slow relay that is busy
/// with a round of invitations takes a reset at once.
const SENDERS: usize = 4;

/// How long the worker waits for what. Tests wait less.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// For one answer of the relay, and for all of an SMS gateway's.
    pub reply_timeout: Duration,
    /// Until the next look at the outbox, when nobody rings.
    pub interval: Duration,
    /// After the database refused.
    pub retry_delay: Duration,
    /// For what is being sent when the process is told to stop.
    pub drain: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            reply_timeout: REPLY_TIMEOUT,
            interval: Duration::from_secs(5),
            retry_delay: Duration::from_secs(1),
            drain: Duration::from_secs(7),
        }
    }
}

/// Sends until `stop`; ends within eight seconds after it. Each channel has a worker of its own, so that a slow gateway holds up no
/// mail. Where a channel has none there is nothing to do: its messages wait, and are read in the built-in mailbox.
pub async fn run(app: App, stop: CancellationToken) {
    run_at(app, stop, Timing::default()).await;
}

/// The same with other waits.
pub async fn run_at(app: App, stop: CancellationToken, timing: Timing) {
    let ways: Vec<ChannelSender> = [
        Mailer::with_reply_timeout(&app.config, timing.reply_timeout)
            .map(|mailer| ChannelSender::Email(Arc::new(mailer))),
        SmsSender::with_timeout(&app.config, timing.reply_timeout).map(|sender| ChannelSender::Sms(Arc::new(sender))),
    ]
    .into_iter()
    .flatten()
    .collect();
    if ways.is_empty() {
        return;
    }
    // The outbox rings once; every worker hears it.
    let (rung, bell) = watch::channel(());
    let mut workers = JoinSet::new();
    for way in ways {
        let worker = Worker {
            app: app.clone(),
            way,
            timing,
            bell: bell.clone(),
            under_way: JoinSet::new(),
            held: HashMap::new(),
        };
        workers.spawn(worker.send(stop.clone()));
    }
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            () = app.db.bells().outbox.notified() => drop(rung.send(())),
        }
    }
    while workers.join_next().await.is_some() {}
}

/// By what messages of a channel leave.
#[derive(Clone)]
enum ChannelSender {
    Email(Arc<Mailer>),
    Sms(Arc<SmsSender>),
}

impl ChannelSender {
    fn channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Sms(_) => Channel::Sms,
        }
    }

    async fn send(&self, rendering: Rendering, left: &MayHaveLeft) -> DeliveryOutcome {
        match (self, rendering) {
            (Self::Email(mailer), Rendering::Ready(mail)) => mailer.send_noting(&mail, left).await,
            (Self::Sms(sender), Rendering::Text(text)) => sender.send_noting(&text, left).await,
            (_, Rendering::TooLate) => DeliveryOutcome::TooLate,
            // The address changed its channel while the message waited; it is no address of this one.
            (Self::Email(_), Rendering::Text(_)) | (Self::Sms(_), Rendering::Ready(_)) => {
                DeliveryOutcome::failed(DeliveryReason::BadAddress, "")
            }
        }
    }
}

struct Worker {
    app: App,
    way: ChannelSender,
    timing: Timing,
    bell: watch::Receiver<()>,
    under_way: JoinSet<()>,
    held: HashMap<Id, UnderWay>,
}

/// A message that is being sent.
struct UnderWay {
    message: Message,
    left: MayHaveLeft,
}

impl UnderWay {
    /// What becomes of it when we stop before its end. Mail goes out again at once, under the same name; an SMS that may have left
    /// is one of its few copies.
    fn broken_off(&self) -> DeliveryOutcome {
        match self.message.channel {
            Channel::Sms if self.left.is_set() => {
                DeliveryOutcome::unanswered("").within_copies(Channel::Sms, self.message.unanswered)
            }
            Channel::Sms | Channel::Email => DeliveryOutcome::put_off(DeliveryReason::Interrupted, ""),
        }
    }
}

impl Worker {
    async fn send(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let pause = self.take_what_is_due(&stop).await;
            tokio::select! {
                () = stop.cancelled() => break,
                Some(done) = self.under_way.join_next_with_id() => self.let_go(&done),
                Ok(()) = self.bell.changed() => {}
                () = sleep(pause) => {}
            }
        }
        self.finish().await;
    }

    /// The lanes from which a message may be taken now; `None` while every place is taken.
    fn open_lanes(&self) -> Option<Lane> {
        let patient = self.held.values().filter(|held| held.message.lane != Lane::Urgent).count();
        match self.under_way.len() {
            SENDERS.. => None,
            _ if patient + 1 >= SENDERS => Some(Lane::Urgent),
            _ => Some(Lane::Round),
        }
    }

    /// Takes messages while there are free places; how long until the next look.
    async fn take_what_is_due(&mut self, stop: &CancellationToken) -> Duration {
        while let Some(lanes) = self.open_lanes().filter(|_| !stop.is_cancelled()) {
            match self.claim(lanes).await {
                Ok(Claim::Taken(message)) => {
                    let left = MayHaveLeft::default();
                    let work = deliver(self.app.clone(), self.way.clone(), message.clone(), self.timing, left.clone());
                    self.held.insert(self.under_way.spawn(work).id(), UnderWay { message, left });
                }
                Ok(Claim::NothingUntil(pause)) => return pause.min(self.timing.interval),
                Err(error) => {
                    tracing::warn!(%error, "the outbox cannot be read; trying again");
                    return self.timing.retry_delay;
                }
            }
        }
        self.timing.interval
    }

    async fn claim(&self, lanes: Lane) -> storage::Result<Claim> {
        let (now, channel) = (self.app.clock.now(), self.way.channel());
        // Looking costs no write lock; most looks find nothing.
        let mut tx = self.app.db.read().await?;
        if !messages::is_any_due(&mut tx, channel, lanes, now).await? {
            let due = messages::next_due(&mut tx, channel, lanes).await?;
            return Ok(Claim::NothingUntil(due.map_or(self.timing.interval, |due| as_duration(now, due))));
        }
        drop(tx);
        let line = EventId::new(random::id(now));
        Ok(match messages::claim(&self.app.db, channel, lanes, line, now).await? {
            Some(Claimed::Message(message)) => Claim::Taken(message),
            Some(Claimed::SetAside(user)) => {
                if let Some(user) = user
                    && let Err(error) = show_again(&self.app, &user, now).await
                {
                    tracing::warn!(%error, "the lists do not show yet that a message was set aside");
                }
                Claim::NothingUntil(Duration::ZERO)
            }
            // Another worker was faster; its next message may be due for us.
            None => Claim::NothingUntil(Duration::from_millis(50)),
        })
    }

    fn let_go(&mut self, done: &Result<(Id, ()), tokio::task::JoinError>) {
        let id = match done {
            Ok((id, ())) => *id,
            Err(error) => {
                tracing::error!("a sender broke down; its message is taken again when its lease ends");
                error.id()
            }
        };
        self.held.remove(&id);
    }

    /// What is being sent may come to its end; what takes too long goes back into the queue.
    async fn finish(mut self) {
        let drain = self.timing.drain;
        let _ = timeout(drain, async {
            while let Some(done) = self.under_way.join_next_with_id().await {
                self.let_go(&done);
            }
        })
        .await;
        self.under_way.shutdown().await;
        for held in self.held.values() {
            let outcome = held.broken_off();
            let _ = timeout(Duration::from_millis(500), settle(&self.app, &held.message, &outcome, true)).await;
        }
        if let ChannelSender::Email(mailer) = &self.way {
            mailer.close().await;
        }
    }
}

/// Writes anew what the lists show of somebody.
async fn show_again(app: &App, user: &UserId, now: Timestamp) -> storage::Result<()> {
    // The message has a history of its own.
    let mut tx = app.db.maintain().await?;
    tx.touch(user, now);
    tx.commit().await
}

enum Claim {
    Taken(Message),
    NothingUntil(Duration),
}

fn as_duration(from: Timestamp, to: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from((to - from).0).unwrap_or_default())
}

/// One message, from its row to the relay and back to its row.
async fn deliver(app: App, way: ChannelSender, message: Message, timing: Timing, left: MayHaveLeft) {
    // What the channel logs of its own, such as a relay's code, is found by the message.
    let span = tracing::info_span!("deliver", message_id = %message.id);
    let attempt = try_to_send(app.clone(), way, message.clone(), timing, left).instrument(span);
    let outcome = survive(attempt).await.after(message.attempts).within_copies(message.channel, message.unanswered);
    log(&message, &outcome);
    let mut with_lists = true;
    loop {
        match settle(&app, &message, &outcome, with_lists).await {
            Ok(true) => return,
            Ok(false) => {
                tracing::warn!(message_id = %message.id, "somebody else took the message meanwhile; nothing was written");
                return;
            }
            Err(error) => {
                tracing::warn!(message_id = %message.id, %error, "what became of a message cannot be written; trying again");
                // What became of the message matters more than the list, which the next change puts right.
                with_lists = error.passes();
                sleep(timing.retry_delay).await;
            }
        }
    }
}

/// Runs an attempt in a task of its own: a panic over one strange row is that row's trouble only. When this is dropped,
/// the task ends too.
async fn survive(attempt: impl Future<Output = DeliveryOutcome> + Send + 'static) -> DeliveryOutcome {
    let mut alone = JoinSet::new();
    alone.spawn(attempt);
    match alone.join_next().await {
        Some(Ok(outcome)) => outcome,
        Some(Err(_)) | None => DeliveryOutcome::put_off(DeliveryReason::Broken, "panic"),
    }
}

async fn try_to_send(
    app: App,
    way: ChannelSender,
    message: Message,
    timing: Timing,
    left: MayHaveLeft,
) -> DeliveryOutcome {
    let mut tries = 0;
    let rendering = loop {
        match render_now(&app, &message).await {
            Err(RenderError::Storage(error)) if error.passes() && tries < 3 => {
                tries += 1;
                sleep(timing.retry_delay).await;
            }
            other => break other,
        }
    };
    match rendering {
        Ok(rendering) => way.send(rendering, &left).await,
        Err(RenderError::Address) => DeliveryOutcome::failed(DeliveryReason::BadAddress, ""),
        Err(trouble) => {
            tracing::error!(message_id = %message.id, ?trouble, "a message cannot be rendered");
            DeliveryOutcome::put_off(DeliveryReason::Broken, "rendering")
        }
    }
}

pub(super) async fn render_now(app: &App, message: &Message) -> Result<Rendering, RenderError> {
    let mut tx = app.db.read().await?;
    let settings = settings::load(&mut tx).await?.unwrap_or_default();
    render(&mut tx, app, &settings, message, app.clock.now()).await
}

/// Writes what became of a message, and what the lists show of its person, at once; `false` when the lease was lost.
pub(super) async fn settle(
    app: &App,
    message: &Message,
    outcome: &DeliveryOutcome,
    with_lists: bool,
) -> storage::Result<bool> {
    let now = app.clock.now();
    let [jitter] = random::bytes::<1>();
    let next_try_at = outcome.next_try_at(message.attempts, jitter, now);
    let mut tx = app.db.write().await?;
    let line = EventId::new(random::id(now));
    let is_ours = messages::settle(&mut tx, message, outcome, next_try_at, line, now).await?;
    if !with_lists {
        tx.leave_the_lists();
    }
    tx.commit().await?;
    Ok(is_ours)
}

/// No address, no link and no words that might quote one: the history has them, the log has the reason.
fn log(message: &Message, outcome: &DeliveryOutcome) {
    let (id, kind, attempt) = (&message.id, message.kind.code(), message.attempts.saturating_add(1));
    match outcome {
        DeliveryOutcome::TooLate => tracing::info!(message_id = %id, kind, "the link had ended; nothing was sent"),
        DeliveryOutcome::Accepted { .. } => tracing::info!(message_id = %id, kind, attempt, "handed over"),
        DeliveryOutcome::PutOff { reason, .. } => {
            tracing::warn!(message_id = %id, kind, attempt, reason = reason.code(), "put off");
        }
        DeliveryOutcome::Failed { reason, .. } => {
            tracing::warn!(message_id = %id, kind, attempt, reason = reason.code(), "failed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_over_one_message_puts_it_off_and_stops_nothing() {
        let outcome = survive(async { panic!("a strange row") }).await;
        assert_eq!(outcome, DeliveryOutcome::put_off(DeliveryReason::Broken, "panic"));
    }
}

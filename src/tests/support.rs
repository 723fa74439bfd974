//! What the integration tests stand on: databases to throw away, a furnished installation, and a relay that we script.

pub mod browser;
pub mod crowd;
pub mod databases;
pub mod dns;
pub mod gateway;
pub mod html;
pub mod notes;
pub mod pages;
pub mod people;
pub mod proxy;
pub mod site;
pub mod smtp;
pub mod tables;
pub mod wire;

use std::future::Future;
use std::time::Duration;
use usher::domain::contact::Channel;
use usher::domain::id::EventId;
use usher::domain::message::Lane;
use usher::domain::timestamp::Timestamp;
use usher::server::random;
use usher::server::storage::Database;
use usher::server::storage::messages::{self, Claimed, Message};

/// Waits until something holds; ten seconds are long enough for anything that ever will.
pub async fn until<Fut: Future<Output = bool>>(what: &str, holds: impl FnMut() -> Fut) {
    within(Duration::from_secs(10), what, holds).await;
}

/// The same of something that takes long, such as inviting a thousand on a busy machine.
pub async fn until_at_last<Fut: Future<Output = bool>>(what: &str, holds: impl FnMut() -> Fut) {
    within(Duration::from_secs(80), what, holds).await;
}

async fn within<Fut: Future<Output = bool>>(time: Duration, what: &str, mut holds: impl FnMut() -> Fut) {
    for _ in 0..time.as_millis() / 10 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited in vain until {what}");
}

/// Takes the next message out of the queue, as a worker does.
pub async fn claim(db: &Database, now: Timestamp) -> Option<Message> {
    let line = EventId::new(random::id(now));
    match messages::claim(db, Channel::Email, Lane::Round, line, now).await.expect("a claim")? {
        Claimed::Message(message) => Some(message),
        Claimed::SetAside(user) => panic!("the message of {user:?} cannot be read"),
    }
}

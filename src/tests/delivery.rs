//! Sending, from the outbox to a relay of ours that does what it is told, on both databases.

mod bounces;
mod callbacks;
mod connection;
mod copies;
mod encryption;
mod letters;
mod limits;
mod operator;
mod poison;
mod queue;
mod reasons;
mod relay;
mod reminders;
mod reports;
mod session;
mod sms;

use crate::support::site::TestSite;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use usher::server::delivery::worker::{self, Timing};
use usher::server::upkeep;

/// Nobody waits long in a test.
pub const QUICK: Timing = Timing {
    reply_timeout: Duration::from_millis(400),
    interval: Duration::from_millis(200),
    retry_delay: Duration::from_millis(50),
    drain: Duration::from_millis(600),
};

/// A worker at work and the upkeep beside it, until they are told to stop.
pub struct Running {
    stop: CancellationToken,
    tasks: [JoinHandle<()>; 2],
}

impl Running {
    pub fn start(site: &TestSite) -> Self {
        Self::at(site, QUICK)
    }

    pub fn at(site: &TestSite, timing: Timing) -> Self {
        let stop = CancellationToken::new();
        let tasks = [
            tokio::spawn(worker::run_at(site.app.clone(), stop.clone(), timing)),
            tokio::spawn(upkeep::run_every(site.app.clone(), stop.clone(), timing.interval)),
        ];
        Self { stop, tasks }
    }

    /// Tells them to stop and waits until they have.
    pub async fn end(self) {
        self.stop.cancel();
        for task in self.tasks {
            tokio::time::timeout(Duration::from_secs(5), task).await.expect("a task that stops").expect("no panic");
        }
    }
}

//! Sending, from the outbox to a relay of ours that does what it is told, on both databases.

mod connection;
mod encryption;
mod letters;
mod limits;
mod operator;
mod poison;
mod queue;
mod relay;

use crate::support::site::TestSite;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use usher::server::delivery::worker::{self, Pace};

/// Nobody waits long in a test.
pub const QUICK: Pace = Pace {
    patience: Duration::from_millis(400),
    look_again: Duration::from_millis(200),
    mend: Duration::from_millis(50),
    farewell: Duration::from_millis(600),
};

/// A worker at work, until it is told to stop.
pub struct Running {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    pub fn start(site: &TestSite) -> Self {
        Self::at(site, QUICK)
    }

    pub fn at(site: &TestSite, pace: Pace) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(worker::run_at(site.app.clone(), stop.clone(), pace));
        Self { stop, task }
    }

    /// Tells it to stop and waits until it has.
    pub async fn end(self) {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(5), self.task).await.expect("a worker that stops").expect("no panic");
    }
}

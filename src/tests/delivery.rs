//! Sending, from the outbox to a relay of ours that does what it is told, on both databases.

mod connection;
mod encryption;
mod letters;
mod limits;
mod operator;
mod poison;
mod queue;
mod relay;

use crate::support::house::House;
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
    pub fn start(house: &House) -> Self {
        Self::at(house, QUICK)
    }

    pub fn at(house: &House, pace: Pace) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(worker::run_at(house.app.clone(), stop.clone(), pace));
        Self { stop, task }
    }

    /// Tells it to stop and waits until it has.
    pub async fn end(self) {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(5), self.task).await.expect("a worker that stops").expect("no panic");
    }
}

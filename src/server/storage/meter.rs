//! What the database was asked for: how many statements, and for how long the writer was held. Tests and the measuring program
//! read it; no rule depends on it, and nothing of what was asked stands in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Counts for one open database.
#[derive(Debug, Default)]
pub struct Meter {
    statements: AtomicU64,
    /// In microseconds.
    longest_hold: AtomicU64,
    most_in_a_hold: AtomicU64,
}

impl Meter {
    /// How many statements were asked, in every connection.
    pub fn statements(&self) -> u64 {
        self.statements.load(Relaxed)
    }

    /// The longest time that passed from having the writer to giving it back.
    pub fn longest_hold(&self) -> Duration {
        Duration::from_micros(self.longest_hold.load(Relaxed))
    }

    /// How many statements were asked at the most from having the writer to giving it back.
    pub fn most_in_a_hold(&self) -> u64 {
        self.most_in_a_hold.load(Relaxed)
    }

    /// Begins anew.
    pub fn reset(&self) {
        self.statements.store(0, Relaxed);
        self.longest_hold.store(0, Relaxed);
        self.most_in_a_hold.store(0, Relaxed);
    }

    pub(super) fn count(&self) {
        self.statements.fetch_add(1, Relaxed);
    }
}

/// The writer, held: from the making of this to its end.
pub(super) struct WriterHold {
    meter: Arc<Meter>,
    since: Instant,
    statements: u64,
}

impl WriterHold {
    pub(super) fn begin(meter: &Arc<Meter>) -> Self {
        Self { meter: meter.clone(), since: Instant::now(), statements: 0 }
    }

    pub(super) fn count(&mut self) {
        self.statements += 1;
    }
}

impl Drop for WriterHold {
    fn drop(&mut self) {
        let held = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.meter.longest_hold.fetch_max(held, Relaxed);
        self.meter.most_in_a_hold.fetch_max(self.statements, Relaxed);
    }
}

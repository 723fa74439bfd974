//! The present. Everything else gets it from here, so that a test can set it; the lints forbid asking the system elsewhere.

use crate::domain::timestamp::{Duration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A clock: the system's, moved by an offset that only tests and demonstrations change.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    pub fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Timestamp(millis.saturating_add(self.ahead.load(Ordering::Relaxed)))
    }

    /// How far it stands ahead of the system's; behind it, where this is less than nothing.
    pub fn ahead(&self) -> Duration {
        Duration(self.ahead.load(Ordering::Relaxed))
    }

    /// Sets how far it stands ahead.
    pub fn set_ahead(&self, ahead: Duration) {
        self.ahead.store(ahead.0, Ordering::Relaxed);
    }

    /// Moves the clock, for what happens later.
    pub fn advance(&self, span: Duration) {
        self.ahead.fetch_add(span.0, Ordering::Relaxed);
    }
}

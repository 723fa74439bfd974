//! A point in time and a length of time, in milliseconds; whatever would go beyond them stays at their ends. Who asks for the
//! present gets it as an argument.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Duration(pub i64);

impl Duration {
    pub const fn seconds(n: i64) -> Self {
        Self(n.saturating_mul(1_000))
    }
    pub const fn minutes(n: i64) -> Self {
        Self::seconds(n.saturating_mul(60))
    }
    pub const fn hours(n: i64) -> Self {
        Self::minutes(n.saturating_mul(60))
    }
    pub const fn days(n: i64) -> Self {
        Self::hours(n.saturating_mul(24))
    }
    /// Whole seconds, rounded up: what a `Retry-After` header says.
    pub const fn as_seconds_up(self) -> i64 {
        self.0.saturating_add(999) / 1_000
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl std::ops::Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl std::ops::Sub for Timestamp {
    type Output = Duration;
    fn sub(self, earlier: Self) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// H-35: what is too long is the longest, never something short.
    #[test]
    fn no_length_of_time_turns_over() {
        for far in [i64::MAX, i64::MAX / 1_000 + 1, 144_115_188_075_855_880] {
            for span in [Duration::seconds(far), Duration::minutes(far), Duration::hours(far), Duration::days(far)] {
                assert_eq!(span, Duration(i64::MAX), "{far}");
                assert!(span.as_seconds_up() > 0);
            }
            assert_eq!(Duration::hours(-far), Duration(i64::MIN));
            assert_eq!(Timestamp(1) + Duration::days(far), Timestamp(i64::MAX));
            assert_eq!(Timestamp(i64::MIN) - Timestamp(far), Duration(i64::MIN));
        }
    }
}

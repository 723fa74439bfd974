//! One message in the outbox: what it is, through which channel, and when it is tried again.

pub mod reply;

use super::moment::{Moment, Span};
use serde::{Deserialize, Serialize};

/// Which way a message goes. E-mail is the first; an SMS gateway takes its place beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Channel {
    Email,
}

impl Channel {
    pub fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
        }
    }
}

/// What a message is about; its text is rendered at the moment of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageKind {
    Invitation,
    PasswordReset,
    /// Asks whether it arrives: of an address that nobody has shown to be his.
    Confirmation,
    Test,
}

impl MessageKind {
    pub fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::Confirmation => "confirmation",
            Self::Test => "test",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Invitation, Self::PasswordReset, Self::Confirmation, Self::Test]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// How many days the link that confirms an address works, at least.
const CONFIRMATION_DAYS: i64 = 14;

/// The last day, counted from 1970, of a link that confirms an address and is made now; it stands in the link, sealed.
pub fn last_day_of_confirmation(now: Moment) -> i64 {
    now.0 / Span::days(1).0 + CONFIRMATION_DAYS
}

/// When a link with this last day ends.
pub fn end_of_confirmation(last_day: i64) -> Moment {
    Moment(0) + Span::days(last_day.saturating_add(1))
}

/// How often a relay is tried before the message counts as failed: with the waits below, about two days.
pub const MOST_ATTEMPTS: i64 = 16;

/// How long a worker may hold a message; afterwards another one may take it.
pub const LEASE: Span = Span::seconds(90);

/// How long to wait before the next attempt, after `attempts` tries that a relay put off. Doubles from 10 s to 6 h;
/// `jitter` (0–255) spreads the tries of many messages over the last third of the wait.
pub fn wait_before_next(attempts: i64, jitter: u8) -> Span {
    let doubled = Span::seconds(10).0.saturating_mul(1 << attempts.clamp(0, 12));
    let full = doubled.min(Span::hours(6).0);
    Span(full - full / 3 * i64::from(jitter) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_within_a_third_of_themselves() {
        let mut before = Span(0);
        for attempts in 0..MOST_ATTEMPTS {
            let (soonest, latest) = (wait_before_next(attempts, 255), wait_before_next(attempts, 0));
            assert!(soonest.0 * 3 >= latest.0 * 2 - 3 && latest >= before && latest <= Span::hours(6));
            before = latest;
        }
    }
}

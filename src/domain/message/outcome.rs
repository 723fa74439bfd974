//! What became of one attempt to hand a message over, whichever channel it went by, and what follows from it. How a channel
//! comes to its outcome is its own affair; the sentences are in `words::mail`.

use super::{BEFORE_ANOTHER_COPY, LONGEST_WAIT, MOST_ATTEMPTS, most_copies, wait_before_next};
use crate::domain::coded::coded;
use crate::domain::contact::Channel;
use crate::domain::invitation::is_unprintable;
use crate::domain::timestamp::{Duration, Timestamp};
use serde::{Deserialize, Serialize};

/// The longest line of words that a history keeps, in characters.
const LONGEST: usize = 300;

/// What became of one attempt. `words` are the other side's own, or say more closely what was wrong; they may be empty, and no
/// program reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    Accepted {
        words: String,
        /// Under which name the other side knows it now, where it says so and later speaks of it by that.
        name: Option<String>,
    },
    /// Tried again later, and not before `wait` where the other side said how long it wants to be left alone.
    PutOff { reason: DeliveryReason, words: String, wait: Option<Duration> },
    /// For good.
    Failed { reason: DeliveryReason, words: String },
    /// What the message is about had ended before it could leave; nothing was sent.
    TooLate,
}

impl DeliveryOutcome {
    /// The other side took the message.
    pub fn accepted(words: &str) -> Self {
        Self::Accepted { words: one_line(words), name: None }
    }

    /// The same, and how the other side calls the message.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        match self {
            Self::Accepted { words, .. } => Self::Accepted { words, name: Some(one_line(name)) },
            other => other,
        }
    }

    /// Not now.
    pub fn put_off(reason: DeliveryReason, words: &str) -> Self {
        Self::PutOff { reason, words: one_line(words), wait: None }
    }

    /// The other side has all of it, and did not say whether it took it.
    pub fn unanswered(words: &str) -> Self {
        Self::put_off(DeliveryReason::NoAnswer, words).not_before(Some(BEFORE_ANOTHER_COPY))
    }

    /// The same, but not before so long; nobody is left alone for longer than the longest of our own waits.
    #[must_use]
    pub fn not_before(self, least: Option<Duration>) -> Self {
        match self {
            Self::PutOff { reason, words, .. } => {
                Self::PutOff { reason, words, wait: least.map(|wait| wait.min(LONGEST_WAIT)) }
            }
            other => other,
        }
    }

    /// Never.
    pub fn failed(reason: DeliveryReason, words: &str) -> Self {
        Self::Failed { reason, words: one_line(words) }
    }

    /// The same after the last attempt: what is put off once more has failed. `attempts` were made before this one. What we
    /// interrupted ourselves is no attempt.
    #[must_use]
    pub fn after(self, attempts: i64) -> Self {
        match self {
            Self::PutOff { reason, words, .. }
                if reason != DeliveryReason::Interrupted && attempts.saturating_add(1) >= MOST_ATTEMPTS =>
            {
                Self::Failed { reason, words }
            }
            other => other,
        }
    }

    /// The same once so many copies are out of which nobody knows what became: one more could reach somebody again and again.
    /// `unanswered` were sent like that before this one.
    #[must_use]
    pub fn within_copies(self, channel: Channel, unanswered: i64) -> Self {
        match self {
            Self::PutOff { reason: DeliveryReason::NoAnswer, words, .. }
                if unanswered.saturating_add(1) >= most_copies(channel) =>
            {
                Self::Failed { reason: DeliveryReason::NoAnswer, words }
            }
            other => other,
        }
    }

    /// When the message is tried again, if it is. `attempts` were made before this one; `jitter` as in [`wait_before_next`].
    pub fn next_try_at(&self, attempts: i64, jitter: u8, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::PutOff { reason: DeliveryReason::Interrupted, .. } => Some(now),
            Self::PutOff { wait, .. } => {
                Some(now + wait_before_next(attempts, jitter).max(wait.unwrap_or(Duration(0))))
            }
            Self::Accepted { .. } | Self::Failed { .. } | Self::TooLate => None,
        }
    }
}

/// What became of a message after the other side had taken it. `words` as in [`DeliveryOutcome`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LaterOutcome {
    /// It reached the person's mailbox or phone.
    Delivered { words: String },
    /// It did not, for good.
    CameBack { reason: DeliveryReason, words: String },
}

impl LaterOutcome {
    pub fn delivered(words: &str) -> Self {
        Self::Delivered { words: one_line(words) }
    }

    pub fn came_back(reason: DeliveryReason, words: &str) -> Self {
        Self::CameBack { reason, words: one_line(words) }
    }
}

/// A line fit for a history: the first one, no control characters, not endless.
fn one_line(text: &str) -> String {
    let first = text.trim().lines().next().unwrap_or_default();
    first.chars().filter(|c| !is_unprintable(*c)).take(LONGEST).collect()
}

coded! {
    /// Why a message did not leave, or not yet. The codes stand in the database and never change their meaning.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum DeliveryReason {
        NoSuchRecipient = "no_such_recipient",
        NoSuchDomain = "no_such_domain",
        RecipientFull = "recipient_full",
        RecipientClosed = "recipient_closed",
        TooBig = "too_big",
        Unwanted = "unwanted",
        TryLater = "try_later",
        RelayBusy = "relay_busy",
        SignInRefused = "sign_in_refused",
        /// The relay refuses us, before it has heard of anybody.
        RelayRefuses = "relay_refuses",
        Unreachable = "unreachable",
        HostUnknown = "host_unknown",
        TooSlow = "too_slow",
        Dropped = "dropped",
        NotEncrypted = "not_encrypted",
        /// We stopped while it was being handed over.
        Interrupted = "interrupted",
        BadAddress = "bad_address",
        /// Something broke on our side.
        Broken = "broken",
        Refused = "refused",
        /// The gateway's name leads into a private network, where the operator allowed none.
        PrivateAddress = "private_address",
        /// The gateway answered, and not as the operator said that it would: the message may have left.
        UnclearAnswer = "unclear_answer",
        /// All of it was handed over, and no answer came, or none that can be read: the message may have left.
        NoAnswer = "no_answer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const NOW: Timestamp = Timestamp(1_795_186_800_000);

    #[test]
    fn every_reason_is_read_back_by_a_code_of_its_own() {
        let codes: BTreeSet<&str> = DeliveryReason::ALL.into_iter().map(DeliveryReason::code).collect();
        assert_eq!(codes.len(), DeliveryReason::ALL.len());
        for reason in DeliveryReason::ALL {
            assert_eq!(DeliveryReason::from_code(reason.code()), Some(reason));
        }
        for other in ["", "Refused", "refused ", "nonsense"] {
            assert_eq!(DeliveryReason::from_code(other), None, "{other:?}");
        }
    }

    #[test]
    fn words_are_one_line_without_tricks_and_not_endless() {
        let words = |text: &str| match DeliveryOutcome::accepted(text) {
            DeliveryOutcome::Accepted { words, .. } => words,
            other => panic!("{other:?}"),
        };
        assert_eq!(words(" 550 No\u{1b}[31m\t such\u{202e} user\r\n550 more"), "550 No[31m such user");
        assert_eq!(words(&"я".repeat(1_000)).chars().count(), LONGEST);
    }

    #[test]
    fn what_is_put_off_is_tried_again_until_the_last_attempt() {
        for reason in DeliveryReason::ALL {
            let put_off = DeliveryOutcome::put_off(reason, "why");
            assert_eq!(put_off.clone().after(MOST_ATTEMPTS - 2), put_off);
            let is_ours = reason == DeliveryReason::Interrupted;
            let last = put_off.clone().after(MOST_ATTEMPTS - 1);
            assert_eq!(last, if is_ours { put_off.clone() } else { DeliveryOutcome::failed(reason, "why") });
            let next = put_off.next_try_at(0, 0, NOW).expect("another attempt");
            assert_eq!(next == NOW, is_ours, "what we broke off ourselves goes on at once");
            assert_eq!(DeliveryOutcome::failed(reason, "why").next_try_at(0, 0, NOW), None);
        }
        for over in [DeliveryOutcome::accepted("250"), DeliveryOutcome::TooLate] {
            assert_eq!((over.clone().after(99), over.next_try_at(0, 0, NOW)), (over, None));
        }
    }

    #[test]
    fn of_what_may_have_left_a_few_copies_go_out_and_no_more() {
        for (channel, most) in [(Channel::Email, 3), (Channel::Sms, 2)] {
            let copies = (0..20).take_while(|before| {
                let next =
                    DeliveryOutcome::unanswered("").within_copies(channel, *before).next_try_at(*before, 255, NOW);
                next.is_some_and(|next| next >= NOW + BEFORE_ANOTHER_COPY)
            });
            assert_eq!(copies.count() + 1, most, "{channel:?}");
            for reason in DeliveryReason::ALL.into_iter().filter(|reason| *reason != DeliveryReason::NoAnswer) {
                let put_off = DeliveryOutcome::put_off(reason, "");
                assert_eq!(put_off.clone().within_copies(channel, 15), put_off, "nothing has left");
            }
            let taken = DeliveryOutcome::accepted("250");
            assert_eq!(taken.clone().within_copies(channel, 15), taken);
        }
    }

    #[test]
    fn whoever_asks_to_be_left_alone_is_for_as_long_but_not_for_ever() {
        let wait =
            |least| DeliveryOutcome::put_off(DeliveryReason::RelayBusy, "").not_before(least).next_try_at(0, 0, NOW);
        assert_eq!(wait(None), Some(NOW + Duration::seconds(10)));
        assert_eq!(wait(Some(Duration::seconds(3))), Some(NOW + Duration::seconds(10)));
        assert_eq!(wait(Some(Duration::minutes(7))), Some(NOW + Duration::minutes(7)));
        assert_eq!(wait(Some(Duration::days(40))), Some(NOW + LONGEST_WAIT));
        let failed = DeliveryOutcome::failed(DeliveryReason::Refused, "");
        assert_eq!(failed.clone().not_before(Some(Duration::minutes(7))), failed);
    }
}

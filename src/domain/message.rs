//! One message in the outbox: what it is, and when it is tried again.

pub mod outcome;

use super::coded::coded;
use super::contact::Channel;
use super::timestamp::{Duration, Timestamp};
use serde::{Deserialize, Serialize};

coded! {
    /// What a message is about; its text is rendered at the moment of sending.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum MessageKind {
        Invitation = "invitation",
        PasswordReset = "password_reset",
        /// Asks whether it arrives: of an address that nobody has shown to be theirs.
        Confirmation = "confirmation",
        /// Carries the code that a link which was handed over asks for, and the genuine link.
        Code = "code",
        /// Reminds of an invitation whose link ends soon.
        Reminder = "reminder",
        /// Tells an inviter what became of people they invited: who was not reached, who declined.
        Notice = "notice",
        /// What is known of the security of somebody, or of a unit's people, for whoever asked (rule 67).
        SecurityReport = "security_report",
        /// Tells somebody who was archived that they have access again.
        BroughtBack = "brought_back",
        Test = "test",
    }
}

/// In which order the outbox is emptied: what one person waits for never stands behind a round of invitations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Somebody waits for it in front of a screen: a reset, a confirmation, a test.
    Urgent,
    /// An invitation by itself.
    Single,
    /// One of many that were sent together.
    Round,
}

impl Lane {
    /// As the outbox keeps it: the lowest goes first.
    pub fn number(self) -> i64 {
        match self {
            Self::Urgent => 0,
            Self::Single => 1,
            Self::Round => 2,
        }
    }

    pub fn from_number(number: i64) -> Option<Self> {
        [Self::Urgent, Self::Single, Self::Round].into_iter().find(|lane| lane.number() == number)
    }

    /// The lane of an invitation that is sent together with others; `together` counts all of them.
    pub fn of_invitations(together: usize) -> Self {
        if together > 1 { Self::Round } else { Self::Single }
    }
}

/// How many messages one address gets in an hour and in a day, whatever they are about (RL-07).
pub const MOST_PER_ADDRESS: [(usize, Duration); 2] = [(5, Duration::hours(1)), (10, Duration::days(1))];

/// How many of these anybody may cause who knows the address and has no account: strangers must not use up what the person
/// and the administrators need (RL-07). As many again are the person's, in a browser in which they signed in before.
const MOST_UNASKED: [(usize, Duration); 2] = [(3, Duration::hours(1)), (5, Duration::days(1))];

/// On whose account a message went to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CausedBy {
    /// Nobody's: anybody may have asked for it.
    Stranger,
    /// Whoever asked from a browser in which the person signed in before.
    ThePerson,
    /// Somebody who was signed in.
    Account,
}

/// A message that went to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub at: Timestamp,
    pub by: CausedBy,
}

/// The time within which an inviter's messages are counted; how many they may be is a setting.
pub const INVITERS_WINDOW: Duration = Duration::days(1);

/// Why a message does not go now, and after how many seconds it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rest {
    /// The address was written to often enough.
    Address { seconds: i64 },
    /// The inviter has caused as many messages as one may in a day.
    Inviter { seconds: i64 },
}

impl Rest {
    pub fn seconds(self) -> i64 {
        match self {
            Self::Address { seconds } | Self::Inviter { seconds } => seconds,
        }
    }
}

/// From when on an address may be written to again on somebody's account, or on nobody's, when it may not be at `now`. `written`
/// is what went to it, in any order.
pub fn address_rests_until(written: &[Written], by: CausedBy, now: Timestamp) -> Option<Timestamp> {
    let free_at = |limits: [(usize, Duration); 2], counts: &dyn Fn(&Written) -> bool| {
        let mut newest_first: Vec<Timestamp> = written.iter().filter(|one| counts(one)).map(|one| one.at).collect();
        newest_first.sort_unstable_by(|one, other| other.cmp(one));
        limits.into_iter().filter_map(|(most, window)| newest_first.get(most - 1).map(|at| *at + window)).max()
    };
    let all = free_at(MOST_PER_ADDRESS, &|_| true);
    let share = if by == CausedBy::Account { None } else { free_at(MOST_UNASKED, &|one| one.by == by) };
    all.max(share).filter(|free_at| *free_at > now)
}

/// How long an inviter is told nothing yet, so that what comes together is told together; and how long after each notice.
pub const NOTICE_WAIT: Duration = Duration::seconds(20);
pub const BETWEEN_NOTICES: Duration = Duration::minutes(1);

/// How many people a notice names; of the others it says how many there are.
pub const NAMED_IN_A_NOTICE: usize = 20;

/// How many days the link that confirms an address works, at least.
const CONFIRMATION_DAYS: i64 = 14;

/// The last day, counted from 1970, of a link that confirms an address and is made now; it stands in the link, sealed.
pub fn last_day_of_confirmation(now: Timestamp) -> i64 {
    now.0 / Duration::days(1).0 + CONFIRMATION_DAYS
}

/// When a link with this last day ends.
pub fn end_of_confirmation(last_day: i64) -> Timestamp {
    Timestamp(0) + Duration::days(last_day.saturating_add(1))
}

/// Codes are made anew after this time; one works in the window in which it was made and in the next one.
const CODE_WINDOW: Duration = Duration::minutes(30);

/// For how many windows a code that has run out is still known as one.
const KNOWN_CODES: i64 = 48;

/// The window in which a code is made now.
pub fn code_window(now: Timestamp) -> i64 {
    now.0 / CODE_WINDOW.0
}

/// When a code of this window ends: at least half an hour after it was made, and at most an hour.
pub fn end_of_code(window: i64) -> Timestamp {
    Timestamp(window.saturating_add(2).saturating_mul(CODE_WINDOW.0))
}

/// What a typed code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFit {
    Right,
    /// It was one of ours.
    Expired,
    Wrong,
}

/// Judges a typed code; `is_of` says whether it is the code of a window.
pub fn judge_code(now: Timestamp, is_of: impl Fn(i64) -> bool) -> CodeFit {
    let newest = code_window(now);
    match (0..KNOWN_CODES).find(|back| is_of(newest - back)) {
        Some(0 | 1) => CodeFit::Right,
        Some(_) => CodeFit::Expired,
        None => CodeFit::Wrong,
    }
}

/// How many codes are sent for one link in an hour, and how many wrong ones may be typed.
pub const CODES_AN_HOUR: i64 = 3;
pub const WRONG_CODES_AN_HOUR: i64 = 10;

/// How often a relay is tried before the message counts as failed: with the waits below, about two days.
pub const MOST_ATTEMPTS: i64 = 16;

/// How many copies of a message leave at most when the other side got each of them whole and never said whether it took it. Mail
/// carries a `Message-ID`, by which most mailboxes know a copy; every SMS rings, and is paid for.
pub fn most_copies(channel: Channel) -> i64 {
    if channel == Channel::Sms { 2 } else { 3 }
}

/// How long to wait before another copy: whatever broke may have time to come back.
pub const BEFORE_ANOTHER_COPY: Duration = Duration::minutes(2);

/// How long a worker may hold a message; afterwards another one may take it.
pub const LEASE: Duration = Duration::seconds(90);

/// The longest that a message is put off; one that is held for its undoing waits less.
pub const LONGEST_WAIT: Duration = Duration::hours(6);

/// How long to wait before the next attempt, after `attempts` tries that a relay put off. Doubles from 10 s to 6 h;
/// `jitter` (0–255) spreads the tries of many messages over the last third of the wait.
pub fn wait_before_next(attempts: i64, jitter: u8) -> Duration {
    let doubled = Duration::seconds(10).0.saturating_mul(1 << attempts.clamp(0, 12));
    let full = doubled.min(LONGEST_WAIT.0);
    Duration(full - full / 3 * i64::from(jitter) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_for_half_an_hour_at_least_and_is_known_for_a_day() {
        for made in [Timestamp(0), Timestamp(CODE_WINDOW.0 - 1), Timestamp(1_800_000_000_000)] {
            let window = code_window(made);
            let fit = |after: Duration| judge_code(made + after, |one| one == window);
            assert_eq!(fit(Duration(0)), CodeFit::Right);
            assert_eq!(fit(CODE_WINDOW), CodeFit::Right);
            assert_eq!(judge_code(Timestamp(end_of_code(window).0 - 1), |one| one == window), CodeFit::Right);
            assert_eq!(judge_code(end_of_code(window), |one| one == window), CodeFit::Expired);
            assert_eq!(fit(Duration::days(1)), CodeFit::Wrong);
        }
        assert_eq!(judge_code(Timestamp(0), |_| false), CodeFit::Wrong);
    }

    #[test]
    fn an_address_rests_after_five_in_an_hour_and_ten_in_a_day() {
        let written = |minute: &i64| Written { at: Timestamp(0) + Duration::minutes(*minute), by: CausedBy::Account };
        let minutes = |all: &[i64]| all.iter().map(written).collect::<Vec<_>>();
        let address_rests_until = |written: &[Written], now| address_rests_until(written, CausedBy::Account, now);
        let at = |minute| Timestamp(0) + Duration::minutes(minute);
        assert_eq!(address_rests_until(&minutes(&[1, 2, 3, 4]), at(5)), None);
        assert_eq!(address_rests_until(&minutes(&[5, 1, 3, 2, 4]), at(6)), Some(at(61)));
        assert_eq!(address_rests_until(&minutes(&[1, 2, 3, 4, 5]), at(61)), None);
        let ten = minutes(&[1, 2, 3, 4, 5, 100, 101, 102, 103, 104]);
        assert_eq!(address_rests_until(&ten, at(105)), Some(at(1 + 24 * 60)), "the longer rest counts");
        assert_eq!(address_rests_until(&ten, at(1 + 24 * 60)), None);
    }

    #[test]
    fn strangers_use_up_their_own_part_and_leave_the_rest() {
        use CausedBy::{Account, Stranger, ThePerson};
        let at = |minute| Timestamp(0) + Duration::minutes(minute);
        let by = |by| move |minute: &i64| Written { at: at(*minute), by };
        let strangers = |all: &[i64]| all.iter().map(by(Stranger)).collect::<Vec<_>>();
        assert_eq!(address_rests_until(&strangers(&[1, 2]), Stranger, at(5)), None);
        assert_eq!(address_rests_until(&strangers(&[1, 2, 3]), Stranger, at(5)), Some(at(61)));
        let five = strangers(&[1, 2, 3, 100, 101]);
        assert_eq!(address_rests_until(&five, Stranger, at(200)), Some(at(1 + 24 * 60)));
        for other in [Account, ThePerson] {
            assert_eq!(address_rests_until(&strangers(&[1, 2, 3]), other, at(5)), None);
            assert_eq!(address_rests_until(&five, other, at(200)), None);
        }
        // The person has a share, too; what both may cause together ends at the limit for all.
        let own: Vec<_> = [100, 101, 102].iter().map(by(ThePerson)).collect();
        assert_eq!(address_rests_until(&own, ThePerson, at(105)), Some(at(160)));
        assert_eq!(address_rests_until(&own, Stranger, at(105)), None);
        let both = [five, own].concat();
        assert_eq!(address_rests_until(&both, Account, at(105)), Some(at(160)));
        let administrators: Vec<_> = [1, 2, 3, 4].iter().map(by(Account)).collect();
        assert_eq!(address_rests_until(&administrators, Stranger, at(5)), None, "each may use what is left");
    }

    #[test]
    fn waits_grow_and_stay_within_a_third_of_themselves() {
        let mut before = Duration(0);
        for attempts in 0..MOST_ATTEMPTS {
            let (soonest, latest) = (wait_before_next(attempts, 255), wait_before_next(attempts, 0));
            assert!(soonest.0 * 3 >= latest.0 * 2 - 3 && latest >= before && latest <= Duration::hours(6));
            before = latest;
        }
    }
}

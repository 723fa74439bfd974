//! What deleting somebody does (rule 94): whether they lie in the bin for a while, from which they can be brought back, or are erased
//! at once. Where that is kept, and who does it, is not known here.

use super::settings::Settings;
use super::timestamp::{Duration, Timestamp};

/// How many days somebody who is deleted can lie in the bin; with none there is no bin.
pub const BIN_DAYS: std::ops::RangeInclusive<i64> = 0..=365;

/// What deleting somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// They have no access any more, and everything is kept for a while.
    IntoTheBin(Binned),
    /// Their name and addresses are erased.
    ForGood,
}

/// Since when somebody lies in the bin, and when they are erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binned {
    pub at: Timestamp,
    pub erased_at: Timestamp,
}

impl Deletion {
    /// What it does to somebody now: whoever lies in the bin already is erased.
    pub fn of(settings: &Settings, bin: Option<Binned>, now: Timestamp) -> Self {
        match bin {
            None if settings.bin_days > 0 => {
                Self::IntoTheBin(Binned { at: now, erased_at: now + Duration::days(settings.bin_days) })
            }
            _ => Self::ForGood,
        }
    }
}

impl Binned {
    /// Whether somebody lies in it still, by when each of their places was archived. Whoever got or got back any place since
    /// does not, whatever has become of that place.
    pub fn holds(self, archived: impl IntoIterator<Item = Option<Timestamp>>) -> bool {
        archived.into_iter().all(|at| at.is_some_and(|at| at <= self.at))
    }

    /// Whether it was being deleted that took any of their places; whoever had left before is in the archive again when they are
    /// brought back.
    pub fn took(self, archived: impl IntoIterator<Item = Option<Timestamp>>) -> bool {
        archived.into_iter().any(|at| at == Some(self.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    #[test]
    fn whoever_lies_in_the_bin_or_finds_none_is_erased() {
        let with = |bin_days| Settings { bin_days, ..Settings::default() };
        let binned = Binned { at: NOW, erased_at: NOW + Duration::days(30) };
        assert_eq!(Deletion::of(&with(30), None, NOW), Deletion::IntoTheBin(binned));
        assert_eq!(Deletion::of(&with(30), Some(binned), NOW), Deletion::ForGood);
        assert_eq!(Deletion::of(&with(0), None, NOW), Deletion::ForGood);
    }

    #[test]
    fn whoever_came_back_lies_there_no_longer_and_whoever_had_left_before_does() {
        let binned = Binned { at: NOW, erased_at: NOW + Duration::days(30) };
        let (before, after) = (Timestamp(NOW.0 - 1), Timestamp(NOW.0 + 1));
        assert!(binned.holds([Some(NOW), Some(before)]) && binned.holds([]));
        assert!(!binned.holds([Some(NOW), None]), "a place that is open");
        assert!(!binned.holds([Some(after)]), "archived again after coming back");
        assert!(binned.took([Some(before), Some(NOW)]) && !binned.took([Some(before)]));
    }
}

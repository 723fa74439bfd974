//! Moments put into words: a language, and a time zone that is always named beside the exact form. The browser carries no
//! calendar, so whatever it shows was written here.

use crate::domain::listing::When;
use crate::domain::moment::Moment;
use crate::words::Language;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A moment with its words: `20 Nov, 10:02`, and `Fri 20 Nov 2026, 10:02 (Europe/Minsk)`. An unknown zone is UTC.
pub fn when(moment: Moment, zone: &str, language: Language) -> When {
    let (zone, name) = match TimeZone::get(zone) {
        Ok(found) => (found, zone),
        Err(_) => (TimeZone::UTC, "UTC"),
    };
    let at =
        Timestamp::from_millisecond(moment.0).unwrap_or(if moment.0 < 0 { Timestamp::MIN } else { Timestamp::MAX });
    let local = at.to_zoned(zone);
    let index = |number: i8| usize::try_from(number).unwrap_or_default();
    let (day, hour, minute) = (local.day(), local.hour(), local.minute());
    let month = index(local.month() - 1);
    let weekday = language.day(index(local.weekday().to_monday_zero_offset()));
    When {
        at: moment,
        short: format!("{day} {}, {hour:02}:{minute:02}", language.short_month(month)),
        exact: format!(
            "{weekday} {day} {} {}, {hour:02}:{minute:02} ({name})",
            language.month_in_date(month),
            local.year()
        ),
    }
}

/// The names of all time zones, in no order.
pub fn zones() -> impl Iterator<Item = String> {
    jiff::tz::db().available().map(|name| name.to_string())
}

/// Whether this is the name of a time zone (`Europe/Minsk`).
pub fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20 07:02 UTC.
    const FRIDAY: Moment = Moment(1_795_158_120_000);

    #[test]
    fn a_moment_is_written_in_the_readers_language_and_the_named_zone() {
        let english = when(FRIDAY, "Europe/Minsk", Language::English);
        assert_eq!((english.short.as_str(), english.at), ("20 Nov, 10:02", FRIDAY));
        assert_eq!(english.exact, "Fri 20 Nov 2026, 10:02 (Europe/Minsk)");
        let russian = when(FRIDAY, "Europe/Minsk", Language::Russian);
        assert_eq!(russian.short, "20 ноя, 10:02");
        assert_eq!(russian.exact, "пт 20 ноября 2026, 10:02 (Europe/Minsk)");
    }

    #[test]
    fn an_unknown_zone_is_utc_and_says_so() {
        assert_eq!(when(FRIDAY, "Atlantis/Nowhere", Language::English).exact, "Fri 20 Nov 2026, 07:02 (UTC)");
        assert!(is_zone("Europe/Minsk") && is_zone("UTC"));
        assert!(!is_zone("Atlantis/Nowhere") && !is_zone("") && !is_zone("../etc/passwd"));
    }

    #[test]
    fn no_moment_is_too_far() {
        for far in [i64::MIN, -1, 0, i64::MAX] {
            assert!(!when(Moment(far), "Asia/Kathmandu", Language::Russian).exact.is_empty());
        }
    }
}

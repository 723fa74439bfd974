//! Moments put into words: a language, and a time zone that is always named beside the exact form. The browser carries no
//! calendar, so whatever it shows was written here.

use crate::domain::listing::When;
use crate::domain::moment::Moment;
use crate::words::Language;
use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

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

/// A day of a week.
pub struct Day {
    pub from: Moment,
    /// `2026-11-22`
    pub date: String,
    /// `Sun 22 Nov`
    pub heading: String,
}

/// A week, from Monday to Sunday, as an installation's zone has it.
pub struct Week {
    /// `2026-W47`
    pub name: String,
    pub previous: String,
    pub next: String,
    pub this_week: String,
    pub days: Vec<Day>,
    pub from: Moment,
    pub to: Moment,
}

fn zone_of(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn local_date(moment: Moment, zone: &TimeZone) -> Date {
    Timestamp::from_millisecond(moment.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone()).date()
}

/// When a day begins: at midnight, or at the first moment after it that the zone knows.
fn begin_of(date: Date, zone: &TimeZone) -> Moment {
    let begin = date.to_zoned(zone.clone()).and_then(|day| day.start_of_day());
    Moment(begin.map_or(0, |begin| begin.timestamp().as_millisecond()))
}

fn week_name(date: Date) -> String {
    let week = date.iso_week_date();
    format!("{}-W{:02}", week.year(), week.week())
}

fn monday_of(name: &str) -> Option<Date> {
    let (year, week) = name.split_once("-W")?;
    let week = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok()?;
    // Beyond these years a week has no neighbours.
    (1900..=9000).contains(&week.year()).then(|| week.date())
}

/// The week of a name; of the present for any other text.
pub fn week(name: &str, now: Moment, zone: &str, language: Language) -> Week {
    let zone = zone_of(zone);
    let today = local_date(now, &zone);
    let monday = monday_of(name)
        .unwrap_or_else(|| today.saturating_sub(Span::new().days(i64::from(today.weekday().to_monday_zero_offset()))));
    let day = |n: i64| monday.saturating_add(Span::new().days(n));
    let heading = |date: Date| {
        let index = |number: i8| usize::try_from(number).unwrap_or_default();
        let weekday = language.day(index(date.weekday().to_monday_zero_offset()));
        format!("{weekday} {} {}", date.day(), language.short_month(index(date.month() - 1)))
    };
    Week {
        name: week_name(monday),
        previous: week_name(day(-7)),
        next: week_name(day(7)),
        this_week: week_name(today),
        days: (0..7)
            .map(day)
            .map(|date| Day { from: begin_of(date, &zone), date: date.to_string(), heading: heading(date) })
            .collect(),
        from: begin_of(monday, &zone),
        to: begin_of(day(7), &zone),
    }
}

/// The name of the week in which a day (`2026-11-22`) lies; empty for any other text.
pub fn week_of_day(date: &str) -> String {
    date.parse::<Date>().map(week_name).unwrap_or_default()
}

/// A day as it was written, if it is one; else today.
pub fn day(date: &str, now: Moment, zone: &str) -> String {
    date.parse::<Date>().unwrap_or_else(|_| local_date(now, &zone_of(zone))).to_string()
}

/// A moment as a form's field has it: `2026-11-22T10:00`.
pub fn local(moment: Moment, zone: &str) -> String {
    let at = Timestamp::from_millisecond(moment.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone_of(zone));
    format!("{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// The moment that a form's field means; `None` when it is none. What the zone skips is the moment after the gap.
pub fn read_local(text: &str, zone: &str) -> Option<Moment> {
    let at: DateTime = text.trim().parse().ok()?;
    let zoned = at.to_zoned(zone_of(zone)).ok()?;
    (1900..=9000).contains(&at.year()).then(|| Moment(zoned.timestamp().as_millisecond()))
}

/// From when to when: `10:00–18:00`, with the day where it ends on another one.
pub fn hours(from: Moment, to: Moment, zone: &str, language: Language) -> String {
    let clock = |moment| local(moment, zone).split('T').nth(1).unwrap_or_default().to_string();
    let zone_rules = zone_of(zone);
    match local_date(from, &zone_rules) == local_date(to, &zone_rules) {
        true => format!("{}–{}", clock(from), clock(to)),
        false => format!("{} – {}", clock(from), when(to, zone, language).short),
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
    fn a_week_begins_on_monday_in_the_installations_zone() {
        let found = week("", FRIDAY, "Europe/Minsk", Language::English);
        assert_eq!(
            (found.name.as_str(), found.previous.as_str(), found.next.as_str()),
            ("2026-W47", "2026-W46", "2026-W48")
        );
        assert_eq!((found.days[0].heading.as_str(), found.days[6].date.as_str()), ("Mon 16 Nov", "2026-11-22"));
        assert_eq!(local(found.from, "Europe/Minsk"), "2026-11-16T00:00");
        assert_eq!(week("2027-W01", FRIDAY, "UTC", Language::Russian).days[0].date, "2027-01-04");
        for odd in ["2026-W54", "W1", "99999-W01", "x", "2026-W-1"] {
            assert_eq!(week(odd, FRIDAY, "UTC", Language::English).name, "2026-W47", "{odd}");
        }
    }

    #[test]
    fn what_a_field_says_reads_back() {
        let at = read_local("2026-11-20T10:02", "Europe/Minsk").expect("a moment");
        assert_eq!((at, local(at, "Europe/Minsk").as_str()), (FRIDAY, "2026-11-20T10:02"));
        for odd in ["", "tomorrow", "2026-13-01T00:00", "99999-01-01T00:00", "-0001-01-01T00:00"] {
            assert_eq!(read_local(odd, "UTC"), None, "{odd}");
        }
        // Clocks go forward over it.
        assert!(read_local("2026-03-29T02:30", "Europe/Berlin").is_some());
    }

    #[test]
    fn hours_name_the_day_where_it_is_another_one() {
        let to = |hours| FRIDAY + crate::domain::moment::Span::hours(hours);
        assert_eq!(hours(FRIDAY, to(8), "Europe/Minsk", Language::English), "10:02–18:02");
        assert_eq!(hours(FRIDAY, to(20), "Europe/Minsk", Language::English), "10:02 – 21 Nov, 06:02");
    }

    #[test]
    fn no_moment_is_too_far() {
        for far in [i64::MIN, -1, 0, i64::MAX] {
            assert!(!when(Moment(far), "Asia/Kathmandu", Language::Russian).exact.is_empty());
        }
    }
}

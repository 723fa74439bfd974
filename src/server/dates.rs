//! Moments put into words: a language, and a time zone that is always named beside the exact form. The browser carries no
//! calendar, so whatever it shows was written here.

use crate::domain::settings::Settings;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::view_models::FormattedTime;
use crate::words::Language;
use jiff::Zoned;
use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// A moment with its words for somebody who reads them at `now`: `20 Nov, 10:02`, with the year where it is another one than
/// that of the reading (`20 Nov 2025, 10:02`), and `Fri 20 Nov 2026, 10:02 (Europe/Minsk)`. An unknown zone is UTC.
pub fn when(moment: Timestamp, now: Timestamp, zone: &str, language: Language) -> FormattedTime {
    FormattedTime { exact: exact(moment, zone, language), ..briefly(moment, now, zone, language) }
}

/// The same with its short words only.
pub fn briefly(moment: Timestamp, now: Timestamp, zone: &str, language: Language) -> FormattedTime {
    let rules = zone_of(zone);
    let (local, today) = (zoned(moment, &rules), zoned(now, &rules));
    let year = if local.year() == today.year() { String::new() } else { format!(" {}", local.year()) };
    let month = language.short_month(index(local.month() - 1));
    FormattedTime {
        at: moment,
        short: format!("{} {month}{year}, {:02}:{:02}", local.day(), local.hour(), local.minute()),
        exact: String::new(),
    }
}

/// The day of a moment in a zone, in days since 1 January 1970.
pub fn day_of(moment: Timestamp, zone: &str) -> i64 {
    let days = local_date(moment, &zone_of(zone)) - Date::constant(1970, 1, 1);
    i64::from(days.get_days())
}

/// Such a day in words: `20 Nov`, with the year where it is another one than that of the reading. The moment beside them is its
/// midnight in UTC, and says no more than the day.
pub fn day_in_words(days: i64, now: Timestamp, zone: &str, language: Language) -> FormattedTime {
    let at = Timestamp(days.saturating_mul(86_400_000));
    let (date, today) = (zoned(at, &TimeZone::UTC).date(), local_date(now, &zone_of(zone)));
    let year = if date.year() == today.year() { String::new() } else { format!(" {}", date.year()) };
    let short = format!("{} {}{year}", date.day(), language.short_month(index(date.month() - 1)));
    FormattedTime { at, short, exact: String::new() }
}

/// A moment with everything that there is to say of it: `Fri 20 Nov 2026, 10:02 (Europe/Minsk)`.
pub fn exact(moment: Timestamp, zone: &str, language: Language) -> String {
    let name = if is_zone(zone) { zone } else { "UTC" };
    let local = zoned(moment, &zone_of(zone));
    let weekday = language.day(index(local.weekday().to_monday_zero_offset()));
    let month = language.month_in_date(index(local.month() - 1));
    let (day, hour, minute) = (local.day(), local.hour(), local.minute());
    format!("{weekday} {day} {month} {}, {hour:02}:{minute:02} ({name})", local.year())
}

/// A moment as programs read it: `2026-11-20T08:02:00Z`, with milliseconds where there are any.
pub fn rfc3339(moment: Timestamp) -> String {
    zoned(moment, &TimeZone::UTC).timestamp().to_string()
}

/// The hours of a working day, Monday to Friday, in which people are reminded.
const WORKING_HOURS: std::ops::Range<i8> = 9..18;

/// When somebody is reminded of an invitation whose link is made now and works for so long: as long before its end as the settings
/// say, or in the last working hour before that. Where a link works too shortly for a reminder to make sense, or no working hour
/// lies between, there is none.
pub fn reminder(now: Timestamp, valid_for: Duration, settings: &Settings) -> Option<Timestamp> {
    let before = settings.remind_before;
    if before <= Duration(0) || valid_for.0 < before.0.saturating_mul(2) {
        return None;
    }
    let wished = now + valid_for - before;
    let at = last_working_hour(wished, &zone_of(&settings.zone));
    // Nobody is reminded of what they have just got.
    (at - now >= Duration(valid_for.0 / 4)).then_some(at)
}

/// The moment itself in working hours; else the beginning of the last one before it.
fn last_working_hour(moment: Timestamp, zone: &TimeZone) -> Timestamp {
    let local = zoned(moment, zone);
    let is_working_day = |date: Date| !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    if is_working_day(local.date()) && WORKING_HOURS.contains(&local.hour()) {
        return moment;
    }
    let mut date = local.date();
    if local.hour() < WORKING_HOURS.start {
        date = date.saturating_sub(jiff::Span::new().days(1));
    }
    while !is_working_day(date) {
        date = date.saturating_sub(jiff::Span::new().days(1));
    }
    let hour = date.at(WORKING_HOURS.end - 1, 0, 0, 0);
    hour.to_zoned(zone.clone()).map_or(moment, |at| Timestamp(at.timestamp().as_millisecond()))
}

fn zoned(moment: Timestamp, zone: &TimeZone) -> Zoned {
    let furthest = if moment.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    jiff::Timestamp::from_millisecond(moment.0).unwrap_or(furthest).to_zoned(zone.clone())
}

fn index(number: i8) -> usize {
    usize::try_from(number).unwrap_or_default()
}

/// A day of a week.
pub struct Day {
    pub from: Timestamp,
    /// `2026-11-22`
    pub date: String,
    /// `Sun 22 Nov`, with the year where it is another one
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
    pub from: Timestamp,
    pub to: Timestamp,
}

fn zone_of(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn local_date(moment: Timestamp, zone: &TimeZone) -> Date {
    jiff::Timestamp::from_millisecond(moment.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_zoned(zone.clone()).date()
}

/// When a day begins: at midnight, or at the first moment after it that the zone knows.
fn begin_of(date: Date, zone: &TimeZone) -> Timestamp {
    let begin = date.to_zoned(zone.clone()).and_then(|day| day.start_of_day());
    Timestamp(begin.map_or(0, |begin| begin.timestamp().as_millisecond()))
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
pub fn week(name: &str, now: Timestamp, zone: &str, language: Language) -> Week {
    let zone = zone_of(zone);
    let today = local_date(now, &zone);
    let monday = monday_of(name).unwrap_or_else(|| {
        today.saturating_sub(jiff::Span::new().days(i64::from(today.weekday().to_monday_zero_offset())))
    });
    let day = |n: i64| monday.saturating_add(jiff::Span::new().days(n));
    let heading = |date: Date| {
        let weekday = language.day(index(date.weekday().to_monday_zero_offset()));
        let year = if date.year() == today.year() { String::new() } else { format!(" {}", date.year()) };
        format!("{weekday} {} {}{year}", date.day(), language.short_month(index(date.month() - 1)))
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
pub fn day(date: &str, now: Timestamp, zone: &str) -> String {
    date.parse::<Date>().unwrap_or_else(|_| local_date(now, &zone_of(zone))).to_string()
}

/// A moment as a form's field has it: `2026-11-22T10:00`.
pub fn local(moment: Timestamp, zone: &str) -> String {
    let at = jiff::Timestamp::from_millisecond(moment.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_zoned(zone_of(zone));
    format!("{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// Why a form's field means no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// It is not a time.
    Unreadable,
    /// The clocks go forward over it.
    Skipped,
}

/// The moment that a form's field means. One that comes twice, when clocks go back, is the first of the two.
pub fn read_local(text: &str, zone: &str) -> Result<Timestamp, DateError> {
    let at: DateTime = text.trim().parse().map_err(|_| DateError::Unreadable)?;
    if !(1900..=9000).contains(&at.year()) {
        return Err(DateError::Unreadable);
    }
    let found = zone_of(zone).to_ambiguous_timestamp(at);
    if matches!(found.offset(), AmbiguousOffset::Gap { .. }) {
        return Err(DateError::Skipped);
    }
    found.compatible().map(|at| Timestamp(at.as_millisecond())).map_err(|_| DateError::Unreadable)
}

/// From when to when: `10:00–18:00`, with the day where it ends on another one.
pub fn hours(from: Timestamp, to: Timestamp, zone: &str, language: Language) -> String {
    let clock = |moment| local(moment, zone).split('T').nth(1).unwrap_or_default().to_string();
    let zone_rules = zone_of(zone);
    match local_date(from, &zone_rules) == local_date(to, &zone_rules) {
        true => format!("{}–{}", clock(from), clock(to)),
        false => format!("{} – {}", clock(from), when(to, from, zone, language).short),
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

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().expect("a moment").as_millisecond())
    }

    #[test]
    fn people_are_reminded_in_the_last_working_hour_before_the_time_that_is_set() {
        let settings =
            Settings { zone: "Europe/Minsk".into(), remind_before: Duration::days(1), ..Settings::default() };
        let due = |made: &str, days| reminder(at(made), Duration::days(days), &settings).map(rfc3339);
        // Wednesday 12:00 in Minsk; a week and three days later it is Wednesday and Saturday.
        assert_eq!(due("2026-11-18T09:00:00Z", 7).as_deref(), Some("2026-11-24T09:00:00Z"));
        assert_eq!(due("2026-11-18T09:00:00Z", 3).as_deref(), Some("2026-11-20T09:00:00Z"));
        // The day before the end is a Sunday: on Friday, an hour before the end of work.
        assert_eq!(due("2026-11-16T09:00:00Z", 7).as_deref(), Some("2026-11-20T14:00:00Z"));
        // At night: in the evening before.
        assert_eq!(due("2026-11-18T22:00:00Z", 7).as_deref(), Some("2026-11-24T14:00:00Z"));
        // Made on Saturday for two days: no working hour lies between.
        assert_eq!(due("2026-11-21T09:00:00Z", 2), None);
        // Eight hours, and a day and a half: too short.
        assert_eq!(reminder(at("2026-11-18T09:00:00Z"), Duration::hours(8), &settings), None);
        assert_eq!(reminder(at("2026-11-18T09:00:00Z"), Duration::hours(36), &settings), None);
        let never = Settings { remind_before: Duration(0), ..settings.clone() };
        assert_eq!(reminder(at("2026-11-18T09:00:00Z"), Duration::days(21), &never), None);
    }

    proptest::proptest! {
        #[test]
        fn a_reminder_lies_within_the_life_of_its_link_and_in_working_hours(
            made in 1_700_000_000_000_i64..1_900_000_000_000, valid in 10_i64..129_600, before in 0_i64..20_160,
            zone in 0_usize..4
        ) {
            let zone = ["Europe/Minsk", "America/St_Johns", "Pacific/Kiritimati", "UTC"][zone];
            let settings =
                Settings { zone: zone.into(), remind_before: Duration::minutes(before), ..Settings::default() };
            let (made, valid) = (Timestamp(made), Duration::minutes(valid));
            if let Some(at) = reminder(made, valid, &settings) {
                proptest::prop_assert!(at > made && at.0 <= (made + valid).0 - settings.remind_before.0);
                let local = zoned(at, &zone_of(zone));
                proptest::prop_assert!(WORKING_HOURS.contains(&local.hour()), "{local}");
                proptest::prop_assert!(!matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday), "{local}");
            }
        }
    }

    /// 2026-11-20 07:02 UTC.
    const FRIDAY: Timestamp = Timestamp(1_795_158_120_000);

    #[test]
    fn a_moment_is_written_in_the_readers_language_and_the_named_zone() {
        let english = when(FRIDAY, FRIDAY, "Europe/Minsk", Language::English);
        assert_eq!((english.short.as_str(), english.at), ("20 Nov, 10:02", FRIDAY));
        assert_eq!(english.exact, "Fri 20 Nov 2026, 10:02 (Europe/Minsk)");
        let russian = when(FRIDAY, FRIDAY, "Europe/Minsk", Language::Russian);
        assert_eq!(russian.short, "20 ноя, 10:02");
        assert_eq!(russian.exact, "пт 20 ноября 2026, 10:02 (Europe/Minsk)");
    }

    #[test]
    fn an_unknown_zone_is_utc_and_says_so() {
        assert_eq!(when(FRIDAY, FRIDAY, "Atlantis/Nowhere", Language::English).exact, "Fri 20 Nov 2026, 07:02 (UTC)");
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
            assert_eq!(read_local(odd, "UTC"), Err(DateError::Unreadable), "{odd}");
        }
    }

    /// L-12, in zones with other rules: half an hour, midnight, a day that never was.
    #[test]
    fn what_the_clocks_skip_is_said_and_what_comes_twice_is_the_first() {
        for (text, zone) in [
            ("2026-03-29T02:30", "Europe/Berlin"),
            ("2027-03-28T02:00", "Europe/Berlin"),
            ("2026-10-04T02:15", "Australia/Lord_Howe"),
            ("2026-03-29T00:30", "Asia/Beirut"),
            ("2011-12-30T12:00", "Pacific/Apia"),
        ] {
            assert_eq!(read_local(text, zone), Err(DateError::Skipped), "{text} {zone}");
        }
        for (text, zone) in [
            ("2026-03-29T01:59", "Europe/Berlin"),
            ("2026-03-29T03:00", "Europe/Berlin"),
            ("2026-03-29T02:30", "Europe/Minsk"),
        ] {
            assert!(read_local(text, zone).is_ok(), "{text} {zone}");
        }
        let first = read_local("2026-10-25T02:30", "Europe/Berlin").expect("a moment");
        let second = first + crate::domain::timestamp::Duration::hours(1);
        assert_eq!(
            (local(first, "Europe/Berlin"), local(second, "Europe/Berlin")),
            ("2026-10-25T02:30".into(), "2026-10-25T02:30".into())
        );
    }

    /// L-14.
    #[test]
    fn a_date_of_another_year_carries_it() {
        let days = |days| FRIDAY + crate::domain::timestamp::Duration::days(days);
        let short = |moment, language| when(moment, FRIDAY, "Europe/Minsk", language).short;
        assert_eq!(short(days(41), Language::English), "31 Dec, 10:02");
        assert_eq!(short(days(42), Language::English), "1 Jan 2027, 10:02");
        assert_eq!(short(days(-365), Language::Russian), "20 ноя 2025, 10:02");
        // The year is that of the zone, not of Greenwich.
        let midnight = Timestamp(1_798_754_400_000);
        assert_eq!(when(midnight, midnight, "Europe/Minsk", Language::English).short, "1 Jan, 01:00");
        assert_eq!(when(midnight, FRIDAY, "UTC", Language::English).short, "31 Dec, 22:00");
        assert_eq!(week("2027-W53", FRIDAY, "UTC", Language::English).days[0].heading, "Mon 16 Nov");
        let turn = week("2026-W53", FRIDAY, "UTC", Language::English);
        assert_eq!((turn.days[0].heading.as_str(), turn.days[4].heading.as_str()), ("Mon 28 Dec", "Fri 1 Jan 2027"));
    }

    #[test]
    fn hours_name_the_day_where_it_is_another_one() {
        let to = |hours| FRIDAY + crate::domain::timestamp::Duration::hours(hours);
        assert_eq!(hours(FRIDAY, to(8), "Europe/Minsk", Language::English), "10:02–18:02");
        assert_eq!(hours(FRIDAY, to(20), "Europe/Minsk", Language::English), "10:02 – 21 Nov, 06:02");
    }

    #[test]
    fn no_moment_is_too_far() {
        for far in [i64::MIN, -1, 0, i64::MAX] {
            assert!(!when(Timestamp(far), FRIDAY, "Asia/Kathmandu", Language::Russian).exact.is_empty());
        }
    }
}

//! A length of time that the link of an invitation may work, and how it is written: a number with its unit, `45m`, `36h`, `21d`.
//! Who says which length is `onboarding`'s.

use super::error::Invalid;
use super::timestamp::Duration;

/// The shortest and the longest time that a link may work (rules 16, 61, 78).
pub const SHORTEST: Duration = Duration::minutes(10);
pub const LONGEST: Duration = Duration::days(90);

/// The lengths that the settings offer; any other one is typed.
pub const COMMON: [Duration; 4] = [Duration::hours(8), Duration::days(3), Duration::days(7), Duration::days(21)];

/// The lengths that whoever invites can choose from.
pub const OFFERED: [Duration; 10] = [
    Duration::minutes(10),
    Duration::hours(1),
    Duration::hours(8),
    Duration::days(1),
    Duration::days(3),
    Duration::days(7),
    Duration::days(14),
    Duration::days(21),
    Duration::days(30),
    LONGEST,
];

/// The units in which a length is written, the longest first, with what people write for each.
const UNITS: [(Duration, &str, &[&str]); 3] = [
    (Duration::days(1), "d", &["d", "day", "days", "д", "дн", "день", "дня", "дней"]),
    (Duration::hours(1), "h", &["h", "hour", "hours", "ч", "час", "часа", "часов"]),
    (Duration::minutes(1), "m", &["m", "min", "minute", "minutes", "м", "мин", "минута", "минуты", "минут"]),
];

/// In the longest unit in which it is a whole number.
pub fn code(length: Duration) -> String {
    let (unit, code, _) = UNITS.into_iter().find(|(unit, ..)| length.0 % unit.0 == 0).unwrap_or(UNITS[2]);
    format!("{}{code}", length.0 / unit.0)
}

/// Reads a length that a link may work.
///
/// # Errors
/// `Validity` for what is none, or not from [`SHORTEST`] to [`LONGEST`].
pub fn read(typed: &str) -> Result<Duration, Invalid> {
    let typed = typed.trim().to_lowercase();
    let digits = typed.len() - typed.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (number, unit) = typed.split_at(digits);
    let unit = unit.trim().trim_end_matches('.');
    let length = || {
        let number: i64 = number.parse().ok()?;
        let (unit, ..) = UNITS.into_iter().find(|(_, _, names)| names.contains(&unit))?;
        number.checked_mul(unit.0).map(Duration)
    };
    length().filter(|length| (SHORTEST..=LONGEST).contains(length)).ok_or(Invalid::Validity)
}

/// The same where nothing may be typed: then it is as usual.
///
/// # Errors
/// As [`read`].
pub fn read_own(typed: &str) -> Result<Option<Duration>, Invalid> {
    if typed.trim().is_empty() { Ok(None) } else { read(typed).map(Some) }
}

/// What a field holds of a length that may be none.
pub fn own_code(length: Option<Duration>) -> String {
    length.map(code).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_length_is_read_as_people_write_it() {
        for (typed, length) in [
            ("10m", Duration::minutes(10)),
            (" 45 min. ", Duration::minutes(45)),
            ("90 минут", Duration::minutes(90)),
            ("8h", Duration::hours(8)),
            ("36 ч", Duration::hours(36)),
            ("3 Days", Duration::days(3)),
            ("90д", Duration::days(90)),
            ("2160h", Duration::days(90)),
        ] {
            assert_eq!(read(typed), Ok(length), "{typed}");
        }
        for odd in [
            "",
            "0",
            "72",
            "9m",
            "91d",
            "2161h",
            "h",
            "-3d",
            "3.5d",
            "3w",
            "99999999999999999999d",
            "9223372036854775807d",
        ] {
            assert_eq!(read(odd), Err(Invalid::Validity), "{odd}");
        }
        assert_eq!(read_own("  "), Ok(None));
        assert_eq!(read_own("1m"), Err(Invalid::Validity));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(minutes in 10_i64..=129_600) {
            let length = Duration::minutes(minutes);
            prop_assert_eq!(read(&code(length)), Ok(length));
        }

        #[test]
        fn nothing_that_is_typed_is_too_much(typed in "\\PC{0,20}") {
            if let Ok(length) = read(&typed) {
                prop_assert!((SHORTEST..=LONGEST).contains(&length));
            }
        }
    }
}

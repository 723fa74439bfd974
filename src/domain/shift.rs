//! A shift: somewhere, from when to when, with whom. Values and their limits; who may see and change them is `policy`'s.

use super::error::Invalid;
use super::id::{ShiftId, UserId};
use super::invitation::is_unprintable;
use super::text::one_line;
use super::timestamp::{Duration, Timestamp};
use super::unit::UnitPath;

/// The longest title, in characters.
pub const TITLE_LIMIT: usize = 100;

/// The longest shift.
pub const LONGEST: Duration = Duration::days(7);

/// The most people of one shift.
pub const MOST_PEOPLE: usize = 200;

/// Whether somebody who stands at `units` at this moment may be in a shift at `shift`: they stand there or below.
pub fn may_work(shift: &UnitPath, units: &[UnitPath]) -> bool {
    units.iter().any(|unit| shift.reaches(unit))
}

/// A shift as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    pub id: ShiftId,
    pub unit: UnitPath,
    pub title: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub people: Vec<UserId>,
    /// Grows with every change of title or times (CO-06).
    pub version: i64,
}

/// A title of one line ([`one_line`]); and times in their order.
///
/// # Errors
/// Which of the two it is.
pub fn check(title: &str, starts_at: Timestamp, ends_at: Timestamp) -> Result<String, Invalid> {
    let title = one_line(title);
    if title.is_empty() || title.chars().count() > TITLE_LIMIT || title.chars().any(is_unprintable) {
        return Err(Invalid::ShiftTitle);
    }
    if ends_at <= starts_at || ends_at - starts_at > LONGEST {
        return Err(Invalid::ShiftTimes);
    }
    Ok(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_has_a_title_and_ends_after_it_begins() {
        let (nine, five) = (Timestamp(0), Timestamp(0) + Duration::hours(8));
        assert_eq!(check(" Front  desk ", nine, five), Ok("Front desk".into()));
        assert_eq!(check("Cafe\u{301}", nine, five), Ok("Café".into()));
        assert_eq!(check("", nine, five), Err(Invalid::ShiftTitle));
        for (from, to) in [(five, nine), (nine, nine), (nine, nine + Duration::days(8))] {
            assert_eq!(check("Desk", from, to), Err(Invalid::ShiftTimes));
        }
    }
}

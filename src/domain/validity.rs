//! How long the link of an invitation works (C1). The installation says so, a unit says otherwise for itself and all below it, a role for
//! whoever is given it, and whoever invites for this invitation. Written as a number with its unit: `45m`, `36h`, `21d`.

use super::error::Invalid;
use super::role::Role;
use super::timestamp::Duration;
use super::unit::UnitPath;
use serde::{Deserialize, Serialize};

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

/// What units say of the links to them and to what is below them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitValidities(Vec<(UnitPath, Duration)>);

impl FromIterator<(UnitPath, Duration)> for UnitValidities {
    fn from_iter<T: IntoIterator<Item = (UnitPath, Duration)>>(all: T) -> Self {
        Self(all.into_iter().collect())
    }
}

impl UnitValidities {
    /// What the unit at a path says, or the nearest one above it that says anything.
    pub fn at(&self, path: &UnitPath) -> Option<Duration> {
        let above = self.0.iter().filter(|(unit, _)| unit.reaches(path));
        above.max_by_key(|(unit, _)| unit.level()).map(|(_, length)| *length)
    }

    /// The shortest of what is said of several.
    pub fn shortest<'a>(&self, paths: impl IntoIterator<Item = &'a UnitPath>) -> Option<Duration> {
        paths.into_iter().filter_map(|path| self.at(path)).min()
    }
}

/// How long a link works where whoever invites says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsualValidity {
    pub installation: Duration,
    /// What the unit says, or the nearest one above it that says anything; the shortest, where an invitation leads to several.
    pub units: Option<Duration>,
    /// How long at most, whoever says what: by what invitations carry.
    pub longest: Duration,
}

impl UsualValidity {
    /// With a role: what is said of whoever holds it counts everywhere.
    pub fn of(self, role: &Role) -> Duration {
        role.valid_for.map_or_else(|| self.of_most_roles(), |length| length.min(self.longest))
    }

    /// With a role of which nothing is said.
    pub fn of_most_roles(self) -> Duration {
        self.units.unwrap_or(self.installation).min(self.longest)
    }
}

/// How long the links of some invitations work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkLength {
    /// As whoever invites says.
    Said(Duration),
    Usual(UsualValidity),
}

impl LinkLength {
    pub fn of(self, role: &Role) -> Duration {
        match self {
            Self::Said(length) => length,
            Self::Usual(usual) => usual.of(role),
        }
    }
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

    #[test]
    fn a_role_says_more_than_a_unit_and_a_unit_more_than_the_installation() {
        let (own, unit, all) = (Duration::minutes(10), Duration::days(3), Duration::days(21));
        let roles = crate::domain::preset::DISPATCH.roles_with(|key| crate::domain::id::RoleId::new(key));
        let role = |valid_for| Role { valid_for, ..roles[0].clone() };
        let usual =
            |units, valid_for| UsualValidity { installation: all, units, longest: LONGEST }.of(&role(valid_for));
        assert_eq!(usual(Some(unit), Some(own)), own);
        assert_eq!(usual(Some(unit), None), unit);
        assert_eq!(usual(None, None), all);
    }

    #[test]
    fn the_nearest_unit_counts_and_of_several_the_shortest() {
        let id = |id: &str| crate::domain::id::UnitId::new(id);
        let root = UnitPath::root(&id("root"));
        let north = root.child(&id("north"));
        let (team, south) = (north.child(&id("team")), root.child(&id("south")));
        let said: UnitValidities =
            [(north.clone(), Duration::days(3)), (team.clone(), Duration::hours(8))].into_iter().collect();
        assert_eq!(said.at(&team.child(&id("desk"))), Some(Duration::hours(8)));
        assert_eq!(said.at(&north), Some(Duration::days(3)));
        assert_eq!((said.at(&root), said.at(&south)), (None, None));
        assert_eq!(said.shortest([&north, &team, &south]), Some(Duration::hours(8)));
        assert_eq!(said.shortest([&south]), None);
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

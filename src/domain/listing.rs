//! What every list has: pages and their edges, an order, how many there are, and what stands in a row. What one list is asked for has
//! a file of its own below.

mod address;
mod invitations;
mod users;

pub use address::{escape, query_pairs, query_value};
pub use invitations::{InvitationQuery, OLDER_THAN};
pub use users::{ColumnSearch, UserQuery};

use super::coded::coded;
use super::id::RoleId;
use super::membership::Standing;
use super::policy::Place;
use super::timestamp::Timestamp;
use super::user::Status;
use serde::{Deserialize, Serialize};

/// How many rows a page of a list holds.
pub const PAGE: usize = 50;

/// How many rows a page has, where somebody says so: 1 to 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageSize(usize);

impl PageSize {
    pub const MOST: usize = 200;

    /// `None` when it is nothing, or too many at once.
    pub fn new(rows: usize) -> Option<Self> {
        (1..=Self::MOST).contains(&rows).then_some(Self(rows))
    }

    /// As many as are read at once by whoever goes through a whole list.
    pub fn of_a_walk() -> Self {
        Self(500)
    }

    pub fn rows(self) -> usize {
        self.0
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(PAGE)
    }
}

/// A search never counts further than this; beyond it says "more than 1000".
pub const COUNTED: i64 = 1_000;

/// How many people a list holds, as far as that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Matching {
    Exactly(i64),
    /// Counting all of them would take longer than showing a page.
    MoreThan(i64),
}

impl Matching {
    /// From how many were counted. `is_all` says that there are no others; at least as many match as are shown.
    pub fn of(counted: i64, is_all: bool, shown: usize) -> Self {
        let counted = counted.max(i64::try_from(shown).unwrap_or(i64::MAX));
        if is_all {
            return Self::Exactly(counted);
        }
        let page = i64::try_from(PAGE).unwrap_or(1);
        match counted - 1 {
            few if few < page => Self::MoreThan(few.max(0)),
            // Where the counting was broken off is nothing that anybody has to know.
            many => Self::MoreThan(many - many % page),
        }
    }

    /// How many those and these are together.
    pub fn and(self, others: Self) -> Self {
        let page = i64::try_from(PAGE).unwrap_or(1);
        match (self, others) {
            (Self::Exactly(some), Self::Exactly(more)) => Self::Exactly(some.saturating_add(more)),
            (Self::Exactly(some) | Self::MoreThan(some), Self::Exactly(more) | Self::MoreThan(more)) => {
                match some.saturating_add(more) {
                    few if few < page => Self::MoreThan(few),
                    many => Self::MoreThan(many - many % page),
                }
            }
        }
    }
}

coded! {
    /// By what the users table is sorted.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Sort {
        #[default]
        Name = "name",
        NameDown = "-name",
        /// Newest first.
        Added = "-added",
        AddedUp = "added",
        /// The highest role first, and by name within each.
        Role = "role",
        RoleDown = "-role",
        /// In the order of [`Status::ALL`], and by name within each.
        Status = "status",
        StatusDown = "-status",
        /// By the day on which somebody was last seen, the newest first.
        Seen = "-last_seen",
        SeenUp = "last_seen",
    }
}

/// What a list is sorted by, whichever way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    Name,
    Added,
    Role,
    Status,
    Seen,
}

impl Sort {
    pub fn key(self) -> SortKey {
        match self {
            Self::Name | Self::NameDown => SortKey::Name,
            Self::Added | Self::AddedUp => SortKey::Added,
            Self::Role | Self::RoleDown => SortKey::Role,
            Self::Status | Self::StatusDown => SortKey::Status,
            Self::Seen | Self::SeenUp => SortKey::Seen,
        }
    }

    /// Whether the greatest comes first.
    pub fn is_down(self) -> bool {
        matches!(self, Self::NameDown | Self::Added | Self::RoleDown | Self::StatusDown | Self::Seen)
    }

    /// The same order from its other end.
    pub fn reversed(self) -> Self {
        match self {
            Self::Name => Self::NameDown,
            Self::NameDown => Self::Name,
            Self::Added => Self::AddedUp,
            Self::AddedUp => Self::Added,
            Self::Role => Self::RoleDown,
            Self::RoleDown => Self::Role,
            Self::Status => Self::StatusDown,
            Self::StatusDown => Self::Status,
            Self::Seen => Self::SeenUp,
            Self::SeenUp => Self::Seen,
        }
    }
}

/// Where a page of a keyset list begins. A row's id, so that no personal data stands in an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cursor {
    #[default]
    Start,
    After(String),
    Before(String),
}

impl Cursor {
    /// Reads the two parameters of an address; empty ones mean the start.
    pub fn read(after: &str, before: &str) -> Self {
        match (after.trim(), before.trim()) {
            ("", "") => Self::Start,
            ("", before) => Self::Before(before.into()),
            (after, _) => Self::After(after.into()),
        }
    }

    /// Takes away the one row more than a page that was looked for. What comes back is the row before which there are others, and the
    /// one after which there are.
    pub fn cut<T>(&self, rows: &mut Vec<T>, id: impl Fn(&T) -> &str) -> (Option<String>, Option<String>) {
        let has_more = rows.len() > PAGE;
        let backwards = matches!(self, Self::Before(_));
        if has_more && backwards {
            rows.remove(0);
        }
        rows.truncate(PAGE);
        let has_previous = if backwards { has_more } else { matches!(self, Self::After(_)) };
        let edge = |row: Option<&T>, is_inside: bool| row.filter(|_| is_inside).map(|row| id(row).to_owned());
        (edge(rows.first(), has_previous), edge(rows.last(), backwards || has_more))
    }
}

/// A role that somebody holds, or is offered, at a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRole {
    pub place: Place,
    /// The unit's name.
    pub unit: String,
    pub standing: Standing,
    /// When it was offered.
    pub since: Timestamp,
    /// The unit, or one above it, is archived: nobody is brought back there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_closed: bool,
}

/// How many people there are of a status and a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    pub status: Status,
    pub role: RoleId,
    pub people: i64,
}

impl Count {
    /// How many there are who have not left.
    pub fn people_here(counts: &[Self]) -> i64 {
        counts.iter().filter(|count| count.status != Status::Archived).map(|count| count.people).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cut_at_the_end_from_which_it_was_not_asked_for() {
        let rows = |count: usize| (0..count).map(|at| at.to_string()).collect::<Vec<_>>();
        let cut = |from: Cursor, count| {
            let mut rows = rows(count);
            let edges = from.cut(&mut rows, String::as_str);
            assert!(rows.len() <= PAGE);
            edges
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(cut(Cursor::Start, 0), (None, None));
        assert_eq!(cut(Cursor::Start, PAGE), (None, None));
        assert_eq!(cut(Cursor::Start, PAGE + 1), (None, some("49")));
        assert_eq!(cut(Cursor::After("x".into()), PAGE + 1), (some("0"), some("49")));
        assert_eq!(cut(Cursor::After("x".into()), 2), (some("0"), None));
        assert_eq!(cut(Cursor::Before("x".into()), PAGE + 1), (some("1"), some("50")));
        assert_eq!(cut(Cursor::Before("x".into()), 2), (None, some("1")));
    }

    #[test]
    fn every_order_has_a_word_of_its_own_and_another_end() {
        for sort in Sort::ALL {
            assert_eq!(Sort::from_code(sort.code()), Some(sort));
            let other = sort.reversed();
            assert_eq!((other.reversed(), other.key()), (sort, sort.key()));
            assert_ne!(other.is_down(), sort.is_down(), "{sort:?}");
            assert_eq!(sort.is_down(), sort.code().starts_with('-'), "{sort:?}");
        }
    }

    #[test]
    fn where_the_counting_was_broken_off_a_round_number_is_named() {
        assert_eq!(Matching::of(660, true, 51), Matching::Exactly(660));
        assert_eq!(Matching::of(0, true, 7), Matching::Exactly(7));
        for (counted, more_than) in [(COUNTED + 1, COUNTED), (660, 650), (51, 50), (3, 50), (101, 100), (100, 50)] {
            assert_eq!(Matching::of(counted, false, 51), Matching::MoreThan(more_than), "{counted}");
        }
        assert_eq!(Matching::of(3, false, 0), Matching::MoreThan(2));
        assert_eq!(Matching::Exactly(3).and(Matching::Exactly(4)), Matching::Exactly(7));
        assert_eq!(Matching::MoreThan(1_000).and(Matching::Exactly(4)), Matching::MoreThan(1_000));
        assert_eq!(Matching::MoreThan(100).and(Matching::MoreThan(50)), Matching::MoreThan(150));
        assert_eq!(Matching::Exactly(4).and(Matching::MoreThan(2)), Matching::MoreThan(6));
    }
}

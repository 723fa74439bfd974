//! What lists are asked for, as it stands in a page's address, and the facts that they count and hold.

use super::coded::coded;
use super::facet::InvitationFacet;
use super::id::{RoleId, UnitId};
use super::membership::Standing;
use super::policy::Place;
use super::timestamp::Timestamp;
use super::user::Status;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
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

/// The ages, in days, by which the list of invitations is narrowed.
pub const OLDER_THAN: [i64; 3] = [3, 7, 30];

/// Those whose invitation has not led them in, and who can be written to about it: by a reminder, or by a new link where theirs has
/// ended or never arrived.
const WAITED_FOR: [Status; 3] = [Status::Invited, Status::Expired, Status::Failed];

/// The longest that somebody is asked to have waited, in days.
const MOST_DAYS: i64 = 3_650;

/// What is looked for in one column of the list: everything that stands here must stand there (rule 22).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSearch {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub login: String,
}

impl ColumnSearch {
    /// The names of the columns, as they stand in an address.
    pub const NAMES: [&str; 4] = ["name", "email", "phone", "login"];

    /// What is looked for in each column, in the order of [`Self::NAMES`].
    pub fn texts(&self) -> [&str; 4] {
        [&self.name, &self.email, &self.phone, &self.login].map(|text| text.trim())
    }

    fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let [name, email, phone, login] =
            Self::NAMES.map(|name| get(name).map(|text| text.trim().chars().take(200).collect()).unwrap_or_default());
        Self { name, email, phone, login }
    }

    /// Whether nothing is looked for in any of them.
    pub fn is_empty(&self) -> bool {
        self.texts().iter().all(|text| text.is_empty())
    }
}

/// A number of days, as an address writes it.
fn read_days(text: &str) -> Option<i64> {
    text.trim().parse().ok().filter(|days| (1..=MOST_DAYS).contains(days))
}

/// What the page of invitations was asked for; the address of the page is the one place where it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationQuery {
    /// Only this unit and what is below it; else everything within reach.
    pub unit: Option<UnitId>,
    pub status: Option<Status>,
    /// Only what was made so many days ago or longer.
    pub older: Option<i64>,
    pub from: Cursor,
}

impl InvitationQuery {
    /// The page, without what it is asked for.
    const PATH: &str = "/invitations";

    /// The list of an address; nothing where that is no address of this page.
    pub fn of_address(address: &str) -> Option<Self> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        (path == Self::PATH).then(|| Self::read(|name| query_value(query, name)))
    }

    /// Reads the parameters of an address; what makes no sense is dropped.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| get(name).unwrap_or_default();
        Self {
            unit: UnitId::given(text("unit")),
            status: Status::from_code(&text("status")),
            older: read_days(&text("older")),
            from: Cursor::read(&text("after"), &text("before")),
        }
    }

    /// The same from its beginning.
    #[must_use]
    pub fn from_start(&self) -> Self {
        Self { from: Cursor::Start, ..self.clone() }
    }

    /// The address of the page that shows this.
    pub fn address(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                parts.push(format!("{name}={}", escape(value)));
            }
        };
        add("unit", self.unit.as_ref().map_or("", UnitId::as_str));
        add("status", self.status.map_or("", Status::code));
        add("older", &self.older.map(|days| days.to_string()).unwrap_or_default());
        match &self.from {
            Cursor::Start => {}
            Cursor::After(id) => add("after", id),
            Cursor::Before(id) => add("before", id),
        }
        if parts.is_empty() { Self::PATH.into() } else { format!("{}?{}", Self::PATH, parts.join("&")) }
    }

    /// Of those whom the list shows, the statuses of those who are waited for.
    pub fn waited_for(&self) -> Vec<Status> {
        WAITED_FOR.into_iter().filter(|status| self.status.is_none_or(|asked| asked == *status)).collect()
    }
}

/// What the users page was asked for; the address of the page is the one place where it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserQuery {
    pub search: String,
    #[serde(default)]
    pub columns: ColumnSearch,
    pub status: Option<Status>,
    /// Several states under one word, where no single one is asked for.
    #[serde(default)]
    pub facet: Option<InvitationFacet>,
    pub role: Option<RoleId>,
    /// Only who was added so many days ago or longer; with a status in which an invitation waits.
    pub older: Option<i64>,
    /// Only this unit and what is below it; else everything within reach.
    pub unit: Option<UnitId>,
    pub sort: Sort,
    pub from: Cursor,
    /// No part of a page's address: pages of the app are all of one size.
    #[serde(default)]
    pub size: PageSize,
}

impl UserQuery {
    /// The list of an address; one that says nothing shows everybody.
    pub fn of_address(address: &str) -> Self {
        let (_, query) = address.split_once('?').unwrap_or_default();
        Self::read(|name| query_value(query, name))
    }

    /// Reads the parameters of an address; what makes no sense is dropped.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let full = |name: &str| get(name).filter(|value| !value.trim().is_empty());
        let older = full("older").and_then(|days| read_days(&days));
        let query = Self {
            search: full("q").map(|q| q.chars().take(200).collect()).unwrap_or_default(),
            columns: ColumnSearch::read(full),
            status: None,
            facet: None,
            older,
            role: full("role").map(RoleId::new),
            unit: full("unit").map(UnitId::new),
            sort: full("sort").and_then(|code| Sort::from_code(&code)).unwrap_or_default(),
            from: Cursor::read(&full("after").unwrap_or_default(), &full("before").unwrap_or_default()),
            size: PageSize::default(),
        };
        let code = full("status").unwrap_or_default();
        match InvitationFacet::from_code(&code) {
            Some(facet) => query.with_facet(facet),
            None => query.with_status(Status::from_code(&code)),
        }
    }

    /// The same of this status, from its beginning or wherever it began.
    pub fn with_status(self, status: Option<Status>) -> Self {
        let older = self.older.filter(|_| status.is_some_and(Self::has_age));
        Self { status, facet: None, older, ..self }
    }

    /// The same of everybody whose invitation stands so.
    pub fn with_facet(self, facet: InvitationFacet) -> Self {
        Self { facet: Some(facet), ..self.with_status(None) }
    }

    /// How an address writes which states are asked for; nothing for all of them.
    pub fn status_code(&self) -> &'static str {
        match (self.status, self.facet) {
            (Some(status), _) => status.code(),
            (None, Some(facet)) => facet.code(),
            (None, None) => "",
        }
    }

    /// Whether the list shows those of a state. Who has left stands in no list but that of those who left (rule 1).
    pub fn takes(&self, status: Status) -> bool {
        match (self.status, self.facet) {
            (Some(asked), _) => asked == status,
            (None, Some(facet)) => facet.statuses().contains(&status),
            (None, None) => status != Status::Archived,
        }
    }

    /// Whether somebody of this status is asked how long they have waited.
    pub fn has_age(status: Status) -> bool {
        status.is_pending() || status == Status::Expired
    }

    /// The address of the users page that shows this.
    pub fn address(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                parts.push(format!("{name}={}", escape(value)));
            }
        };
        add("unit", self.unit.as_ref().map_or("", UnitId::as_str));
        add("q", &self.search);
        for (name, text) in ColumnSearch::NAMES.into_iter().zip(self.columns.texts()) {
            add(name, text);
        }
        add("status", self.status_code());
        add("older", &self.older.map(|days| days.to_string()).unwrap_or_default());
        add("role", self.role.as_ref().map_or("", RoleId::as_str));
        add("sort", if self.sort == Sort::default() { "" } else { self.sort.code() });
        match &self.from {
            Cursor::Start => {}
            Cursor::After(id) => add("after", id),
            Cursor::Before(id) => add("before", id),
        }
        if parts.is_empty() { "/users".into() } else { format!("/users?{}", parts.join("&")) }
    }

    /// The same list from its beginning.
    pub fn from_start(&self) -> Self {
        Self { from: Cursor::Start, ..self.clone() }
    }

    /// Whether anything narrows the list.
    pub fn narrows(&self) -> bool {
        !self.search.trim().is_empty()
            || !self.columns.is_empty()
            || self.status.is_some()
            || self.facet.is_some()
            || self.role.is_some()
            || self.older.is_some()
    }
}

/// What stands in an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Percent-encodes what has a meaning in an address.
pub fn escape(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The names and values of a query, each decoded exactly once; the one reader of every query.
pub fn query_pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// The first value of this name in a query.
pub fn query_value(query: &str, name: &str) -> Option<String> {
    query_pairs(query).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_of_invitations_is_asked_for_stands_in_its_address() {
        for address in [
            "/invitations",
            "/invitations?status=error",
            "/invitations?unit=u&after=0190-x",
            "/invitations?status=invited&older=7&before=a%20b",
        ] {
            assert_eq!(InvitationQuery::of_address(address).map(|query| query.address()).as_deref(), Some(address));
        }
        for address in ["/users?status=error", "/invitations/x", "https://x.example/invitations", ""] {
            assert_eq!(InvitationQuery::of_address(address), None, "{address}");
        }
        let odd = InvitationQuery::of_address("/invitations?status=nobody&older=-3").map(|query| query.address());
        assert_eq!(odd.as_deref(), Some("/invitations"));
    }

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
    fn a_query_survives_its_own_address() {
        let query = UserQuery {
            search: "Петров & co_-.".into(),
            columns: ColumnSearch { email: "@acme.by".into(), phone: "+375 29".into(), ..ColumnSearch::default() },
            status: Some(Status::Failed),
            facet: None,
            role: Some(RoleId::new("r-1")),
            older: Some(7),
            unit: Some(UnitId::new("u-1")),
            sort: Sort::Added,
            from: Cursor::After("u/1".into()),
            size: PageSize::default(),
        };
        let address = query.address();
        let pairs = query_pairs(address.split_once('?').map_or("", |(_, query)| query));
        let read = UserQuery::read(|name| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()));
        assert_eq!(read, query);
        assert_eq!(UserQuery::default().address(), "/users");
        for facet in InvitationFacet::ALL {
            let query = UserQuery::default().with_facet(facet);
            let read = UserQuery::read(|name| (name == "status").then(|| query.status_code().to_string()));
            assert_eq!((read, query.narrows()), (query.clone(), true));
            assert_eq!(query.with_status(None), UserQuery::default());
        }
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
    fn a_query_is_decoded_exactly_once_l_05() {
        let pairs = query_pairs("?q=%2525&&plus=a+b%2Bc&bare&half=%4&cyrillic=%D0%9C%d0%b8&=x&q=two");
        let expected = [
            ("q", "%25"),
            ("plus", "a b+c"),
            ("bare", ""),
            ("half", "%4"),
            ("cyrillic", "Ми"),
            ("", "x"),
            ("q", "two"),
        ];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_string(), value.to_string())));
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

    proptest::proptest! {
        #[test]
        fn whatever_is_escaped_is_read_as_it_was(text in ".{0,40}") {
            let pairs = query_pairs(&format!("a={}", escape(&text)));
            proptest::prop_assert_eq!(pairs, [("a".to_string(), text)]);
        }
    }

    #[test]
    fn what_makes_no_sense_in_an_address_is_dropped() {
        let read = UserQuery::read(|name| (name != "after" && name != "before").then(|| "nonsense".into()));
        assert_eq!((read.status, read.sort, read.older), (None, Sort::Name, None));
        let asked = |status: &'static str, days: &'static str| {
            UserQuery::read(|name| {
                [("status", status), ("older", days)].into_iter().find(|(key, _)| *key == name).map(|(_, it)| it.into())
            })
        };
        for (status, days, older) in [
            ("invited", "7", Some(7)),
            ("expired", " 30 ", Some(30)),
            ("invited", "0", None),
            ("invited", "-1", None),
            ("invited", "99999999999999999999", None),
            ("invited", "x", None),
            ("active", "7", None),
            ("", "7", None),
        ] {
            assert_eq!(asked(status, days).older, older, "{status} {days}");
        }
        assert_eq!(asked("invited", "7").with_status(Some(Status::Active)).older, None);
        assert_eq!(asked("invited", "7").with_status(Some(Status::Failed)).older, Some(7));
    }
}

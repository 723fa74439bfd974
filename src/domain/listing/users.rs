//! What the users page is asked for: words, columns, a state, a role, a unit, an age, an order.

use super::address::{WrittenQuery, days_text, query_value, read_days};
use super::{Cursor, PageSize, Sort};
use crate::domain::facet::InvitationFacet;
use crate::domain::id::{RoleId, UnitId};
use crate::domain::user::Status;
use serde::{Deserialize, Serialize};

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
        let mut query = WrittenQuery::default();
        query.add("unit", self.unit.as_ref().map_or("", UnitId::as_str));
        query.add("q", &self.search);
        for (name, text) in ColumnSearch::NAMES.into_iter().zip(self.columns.texts()) {
            query.add(name, text);
        }
        query.add("status", self.status_code());
        query.add("older", &days_text(self.older));
        query.add("role", self.role.as_ref().map_or("", RoleId::as_str));
        query.add("sort", if self.sort == Sort::default() { "" } else { self.sort.code() });
        query.add_cursor(&self.from);
        query.at("/users")
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

#[cfg(test)]
mod tests {
    use super::*;

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
        let pairs = super::super::address::query_pairs(address.split_once('?').map_or("", |(_, query)| query));
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

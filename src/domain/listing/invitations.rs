//! What the page of invitations is asked for.

use super::Cursor;
use super::address::{WrittenQuery, days_text, query_value, read_days};
use crate::domain::id::UnitId;
use crate::domain::user::Status;
use serde::{Deserialize, Serialize};

/// The ages, in days, by which the list of invitations is narrowed.
pub const OLDER_THAN: [i64; 3] = [3, 7, 30];

/// Those whose invitation has not led them in, and who can be written to about it: by a reminder, or by a new link where theirs has
/// ended or never arrived.
const WAITED_FOR: [Status; 3] = [Status::Invited, Status::Expired, Status::Failed];

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
        let mut query = WrittenQuery::default();
        query.add("unit", self.unit.as_ref().map_or("", UnitId::as_str));
        query.add("status", self.status.map_or("", Status::code));
        query.add("older", &days_text(self.older));
        query.add_cursor(&self.from);
        query.at(Self::PATH)
    }

    /// Of those whom the list shows, the statuses of those who are waited for.
    pub fn waited_for(&self) -> Vec<Status> {
        WAITED_FOR.into_iter().filter(|status| self.status.is_none_or(|asked| asked == *status)).collect()
    }
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
}

//! Lists of people that somebody has given a name, to come back to them, alone or with everybody else.

use super::error::Invalid;
use super::id::ViewId;
use super::listing::UserQuery;
use super::text::one_line;
use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const NAME_LIMIT: usize = 40;

/// How many of one person are kept, and how many shared ones everybody is offered.
pub const MOST_VIEWS: usize = 20;
pub const MOST_SHARED: usize = 20;

/// A list with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub id: ViewId,
    pub name: String,
    /// The address of the list.
    pub address: String,
    pub is_shared: bool,
    /// Whoever looks has saved it.
    pub is_own: bool,
}

/// A name as it was typed.
///
/// # Errors
/// `ViewName` for none, and for one that is too long.
pub fn read_name(typed: &str) -> Result<String, Invalid> {
    let name = one_line(typed);
    let is_fine = (1..=NAME_LIMIT).contains(&name.chars().count());
    Some(name).filter(|_| is_fine).ok_or(Invalid::ViewName)
}

/// The address of a list from its beginning, whatever stands in it that means nothing.
pub fn read_address(list: &str) -> String {
    UserQuery::of_address(list).from_start().address()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_a_list_and_of_nothing_else() {
        assert_eq!(read_address("/users?status=invited&after=u-1&x=y"), "/users?status=invited");
        for other in ["https://evil.example/?q=a", "//evil.example?q=a", "/settings?q=a", "javascript:x?q=a"] {
            assert_eq!(read_address(other), "/users?q=a", "{other}");
        }
        assert_eq!(read_address(""), "/users");
    }

    #[test]
    fn a_name_is_one_line_of_some_letters() {
        assert_eq!(read_name("  Spring \n term "), Ok("Spring term".into()));
        assert_eq!(read_name(" "), Err(Invalid::ViewName));
        assert_eq!(read_name(&"x".repeat(NAME_LIMIT + 1)), Err(Invalid::ViewName));
    }
}

//! What a request asks for, in its query: every parameter is known, stands once and can be read, or the answer names it.

use super::problem::Problem;
use crate::domain::id::{RoleId, UnitId};
use crate::domain::listing::{Cursor, PageSize, Sort, UserQuery, query_pairs};
use crate::domain::user::Status;
use crate::server::secrets::Key;

/// What the list of people may be asked for; the document describes the same.
pub const OF_USERS: [&str; 6] = ["q", "status", "role", "unit", "cursor", "limit"];

/// The longest text that is searched for, in characters.
const LONGEST_SEARCH: usize = 200;

/// Reads the query of the list of people. In the order in which they were added, a walk through all pages meets everybody
/// once, whoever comes meanwhile.
pub fn read(query: Option<&str>, key: &Key) -> Result<UserQuery, Problem> {
    let mut wanted = UserQuery { sort: Sort::AddedUp, ..UserQuery::default() };
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in query_pairs(query.unwrap_or_default()) {
        if !OF_USERS.contains(&name.as_str()) {
            return Err(Problem::parameter(&name, "There is no such parameter."));
        }
        if seen.contains(&name) {
            return Err(Problem::parameter(&name, "It may stand once."));
        }
        let value_of = value.trim();
        if !value_of.is_empty() {
            take(&mut wanted, &name, value_of, key).map_err(|why| Problem::parameter(&name, &why))?;
        }
        seen.push(name);
    }
    Ok(wanted)
}

fn take(wanted: &mut UserQuery, name: &str, value: &str, key: &Key) -> Result<(), String> {
    match name {
        "q" if value.chars().count() > LONGEST_SEARCH => return Err(format!("At most {LONGEST_SEARCH} characters.")),
        "q" => wanted.search = value.into(),
        "status" => {
            let known = || Status::ALL.map(Status::code).join(", ");
            wanted.status = Some(Status::from_code(value).ok_or_else(|| format!("It is one of {}.", known()))?);
        }
        "role" => wanted.role = Some(RoleId::new(value)),
        "unit" => wanted.unit = Some(UnitId::new(value)),
        "limit" => {
            let size = value.parse().ok().and_then(PageSize::new);
            wanted.size = size.ok_or_else(|| format!("It is a number from 1 to {}.", PageSize::MOST))?;
        }
        _ => {
            let end = key.read_cursor(value).ok_or("It is the `next` of another page, unchanged.")?;
            wanted.from = Cursor::After(end.to_string());
        }
    }
    Ok(())
}

/// Reads the query of what has no parameters.
pub fn none(query: Option<&str>) -> Result<(), Problem> {
    match query_pairs(query.unwrap_or_default()).first() {
        Some((name, _)) => Err(Problem::parameter(name, "There is no such parameter.")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::UserId;

    fn refused(query: &str) -> Option<String> {
        read(Some(query), &Key::from_bytes([7; 32])).err().and_then(|problem| problem.named().map(String::from))
    }

    #[test]
    fn what_is_asked_for_is_read_whole_or_named() {
        let key = Key::from_bytes([7; 32]);
        let (id, other) = (UserId::new("0195"), Key::from_bytes([8; 32]));
        let query = format!("q=Ann+a&status=error&role=r&unit=u&limit=200&cursor={}", key.cursor(&id));
        let read = read(Some(&query), &key).expect("a query");
        let expected = UserQuery {
            search: "Ann a".into(),
            status: Some(Status::Failed),
            role: Some(RoleId::new("r")),
            unit: Some(UnitId::new("u")),
            sort: Sort::AddedUp,
            older: None,
            facet: None,
            columns: Default::default(),
            from: Cursor::After("0195".into()),
            size: PageSize::new(200).expect("a size"),
        };
        assert_eq!(read, expected);
        for (query, name) in [
            ("sort=name", "sort"),
            ("access_token=x", "access_token"),
            ("Q=x", "Q"),
            ("=x", ""),
            ("limit=0", "limit"),
            ("limit=201", "limit"),
            ("limit=-1", "limit"),
            ("limit=1e2", "limit"),
            ("limit=5&limit=5", "limit"),
            ("q=a&q=", "q"),
            ("status=Active", "status"),
            ("status=failed", "status"),
            ("cursor=0195", "cursor"),
            ("cursor=MDE5NQ", "cursor"),
            (&format!("cursor={}", other.cursor(&id)), "cursor"),
            (&format!("cursor={}A", key.cursor(&id)), "cursor"),
            (&format!("q={}", "x".repeat(201)), "q"),
        ] {
            assert_eq!(refused(query).as_deref(), Some(name), "{query}");
        }
        for fine in ["", "&", "q=&status=&limit=", "q=%25_\\'"] {
            assert_eq!(refused(fine), None, "{fine}");
        }
    }
}

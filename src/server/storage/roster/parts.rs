//! A list sorted by role or by status: part after part, each one role or one status in the order of names, so that every part is
//! read by the index by which it is filtered, and a page costs the same wherever it begins.

use super::page::{ListRequest, Reading};
use super::{List, RosterRow};
use crate::domain::id::RoleId;
use crate::domain::listing::{Count, Cursor, Matching, PageSize, Sort, SortKey, UserQuery};
use crate::domain::user::Status;
use crate::server::storage::{Result, Tx, roles};
use crate::values;

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ListPart {
    Role(RoleId),
    Status(Status),
}

impl ListPart {
    /// What is asked for, of this part only.
    fn of(&self, query: &UserQuery) -> UserQuery {
        match self {
            Self::Role(role) => UserQuery { role: Some(role.clone()), ..query.clone() },
            Self::Status(status) => UserQuery { status: Some(*status), facet: None, ..query.clone() },
        }
    }

    /// The parts of which a list consists, the first one first. Nobody stands in the others.
    async fn all(tx: &mut Tx, asked: &ListRequest<'_>, query: &UserQuery) -> Result<Vec<Self>> {
        let by_role = query.sort.key() == SortKey::Role;
        let all: Vec<Self> = match by_role {
            true => roles::known(tx).await?.into_iter().map(|role| Self::Role(role.id)).collect(),
            false => Status::ALL.into_iter().map(Self::Status).collect(),
        };
        let is_asked = |part: &Self| match part {
            Self::Role(role) => query.role.as_ref().is_none_or(|asked| asked == role),
            Self::Status(status) => query.takes(*status),
        };
        let is_of = |part: &Self, count: &Count| match part {
            Self::Role(role) => role == &count.role,
            Self::Status(status) => *status == count.status,
        };
        // While lines are still to be written anew, the counts are, too.
        let has_any = |part: &Self| asked.asks_the_facts || asked.counts.iter().any(|count| is_of(part, count));
        Ok(all.into_iter().filter(is_asked).filter(has_any).collect())
    }

    /// The one in which somebody stands; `None` where they stand in no part.
    async fn with(tx: &mut Tx, asked: &ListRequest<'_>, key: SortKey, person: &str) -> Result<Option<Self>> {
        let sql = "select o.id as role, r.person, r.status from users u join roster r on r.person = u.number \
                   join roles o on o.number = r.role \
                   where u.id = $1 and r.unit = (select number from units where id = $2)";
        let Some(row) = tx.maybe_row(sql, &values![person, asked.unit]).await? else { return Ok(None) };
        Ok(Some(match key {
            SortKey::Role => Self::Role(RoleId::new(row.text("role")?)),
            _ => Self::Status(row.of("roster", "person", |row| row.code("status", Status::from_code))?),
        }))
    }
}

/// A page of such a list.
pub(super) async fn read(tx: &mut Tx, asked: &ListRequest<'_>, query: &UserQuery) -> Result<Reading> {
    // Going back is going forth in the other order; whoever asked turns the page round.
    let (sort, mut from) = match &query.from {
        Cursor::Before(id) => (query.sort.reversed(), Cursor::After(id.clone())),
        from => (query.sort, from.clone()),
    };
    let mut parts = ListPart::all(tx, asked, query).await?;
    if sort.is_down() {
        parts.reverse();
    }
    if let Cursor::After(id) = &from {
        let first = ListPart::with(tx, asked, sort.key(), id).await?;
        let at = parts.iter().position(|part| Some(part) == first.as_ref()).unwrap_or(parts.len());
        parts.drain(..at);
    }
    let by_name = if sort.is_down() { Sort::NameDown } else { Sort::Name };
    let wanted = query.size.rows() + 1;
    let mut lines: Vec<RosterRow> = Vec::new();
    for part in parts {
        let missing = wanted - lines.len();
        // A list reads one row more than a page has.
        let size = PageSize::new(missing.saturating_sub(1).max(1)).unwrap_or(query.size);
        let of_part = UserQuery { sort: by_name, from: std::mem::take(&mut from), size, ..part.of(query) };
        lines.extend(asked.read(tx, &of_part).await?.lines);
        if lines.len() >= wanted {
            break;
        }
    }
    lines.truncate(wanted);
    Ok(Reading { matching: matching(tx, asked, query, lines.len()).await?, lines })
}

/// How many there are in all parts together: the same as in any other order.
async fn matching(tx: &mut Tx, asked: &ListRequest<'_>, query: &UserQuery, shown: usize) -> Result<Matching> {
    let whole = UserQuery { sort: Sort::Name, from: Cursor::Start, ..query.clone() };
    let list = List::new(tx.kind(), asked.unit, &whole, asked.counts);
    if list.needle.words.is_empty() && !asked.asks_the_facts && asked.up_to.is_none() {
        return Ok(Matching::Exactly(list.people));
    }
    Ok(match asked.read(tx, &whole).await?.matching {
        Matching::MoreThan(few) if i64::try_from(shown).is_ok_and(|shown| shown > few) => Matching::of(0, false, shown),
        matching => matching,
    })
}

//! A list of several states under one word: each state is read by the index by which it is filtered, a page's worth of it, and what
//! came is laid together in the order of the list. So a page costs what one of each state costs, however many people stand there.

use super::RosterRow;
use super::page::{ListRequest, Reading};
use crate::domain::facet::InvitationFacet;
use crate::domain::listing::{Cursor, Matching, SortKey, UserQuery};
use crate::server::storage::{Result, Tx};

/// A page of such a list.
pub(super) async fn read(
    tx: &mut Tx,
    asked: &ListRequest<'_>,
    query: &UserQuery,
    facet: InvitationFacet,
) -> Result<Reading> {
    let (mut lines, mut matching): (Vec<RosterRow>, _) = (Vec::new(), Matching::Exactly(0));
    for status in facet.statuses() {
        // While lines are still to be written anew, the counts are, too.
        let has_any = asked.asks_the_facts || asked.counts.iter().any(|count| count.status == *status);
        if has_any {
            let of_status = UserQuery { status: Some(*status), facet: None, ..query.clone() };
            let found = asked.read_one(tx, &of_status).await?;
            lines.extend(found.lines);
            matching = matching.and(found.matching);
        }
    }
    // Going back is going forth in the other order; whoever asked turns the page round.
    let is_down = query.sort.is_down() != matches!(query.from, Cursor::Before(_));
    lines.sort_by(|one, other| {
        let order = match query.sort.key() {
            SortKey::Name | SortKey::Role | SortKey::Status => one.name_key.cmp(&other.name_key),
            SortKey::Seen => one.seen_day.cmp(&other.seen_day),
            SortKey::Added => std::cmp::Ordering::Equal,
        };
        let order = order.then(one.number.cmp(&other.number));
        if is_down { order.reverse() } else { order }
    });
    lines.truncate(query.size.rows() + 1);
    Ok(Reading { lines, matching })
}

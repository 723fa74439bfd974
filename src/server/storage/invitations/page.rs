//! The list of invitations, a page at a time.

use super::super::clauses::awaits_approval;
use super::super::tx::DatabaseKind;
use super::super::{MOST_IN_A_LIST, Result, Statement, Tx};
use super::{Invitation, SELECT, read};
use crate::domain::id::UserId;
use crate::domain::listing::{Cursor, PAGE};
use crate::domain::unit::UnitPath;
use crate::domain::user::Status;
use std::collections::BTreeSet;

/// How many people the roster is asked for before it is quicker to walk the invitations and look who is among them.
const fn few(kind: DatabaseKind) -> i64 {
    match kind {
        DatabaseKind::Sqlite => 2_500,
        DatabaseKind::Postgres => 1_500,
    }
}

/// Narrows a statement about `i` to what waits for a second administrator in a unit and below. That is a state of the invitation,
/// not of the person: whoever has come in elsewhere may be offered something that waits.
fn to_approve(statement: &mut Statement, unit: &UnitPath) {
    let (path, end) = (statement.bind(unit.as_str()), statement.bind(unit.end()));
    statement.and(awaits_approval!());
    statement.and("i.accepted_at is null and i.withdrawn_at is null");
    statement.and(&format!(
        "exists (select 1 from memberships o join units n on n.id = o.unit_id where o.invitation_id = i.id \
         and n.path >= {path} and n.path < {end} and o.active_at is null and o.blocked_at is null \
         and o.archived_at is null and not n.is_closed)"
    ));
}

/// How many invitations wait for a second administrator in a unit and below.
pub async fn count_to_approve(tx: &mut Tx, unit: &UnitPath) -> Result<i64> {
    let mut count = Statement::new("select count(*) as n from invitations i where 1 = 1");
    to_approve(&mut count, unit);
    match count.rows(tx).await?.first() {
        Some(row) => row.number("n"),
        None => Ok(0),
    }
}

/// Narrows a statement about `i` to what was made before a moment: ids are sorted by it.
fn narrow(statement: &mut Statement, made_before: Option<&str>) {
    if let Some(first) = made_before {
        let first = statement.bind(first);
        statement.and(&format!("i.id < {first}"));
    }
}

/// Narrows a statement about `i` to the rows that border on one, in their order, one more than a page.
fn turn(page: &mut Statement, from: &Cursor) {
    let order = match from {
        Cursor::Start => "desc",
        Cursor::After(row) => {
            let at = page.bind(row);
            page.and(&format!("i.id < {at}"));
            "desc"
        }
        Cursor::Before(row) => {
            let at = page.bind(row);
            page.and(&format!("i.id > {at}"));
            "asc"
        }
    };
    let limit = page.bind(PAGE + 1);
    page.push(&format!(" order by i.id {order} limit {limit})"));
}

/// The statement of a page of those whose invitation stands in this status, in a unit and below, the newest ones, or those
/// that border on one; in no order, and one more than a page when there is another. `people` says how many there are of
/// whom one is asked: of the unit, in the status.
/// Where `made_before` is the first id of a moment, only what was made before it.
pub fn page_of(
    kind: DatabaseKind,
    unit: &UnitPath,
    status: Option<Status>,
    people: i64,
    made_before: Option<&str>,
    from: &Cursor,
) -> Statement {
    // Somebody may have several, each for units of its own. Those of few people are all found and sorted; with many, the
    // invitations are walked until the page is full.
    let list = "(select number from units where id = $1)";
    let mut page = Statement::new(format!("{SELECT} where i.id in (select i.id from "));
    if status == Some(Status::AwaitingApproval) {
        page.push("invitations i where 1 = 1");
        to_approve(&mut page, unit);
        narrow(&mut page, made_before);
        turn(&mut page, from);
        return page;
    }
    page.bind(&unit.id());
    if people > few(kind) {
        page.push("invitations i");
        page.look_up(kind, "users u", "u.id = i.user_id");
        page.look_up(kind, "roster r", &format!("r.unit = {list} and r.person = u.number"));
    } else {
        page.push("roster r");
        page.look_up(kind, "users u", "u.number = r.person");
        page.look_up(kind, "invitations i", "i.user_id = u.id");
    }
    page.push(&format!(" where r.unit = {list}"));
    if let Some(status) = status {
        let at = page.bind(status.code());
        page.and(&format!("r.status = {at}"));
    }
    narrow(&mut page, made_before);
    let is_offered = is_offered_in(&mut page, unit);
    page.and(&is_offered);
    turn(&mut page, from);
    page
}

/// The page that such a statement gives, newest first.
pub async fn page(
    tx: &mut Tx,
    unit: &UnitPath,
    status: Option<Status>,
    people: i64,
    made_before: Option<&str>,
    from: &Cursor,
) -> Result<Vec<Invitation>> {
    let rows = page_of(tx.kind(), unit, status, people, made_before, from).rows(tx).await?;
    let mut found: Vec<Invitation> = rows.iter().map(read).collect::<Result<_>>()?;
    found.sort_by(|one, other| other.id.cmp(&one.id));
    Ok(found)
}

/// The condition that an invitation `i` was sent, since whoever was only added has none to look at, and offers something in a unit and
/// below. That is counted, not asked for: Postgres would begin with the units instead.
fn is_offered_in(statement: &mut Statement, unit: &UnitPath) -> String {
    let (path, end) = (statement.bind(unit.as_str()), statement.bind(unit.end()));
    format!(
        "not i.is_unsent and (select count(*) from memberships o join units n on n.id = o.unit_id \
         where o.invitation_id = i.id and n.path >= {path} and n.path < {end}) > 0"
    )
}

/// Those of these people of whom the list of a unit shows an invitation that was made before a moment.
pub async fn invited_before(
    tx: &mut Tx,
    unit: &UnitPath,
    people: &[UserId],
    made_before: &str,
) -> Result<BTreeSet<UserId>> {
    let mut found = BTreeSet::new();
    for some in people.chunks(MOST_IN_A_LIST) {
        let mut these = Statement::new("select distinct i.user_id from invitations i where i.user_id in (");
        let ids = these.bind_all(some);
        these.push(&format!("{ids})"));
        let is_offered = is_offered_in(&mut these, unit);
        these.and(&is_offered);
        narrow(&mut these, Some(made_before));
        for row in these.rows(tx).await? {
            found.insert(UserId::new(row.text("user_id")?));
        }
    }
    Ok(found)
}

/// How many people of these statuses have such an invitation in a unit and below; no further than `most`.
pub async fn count_invited_before(
    tx: &mut Tx,
    unit: &UnitPath,
    statuses: &[Status],
    made_before: &str,
    most: i64,
) -> Result<i64> {
    let kind = tx.kind();
    let mut count = Statement::new("select count(*) as n from (select r.person from roster r");
    count.look_up(kind, "users u", "u.number = r.person");
    let (unit_id, codes) = (count.bind(&unit.id()), count.bind_all(statuses.iter().map(|status| status.code())));
    count.push(&format!(
        " where r.unit = (select number from units where id = {unit_id}) and r.status in ({codes}) \
         and exists (select 1 from invitations i where i.user_id = u.id"
    ));
    let is_offered = is_offered_in(&mut count, unit);
    count.and(&is_offered);
    narrow(&mut count, Some(made_before));
    let most = count.bind(most);
    count.push(&format!(") limit {most}) counted"));
    count.number(tx).await
}

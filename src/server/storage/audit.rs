//! The history: lines are added, never changed; a deletion erases the personal words in them and nothing else.

use super::{Look, Result, Row, Rows, Statement, Tx};
use crate::domain::audit::AuditAction;
use crate::domain::id::{EventId, UnitId, UserId};
use crate::domain::listing::{Cursor, PAGE};
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::UnitPath;
use crate::values;

/// One line to write.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    /// `None` is the system, or somebody who is not signed in.
    pub actor: Option<&'a UserId>,
    pub action: AuditAction,
    pub subject: Option<&'a UserId>,
    /// The unit whose administrators see the line; `None` is the installation's own.
    pub unit: Option<&'a UnitId>,
    pub before: &'a str,
    pub after: &'a str,
}

/// One line as it was written, with the names of those in it.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    pub id: EventId,
    pub at: Timestamp,
    pub action: AuditAction,
    pub actor: Option<Named>,
    pub subject: Option<Named>,
    /// Where, if it happened at a unit.
    pub unit: Option<String>,
    pub before: String,
    pub after: String,
}

/// A person in a line.
#[derive(Clone, Debug)]
pub struct Named {
    pub id: UserId,
    pub number: i64,
    pub title: String,
    pub is_deleted: bool,
}

/// Writes some lines, each under its id.
pub async fn write(tx: &mut Tx, lines: &[(EventId, NewEvent<'_>)], now: Timestamp) -> Result<()> {
    let mut rows = Rows::new("insert into audit_events (id, at, actor_id, action, subject_id, unit_id, before, after)");
    for (id, event) in lines {
        rows.add(values![
            id,
            now,
            event.actor,
            event.action.code(),
            event.subject,
            event.unit,
            event.before,
            event.after
        ]);
        tx.has_line();
    }
    rows.write(tx).await
}

/// The line that was written last, and when.
pub async fn newest_line(tx: &mut Tx) -> Result<Option<(String, Timestamp)>> {
    let row = tx.maybe_row("select id, at from audit_events order by id desc limit 1", &[]).await?;
    row.map(|row| Ok((row.text("id")?, Timestamp(row.number("at")?)))).transpose()
}

const SELECT: &str = "select e.id, e.at, e.action, e.before, e.after, \
    a.id as actor_id, a.number as actor_number, a.name as actor_name, a.email as actor_email, \
    a.deleted_at as actor_deleted_at, \
    s.id as subject_id, s.number as subject_number, s.name as subject_name, s.email as subject_email, \
    s.deleted_at as subject_deleted_at, n.name as unit_name \
    from audit_events e left join units n on n.id = e.unit_id left join users a on a.id = e.actor_id \
    left join users w on w.id = e.subject_id left join users s on s.id = coalesce(w.became, w.id)";

fn named(row: &Row, who: &str) -> Result<Option<Named>> {
    let id_of = format!("{who}_id");
    let Some(id) = row.maybe_text(&id_of)? else { return Ok(None) };
    row.of("users", &id_of, |row| {
        let name = row.text(&format!("{who}_name"))?;
        let email = row.maybe_text(&format!("{who}_email"))?.unwrap_or_default();
        Ok(Some(Named {
            id: UserId::new(id),
            number: row.number(&format!("{who}_number"))?,
            title: if name.is_empty() { email } else { name },
            is_deleted: row.maybe_number(&format!("{who}_deleted_at"))?.is_some(),
        }))
    })
}

fn read(row: &Row) -> Result<AuditEvent> {
    row.of("audit_events", "id", |row| {
        Ok(AuditEvent {
            id: EventId::new(row.text("id")?),
            at: Timestamp(row.number("at")?),
            action: row.code("action", AuditAction::from_code)?,
            actor: named(row, "actor")?,
            subject: named(row, "subject")?,
            unit: row.maybe_text("unit_name")?,
            before: row.text("before")?,
            after: row.text("after")?,
        })
    })
}

pub(super) fn look() -> Look {
    let sql = format!("{SELECT} where e.id > $1 order by e.id limit $2");
    Look { sql, ..Look::at_table("audit_events", "id", |row| read(row).map(drop)) }
}

async fn select(tx: &mut Tx, rest: &str, values: &[super::tx::Value]) -> Result<Vec<AuditEvent>> {
    // Both parts are texts of this file.
    let rows = tx.rows(sqlx::AssertSqlSafe(format!("{SELECT} {rest}")), values).await?;
    rows.iter().map(read).collect()
}

/// Those who became one of these people: lines about them are lines about these.
async fn earlier(tx: &mut Tx, people: &[UserId]) -> Result<Vec<UserId>> {
    let mut found = Vec::new();
    for some in people.chunks(super::MOST_IN_A_LIST) {
        let mut earlier = Statement::new("select id from users where became in (");
        let people = earlier.bind_all(some);
        earlier.push(&format!("{people})"));
        for row in earlier.rows(tx).await? {
            found.push(UserId::new(row.text("id")?));
        }
    }
    Ok(found)
}

/// What happened to some people, newest first, as far as somebody may see it who reaches these units: their lines, and those
/// that belong to no unit. `actions` narrows it to some; none of them means all.
pub async fn of_people_within(
    tx: &mut Tx,
    subjects: &[UserId],
    reach: &[&UnitPath],
    actions: &[AuditAction],
    most: usize,
) -> Result<Vec<AuditEvent>> {
    // A list of nobody is no list to Postgres.
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let earlier = earlier(tx, subjects).await?;
    let mut lines = Statement::new(SELECT);
    let who = lines.bind_all(subjects.iter().chain(&earlier));
    lines.push(&format!(" where e.subject_id in ({who}) and (e.unit_id is null"));
    for path in reach {
        let (begin, end) = (lines.bind(path.as_str()), lines.bind(path.end()));
        lines.push(&format!(" or (n.path >= {begin} and n.path < {end})"));
    }
    lines.push(")");
    if !actions.is_empty() {
        let codes = lines.bind_all(actions.iter().map(|action| action.code()));
        lines.and(&format!("e.action in ({codes})"));
    }
    let limit = lines.bind(most);
    lines.push(&format!(" order by e.id desc limit {limit}"));
    lines.rows(tx).await?.iter().map(read).collect()
}

/// A page of everything within a unit's reach, newest first; one line more than a page when there is another page.
pub async fn page(tx: &mut Tx, unit: &UnitPath, from: &Cursor) -> Result<Vec<AuditEvent>> {
    // The root sees all, the lines of no unit too; others see what carries their unit or one below.
    let all = unit.is_root();
    let end = unit.end();
    let scope = "($1 or e.unit_id in (select id from units where path >= $2 and path < $3))";
    let limit = PAGE + 1;
    match from {
        Cursor::Start => {
            let rest = format!("where {scope} order by e.id desc limit $4");
            select(tx, &rest, &values![all, unit.as_str(), end, limit]).await
        }
        Cursor::After(id) => {
            let rest = format!("where {scope} and e.id < $5 order by e.id desc limit $4");
            select(tx, &rest, &values![all, unit.as_str(), end, limit, id]).await
        }
        Cursor::Before(id) => {
            let rest = format!("where {scope} and e.id > $5 order by e.id limit $4");
            let mut events = select(tx, &rest, &values![all, unit.as_str(), end, limit, id]).await?;
            events.reverse();
            Ok(events)
        }
    }
}

/// The newest line of an action, whoever did it.
pub async fn newest(tx: &mut Tx, action: AuditAction) -> Result<Option<AuditEvent>> {
    let events = select(tx, "where e.action = $1 order by e.id desc limit 1", &values![action.code()]).await?;
    Ok(events.into_iter().next())
}

/// Takes the personal words out of deleted people's lines (PR-01); who did what and when stays. The one change of a line that the
/// database allows, and only once the person is deleted.
pub async fn erase(tx: &mut Tx, subjects: &[UserId]) -> Result<()> {
    let sql = "update audit_events set before = '', after = '' where action in \
               ('renamed', 'phone_changed', 'record_changed', 'invited', 'blocked', 'archived', 'link_copied', \
               'token_made', 'token_revoked', 'signed_in', 'login_added') \
               and subject_id in";
    let all: Vec<UserId> = subjects.iter().cloned().chain(earlier(tx, subjects).await?).collect();
    Statement::for_each_of(sql, &all, tx).await
}

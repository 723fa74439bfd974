//! What the lists show: one row for each person in each unit from the root down to his own, with counts and the search
//! index. It holds nothing of its own: [`refresh`] writes it from the facts, in the transaction that changed them.

use super::tx::{Kind, Value};
use super::{Result, Row, Tx, invitations, memberships, users};
use crate::domain::contact::{search_key, search_patterns};
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::listing::{COUNTED, Count, From, PAGE, Sort, UserQuery};
use crate::domain::moment::Moment;
use crate::domain::policy::Place;
use crate::domain::unit::UnitPath;
use crate::domain::user::{Facts, Status, User};
use crate::values;
use std::collections::BTreeMap;

/// A line of the list, before its moments are put into words.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: UserId,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub login: Option<String>,
    pub places: Vec<Place>,
    pub status: Status,
    pub until: Option<Moment>,
    pub created_at: Moment,
    pub last_seen_at: Option<Moment>,
}

/// A page of lines.
#[derive(Clone, Debug)]
pub struct Page {
    pub lines: Vec<Line>,
    pub has_previous: bool,
    pub has_next: bool,
}

/// The key by which names sort: without case, `ё` beside `е`; the address while there is no name.
pub fn name_key(user: &User) -> String {
    user.title().to_lowercase().replace('ё', "е").chars().take(80).collect()
}

/// Where a person stands, from his facts.
pub async fn facts(tx: &mut Tx, user: &User) -> Result<Facts> {
    let memberships = memberships::of_user(tx, &user.id).await?;
    let invitation = match user.registered_at {
        Some(_) => None,
        None => invitations::newest_of(tx, &user.id).await?.map(|invitation| invitation.facts()),
    };
    Ok(Facts {
        registered_at: user.registered_at,
        is_blocked: !memberships.is_empty() && memberships.iter().all(|membership| membership.blocked_at.is_some()),
        invitation,
    })
}

/// Writes what the lists show about some people, after anything about them changed; deleted ones leave the lists.
pub async fn refresh(tx: &mut Tx, people: &[UserId], now: Moment) -> Result<()> {
    let mut changes: BTreeMap<(UnitId, RoleId, &'static str), i64> = BTreeMap::new();
    for id in people {
        let sql = "delete from roster where user_id = $1 returning unit_id, role_id, status";
        for row in tx.rows(sql, &values![id]).await? {
            if let Some(status) = Status::from_code(&row.text("status")?) {
                let key = (UnitId::new(row.text("unit_id")?), RoleId::new(row.text("role_id")?), status.code());
                *changes.entry(key).or_default() -= 1;
            }
        }
        let Some(user) = users::find(tx, id).await? else {
            let sql = "delete from user_search where rowid = (select number from users where id = $1)";
            tx.execute(sql, &values![id]).await?;
            continue;
        };
        let facts = facts(tx, &user).await?;
        let (status, until) = (facts.status(now), facts.holds_until(now));
        for (unit, role) in lines_of(&memberships::of_user(tx, id).await?) {
            let sql = "insert into roster (unit_id, user_id, role_id, status, status_until, name_key, created_at) \
                       values ($1, $2, $3, $4, $5, $6, $7)";
            let values = values![&unit, id, &role, status.code(), until, name_key(&user), user.created_at];
            tx.execute(sql, &values).await?;
            *changes.entry((unit, role, status.code())).or_default() += 1;
        }
        let parts: Vec<&str> =
            [Some(user.name.as_str()), user.email.as_deref(), user.login.as_deref(), user.phone.as_deref()]
                .into_iter()
                .flatten()
                .collect();
        tx.execute("delete from user_search where rowid = $1", &values![user.number]).await?;
        let sql = "insert into user_search (rowid, haystack) values ($1, $2)";
        tx.execute(sql, &values![user.number, search_key(&parts)]).await?;
    }
    for ((unit, role, status), by) in changes.into_iter().filter(|(_, by)| *by != 0) {
        let sql = "insert into roster_counts (unit_id, role_id, status, people) values ($1, $2, $3, $4) \
                   on conflict (unit_id, role_id, status) do update set people = roster_counts.people + excluded.people";
        tx.execute(sql, &values![&unit, &role, status, by]).await?;
    }
    Ok(())
}

/// The units in whose lists a person stands, each with the role that he shows there: that of his highest place below.
fn lines_of(memberships: &[memberships::Membership]) -> BTreeMap<UnitId, RoleId> {
    let mut lines = BTreeMap::new();
    for membership in memberships {
        for unit in membership.unit.line() {
            lines.entry(unit).or_insert_with(|| membership.role.clone());
        }
    }
    lines
}

/// Turns what has run out to *Expired* in the lists; how many people. Acceptance never waits for this.
pub async fn sweep(tx: &mut Tx, now: Moment) -> Result<usize> {
    let sql = "select distinct user_id from roster where status_until <= $1 limit 500";
    let rows = tx.rows(sql, &values![now]).await?;
    let people: Vec<UserId> = rows.iter().map(|row| row.text("user_id").map(UserId::new)).collect::<Result<_>>()?;
    refresh(tx, &people, now).await?;
    Ok(people.len())
}

/// How many people stand in a unit and below, by status and role.
pub async fn counts(tx: &mut Tx, unit: &UnitId) -> Result<Vec<Count>> {
    let sql = "select role_id, status, people from roster_counts where unit_id = $1 and people > 0";
    let rows = tx.rows(sql, &values![unit]).await?;
    let mut counts = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(status) = Status::from_code(&row.text("status")?) {
            counts.push(Count { status, role: RoleId::new(row.text("role_id")?), people: row.number("people")? });
        }
    }
    Ok(counts)
}

/// A statement that grows with its conditions; every piece is a text of this file, every value is bound.
#[derive(Default)]
struct Statement {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Statement {
    fn bind(&mut self, value: impl Into<Value>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }

    fn and(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    fn conditions(&self) -> String {
        self.conditions.join(" and ")
    }
}

/// How the search index takes part in a query.
enum Search {
    None,
    /// Few match: begin at the index, then sort.
    Narrow,
    /// Many match: walk the list in its order and look each person up.
    Wide,
}

/// How many people of the whole installation match a search, counted up to a limit.
async fn hits(tx: &mut Tx, patterns: &[String], limit: i64) -> Result<i64> {
    let mut statement = Statement::default();
    for pattern in patterns {
        let at = statement.bind(pattern);
        statement.and(format!("haystack like ${at}"));
    }
    let at = statement.bind(limit);
    let sql = format!(
        "select count(*) as n from (select 1 as one from user_search where {} limit ${at}) found",
        statement.conditions()
    );
    tx.row(sqlx::AssertSqlSafe(sql), &statement.values).await?.number("n")
}

/// A page of the list of a unit.
pub async fn page(tx: &mut Tx, unit: &UnitId, query: &UserQuery, total: i64) -> Result<Page> {
    let patterns = search_patterns(&query.search);
    let search = match patterns.is_empty() {
        true => Search::None,
        // Walking finds a page of fifty quickly where at least one in fifty matches; else sorting the few is faster.
        false if hits(tx, &patterns, (total / 50).max(COUNTED)).await? < (total / 50).max(COUNTED) => Search::Narrow,
        false => Search::Wide,
    };
    let mut statement = Statement::default();
    let unit_at = statement.bind(unit);
    statement.and(format!("r.unit_id = ${unit_at}"));
    narrow(&mut statement, query, &search, &patterns);

    let (key, down) = match query.sort {
        Sort::Name => ("name_key", false),
        Sort::NameDown => ("name_key", true),
        Sort::Added => ("created_at", true),
        Sort::AddedUp => ("created_at", false),
    };
    let (cursor, backwards) = match &query.from {
        From::Start => (None, false),
        From::After(id) => (Some(id), false),
        From::Before(id) => (Some(id), true),
    };
    // Going back is going forth in the other order, and turning the page round at the end.
    let (order, than) = if down == backwards { ("asc", ">") } else { ("desc", "<") };
    if let Some(id) = cursor {
        let at = statement.bind(id);
        let seek = format!(
            "(r.{key}, r.user_id) {than} (select c.{key}, c.user_id from roster c where c.unit_id = ${unit_at} and c.user_id = ${at})"
        );
        statement.and(seek);
    }
    let from = match search {
        Search::None => "from roster r",
        // `cross join` keeps SQLite at this order; Postgres chooses for itself.
        Search::Narrow => "from user_search s cross join users f cross join roster r",
        Search::Wide => "from roster r cross join users f cross join user_search s",
    };
    let limit = statement.bind(PAGE + 1);
    let sql = format!(
        "select p.user_id, p.role_id, p.status, p.status_until, p.created_at, p.name_key, u.name, u.email, u.phone, \
         u.login, u.last_seen_at, m.role_id as place_role, n.path as place_path from (\
         select r.user_id, r.role_id, r.status, r.status_until, r.created_at, r.name_key {from} where {} \
         order by r.{key} {order}, r.user_id {order} limit ${limit}) p \
         join users u on u.id = p.user_id join memberships m on m.user_id = p.user_id join units n on n.id = m.unit_id \
         order by p.{key} {order}, p.user_id {order}, m.id",
        statement.conditions()
    );
    let mut lines = read_lines(&tx.rows(sqlx::AssertSqlSafe(sql), &statement.values).await?)?;
    let has_more = lines.len() > PAGE;
    lines.truncate(PAGE);
    if backwards {
        lines.reverse();
        return Ok(Page { lines, has_previous: has_more, has_next: true });
    }
    Ok(Page { lines, has_previous: cursor.is_some(), has_next: has_more })
}

/// How many of a unit's people match, up to [`COUNTED`]; `None` beyond.
pub async fn matching(tx: &mut Tx, unit: &UnitId, query: &UserQuery) -> Result<Option<i64>> {
    let patterns = search_patterns(&query.search);
    let mut statement = Statement::default();
    let at = statement.bind(unit);
    statement.and(format!("r.unit_id = ${at}"));
    narrow(&mut statement, query, &Search::Narrow, &patterns);
    let limit = statement.bind(COUNTED + 1);
    let sql = format!(
        "select count(*) as n from (select 1 as one from user_search s cross join users f cross join roster r \
         where {} limit ${limit}) found",
        statement.conditions()
    );
    let n = tx.row(sqlx::AssertSqlSafe(sql), &statement.values).await?.number("n")?;
    Ok((n <= COUNTED).then_some(n))
}

fn narrow(statement: &mut Statement, query: &UserQuery, search: &Search, patterns: &[String]) {
    if let Some(status) = query.status {
        let at = statement.bind(status.code());
        statement.and(format!("r.status = ${at}"));
    }
    if let Some(role) = &query.role {
        let at = statement.bind(role);
        statement.and(format!("r.role_id = ${at}"));
    }
    if matches!(search, Search::None) {
        return;
    }
    statement.and("f.id = r.user_id and s.rowid = f.number".into());
    for pattern in patterns {
        let at = statement.bind(pattern);
        statement.and(format!("s.haystack like ${at}"));
    }
}

fn read_lines(rows: &[Row]) -> Result<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        let id = UserId::new(row.text("user_id")?);
        let place =
            Place { unit: UnitPath::from_text(row.text("place_path")?), role: RoleId::new(row.text("place_role")?) };
        match lines.last_mut() {
            Some(line) if line.id == id => line.places.push(place),
            _ => lines.push(Line {
                id,
                name: row.text("name")?,
                email: row.maybe_text("email")?,
                phone: row.maybe_text("phone")?,
                login: row.maybe_text("login")?,
                places: vec![place],
                status: Status::from_code(&row.text("status")?).unwrap_or(Status::NotInvited),
                until: row.maybe_number("status_until")?.map(Moment),
                created_at: Moment(row.number("created_at")?),
                last_seen_at: row.maybe_number("last_seen_at")?.map(Moment),
            }),
        }
    }
    Ok(lines)
}

/// Tells the database to look at its tables again, after so much has changed that its plans may be wrong.
pub async fn refresh_statistics(tx: &mut Tx) -> Result<()> {
    let sql = match tx.kind() {
        Kind::Sqlite => "analyze",
        Kind::Postgres => "analyze roster, users, memberships, invitations, messages, user_search",
    };
    tx.execute(sql, &[]).await?;
    Ok(())
}

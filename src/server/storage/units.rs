//! The tree of units.

use super::clauses::{counts, is_held};
use super::{Corrupt, Look, Result, Row, Statement, Tx, unfinished};
use crate::domain::contact::{search_key, search_words};
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::permission::Permissions;
use crate::domain::policy::Place;
use crate::domain::settings::{OwnSettings, Settings, UnitSettings};
use crate::domain::text::composed;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::{Unit, UnitKind, UnitPath};
use crate::server::collation::sort_key;
use crate::values;
use std::collections::HashMap;

const COLUMNS: &str = "n.id, n.kind, n.name, n.path, n.archived_at, n.is_closed, n.own_settings";

fn read(row: &Row) -> Result<Unit> {
    row.of("units", "id", |row| {
        let id = row.text("id")?;
        Ok(Unit {
            kind: row.code("kind", UnitKind::from_code)?,
            name: row.text("name")?,
            path: row.code("path", |path| UnitPath::read(path, &id))?,
            is_archived: row.maybe_number("archived_at")?.is_some(),
            is_closed: row.truth("is_closed")?,
            own: row.code("own_settings", OwnSettings::read)?,
            id: UnitId::new(id),
        })
    })
}

/// The path of the unit whose id stands in `unit_id`.
pub(super) fn read_path(row: &Row) -> Result<UnitPath> {
    row.of("units", "unit_id", |row| {
        let id = row.text("unit_id")?;
        row.code("path", |path| UnitPath::read(path, &id))
    })
}

pub(super) fn look() -> Look {
    Look::at_table("units", "id", |row| {
        let unit = read(row)?;
        row.number("number")?;
        row.number("created_at")?;
        // Where a unit stands is written twice.
        let is_so = unit.path.parent().map(|path| path.id().to_string()) == row.maybe_text("parent_id")?;
        if is_so { Ok(()) } else { Err(Corrupt::column("parent_id").into()) }
    })
}

async fn select(tx: &mut Tx, rest: &str, values: &[super::tx::Value]) -> Result<Vec<Unit>> {
    // Both parts are texts of this file.
    let sql = sqlx::AssertSqlSafe(format!("select {COLUMNS} from units n {rest}"));
    tx.rows(sql, values).await?.iter().map(read).collect()
}

/// Adds a unit; its path says where it stands.
pub async fn insert(tx: &mut Tx, unit: &Unit, parent: Option<&UnitId>, now: Timestamp) -> Result<()> {
    let sql = "insert into units (id, number, parent_id, kind, name, path, created_at, is_closed, name_key, haystack) \
               values ($1, (select coalesce(max(number), 0) + 1 from units), $2, $3, $4, $5, $6, $7, $8, $9)";
    let (name_key, haystack) = keys(&unit.name);
    let (kind, path) = (unit.kind.code(), unit.path.as_str());
    let values = values![&unit.id, parent, kind, &unit.name, path, now, unit.is_closed, name_key, haystack];
    tx.execute(sql, &values).await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &UnitId) -> Result<Option<Unit>> {
    Ok(select(tx, "where n.id = $1", &values![id]).await?.into_iter().next())
}

/// Those of these units that exist, in no order.
pub async fn find_all(tx: &mut Tx, ids: &[UnitId]) -> Result<Vec<Unit>> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(super::MOST_IN_A_LIST) {
        let mut units = Statement::new(format!("select {COLUMNS} from units n where n.id in ("));
        let ids = units.bind_all(some);
        units.push(&format!("{ids})"));
        for row in units.rows(tx).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// The numbers of those of these units that exist, by id.
pub async fn numbers(tx: &mut Tx, ids: &[UnitId]) -> Result<HashMap<String, i64>> {
    let mut numbers = HashMap::with_capacity(ids.len());
    for some in ids.chunks(super::MOST_IN_A_LIST) {
        let mut units = Statement::new("select id, number from units where id in (");
        let ids = units.bind_all(some);
        units.push(&format!("{ids})"));
        for row in units.rows(tx).await? {
            numbers.insert(row.text("id")?, row.number("number")?);
        }
    }
    Ok(numbers)
}

/// The installation itself.
pub async fn root(tx: &mut Tx) -> Result<Unit> {
    let found = select(tx, "where n.parent_id is null", &[]).await?.into_iter().next();
    found.ok_or(super::Error::Other(sqlx::Error::RowNotFound))
}

/// The unit at `path` and all below it, in the order of the tree.
pub async fn below(tx: &mut Tx, path: &UnitPath) -> Result<Vec<Unit>> {
    let rest = "where n.path >= $1 and n.path < $2 order by n.path";
    select(tx, rest, &values![path.as_str(), path.end()]).await
}

/// The units on the way from the root to `path`, both included.
pub async fn line(tx: &mut Tx, path: &UnitPath) -> Result<Vec<Unit>> {
    let mut units = Vec::new();
    for id in path.line() {
        units.extend(find(tx, &id).await?);
    }
    Ok(units)
}

/// The units directly below one, by name; open ones only unless `closed_too`.
pub async fn children(tx: &mut Tx, id: &UnitId, closed_too: bool, most: usize) -> Result<Vec<Unit>> {
    let rest = "where n.parent_id = $1 and ($2 or not n.is_closed) order by n.name_key, n.id limit $3";
    select(tx, rest, &values![id, closed_too, most]).await
}

/// The units at and below some paths whose name holds every word of `text`, by name; open ones only unless `closed_too`.
pub async fn search(tx: &mut Tx, paths: &[&UnitPath], text: &str, closed_too: bool, most: usize) -> Result<Vec<Unit>> {
    let words = search_words(text);
    // Something was typed, and no letter of it can be looked for.
    if paths.is_empty() || words.is_empty() && !text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut units = within(paths, closed_too);
    for word in words {
        let word = units.bind(format!("%{word}%"));
        units.and(&format!("n.haystack like {word}"));
    }
    let most = units.bind(most);
    units.push(&format!(" order by n.name_key, n.id limit {most}"));
    units.rows(tx).await?.iter().map(read).collect()
}

/// The first open unit at and below some paths in the order of the tree, never the installation: nothing stands above it
/// there.
pub async fn first(tx: &mut Tx, paths: &[&UnitPath]) -> Result<Option<Unit>> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut units = within(paths, false);
    units.and("n.parent_id is not null order by n.path limit 1");
    units.rows(tx).await?.first().map(read).transpose()
}

/// `select … from units n where …` for those at and below some paths, which are some.
fn within(paths: &[&UnitPath], closed_too: bool) -> Statement {
    let mut units = Statement::new(format!("select {COLUMNS} from units n where ("));
    for (at, path) in paths.iter().enumerate() {
        let (from, to) = (units.bind(path.as_str()), units.bind(path.end()));
        units.push(&format!("{}n.path >= {from} and n.path < {to}", if at == 0 { "" } else { " or " }));
    }
    units.push(")");
    if !closed_too {
        units.and("not n.is_closed");
    }
    units
}

/// How many units stand directly below each of some.
pub async fn count_children(tx: &mut Tx, id: &UnitId) -> Result<i64> {
    tx.row("select count(*) as n from units where parent_id = $1", &values![id]).await?.number("n")
}

/// The names of the units directly below one, but for one of them.
pub async fn names_below(tx: &mut Tx, parent: &UnitId, but: Option<&UnitId>) -> Result<Vec<String>> {
    let but = but.map_or("", UnitId::as_str);
    let rows = tx.rows("select name from units where parent_id = $1 and id <> $2", &values![parent, but]).await?;
    rows.iter().map(|row| row.text("name")).collect()
}

/// Gives a unit another name, and what it decides for itself.
pub async fn edit(tx: &mut Tx, id: &UnitId, name: &str, own: &OwnSettings) -> Result<()> {
    rename(tx, id, name).await?;
    tx.execute("update units set own_settings = $2 where id = $1", &values![id, own.written()]).await?;
    Ok(())
}

async fn rename(tx: &mut Tx, id: &UnitId, name: &str) -> Result<()> {
    let (name_key, haystack) = keys(name);
    let sql = "update units set name = $2, name_key = $3, haystack = $4 where id = $1";
    tx.execute(sql, &values![id, name, name_key, haystack]).await?;
    Ok(())
}

/// Every unit that decides something for itself, with what it decides.
pub async fn own_settings(tx: &mut Tx) -> Result<UnitSettings> {
    let found = select(tx, "where n.own_settings <> '' order by n.path", &[]).await?;
    Ok(found.into_iter().map(|unit| (unit.path, unit.own)).collect())
}

/// The settings of the installation as they hold for an invitation to these units.
pub async fn settings_at(
    tx: &mut Tx,
    settings: &Settings,
    paths: impl IntoIterator<Item = &UnitPath>,
) -> Result<Settings> {
    Ok(own_settings(tx).await?.at_all(settings, paths))
}

/// By what a unit sorts and is found.
fn keys(name: &str) -> (String, String) {
    (sort_key(name), search_key(&[name]))
}

/// Composes the names of the next units behind an id, and makes their keys anew; the last one's id, or nothing at the end.
pub(super) async fn renew_keys(tx: &mut Tx, after: &str, most: usize) -> Result<Option<String>> {
    let sql = "select id, name from units where id > $1 order by id limit $2";
    let mut last = None;
    for row in tx.rows(sql, &values![after, most]).await? {
        let id = UnitId::new(row.text("id")?);
        rename(tx, &id, &composed(&row.text("name")?)).await?;
        last = Some(id.to_string());
    }
    Ok(last)
}

/// Puts a unit, with all below it, below another one.
pub async fn relocate(tx: &mut Tx, unit: &Unit, to: &Unit) -> Result<()> {
    let target = to.path.child(&unit.id);
    tx.execute("update units set parent_id = $2 where id = $1", &values![&unit.id, &to.id]).await?;
    // The part of each path that lies behind the unit's own stays.
    let sql = "update units set path = $3 || substr(path, length($1) + 1) where path >= $1 and path < $2";
    tx.execute(sql, &values![unit.path.as_str(), unit.path.end(), target.as_str()]).await?;
    unfinished::begin_at(tx, &target).await
}

/// Archives a unit (or takes that back), and says of it and of all below whether they are closed now.
pub async fn archive(tx: &mut Tx, unit: &Unit, at: Option<Timestamp>) -> Result<()> {
    tx.execute("update units set archived_at = $2 where id = $1", &values![&unit.id, at]).await?;
    let sql = "update units set is_closed = $3 where path >= $1 and path < $2 and is_closed <> $3";
    tx.execute(sql, &values![unit.path.as_str(), unit.path.end(), at.is_some()]).await?;
    if at.is_none() {
        // What was archived by itself inside stays closed.
        for inside in archived_below(tx, &unit.path).await? {
            tx.execute(sql, &values![inside.as_str(), inside.end(), true]).await?;
        }
    }
    unfinished::begin_at(tx, &unit.path).await
}

/// The units at and below `path` that were archived themselves and do not lie in another one of these.
async fn archived_below(tx: &mut Tx, path: &UnitPath) -> Result<Vec<UnitPath>> {
    let rest = "where n.path >= $1 and n.path < $2 and n.archived_at is not null order by n.path";
    let mut tops: Vec<UnitPath> = Vec::new();
    for unit in select(tx, rest, &values![path.as_str(), path.end()]).await? {
        if tops.last().is_none_or(|top| !top.reaches(&unit.path)) {
            tops.push(unit.path);
        }
    }
    Ok(tops)
}

/// Where something is held.
enum Where<'a> {
    At(&'a [UnitId]),
    Below(&'a UnitPath),
}

impl Where<'_> {
    /// The condition on the units `n`. Never an empty list: that is none to Postgres.
    fn push(&self, statement: &mut Statement) {
        match self {
            Self::At(units) => {
                let ids = statement.bind_all(*units);
                statement.push(&format!("n.id in ({ids})"));
            }
            Self::Below(path) => {
                let (begin, end) = (statement.bind(path.as_str()), statement.bind(path.end()));
                statement.push(&format!("n.path >= {begin} and n.path < {end}"));
            }
        }
    }
}

/// What is held, offered, blocked or archived at these units, once each, whoever it is: what is asked about a move.
pub async fn given_at(tx: &mut Tx, units: &[UnitId]) -> Result<Vec<Place>> {
    if units.is_empty() { Ok(Vec::new()) } else { given(tx, Where::At(units), None).await }
}

/// The same at one unit and all below it, without what nobody can accept any more at `now`: what is asked about closing.
pub async fn given_below(tx: &mut Tx, path: &UnitPath, now: Timestamp) -> Result<Vec<Place>> {
    given(tx, Where::Below(path), Some(now)).await
}

/// Looked up unit by unit and role by role, not read person by person; extra permissions are rare and have an index of their own.
/// The one row that is asked for is no `exists`: Postgres would make a join of that, and read everybody.
async fn given(tx: &mut Tx, here: Where<'_>, but_old: Option<Timestamp>) -> Result<Vec<Place>> {
    let counts = |statement: &mut Statement| match but_old {
        Some(now) => {
            let now = statement.bind(now);
            format!(" and not ({})", super::clauses::is_old_offer(&now))
        }
        None => String::new(),
    };
    let mut roles = Statement::new(
        "select n.id as unit_id, n.path, r.id as role_id, '' as extra from units n cross join roles r where 1 = (\
         select 1 from memberships m where m.unit_id = n.id and m.role_id = r.id",
    );
    let but = counts(&mut roles);
    roles.push(&format!("{but} limit 1) and "));
    here.push(&mut roles);
    let mut extras = Statement::new(
        "select distinct m.unit_id, n.path, m.role_id, m.extra from units n join memberships m on m.unit_id = n.id \
         where m.extra <> ''",
    );
    let but = counts(&mut extras);
    extras.push(&format!("{but} and "));
    here.push(&mut extras);
    let mut places = Vec::new();
    for row in roles.rows(tx).await?.iter().chain(&extras.rows(tx).await?) {
        let extra = row.of("memberships", "unit_id", |row| row.code("extra", Permissions::read))?;
        places.push(Place { unit: read_path(row)?, role: RoleId::new(row.text("role_id")?), extra });
    }
    Ok(places)
}

/// Whether somebody holds something at a unit or below that counts, but for the units' own being closed.
pub async fn holds_below(tx: &mut Tx, path: &UnitPath, user: &UserId) -> Result<bool> {
    let sql = concat!(
        "select 1 as one from memberships m join units n on n.id = m.unit_id where m.user_id = $3 \
         and n.path >= $1 and n.path < $2 and ",
        is_held!("m"),
        " limit 1"
    );
    Ok(tx.maybe_row(sql, &values![path.as_str(), path.end(), user]).await?.is_some())
}

/// A few of those who have one of these roles, or any extra permission, at these units, and how many they are: those to whom it
/// counts, or those to whom it does not yet, or not any more.
pub async fn people_at(
    tx: &mut Tx,
    units: &[UnitId],
    roles: &[RoleId],
    counts: bool,
    most: usize,
) -> Result<(Vec<UserId>, usize)> {
    if units.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let mut people =
        Statement::new("select distinct m.user_id from memberships m join units n on n.id = m.unit_id where ");
    Where::At(units).push(&mut people);
    let not = if counts { "" } else { "not " };
    people.and(&format!("{not}({})", is_held!("m")));
    let roles = people.bind_all(roles);
    people.and(&if roles.is_empty() {
        "m.extra <> ''".into()
    } else {
        format!("(m.extra <> '' or m.role_id in ({roles}))")
    });
    let mut all = people.clone();
    all.sql = format!("select count(*) as n from ({}) found", all.sql);
    let at = people.bind(most);
    people.push(&format!(" order by m.user_id limit {at}"));
    let some = people.rows(tx).await?.iter().map(|row| row.text("user_id").map(UserId::new)).collect::<Result<_>>()?;
    Ok((some, usize::try_from(all.number(tx).await?).unwrap_or(usize::MAX)))
}

/// How many levels the tree has from this unit down, itself included.
pub async fn levels(tx: &mut Tx, path: &UnitPath) -> Result<usize> {
    let sql = "select cast(max(length(path) - length(replace(path, '/', ''))) as bigint) as n from units \
               where path >= $1 and path < $2";
    let deepest = tx.row(sql, &values![path.as_str(), path.end()]).await?.number("n")?;
    Ok((usize::try_from(deepest).unwrap_or_default() + 1).saturating_sub(path.level()))
}

/// Whether somebody holds a role at or below `path` that is taken away by two (rule 53).
pub async fn holds_what_two_take_away(tx: &mut Tx, path: &UnitPath) -> Result<bool> {
    let sql = "select m.id from memberships m join units n on n.id = m.unit_id join roles r on r.id = m.role_id \
               where r.losing_takes_two and m.active_at is not null and m.archived_at is null and not n.is_closed \
               and n.path >= $1 and n.path < $2 limit 1";
    Ok(tx.maybe_row(sql, &values![path.as_str(), path.end()]).await?.is_some())
}

/// How many people hold something active at or below `path` and nothing active elsewhere.
pub async fn shut_out_by_closing(tx: &mut Tx, path: &UnitPath) -> Result<i64> {
    let sql = concat!(
        "select count(*) as n from (select distinct m.user_id from memberships m join units n on n.id = m.unit_id where ",
        counts!("m", "n"),
        " and n.path >= $1 and n.path < $2 and not exists (\
         select 1 from memberships m2 join units n2 on n2.id = m2.unit_id where m2.user_id = m.user_id and ",
        counts!("m2", "n2"),
        " and (n2.path < $1 or n2.path >= $2))) inside"
    );
    tx.row(sql, &values![path.as_str(), path.end()]).await?.number("n")
}

//! The tree of units.

use super::{Corrupt, Look, Result, Row, Statement, Tx};
use crate::domain::id::{UnitId, UserId};
use crate::domain::moment::Moment;
use crate::domain::permission::Permissions;
use crate::domain::policy::Place;
use crate::domain::unit::{Unit, UnitKind, UnitPath};
use crate::values;

const COLUMNS: &str = "n.id, n.kind, n.name, n.path, n.archived_at, n.is_closed";

fn read(row: &Row) -> Result<Unit> {
    row.of("units", "id", |row| {
        let id = row.text("id")?;
        Ok(Unit {
            kind: row.code("kind", UnitKind::from_code)?,
            name: row.text("name")?,
            path: row.code("path", |path| UnitPath::read(path, &id))?,
            is_archived: row.maybe_number("archived_at")?.is_some(),
            is_closed: row.truth("is_closed")?,
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
pub async fn insert(tx: &mut Tx, unit: &Unit, parent: Option<&UnitId>, now: Moment) -> Result<()> {
    let sql = "insert into units (id, number, parent_id, kind, name, path, created_at, is_closed) \
               values ($1, (select coalesce(max(number), 0) + 1 from units), $2, $3, $4, $5, $6, $7)";
    let values = values![&unit.id, parent, unit.kind.code(), &unit.name, unit.path.as_str(), now, unit.is_closed];
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
    let rest = "where n.parent_id = $1 and ($2 or not n.is_closed) order by n.name, n.id limit $3";
    select(tx, rest, &values![id, closed_too, most]).await
}

/// The units at and below `path` whose name holds `text`, in the order of the tree; open ones only unless `closed_too`.
pub async fn search(tx: &mut Tx, path: &UnitPath, text: &str, closed_too: bool, most: usize) -> Result<Vec<Unit>> {
    // Small and capital letters are told apart by the databases in ways of their own, so both ways of writing are tried.
    let pattern = |text: &str| format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let mut capital: Vec<char> = text.to_lowercase().chars().collect();
    if let Some(first) = capital.first_mut() {
        *first = first.to_uppercase().next().unwrap_or(*first);
    }
    let capital: String = capital.into_iter().collect();
    let rest = "where n.path >= $1 and n.path < $2 and ($3 or not n.is_closed) \
                and (n.name like $4 escape '\\' or n.name like $5 escape '\\' or n.name like $6 escape '\\') \
                order by n.path limit $7";
    let lower = text.to_lowercase();
    let values =
        values![path.as_str(), path.end(), closed_too, pattern(text), pattern(&lower), pattern(&capital), most];
    select(tx, rest, &values).await
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

pub async fn rename(tx: &mut Tx, id: &UnitId, name: &str) -> Result<()> {
    tx.execute("update units set name = $2 where id = $1", &values![id, name]).await?;
    Ok(())
}

/// Puts a unit, with all below it, below another one.
pub async fn relocate(tx: &mut Tx, unit: &Unit, to: &Unit) -> Result<()> {
    let target = to.path.child(&unit.id);
    tx.execute("update units set parent_id = $2 where id = $1", &values![&unit.id, &to.id]).await?;
    for one in below(tx, &unit.path).await? {
        let path = one.path.moved(&unit.path, &target);
        tx.execute("update units set path = $2 where id = $1", &values![&one.id, path.as_str()]).await?;
    }
    Ok(())
}

/// Archives a unit (or takes that back), and says of it and of all below whether they are closed now.
pub async fn archive(tx: &mut Tx, unit: &Unit, at: Option<Moment>) -> Result<()> {
    tx.execute("update units set archived_at = $2 where id = $1", &values![&unit.id, at]).await?;
    let mut closed: Vec<UnitPath> = Vec::new();
    for one in below(tx, &unit.path).await? {
        let is_closed = one.is_archived || closed.iter().any(|above| above.reaches(&one.path));
        if one.is_archived {
            closed.push(one.path.clone());
        }
        if is_closed != one.is_closed {
            tx.execute("update units set is_closed = $2 where id = $1", &values![&one.id, is_closed]).await?;
        }
    }
    Ok(())
}

const HELD: &str = "select m.id, m.user_id, m.unit_id, m.role_id, m.extra, n.path from memberships m join units n on n.id = m.unit_id \
                    where m.active_at is not null and m.blocked_at is null and m.archived_at is null";

fn read_held(row: &Row) -> Result<(UserId, Place)> {
    row.of("memberships", "id", |row| {
        let place = Place {
            unit: read_path(row)?,
            role: crate::domain::id::RoleId::new(row.text("role_id")?),
            extra: row.code("extra", Permissions::read)?,
        };
        Ok((UserId::new(row.text("user_id")?), place))
    })
}

/// What is held at units, active at this moment but for the units' own being closed, with whoever holds it.
pub async fn holders(tx: &mut Tx, units: &[UnitId]) -> Result<Vec<(UserId, Place)>> {
    let mut found = Vec::new();
    for unit in units {
        let rows = tx.rows(sqlx::AssertSqlSafe(format!("{HELD} and m.unit_id = $1")), &values![unit]).await?;
        found.extend(rows.iter().map(read_held).collect::<Result<Vec<_>>>()?);
    }
    Ok(found)
}

/// The same at one unit and all below it.
pub async fn holders_below(tx: &mut Tx, path: &UnitPath) -> Result<Vec<(UserId, Place)>> {
    let sql = format!("{HELD} and n.path >= $1 and n.path < $2");
    let rows = tx.rows(sqlx::AssertSqlSafe(sql), &values![path.as_str(), path.end()]).await?;
    rows.iter().map(read_held).collect()
}

/// Everybody who holds or is offered something at or below `path`.
pub async fn people_below(tx: &mut Tx, path: &UnitPath) -> Result<Vec<UserId>> {
    let sql = "select distinct m.user_id from memberships m join units n on n.id = m.unit_id \
               where n.path >= $1 and n.path < $2 order by m.user_id";
    let rows = tx.rows(sql, &values![path.as_str(), path.end()]).await?;
    rows.iter().map(|row| row.text("user_id").map(UserId::new)).collect()
}

/// How many people hold something active at or below `path` and nothing active elsewhere.
pub async fn shut_out_by_closing(tx: &mut Tx, path: &UnitPath) -> Result<i64> {
    let active = "m.active_at is not null and m.blocked_at is null and m.archived_at is null and not n.is_closed";
    let sql = format!(
        "select count(*) as n from (select distinct m.user_id from memberships m join units n on n.id = m.unit_id \
         where {active} and n.path >= $1 and n.path < $2 and not exists (\
         select 1 from memberships m2 join units n2 on n2.id = m2.unit_id where m2.user_id = m.user_id \
         and m2.active_at is not null and m2.blocked_at is null and m2.archived_at is null and not n2.is_closed \
         and (n2.path < $1 or n2.path >= $2))) inside"
    );
    tx.row(sqlx::AssertSqlSafe(sql), &values![path.as_str(), path.end()]).await?.number("n")
}

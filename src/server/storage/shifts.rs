//! Shifts and who is in them.

use super::{Look, Result, Row, Statement, Tx, units};
use crate::domain::id::{ShiftId, UserId};
use crate::domain::shift::Shift;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::UnitPath;
use crate::server::collation::sort_key;
use crate::values;

const SELECT: &str = "select s.id, s.unit_id, n.path, s.title, s.starts_at, s.ends_at, s.version \
    from shifts s join units n on n.id = s.unit_id";

fn read(row: &Row) -> Result<Shift> {
    row.of("shifts", "id", |row| {
        Ok(Shift {
            id: ShiftId::new(row.text("id")?),
            unit: units::read_path(row)?,
            title: row.text("title")?,
            starts_at: Timestamp(row.number("starts_at")?),
            ends_at: Timestamp(row.number("ends_at")?),
            people: Vec::new(),
            version: row.number("version")?,
        })
    })
}

pub(super) fn look() -> Look {
    let sql =
        format!("{SELECT} where s.id > $1 order by s.id limit $2").replacen("select ", "select s.created_at, ", 1);
    let read = |row: &Row| {
        read(row)?;
        row.number("created_at").map(drop)
    };
    Look { sql, ..Look::at_table("shifts", "id", read) }
}

async fn select(tx: &mut Tx, rest: &str, values: &[super::tx::Value]) -> Result<Vec<Shift>> {
    // Both parts are texts of this file.
    let rows = tx.rows(sqlx::AssertSqlSafe(format!("{SELECT} {rest}")), values).await?;
    let mut shifts: Vec<Shift> = rows.iter().map(read).collect::<Result<_>>()?;
    for some in shifts.chunks_mut(super::MOST_IN_A_LIST) {
        let mut people = Statement::new(
            "select p.shift_id, p.user_id, u.name from shift_people p join users u on u.id = p.user_id where p.shift_id in (",
        );
        let ids = people.bind_all(some.iter().map(|shift| &shift.id));
        people.push(&format!("{ids})"));
        let mut found = Vec::new();
        for row in people.rows(tx).await? {
            found.push((sort_key(&row.text("name")?), row.text("user_id")?, ShiftId::new(row.text("shift_id")?)));
        }
        found.sort();
        for (_, user, id) in found {
            if let Some(shift) = some.iter_mut().find(|shift| shift.id == id) {
                shift.people.push(UserId::new(user));
            }
        }
    }
    Ok(shifts)
}

pub async fn insert(tx: &mut Tx, shift: &Shift, by: &UserId, now: Timestamp) -> Result<()> {
    let sql = "insert into shifts (id, unit_id, title, starts_at, ends_at, created_at, created_by, version) \
               values ($1, $2, $3, $4, $5, $6, $7, 1)";
    let unit = shift.unit.id();
    tx.execute(sql, &values![&shift.id, &unit, &shift.title, shift.starts_at, shift.ends_at, now, by]).await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &ShiftId) -> Result<Option<Shift>> {
    Ok(select(tx, "where s.id = $1", &values![id]).await?.into_iter().next())
}

/// Writes title and times, and counts the version.
pub async fn update(tx: &mut Tx, shift: &Shift) -> Result<()> {
    let sql = "update shifts set title = $2, starts_at = $3, ends_at = $4, version = version + 1 where id = $1";
    tx.execute(sql, &values![&shift.id, &shift.title, shift.starts_at, shift.ends_at]).await?;
    Ok(())
}

pub async fn remove(tx: &mut Tx, id: &ShiftId) -> Result<()> {
    tx.execute("delete from shift_people where shift_id = $1", &values![id]).await?;
    tx.execute("delete from shifts where id = $1", &values![id]).await?;
    Ok(())
}

/// The shifts at a unit and below that begin within a stretch of time, in their order.
pub async fn within(tx: &mut Tx, unit: &UnitPath, from: Timestamp, to: Timestamp, most: usize) -> Result<Vec<Shift>> {
    let rest = "where s.starts_at >= $1 and s.starts_at < $2 and n.path >= $3 and n.path < $4 \
                order by s.starts_at, s.id limit $5";
    select(tx, rest, &values![from, to, unit.as_str(), unit.end(), most]).await
}

/// Somebody's own shifts within a stretch of time, in their order.
pub async fn of_user(tx: &mut Tx, user: &UserId, from: Timestamp, to: Timestamp, most: usize) -> Result<Vec<Shift>> {
    let rest = "join shift_people o on o.shift_id = s.id where o.user_id = $1 and s.starts_at >= $2 \
                and s.starts_at < $3 order by s.starts_at, s.id limit $4";
    select(tx, rest, &values![user, from, to, most]).await
}

/// Puts somebody into a shift; `false` when they were in it.
pub async fn join(tx: &mut Tx, id: &ShiftId, user: &UserId) -> Result<bool> {
    let sql = "insert into shift_people (shift_id, user_id) values ($1, $2) on conflict do nothing";
    Ok(tx.execute(sql, &values![id, user]).await? == 1)
}

/// Takes somebody out of a shift; `false` when they were not in it.
pub async fn leave(tx: &mut Tx, id: &ShiftId, user: &UserId) -> Result<bool> {
    let sql = "delete from shift_people where shift_id = $1 and user_id = $2";
    Ok(tx.execute(sql, &values![id, user]).await? == 1)
}

/// The shifts that somebody has before them, each with its unit.
pub async fn ahead(tx: &mut Tx, user: &UserId, now: Timestamp) -> Result<Vec<(ShiftId, UnitPath)>> {
    let sql = "select s.id, s.unit_id, n.path from shift_people p join shifts s on s.id = p.shift_id \
               join units n on n.id = s.unit_id where p.user_id = $1 and s.starts_at > $2 order by s.id";
    let rows = tx.rows(sql, &values![user, now]).await?;
    rows.iter().map(|row| Ok((ShiftId::new(row.text("id")?), units::read_path(row)?))).collect()
}

/// Takes deleted people out of the shifts that were, too (PR-01).
pub async fn forget(tx: &mut Tx, people: &[UserId]) -> Result<()> {
    Statement::for_each_of("delete from shift_people where user_id in", people, tx).await
}

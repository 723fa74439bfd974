//! The tree of units.

use super::{Result, Row, Tx};
use crate::domain::id::UnitId;
use crate::domain::moment::Moment;
use crate::domain::unit::{Unit, UnitKind, UnitPath};
use crate::values;

fn read(row: &Row) -> Result<Unit> {
    Ok(Unit {
        id: UnitId::new(row.text("id")?),
        kind: UnitKind::from_code(&row.text("kind")?).unwrap_or(UnitKind::Team),
        name: row.text("name")?,
        path: UnitPath::from_text(row.text("path")?),
    })
}

/// Adds a unit; its path says where it stands.
pub async fn insert(tx: &mut Tx, unit: &Unit, parent: Option<&UnitId>, now: Moment) -> Result<()> {
    let sql = "insert into units (id, number, parent_id, kind, name, path, created_at) \
               values ($1, (select coalesce(max(number), 0) + 1 from units), $2, $3, $4, $5, $6)";
    let values = values![&unit.id, parent, unit.kind.code(), &unit.name, unit.path.as_str(), now];
    tx.execute(sql, &values).await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &UnitId) -> Result<Option<Unit>> {
    let row = tx.maybe_row("select id, kind, name, path from units where id = $1", &values![id]).await?;
    row.as_ref().map(read).transpose()
}

/// The installation itself.
pub async fn root(tx: &mut Tx) -> Result<Unit> {
    read(&tx.row("select id, kind, name, path from units where parent_id is null", &[]).await?)
}

/// The unit at `path` and all below it, in the order of the tree.
pub async fn below(tx: &mut Tx, path: &UnitPath) -> Result<Vec<Unit>> {
    let sql = "select id, kind, name, path from units where path >= $1 and path < $2 order by path";
    let end = format!("{}~", path.as_str());
    tx.rows(sql, &values![path.as_str(), end]).await?.iter().map(read).collect()
}

//! Whether a database is a demonstration, whose people are invented, and how far its clock stands ahead.

use super::corrupt::fields;
use super::{Corrupt, Result, Tx};
use crate::domain::timestamp::Duration;
use crate::values;
use serde::{Deserialize, Serialize};

/// The name of its row among the settings.
pub(super) const NAME: &str = "demonstration";

/// A demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demonstration {
    /// How far its clock stands ahead of the system's.
    pub ahead: Duration,
    /// Whether all of its people are there.
    pub is_whole: bool,
}

/// The demonstration that this database is; `None` for one of real people.
pub async fn find(tx: &mut Tx) -> Result<Option<Demonstration>> {
    let row = tx.maybe_row("select value from settings where name = $1", &values![NAME]).await?;
    row.map(|row| read(&row.text("value")?)).transpose()
}

pub(super) fn read(value: &str) -> Result<Demonstration> {
    let unreadable = || Corrupt { table: "settings", column: "value".into(), id: NAME.into() };
    Ok(fields(value).ok_or_else(unreadable)?)
}

/// Notes how it stands; the first time, this makes the database a demonstration for good.
pub async fn write(tx: &mut Tx, demonstration: Demonstration) -> Result<()> {
    let value = serde_json::to_string(&demonstration).map_err(|_| Corrupt::column("value"))?;
    let sql =
        "insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
    tx.execute(sql, &values![NAME, value]).await?;
    Ok(())
}

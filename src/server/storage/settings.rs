//! The installation's settings: one row of JSON.

use super::{Result, Tx};
use crate::domain::settings::Settings;
use crate::values;

/// The settings, once the installation has been set up.
pub async fn load(tx: &mut Tx) -> Result<Option<Settings>> {
    let row = tx.maybe_row("select value from settings where name = 'settings'", &[]).await?;
    let value = row.map(|row| row.text("value")).transpose()?;
    Ok(value.as_deref().map(read))
}

/// A value written by a version that knew other settings keeps what both know.
pub(super) fn read(value: &str) -> Settings {
    serde_json::from_str(value).unwrap_or_default()
}

pub async fn save(tx: &mut Tx, settings: &Settings) -> Result<()> {
    let json = serde_json::to_string(settings).unwrap_or_default();
    let sql = "insert into settings (name, value) values ('settings', $1) \
               on conflict (name) do update set value = excluded.value";
    tx.execute(sql, &values![json]).await?;
    Ok(())
}

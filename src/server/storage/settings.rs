//! The installation's settings: one row of JSON.

use super::corrupt::fields;
use super::{Corrupt, Look, Result, Tx, demonstration, users};
use crate::domain::preset::Preset;
use crate::domain::settings::Settings;
use crate::server::dates;
use crate::values;
use serde_json::{Map, Value};

/// The row's name, by which it is known.
const NAME: &str = "settings";

/// The settings, once the installation has been set up.
///
/// # Errors
/// `Corrupt` when a field cannot be read, or when they are gone though there are people: nobody's settings become ours.
pub async fn load(tx: &mut Tx) -> Result<Option<Settings>> {
    let row = tx.maybe_row("select value from settings where name = 'settings'", &[]).await?;
    match row {
        Some(row) => read(&row.text("value")?).map(Some),
        None if users::is_anybody_there(tx).await? => Err(unreadable("value".into()).into()),
        None => Ok(None),
    }
}

/// A version that knew other fields may have written them: what is missing has its default, what is too much is passed over.
/// What is there has to be readable.
pub(super) fn read(value: &str) -> Result<Settings> {
    let settings = fields::<Settings>(value).ok_or_else(|| unreadable(first_unreadable_field(value)))?;
    let wrong = [
        ("preset", Preset::from_key(&settings.preset).is_none()),
        ("zone", !dates::is_zone(&settings.zone)),
        ("invitation_texts", settings.invitation_texts.iter().any(|(_, text)| !text.can_be_filled())),
    ];
    match wrong.into_iter().find(|(_, is_wrong)| *is_wrong) {
        Some((field, _)) => Err(unreadable(format!("value.{field}")).into()),
        None => Ok(settings),
    }
}

fn unreadable(column: String) -> Corrupt {
    Corrupt { table: "settings", column, id: NAME.into() }
}

fn first_unreadable_field(value: &str) -> String {
    let all: Map<String, Value> = serde_json::from_str(value).unwrap_or_default();
    let alone = |(name, value): (String, Value)| {
        let alone = Value::Object(Map::from_iter([(name.clone(), value)]));
        fields::<Settings>(&alone.to_string()).is_none().then(|| format!("value.{name}"))
    };
    all.into_iter().find_map(alone).unwrap_or_else(|| "value".into())
}

pub(super) fn look() -> Look {
    Look::at_table("settings", "name", |row| match row.text("name")?.as_str() {
        NAME => read(&row.text("value")?).map(drop),
        demonstration::NAME => demonstration::read(&row.text("value")?).map(drop),
        _ => row.text("value").map(drop),
    })
}

pub async fn save(tx: &mut Tx, settings: &Settings) -> Result<()> {
    let json = serde_json::to_string(settings).map_err(|_| unreadable("value".into()))?;
    let sql = "insert into settings (name, value) values ('settings', $1) \
               on conflict (name) do update set value = excluded.value";
    tx.execute(sql, &values![json]).await?;
    Ok(())
}

/// The fingerprint of the key with which this database is used.
pub async fn key_fingerprint(tx: &mut Tx) -> Result<Option<String>> {
    let row = tx.maybe_row("select value from settings where name = 'key_fingerprint'", &[]).await?;
    row.map(|row| row.text("value")).transpose()
}

/// Writes it the first time; the one that stands then, which another process may have written first.
pub async fn adopt_key(tx: &mut Tx, fingerprint: &str) -> Result<String> {
    let sql = "insert into settings (name, value) values ('key_fingerprint', $1) on conflict (name) do nothing";
    tx.execute(sql, &values![fingerprint]).await?;
    Ok(key_fingerprint(tx).await?.unwrap_or_default())
}

/// Writes another one in its place: the operator wants a new key.
pub async fn change_key(tx: &mut Tx, fingerprint: &str) -> Result<()> {
    let sql = "insert into settings (name, value) values ('key_fingerprint', $1) \
               on conflict (name) do update set value = excluded.value";
    tx.execute(sql, &values![fingerprint]).await?;
    Ok(())
}

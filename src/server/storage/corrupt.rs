//! What stands in a row and cannot be read: where it stands, and never what it is. Nothing is guessed in its place. Here the
//! whole database is looked through for such places, too; each row by the reader that every page uses.

use super::{Error, Result, Row, Tx};
use super::{attempts, bulk, consents, letters, resets, tokens};
use super::{
    audit, import_changes, imports, invitations, invite_rows, jobs, memberships, messages, notes, notices, own_texts,
    proposals, roles, roster, rounds, saved_views, security_reports, sessions, settings, shifts, table_layouts, terms,
    unfinished, units, users,
};
use crate::values;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A place that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Corrupt {
    /// Empty, as long as only the result of a query is known.
    pub table: &'static str,
    /// The column; of a text with fields, the field behind a dot (`value.hold`).
    pub column: String,
    /// By what the row is known: its id, or its number.
    pub id: String,
}

impl Corrupt {
    /// A column of a row of which nobody has said yet where it comes from; see [`Row::of`].
    pub fn column(name: impl Into<String>) -> Self {
        Self { table: "", column: name.into(), id: String::new() }
    }
}

impl std::fmt::Display for Corrupt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.table {
            "" => write!(f, "{} of a result cannot be read", self.column),
            table => write!(f, "{} of {table} {} cannot be read", self.column, self.id),
        }
    }
}

impl Row {
    /// Reads from a row of a table what belongs to it. `id` is the column that names it.
    ///
    /// # Errors
    /// [`Error::Corrupt`] with table, column and id where something cannot be read.
    pub fn of<T>(&self, table: &'static str, id: &str, read: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        read(self).map_err(|error| match error {
            Error::Corrupt(found) if found.table.is_empty() => {
                let id = self.text(id).or_else(|_| self.number(id).map(|number| number.to_string()));
                Error::Corrupt(Corrupt { table, id: id.unwrap_or_else(|_| "?".into()), ..found })
            }
            other => other,
        })
    }

    /// A text that only some values make sense of; `read` gives nothing for any other.
    pub fn code<T>(&self, column: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        read(&self.text(column)?).ok_or_else(|| Corrupt::column(column).into())
    }

    /// The same for a column that may hold nothing.
    pub fn maybe_code<T>(&self, column: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>> {
        let Some(text) = self.maybe_text(column)? else { return Ok(None) };
        read(&text).map(Some).ok_or_else(|| Corrupt::column(column).into())
    }
}

impl From<Corrupt> for Error {
    fn from(found: Corrupt) -> Self {
        Self::Corrupt(found)
    }
}

/// Reads a text with fields. Fields that it does not have may have a default, and fields that nobody knows are passed over;
/// whatever is there and known has to come out as it went in (a list in the place of an object would be read as an empty one).
pub(super) fn fields<T: Serialize + DeserializeOwned>(text: &str) -> Option<T> {
    let given = serde_json::from_str::<Map<String, Value>>(text).map(Value::Object).ok()?;
    let read: T = serde_json::from_value(given.clone()).ok()?;
    agree(&given, &serde_json::to_value(&read).ok()?).then_some(read)
}

fn agree(given: &Value, read: &Value) -> bool {
    match (given, read) {
        (Value::Object(given), Value::Object(read)) => {
            given.iter().all(|(name, value)| read.get(name).is_none_or(|read| agree(value, read)))
        }
        (Value::Array(given), Value::Array(read)) => {
            given.len() == read.len() && given.iter().zip(read).all(|(given, read)| agree(given, read))
        }
        (given, read) => given == read,
    }
}

/// How a table is looked through.
pub(super) struct Look {
    pub table: &'static str,
    /// Gives the `$2` rows behind the key `$1`, in the order of the key.
    pub sql: String,
    pub key: &'static str,
    /// The column by which a row is called.
    pub name: &'static str,
    pub read: fn(&Row) -> Result<()>,
}

impl Look {
    /// At every column of a table, whose rows are called by their key.
    pub fn at_table(table: &'static str, key: &'static str, read: fn(&Row) -> Result<()>) -> Self {
        let sql = format!("select * from {table} where {key} > $1 order by {key} limit $2");
        Self { table, sql, key, name: key, read }
    }
}

/// How many rows are read at once.
const BATCH: usize = 500;

fn looks() -> impl Iterator<Item = Look> {
    let [waiting, told] = messages::looks();
    let [listed, counted] = roster::looks();
    let [selected, each] = bulk::looks();
    let [texts, answers] = consents::looks();
    [
        settings::look(),
        units::look(),
        roles::look(),
        users::look(),
        invitations::look(),
        memberships::look(),
        waiting,
        told,
        resets::look(),
        sessions::look(),
        tokens::look(),
        attempts::look(),
        letters::look(),
        notices::look(),
        own_texts::look(),
        security_reports::look(),
        table_layouts::look(),
        saved_views::look(),
        terms::look(),
        invite_rows::look(),
        rounds::look(),
        jobs::look(),
        notes::look(),
        imports::look(),
        import_changes::look(),
        proposals::look(),
        audit::look(),
        shifts::look(),
        unfinished::look(),
        listed,
        counted,
        selected,
        each,
        texts,
        answers,
    ]
    .into_iter()
}

/// Reads every row of every table that holds codes, moments or texts with fields; the places that cannot be read, at most so
/// many. Of a row it is the first one.
pub async fn look_through(tx: &mut Tx, most: usize) -> Result<Vec<Corrupt>> {
    let mut found = BTreeSet::new();
    for look in looks() {
        let mut behind = String::new();
        while found.len() < most {
            let rows = tx.rows(sqlx::AssertSqlSafe(look.sql.clone()), &values![&behind, BATCH]).await?;
            for row in &rows {
                let read = |row: &Row| {
                    row.text(look.key)?;
                    (look.read)(row)
                };
                match row.of(look.table, look.name, read) {
                    Ok(()) => {}
                    Err(Error::Corrupt(place)) => drop(found.insert(place)),
                    Err(other) => return Err(other),
                }
            }
            match rows.last() {
                Some(last) if rows.len() == BATCH => behind = last.text(look.key)?,
                _ => break,
            }
        }
    }
    Ok(found.into_iter().take(most).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::settings::Settings;

    #[test]
    fn a_field_is_read_whole_or_not_at_all() {
        let is_read = |text: &str| fields::<Settings>(text).is_some();
        for fine in
            ["{}", r#"{"hold":5}"#, r#"{"newer":[1]}"#, r#"{"password":{"min_length":9,"classes":true,"newer":1}}"#]
        {
            assert!(is_read(fine), "{fine}");
        }
        for odd in ["", "[]", "null", "7", r#"{"password":[]}"#, r#"{"password":[9,true]}"#, r#"{"hold":null}"#] {
            assert!(!is_read(odd), "{odd}");
        }
    }
}

//! Every row of every table of the product as it is, for whoever takes the whole database away and brings it back. It knows
//! them by name and their columns by the database's own catalogue, and nothing of what they mean; both databases give the same
//! rows. The tables of another program in the same database are none of its business.

use super::tx::{DatabaseKind, Value};
use super::{Error, Result, Statement, Tx};
use std::collections::{BTreeMap, BTreeSet};

/// How many rows one statement reads and writes.
const AT_ONCE: usize = 200;

/// The words by which people are found: an index of each database's own, read and written as a table of two columns.
const SEARCH: &str = "search_words";

/// Tables that are no longer made: an older backup has them.
pub const FORMER: [&str; 2] = ["draft_people", "drafts"];

/// The product's tables.
pub const OURS: [&str; 38] = [
    "api_tokens",
    "attempts",
    "audit_events",
    "bulk_rows",
    "bulk_runs",
    "consent_texts",
    "consents",
    "heartbeat",
    "import_changes",
    "imports",
    "invitation_rounds",
    "invitation_rows",
    "invitation_terms",
    "invitations",
    "jobs",
    "letters",
    "memberships",
    "message_events",
    "messages",
    "notes",
    "own_texts",
    "password_resets",
    "proposals",
    "role_assigns",
    "roles",
    "roster",
    "roster_counts",
    "saved_views",
    "security_reports",
    "sessions",
    "settings",
    "shift_people",
    "shifts",
    "table_layouts",
    "to_tell",
    "unfinished",
    "units",
    "users",
];

/// Whether a part of a backup has a name that the product knows.
pub fn is_ours(name: &str) -> bool {
    name == SEARCH || OURS.contains(&name) || FORMER.contains(&name)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Text,
    Number,
    Truth,
}

/// A table with its columns.
#[derive(Clone, Debug)]
pub struct CopiedTable {
    pub name: String,
    columns: Vec<(String, Type)>,
    /// In which order its rows are read: one that what a row refers to within the table comes before it.
    order: Vec<String>,
}

impl CopiedTable {
    /// The names of its columns.
    pub fn columns(&self) -> Vec<&str> {
        self.columns.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// A row as a backup holds it; `None` when it is not one of this table.
    pub fn read_json(&self, row: Vec<serde_json::Value>) -> Option<Vec<Value>> {
        use serde_json::Value as Json;
        if row.len() != self.columns.len() {
            return None;
        }
        let typed = |(value, (_, kind)): (Json, &(String, Type))| match (value, kind) {
            (Json::Null, Type::Text) => Some(Value::Text(None)),
            (Json::Null, Type::Number) => Some(Value::Number(None)),
            (Json::String(text), Type::Text) => Some(Value::Text(Some(text))),
            (Json::Number(number), Type::Number) => number.as_i64().map(|number| Value::Number(Some(number))),
            (Json::Bool(truth), Type::Truth) => Some(Value::Truth(truth)),
            _ => None,
        };
        row.into_iter().zip(&self.columns).map(typed).collect()
    }

    /// Where a row is written: the view of the search index is read only.
    fn written(&self) -> (&str, Vec<&str>) {
        if self.name == SEARCH { ("user_search", vec!["rowid", "haystack"]) } else { (&self.name, self.columns()) }
    }
}

const COLUMNS_OF_SQLITE: &str = "select t.name as of, c.name as name, lower(c.type) as kind, c.pk as key_place \
    from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table' order by t.name, c.cid";
const COLUMNS_OF_POSTGRES: &str = "select t.relname::text as of, a.attname::text as name, \
    format_type(a.atttypid, a.atttypmod) as kind, coalesce(array_position(k.conkey, a.attnum), 0)::bigint as key_place \
    from pg_class t join pg_namespace n on n.oid = t.relnamespace and n.nspname = current_schema() \
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped \
    left join pg_constraint k on k.conrelid = t.oid and k.contype = 'p' where t.relkind = 'r' order by t.relname, a.attnum";
const REFERENCES_OF_SQLITE: &str = "select t.name as of, f.\"table\" as target \
    from sqlite_master t join pragma_foreign_key_list(t.name) f where t.type = 'table'";
const REFERENCES_OF_POSTGRES: &str = "select t.relname::text as of, o.relname::text as target from pg_constraint k \
    join pg_class t on t.oid = k.conrelid join pg_class o on o.oid = k.confrelid \
    join pg_namespace n on n.oid = t.relnamespace and n.nspname = current_schema() where k.contype = 'f'";

/// The names of all tables in the database but those that it, or the migrator, keeps for itself.
pub async fn names(tx: &mut Tx) -> Result<BTreeSet<String>> {
    let columns = if tx.kind() == DatabaseKind::Sqlite { COLUMNS_OF_SQLITE } else { COLUMNS_OF_POSTGRES };
    let mut names = BTreeSet::new();
    for row in tx.rows(columns, &[]).await? {
        names.insert(row.text("of")?);
    }
    names.retain(|name| !["_sqlx", "sqlite_", "user_search"].iter().any(|own| name.starts_with(own)));
    Ok(names)
}

/// The tables of the product that are there, each behind those that it refers to.
pub async fn tables(tx: &mut Tx) -> Result<Vec<CopiedTable>> {
    let (columns, references) = match tx.kind() {
        DatabaseKind::Sqlite => (COLUMNS_OF_SQLITE, REFERENCES_OF_SQLITE),
        DatabaseKind::Postgres => (COLUMNS_OF_POSTGRES, REFERENCES_OF_POSTGRES),
    };
    let mut found: BTreeMap<String, (CopiedTable, BTreeMap<i64, String>)> = BTreeMap::new();
    for row in tx.rows(columns, &[]).await? {
        let (name, column) = (row.text("of")?, row.text("name")?);
        if !OURS.contains(&name.as_str()) && !FORMER.contains(&name.as_str()) {
            continue;
        }
        let kind = match row.text("kind")?.as_str() {
            "text" => Type::Text,
            "bigint" => Type::Number,
            "boolean" => Type::Truth,
            other => return Err(unknown(&format!("{name}.{column} is of type {other}"))),
        };
        let table = CopiedTable { name: name.clone(), columns: Vec::new(), order: Vec::new() };
        let (table, key) = found.entry(name).or_insert((table, BTreeMap::new()));
        let place = row.number("key_place")?;
        if place > 0 {
            key.insert(place, column.clone());
        }
        table.columns.push((column, kind));
    }
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in tx.rows(references, &[]).await? {
        let (of, target) = (row.text("of")?, row.text("target")?);
        if of != target && found.contains_key(&target) {
            needs.entry(of).or_default().insert(target);
        }
    }
    let mut tables: Vec<CopiedTable> = Vec::new();
    while !found.is_empty() {
        let is_ready = |name: &&String| {
            let needed = needs.get(*name);
            needed.is_none_or(|needed| needed.iter().all(|other| !found.contains_key(other)))
        };
        let Some(next) = found.keys().find(is_ready).cloned() else {
            return Err(unknown("tables refer to each other in a circle"));
        };
        if let Some((mut table, key)) = found.remove(&next) {
            // A unit may stand below one that is younger; its path never comes before that one's.
            let by_path = table.name == "units";
            table.order = if by_path { vec!["path".into()] } else { key.into_values().collect() };
            tables.push(table);
        }
    }
    let columns = vec![("person".to_string(), Type::Number), ("haystack".to_string(), Type::Text)];
    tables.push(CopiedTable { name: SEARCH.into(), columns, order: vec!["person".into()] });
    Ok(tables)
}

fn unknown(what: &str) -> Error {
    Error::Other(sqlx::Error::Protocol(what.to_string()))
}

/// The rows behind `after` (the last row that was read), some hundreds at most; none at the end.
pub async fn rows(tx: &mut Tx, table: &CopiedTable, after: Option<&[Value]>) -> Result<Vec<Vec<Value>>> {
    let order = table.order.join(", ");
    let mut some = Statement::new(format!("select {} from {}", table.columns().join(", "), table.name));
    if let Some(last) = after {
        let place = |name: &String| table.columns.iter().position(|(column, _)| column == name);
        let key: Vec<Value> =
            table.order.iter().filter_map(place).filter_map(|place| last.get(place).cloned()).collect();
        let key = some.bind_all(key);
        some.push(&format!(" where ({order}) > ({key})"));
    }
    some.push(&format!(" order by {order} limit {AT_ONCE}"));
    let read = |row: &super::Row| {
        let value = |(name, kind): &(String, Type)| {
            Ok(match kind {
                Type::Text => Value::Text(row.maybe_text(name)?),
                Type::Number => Value::Number(row.maybe_number(name)?),
                Type::Truth => Value::Truth(row.truth(name)?),
            })
        };
        table.columns.iter().map(value).collect()
    };
    some.rows(tx).await?.iter().map(read).collect()
}

/// Writes rows, whose values stand in the order of the table's columns.
pub async fn insert(tx: &mut Tx, table: &CopiedTable, rows: &[Vec<Value>]) -> Result<()> {
    let (name, columns) = table.written();
    for some in rows.chunks(AT_ONCE) {
        let mut all = Statement::new(format!("insert into {name} ({}) values ", columns.join(", ")));
        for (at, row) in some.iter().enumerate() {
            let values = all.bind_all(row.iter().cloned());
            all.push(&format!("{}({values})", if at == 0 { "" } else { ", " }));
        }
        tx.execute(sqlx::AssertSqlSafe(all.sql), &all.values).await?;
    }
    Ok(())
}

/// Takes every row out of a table.
pub async fn clear(tx: &mut Tx, table: &CopiedTable) -> Result<()> {
    let (name, _) = table.written();
    tx.execute(sqlx::AssertSqlSafe(format!("delete from {name}")), &[]).await?;
    Ok(())
}

/// How many rows a table has.
pub async fn count(tx: &mut Tx, table: &CopiedTable) -> Result<i64> {
    Statement::new(format!("select count(*) as n from {}", table.name)).number(tx).await
}

/// What the database itself finds wrong with its file or its references; Postgres looks after both all the time.
pub async fn faults(tx: &mut Tx) -> Result<Vec<String>> {
    if tx.kind() == DatabaseKind::Postgres {
        return Ok(Vec::new());
    }
    let mut faults = Vec::new();
    for row in tx.rows("select integrity_check as said from pragma_integrity_check", &[]).await? {
        faults.push(row.text("said")?);
    }
    faults.retain(|said| said != "ok");
    for row in tx.rows("select \"table\" as said from pragma_foreign_key_check", &[]).await? {
        faults.push(format!("{} refers to a row that is not there", row.text("said")?));
    }
    Ok(faults)
}

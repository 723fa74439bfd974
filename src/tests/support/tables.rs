//! Everything that the database holds, as text: to show that nothing was written, or that a secret stands nowhere.

use super::site::TestSite;
use std::collections::{BTreeMap, BTreeSet};
use usher::server::storage::Database;
use usher::server::storage::tx::{DatabaseKind, Value};

/// What a mere visit may change: when somebody was last seen, and with it the end of an idle session; when a token was used.
const SEEN: [(&str, &str); 4] = [
    ("api_tokens", "last_used_at"),
    ("users", "last_seen_at"),
    ("sessions", "last_seen_at"),
    ("sessions", "expires_at"),
];

/// One number out of the database, which the statement calls `n`.
pub async fn number(db: &Database, sql: &'static str, values: &[Value]) -> i64 {
    let mut tx = db.read().await.expect("a connection");
    tx.row(sql, values).await.expect(sql).number("n").expect("a number")
}

impl TestSite {
    /// One number out of its database, which the statement calls `n`.
    pub async fn number(&self, sql: &'static str) -> i64 {
        number(&self.app.db, sql, &[]).await
    }
}

/// The rows of all tables, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump(BTreeMap<String, Vec<String>>);

impl Dump {
    pub async fn of(db: &Database) -> Self {
        let mut tables = BTreeMap::new();
        for (table, columns) in columns(db).await {
            tables.insert(table.clone(), rows(db, &table, &columns).await);
        }
        assert!(tables.len() > 15, "{:?}", tables.keys());
        Self(tables)
    }

    /// Whether a text stands anywhere.
    pub fn holds(&self, text: &str) -> bool {
        self.0.values().flatten().any(|row| row.contains(text))
    }

    /// What is different in another one, row by row.
    pub fn changes_to(&self, after: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        for (table, rows) in &self.0 {
            let (before, after): (BTreeSet<_>, BTreeSet<_>) = (rows.iter().collect(), after.0[table].iter().collect());
            changes.extend(before.difference(&after).map(|row| format!("- {table}: {row}")));
            changes.extend(after.difference(&before).map(|row| format!("+ {table}: {row}")));
        }
        changes
    }

    /// Fails when the database holds anything else now.
    pub async fn assert_unchanged(&self, db: &Database, after_what: &str) {
        let changes = self.changes_to(&Self::of(db).await);
        assert!(changes.is_empty(), "{after_what} changed something:\n{}", changes.join("\n"));
    }
}

/// The columns of each table.
async fn columns(db: &Database) -> BTreeMap<String, Vec<String>> {
    let sql = match db.kind() {
        DatabaseKind::Sqlite => {
            "select t.name as of, c.name as name from sqlite_master t join pragma_table_info(t.name) c \
             where t.type = 'table' and t.name not like 'user_search_%' order by t.name, c.cid"
        }
        DatabaseKind::Postgres => {
            "select table_name::text as of, column_name::text as name from information_schema.columns \
             where table_schema = 'public' order by table_name, ordinal_position"
        }
    };
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in db.read().await.expect("a connection").rows(sql, &[]).await.expect("the columns") {
        let (table, column) = (row.text("of").expect("a table"), row.text("name").expect("a column"));
        // Written to see whether anything can be written.
        let is_data = table != "heartbeat";
        let is_ours = is_data && !table.starts_with("_sqlx") && !table.starts_with("sqlite_");
        if is_ours && !SEEN.contains(&(table.as_str(), column.as_str())) {
            tables.entry(table).or_default().push(column);
        }
    }
    tables
}

async fn rows(db: &Database, table: &str, columns: &[String]) -> Vec<String> {
    let parts: Vec<String> =
        columns.iter().map(|column| format!("coalesce(cast({column} as text), '(nothing)')")).collect();
    // That a call was refused is written down (AZ-09); it changes nothing else.
    let but = match table {
        "audit_events" => "where action <> 'refused'",
        "attempts" => "where subject not like 'refused %'",
        _ => "",
    };
    let sql = format!("select {} as line from {table} {but}", parts.join(" || ' | ' || "));
    let rows = db.read().await.expect("a connection").rows(sqlx::AssertSqlSafe(sql), &[]).await.expect("the rows");
    let mut lines: Vec<String> = rows.iter().map(|row| row.text("line").expect("a line")).collect();
    lines.sort();
    lines
}

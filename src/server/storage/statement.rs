//! A statement that grows with its conditions: every piece is a text of this program, every value is bound.

use super::tx::{Kind, Value};
use super::{Result, Row, Tx};
use sqlx::AssertSqlSafe;

#[derive(Clone, Debug)]
pub struct Statement {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Statement {
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), values: Vec::new() }
    }

    /// A value's place in the text.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// The places of some values, for a list in brackets.
    pub fn bind_all(&mut self, values: impl IntoIterator<Item = impl Into<Value>>) -> String {
        values.into_iter().map(|value| self.bind(value)).collect::<Vec<_>>().join(", ")
    }

    pub fn push(&mut self, text: &str) {
        self.sql.push_str(text);
    }

    /// Looks rows of another table up for each row so far, in this order on both databases: they do not know how long our
    /// lists are, and would begin with the one that they take for the shortest. `table` is its name and its alias.
    pub fn look_up(&mut self, kind: Kind, table: &str, on: &str) {
        let alias = table.rsplit(' ').next().unwrap_or(table);
        self.push(&match kind {
            Kind::Sqlite => format!(" cross join {table} on {on}"),
            Kind::Postgres => format!(" cross join lateral (select * from {table} where {on} offset 0) {alias}"),
        });
    }

    pub fn and(&mut self, condition: &str) {
        self.push(" and ");
        self.push(condition);
    }

    pub async fn rows(self, tx: &mut Tx) -> Result<Vec<Row>> {
        tx.rows(AssertSqlSafe(self.sql), &self.values).await
    }

    /// The number `n` of its one row.
    pub async fn number(self, tx: &mut Tx) -> Result<i64> {
        tx.row(AssertSqlSafe(self.sql), &self.values).await?.number("n")
    }
}

//! A statement that grows with its conditions: every piece is a text of this program, every value is bound.

use super::tx::Value;
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

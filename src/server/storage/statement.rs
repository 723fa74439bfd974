//! A statement that grows with its conditions: every piece is a text of this program, every value is bound.

use super::tx::{DatabaseKind, Value};
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

    /// Pairs of values as a table with `column1` and `column2`, as both databases call them; never an empty one.
    pub(super) fn push_pairs<A: Into<Value>, B: Into<Value>>(&mut self, pairs: impl Iterator<Item = (A, B)>) {
        self.push_table(pairs.map(|(one, other)| [one.into(), other.into()]));
    }

    /// The same of rows of any width.
    pub(super) fn push_table<const N: usize>(&mut self, rows: impl Iterator<Item = [Value; N]>) {
        let rows: Vec<String> = rows.map(|row| format!("({})", self.bind_all(row))).collect();
        self.push(&format!("(values {})", rows.join(", ")));
    }

    /// Looks rows of another table up for each row so far, in this order on both databases: they do not know how long our
    /// lists are, and would begin with the one that they take for the shortest. `table` is its name and its alias.
    pub fn look_up(&mut self, kind: DatabaseKind, table: &str, on: &str) {
        let alias = table.rsplit(' ').next().unwrap_or(table);
        self.push(&match kind {
            DatabaseKind::Sqlite => format!(" cross join {table} on {on}"),
            DatabaseKind::Postgres => {
                format!(" cross join lateral (select * from {table} where {on} offset 0) {alias}")
            }
        });
    }

    pub fn and(&mut self, condition: &str) {
        self.push(" and ");
        self.push(condition);
    }

    pub(super) async fn execute(self, tx: &mut Tx) -> Result<u64> {
        tx.execute(AssertSqlSafe(self.sql), &self.values).await
    }

    pub async fn rows(self, tx: &mut Tx) -> Result<Vec<Row>> {
        tx.rows(AssertSqlSafe(self.sql), &self.values).await
    }

    /// Its one row.
    pub async fn row(self, tx: &mut Tx) -> Result<Row> {
        tx.row(AssertSqlSafe(self.sql), &self.values).await
    }

    /// Runs a statement that ends in `… in`, for some hundred values at a time.
    pub(super) async fn for_each_of<'a, T>(sql: &str, all: &'a [T], tx: &mut Tx) -> Result<()>
    where
        &'a T: Into<Value>,
    {
        Self::for_each_of_with(sql, &[], all, tx).await
    }

    /// The same of one in which other values stand first.
    pub(super) async fn for_each_of_with<'a, T>(sql: &str, first: &[Value], all: &'a [T], tx: &mut Tx) -> Result<()>
    where
        &'a T: Into<Value>,
    {
        for some in all.chunks(super::MOST_IN_A_LIST) {
            let mut statement = Self { sql: sql.into(), values: first.to_vec() };
            let places = statement.bind_all(some);
            statement.push(&format!(" ({places})"));
            tx.execute(AssertSqlSafe(statement.sql), &statement.values).await?;
        }
        Ok(())
    }

    /// The number `n` of its one row.
    pub async fn number(self, tx: &mut Tx) -> Result<i64> {
        self.row(tx).await?.number("n")
    }
}

/// How many rows one statement writes at most.
const MOST_ROWS: usize = 100;

/// Rows on their way into a table: however many they are, a statement for each hundred of them.
pub(super) struct Rows {
    /// `insert into … (…)`.
    into: &'static str,
    /// What is to be done about rows that are there already.
    on_conflict: &'static str,
    width: usize,
    values: Vec<Value>,
}

impl Rows {
    /// For a table with these columns, named with commas between them.
    pub(super) fn new(into: &'static str) -> Self {
        Self { into, on_conflict: "", width: into.split(',').count(), values: Vec::new() }
    }

    pub(super) fn on_conflict(self, on_conflict: &'static str) -> Self {
        Self { on_conflict, ..self }
    }

    pub(super) fn add<const N: usize>(&mut self, row: [Value; N]) {
        debug_assert_eq!(N, self.width, "{}", self.into);
        self.values.extend(row);
    }

    pub(super) async fn write(self, tx: &mut Tx) -> Result<()> {
        for some in self.values.chunks(MOST_ROWS * self.width) {
            let places: Vec<String> = (1..=some.len()).map(|at| format!("${at}")).collect();
            let rows: Vec<String> = places.chunks(self.width).map(|row| format!("({})", row.join(", "))).collect();
            let sql = format!("{} values {} {}", self.into, rows.join(", "), self.on_conflict);
            tx.execute(AssertSqlSafe(sql), some).await?;
        }
        Ok(())
    }
}

//! Running statements on either database. Every statement is one text with `$1` placeholders for both; what comes back is read
//! by column name. Besides `database`, which opens them, only this file knows that there are two. Nothing here knows a table.

use super::commit::{Remembered, changed_by};
use super::corrupt::Corrupt;
use super::database::Database;
use super::error::{Error, Result};
use super::meter::WriterHold;
use super::places;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite};
use std::time::Duration as StdDuration;
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit};
use tokio::time::timeout;

/// How long the undoing of what was not committed may take before the connection is thrown away.
const UNDOING: StdDuration = StdDuration::from_secs(5);

/// A value bound to a placeholder.
#[derive(Clone, Debug)]
pub enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Truth(bool),
}

macro_rules! value_from {
    ($($type:ty => |$value:ident| $make:expr;)*) => {$(
        impl From<$type> for Value { fn from($value: $type) -> Self { $make } }
    )*};
}
value_from! {
    String => |v| Self::Text(Some(v));
    &str => |v| Self::Text(Some(v.to_string()));
    &String => |v| Self::Text(Some(v.clone()));
    Option<String> => |v| Self::Text(v);
    Option<&str> => |v| Self::Text(v.map(str::to_string));
    i64 => |v| Self::Number(Some(v));
    &i64 => |v| Self::Number(Some(*v));
    usize => |v| Self::Number(i64::try_from(v).ok());
    Option<i64> => |v| Self::Number(v);
    bool => |v| Self::Truth(v);
    crate::domain::timestamp::Timestamp => |v| Self::Number(Some(v.0));
    Option<crate::domain::timestamp::Timestamp> => |v| Self::Number(v.map(|moment| moment.0));
    crate::domain::timestamp::Duration => |v| Self::Number(Some(v.0));
    Option<crate::domain::timestamp::Duration> => |v| Self::Number(v.map(|span| span.0));
}

macro_rules! value_from_id {
    ($($id:ident),*) => {$(
        impl From<&crate::domain::id::$id> for Value {
            fn from(id: &crate::domain::id::$id) -> Self { Self::Text(Some(id.as_str().to_string())) }
        }
        impl From<Option<&crate::domain::id::$id>> for Value {
            fn from(id: Option<&crate::domain::id::$id>) -> Self { Self::Text(id.map(|id| id.as_str().to_string())) }
        }
    )*};
}
value_from_id!(
    UserId,
    UnitId,
    RoleId,
    MembershipId,
    InvitationId,
    MessageId,
    ResetId,
    SessionId,
    TokenId,
    EventId,
    DraftId,
    JobId,
    NoteId,
    ImportId,
    ProposalId,
    TextId,
    ShiftId,
    BulkId,
    ConsentId,
    ConsentTextId,
    ViewId
);

/// The values of a statement, in the order of its placeholders.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::server::storage::tx::Value::from($value)),*] };
}

/// A row that came back; each table's file reads its own, column by column. sqlx's `FromRow` would come with its macros, and they
/// with both drivers (SQLite itself among them) compiled a second time for the machine that builds; and it says neither in
/// which table nor in whose row something cannot be read.
pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub fn text(&self, column: &str) -> Result<String> {
        self.read(column)
    }
    pub fn maybe_text(&self, column: &str) -> Result<Option<String>> {
        self.read(column)
    }
    pub fn number(&self, column: &str) -> Result<i64> {
        self.read(column)
    }
    pub fn maybe_number(&self, column: &str) -> Result<Option<i64>> {
        self.read(column)
    }
    pub fn truth(&self, column: &str) -> Result<bool> {
        self.read(column)
    }

    fn read<'r, T>(&'r self, column: &str) -> Result<T>
    where
        T: sqlx::Decode<'r, Sqlite> + sqlx::Type<Sqlite> + sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
    {
        let read = match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        };
        read.map_err(|error| match error {
            sqlx::Error::ColumnDecode { .. } => Corrupt::column(column).into(),
            other => other.into(),
        })
    }
}

/// Which of the two it is; asked only where a statement cannot be one text (see [`Database::kind`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    Sqlite,
    Postgres,
}

/// A connection in use.
pub(super) enum HeldConnection {
    SqliteReader(PoolConnection<Sqlite>),
    /// The one that writes; nobody else has it meanwhile.
    SqliteWriter(OwnedMutexGuard<Option<SqliteConnection>>),
    Postgres {
        it: PoolConnection<Postgres>,
        /// One's turn, of those who write: given back with the connection.
        _turn: Option<OwnedSemaphorePermit>,
    },
}

/// The connection itself, of either kind.
enum Either<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl HeldConnection {
    fn connection(&mut self) -> Option<Either<'_>> {
        match self {
            Self::SqliteReader(it) => Some(Either::Sqlite(it)),
            Self::SqliteWriter(it) => it.as_mut().map(Either::Sqlite),
            Self::Postgres { it, .. } => Some(Either::Postgres(it)),
        }
    }

    /// Never used again.
    fn throw_away(&mut self) {
        match self {
            Self::SqliteReader(it) => it.close_on_drop(),
            Self::SqliteWriter(it) => drop(it.take()),
            Self::Postgres { it, .. } => it.close_on_drop(),
        }
    }
}

/// What a connection is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Reading,
    /// One statement that is its own transaction.
    Single,
    /// A transaction that only reads.
    Snapshot,
    /// A transaction that writes.
    Writing,
}

/// A connection in use: for reading, or inside a write transaction.
pub struct Tx {
    /// What its commit will have to think of.
    pub(super) remembered: Remembered,
    database: Database,
    /// While it can write.
    hold: Option<WriterHold>,
    /// Taken when it is given back.
    held: Option<HeldConnection>,
    used: Use,
    /// Rows were written in it.
    has_changed: bool,
    /// A statement has been sent and not been answered.
    is_waiting: bool,
}

/// Runs a body for whichever database the connection belongs to.
macro_rules! on_either {
    ($tx:expr, $values:expr, |$connection:ident, $arguments:ident, $row:ident| $body:expr) => {{
        let reach = $tx.database.reach().cloned();
        $tx.is_waiting = true;
        let done = match ($tx.held.as_mut().and_then(HeldConnection::connection), reach) {
            (Some(Either::Sqlite($connection)), _) => {
                let mut $arguments = SqliteArguments::default();
                on_either!(@bind $values, $arguments);
                let $row = Row::Sqlite;
                let done: sqlx::Result<_> = async { $body }.await;
                done.map_err(Error::from)
            }
            (Some(Either::Postgres($connection)), Some(reach)) => {
                let mut $arguments = PgArguments::default();
                on_either!(@bind $values, $arguments);
                let $row = Row::Postgres;
                reach.guard(async { $body }).await
            }
            _ => Err(Error::Busy),
        };
        $tx.heard(done)
    }};
    (@bind $values:expr, $arguments:ident) => {
        for value in $values {
            match value {
                // Postgres keeps no NUL in a text, so neither of them gets one.
                Value::Text(text) => $arguments.add(text.as_ref().map(|text| text.replace('\0', "\u{fffd}"))),
                Value::Number(number) => $arguments.add(*number),
                Value::Truth(truth) => $arguments.add(*truth),
            }
            .map_err(sqlx::Error::Encode)?;
        }
    };
}

impl Tx {
    fn new(database: Database, held: HeldConnection, used: Use) -> Self {
        let hold = matches!(used, Use::Single | Use::Writing).then(|| WriterHold::begin(database.meter()));
        Self {
            remembered: Remembered::default(),
            database,
            hold,
            held: Some(held),
            used,
            has_changed: false,
            is_waiting: false,
        }
    }

    pub(super) fn reading(database: Database, held: HeldConnection) -> Self {
        Self::new(database, held, Use::Reading)
    }

    /// For one statement that is its own transaction.
    pub(super) fn single(database: Database, held: HeldConnection) -> Self {
        Self::new(database, held, Use::Single)
    }

    /// Opens a transaction that writes.
    pub(super) async fn begin(
        database: Database,
        held: HeldConnection,
        sql: &'static str,
        remembered: Remembered,
    ) -> Result<Self> {
        // Undone from here on, however this ends.
        let mut tx = Self::new(database, held, Use::Writing);
        tx.remembered = remembered;
        tx.simply(sql).await?;
        Ok(tx)
    }

    /// Opens a transaction that only reads.
    pub(super) async fn begin_reading(database: Database, held: HeldConnection, sql: &'static str) -> Result<Self> {
        let mut tx = Self::new(database, held, Use::Snapshot);
        tx.simply(sql).await?;
        Ok(tx)
    }

    fn count(&mut self) {
        self.database.meter().count();
        if let Some(hold) = &mut self.hold {
            hold.count();
        }
    }

    /// Runs a statement; the number of rows that it changed.
    pub async fn execute(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<u64> {
        self.count();
        let sql = sql.into_sql_str();
        let table = self.remembered.asked_by(sql.as_str());
        let (sql, values) = self.placed(sql, values);
        let changed = on_either!(self, values, |connection, arguments, _row| {
            Ok(sqlx::query_with(sql, arguments).execute(connection).await?.rows_affected())
        })?;
        if changed > 0 {
            self.has_changed = true;
            self.remembered.changed(table);
        }
        Ok(changed)
    }

    /// All rows of a query.
    pub async fn rows(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<Vec<Row>> {
        self.count();
        let sql = sql.into_sql_str();
        let (table, writes) = self.told_by(sql.as_str());
        let (sql, values) = self.placed(sql, values);
        let rows: Vec<Row> = on_either!(self, values, |connection, arguments, row| {
            Ok(sqlx::query_with(sql, arguments).fetch_all(connection).await?.into_iter().map(row).collect())
        })?;
        if !rows.is_empty() {
            self.has_changed |= writes;
            self.remembered.changed(table);
        }
        Ok(rows)
    }

    /// The one row of a query, if there is one.
    pub async fn maybe_row(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<Option<Row>> {
        self.count();
        let sql = sql.into_sql_str();
        let (table, writes) = self.told_by(sql.as_str());
        let (sql, values) = self.placed(sql, values);
        let found = on_either!(self, values, |connection, arguments, row| {
            Ok(sqlx::query_with(sql, arguments).fetch_optional(connection).await?.map(row))
        })?;
        if found.is_some() {
            self.has_changed |= writes;
            self.remembered.changed(table);
        }
        Ok(found)
    }

    /// A statement as its database is told it.
    fn placed<'a>(&self, sql: SqlStr, values: &'a [Value]) -> (SqlStr, Vec<&'a Value>) {
        match self.kind() {
            DatabaseKind::Sqlite => places::in_order(sql, values),
            DatabaseKind::Postgres => (sql, values.iter().collect()),
        }
    }

    /// The table of a statement that says which rows it changed, where that asks for a line; and whether it changes any.
    fn told_by(&self, sql: &str) -> (Option<String>, bool) {
        let writes = changed_by(sql).is_some();
        debug_assert!(!writes || sql.contains(" returning "), "{sql}");
        (self.remembered.asked_by(sql), writes)
    }

    /// The one row of a query that always has one.
    pub async fn row(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<Row> {
        self.maybe_row(sql, values).await?.ok_or(Error::Other(sqlx::Error::RowNotFound))
    }

    /// Runs statements that have no values and give no rows.
    async fn simply(&mut self, sql: &'static str) -> Result<()> {
        let none: [&Value; 0] = [];
        on_either!(self, none, |connection, arguments, _row| {
            drop(arguments);
            sqlx::raw_sql(sql).execute(connection).await.map(drop)
        })
    }

    /// What a statement came to; a connection below which something failed is not used again.
    fn heard<T>(&mut self, done: Result<T>) -> Result<T> {
        self.is_waiting = false;
        if let Err(error) = &done
            && error.hurts()
        {
            if matches!(self.used, Use::Single | Use::Writing) {
                self.database.wrote(Err(error));
            }
            if let Some(mut held) = self.held.take() {
                held.throw_away();
            }
        }
        done
    }

    pub fn kind(&self) -> DatabaseKind {
        self.database.kind()
    }

    /// Whether it was begun to change something.
    pub fn writes(&self) -> bool {
        matches!(self.used, Use::Single | Use::Writing)
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// Whether it is a transaction that writes, and has not come to its end.
    pub(super) fn is_open_for_writing(&self) -> bool {
        self.used == Use::Writing
    }

    /// Commits; what goes before and comes after is `commit`'s.
    ///
    /// # Errors
    /// `Unsure` when nobody can say whether it was kept.
    pub(super) async fn end(mut self) -> Result<()> {
        self.database.is_kept()?;
        self.simply("commit").await.map_err(Error::of_commit)?;
        self.used = Use::Reading;
        // That nothing was written shows nothing.
        if self.has_changed {
            self.database.wrote(Ok(()));
        }
        Ok(())
    }
}

impl Drop for Tx {
    /// Undoes what was not committed, beside whatever goes on; the next writer waits for it.
    fn drop(&mut self) {
        let Some(mut held) = self.held.take() else { return };
        if !matches!(self.used, Use::Writing | Use::Snapshot) {
            // Whoever took it out of the pool next would wait for the answer, which may never come.
            if self.is_waiting && self.kind() == DatabaseKind::Postgres {
                held.throw_away();
            }
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return held.throw_away() };
        let hold = self.hold.take();
        runtime.spawn(async move {
            // Held until then.
            let _hold = hold;
            let undone = match held.connection() {
                Some(Either::Sqlite(it)) => {
                    timeout(UNDOING, sqlx::raw_sql("rollback").execute(it)).await.map(|it| it.is_ok())
                }
                Some(Either::Postgres(it)) => {
                    timeout(UNDOING, sqlx::raw_sql("rollback").execute(it)).await.map(|it| it.is_ok())
                }
                None => Ok(true),
            };
            if undone != Ok(true) {
                held.throw_away();
            }
        });
    }
}

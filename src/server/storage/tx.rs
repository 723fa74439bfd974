//! The only file that knows there are two databases. Every statement is one text with `$1` placeholders for both; what
//! comes back is read by column name. Nothing here knows a table.

use super::corrupt::Corrupt;
use super::meter::{Hold, Meter};
use super::migrations;
use sqlx::migrate::MigrateError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Arguments, ConnectOptions, Connection, Postgres, Row as _, SqlSafeStr, Sqlite, Transaction};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// The key of the advisory lock by which Postgres, like SQLite, has one writer at a time. So every rule that is checked
/// inside a write transaction still holds when it commits, on both databases, without a lock per rule.
const WRITER_LOCK: i64 = 0x5573_6865_7221;

/// How long a statement waits for the writer before the person is told to try again.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a connection to Postgres is believed to be there without asking.
const BELIEVED: Duration = Duration::from_secs(1);

/// Why the database did not do it.
#[derive(Debug)]
pub enum Error {
    /// A unique index stands against it; its name, alike on both databases (`users_email`).
    Taken(String),
    /// The database is busy or out of reach at this moment.
    Busy,
    /// Something that stands in a row cannot be read.
    Corrupt(Corrupt),
    Other(sqlx::Error),
    Migration(MigrateError),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Taken(index) => write!(f, "the unique index {index} stands against it"),
            Self::Busy => f.write_str("the database is busy"),
            Self::Corrupt(place) => write!(f, "{place}"),
            Self::Other(error) => write!(f, "{error}"),
            Self::Migration(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {}

pub type Result<T> = std::result::Result<T, Error>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) {
            return Self::Busy;
        }
        let Some(database) = error.as_database_error() else {
            return Self::Other(error);
        };
        if database.is_unique_violation() {
            // SQLite names the columns in its message only: "UNIQUE constraint failed: users.email".
            let index = database.constraint().map_or_else(
                || {
                    let columns = database.message().rsplit(": ").next().unwrap_or_default();
                    columns.split(", ").next().unwrap_or_default().replace('.', "_")
                },
                str::to_string,
            );
            return Self::Taken(index);
        }
        // SQLite: BUSY and LOCKED; Postgres: lock not available, deadlock, serialization, too many connections, shutdown.
        match database.code().as_deref() {
            Some("5" | "6" | "261" | "517" | "55P03" | "40P01" | "40001" | "53300" | "57P01" | "57P03") => Self::Busy,
            _ => Self::Other(error),
        }
    }
}

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
    crate::domain::moment::Moment => |v| Self::Number(Some(v.0));
    Option<crate::domain::moment::Moment> => |v| Self::Number(v.map(|moment| moment.0));
    crate::domain::moment::Span => |v| Self::Number(Some(v.0));
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
    EventId,
    DraftId,
    NoteId,
    ProposalId,
    ShiftId
);

/// The values of a statement, in the order of its placeholders.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::server::storage::tx::Value::from($value)),*] };
}

/// A row that came back.
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
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A database, open.
#[derive(Clone, Debug)]
pub struct Database {
    pools: Pools,
    meter: Arc<Meter>,
}

#[derive(Clone, Debug)]
enum Pools {
    /// WAL mode: one connection writes, several read.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

impl From<Pools> for Database {
    fn from(pools: Pools) -> Self {
        Self { pools, meter: Arc::default() }
    }
}

impl Database {
    /// Opens `sqlite:PATH` (making the file) or `postgres://…`. A wrong address is an error that names it, without the
    /// password.
    pub async fn open(url: &str) -> Result<Self> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(url)?.application_name("usher").disable_statement_logging();
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(PATIENCE)
                // The server may have been restarted meanwhile; one that answered a moment ago is believed to be there.
                .test_before_acquire(false)
                .before_acquire(|connection, meta| {
                    Box::pin(async move {
                        if meta.idle_for > BELIEVED {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .connect_with(options)
                .await?;
            return Ok(Pools::Postgres(pool).into());
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An acknowledged change must survive a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .pragma("mmap_size", "268435456")
            .pragma("cache_size", "-4096")
            .pragma("temp_store", "memory")
            // After something large was written, its log file becomes small again.
            .pragma("journal_size_limit", "16777216")
            .statement_cache_capacity(128)
            .disable_statement_logging();
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            // A file does not go away.
            .test_before_acquire(false)
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Pools::Sqlite { readers, writer }.into())
    }

    /// Brings the schema up to this version's.
    pub async fn migrate(&self) -> Result<()> {
        self.migrate_up_to(migrations::newest()).await
    }

    /// Brings the schema up to an older version's, for rows that were written with that one.
    pub async fn migrate_up_to(&self, version: i64) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => migrations::up_to(version, migrations::for_sqlite()).run(writer).await,
            Pools::Postgres(pool) => migrations::up_to(version, migrations::for_postgres()).run(pool).await,
        }
        .map_err(Error::Migration)
    }

    /// What this database was asked for since it was opened.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    pub fn kind(&self) -> Kind {
        match &self.pools {
            Pools::Sqlite { .. } => Kind::Sqlite,
            Pools::Postgres(_) => Kind::Postgres,
        }
    }

    /// A connection that only reads.
    pub async fn read(&self) -> Result<Tx> {
        let inner = match &self.pools {
            Pools::Sqlite { readers, .. } => Inner::SqliteRead(readers.acquire().await?),
            Pools::Postgres(pool) => Inner::PostgresRead(pool.acquire().await?),
        };
        Ok(Tx { inner, meter: self.meter.clone(), hold: None })
    }

    /// A transaction that writes, alone: what it read is still true when it commits. Dropped without [`Tx::commit`], it
    /// never happened.
    pub async fn write(&self) -> Result<Tx> {
        let inner = match &self.pools {
            Pools::Sqlite { writer, .. } => Inner::SqliteWrite(writer.begin_with("begin immediate").await?),
            Pools::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                sqlx::query("set local lock_timeout = '5s'").execute(&mut *transaction).await?;
                sqlx::query("select pg_advisory_xact_lock($1)").bind(WRITER_LOCK).execute(&mut *transaction).await?;
                Inner::PostgresWrite(transaction)
            }
        };
        Ok(Tx { inner, meter: self.meter.clone(), hold: Some(Hold::begin(&self.meter)) })
    }

    /// A transaction that only reads, and sees the whole database as it was at one moment, however long it takes.
    pub async fn snapshot(&self) -> Result<Tx> {
        let inner = match &self.pools {
            Pools::Sqlite { readers, .. } => Inner::SqliteWrite(readers.begin().await?),
            Pools::Postgres(pool) => {
                Inner::PostgresWrite(pool.begin_with("begin isolation level repeatable read read only").await?)
            }
        };
        Ok(Tx { inner, meter: self.meter.clone(), hold: None })
    }

    /// One small statement that changes one row by itself, such as "last seen": not behind the writer's lock on Postgres.
    pub async fn touch(&self, sql: &'static str, values: &[Value]) -> Result<u64> {
        let inner = match &self.pools {
            Pools::Sqlite { writer, .. } => Inner::SqliteRead(writer.acquire().await?),
            Pools::Postgres(pool) => Inner::PostgresRead(pool.acquire().await?),
        };
        let mut tx = Tx { inner, meter: self.meter.clone(), hold: Some(Hold::begin(&self.meter)) };
        tx.execute(sql, values).await
    }

    /// The same for a statement that takes a part of many rows each time, until it finds none: whoever wants to write meanwhile
    /// gets in between.
    pub async fn touch_all(&self, sql: &'static str, values: &[Value]) -> Result<u64> {
        let mut all = 0;
        loop {
            match self.touch(sql, values).await? {
                0 => return Ok(all),
                some => all += some,
            }
        }
    }

    /// The same for a statement that says which rows it changed (`returning`).
    pub async fn touch_rows(&self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>> {
        let inner = match &self.pools {
            Pools::Sqlite { writer, .. } => Inner::SqliteRead(writer.acquire().await?),
            Pools::Postgres(pool) => Inner::PostgresRead(pool.acquire().await?),
        };
        let mut tx = Tx { inner, meter: self.meter.clone(), hold: Some(Hold::begin(&self.meter)) };
        tx.rows(sql, values).await
    }

    /// Lets go of every connection.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

enum Inner {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Transaction<'static, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

/// A connection in use: for reading, or inside a write transaction.
pub struct Tx {
    inner: Inner,
    meter: Arc<Meter>,
    /// While it can write; let go after what it holds.
    hold: Option<Hold>,
}

/// Runs a body for whichever database the connection belongs to.
macro_rules! on_either {
    ($tx:expr, $values:expr, |$connection:ident, $arguments:ident, $row:ident| $body:expr) => {
        match &mut $tx.inner {
            Inner::SqliteRead(it) => on_either!(@one it, SqliteArguments, Sqlite, $values, $connection, $arguments, $row, $body),
            Inner::SqliteWrite(it) => on_either!(@one it, SqliteArguments, Sqlite, $values, $connection, $arguments, $row, $body),
            Inner::PostgresRead(it) => on_either!(@one it, PgArguments, Postgres, $values, $connection, $arguments, $row, $body),
            Inner::PostgresWrite(it) => on_either!(@one it, PgArguments, Postgres, $values, $connection, $arguments, $row, $body),
        }
    };
    (@one $it:ident, $kind:ty, $variant:ident, $values:expr, $connection:ident, $arguments:ident, $row:ident, $body:expr) => {{
        let $connection = &mut **$it;
        let mut $arguments = <$kind>::default();
        for value in $values {
            match value {
                // Postgres keeps no NUL in a text, so neither of them gets one.
                Value::Text(text) => $arguments.add(text.as_ref().map(|text| text.replace('\0', "\u{fffd}"))),
                Value::Number(number) => $arguments.add(*number),
                Value::Truth(truth) => $arguments.add(*truth),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        let $row = Row::$variant;
        $body
    }};
}

impl Tx {
    fn count(&mut self) {
        self.meter.count();
        if let Some(hold) = &mut self.hold {
            hold.count();
        }
    }

    /// Runs a statement; the number of rows that it changed.
    pub async fn execute(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<u64> {
        self.count();
        Ok(on_either!(self, values, |connection, arguments, _row| {
            sqlx::query_with(sql, arguments).execute(connection).await?.rows_affected()
        }))
    }

    /// All rows of a query.
    pub async fn rows(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<Vec<Row>> {
        self.count();
        Ok(on_either!(self, values, |connection, arguments, row| {
            sqlx::query_with(sql, arguments).fetch_all(connection).await?.into_iter().map(row).collect()
        }))
    }

    /// The one row of a query, if there is one.
    pub async fn maybe_row(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<Option<Row>> {
        self.count();
        Ok(on_either!(self, values, |connection, arguments, row| {
            sqlx::query_with(sql, arguments).fetch_optional(connection).await?.map(row)
        }))
    }

    /// The one row of a query that always has one.
    pub async fn row(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<Row> {
        self.maybe_row(sql, values).await?.ok_or(Error::Other(sqlx::Error::RowNotFound))
    }

    pub fn kind(&self) -> Kind {
        match self.inner {
            Inner::SqliteRead(_) | Inner::SqliteWrite(_) => Kind::Sqlite,
            Inner::PostgresRead(_) | Inner::PostgresWrite(_) => Kind::Postgres,
        }
    }

    /// Makes everything that was written in here true, at once.
    pub async fn commit(self) -> Result<()> {
        match self.inner {
            Inner::SqliteWrite(transaction) => transaction.commit().await?,
            Inner::PostgresWrite(transaction) => transaction.commit().await?,
            Inner::SqliteRead(_) | Inner::PostgresRead(_) => {}
        }
        Ok(())
    }
}

//! A database, open: its connections, and who gets one when. Writers queue, in the order in which they came and before they
//! take a connection, so that readers always find one. A connection on which the disk, the network or the protocol failed is
//! thrown away. Statements are run in `tx`; no table is known here.

use super::commit::{Bells, Remembered};
use super::error::{Error, Result};
use super::meter::Meter;
use super::migrations;
use super::reach::Reach;
use super::tx::{DatabaseKind, HeldConnection, Row, Tx, Value};
use super::whereabouts::Whereabouts;
use super::writing::{Unfit, Writing};
use crate::domain::timestamp::Timestamp;
use crate::values;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Postgres, Sqlite};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock, Weak};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, SemaphorePermit, watch};
use tokio::time::timeout;

/// By this advisory lock Postgres, like SQLite, has one writer at a time, however many processes share it. So every rule that is
/// checked inside a write transaction still holds when it commits, on both databases, without a lock per rule.
const BEGIN_ALONE: &str = "begin; select pg_advisory_xact_lock(93954161078817)";

/// How long somebody waits for the writer, or for a connection, before the person is told to try again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How many wait for their turn to write at once, at most: whoever comes then is told at once to try again. A write takes a few
/// milliseconds, so whoever stood behind more would wait in vain.
const MOST_WAITING: usize = 1_024;

/// How long a connection to Postgres is believed to be there without asking, and how long it may take to answer then.
const BELIEVED: Duration = Duration::from_secs(1);
const PING: Duration = Duration::from_secs(2);

/// Postgres' connections. One is the writer's; of the others so many may be taken by single statements that write.
const CONNECTIONS: u32 = 16;
const TOUCHES: usize = 4;

/// How long whoever asks whether the database is fit waits for an answer.
const READY: Duration = Duration::from_secs(2);

/// How much is written after a write failed: more than fits into what a full disk still has by chance.
const FILLER: usize = 64 * 1024;

/// A database, open. Cheap to clone.
#[derive(Clone)]
pub struct Database(Arc<DatabaseParts>);

struct DatabaseParts {
    pools: Pools,
    meter: Arc<Meter>,
    bells: Bells,
    writing: Writing,
    /// The places in the queue of those who write.
    places: Semaphore,
    /// One asks whether writing works; the others are told what was heard last.
    asking: Mutex<()>,
    is_closed: AtomicBool,
}

enum Pools {
    /// WAL mode: one connection writes, several read.
    Sqlite {
        readers: SqlitePool,
        options: Box<SqliteConnectOptions>,
        whereabouts: Arc<Whereabouts>,
        /// Whoever waits for it waits in a queue. Empty after it was thrown away, until the next one needs it.
        writer: Arc<Mutex<Option<SqliteConnection>>>,
    },
    Postgres {
        /// Another one after each absence: no connection of the old one is trusted.
        pool: Arc<RwLock<PgPool>>,
        reach: Arc<Reach>,
        /// The queue of the writers of this process.
        writers: Arc<Semaphore>,
        touches: Arc<Semaphore>,
    },
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({:?})", self.kind())
    }
}

impl Database {
    /// Opens `sqlite:PATH` (making the file) or `postgres://…`. A wrong address is an error that names it, without the
    /// password.
    pub async fn open(url: &str) -> Result<Self> {
        let pools = match url.starts_with("postgres:") || url.starts_with("postgresql:") {
            true => open_postgres(url).await?,
            false => open_sqlite(url).await?,
        };
        Ok(Self(Arc::new(DatabaseParts {
            pools,
            meter: Arc::default(),
            bells: Bells::default(),
            writing: Writing::default(),
            places: Semaphore::new(MOST_WAITING),
            asking: Mutex::default(),
            is_closed: AtomicBool::new(false),
        })))
    }

    /// Brings the schema up to this version's.
    pub async fn migrate(&self) -> Result<()> {
        self.migrate_up_to(migrations::newest()).await
    }

    /// Brings the schema up to an older version's, for rows that were written with that one.
    pub async fn migrate_up_to(&self, version: i64) -> Result<()> {
        match &self.0.pools {
            Pools::Sqlite { .. } => {
                let mut writer = self.sqlite_writer().await?;
                let connection = writer.as_mut().ok_or(Error::Busy)?;
                let history = migrations::up_to(version, migrations::for_sqlite());
                let done = history.run_direct(None, connection, false).await;
                if done.is_err() {
                    // In the middle of something; the next one begins anew.
                    drop(writer.take());
                }
                done
            }
            Pools::Postgres { pool, .. } => {
                let mut it = current(pool)?.acquire().await?;
                let history = migrations::up_to(version, migrations::for_postgres());
                let done = history.run_direct(None, &mut *it, false).await;
                if done.is_err() {
                    // It would keep the lock of those who migrate.
                    it.close_on_drop();
                }
                done
            }
        }
        .map_err(Error::Migration)
    }

    /// What this database was asked for since it was opened.
    pub fn meter(&self) -> &Arc<Meter> {
        &self.0.meter
    }

    /// What is rung after commits.
    pub fn bells(&self) -> &Bells {
        &self.0.bells
    }

    pub fn kind(&self) -> DatabaseKind {
        match self.0.pools {
            Pools::Sqlite { .. } => DatabaseKind::Sqlite,
            Pools::Postgres { .. } => DatabaseKind::Postgres,
        }
    }

    /// A connection that only reads.
    pub async fn read(&self) -> Result<Tx> {
        let held = match &self.0.pools {
            Pools::Sqlite { readers, .. } => HeldConnection::SqliteReader(self.reader(readers).await?),
            Pools::Postgres { pool, reach, .. } => {
                HeldConnection::Postgres { it: connection(pool, reach).await?, _turn: None }
            }
        };
        Ok(Tx::reading(self.clone(), held))
    }

    /// One of SQLite's readers. Those that are there read on in the file that they opened; no other is opened when it is gone.
    async fn reader(&self, readers: &SqlitePool) -> Result<PoolConnection<Sqlite>> {
        if let Some(reader) = readers.try_acquire() {
            return Ok(reader);
        }
        self.is_kept()?;
        Ok(readers.acquire().await?)
    }

    /// A transaction that writes, alone: what it read is still true when it commits. Dropped without [`Tx::commit`], it
    /// never happened. It is a deed: without a line in the history it is not kept.
    pub async fn write(&self) -> Result<Tx> {
        self.begin(Remembered::default()).await
    }

    /// The same for what is nobody's deed and has no line: upkeep, and what follows by itself from a deed that has one. Each
    /// caller says why.
    pub async fn maintain(&self) -> Result<Tx> {
        self.begin(Remembered::of_upkeep()).await
    }

    async fn begin(&self, remembered: Remembered) -> Result<Tx> {
        let _place = self.place()?;
        match &self.0.pools {
            Pools::Sqlite { .. } => {
                let held = HeldConnection::SqliteWriter(self.sqlite_writer().await?);
                Tx::begin(self.clone(), held, "begin immediate", remembered).await
            }
            Pools::Postgres { pool, reach, writers, .. } => {
                let turn = Some(turn(writers, reach).await?);
                let held = HeldConnection::Postgres { it: connection(pool, reach).await?, _turn: turn };
                Tx::begin(self.clone(), held, BEGIN_ALONE, remembered).await
            }
        }
    }

    /// A transaction that only reads, and sees the whole database as it was at one moment, however long it takes.
    pub async fn snapshot(&self) -> Result<Tx> {
        let (held, begin) = match &self.0.pools {
            Pools::Sqlite { readers, .. } => (HeldConnection::SqliteReader(self.reader(readers).await?), "begin"),
            Pools::Postgres { pool, reach, .. } => {
                let held = HeldConnection::Postgres { it: connection(pool, reach).await?, _turn: None };
                (held, "begin isolation level repeatable read read only")
            }
        };
        Tx::begin_reading(self.clone(), held, begin).await
    }

    /// One small statement that changes one row by itself, such as "last seen": not behind the writer's lock on Postgres.
    pub async fn touch(&self, sql: &'static str, values: &[Value]) -> Result<u64> {
        let changed = self.single().await?.execute(sql, values).await?;
        if changed > 0 {
            self.wrote(Ok(()));
        }
        Ok(changed)
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
        let changed = self.single().await?.rows(sql, values).await?;
        if !changed.is_empty() {
            self.wrote(Ok(()));
        }
        Ok(changed)
    }

    /// A place in the queue of those who write, given back by whoever has a turn or goes away.
    ///
    /// # Errors
    /// `Busy` at once when there is none.
    fn place(&self) -> Result<SemaphorePermit<'_>> {
        self.0.places.try_acquire().map_err(|_| Error::Busy)
    }

    /// A connection for one statement that writes.
    async fn single(&self) -> Result<Tx> {
        let _place = self.place()?;
        let held = match &self.0.pools {
            Pools::Sqlite { .. } => HeldConnection::SqliteWriter(self.sqlite_writer().await?),
            Pools::Postgres { pool, reach, touches, .. } => {
                let turn = Some(turn(touches, reach).await?);
                HeldConnection::Postgres { it: connection(pool, reach).await?, _turn: turn }
            }
        };
        Ok(Tx::single(self.clone(), held))
    }

    /// SQLite's writer, when it is one's turn.
    async fn sqlite_writer(&self) -> Result<OwnedMutexGuard<Option<SqliteConnection>>> {
        let Pools::Sqlite { writer, options, whereabouts, .. } = &self.0.pools else { return Err(Error::Busy) };
        self.is_kept()?;
        let mut writer = timeout(ACQUIRE_TIMEOUT, writer.clone().lock_owned()).await.map_err(|_| Error::Busy)?;
        if self.0.is_closed.load(Ordering::Relaxed) {
            return Err(Error::Busy);
        }
        if writer.is_none() {
            let opened = options.connect().await.map_err(Error::from);
            if let Err(error) = &opened {
                self.0.writing.failed(error);
            }
            *writer = Some(opened?);
            whereabouts.note_log();
        }
        Ok(writer)
    }

    /// Whether what is written now will be found again.
    ///
    /// # Errors
    /// `Gone` when the files of an SQLite database are not there any more, or are others.
    pub(super) fn is_kept(&self) -> Result<()> {
        let Pools::Sqlite { whereabouts, .. } = &self.0.pools else { return Ok(()) };
        whereabouts.are_kept().inspect_err(|error| self.0.writing.failed(error))
    }

    /// How writing went.
    pub(super) fn wrote(&self, how: std::result::Result<(), &Error>) {
        match how {
            Ok(()) => self.0.writing.succeeded(),
            Err(error) => self.0.writing.failed(error),
        }
    }

    /// What tells whether Postgres answers.
    pub(super) fn reach(&self) -> Option<&Arc<Reach>> {
        match &self.0.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres { reach, .. } => Some(reach),
        }
    }

    /// Whether the database can be read and written to at this moment. Where nobody has written lately, a small row of our own
    /// is: nothing else tells whether it would be kept. At most every few seconds, and every second while it fails.
    pub async fn unfit(&self, now: Timestamp) -> Option<Unfit> {
        if self.is_kept().is_err() {
            return Some(Unfit::Gone);
        }
        let reads = async { self.read().await?.row("select 1 as one", &[]).await };
        match timeout(READY, reads).await {
            Ok(Ok(_)) => {}
            Ok(Err(Error::Busy)) => return self.0.writing.unfit(),
            Ok(Err(Error::Full)) => return Some(Unfit::Full),
            Ok(Err(Error::Failing(_))) => return Some(Unfit::Failing),
            Ok(Err(_)) | Err(_) => return Some(Unfit::Away),
        }
        let writing = &self.0.writing;
        // Whoever comes while somebody asks hears what is known.
        if let (false, Ok(_asking)) = (writing.is_believed(), self.0.asking.try_lock()) {
            let filler = if writing.unfit().is_some() { "x".repeat(FILLER) } else { String::new() };
            let sql = "insert into heartbeat (id, at, filler) values (1, $1, $2) \
                       on conflict (id) do update set at = excluded.at, filler = excluded.filler";
            let written = timeout(READY, self.touch(sql, &values![now, filler])).await;
            // That others write is no sign that one cannot.
            if !matches!(written, Ok(Ok(_))) {
                writing.tried_in_vain();
            }
            if matches!(written, Ok(Err(Error::Away))) {
                return Some(Unfit::Away);
            }
        }
        writing.unfit()
    }

    /// Lets go of every connection.
    pub async fn close(&self) {
        self.0.is_closed.store(true, Ordering::Relaxed);
        match &self.0.pools {
            Pools::Sqlite { readers, writer, .. } => {
                readers.close().await;
                if let Some(writer) = writer.lock().await.take() {
                    let _ = writer.close().await;
                }
            }
            Pools::Postgres { pool, reach, .. } => {
                reach.close();
                if let Ok(pool) = current(pool) {
                    pool.close().await;
                }
            }
        }
    }
}

async fn open_sqlite(url: &str) -> Result<Pools> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged change must survive a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(ACQUIRE_TIMEOUT)
        .pragma("mmap_size", "268435456")
        .pragma("cache_size", "-4096")
        .pragma("temp_store", "memory")
        // A commit that brings the log into the file holds the writer for longer: the pages of many commits at once, each of them
        // written once. After something large was written, its log file becomes small again.
        .pragma("wal_autocheckpoint", "4000")
        .pragma("journal_size_limit", "16777216")
        .statement_cache_capacity(128)
        .disable_statement_logging();
    let writer = options.connect().await?;
    // Whoever connects later finds this file, or nothing.
    let options = options.create_if_missing(false);
    let whereabouts = Arc::new(Whereabouts::of(options.get_filename()));
    let opened = whereabouts.clone();
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        // A file does not go away.
        .test_before_acquire(false)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        // Nobody reads in another file than the others.
        .after_connect(move |_, _| {
            let is_kept = opened.are_kept().map_err(|error| sqlx::Error::Io(std::io::Error::other(error)));
            Box::pin(async move { is_kept })
        })
        .connect_with(options.clone().pragma("query_only", "on"))
        .await?;
    Ok(Pools::Sqlite { readers, options: Box::new(options), whereabouts, writer: Arc::new(Mutex::new(Some(writer))) })
}

async fn open_postgres(url: &str) -> Result<Pools> {
    let options = PgConnectOptions::from_str(url)?.application_name("usher").disable_statement_logging();
    let pool = postgres_pool(&options);
    drop(pool.acquire().await?);
    let (pool, reach) = (Arc::new(RwLock::new(pool)), Reach::new(options.clone()));
    tokio::spawn(renew(Arc::downgrade(&pool), reach.changes(), options));
    let (writers, touches) = (Arc::new(Semaphore::new(1)), Arc::new(Semaphore::new(TOUCHES)));
    Ok(Pools::Postgres { pool, reach, writers, touches })
}

/// A pool without connections yet.
fn postgres_pool(options: &PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // Nobody waits longer for a lock than for a connection.
        .after_connect(|connection, _| {
            // What is left open by somebody who is cut off is undone soon: others wait behind it.
            // No plan is compiled first: for our short statements that takes longer than running them.
            let limits = "set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '15s'; set jit = off";
            Box::pin(async move { sqlx::raw_sql(limits).execute(connection).await.map(drop) })
        })
        // The server may have been restarted meanwhile; one that answered a moment ago is believed to be there.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > BELIEVED {
                    let answered = timeout(PING, connection.ping()).await;
                    answered.map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))??;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options.clone())
}

/// Begins with new connections whenever Postgres has gone away: none of the old ones is trusted, and nobody waits for them.
async fn renew(pool: Weak<RwLock<PgPool>>, mut changes: watch::Receiver<bool>, options: PgConnectOptions) {
    while changes.wait_for(|is_away| *is_away).await.is_ok() {
        let Some(pool) = pool.upgrade() else { return };
        if let Some(old) = exchange(&pool, postgres_pool(&options)) {
            tokio::spawn(async move { old.close().await });
        }
        drop(pool);
        if changes.wait_for(|is_away| !*is_away).await.is_err() {
            return;
        }
    }
}

/// Puts another pool in the place of one, which it gives.
fn exchange(pool: &RwLock<PgPool>, new: PgPool) -> Option<PgPool> {
    pool.write().ok().map(|mut pool| std::mem::replace(&mut *pool, new))
}

fn current(pool: &RwLock<PgPool>) -> Result<PgPool> {
    pool.read().map(|pool| pool.clone()).map_err(|_| Error::Busy)
}

/// A connection to Postgres, as long as it is there.
async fn connection(pool: &RwLock<PgPool>, reach: &Arc<Reach>) -> Result<PoolConnection<Postgres>> {
    let pool = current(pool)?;
    reach.guard(pool.acquire()).await.map_err(|error| match error {
        Error::Busy | Error::Away => error,
        // Whatever else stands against a connection (a password, a name) stands against everything.
        other => {
            tracing::error!(error = %other, "Postgres takes no connection");
            reach.suspect();
            Error::Away
        }
    })
}

/// One's turn, in the order in which all came.
async fn turn(queue: &Arc<Semaphore>, reach: &Arc<Reach>) -> Result<OwnedSemaphorePermit> {
    let turn = reach.unless_away(timeout(ACQUIRE_TIMEOUT, queue.clone().acquire_owned())).await?;
    turn.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)
}

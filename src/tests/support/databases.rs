//! The same test on both databases: a SQLite file in a temporary folder, and a database of its own in a throw-away Postgres
//! cluster. A test that could not run on both has failed; nothing is skipped.

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;
use usher::server::random;
use usher::server::storage::Database;

/// The longest that one body may run on one database.
const LONGEST: Duration = Duration::from_secs(120);

/// Runs the body on SQLite, then on Postgres, each time on a fresh and migrated database, and says on which it failed.
pub async fn both<F, Fut>(body: F)
where
    F: Fn(Database) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    both_of_version(i64::MAX, body).await;
}

/// The same with databases as an older version of the program made them.
pub async fn both_of_version<F, Fut>(version: i64, body: F)
where
    F: Fn(Database) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let mut failures = Vec::new();
    for name in ["SQLite", "Postgres"] {
        let scratch = match name {
            "SQLite" => Scratch::sqlite_of_version(version).await,
            _ => Scratch::postgres_of_version(version).await,
        };
        // In a box: a long body is a large future, and is moved about on the stack before it runs.
        let ended = tokio::time::timeout(LONGEST, tokio::spawn(Box::pin(body(scratch.db.clone())))).await;
        let name = format!("{name} ({})", scratch.url);
        scratch.remove().await;
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => failures.push(format!("on {name}: {}", words_of(error))),
            Err(_) => failures.push(format!("on {name}: not done after {LONGEST:?}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn words_of(error: tokio::task::JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else { return "cancelled".into() };
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default()
}

/// A database that is gone after the test.
pub struct Scratch {
    pub db: Database,
    /// How the program itself would be told to open it.
    pub url: String,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Cluster { admin: String, name: String },
}

impl Scratch {
    pub async fn sqlite() -> Self {
        Self::sqlite_of_version(i64::MAX).await
    }

    pub async fn postgres() -> Self {
        Self::postgres_of_version(i64::MAX).await
    }

    async fn sqlite_of_version(version: i64) -> Self {
        let folder = std::env::temp_dir().join(format!("usher-test-{}", random::secret()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let url = format!("sqlite:{}", folder.join("usher.db").display());
        Self { db: open(&url, version).await, url, place: Place::Folder(folder) }
    }

    async fn postgres_of_version(version: i64) -> Self {
        let admin = std::env::var("USHER_TEST_POSTGRES_URL").expect(
            "USHER_TEST_POSTGRES_URL is not set: `make test` starts a throw-away cluster and sets it; by hand: \
             export USHER_TEST_POSTGRES_URL=$(scripts/postgres.sh start /dev/shm/usher-postgres)",
        );
        let bytes = random::bytes::<8>();
        let name = format!("usher_test_{:016x}", u64::from_le_bytes(bytes));
        run(&admin, format!("create database {name}")).await;
        let mut url = url::Url::parse(&admin).expect("a Postgres address");
        url.set_path(&name);
        let url = url.to_string();
        Self { db: open(&url, version).await, url, place: Place::Cluster { admin, name } }
    }

    pub async fn remove(self) {
        self.db.close().await;
        match self.place {
            Place::Folder(folder) => {
                let _ = std::fs::remove_dir_all(folder);
            }
            Place::Cluster { admin, name } => run(&admin, format!("drop database if exists {name} with (force)")).await,
        }
    }
}

async fn open(url: &str, version: i64) -> Database {
    let db = Database::open(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    db.migrate_up_to(version).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    db
}

/// One statement of the cluster's administrator.
async fn run(admin: &str, sql: String) {
    let db = Database::open(admin).await.unwrap_or_else(|error| panic!("{admin}: {error}"));
    let mut connection = db.read().await.expect("a connection");
    connection.execute(sqlx::AssertSqlSafe(sql), &[]).await.expect("the statement");
    drop(connection);
    db.close().await;
}

//! The same test on both databases: a SQLite file in a temporary folder, and a database of its own in a throw-away Postgres
//! cluster, whose address stands in `USHER_TEST_POSTGRES_URL`. Where it is not set, Postgres is left out, and that is said;
//! where it is, a test that could not run on both has failed.

use std::future::Future;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Once;
use std::time::Duration;
use tokio::sync::OnceCell;
use usher::server::random;
use usher::server::storage::Database;
use usher::server::storage::tx::DatabaseKind;

/// Names the throw-away cluster's administrator, as `scripts/postgres.sh start` prints it.
const CLUSTER: &str = "USHER_TEST_POSTGRES_URL";

/// The longest that one body may run on one database.
const LONGEST: Duration = Duration::from_secs(300);

/// The databases that this run has.
pub fn there() -> Vec<DatabaseKind> {
    let mut kinds = vec![DatabaseKind::Sqlite];
    if cluster().is_some() {
        kinds.push(DatabaseKind::Postgres);
    }
    kinds
}

/// The administrator's address of the cluster; says once that there is none.
fn cluster() -> Option<String> {
    let url = std::env::var_os(CLUSTER);
    if url.is_none() {
        static SAID: Once = Once::new();
        SAID.call_once(|| {
            leave_out(&format!(
                "everything on Postgres, since {CLUSTER} is not set. `make test` has a cluster of its own; by hand: \
                 export {CLUSTER}=$(scripts/postgres.sh start /dev/shm/usher-postgres)"
            ));
        });
    }
    url.map(|url| url.into_string().expect(CLUSTER))
}

/// Past what keeps the words of passing tests back, in one line that `scripts/steps.sh` counts.
pub fn leave_out(what: &str) {
    let _ = std::io::stderr().write_all(format!("left out: {what}\n").as_bytes());
}

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
    for kind in there() {
        let scratch = Scratch::of_version(kind, version).await;
        // In a box: a long body is a large future, and is moved about on the stack before it runs.
        let ended = tokio::time::timeout(LONGEST, tokio::spawn(Box::pin(body(scratch.db.clone())))).await;
        let name = format!("{kind:?} ({})", scratch.url);
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
        Self::of(DatabaseKind::Sqlite).await
    }

    /// For a test of Postgres alone, which is named and over where there is none.
    pub async fn postgres() -> Option<Self> {
        if cluster().is_none() {
            leave_out(std::thread::current().name().unwrap_or("a test"));
            return None;
        }
        Some(Self::of(DatabaseKind::Postgres).await)
    }

    /// One of what [`there`] names.
    pub async fn of(kind: DatabaseKind) -> Self {
        Self::of_version(kind, i64::MAX).await
    }

    async fn of_version(kind: DatabaseKind, version: i64) -> Self {
        match kind {
            DatabaseKind::Sqlite => Self::sqlite_of_version(version).await,
            DatabaseKind::Postgres => Self::postgres_of_version(version).await,
        }
    }

    async fn sqlite_of_version(version: i64) -> Self {
        let folder = std::env::temp_dir().join(format!("usher-test-{}", random::secret()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let file = folder.join("usher.db");
        if version == i64::MAX {
            std::fs::copy(sqlite_pattern().await, &file).expect("a copy");
        }
        let url = format!("sqlite:{}", file.display());
        Self { db: open(&url, version).await, url, place: Place::Folder(folder) }
    }

    async fn postgres_of_version(version: i64) -> Self {
        let admin = cluster().expect(CLUSTER);
        let bytes = random::bytes::<8>();
        let name = format!("usher_test_{:016x}", u64::from_le_bytes(bytes));
        let like = match version {
            i64::MAX => format!(" template {}", postgres_pattern(&admin).await),
            _ => String::new(),
        };
        run(&admin, format!("create database {name}{like}")).await;
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

/// A file as the newest version makes it, and nothing in it: to migrate every test's own would take longer than most tests do.
async fn sqlite_pattern() -> &'static PathBuf {
    static PATTERN: OnceCell<PathBuf> = OnceCell::const_new();
    let make = async || {
        let folder = std::env::temp_dir().join(format!("usher-pattern-{}", random::secret()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let file = folder.join("usher.db");
        // Whoever closes it last writes everything into the file itself.
        open(&format!("sqlite:{}", file.display()), i64::MAX).await.close().await;
        file
    };
    PATTERN.get_or_init(make).await
}

/// The same of a database in the cluster; nobody is connected to it, so that it can be copied.
async fn postgres_pattern(admin: &str) -> &'static str {
    static PATTERN: OnceCell<String> = OnceCell::const_new();
    let make = async || {
        let bytes = random::bytes::<8>();
        let name = format!("usher_pattern_{:016x}", u64::from_le_bytes(bytes));
        run(admin, format!("create database {name}")).await;
        let mut url = url::Url::parse(admin).expect("a Postgres address");
        url.set_path(&name);
        open(url.as_str(), i64::MAX).await.close().await;
        name
    };
    PATTERN.get_or_init(make).await
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

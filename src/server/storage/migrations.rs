//! The schema's history, carried inside the binary: the same names for both databases, up only.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

macro_rules! history {
    ($database:literal: $($number:literal $name:literal),* $(,)?) => {
        Migrator::with_migrations(vec![$(Migration::new(
            $number,
            $name.into(),
            MigrationType::Simple,
            include_str!(concat!("../../../migrations/", $database, "/000", $number, "_", $name, ".sql")).into_sql_str(),
            false,
        )),*])
    };
}

pub fn for_sqlite() -> Migrator {
    history!("sqlite": 1 "house", 2 "records", 3 "kept_history", 4 "phone_holders", 5 "notes", 6 "many", 7 "lanes", 8 "own_facts", 9 "removed_roles")
}

pub fn for_postgres() -> Migrator {
    history!("postgres": 1 "house", 2 "records", 3 "kept_history", 4 "phone_holders", 5 "notes", 6 "many", 7 "lanes", 8 "own_facts", 9 "removed_roles")
}

/// The schema's version that this program needs; the same for both.
pub fn newest() -> i64 {
    for_sqlite().iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// The first part of a history.
pub fn up_to(version: i64, history: Migrator) -> Migrator {
    Migrator::with_migrations(history.iter().filter(|migration| migration.version <= version).cloned().collect())
}

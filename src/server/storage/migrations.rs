//! The schema's history, carried inside the binary: the same names for both databases, up only. It is listed here and not by
//! `sqlx::migrate!`, whose macros would have every build compile both drivers a second time.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Both histories, of one list: a migration has the same number and name for both databases.
macro_rules! histories {
    ($($number:literal $file:literal),* $(,)?) => {
        pub fn for_sqlite() -> Migrator {
            Migrator::with_migrations(vec![$(histories!(@one "sqlite", $number, $file)),*])
        }

        pub fn for_postgres() -> Migrator {
            Migrator::with_migrations(vec![$(histories!(@one "postgres", $number, $file)),*])
        }
    };
    (@one $database:literal, $number:literal, $file:literal) => {
        Migration::new(
            $number,
            $file.get(5..).unwrap_or_default().into(),
            MigrationType::Simple,
            include_str!(concat!("../../../migrations/", $database, "/", $file, ".sql")).into_sql_str(),
            false,
        )
    };
}

histories! {
    1 "0001_house",
    2 "0002_records",
    3 "0003_kept_history",
    4 "0004_phone_holders",
    5 "0005_notes",
    6 "0006_many",
    7 "0007_lanes",
    8 "0008_own_facts",
    9 "0009_removed_roles",
    10 "0010_order",
    11 "0011_two",
    12 "0012_name_places",
    13 "0013_proposals",
    14 "0014_unfinished",
    15 "0015_heartbeat",
    16 "0016_kept_erasure",
    17 "0017_one_row",
    18 "0018_losing",
    19 "0019_merging",
    20 "0020_rounds",
    21 "0021_placeholders",
    22 "0022_reasons",
    23 "0023_tokens",
    24 "0024_audit_action",
    28 "0028_smaller_pages",
    29 "0029_table_columns",
    31 "0031_confirmed_numbers",
    32 "0032_handed_logins",
    35 "0035_bulk",
    38 "0038_people_before_invitations",
    39 "0039_imports",
    45 "0045_answers",
    46 "0046_consents",
    50 "0050_both_ways",
    51 "0051_gateway_names",
    52 "0052_extended",
    55 "0055_security_reports",
    56 "0056_own_texts",
    60 "0060_import_changes",
    61 "0061_bulk_units",
    62 "0062_saved_views",
    63 "0063_validity",
    64 "0064_replaced",
    66 "0066_said",
    67 "0067_rows_to_come",
    68 "0068_bin",
    69 "0069_own_settings",
    70 "0070_left_as",
    71 "0071_had_before",
    72 "0072_taken_back_by",
}

/// The schema's version that this program needs; the same for both.
pub fn newest() -> i64 {
    for_sqlite().iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// The first part of a history.
pub fn up_to(version: i64, history: Migrator) -> Migrator {
    Migrator::with_migrations(history.iter().filter(|migration| migration.version <= version).cloned().collect())
}

//! What the database says about itself: its schema and its clock. Asked by `doctor`; nothing of the product is read here.

use super::{Database, Result, copy, migrations, tx::DatabaseKind};
use crate::domain::timestamp::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use std::str::FromStr;

/// The schema's version: what is there (`None`: nothing yet) and what this program needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaVersions {
    pub there: Option<i64>,
    pub needed: i64,
}

/// Compares the schema with the one that this program knows.
pub async fn schema_versions(db: &Database) -> Result<SchemaVersions> {
    let needed = migrations::newest();
    let mut tx = db.read().await?;
    let is_there = match tx.kind() {
        DatabaseKind::Sqlite => "select name from sqlite_master where type = 'table' and name = '_sqlx_migrations'",
        DatabaseKind::Postgres => {
            "select to_regclass('_sqlx_migrations')::text as name where to_regclass('_sqlx_migrations') is not null"
        }
    };
    if tx.maybe_row(is_there, &[]).await?.is_none() {
        return Ok(SchemaVersions { there: None, needed });
    }
    let row = tx.row("select max(version) as version from _sqlx_migrations where success", &[]).await?;
    Ok(SchemaVersions { there: row.maybe_number("version")?, needed })
}

/// How many sessions of Usher's a Postgres database has, this process not among them as long as it has opened none.
pub async fn others_on_postgres(url: &str) -> Result<i64> {
    let options = PgConnectOptions::from_str(url)?.application_name("usher, asking").disable_statement_logging();
    let mut connection = PgConnection::connect_with(&options).await?;
    let sql = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'usher'";
    let (others,): (i64,) = sqlx::query_as(sql).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(others)
}

/// Whether tables stand where Usher's would be made, and none of them is Usher's: the database of another program.
pub async fn is_of_others(db: &Database) -> Result<bool> {
    let there = schema_versions(db).await?.there;
    let names = copy::names(&mut db.read().await?).await?;
    let is_ours = there.is_some() && names.iter().any(|name| name == "audit_events");
    Ok(!names.is_empty() && !is_ours)
}

/// The schema's version that this program needs.
pub fn newest_schema() -> i64 {
    migrations::newest()
}

/// The time on the database's own clock; `None` where it shares ours.
pub async fn time(db: &Database) -> Result<Option<Timestamp>> {
    let mut tx = db.read().await?;
    if tx.kind() == DatabaseKind::Sqlite {
        return Ok(None);
    }
    let row = tx.row("select (extract(epoch from clock_timestamp()) * 1000)::bigint as now", &[]).await?;
    Ok(Some(Timestamp(row.number("now")?)))
}

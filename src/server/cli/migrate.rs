//! `usher migrate`: the database made, or its schema and its keys brought up to this version's.

use super::{CliError, parts, say};
use crate::server::config::Config;
use crate::server::storage::keys;

/// Migrates, and says what was migrated.
pub async fn migrate(config: &Config) -> Result<(), CliError> {
    let (db, name) = (parts::database(config).await?, parts::database_name(config));
    let renewed = keys::renew(&db).await;
    db.close().await;
    renewed.map_err(|error| {
        format!("the keys by which {name} sorts and finds could not all be made: {error}; run this again, it goes on from there")
    })?;
    say(&format!("{name} is up to date."));
    Ok(())
}

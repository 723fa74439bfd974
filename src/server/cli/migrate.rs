//! `usher migrate`: the database made, or its schema brought up to this version's.

use super::{Trouble, parts, say};
use crate::server::config::Config;

/// Migrates, and says what was migrated.
pub async fn migrate(config: &Config) -> Result<(), Trouble> {
    let db = parts::database(config).await?;
    db.close().await;
    say(&format!("{} is up to date.", parts::database_name(config)));
    Ok(())
}

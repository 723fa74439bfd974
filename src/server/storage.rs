//! The tables: one file per noun, static SQL that runs unchanged on SQLite and Postgres. A function that changes what the lists
//! show of somebody touches them, and one that queues something notes it (`commit`). No rule is decided here.

pub mod ahead;
pub mod attempts;
pub mod audit;
pub mod bulk;
mod clauses;
mod commit;
pub mod condition;
pub mod consents;
pub mod copy;
mod corrupt;
mod database;
pub mod demonstration;
mod error;
pub mod import_changes;
pub mod imports;
pub mod invitations;
pub mod invite_rows;
pub mod jobs;
pub mod keys;
pub mod letters;
pub mod memberships;
pub mod messages;
pub mod meter;
mod migrations;
pub mod notes;
pub mod notices;
pub mod own_texts;
mod places;
pub mod proposals;
mod reach;
pub mod resets;
pub mod roles;
pub mod roster;
pub mod rounds;
pub mod saved_views;
pub mod security_reports;
pub mod sessions;
pub mod settings;
pub mod shifts;
mod statement;
pub mod table_layouts;
pub mod terms;
pub mod tokens;
pub mod tx;
pub mod unfinished;
pub mod units;
pub mod users;
mod whereabouts;
mod writing;

pub use commit::Bells;
use corrupt::Look;
pub use corrupt::{Corrupt, look_through};
pub use database::Database;
pub use error::{Error, Result};
use statement::Rows;
pub use statement::Statement;
pub use tx::{Row, Tx};
pub use writing::Unfit;

/// How many ids one statement is given at most.
const MOST_IN_A_LIST: usize = 100;

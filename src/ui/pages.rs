//! The pages of the app, one file each, and the table of them; what several of them show stands in `parts`.

pub mod audit;
pub mod error;
pub mod invitations;
pub mod invite;
pub mod lazy;
pub mod letter;
pub mod mailbox;
pub mod me;
pub mod parts;
pub mod rest;
pub mod roles;
pub mod settings;
pub mod shifts;
pub mod start;
pub mod table;
pub mod units;
pub mod user;
pub mod users;

//! The pages of the app, one file each, and the table of them; what several of them show stands in `parts`.

pub mod add_login;
pub mod audit;
mod bulk;
pub mod error;
pub mod import;
pub mod invitations;
pub mod invite;
pub mod lazy;
pub mod letter;
pub mod mailbox;
pub mod me;
pub mod parts;
pub mod printed_letters;
pub mod rest;
pub mod roles;
mod security_report;
pub mod settings;
pub mod shifts;
pub mod start;
pub mod table;
pub mod units;
pub mod user;
pub mod users;
mod views;

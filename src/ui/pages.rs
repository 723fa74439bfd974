//! The pages of the app, one file each; what several of them show stands in `parts`. All but the users table and the invite
//! form are written by the server (`written`), so that the browser carries nothing of them.

pub mod audit;
pub mod error;
pub mod invitations;
pub mod invite;
pub mod letter;
pub mod mailbox;
pub mod me;
pub mod parts;
pub mod roles;
pub mod settings;
pub mod shifts;
pub mod units;
pub mod user;
pub mod users;
pub mod written;

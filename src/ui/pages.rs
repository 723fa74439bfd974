//! The pages of the app, one file each; what several of them show stands in `parts`.

pub mod audit;
pub mod error;
pub mod invitations;
pub mod invite;
pub mod mailbox;
pub mod me;
pub mod parts;
pub mod settings;
pub mod user;
pub mod users;
pub mod written;

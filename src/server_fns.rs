//! What the browser may ask of the server. Reads are GET and change nothing; writes are forms, and work without script.
//! Each body is three to five lines: who is asking, one use case, the answer. No rule stands here.

pub mod answered;
pub mod bulk;
mod error;
pub mod import;
pub mod invitations;
pub mod organisation;
pub mod pages;
pub mod profile;
pub mod security_reports;
pub mod settings;
pub mod tokens;
pub mod users;
pub mod views;

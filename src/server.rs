//! The server's half: everything that touches the world. Rules are `domain`'s; here they are asked and carried out.

pub mod app;
pub mod authorities;
pub mod backup;
pub mod changes;
pub mod cli;
pub mod clock;
pub mod collation;
pub mod config;
pub mod dates;
pub mod delivery;
pub mod demonstration;
pub mod http;
pub mod jobs;
pub mod mail_domains;
pub mod passwords;
pub mod phones;
pub mod qr_code;
pub mod random;
pub mod secrets;
pub mod security_reports;
pub mod spreadsheets;
pub mod storage;
pub mod table_file;
pub mod temporary_password;
pub mod upkeep;
pub mod use_cases;

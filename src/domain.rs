//! The rules, each once: what a person, a role, an invitation is, and who may do what.
//! Pure: no I/O, no async, no clock, no randomness. The server and the browser ask the same functions.

#![doc = include_str!("domain/rules.md")]

pub mod address_guard;
pub mod agreement;
pub mod audit;
pub mod contact;
pub mod error;
pub mod id;
pub mod invitation;
pub mod job;
pub mod link;
pub mod listing;
pub mod mail_text;
pub mod membership;
pub mod message;
pub mod password;
pub mod paste;
pub mod permission;
pub mod policy;
pub mod preset;
pub mod proposal;
pub mod quota;
pub mod review;
pub mod revision;
pub mod role;
pub mod settings;
pub mod shift;
pub mod sms;
pub mod table_layout;
pub mod text;
pub mod timestamp;
pub mod token;
pub mod typed;
pub mod unicode;
pub mod unit;
pub mod user;

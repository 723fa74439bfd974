//! Plain forms, with script and without: what a server function refused or answered reaches the next page through a note.

pub mod call;
pub mod in_place;
pub mod plain;

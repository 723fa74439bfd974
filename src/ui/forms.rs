//! Plain forms, with script and without: what a server function refused or answered reaches the next page through a note.

pub mod plain;

use crate::domain::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// What a plain form leaves for the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The server function's path (`/api/block`).
    pub form: String,
    /// `None`: it was done.
    pub refusal: Option<Refusal>,
    /// What it answered, when that is a text to be shown.
    pub answer: Option<String>,
    /// What was typed, so that nothing is lost; never a password.
    pub typed: Vec<(String, String)>,
}

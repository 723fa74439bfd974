//! What a form leaves for the next page: what the server refused or answered, and what was typed.

use crate::domain::error::UseCaseError;
use serde::{Deserialize, Serialize};

/// What a form accepts that is sent by the page's script: not the next page, but where it is and what was left for it.
pub const FORM_ANSWER: &str = "application/vnd.usher.form+json";

/// The door, for whoever is signed in and has to type their password again.
pub const TYPE_PASSWORD: &str = "/sign-in?again=on";

/// What the form of the door says in place of its tick, where a session is to be kept as the one before it was.
pub const KEEP_AS_BEFORE: &str = "as_before";

/// The form of the note that greets whoever has just joined.
pub const JOINED: &str = "/i";

/// The answer to such a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormAnswer {
    /// The page that comes next, as a path with its query.
    pub to: String,
    pub flash: Flash,
}

/// What a plain form leaves for the next page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The server function's path (`/api/block`).
    pub form: String,
    /// The page for which it is left, as a path with its query.
    pub page: String,
    /// What the form was about: the ids in it, by the names of their fields.
    pub record: Vec<(String, String)>,
    /// `None`: it was done.
    pub refusal: Option<UseCaseError>,
    /// What it answered, when that is a text to be shown.
    pub answer: Option<String>,
    /// What was typed, so that nothing is lost; never a password.
    pub typed: Vec<(String, String)>,
}

impl Flash {
    /// Whether the form was about this: the id that it carried in a field.
    pub fn is_about(&self, field: &str, id: &str) -> bool {
        self.record.iter().any(|(name, value)| name == field && value == id)
    }
}

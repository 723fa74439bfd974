//! The doors: signing in and out, sessions and their cookies, limits, passwords; over the real routes.

mod answers;
mod cookies;
mod first_page;
mod guesses;
mod hashes;
mod languages;
mod limits;
mod neighbours;
mod numbers;
mod passwords;
mod pasted;
mod sessions;
mod staying;

use crate::support::browser::{Answer, Browser};

impl Browser {
    /// Signs in at the door, as the form does.
    pub async fn sign_in(&mut self, username: &str, password: &str) -> Answer {
        self.post_form("/sign-in", &[("username", username), ("password", password)]).await
    }

    /// The secret of the session that is kept here.
    pub fn session(&self) -> String {
        self.cookies.get("__Host-usher_session").cloned().unwrap_or_default()
    }

    /// Whether somebody is recognised by what is kept here.
    pub async fn is_signed_in(&mut self) -> bool {
        self.ask_shown("/me").await.status.is_success()
    }
}

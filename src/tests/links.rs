//! Links: what opens an account and what sets a password, and everything that must not (IN-01 to IN-15, AU-05 to AU-07).

mod accepting;
mod asked;
mod confirming;
mod declining;
mod ending;
mod handed;
mod handing;
mod in_place;
mod looking;
mod mended;
mod mutants;
mod renewing;
mod resets;

use crate::support::browser::{Answer, Browser};
use crate::support::people::PASSWORD;

/// The register form, filled in as a person would.
pub const FILLED_IN: [(&str, &str); 3] = [("name", "Ivan Ivanov"), ("phone", ""), ("password", PASSWORD)];

impl Browser {
    /// A browser at another address of the network, with no cookies, on the same router.
    pub fn stranger(&self, number: u16) -> Self {
        let [high, low] = number.to_be_bytes();
        let mut other = self.clone();
        other.cookies.clear();
        other.address = ([198, 18, high, low], 40_000).into();
        other
    }

    /// Fills in the form of an invitation's page and sends it.
    pub async fn register_at(&mut self, page: &str) -> Answer {
        // Typed twice, as some ask.
        self.post_form(page, &[FILLED_IN.as_slice(), &[("password_again", PASSWORD)]].concat()).await
    }

    /// Whether a session is kept here.
    pub fn has_session(&self) -> bool {
        self.cookies.contains_key("__Host-usher_session")
    }
}

/// A page without what differs by chance: the nonce of its scripts.
pub fn without_nonce(answer: &Answer) -> String {
    let policy =
        answer.headers.get("content-security-policy").and_then(|policy| policy.to_str().ok()).unwrap_or_default();
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("no nonce");
    answer.text().replace(nonce, "NONCE")
}

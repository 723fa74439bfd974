//! The note that a plain form leaves for the next page.

use super::browser::Browser;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use usher::ui::forms::Flash;

impl Browser {
    /// Takes the note out of its cookie; `None` when there is none, or none that can be read.
    pub fn note(&mut self) -> Option<Flash> {
        let note = self.cookies.remove("__Host-usher_note")?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(note).ok()?).ok()
    }
}

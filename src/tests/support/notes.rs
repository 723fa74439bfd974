//! The note that a plain form leaves for the next page.

use super::browser::Browser;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use usher::view_models::Flash;

impl Browser {
    /// Takes the newest note out of its cookie; `None` when there is none, or none that can be read.
    pub fn note(&mut self) -> Option<Flash> {
        let note = self.cookies.remove(&self.newest_note.take()?)?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(note).ok()?).ok()
    }

    /// The cookies of the notes that wait, by their names.
    pub fn waiting_notes(&self) -> Vec<(String, String)> {
        let is_note = |name: &&String| name.contains("usher_note");
        self.cookies.iter().filter(|(name, _)| is_note(name)).map(|(name, note)| (name.clone(), note.clone())).collect()
    }
}

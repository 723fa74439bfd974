//! What the settings page gets, and a page that the server wrote whole.

use super::HistoryLine;
use crate::domain::revision::Revision;
use crate::domain::settings::Settings;
use serde::{Deserialize, Serialize};

/// The settings page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    pub settings: Settings,
    pub revision: Revision,
    /// Host and port of the relay, without user and password; `None` is the mailbox.
    pub relay: Option<String>,
    pub sender: String,
    pub public_url: String,
    pub changed: Option<HistoryLine>,
}

/// A page that the server wrote whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenPage {
    pub title: String,
    /// The inside of the page.
    pub html: String,
}

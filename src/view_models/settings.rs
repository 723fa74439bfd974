//! What the settings page gets.

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

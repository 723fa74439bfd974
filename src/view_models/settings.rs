//! What the settings page gets.

use super::HistoryLine;
use crate::domain::consent::ConsentKind;
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
    /// What would change with another preset, for whoever asks.
    pub preset_change: Option<PresetChange>,
    /// The agreements that its kind of organisation, or the one that is looked at, usually has and nobody is asked for.
    pub unasked: Vec<ConsentKind>,
}

/// What would change if the installation were of another kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresetChange {
    /// The preset's key.
    pub preset: String,
    /// Settings by their names, each with what it holds and what it would hold.
    pub settings: Vec<(String, String, String)>,
}

//! What an installation decides for itself. Values only; `storage` keeps them, `use_cases` changes them.

use super::moment::Span;
use super::password::PasswordPolicy;
use super::preset::{DISPATCH, Preset};
use super::user::NamePolicy;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// Whoever waits longer has forgotten what he could take back.
pub const LONGEST_HOLD: Span = Span::minutes(10);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The name that invitations and pages carry.
    pub organisation: String,
    /// The preset that was chosen at set-up; it stays.
    pub preset: String,
    pub language: Language,
    /// An IANA time zone, in which moments are written (`Europe/Minsk`).
    pub zone: String,
    pub invitation_valid_for: Span,
    /// How long new invitations wait before they leave, so that they can be taken back; at most [`LONGEST_HOLD`].
    pub hold: Span,
    pub password: PasswordPolicy,
    pub name_policy: NamePolicy,
    /// Whom people with a dead link may ask (rule 19); may be empty.
    pub support_contact: String,
    /// Whether the domain name system is asked if an invited address can receive e-mail (rule 8). It learns the domains, so
    /// somebody has to want it.
    pub checks_domains: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            organisation: String::new(),
            preset: DISPATCH.key.into(),
            language: Language::default(),
            zone: "UTC".into(),
            invitation_valid_for: DISPATCH.invitation_valid_for,
            hold: Span::seconds(10),
            password: PasswordPolicy::default(),
            name_policy: NamePolicy::default(),
            support_contact: String::new(),
            checks_domains: false,
        }
    }
}

impl Settings {
    /// What the installation was set up as.
    pub fn preset(&self) -> &'static Preset {
        Preset::from_key(&self.preset).unwrap_or(&DISPATCH)
    }
}

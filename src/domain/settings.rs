//! What an installation decides for itself. Values only; `storage` keeps them, `use_cases` changes them.

use super::moment::Span;
use super::password::PasswordPolicy;
use super::user::NamePolicy;
use crate::words::Language;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The name that invitations and pages carry.
    pub organisation: String,
    pub language: Language,
    /// An IANA time zone, in which moments are written (`Europe/Minsk`).
    pub zone: String,
    pub invitation_valid_for: Span,
    pub password: PasswordPolicy,
    pub name_policy: NamePolicy,
    /// Whom people with a dead link may ask (rule 19); may be empty.
    pub support_contact: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            organisation: String::new(),
            language: Language::default(),
            zone: "UTC".into(),
            invitation_valid_for: super::preset::DISPATCH.invitation_valid_for,
            password: PasswordPolicy::default(),
            name_policy: NamePolicy::default(),
            support_contact: String::new(),
        }
    }
}

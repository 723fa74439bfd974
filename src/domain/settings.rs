//! What an installation decides for itself. Values only; `storage` keeps them, `use_cases` changes them.

use super::contact::Channel;
use super::error::Invalid;
use super::invitation::is_unprintable;
use super::mail_text::MailText;
use super::password::PasswordPolicy;
use super::preset::{DISPATCH, Preset};
use super::text::{composed, one_line};
use super::timestamp::Duration;
use super::user::NamePolicy;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// Whoever waits longer has forgotten what there is to take back.
pub const LONGEST_HOLD: Duration = Duration::minutes(10);

/// What one person may cause a day: enough for a small round, and never more than a relay would take from anybody.
pub const LETTERS_A_DAY: std::ops::RangeInclusive<i64> = 20..=100_000;

/// Whether the invite form asks for units (rules 6, 60). Where nobody chooses, the first one within the inviter's reach is
/// meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitField {
    Off,
    #[default]
    Optional,
    /// At least one, chosen by hand.
    Required,
}

impl UnitField {
    pub const ALL: [Self; 3] = [Self::Optional, Self::Required, Self::Off];

    pub fn code(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }
}

/// By which ways people are invited (rules 23, 25, 45).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvitesBy {
    /// Confirmed by e-mail alone: nobody is invited by their number.
    #[default]
    MailOnly,
    /// By SMS where a row has a number and no e-mail address.
    MailOrSms,
}

impl InvitesBy {
    pub const ALL: [Self; 2] = [Self::MailOnly, Self::MailOrSms];

    pub fn code(self) -> &'static str {
        match self {
            Self::MailOnly => "email",
            Self::MailOrSms => "email_or_sms",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ways| ways.code() == code)
    }

    /// Whether invitations go by a channel.
    pub fn includes(self, channel: Channel) -> bool {
        channel != Channel::Sms || self == Self::MailOrSms
    }
}

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
    pub invitation_valid_for: Duration,
    /// How long new invitations wait before they leave, so that they can be taken back; at most [`LONGEST_HOLD`].
    pub hold: Duration,
    pub password: PasswordPolicy,
    pub name_policy: NamePolicy,
    pub unit_field: UnitField,
    /// Whom people with a dead link may ask (rule 19); may be empty.
    pub support_contact: String,
    /// What invitations say in the organisation's own words, in the languages in which it has some (rule 13).
    pub invitation_texts: Vec<(Language, MailText)>,
    /// How many messages one person may cause within a day: invitations, resends, resets (RL-07).
    pub letters_a_day: i64,
    /// Whether the domain name system is asked if an invited address can receive e-mail (rule 8). It learns the domains, so
    /// somebody has to want it.
    pub checks_domains: bool,
    pub invites_by: InvitesBy,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            organisation: String::new(),
            preset: DISPATCH.key.into(),
            language: Language::default(),
            zone: "UTC".into(),
            invitation_valid_for: DISPATCH.invitation_valid_for,
            hold: Duration::seconds(10),
            password: PasswordPolicy::default(),
            name_policy: NamePolicy::default(),
            unit_field: UnitField::default(),
            support_contact: String::new(),
            invitation_texts: Vec::new(),
            letters_a_day: 2_000,
            checks_domains: false,
            invites_by: InvitesBy::default(),
        }
    }
}

/// A help contact as typed, in one line of at most 200 characters.
pub fn clean_contact(typed: &str) -> String {
    let shown: String = one_line(typed).chars().filter(|letter| !is_unprintable(*letter)).collect();
    composed(&shown).chars().take(200).collect()
}

/// The organisation's name as it is kept: one line of 1–100 characters.
///
/// # Errors
/// `OrganisationName` for anything else.
pub fn clean_organisation(typed: &str) -> Result<String, Invalid> {
    let name = one_line(typed);
    let is_fine = !name.is_empty() && name.chars().count() <= 100 && !name.chars().any(char::is_control);
    if is_fine { Ok(name) } else { Err(Invalid::OrganisationName) }
}

impl Settings {
    /// What the installation was set up as.
    pub fn preset(&self) -> &'static Preset {
        Preset::from_key(&self.preset).unwrap_or(&DISPATCH)
    }

    /// The organisation's own words in an invitation of this language; empty where it has none.
    pub fn invitation_text(&self, language: Language) -> MailText {
        let own = self.invitation_texts.iter().find(|(spoken, _)| *spoken == language);
        own.map(|(_, text)| text.clone()).unwrap_or_default()
    }

    /// The same settings with other words in this language.
    pub fn with_invitation_text(mut self, language: Language, text: MailText) -> Self {
        self.invitation_texts.retain(|(spoken, _)| *spoken != language);
        if !text.is_empty() {
            self.invitation_texts.push((language, text));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// L-01: what is kept is composed, however it was typed.
    #[test]
    fn a_contact_and_an_organisation_are_one_line_in_composed_letters() {
        assert_eq!(clean_contact(" Cafe\u{301}\n+375\u{200b} 29 "), "Café +375 29");
        assert_eq!(clean_contact("e\u{200b}\u{301}"), "é");
        assert_eq!(clean_contact(&"e\u{301}".repeat(201)), "é".repeat(200));
        assert_eq!(clean_organisation(" C\u{30c}ech  Post "), Ok("Čech Post".into()));
        for odd in ["", " \n", "a\u{7}b", &"я".repeat(101)] {
            assert_eq!(clean_organisation(odd), Err(Invalid::OrganisationName), "{odd:?}");
        }
    }
}

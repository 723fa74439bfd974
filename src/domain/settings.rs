//! What an installation decides for itself. Values only; `storage` keeps them, `use_cases` changes them.

pub mod older;
mod own;
mod setting;

pub use own::{OF_UNITS, OwnSettings, UnitSettings};
pub use setting::{Setting, SettingKind, SettingsPart};

use super::authorization::SignsInBy;
use super::coded::coded;
use super::contact::{Address, CallingCode, Channel};
use super::error::Invalid;
use super::import::BatchPolicy;
use super::invitation::is_unprintable;
use super::mail_text::MailText;
use super::onboarding::InvitationCarries;
use super::password::PasswordPolicy;
use super::preset::{DISPATCH, Preset};
use super::registration::RegistrationFields;
use super::text::{composed, one_line};
use super::timestamp::Duration;
use super::unit::{Unit, UnitKind};
use super::user::NamePolicy;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// Whoever waits longer has forgotten what there is to take back.
pub const LONGEST_HOLD: Duration = Duration::minutes(10);

/// What one person may cause a day: enough for a small round, and never more than a relay would take from anybody.
pub const LETTERS_A_DAY: std::ops::RangeInclusive<i64> = 20..=100_000;

coded! {
    /// Whether the invite form asks for units (rules 6, 60). Where nobody chooses, the first one within the inviter's reach is
    /// meant.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum UnitField {
        #[default]
        Optional = "optional",
        /// At least one, chosen by hand.
        Required = "required",
        Off = "off",
    }
}

coded! {
    /// To which units people are invited: a company itself is one, unless everybody is to be in a part of it.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum UnitLevel {
        #[default]
        Any = "any",
        BelowCompany = "below",
    }
}

impl UnitLevel {
    /// Whether people are invited to units of this kind.
    pub fn takes(self, kind: UnitKind) -> bool {
        self == Self::Any || !matches!(kind, UnitKind::Installation | UnitKind::Company)
    }
}

/// The most units of one invitation that can be asked for; 0 is as many as there are.
pub const UNITS_AT_MOST: std::ops::RangeInclusive<i64> = 0..=50;

coded! {
    /// By which ways people are invited (rules 23, 25, 45).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum InvitesBy {
        /// Confirmed by e-mail alone: nobody is invited by their number.
        #[default]
        MailOnly = "email",
        /// By SMS where there is a number and no e-mail address; beside one, a number is only kept.
        MailOrSms = "email_or_sms",
        /// By both, where there are both: one invitation, two messages.
        Both = "both",
        /// By e-mail where there is no number; beside one, an address is only kept.
        SmsOrMail = "sms_or_email",
    }
}

impl InvitesBy {
    /// Whether invitations go by a channel.
    pub fn includes(self, channel: Channel) -> bool {
        channel != Channel::Sms || self != Self::MailOnly
    }

    /// To which of somebody's addresses an invitation goes; the one that comes first is the invitation's own. To none, where
    /// they have only a number and invitations go by e-mail alone.
    pub fn picks<'a>(self, addresses: impl IntoIterator<Item = &'a Address>) -> Vec<&'a Address> {
        let all: Vec<&Address> = addresses.into_iter().collect();
        let by = |is_sms| all.iter().copied().find(|address| (address.channel() == Channel::Sms) == is_sms);
        let (mail, sms) = (by(false), by(true));
        let picked = match self {
            Self::MailOnly => [mail, None],
            Self::MailOrSms => [mail.or(sms), None],
            Self::Both => [mail, sms],
            Self::SmsOrMail => [sms.or(mail), None],
        };
        picked.into_iter().flatten().collect()
    }
}

coded! {
    /// What happens to the link when an invitation is sent again.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum ResendMode {
        /// A new one goes, and those before say so: whoever found an old message comes in by it no longer.
        #[default]
        Rotate = "rotate",
        /// The same one goes, and has a new end.
        Extend = "extend",
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
    pub signs_in_by: SignsInBy,
    pub name_policy: NamePolicy,
    pub unit_field: UnitField,
    pub unit_level: UnitLevel,
    /// To how many units one invitation goes at most; 0 is to as many as are chosen.
    pub units_at_most: i64,
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
    /// What is offered for a number without a country code (rule 31).
    pub calling_code: CallingCode,
    /// How long before its end people are reminded of an invitation; never where this is nothing.
    pub remind_before: Duration,
    /// What the page of an invitation asks (rules 14, 47).
    pub registration: RegistrationFields,
    /// Whether people may be known before anybody invites them (rule 20).
    pub adds_people: bool,
    /// What an import proposes for a list with bad rows (rule 32).
    pub batch_policy: BatchPolicy,
    /// Whether people without an address are added with a login and a temporary password, to be handed over (rule 79).
    pub hands_over: bool,
    /// What the message of an invitation carries (rule 24).
    pub carries: InvitationCarries,
    /// Whether there is a plan of shifts; where there is none, nothing is said of it.
    pub plans_shifts: bool,
    /// Whether whoever leaves can be archived (rule 1).
    pub archives_people: bool,
    /// How many days whoever is deleted can be brought back; with 0 they are erased at once (rule 94).
    pub bin_days: i64,
    pub resends: ResendMode,
    /// Whether an invitation goes by SMS once its e-mail came back or was refused, where a number is known.
    pub fails_over: bool,
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
            signs_in_by: SignsInBy::default(),
            name_policy: NamePolicy::default(),
            unit_field: UnitField::default(),
            unit_level: UnitLevel::default(),
            units_at_most: 0,
            support_contact: String::new(),
            invitation_texts: Vec::new(),
            letters_a_day: 2_000,
            checks_domains: false,
            invites_by: InvitesBy::default(),
            calling_code: CallingCode::default(),
            remind_before: Duration::days(1),
            registration: RegistrationFields::default(),
            adds_people: false,
            batch_policy: BatchPolicy::default(),
            hands_over: false,
            carries: InvitationCarries::default(),
            plans_shifts: true,
            // Settings that were written before there was a choice: everybody could be archived then.
            archives_people: true,
            bin_days: DISPATCH.bin_days,
            resends: ResendMode::default(),
            fails_over: false,
        }
    }
}

/// How many characters a help contact has at most.
pub const LONGEST_CONTACT: usize = 200;

/// A help contact as typed, in one line of at most [`LONGEST_CONTACT`].
pub fn clean_contact(typed: &str) -> String {
    let shown: String = one_line(typed).chars().filter(|letter| !is_unprintable(*letter)).collect();
    composed(&shown).chars().take(LONGEST_CONTACT).collect()
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
    /// Whether one invitation may go to these units.
    ///
    /// # Errors
    /// `UnitTooHigh` for a company where only parts of it are meant; `TooManyUnits`.
    pub fn takes_units(&self, units: &[Unit]) -> Result<(), Invalid> {
        if let Some(unit) = units.iter().find(|unit| !self.unit_level.takes(unit.kind)) {
            return Err(Invalid::UnitTooHigh { name: unit.name.clone() });
        }
        let most = usize::try_from(self.units_at_most).unwrap_or_default();
        if most > 0 && units.len() > most { Err(Invalid::TooManyUnits { most }) } else { Ok(()) }
    }

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

    /// Rule 23 and rule 25: which way an invitation goes is the installation's to say.
    #[test]
    fn an_invitation_goes_by_the_ways_that_are_set_and_that_there_are() {
        let mail = Address::parse("vera@acme.by").expect("an address");
        let sms = Address::stored(Channel::Sms, "+375291234567");
        let (both, only_mail, only_sms) = ([&mail, &sms], [&mail], [&sms]);
        for (ways, of_both, of_number) in [
            (InvitesBy::MailOnly, vec![&mail], vec![]),
            (InvitesBy::MailOrSms, vec![&mail], vec![&sms]),
            (InvitesBy::Both, vec![&mail, &sms], vec![&sms]),
            (InvitesBy::SmsOrMail, vec![&sms], vec![&sms]),
        ] {
            assert_eq!(ways.picks(both), of_both, "{ways:?}");
            assert_eq!(ways.picks(only_mail), [&mail], "{ways:?}");
            assert_eq!(ways.picks(only_sms), of_number, "{ways:?}");
            assert_eq!(InvitesBy::from_code(ways.code()), Some(ways));
        }
    }

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

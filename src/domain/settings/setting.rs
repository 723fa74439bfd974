//! Each thing that an installation decides, once: its name in forms, in files and in the history, in which part of the settings it
//! stands, what it may hold, and how it is read and written. Words are the catalogue's; whether somebody may change it is the
//! policy's.

use super::{
    InvitesBy, LETTERS_A_DAY, LONGEST_CONTACT, LONGEST_HOLD, ResendMode, Settings, UNITS_AT_MOST, UnitField, UnitLevel,
    clean_contact, clean_organisation,
};
use crate::domain::authorization::SignsInBy;
use crate::domain::coded::coded;
use crate::domain::contact;
use crate::domain::deletion::BIN_DAYS;
use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::import::BatchPolicy;
use crate::domain::onboarding::InvitationCarries;
use crate::domain::password::FLOOR;
use crate::domain::registration::{NameFields, PhoneField};
use crate::domain::timestamp::Duration;
use crate::domain::user::NamePolicy;
use crate::domain::validity;
use crate::words::Language;
use std::collections::BTreeMap;

coded! {
    /// One of the settings, in the order in which they are shown.
    /// Its code is its name in forms, in files and in the history.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Setting {
        Organisation = "organisation",
        Language = "language",
        Zone = "zone",
        SupportContact = "support_contact",
        PlansShifts = "plans_shifts",
        ArchivesPeople = "archives_people",
        BinDays = "bin_days",
        ValidFor = "valid_for",
        Hold = "hold_seconds",
        LettersADay = "letters_a_day",
        UnitField = "unit_field",
        UnitLevel = "unit_level",
        UnitsAtMost = "units_at_most",
        InvitesBy = "invites_by",
        CallingCode = "calling_code",
        FailsOver = "fails_over",
        Resends = "resends",
        Carries = "carries",
        AddsPeople = "adds_people",
        BatchPolicy = "batch_policy",
        HandsOver = "hands_over",
        RemindBefore = "remind_days",
        ChecksDomains = "checks_domains",
        SignsInBy = "signs_in_by",
        MinLength = "min_length",
        Classes = "classes",
        RepeatsPassword = "repeats_password",
        NamePolicy = "name_policy",
        NameFields = "name_fields",
        PhoneField = "phone_field",
    }
}

coded! {
    /// Settings that are saved together.
    /// Its code names its form.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum SettingsPart {
        Organisation = "organisation",
        Invitations = "invitations",
        Passwords = "passwords",
        Names = "names",
    }
}

/// What a setting may hold; all of it is written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// One line of at most so many characters, and whether it must not be empty.
    Line {
        is_needed: bool,
        most: usize,
    },
    /// A time zone by its IANA name.
    Zone,
    /// A whole number.
    Number,
    /// How long something lasts, as `domain::validity` writes it.
    Length,
    /// `true` or `false`; a form says `on`, or nothing.
    Tick,
    /// One of a few codes, each with its meaning.
    OneOf(&'static [&'static str]),
    Language,
}

/// The days before the end of an invitation that are offered for its reminder; 0 is never.
const REMIND_DAYS: [&str; 5] = ["0", "1", "2", "3", "7"];

/// Nobody waits for a reminder longer than this.
const MOST_REMIND_DAYS: i64 = 30;

impl SettingsPart {
    /// What stands in it, in the order in which it is shown.
    pub fn settings(self) -> impl Iterator<Item = Setting> {
        Setting::ALL.into_iter().filter(move |setting| setting.part() == self)
    }
}

impl Setting {
    pub fn part(self) -> SettingsPart {
        match self {
            Self::Organisation
            | Self::Language
            | Self::Zone
            | Self::SupportContact
            | Self::PlansShifts
            | Self::ArchivesPeople
            | Self::BinDays => SettingsPart::Organisation,
            Self::ValidFor
            | Self::Hold
            | Self::LettersADay
            | Self::UnitField
            | Self::UnitLevel
            | Self::UnitsAtMost
            | Self::InvitesBy
            | Self::CallingCode
            | Self::FailsOver
            | Self::Resends
            | Self::Carries
            | Self::AddsPeople
            | Self::BatchPolicy
            | Self::HandsOver
            | Self::RemindBefore
            | Self::ChecksDomains => SettingsPart::Invitations,
            Self::SignsInBy | Self::MinLength | Self::Classes | Self::RepeatsPassword => SettingsPart::Passwords,
            Self::NamePolicy | Self::NameFields | Self::PhoneField => SettingsPart::Names,
        }
    }

    pub fn kind(self) -> SettingKind {
        match self {
            Self::Organisation => SettingKind::Line { is_needed: true, most: 100 },
            Self::SupportContact => SettingKind::Line { is_needed: false, most: LONGEST_CONTACT },
            Self::CallingCode => SettingKind::Line { is_needed: false, most: 5 },
            Self::Language => SettingKind::Language,
            Self::Zone => SettingKind::Zone,
            Self::ValidFor => SettingKind::Length,
            Self::BinDays | Self::Hold | Self::LettersADay | Self::UnitsAtMost | Self::MinLength => SettingKind::Number,
            Self::PlansShifts
            | Self::ArchivesPeople
            | Self::FailsOver
            | Self::AddsPeople
            | Self::HandsOver
            | Self::ChecksDomains
            | Self::Classes
            | Self::RepeatsPassword => SettingKind::Tick,
            Self::UnitField => SettingKind::OneOf(&["optional", "required", "off"]),
            Self::UnitLevel => SettingKind::OneOf(&["any", "below"]),
            Self::InvitesBy => SettingKind::OneOf(&["email", "email_or_sms", "both", "sms_or_email"]),
            Self::SignsInBy => SettingKind::OneOf(&["email", "email_or_phone", "email_or_login", "any"]),
            Self::Resends => SettingKind::OneOf(&["rotate", "extend"]),
            Self::Carries => SettingKind::OneOf(&["link", "credentials"]),
            Self::BatchPolicy => SettingKind::OneOf(&["skip", "all"]),
            Self::RemindBefore => SettingKind::OneOf(&REMIND_DAYS),
            Self::NamePolicy => SettingKind::OneOf(&["user-wins", "admin", "user-only"]),
            Self::NameFields => SettingKind::OneOf(&["one", "first_and_last"]),
            Self::PhoneField => SettingKind::OneOf(&["optional", "required", "off"]),
        }
    }

    /// What it holds, as text.
    pub fn read(self, settings: &Settings) -> String {
        match self {
            Self::Organisation => settings.organisation.clone(),
            Self::Language => settings.language.code().into(),
            Self::Zone => settings.zone.clone(),
            Self::SupportContact => settings.support_contact.clone(),
            Self::PlansShifts => settings.plans_shifts.to_string(),
            Self::ArchivesPeople => settings.archives_people.to_string(),
            Self::BinDays => settings.bin_days.to_string(),
            Self::ValidFor => validity::code(settings.invitation_valid_for),
            Self::Hold => (settings.hold.0 / Duration::seconds(1).0).to_string(),
            Self::LettersADay => settings.letters_a_day.to_string(),
            Self::UnitField => settings.unit_field.code().into(),
            Self::UnitLevel => settings.unit_level.code().into(),
            Self::UnitsAtMost => settings.units_at_most.to_string(),
            Self::InvitesBy => settings.invites_by.code().into(),
            Self::CallingCode => settings.calling_code.as_str().into(),
            Self::FailsOver => settings.fails_over.to_string(),
            Self::Resends => settings.resends.code().into(),
            Self::Carries => settings.carries.code().into(),
            Self::AddsPeople => settings.adds_people.to_string(),
            Self::BatchPolicy => settings.batch_policy.code().into(),
            Self::HandsOver => settings.hands_over.to_string(),
            Self::RemindBefore => (settings.remind_before.0 / Duration::days(1).0).to_string(),
            Self::ChecksDomains => settings.checks_domains.to_string(),
            Self::SignsInBy => settings.signs_in_by.code().into(),
            Self::MinLength => settings.password.min_length.to_string(),
            Self::Classes => settings.password.classes.to_string(),
            Self::RepeatsPassword => settings.registration.repeats_password.to_string(),
            Self::NamePolicy => settings.name_policy.code().into(),
            Self::NameFields => settings.registration.name.code().into(),
            Self::PhoneField => settings.registration.phone.code().into(),
        }
    }

    /// Puts what was typed into the settings. Whether a time zone exists is asked where the zones are known.
    ///
    /// # Errors
    /// What is wrong with it, by the field; `Unreadable` for a code that no form offers.
    pub fn write(self, settings: &mut Settings, typed: &str) -> Result<(), UseCaseError> {
        match self {
            Self::Organisation => settings.organisation = clean_organisation(typed)?,
            Self::Language => settings.language = Language::from_code(typed).ok_or(Invalid::Language)?,
            Self::Zone => settings.zone = typed.into(),
            Self::SupportContact => settings.support_contact = clean_contact(typed),
            Self::PlansShifts => settings.plans_shifts = ticked(typed)?,
            Self::ArchivesPeople => settings.archives_people = ticked(typed)?,
            Self::BinDays => settings.bin_days = number(typed, BIN_DAYS).ok_or(Invalid::BinDays)?,
            Self::ValidFor => settings.invitation_valid_for = validity::read(typed)?,
            Self::Hold => {
                let most = LONGEST_HOLD.0 / Duration::seconds(1).0;
                settings.hold = Duration::seconds(number(typed, 0..=most).ok_or(Invalid::Hold)?);
            }
            Self::LettersADay => {
                settings.letters_a_day = number(typed, LETTERS_A_DAY).ok_or(Invalid::LettersADay)?;
            }
            Self::UnitField => settings.unit_field = known(UnitField::from_code(typed))?,
            Self::UnitLevel => settings.unit_level = known(UnitLevel::from_code(typed))?,
            Self::UnitsAtMost => {
                settings.units_at_most = number(typed, UNITS_AT_MOST).ok_or(Invalid::UnitsAtMost)?;
            }
            Self::InvitesBy => settings.invites_by = known(InvitesBy::from_code(typed))?,
            Self::CallingCode => {
                settings.calling_code = contact::CallingCode::parse(typed).ok_or(Invalid::CallingCode)?;
            }
            Self::FailsOver => settings.fails_over = ticked(typed)?,
            Self::Resends => settings.resends = known(ResendMode::from_code(typed))?,
            Self::Carries => settings.carries = known(InvitationCarries::from_code(typed))?,
            Self::AddsPeople => settings.adds_people = ticked(typed)?,
            Self::BatchPolicy => settings.batch_policy = known(BatchPolicy::from_code(typed))?,
            Self::HandsOver => settings.hands_over = ticked(typed)?,
            Self::RemindBefore => settings.remind_before = Duration::days(known(number(typed, 0..=MOST_REMIND_DAYS))?),
            Self::ChecksDomains => settings.checks_domains = ticked(typed)?,
            Self::SignsInBy => settings.signs_in_by = known(SignsInBy::from_code(typed))?,
            Self::MinLength => {
                let length = number(typed, FLOOR as i64..=64).ok_or(Invalid::MinimumLength)?;
                settings.password.min_length = usize::try_from(length).map_err(|_| Invalid::MinimumLength)?;
            }
            Self::Classes => settings.password.classes = ticked(typed)?,
            Self::RepeatsPassword => settings.registration.repeats_password = ticked(typed)?,
            Self::NamePolicy => settings.name_policy = known(NamePolicy::from_code(typed))?,
            Self::NameFields => settings.registration.name = known(NameFields::from_code(typed))?,
            Self::PhoneField => settings.registration.phone = known(PhoneField::from_code(typed))?,
        }
        Ok(())
    }
}

fn known<T>(read: Option<T>) -> Result<T, UseCaseError> {
    read.ok_or(UseCaseError::Unreadable)
}

fn ticked(typed: &str) -> Result<bool, UseCaseError> {
    match typed {
        "on" | "true" => Ok(true),
        "" | "false" => Ok(false),
        _ => Err(UseCaseError::Unreadable),
    }
}

fn number(typed: &str, allowed: std::ops::RangeInclusive<i64>) -> Option<i64> {
    typed.trim().parse().ok().filter(|number| allowed.contains(number))
}

impl Settings {
    /// The same settings with what was typed into the form of a part, where a tick that is not there is taken away; or, where no
    /// part is named, with those that are there.
    ///
    /// # Errors
    /// The first that cannot be, in the order in which they are shown; `Unreadable` where a form lacks what every browser sends.
    pub fn typed_over(
        &self,
        part: Option<SettingsPart>,
        typed: &BTreeMap<String, String>,
    ) -> Result<Self, UseCaseError> {
        let is_there = |setting: &Setting| typed.contains_key(setting.code());
        let is_meant = |setting: &Setting| part.map_or_else(|| is_there(setting), |part| setting.part() == part);
        if !Setting::ALL.iter().any(|setting| is_meant(setting) && is_there(setting)) {
            return Err(UseCaseError::Unreadable);
        }
        let mut after = self.clone();
        for setting in Setting::ALL.into_iter().filter(is_meant) {
            match (typed.get(setting.code()), setting.kind()) {
                (Some(value), _) => setting.write(&mut after, value)?,
                (None, SettingKind::Tick) => setting.write(&mut after, "")?,
                (None, _) => return Err(UseCaseError::Unreadable),
            }
        }
        Ok(after)
    }

    /// All of them as a form has them.
    pub fn as_typed(&self) -> BTreeMap<String, String> {
        Setting::ALL.into_iter().map(|setting| (setting.code().into(), setting.read(self))).collect()
    }

    /// What differs, each with what it holds here and there.
    pub fn differences(&self, other: &Self) -> Vec<(Setting, String, String)> {
        let both = Setting::ALL.into_iter().map(|setting| (setting, setting.read(self), setting.read(other)));
        both.filter(|(_, here, there)| here != there).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::preset::PRESETS;

    #[test]
    fn what_is_read_can_be_written_and_changes_nothing() {
        for preset in PRESETS {
            let settings = Settings { organisation: "ACME".into(), ..preset.settings() };
            assert_eq!(settings.typed_over(None, &settings.as_typed()), Ok(settings.clone()));
            assert_eq!(settings.differences(&settings), []);
        }
    }

    #[test]
    fn every_choice_can_be_written_and_is_read_back() {
        for setting in Setting::ALL {
            assert_eq!(Setting::from_code(setting.code()), Some(setting));
            let SettingKind::OneOf(codes) = setting.kind() else { continue };
            for code in codes {
                let mut settings = Settings::default();
                setting.write(&mut settings, code).expect("a choice");
                assert_eq!(setting.read(&settings), *code, "{setting:?}");
            }
            assert!(setting.write(&mut Settings::default(), "something else").is_err(), "{setting:?}");
        }
    }

    #[test]
    fn a_form_of_one_part_leaves_the_others_alone() {
        let before = Settings { organisation: "ACME".into(), checks_domains: true, ..Settings::default() };
        let said = [("min_length", "9"), ("signs_in_by", "any"), ("zone", "Mars")];
        let typed = said.map(|(name, value)| (name.to_string(), value.to_string())).into();
        let after = before.typed_over(Some(SettingsPart::Passwords), &typed).expect("a change");
        assert_eq!((after.password.min_length, after.checks_domains, after.zone), (9, true, before.zone.clone()));
        let nothing = BTreeMap::from([("rows[]".to_string(), String::new())]);
        for part in SettingsPart::ALL.map(Some).into_iter().chain([None]) {
            assert_eq!(before.typed_over(part, &nothing), Err(UseCaseError::Unreadable), "{part:?}");
        }
    }

    #[test]
    fn what_cannot_be_is_named() {
        let odd = |setting: Setting, typed: &str| setting.write(&mut Settings::default(), typed).err();
        for (setting, typed, why) in [
            (Setting::ValidFor, "0", Invalid::Validity),
            (Setting::ValidFor, "2161", Invalid::Validity),
            (Setting::ValidFor, "99999999999999999999", Invalid::Validity),
            (Setting::Hold, "-1", Invalid::Hold),
            (Setting::Hold, "ten", Invalid::Hold),
            (Setting::LettersADay, "19", Invalid::LettersADay),
            (Setting::CallingCode, "+0", Invalid::CallingCode),
            (Setting::CallingCode, "Belarus", Invalid::CallingCode),
            (Setting::UnitsAtMost, "51", Invalid::UnitsAtMost),
            (Setting::BinDays, "-1", Invalid::BinDays),
            (Setting::BinDays, "366", Invalid::BinDays),
            (Setting::BinDays, "a month", Invalid::BinDays),
            (Setting::MinLength, "7", Invalid::MinimumLength),
            (Setting::Organisation, " ", Invalid::OrganisationName),
            (Setting::Language, "tlh", Invalid::Language),
        ] {
            assert_eq!(odd(setting, typed), Some(why.into()), "{setting:?} {typed}");
        }
        assert_eq!(odd(Setting::Classes, "perhaps"), Some(UseCaseError::Unreadable));
    }
}

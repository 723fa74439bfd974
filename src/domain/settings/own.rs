//! What a unit decides about invitations otherwise than the installation does: a few settings, each under its own name and
//! written as it is there. It holds for the unit and all below it; the nearest one that says something counts. What a role says
//! for itself stands in the role (`onboarding`).

use super::{Setting, Settings};
use crate::domain::error::UseCaseError;
use crate::domain::onboarding::UsualInvitation;
use crate::domain::unit::UnitPath;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a unit can decide for itself, in the order in which it is shown.
pub const OF_UNITS: [Setting; 5] =
    [Setting::ValidFor, Setting::Carries, Setting::RemindBefore, Setting::FailsOver, Setting::HandsOver];

/// What one unit decides; of what is not in it, it is as above the unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct OwnSettings(BTreeMap<Setting, String>);

impl OwnSettings {
    /// What was typed, where an empty field is as above.
    ///
    /// # Errors
    /// What is wrong with the first that cannot be.
    pub fn typed<'a>(typed: impl Fn(Setting) -> &'a str) -> Result<Self, UseCaseError> {
        let mut own = BTreeMap::new();
        for setting in OF_UNITS {
            let text = typed(setting).trim();
            if text.is_empty() {
                continue;
            }
            let mut read = Settings::default();
            setting.write(&mut read, text)?;
            own.insert(setting, setting.read(&read));
        }
        Ok(Self(own))
    }

    /// All that a unit could decide, as it stands in these settings.
    pub fn of(settings: &Settings) -> Self {
        Self(OF_UNITS.into_iter().map(|setting| (setting, setting.read(settings))).collect())
    }

    /// As the database keeps it: `valid_for=3d carries=link`.
    pub fn read(text: &str) -> Option<Self> {
        let pairs: Option<BTreeMap<&str, &str>> = text.split_whitespace().map(|pair| pair.split_once('=')).collect();
        let pairs = pairs.filter(|pairs| pairs.len() == text.split_whitespace().count())?;
        let own = Self::typed(|setting| pairs.get(setting.code()).copied().unwrap_or_default()).ok()?;
        (own.0.len() == pairs.len()).then_some(own)
    }

    pub fn written(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(setting, value)| format!("{}={value}", setting.code())).collect();
        pairs.join(" ")
    }

    /// What it says of a setting, written as the installation writes it.
    pub fn get(&self, setting: Setting) -> Option<&str> {
        self.0.get(&setting).map(String::as_str)
    }

    /// What differs between two, as name, before and after; empty is as above.
    pub fn differences(&self, after: &Self) -> Vec<(Setting, String, String)> {
        let value = |own: &Self, setting| own.get(setting).unwrap_or_default().to_string();
        let all = OF_UNITS.into_iter().map(|setting| (setting, value(self, setting), value(after, setting)));
        all.filter(|(_, before, after)| before != after).collect()
    }

    fn over(&self, mut settings: Settings) -> Settings {
        for (setting, value) in &self.0 {
            let mut changed = settings.clone();
            // What is kept was read before.
            if setting.write(&mut changed, value).is_ok() {
                settings = changed;
            }
        }
        settings
    }
}

impl From<OwnSettings> for String {
    fn from(own: OwnSettings) -> Self {
        own.written()
    }
}

impl TryFrom<String> for OwnSettings {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::read(&text).ok_or("no settings of a unit")
    }
}

/// What every unit decides that decides something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitSettings(Vec<(UnitPath, OwnSettings)>);

impl FromIterator<(UnitPath, OwnSettings)> for UnitSettings {
    fn from_iter<T: IntoIterator<Item = (UnitPath, OwnSettings)>>(all: T) -> Self {
        let mut all: Vec<_> = all.into_iter().collect();
        // From the top down, so that the nearest one is the last that says something.
        all.sort_by_key(|(path, _)| path.level());
        Self(all)
    }
}

impl UnitSettings {
    /// The settings as they hold for invitations to the unit at a path.
    pub fn at(&self, settings: &Settings, path: &UnitPath) -> Settings {
        let above = self.0.iter().filter(|(unit, _)| unit.reaches(path));
        above.fold(settings.clone(), |settings, (_, own)| own.over(settings))
    }

    /// The same for one invitation to several units: where they differ, the more careful one counts.
    pub fn at_all<'a>(&self, settings: &Settings, paths: impl IntoIterator<Item = &'a UnitPath>) -> Settings {
        let all = paths.into_iter().map(|path| self.at(settings, path));
        all.reduce(more_careful).unwrap_or_else(|| settings.clone())
    }

    /// Whether a setting holds this anywhere.
    pub fn say_anywhere(&self, setting: Setting, value: &str) -> bool {
        self.0.iter().any(|(_, own)| own.get(setting) == Some(value))
    }
}

/// The shorter link, a link rather than a password, the earlier reminder, and no SMS and no handed password that one of them does
/// not want.
fn more_careful(one: Settings, other: Settings) -> Settings {
    let usual = UsualInvitation::of(&one).joined(UsualInvitation::of(&other));
    Settings {
        invitation_valid_for: usual.valid_for,
        carries: usual.carries,
        remind_before: one.remind_before.max(other.remind_before),
        fails_over: one.fails_over && other.fails_over,
        hands_over: one.hands_over && other.hands_over,
        ..one
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::error::Invalid;
    use crate::domain::id::UnitId;
    use crate::domain::onboarding::InvitationCarries;
    use crate::domain::timestamp::Duration;
    use proptest::prelude::*;

    fn own(text: &str) -> OwnSettings {
        OwnSettings::read(text).expect("settings of a unit")
    }

    #[test]
    fn what_is_kept_is_read_and_nothing_else_is() {
        for text in
            ["", "valid_for=3d", "valid_for=8h carries=credentials remind_days=2 fails_over=true hands_over=true"]
        {
            assert_eq!(own(&own(text).written()), own(text), "{text}");
        }
        // As a database that is brought along writes a length of old.
        assert_eq!(own("valid_for=4320m").get(Setting::ValidFor), Some("3d"));
        for odd in [
            "valid_for",
            "valid_for=",
            "valid_for=3d valid_for=4d",
            "valid_for=91d",
            "carries=pigeon",
            "organisation=X",
            "fails_over=perhaps",
            "valid_for=3d x=1",
        ] {
            assert_eq!(OwnSettings::read(odd), None, "{odd}");
        }
        let typed = |length: &'static str| {
            OwnSettings::typed(|setting| match setting {
                Setting::ValidFor => length,
                _ => " ",
            })
        };
        assert_eq!(typed(" 36 ч "), Ok(own("valid_for=36h")));
        assert_eq!(typed("1m"), Err(Invalid::Validity.into()));
    }

    #[test]
    fn the_nearest_unit_counts_and_of_several_the_more_careful_one() {
        let root = UnitPath::root(&UnitId::new("root"));
        let north = root.child(&UnitId::new("north"));
        let (team, south) = (north.child(&UnitId::new("team")), root.child(&UnitId::new("south")));
        let said: UnitSettings = [
            (team.clone(), own("valid_for=8h fails_over=true")),
            (north.clone(), own("valid_for=3d carries=credentials remind_days=2")),
        ]
        .into_iter()
        .collect();
        let usual = Settings { invitation_valid_for: Duration::days(7), ..Settings::default() };
        let at = |path| {
            let at = said.at(&usual, path);
            (at.invitation_valid_for, at.carries, at.remind_before, at.fails_over)
        };
        let (none, two) = (usual.remind_before, Duration::days(2));
        let desk = team.child(&UnitId::new("desk"));
        assert_eq!(at(&desk), (Duration::hours(8), InvitationCarries::Credentials, two, true));
        assert_eq!(at(&north), (Duration::days(3), InvitationCarries::Credentials, two, false));
        assert_eq!(at(&south), (Duration::days(7), InvitationCarries::Link, none, false));
        let together = said.at_all(&usual, [&south, &team]);
        assert_eq!(
            (together.invitation_valid_for, together.carries, together.remind_before, together.fails_over),
            (Duration::hours(8), InvitationCarries::Link, two.max(none), false)
        );
        assert_eq!(said.at_all(&usual, []), usual);
        assert!(said.say_anywhere(Setting::FailsOver, "true") && !said.say_anywhere(Setting::FailsOver, "false"));
    }

    proptest! {
        #[test]
        fn nothing_that_is_kept_stops_the_reader(text in "\\PC{0,40}") {
            let _ = OwnSettings::read(&text);
        }
    }
}

//! How the history named settings, and wrote what they hold, before each had one name everywhere. What it says stays; this reads it.

use super::Setting;
use crate::domain::timestamp::Duration;
use crate::domain::validity;

/// What a line of the history is about, and its value as it is written now; nothing for what has no counterpart.
pub fn from_older(name: &str, value: &str) -> Option<(Setting, String)> {
    let in_units =
        |unit: Duration| value.parse::<i64>().map_or_else(|_| value.to_string(), |n| (n / unit.0).to_string());
    let length = |unit: Duration| {
        let length = value.parse::<i64>().ok().and_then(|n| n.checked_mul(unit.0));
        length.map_or_else(|| value.to_string(), |length| validity::code(Duration(length)))
    };
    Some(match name {
        "invitation_valid_for" => (Setting::ValidFor, length(Duration(1))),
        "valid_for_hours" => (Setting::ValidFor, length(Duration::hours(1))),
        "hold" => (Setting::Hold, in_units(Duration::seconds(1))),
        "remind_before" => (Setting::RemindBefore, in_units(Duration::days(1))),
        _ => (Setting::from_code(name)?, unquoted(value)),
    })
}

/// A text and a choice stood in quotation marks.
fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return value.into() };
    let known = CHOICES.iter().find(|(older, _)| *older == inner);
    known.map_or_else(|| inner.replace("\\\"", "\""), |(_, code)| (*code).into())
}

const CHOICES: [(&str, &str); 14] = [
    ("English", "en"),
    ("Russian", "ru"),
    ("Off", "off"),
    ("Optional", "optional"),
    ("Required", "required"),
    ("MailOnly", "email"),
    ("MailOrSms", "email_or_sms"),
    ("Link", "link"),
    ("Credentials", "credentials"),
    ("SkipBadRows", "skip"),
    ("AllOrNothing", "all"),
    ("UserWins", "user-wins"),
    ("Administrator", "admin"),
    ("UserOnly", "user-only"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_before_is_read() {
        for (name, value, setting, now) in [
            ("invitation_valid_for", "259200000", Setting::ValidFor, "3d"),
            ("valid_for_hours", "8", Setting::ValidFor, "8h"),
            ("hold", "10000", Setting::Hold, "10"),
            ("name_policy", "\"UserWins\"", Setting::NamePolicy, "user-wins"),
            ("name_policy", "admin", Setting::NamePolicy, "admin"),
            ("organisation", "\"ACME \\\"North\\\"\"", Setting::Organisation, "ACME \"North\""),
            ("organisation", "ACME", Setting::Organisation, "ACME"),
            ("adds_people", "true", Setting::AddsPeople, "true"),
        ] {
            assert_eq!(from_older(name, value), Some((setting, now.into())), "{name}={value}");
        }
        assert_eq!(from_older("password", "{}"), None);
    }
}

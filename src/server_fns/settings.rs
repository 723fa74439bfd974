//! What concerns the whole installation: its settings, and the texts that it sends.
#![expect(clippy::too_many_arguments, reason = "each is a field of a form")]

use crate::domain::error::UseCaseError;
use leptos::prelude::*;

/// Changes the settings.
#[server(prefix = "/api", endpoint = "change-settings")]
pub async fn change_settings(
    organisation: String,
    language: String,
    zone: String,
    valid_for_hours: i64,
    #[server(default)] other_hours: String,
    hold_seconds: i64,
    letters_a_day: i64,
    min_length: usize,
    #[server(default)] classes: Option<String>,
    name_policy: String,
    #[server(default)] unit_field: String,
    #[server(default)] support_contact: String,
    #[server(default)] checks_domains: Option<String>,
    #[server(default)] invites_by: String,
    #[server(default)] revision: String,
) -> Result<(), UseCaseError> {
    use crate::domain::error::Invalid;
    use crate::domain::password::PasswordPolicy;
    use crate::domain::settings::{InvitesBy, Settings, UnitField};
    use crate::domain::timestamp::Duration;
    use crate::domain::user::NamePolicy;
    use crate::server::{http::asked, use_cases::settings};
    let (app, caller) = asked::signed_in_on(&revision)?;
    // The choice "another length" is a zero, with the hours typed beside it.
    let valid_for_hours = if valid_for_hours == 0 { other_hours.trim().parse().unwrap_or(0) } else { valid_for_hours };
    let wished = Settings {
        organisation,
        language: asked::answer(crate::words::Language::from_code(&language).ok_or(Invalid::Language.into()))?,
        zone,
        invitation_valid_for: Duration::hours(valid_for_hours),
        hold: Duration::seconds(hold_seconds.clamp(-1, 86_400)),
        letters_a_day,
        password: PasswordPolicy { min_length, classes: classes.is_some() },
        name_policy: asked::answer(NamePolicy::from_code(&name_policy).ok_or(UseCaseError::Unreadable))?,
        unit_field: match unit_field.as_str() {
            "" => UnitField::default(),
            code => asked::answer(UnitField::from_code(code).ok_or(UseCaseError::Unreadable))?,
        },
        support_contact,
        checks_domains: checks_domains.is_some(),
        invites_by: match invites_by.as_str() {
            "" => InvitesBy::default(),
            code => asked::answer(InvitesBy::from_code(code).ok_or(UseCaseError::Unreadable))?,
        },
        ..Settings::default()
    };
    asked::answer_and_go(settings::change(&app, &caller, &wished).await, "/settings")
}

/// Changes what invitations say in a language.
#[server(prefix = "/api", endpoint = "change-texts")]
pub async fn change_texts(
    language: String,
    #[server(default)] subject: String,
    #[server(default)] lead: String,
    #[server(default)] button: String,
    #[server(default)] revision: String,
) -> Result<(), UseCaseError> {
    use crate::domain::error::Invalid;
    use crate::domain::mail_text::MailText;
    use crate::server::{http::asked, use_cases::letters};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let language = asked::answer(crate::words::Language::from_code(&language).ok_or(Invalid::Language.into()))?;
    let changed = letters::change_text(&app, &caller, language, &MailText { subject, lead, button }).await;
    asked::answer_and_go(changed, &format!("/settings/texts?language={}", language.code()))
}

/// Lets invitations say in a language what they said at first.
#[server(prefix = "/api", endpoint = "restore-texts")]
pub async fn restore_texts(language: String, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::domain::error::Invalid;
    use crate::domain::mail_text::MailText;
    use crate::server::{http::asked, use_cases::letters};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let language = asked::answer(crate::words::Language::from_code(&language).ok_or(Invalid::Language.into()))?;
    let restored = letters::change_text(&app, &caller, language, &MailText::default()).await;
    asked::answer_and_go(restored, &format!("/settings/texts?language={}", language.code()))
}

/// Sends a message to oneself, to see that it arrives; the address to which it went.
#[server(prefix = "/api", endpoint = "send-test")]
pub async fn send_test() -> Result<String, UseCaseError> {
    use crate::server::{http::asked, use_cases::settings};
    let (app, caller) = asked::signed_in()?;
    asked::answer(settings::send_test(&app, &caller).await)
}

//! What concerns the whole installation: its settings, and the texts that it sends.

use crate::domain::error::UseCaseError;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Changes the settings of a part (`id`), where a tick that is not sent is taken away; or, where none is named, those that are
/// sent.
#[server(prefix = "/api", endpoint = "change-settings")]
pub async fn change_settings(
    #[server(default)] id: String,
    #[server(default)] revision: String,
    #[server(flatten)] settings: BTreeMap<String, String>,
) -> Result<(), UseCaseError> {
    use crate::domain::settings::Setting;
    use crate::server::{http::asked, use_cases::settings as verbs};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let mut typed = settings;
    // The choice "another length" is nothing, with the length typed beside it.
    if typed.get(Setting::ValidFor.code()).is_some_and(String::is_empty) {
        let other = typed.remove("other_length").unwrap_or_default();
        typed.insert(Setting::ValidFor.code().into(), other);
    }
    asked::answer_and_go(verbs::change(&app, &caller, &id, &typed).await, "/settings")
}

/// Makes the installation one of another kind, as its page said what would change.
#[server(prefix = "/api", endpoint = "change-preset")]
pub async fn change_preset(preset: String, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::settings};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer_and_go(settings::change_preset(&app, &caller, &preset).await, "/settings")
}

/// Changes what a kind of message says in a language; without a kind, what invitations say.
#[server(prefix = "/api", endpoint = "change-texts")]
pub async fn change_texts(
    language: String,
    #[server(default)] kind: String,
    #[server(default)] subject: String,
    #[server(default)] lead: String,
    #[server(default)] button: String,
    #[server(default)] sms: String,
    #[server(default)] revision: String,
) -> Result<(), UseCaseError> {
    use crate::domain::error::Invalid;
    use crate::domain::mail_text::{MailText, MailTextKind};
    use crate::server::{http::asked, use_cases::letters};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let language = asked::answer(crate::words::Language::from_code(&language).ok_or(Invalid::Language.into()))?;
    let kind = MailTextKind::from_code(&kind).unwrap_or_default();
    let text = MailText { subject, lead, button, sms };
    let changed = letters::change_text(&app, &caller, kind, language, &text).await;
    asked::answer_and_go(changed, &kind.address(language))
}

/// Lets a kind of message say in a language what it said in an earlier version, or at first.
#[server(prefix = "/api", endpoint = "restore-texts")]
pub async fn restore_texts(
    language: String,
    #[server(default)] kind: String,
    #[server(default)] version: String,
    #[server(default)] revision: String,
) -> Result<(), UseCaseError> {
    use crate::domain::error::Invalid;
    use crate::domain::id::TextId;
    use crate::domain::mail_text::MailTextKind;
    use crate::server::{http::asked, use_cases::letters};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let language = asked::answer(crate::words::Language::from_code(&language).ok_or(Invalid::Language.into()))?;
    let kind = MailTextKind::from_code(&kind).unwrap_or_default();
    let version = TextId::given(version);
    let restored = letters::restore_text(&app, &caller, kind, language, version.as_ref()).await;
    asked::answer_and_go(restored, &kind.address(language))
}

/// Saves what people are asked to agree to as the next version of its text.
#[server(prefix = "/api", endpoint = "publish-agreement")]
pub async fn publish_agreement(
    kind: String,
    #[server(default)] text_en: String,
    #[server(default)] text_ru: String,
    #[server(default)] is_asked: Option<String>,
    #[server(default)] revision: String,
) -> Result<(), UseCaseError> {
    use crate::domain::consent::ConsentKind;
    use crate::server::{http::asked, use_cases::consents};
    use crate::words::Language;
    let (app, caller) = asked::signed_in_on(&revision)?;
    let kind = asked::answer(ConsentKind::from_code(&kind).ok_or(UseCaseError::Unreadable))?;
    let typed = [(Language::English, text_en), (Language::Russian, text_ru)];
    let published = consents::publish(&app, &caller, kind, &typed, is_asked.is_some()).await;
    asked::answer_and_go(published, &format!("/settings/agreements?kind={}", kind.code()))
}

/// Sends a message to oneself, to see that it arrives; the address to which it went.
#[server(prefix = "/api", endpoint = "send-test")]
pub async fn send_test() -> Result<String, UseCaseError> {
    use crate::server::{http::asked, use_cases::settings};
    let (app, caller) = asked::signed_in()?;
    asked::answer(settings::send_test(&app, &caller).await)
}

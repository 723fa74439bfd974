//! One's own page.

use crate::domain::error::UseCaseError;
use crate::domain::id::SessionId;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// Changes one's own name, phone and language.
#[server(prefix = "/api", endpoint = "change-profile")]
pub async fn change_profile(
    #[server(default)] name: String,
    #[server(default)] first_name: String,
    #[server(default)] last_name: String,
    phone: String,
    #[server(default)] phone_meant: String,
    language: String,
    version: i64,
) -> Result<(), UseCaseError> {
    use crate::domain::registration::TypedName;
    use crate::server::{http::asked, use_cases::profile};
    let (app, caller) = asked::signed_in()?;
    let name = TypedName { whole: name, first: first_name, last: last_name };
    let details = profile::OwnDetails { name, phone, phone_meant, language, version };
    asked::answer_and_go(profile::change(&app, &caller, &details).await, "/me")
}

/// Shows all pages in another language, and writes to one in it; the browser remembers it for the door. Answers by what the
/// browser says from now on what it knows of the viewer.
#[server(prefix = "/api", endpoint = "choose-language")]
pub async fn choose_language(language: String) -> Result<String, UseCaseError> {
    use crate::server::http::{asked, page_data};
    use crate::server::use_cases::{profile, users};
    let (app, caller) = asked::signed_in()?;
    let chosen = asked::answer(profile::choose_language(&app, &caller, &language).await)?;
    asked::remember_language(&app, chosen);
    Ok(page_data::mark_of(&asked::answer(users::viewer(&app, &caller).await)?))
}

/// Goes on with the session that is about to end; when it ends now, in seconds.
#[server(prefix = "/api", endpoint = "stay-signed-in")]
pub async fn stay_signed_in() -> Result<i64, UseCaseError> {
    use crate::server::{http::asked, use_cases::sessions};
    let (app, caller) = asked::signed_in()?;
    asked::answer(sessions::prolong(&app, &caller).await)
}

/// In how many seconds the session ends. Whoever only asks does not make it longer.
#[server(prefix = "/api", endpoint = "session-end", input = GetUrl)]
pub async fn session_end() -> Result<i64, UseCaseError> {
    use crate::server::{http::asked, use_cases::sessions};
    let (app, caller) = asked::signed_in()?;
    asked::answer(sessions::seconds_left(&app, &caller).await)
}

/// Changes one's own password.
#[server(prefix = "/api", endpoint = "change-password")]
pub async fn change_password(
    current_password: String,
    new_password: String,
    #[server(default)] password_again: String,
) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::passwords};
    let (app, caller) = asked::signed_in()?;
    let (current, new, again) = (current_password.into(), new_password.into(), password_again.into());
    let changed = passwords::change_own(&app, &caller, &current, &new, &again, &asked::visitor()).await;
    let signed_in = asked::answer(changed)?;
    asked::enter_again(&app, signed_in);
    asked::answer_and_go(Ok(()), "/me")
}

/// Ends one of one's own sessions.
#[server(prefix = "/api", endpoint = "end-session")]
pub async fn end_session(id: SessionId) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::sessions};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(sessions::end_session(&app, &caller, &id).await, "/me")
}

/// Ends all of one's own sessions but this one.
#[server(prefix = "/api", endpoint = "end-other-sessions")]
pub async fn end_other_sessions() -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::sessions};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(sessions::end_other_sessions(&app, &caller).await, "/me")
}

/// Takes back what one agreed to.
#[server(prefix = "/api", endpoint = "withdraw-agreement")]
pub async fn withdraw_agreement(kind: String) -> Result<(), UseCaseError> {
    use crate::domain::consent::ConsentKind;
    use crate::server::{http::asked, use_cases::consents};
    let (app, caller) = asked::signed_in()?;
    let kind = asked::answer(ConsentKind::from_code(&kind).ok_or(UseCaseError::Unreadable))?;
    // What has to be agreed to again stands there; where nothing has, it leads back.
    asked::answer_and_go(consents::withdraw(&app, &caller, kind).await, "/agreements?next=/me")
}

/// Says whether one wants information messages.
#[server(prefix = "/api", endpoint = "choose-messages")]
pub async fn choose_messages(#[server(default)] wanted: Option<String>) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::consents};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(consents::choose_messages(&app, &caller, wanted.is_some()).await, "/me")
}

//! A forgotten password: asking for a link, and setting a new password with it.

use super::mended;
use super::sign_in::HAS_NEW_PASSWORD;
use super::visit::{LinkParam, Posted, Visit};
use crate::domain::error::UseCaseError;
use crate::domain::invitation::DeadLink;
use crate::domain::link::LinkKind;
use crate::domain::registration::RegistrationFields;
use crate::domain::typed;
use crate::server::passwords::rule_problems;
use crate::server::use_cases::passwords;
use crate::ui::public::{DeadResetPage, ForgotPage, FormOutcome, LinkSentPage, ResetPage, next_password};
use axum::extract::RawQuery;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::time::Duration;

/// Asking takes this long whether the account exists or not, so that the clock tells nothing (RL-06).
const SAME_FOR_ALL: Duration = Duration::from_millis(200);

pub async fn forgot(visit: Visit) -> Response {
    forgot_page(&visit, String::new(), None)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForgotForm {
    email: String,
}

/// Sends a link if there is somebody to get it; the answer is the same for everybody.
pub async fn send_link(visit: Visit, Posted(form): Posted<ForgotForm>) -> Response {
    // What is no address is none whether anybody has it or not: saying so gives nothing away.
    if let Err(problem) = typed::email(&form.email)
        && typed::phone(&form.email).is_err()
    {
        return forgot_page(&visit, form.email, Some(problem.into()));
    }
    let (sent, ()) = tokio::join!(
        passwords::forget(visit.app(), &form.email, &visit.asked.visitor),
        tokio::time::sleep(SAME_FOR_ALL)
    );
    match sent {
        Ok(()) => Redirect::to("/forgot/sent").into_response(),
        Err(refusal) => forgot_page(&visit, form.email, Some(refusal)),
    }
}

fn forgot_page(visit: &Visit, typed: String, refusal: Option<UseCaseError>) -> Response {
    let outcome = FormOutcome { language: visit.language(), refusal: refusal.clone(), more: Vec::new() };
    visit.page(visit.language().forgot_password(), "/forgot", refusal.as_ref(), || {
        view! { <ForgotPage outcome=outcome typed=typed /> }.into_any()
    })
}

pub async fn link_sent(visit: Visit) -> Response {
    let language = visit.language();
    visit.page(language.look_at_messages(), "/forgot/sent", None, || {
        view! { <LinkSentPage language=language /> }.into_any()
    })
}

/// The page of a reset link; looking spends nothing.
pub async fn show(visit: Visit, LinkParam(link): LinkParam, uri: Uri) -> Response {
    match mended::way(LinkKind::Reset, &uri) {
        Some(way) => way,
        None => reset_page(&visit, link, None, Vec::new()).await,
    }
}

/// Takes a link as it was pasted; without one it asks for it.
pub async fn paste(visit: Visit, RawQuery(query): RawQuery) -> Response {
    mended::pasted(LinkKind::Reset, query.as_deref()).unwrap_or_else(|| dead(&visit, "", DeadLink::Damaged))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetForm {
    password: String,
    /// Where it is asked for twice.
    #[serde(default)]
    password_again: String,
    /// The address, which browsers send along for their password managers; nobody reads it.
    #[serde(default, rename = "username")]
    _username: Option<IgnoredAny>,
}

/// Sets the new password.
pub async fn reset(visit: Visit, LinkParam(link): LinkParam, Posted(form): Posted<ResetForm>) -> Response {
    let asks = RegistrationFields { repeats_password: visit.welcome.repeats_password, ..Default::default() };
    if let Err(differ) = asks.check_repeated(&form.password, &form.password_again) {
        return reset_page(&visit, link, Some(differ.into()), Vec::new()).await;
    }
    let password = form.password.into();
    match passwords::reset(visit.app(), &link, &password, &visit.asked.visitor).await {
        Ok(()) => Redirect::to(HAS_NEW_PASSWORD).into_response(),
        Err(refusal) => {
            let mut more = rule_problems(visit.welcome.password, &password);
            more.retain(|other| *other != refusal);
            reset_page(&visit, link, Some(refusal), more).await
        }
    }
}

async fn reset_page(visit: &Visit, link: String, refusal: Option<UseCaseError>, more: Vec<UseCaseError>) -> Response {
    let language = visit.language();
    let address = match passwords::look_at_reset(visit.app(), &link).await {
        Ok(address) => address,
        Err(UseCaseError::DeadLink(why)) => return dead(visit, &link, why),
        Err(refusal) => return visit.refused(&refusal),
    };
    let rule = visit.welcome.password;
    let outcome = FormOutcome { language, refusal: refusal.clone(), more };
    let password = next_password(&outcome, rule, visit.welcome.repeats_password);
    visit.page_with_password(language.set_new_password(), &format!("/reset/{link}"), refusal.as_ref(), password, || {
        view! { <ResetPage outcome=outcome link=link.clone() address=address rule=rule repeats=visit.welcome.repeats_password /> }.into_any()
    })
}

fn dead(visit: &Visit, link: &str, why: DeadLink) -> Response {
    let language = visit.language();
    // A link that is none of ours leaves no trace in its page (IN-01).
    let here = if why == DeadLink::Damaged { "/reset".to_string() } else { format!("/reset/{link}") };
    visit.page(language.dead_reset(why).0, &here, Some(&UseCaseError::DeadLink(why)), || {
        view! { <DeadResetPage language=language why=why /> }.into_any()
    })
}

//! The page for a lasting password, to which a temporary one leads and nothing else.

use super::super::asked::Entered;
use super::super::cookies;
use super::visit::{LinkParam, Posted, Visit, landing_page};
use crate::domain::authorization::Surface;
use crate::domain::error::UseCaseError;
use crate::domain::registration::RegistrationFields;
use crate::server::passwords::rule_problems;
use crate::server::use_cases::own_password;
use crate::ui::public::{FormOutcome, OwnPasswordPage, next_password};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Where whoever is too late begins again: everybody who has a temporary password signs in there.
const BEGIN_AGAIN: &str = "/m/sign-in?notice=again";

/// The page's address.
pub fn address(link: &str) -> String {
    format!("/own-password/{link}")
}

/// Looking changes nothing.
pub async fn show(visit: Visit, LinkParam(link): LinkParam) -> Response {
    page(&visit, &link, None, Vec::new()).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnPasswordForm {
    password: String,
    /// Where it is asked for twice.
    #[serde(default)]
    password_again: String,
    /// The login, which browsers send along for their password managers; nobody reads it.
    #[serde(default, rename = "username")]
    _username: Option<IgnoredAny>,
}

/// Sets the lasting password and signs in.
pub async fn choose(visit: Visit, LinkParam(link): LinkParam, Posted(form): Posted<OwnPasswordForm>) -> Response {
    let asks = RegistrationFields { repeats_password: visit.welcome.repeats_password, ..Default::default() };
    if let Err(differ) = asks.check_repeated(&form.password, &form.password_again) {
        return page(&visit, &link, Some(differ.into()), Vec::new()).await;
    }
    let (app, password) = (visit.app(), form.password.into());
    match own_password::choose(app, &link, &password, &visit.asked.visitor).await {
        Ok(signed_in) => {
            let next = match signed_in.caller.surface() {
                Surface::Mobile => "/m".to_string(),
                Surface::Panel => landing_page(app, &signed_in.caller).await,
            };
            let mark = cookies::mark(app, &signed_in.caller.user_id);
            let mut response = (mark, cookies::session(app, signed_in), Redirect::to(&next)).into_response();
            response.extensions_mut().insert(Entered);
            response
        }
        Err(refusal) => {
            let mut more = rule_problems(visit.welcome.password, &password);
            more.retain(|other| *other != refusal);
            page(&visit, &link, Some(refusal), more).await
        }
    }
}

async fn page(visit: &Visit, link: &str, refusal: Option<UseCaseError>, more: Vec<UseCaseError>) -> Response {
    let name = match own_password::look(visit.app(), link).await {
        Ok(name) => name,
        Err(dead @ UseCaseError::DeadLink(_)) => {
            let mut response = Redirect::to(BEGIN_AGAIN).into_response();
            // Whoever counts tries asks how this one ended.
            response.extensions_mut().insert(dead);
            return response;
        }
        Err(refusal) => return visit.refused(&refusal),
    };
    let language = visit.language();
    let (rule, repeats) = (visit.welcome.password, visit.welcome.repeats_password);
    let outcome = FormOutcome { language, refusal: refusal.clone(), more };
    let password = next_password(&outcome, rule, repeats);
    visit.page_with_password(language.own_password_title(), &address(link), refusal.as_ref(), password, || {
        view! { <OwnPasswordPage outcome=outcome link=link.to_string() name=name rule=rule repeats=repeats /> }
            .into_any()
    })
}

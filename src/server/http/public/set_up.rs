//! The first visit; once somebody is there, the door.

use super::visit::{Posted, Visit, enter};
use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::settings::Settings;
use crate::server::dates;
use crate::server::use_cases::set_up::FirstVisit;
use crate::server::use_cases::{sessions, set_up as use_case};
use crate::ui::public::{FirstAnswers, FormOutcome, SetUpPage, first_password};
use crate::view_models::NewPasswordView;
use crate::words::Language;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::LazyLock;

/// The names that are offered; any other of the same list is taken too.
static ZONES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut zones: Vec<_> = dates::zones().filter(|name| is_offered(name)).collect();
    zones.sort();
    zones
});

fn is_offered(name: &str) -> bool {
    let outdated = ["Etc/", "SystemV/", "US/", "posix/", "right/"];
    name == "UTC" || name.contains('/') && !outdated.iter().any(|start| name.starts_with(start))
}

/// The page.
pub async fn show(visit: Visit) -> Response {
    if visit.welcome.is_set_up {
        return Redirect::to("/sign-in").into_response();
    }
    let answers = FirstAnswers {
        language: visit.language().code().into(),
        zone: Settings::default().zone,
        preset: Settings::default().preset,
        ..FirstAnswers::default()
    };
    shown(&visit, answers, None, Vec::new())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUpForm {
    code: String,
    name: String,
    email: String,
    password: String,
    organisation: String,
    language: String,
    zone: String,
    #[serde(default)]
    preset: String,
    #[serde(default)]
    support_contact: String,
}

/// Sets up and signs the new administrator in.
pub async fn set_up(visit: Visit, Posted(form): Posted<SetUpForm>) -> Response {
    if visit.welcome.is_set_up {
        return Redirect::to("/sign-in").into_response();
    }
    let SetUpForm { code, name, email, password, organisation, language, zone, preset, support_contact } = form;
    let preset = if preset.is_empty() { Settings::default().preset } else { preset };
    let answers = FirstAnswers { code, name, email, organisation, language, zone, preset, support_contact };
    let Some(language) = Language::from_code(&answers.language) else {
        return shown(&visit, answers, Some(Invalid::Language.into()), Vec::new());
    };
    let first = FirstVisit {
        code: answers.code.clone(),
        name: answers.name.clone(),
        email: answers.email.clone(),
        password: password.into(),
        organisation: answers.organisation.clone(),
        language,
        zone: answers.zone.trim().to_string(),
        preset: answers.preset.clone(),
        support_contact: answers.support_contact.clone(),
    };
    let user = match use_case::set_up(visit.app(), &first).await {
        Ok(user) => user,
        Err(UseCaseError::AlreadySetUp) => return Redirect::to("/sign-in").into_response(),
        Err(refusal) => {
            let mut more = first.problems();
            more.retain(|other| *other != refusal);
            return shown(&visit, answers, Some(refusal), more);
        }
    };
    match sessions::begin_first(visit.app(), &user, &visit.asked.visitor).await {
        Ok(signed_in) => enter(visit.app(), signed_in, "/users").await,
        // The account is there; only the session is not.
        Err(_) => Redirect::to("/sign-in").into_response(),
    }
}

fn shown(visit: &Visit, answers: FirstAnswers, refusal: Option<UseCaseError>, more: Vec<UseCaseError>) -> Response {
    let language = visit.language();
    let outcome = FormOutcome { language, refusal: refusal.clone(), more };
    let password = NewPasswordView { said: outcome.at("password"), ..first_password(language) };
    let relay = visit.app().config.relay.as_ref().map(|relay| relay.name());
    visit.page_with_password(language.set_up_usher(), "/set-up", refusal.as_ref(), password, || {
        view! { <SetUpPage outcome=outcome answers=answers zones=ZONES.clone() relay=relay /> }.into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zones_on_offer_are_places_and_every_one_is_taken() {
        assert!(ZONES.iter().any(|zone| zone == "Europe/Minsk") && ZONES.iter().any(|zone| zone == "UTC"));
        assert!(ZONES.iter().all(|zone| crate::server::dates::is_zone(zone)));
        assert!(!is_offered("Etc/GMT+3") && !is_offered("EST5EDT"));
    }
}

//! What people agree to: a version of a text, for everybody to read, and the page between somebody and their work on which they
//! agree to what they have not agreed to yet (rule 48).

use super::super::forms::{local_path, refused};
use super::super::mobile::surface_of;
use super::page::{self, Frame};
use super::visit::{Posted, Visit, asked_for};
use crate::domain::authorization::Surface;
use crate::domain::consent::{ConsentKind, Ticks};
use crate::domain::error::UseCaseError;
use crate::domain::listing::escape;
use crate::server::use_cases::consents;
use crate::ui::public::{AgreePage, AgreementPage, FormOutcome};
use crate::words::Language;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;

/// The boxes of a form that were ticked: each says the version that stood beside it. What is no number was never a box of ours.
pub fn ticks(user_agreement: &Option<String>, personal_data: &Option<String>, messages: &Option<String>) -> Ticks {
    let boxes = [user_agreement, personal_data, messages];
    let ticked = ConsentKind::ALL.into_iter().zip(boxes);
    ticked.filter_map(|(kind, version)| Some((kind, version.as_ref()?.parse().ok()?))).collect()
}

/// A text by itself; `?language=` says in which language it was found.
pub async fn show(visit: Visit, Path(path): Path<HashMap<String, String>>, uri: Uri) -> Response {
    let found = async {
        let kind = path.get("kind").and_then(|kind| ConsentKind::from_code(kind)).ok_or(UseCaseError::NotFound)?;
        let version = match path.get("version") {
            Some(version) => Some(version.parse().ok().filter(|number| *number > 0).ok_or(UseCaseError::NotFound)?),
            None => None,
        };
        let asked = asked_for(uri.query(), "language").and_then(|code| Language::read(&code));
        let language = asked.unwrap_or_else(|| visit.language());
        consents::published(visit.app(), kind, version, language).await.map(|text| (language, text))
    };
    match found.await {
        Ok((language, text)) => {
            let frame = Frame { language, ..visit.frame(language.consent_title(text.kind), uri.path()) };
            page::render(&frame, None, || view! { <AgreementPage language=language text=text /> }.into_any())
        }
        Err(refusal) => visit.refused(&refusal),
    }
}

/// The page on which somebody is asked; from it they go on to what they wanted.
pub fn address(surface: Surface, wanted: &str) -> String {
    format!("{}?next={}", page_of(surface), escape(&local_path(wanted)))
}

fn page_of(surface: Surface) -> &'static str {
    match surface {
        Surface::Panel => "/agreements",
        Surface::Mobile => "/m/agreements",
    }
}

/// Where somebody goes on who owes nothing.
fn onward(surface: Surface, next: &str) -> String {
    match (local_path(next), surface) {
        (next, Surface::Panel) => next,
        (next, Surface::Mobile) if surface_of(&next) == Surface::Mobile => next,
        (_, Surface::Mobile) => "/m".into(),
    }
}

/// Asks whoever has still to agree to something; everybody else goes on.
pub async fn ask(visit: Visit, uri: Uri) -> Response {
    let next = asked_for(uri.query(), "next").unwrap_or_default();
    asked(&visit, surface_of(uri.path()), next, None, None).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreeForm {
    #[serde(default, rename = "user-agreement")]
    user_agreement: Option<String>,
    #[serde(default, rename = "personal-data")]
    personal_data: Option<String>,
    #[serde(default)]
    messages: Option<String>,
    #[serde(default)]
    next: String,
}

/// Keeps what was agreed to, and goes on.
pub async fn agree(visit: Visit, uri: Uri, Posted(form): Posted<AgreeForm>) -> Response {
    let surface = surface_of(uri.path());
    let Some(caller) = visit.caller() else { return refused(&UseCaseError::SignInFirst) };
    let ticks = ticks(&form.user_agreement, &form.personal_data, &form.messages);
    // The texts were in the language in which the page speaks.
    let language = match consents::owed(visit.app(), caller, visit.chosen).await {
        Ok(Some(owed)) => owed.language,
        Ok(None) => return Redirect::to(&onward(surface, &form.next)).into_response(),
        Err(refusal) => return refused(&refusal),
    };
    match consents::agree(visit.app(), caller, &ticks, language).await {
        Ok(()) => Redirect::to(&onward(surface, &form.next)).into_response(),
        Err(refusal) => {
            let ticked = ticks.iter().map(|(kind, _)| *kind).collect();
            asked(&visit, surface, form.next, Some(ticked), Some(refusal)).await
        }
    }
}

async fn asked(
    visit: &Visit,
    surface: Surface,
    next: String,
    ticked: Option<Vec<ConsentKind>>,
    refusal: Option<UseCaseError>,
) -> Response {
    let owed = match visit.caller() {
        Some(caller) => consents::owed(visit.app(), caller, visit.chosen).await,
        None => Err(UseCaseError::SignInFirst),
    };
    let owed = match owed {
        Ok(Some(owed)) => owed,
        Ok(None) => return Redirect::to(&onward(surface, &next)).into_response(),
        Err(UseCaseError::SignInFirst) => {
            return match surface {
                Surface::Panel => Redirect::to(&format!("/sign-in?next={}", escape(&onward(surface, &next)))),
                Surface::Mobile => Redirect::to("/m/sign-in"),
            }
            .into_response();
        }
        Err(refusal) => return visit.refused(&refusal),
    };
    let (language, here) = (owed.language, page_of(surface));
    let outcome = FormOutcome { language, refusal: refusal.clone(), more: Vec::new() };
    let frame = Frame { language, ..visit.frame(language.agree_title(), here) };
    page::render(&frame, refusal.as_ref(), || {
        view! { <AgreePage outcome=outcome owed=owed ticked=ticked here=here next=next /> }.into_any()
    })
}

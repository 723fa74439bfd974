//! Letters that hand invitations over, as a page to be printed: for one invitation, or for those who are selected in the list. A line
//! of history is written, so it is no GET.

use super::routes::{Does, Route};
use super::{assets, forms, headers, letters, no_store};
use crate::domain::bulk::ticked_people;
use crate::domain::error::UseCaseError;
use crate::domain::id::InvitationId;
use crate::domain::listing::UserQuery;
use crate::server::app::App;
use crate::server::random;
use crate::server::use_cases::handing::{self, LettersWish};
use crate::server::use_cases::users;
use crate::ui::pages::parts::LETTERS;
use crate::ui::pages::printed_letters::{LettersFrame, letters_document};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Request, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use leptos::prelude::Owner;
use serde::Deserialize;
use std::collections::BTreeMap;

pub fn routes() -> Vec<Route> {
    vec![Route::at(LETTERS).post(Does::Write, print)]
}

/// What the form carries: an invitation, or the list and whose rows of it were ticked.
#[derive(Deserialize)]
struct LettersForm {
    #[serde(default)]
    id: String,
    #[serde(default)]
    revision: String,
    #[serde(default)]
    list: String,
    #[serde(default)]
    all: Option<String>,
    #[serde(default)]
    but: BTreeMap<String, String>,
    #[serde(default)]
    who: BTreeMap<String, String>,
}

async fn print(State(app): State<App>, request: Request<Body>) -> Response {
    match printed(&app, request).await {
        Ok(page) => page,
        Err(refusal) => forms::refused(&refusal),
    }
}

async fn printed(app: &App, request: Request<Body>) -> Result<Response, UseCaseError> {
    let (asked, form) = letters::read::<LettersForm>(request).await?;
    let caller = asked.caller.ok_or(UseCaseError::SignInFirst)?;
    let form = form?;
    let query = UserQuery::of_address(&form.list);
    let wish = match (form.id.is_empty(), form.all) {
        (false, _) => LettersWish::One(InvitationId::new(form.id)),
        (true, Some(_)) => LettersWish::All(Box::new(query), ticked_people(form.but)),
        (true, None) => LettersWish::Named(ticked_people(form.who)),
    };
    let printed = handing::letters(app, &caller.clone().on(&form.revision), &wish).await;
    forms::note_if_denied(app, &caller, LETTERS, &printed).await;
    let printed = printed?;
    let language = users::viewer(app, &caller).await?.language;
    let nonce = URL_SAFE_NO_PAD.encode(random::bytes::<16>());
    let (style, script) = (assets::address("/pkg/usher.css"), assets::address("/usher.js"));
    let owner = Owner::new();
    let frame = LettersFrame { language, style: &style, script: &script, nonce: &nonce };
    let html = owner.with(|| letters_document(frame, printed));
    owner.cleanup();
    let mut response = Html(html).into_response();
    if let Ok(policy) = HeaderValue::from_str(&headers::page_policy(&nonce)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(no_store(response))
}

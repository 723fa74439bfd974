//! The door to a demonstration: its page, and the passing of its time. Where people are real there is no such page.

use super::visit::{Posted, Visit};
use crate::domain::error::UseCaseError;
use crate::domain::timestamp::Duration;
use crate::server::demonstration;
use crate::ui::public::{DemonstrationPage, FormOutcome};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

const HERE: &str = "/demonstration";

/// The page.
pub async fn show(visit: Visit) -> Response {
    shown(&visit, None).await
}

/// How far the clock is to be moved.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassForm {
    minutes: i64,
}

/// Lets time pass.
pub async fn pass(visit: Visit, Posted(form): Posted<PassForm>) -> Response {
    match demonstration::pass(visit.app(), Duration::minutes(form.minutes)).await {
        Ok(()) => Redirect::to(HERE).into_response(),
        Err(refusal) => shown(&visit, Some(refusal)).await,
    }
}

async fn shown(visit: &Visit, refusal: Option<UseCaseError>) -> Response {
    let language = visit.language();
    match demonstration::view(visit.app(), language).await {
        Ok(page) => visit.page(language.demonstration(), HERE, refusal.as_ref(), || {
            let outcome = FormOutcome { language, refusal: refusal.clone(), more: Vec::new() };
            view! { <DemonstrationPage outcome=outcome page=page /> }.into_any()
        }),
        Err(refusal) => visit.refused(&refusal),
    }
}

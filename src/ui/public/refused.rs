//! A refusal on a page of its own.

use crate::domain::error::UseCaseError;
use crate::words::Language;
use leptos::prelude::*;

/// What was refused, why, and the way back.
#[component]
pub fn RefusedDocument(
    language: Language,
    refusal: UseCaseError,
    /// The page to try again, when that makes sense.
    again: Option<String>,
) -> impl IntoView {
    let (href, next) = match again {
        Some(page) => (page, language.try_again()),
        None => ("/".to_string(), language.back_to_start()),
    };
    view! {
        <div class="card">
            <h1>{language.refusal_title(&refusal)}</h1>
            <p role="alert">{language.refusal(&refusal)}</p>
            <div class="actions">
                <a class="button primary" href=href>{next}</a>
            </div>
        </div>
    }
}

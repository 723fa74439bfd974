//! What stands where a page would: that there is none, or why not, each with a next step.

use crate::domain::error::{Conflict, UseCaseError};
use crate::ui::components::EmptyState;
use crate::ui::session::{viewer, words};
use leptos::prelude::*;
use leptos_meta::Title;

/// There is no such page.
#[component]
pub fn MissingPage() -> impl IntoView {
    view! { <RefusedPage refusal=UseCaseError::NotFound /> }
}

/// Why this page cannot be shown, in words that say how to go on.
#[component]
pub fn RefusedPage(refusal: UseCaseError) -> impl IntoView {
    let words = words();
    let administrators = viewer().with_value(|viewer| viewer.administrators.join(", "));
    let (href, next) = match &refusal {
        UseCaseError::SignInFirst => ("/sign-in", words.sign_in()),
        UseCaseError::Conflict(Conflict::AgreeFirst) => ("/agreements", words.read_and_agree()),
        UseCaseError::Role(_) => ("/settings/roles", words.settings_roles()),
        refusal if refusal.passes() => ("", words.try_again()),
        _ => ("/", words.back_to_start()),
    };
    let ask = (matches!(refusal, UseCaseError::Denied(_)) && !administrators.is_empty())
        .then(|| words.ask_an_administrator(&administrators));
    view! {
        <Title text=words.refusal_title(&refusal) />
        <h1 class="visually-hidden">{words.refusal_title(&refusal)}</h1>
        <EmptyState title=words.refusal_title(&refusal) text=words.refusal(&refusal) icon="alert">
            {ask.map(|ask| view! { <p class="muted">{ask}</p> })}
            <a class="button primary" href=href rel="external">{next}</a>
        </EmptyState>
    }
}

//! Forms that work with script and without: what a server function refused or answered reaches the page either through the
//! action or, after a plain form, through the note that the last request left.

pub mod plain;

use crate::domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde::{Deserialize, Serialize};

/// What a plain form leaves for the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The server function's path (`/api/block`).
    pub form: String,
    /// `None`: it was done.
    pub refusal: Option<Refusal>,
    /// What it answered, when that is a text to be shown.
    pub answer: Option<String>,
    /// What was typed, so that nothing is lost; never a password.
    pub typed: Vec<(String, String)>,
}

/// The note for this page, if it is about this form.
fn flash_about(path: &str) -> Option<Flash> {
    use_context::<StoredValue<Option<Flash>>>()
        .and_then(|flash| flash.with_value(|flash| flash.clone().filter(|flash| flash.form == path)))
}

/// Why the server function did not do it, the last time.
pub fn refusal_of<S>(action: ServerAction<S>) -> Signal<Option<Refusal>>
where
    S: ServerFn<Error = Refusal> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let before = flash_about(S::PATH).and_then(|flash| flash.refusal);
    Signal::derive(move || match action.value().get() {
        Some(Ok(_)) => None,
        Some(Err(refusal)) => Some(refusal),
        None => before.clone(),
    })
}

/// Whether the server function did it, the last time: for a word of confirmation.
pub fn is_done<S>(action: ServerAction<S>) -> Signal<bool>
where
    S: ServerFn<Error = Refusal> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let before = flash_about(S::PATH).is_some_and(|flash| flash.refusal.is_none());
    Signal::derive(move || action.value().get().map_or(before, |result| result.is_ok()))
}

/// What the server function answered, the last time, when that is a text.
pub fn answer_of<S>(action: ServerAction<S>) -> Signal<Option<String>>
where
    S: ServerFn<Error = Refusal, Output = String> + Clone + Send + Sync + 'static,
{
    let before = flash_about(S::PATH).and_then(|flash| flash.answer);
    Signal::derive(move || match action.value().get() {
        Some(result) => result.ok(),
        None => before.clone(),
    })
}

/// What was typed into a field of a form that was refused, else `otherwise`.
pub fn typed_or(path: &str, name: &str, otherwise: impl Into<String>) -> String {
    let typed = flash_about(path).and_then(|flash| flash.typed.into_iter().find(|(field, _)| field == name));
    typed.map_or_else(|| otherwise.into(), |(_, value)| value)
}

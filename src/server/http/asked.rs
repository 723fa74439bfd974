//! What a server function knows of the request that it answers, and how it answers: who is asking, and with which status.

use super::cookies::{self, OwnCookies, SetCookie};
use crate::domain::error::UseCaseError;
use crate::server::app::App;
use crate::server::http::status::status_of;
use crate::server::use_cases::sessions::SignedIn;
use crate::server::use_cases::{Actor, Visitor};
use crate::words::Language;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// What the session layer found out about a request; travels in its extensions.
#[derive(Clone)]
pub struct RequestContext {
    pub app: App,
    pub caller: Option<Actor>,
    /// How long their session goes on if nothing else is asked through it.
    pub seconds_left: i64,
    pub visitor: Visitor,
    /// The language that the visitor chose or their browser prefers.
    pub language: Option<Language>,
    /// `light` or `dark`, when chosen.
    pub theme: Option<&'static str>,
    /// What this browser keeps of ours.
    pub own: OwnCookies,
}

/// In an answer's extensions: somebody has just signed in with it.
#[derive(Clone, Copy, Debug)]
pub struct Entered;

/// The request that is being answered, inside a server function or while a page is rendered.
pub fn request() -> Option<RequestContext> {
    use_context::<Parts>()?.extensions.get::<RequestContext>().cloned()
}

/// The installation and whoever is signed in.
pub fn signed_in() -> Result<(App, Actor), UseCaseError> {
    let asked = request().ok_or(UseCaseError::Unreadable)?;
    match asked.caller {
        Some(caller) => Ok((asked.app, caller)),
        None => answer(Err(UseCaseError::SignInFirst)),
    }
}

/// The same, for what was decided on something as a page showed it: `revision` says how it was then.
pub fn signed_in_on(revision: &str) -> Result<(App, Actor), UseCaseError> {
    signed_in().map(|(app, caller)| (app, caller.on(revision)))
}

/// Where the request that is being answered comes from.
pub fn visitor() -> Visitor {
    request().map(|asked| asked.visitor).unwrap_or_default()
}

/// Hands a new session to the browser in place of the one that it had.
pub fn enter_again(app: &App, signed_in: SignedIn) {
    set_cookie(&cookies::session(app, signed_in));
}

/// The language in which this browser is met at the door.
pub fn remember_language(app: &App, language: Language) {
    set_cookie(&cookies::language(app, language));
}

/// Adds a cookie to the answer.
pub(super) fn set_cookie(cookie: &SetCookie) {
    if let (Some(response), Some((name, value))) = (use_context::<ResponseOptions>(), cookie.header()) {
        response.append_header(name, value);
    }
}

/// Gives the answer its status code.
pub fn answer<T>(result: Result<T, UseCaseError>) -> Result<T, UseCaseError> {
    if let Err(refusal) = &result
        && let Some(response) = use_context::<ResponseOptions>()
    {
        response.set_status(status_of(refusal));
        if let Some(seconds) = refusal.retry_after() {
            response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    result
}

/// Gives the answer its status code; after success the browser goes to `path`.
pub fn answer_and_go<T>(result: Result<T, UseCaseError>, path: &str) -> Result<T, UseCaseError> {
    if result.is_ok() {
        leptos_axum::redirect(path);
    }
    answer(result)
}

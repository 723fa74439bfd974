//! Who asks: a program with a token, in `Authorization` and nowhere else. Cookies are not looked at.

use super::problem::{self, Problem};
use crate::domain::error::UseCaseError;
use crate::server::app::App;
use crate::server::http::public::refusal_page;
use crate::server::http::routes::{self, Does, Door};
use crate::server::use_cases::tokens;
use crate::server::use_cases::{Actor, Via};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, Method, Request, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::Arc;

/// How many requests a token may make at once, and again each minute.
const A_MINUTE: NonZeroU32 = match NonZeroU32::new(600) {
    Some(requests) => requests,
    None => NonZeroU32::MIN,
};

/// Lets requests to the API through while there is one, by the methods that it has, and makes every answer of its one that
/// programs can read. While nobody has a token, nothing is there.
pub async fn guard(State(app): State<App>, mut request: Request<Body>, next: Next) -> Response {
    if routes::of(&request) == Some(Does::Door(Door::Session)) {
        as_a_program(&mut request);
        return problem::instead_of(next.run(request).await).await;
    }
    if !routes::is_of_api(&request) {
        return next.run(request).await;
    }
    match tokens::are_any(&app).await {
        Ok(true) => {}
        Ok(false) => return refusal_page(&request, &UseCaseError::NotFound),
        Err(refusal) => return refusal_page(&request, &refusal),
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::wrong_method().into_response();
    }
    as_a_program(&mut request);
    problem::instead_of(next.run(request).await).await
}

/// Whatever a program says that it accepts, it gets no page.
fn as_a_program(request: &mut Request<Body>) {
    for name in [header::ACCEPT, HeaderName::from_static("sec-fetch-mode")] {
        request.headers_mut().remove(name);
    }
}

/// How fast each token goes; kept in memory, by its name.
#[derive(Clone)]
pub struct Paces {
    app: App,
    limiter: Arc<DefaultKeyedRateLimiter<String>>,
}

impl Paces {
    pub fn new(app: &App) -> Self {
        let limiter = RateLimiter::keyed(Quota::per_minute(A_MINUTE));
        Self { app: app.clone(), limiter: Arc::new(limiter) }
    }

    /// One more request of a token.
    fn count(&self, actor: &Actor) -> Result<(), Problem> {
        let Via::Token(id) = &actor.via else { return Ok(()) };
        self.limiter.check_key(&id.to_string()).map_err(|early| {
            let wait = early.wait_time_from(DefaultClock::default().now()).as_secs();
            Problem::too_fast(i64::try_from(wait).unwrap_or(i64::MAX).saturating_add(1))
        })
    }
}

/// The name of the token that came with a request, if it works; whose it is goes on with the request.
pub async fn name_of_token(app: &App, request: &mut Request<Body>) -> Option<String> {
    let actor = actor_of(app, request.headers()).await.ok()?;
    let Via::Token(id) = &actor.via else { return None };
    let name = id.to_string();
    request.extensions_mut().insert(actor);
    Some(name)
}

/// Puts the [`Actor`] whose token came with a request into its extensions; without one that works, nothing is answered.
pub async fn recognise(State(paces): State<Paces>, mut request: Request<Body>, next: Next) -> Response {
    if routes::of(&request) != Some(Does::Door(Door::Token)) {
        return next.run(request).await;
    }
    let actor = match request.extensions().get::<Actor>().cloned() {
        Some(actor) => actor,
        None => match actor_of(&paces.app, request.headers()).await {
            Ok(actor) => actor,
            Err(refusal) => return Problem::from(&refusal).into_response(),
        },
    };
    if let Err(problem) = paces.count(&actor) {
        return problem.into_response();
    }
    request.extensions_mut().insert(actor);
    next.run(request).await
}

/// # Errors
/// `SignInFirst` without a token, `WrongCredentials` with one that does not work, whatever is the matter with it.
async fn actor_of(app: &App, headers: &HeaderMap) -> Result<Actor, UseCaseError> {
    let token = bearer(headers).ok_or(UseCaseError::SignInFirst)?;
    tokens::recognise(app, token).await?.ok_or(UseCaseError::WrongCredentials)
}

/// The token that a request carries, where it stands once and alone.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(one), None) = (all.next(), all.next()) else { return None };
    let (scheme, token) = one.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim_matches(' ')).filter(|token| !token.is_empty())
}

//! The pages before sign-in and what their forms do: plain routes, answered with a page.

use crate::domain::refusal::Refusal;
use crate::server::app::App;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;

pub fn routes() -> Router<App> {
    Router::new()
}

/// A refusal on a page of its own, for whoever is not inside the app.
pub fn refusal_page(_request: &Request<Body>, refusal: &Refusal) -> Response {
    super::forms::refused(refusal)
}

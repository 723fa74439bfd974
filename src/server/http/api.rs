//! The API for programs: it reads, with somebody's token and within what they may see at that moment. While nobody has a token
//! that works it is not there. What it answers stands in `users`, how it says no in `problem`, who asks in `gate`.

mod gate;
mod parameters;
mod problem;
mod sessions;
mod users;

use super::routes::{Does, Door, Route};
use axum::extract::RawQuery;
use axum::http::header;
use axum::response::{IntoResponse, Response};
pub use gate::{Paces, guard, name_of_token, recognise};
use problem::Problem;
use std::sync::LazyLock;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// Everything below `/api/v1`; the document names the first three, the others are not there.
pub fn routes() -> Vec<Route> {
    let read = Does::Door(Door::Token);
    // An app of one's own; the document does not name it.
    let session = Does::Door(Door::Session);
    vec![
        Route::at("/api/v1/sessions").post(session, sessions::begin),
        Route::at("/api/v1/sessions/end").post(session, sessions::end),
        Route::at("/api/v1/me").get(session, sessions::own),
        Route::at("/api/v1/me/shifts").get(session, sessions::own_shifts),
        Route::at("/api/v1/users").get(read, users::list),
        Route::at("/api/v1/users/{id}").get(read, users::find),
        Route::at("/api/v1/openapi.json").get(read, document),
        Route::at("/api/v1").get(read, nothing),
        Route::at("/api/v1/").get(read, nothing),
        Route::at("/api/v1/{*rest}").get(read, nothing),
    ]
}

/// The document that describes the API, for programs that make clients.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Usher",
        version = "1",
        license(name = "MIT"),
        description = "Reads the people of an organisation. Every request needs a token, which a person makes at My profile \
                       or an operator with `usher token create`; it shows what its owner may see at that moment. Times are \
                       RFC 3339 in UTC, codes are in snake_case and do not change; new fields may be added at any time."
    ),
    paths(users::list, users::find, document),
    modifiers(&BearerToken),
    security(("token" = []))
)]
struct Document;

/// The one way to say who asks.
struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("usher_…").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

static DOCUMENT: LazyLock<String> = LazyLock::new(|| Document::openapi().to_pretty_json().unwrap_or_default());

/// This document.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    operation_id = "document",
    responses((status = 200, description = "The API as OpenAPI 3.1", body = Object))
)]
async fn document(RawQuery(query): RawQuery) -> Response {
    match parameters::none(query.as_deref()) {
        Ok(()) => ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// What is not there, for whoever has a token.
async fn nothing() -> Problem {
    Problem::not_found()
}

//! What a form of these pages is told when its page's script sent it and stays where it is: where to go on, or what was
//! refused, in the words of each language. The form itself is handled as ever; only the answer is put differently.

use super::super::{cookies, no_store};
use super::{LARGEST_REFUSAL, page, refusal_in};
use crate::domain::error::UseCaseError;
use crate::ui::public::spoken;
use crate::view_models::{PUBLIC_ANSWER, PublicAnswer};
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Turns the answer to a form into a [`PublicAnswer`], for whoever asks for one.
pub async fn answer_in_place(request: Request<Body>, next: Next) -> Response {
    let path = request.uri().path();
    let asks = request.method() == Method::POST
        && request.headers().get(header::ACCEPT).is_some_and(|accept| accept == PUBLIC_ANSWER)
        && !path.starts_with("/api/");
    let here = page::page_again(&Method::POST, path).unwrap_or_else(|| "/".into());
    let response = next.run(request).await;
    if !asks || is_answer(&response) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let is_refused = parts.status.is_client_error() || parts.status.is_server_error();
    let known = parts.extensions.get::<UseCaseError>().cloned();
    let (status, answer) = match known {
        // Another page says what became of the link.
        Some(UseCaseError::DeadLink(_)) => (StatusCode::OK, PublicAnswer::GoOn(here)),
        Some(refusal) => (parts.status, PublicAnswer::Refused(spoken(&refusal))),
        None if is_refused => {
            let body = to_bytes(body, LARGEST_REFUSAL).await.unwrap_or_default();
            (parts.status, PublicAnswer::Refused(spoken(&refusal_in(parts.status, &body))))
        }
        None => {
            let to = parts.headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
            (StatusCode::OK, PublicAnswer::GoOn(to.map_or(here, String::from)))
        }
    };
    let mut told = no_store((status, Json(answer)).into_response());
    told.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PUBLIC_ANSWER));
    cookies::hand_on(&parts.headers, told.headers_mut());
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = parts.headers.get(&name) {
            told.headers_mut().insert(name, value.clone());
        }
    }
    told
}

/// Whether it is one already: not a page, not a redirect and no refusal.
fn is_answer(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    response.status().is_success() && !kind.starts_with("text/html")
}

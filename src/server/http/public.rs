//! The pages before sign-in and what their forms do: plain routes, answered with a page or sent on with 303. Looking
//! changes nothing; whatever is changed is changed by a form of ours.

mod choices;
mod invitation;
mod page;
mod passwords;
mod set_up;
mod sign_in;
mod visit;

use crate::domain::refusal::Refusal;
use crate::server::app::App;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use axum::response::{Redirect, Response};
use axum::routing::{get, post};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/set-up", get(set_up::show).post(set_up::set_up))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/forgot", get(passwords::forgot).post(passwords::send_link))
        .route("/forgot/sent", get(passwords::link_sent))
        .route("/reset/{*link}", get(passwords::show).post(passwords::reset))
        .route("/i", get(invitation::paste))
        .route("/i/", get(invitation::paste))
        .route("/i/{link}", get(invitation::show).post(invitation::register))
        .route("/i/{link}/join", post(invitation::join))
        .route("/i/{link}/renew", post(invitation::renew))
        .route("/i/{link}/opened", post(invitation::opened))
        .route("/i/{link}/{*rest}", get(invitation::damaged).post(invitation::damaged))
        .route("/language", post(choices::language))
        .route("/theme", post(choices::theme))
        .route("/.well-known/change-password", get(async || Redirect::to("/me")))
}

/// A refusal on a page of its own, for whoever is not inside the app; for scripts, in their own form.
pub fn refusal_page(request: &Request<Body>, refusal: &Refusal) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/html") {
        page::Bare::of_request(request).refused(refusal)
    } else {
        super::forms::refused(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;

    async fn answer(request: Request<Body>, refusal: &Refusal) -> (StatusCode, Option<String>, String) {
        let response = refusal_page(&request, refusal);
        let wait = response.headers().get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()).map(String::from);
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 100_000).await.expect("a body");
        (status, wait, String::from_utf8_lossy(&body).into_owned())
    }

    fn request(method: &str, path: &str, accept: &str) -> Request<Body> {
        let request = Request::builder().method(method).uri(path).header(header::ACCEPT, accept);
        request.header(header::ACCEPT_LANGUAGE, "ru-BY,ru;q=0.9").body(Body::empty()).expect("a request")
    }

    #[tokio::test]
    async fn a_browser_gets_a_page_in_its_language_and_is_told_when_to_come_back() {
        let refusal = Refusal::TooMany { seconds: 61 };
        let (status, wait, page) = answer(request("POST", "/sign-in", "text/html,*/*"), &refusal).await;
        assert_eq!((status, wait.as_deref()), (StatusCode::TOO_MANY_REQUESTS, Some("61")));
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"ru\""), "{page}");
        assert!(page.contains("Повторите через 2 мин.") && page.contains("href=\"/sign-in\""), "{page}");
    }

    #[tokio::test]
    async fn a_script_gets_the_refusal_itself() {
        let (status, wait, body) = answer(request("GET", "/users", "*/*"), &Refusal::Busy).await;
        assert_eq!((status, wait.as_deref()), (StatusCode::SERVICE_UNAVAILABLE, Some("2")));
        assert_eq!(body, "\"Busy\"");
    }
}

//! The pages before sign-in and what their forms do: plain routes, answered with a page or sent on with 303. Looking
//! changes nothing; whatever is changed is changed by a form of ours.

mod choices;
mod confirm;
mod invitation;
mod page;
mod passwords;
mod set_up;
mod sign_in;
mod visit;

use crate::domain::refusal::Refusal;
use crate::server::app::App;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::middleware::Next;
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
        .route("/confirm/{*link}", get(confirm::show).post(confirm::confirm))
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
    if wants_page(request) { page::Bare::of_request(request).refused(refusal) } else { super::forms::refused(refusal) }
}

/// The largest body of a refusal.
const LARGEST_REFUSAL: usize = 16 * 1024;

/// Whoever reads pages gets every refusal as one, also those that are made before it is known who asks: a panic, a request
/// from elsewhere, a body that is too large, a database that is out of reach.
pub async fn refuse_in_words(request: Request<Body>, next: Next) -> Response {
    let bare = (wants_page(&request) && !super::assets::is_file(request.uri().path()))
        .then(|| page::Bare::of_request(&request));
    let response = next.run(request).await;
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_page = kind.starts_with("text/html");
    let Some(bare) = bare.filter(|_| is_error && !is_page) else { return response };
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, LARGEST_REFUSAL).await.unwrap_or_default();
    let refusal = serde_json::from_slice(&body).unwrap_or(match parts.status {
        StatusCode::NOT_FOUND => Refusal::NotFound,
        StatusCode::SERVICE_UNAVAILABLE => Refusal::Busy,
        _ => Refusal::Unreadable,
    });
    let mut page = bare.refused(&refusal);
    *page.status_mut() = parts.status;
    for name in [header::ALLOW, header::SET_COOKIE, header::RETRY_AFTER] {
        if let Some(value) = parts.headers.get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

fn wants_page(request: &Request<Body>) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accepts.contains("text/html")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::middleware::from_fn;

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
    async fn a_panic_is_a_page_for_whoever_reads_pages() {
        let broken = || async { crate::server::http::pages::panicked(Box::new("out of order")) };
        let large = || async { StatusCode::PAYLOAD_TOO_LARGE };
        // No route, so that nothing reviews them.
        let answering = [
            (Router::<()>::new().fallback(broken), 500, "ничего не сохранено"),
            (Router::<()>::new().fallback(large), 413, "<!doctype html>"),
        ];
        for (router, status, words) in answering {
            let router = router.layer(from_fn(refuse_in_words));
            let answer = tower::ServiceExt::oneshot(router.clone(), request("GET", "/users", "text/html")).await;
            let answer = answer.expect("an answer");
            assert_eq!(answer.status(), status);
            let body = axum::body::to_bytes(answer.into_body(), 100_000).await.expect("a body");
            let page = String::from_utf8_lossy(&body).to_lowercase();
            assert!(page.contains(words) && page.contains("lang=\"ru\""), "{page}");
            let answer = tower::ServiceExt::oneshot(router, request("GET", "/users", "*/*")).await;
            assert!(!answer.expect("an answer").headers().contains_key(header::CONTENT_SECURITY_POLICY));
        }
    }

    #[tokio::test]
    async fn a_script_gets_the_refusal_itself() {
        let (status, wait, body) = answer(request("GET", "/users", "*/*"), &Refusal::Busy).await;
        assert_eq!((status, wait.as_deref()), (StatusCode::SERVICE_UNAVAILABLE, Some("2")));
        assert_eq!(body, "\"Busy\"");
    }
}

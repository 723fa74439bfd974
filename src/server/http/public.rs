//! The pages before sign-in and what their forms do: plain routes, answered with a page or sent on with 303. Looking
//! changes nothing; whatever is changed is changed by a form of ours.

pub(super) mod agreements;
mod choices;
mod confirm;
mod demonstration;
mod handed;
mod in_place;
mod invitation;
pub mod mended;
mod own_password;
pub(super) mod page;
mod passwords;
mod set_up;
mod short;
mod sign_in;
pub(super) mod visit;

use super::routes::{Does, Door, Route};
use crate::domain::error::UseCaseError;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Redirect, Response};

/// Whatever can be sent here, anybody can send: each is a door.
pub fn routes() -> Vec<Route> {
    use Does::Page;
    let door = Does::Door;
    vec![
        Route::at("/set-up").get(Page, set_up::show).post(door(Door::SetUp), set_up::set_up),
        Route::at("/sign-in").get(Page, sign_in::show).post(door(Door::SignIn), sign_in::sign_in),
        Route::at("/sign-out").post(door(Door::Browser), sign_in::sign_out),
        Route::at("/forgot").get(Page, passwords::forgot).post(door(Door::Forgot), passwords::send_link),
        Route::at("/forgot/sent").get(Page, passwords::link_sent),
        Route::at("/reset").get(Page, passwords::paste),
        Route::at("/reset/{*link}").get(Page, passwords::show).post(door(Door::Reset), passwords::reset),
        Route::at("/own-password/{*link}").get(Page, own_password::show).post(door(Door::Reset), own_password::choose),
        Route::at("/confirm").get(Page, confirm::paste),
        Route::at("/confirm/{*link}").get(Page, confirm::show).post(door(Door::Confirmation), confirm::confirm),
        Route::at("/i").get(Page, invitation::paste),
        Route::at("/i/{link}").get(Page, invitation::show).post(door(Door::Invitation), invitation::register),
        Route::at("/i/{link}/join").get(Page, invitation::damaged).post(door(Door::Invitation), invitation::join),
        Route::at("/i/{link}/send-code").get(Page, invitation::damaged).post(door(Door::Invitation), handed::send_code),
        Route::at("/i/{link}/code").get(Page, invitation::damaged).post(door(Door::Invitation), handed::prove),
        Route::at("/i/{link}/renew").get(Page, invitation::damaged).post(door(Door::Invitation), invitation::renew),
        Route::at("/i/{link}/decline")
            .get(Page, invitation::ask_to_decline)
            .post(door(Door::Invitation), invitation::decline),
        Route::at("/i/{link}/opened").get(Page, invitation::damaged).post(door(Door::Invitation), invitation::opened),
        Route::at("/i/{link}/strength").get(Page, invitation::damaged).post(door(Door::Strength), invitation::strength),
        Route::at("/i/{link}/{*rest}").get(Page, invitation::damaged).post(door(Door::Invitation), invitation::damaged),
        // What is left of a short link.
        Route::at("/s").get(Page, invitation::paste),
        // Looking up a short link is a try: it is shorter than the others.
        Route::at("/s/{*link}").get(door(Door::ShortLink), short::show),
        Route::at("/agreements").get(Page, agreements::ask).post(Does::Write, agreements::agree),
        Route::at("/agreements/{kind}").get(Page, agreements::show),
        Route::at("/agreements/{kind}/{version}").get(Page, agreements::show),
        Route::at("/demonstration").get(Page, demonstration::show).post(door(Door::Demonstration), demonstration::pass),
        Route::at("/language").post(door(Door::Browser), choices::language),
        Route::at("/theme").post(door(Door::Browser), choices::theme),
        Route::at("/.well-known/change-password").get(Page, async || Redirect::to("/me")),
    ]
}

pub use in_place::answer_in_place;
pub use visit::LinkParam;

/// A refusal on a page of its own, for whoever is not inside the app; for scripts, in their own form.
pub fn refusal_page(request: &Request<Body>, refusal: &UseCaseError) -> Response {
    if wants_page(request) { page::Bare::of_request(request).refused(refusal) } else { super::forms::refused(refusal) }
}

/// The largest body of a refusal.
const LARGEST_REFUSAL: usize = 16 * 1024;

/// Whoever reads pages gets every refusal as one, also those that are made before it is known who asks: a panic, a request
/// from elsewhere, a body that is too large, a database that is out of reach.
pub async fn refuse_in_words(request: Request<Body>, next: Next) -> Response {
    let is_for_programs = matches!(
        super::routes::of(&request),
        Some(Does::File | Does::Health | Does::Door(Door::Token | Door::Session | Door::Gateway))
    );
    let bare = (wants_page(&request) && !is_for_programs).then(|| page::Bare::of_request(&request));
    let response = next.run(request).await;
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_page = kind.starts_with("text/html");
    let Some(bare) = bare.filter(|_| is_error && !is_page) else { return response };
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, LARGEST_REFUSAL).await.unwrap_or_default();
    let refusal = refusal_in(parts.status, &body);
    let mut page = bare.refused(&refusal);
    *page.status_mut() = parts.status;
    super::cookies::hand_on(&parts.headers, page.headers_mut());
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = parts.headers.get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// The refusal that an answer carries; what came of no use case is known by its status alone.
fn refusal_in(status: StatusCode, body: &[u8]) -> UseCaseError {
    serde_json::from_slice(body).unwrap_or(match status {
        StatusCode::NOT_FOUND => UseCaseError::NotFound,
        StatusCode::SERVICE_UNAVAILABLE => UseCaseError::Busy,
        _ => UseCaseError::Unreadable,
    })
}

/// Whether the answer is to be looked at by a person: a window was opened for it, or a plain form sent.
pub fn wants_page(request: &Request<Body>) -> bool {
    let accepts = request.headers().get_all(header::ACCEPT).iter().filter_map(|accept| accept.to_str().ok());
    let is_navigation = request.headers().get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
    is_navigation || accepts.into_iter().any(|accept| accept.to_ascii_lowercase().contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::middleware::from_fn;

    async fn answer(request: Request<Body>, refusal: &UseCaseError) -> (StatusCode, Option<String>, String) {
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
        let refusal = UseCaseError::TooMany { seconds: 61 };
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
        let (status, wait, body) = answer(request("GET", "/users", "*/*"), &UseCaseError::Busy).await;
        assert_eq!((status, wait.as_deref()), (StatusCode::SERVICE_UNAVAILABLE, Some("2")));
        assert_eq!(body, "\"Busy\"");
    }
}

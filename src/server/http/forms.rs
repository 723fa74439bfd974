//! Server functions as they are called by the page's script, and by plain forms without it. A plain form is answered by a
//! redirect; what it has to say (a refusal, a link to hand over, what was typed) is left for the next page as a note.

use super::asked::RequestContext;
use super::body::largest;
use super::origins::is_page_of_ours;
use super::routes::{self, Does, Door};
use super::{cookies, no_store, notes};
use crate::domain::error::UseCaseError;
use crate::domain::listing::escape;
use crate::server::app::App;
use crate::server::http::status::status_of;
use crate::server::use_cases::{Actor, audit};
use crate::view_models::{FORM_ANSWER, Flash, FormAnswer, TYPE_PASSWORD};
use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::response::Parts;
use axum::http::{Method, Request, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

/// The fields by which a form says what it is about.
const RECORDS: [&str; 4] = ["id", "below", "unit", "user"];

/// The largest body of an answer that is turned into a note.
const LARGEST_ANSWER: usize = 64 * 1024;

/// A refusal as the script's half reads it.
pub fn refused(refusal: &UseCaseError) -> Response {
    let mut response = (status_of(refusal), Json(refusal)).into_response();
    response.extensions_mut().insert(refusal.clone());
    if let Some(seconds) = refusal.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    no_store(response)
}

/// Whether a request of this method changes nothing.
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Nothing but a form may change anything: other types of body are refused before they are read.
pub async fn only_forms(request: Request<Body>, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    // A file comes by one form alone.
    let is_file = kind == "multipart/form-data" && request.uri().path() == super::import::PATH;
    let is_form = is_file || kind == "application/x-www-form-urlencoded";
    // An app of one's own sends JSON, and has no cookie that a page elsewhere could use.
    let is_app = matches!(routes::of(&request), Some(Does::Door(Door::Session | Door::Gateway)));
    if is_safe(request.method()) || is_form || is_app {
        return next.run(request).await;
    }
    StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response()
}

/// A read, by script. It is no page: whoever opens its address in a window is told so and is led nowhere, least of all to
/// where the request says that they came from (WB-04).
pub async fn read(request: Request<Body>) -> Response {
    if super::public::wants_page(&request) {
        return super::public::refusal_page(&request, &UseCaseError::NotFound);
    }
    run(request).await
}

/// A write, by script or by a plain form.
pub async fn write(State(app): State<App>, request: Request<Body>) -> Response {
    let is_in_place = request.headers().get(header::ACCEPT).is_some_and(|accept| accept == FORM_ANSWER);
    let is_plain = super::public::wants_page(&request);
    let form = request.uri().path().to_string();
    let back = page_before(&app, &request);
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, largest(parts.uri.path())).await else { return refused(&UseCaseError::Unreadable) };
    let asked = parts.extensions.get::<RequestContext>().cloned();
    let caller = asked.as_ref().and_then(|asked| asked.caller.as_ref());
    let sent = Sent { form, back, typed: harmless_values(&body) };
    let response = run(Request::from_parts(parts, Body::from(body))).await;
    if let (StatusCode::FORBIDDEN, Some(caller)) = (response.status(), caller) {
        note_denied(&app, caller, &sent.form).await;
    }
    match asked.filter(|_| is_plain || is_in_place) {
        // Whoever has to sign in first does so in the page.
        Some(_) if is_in_place && response.status() == StatusCode::UNAUTHORIZED => response,
        Some(_) if is_in_place => answer_in_place(response, sent).await,
        Some(asked) => answer_plainly(&asked, response, sent).await,
        None => response,
    }
}

/// Writes down that a call was denied, by its address; it is answered all the same.
async fn note_denied(app: &App, caller: &Actor, address: &str) {
    let call = address.trim_start_matches("/api").trim_start_matches('/');
    if let Err(refusal) = audit::note_refused(app, caller, call).await {
        tracing::warn!(?refusal, "a refused call could not be written down");
    }
}

/// The same where this is what came of it.
pub(super) async fn note_if_denied<T>(app: &App, caller: &Actor, address: &str, came: &Result<T, UseCaseError>) {
    if matches!(came, Err(UseCaseError::Denied(_))) {
        note_denied(app, caller, address).await;
    }
}

/// A form as it came.
struct Sent {
    /// The server function's path.
    form: String,
    /// The page on which it stands.
    back: String,
    typed: Vec<(String, String)>,
}

async fn run(mut request: Request<Body>) -> Response {
    // By these the library would answer a plain form itself: by going to wherever the request says that it came from, with
    // what went wrong in the address.
    for name in [header::ACCEPT, header::REFERER] {
        request.headers_mut().remove(name);
    }
    // Before anything is read: who is not signed in learns nothing about functions and their fields.
    if asked(&request).is_none_or(|asked| asked.caller.is_none()) {
        return refused(&UseCaseError::SignInFirst);
    }
    // A function that does not exist is a page that does not exist; the library would explain itself at length.
    if leptos::server_fn::axum::get_server_fn_service(request.uri().path(), request.method().clone()).is_none() {
        return refused(&UseCaseError::NotFound);
    }
    let response = leptos_axum::handle_server_fns_with_context(|| {}, request).await.into_response();
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, LARGEST_ANSWER).await.unwrap_or_default();
    if let Ok(refusal) = serde_json::from_slice::<UseCaseError>(&body) {
        // The library calls what it could not read our failure; the refusal inside knows better.
        if parts.status == StatusCode::INTERNAL_SERVER_ERROR {
            parts.status = status_of(&refusal);
        }
        parts.extensions.insert(refusal);
    }
    Response::from_parts(parts, Body::from(body))
}

/// What a server function answered, for the page that comes next.
async fn flash_of(response: Response, sent: Sent) -> (Parts, Flash) {
    let Sent { form, back, typed } = sent;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, LARGEST_ANSWER).await.unwrap_or_default();
    let is_refused = parts.status.is_client_error() || parts.status.is_server_error();
    let refusal = is_refused.then(|| serde_json::from_slice(&body).unwrap_or(UseCaseError::Unreadable));
    let target = match parts.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()) {
        Some(to) if refusal.is_none() => to.to_string(),
        _ if refusal.is_none() => without_question(&back),
        _ => back,
    };
    let flash = Flash {
        form,
        page: target,
        record: typed.iter().filter(|(name, _)| RECORDS.contains(&name.as_str())).cloned().collect(),
        answer: if refusal.is_none() { serde_json::from_slice(&body).ok() } else { None },
        typed: if refusal.is_some() { typed } else { Vec::new() },
        refusal,
    };
    (parts, flash)
}

/// For a form that the page's script sent: nothing has to be kept for the next page, it gets it here.
async fn answer_in_place(response: Response, sent: Sent) -> Response {
    let (parts, flash) = flash_of(response, sent).await;
    let status = if flash.refusal.is_some() { parts.status } else { StatusCode::OK };
    let mut response = (status, Json(FormAnswer { to: flash.page.clone(), flash })).into_response();
    finish(&parts, &mut response);
    no_store(response)
}

/// For a plain form whose handler is no server function: the page on which it stands says why it was refused.
pub async fn refuse_plainly(asked: &RequestContext, form: &str, page: &str, refusal: UseCaseError) -> Response {
    let flash = Flash {
        form: form.into(),
        page: page.into(),
        record: Vec::new(),
        answer: None,
        typed: Vec::new(),
        refusal: Some(refusal.clone()),
    };
    let mut response = Redirect::to(page).into_response();
    for cookie in notes::leave(&asked.app, asked.caller.as_ref(), &asked.own, flash).await {
        cookie.add_to(response.headers_mut());
    }
    response.extensions_mut().insert(refusal);
    response
}

/// To the door, which asks whoever is signed in as well, and from it to a page of ours.
pub fn to_type_password(next: &str) -> Response {
    Redirect::to(&format!("{TYPE_PASSWORD}&next={}", escape(next))).into_response()
}

async fn answer_plainly(asked: &RequestContext, response: Response, sent: Sent) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        if response.extensions().get::<UseCaseError>() == Some(&UseCaseError::PasswordFirst) {
            return to_type_password(&sent.back);
        }
        return Redirect::to(&format!("/sign-in?next={}", escape(&sent.back))).into_response();
    }
    let (parts, flash) = flash_of(response, sent).await;
    let mut response = Redirect::to(&flash.page).into_response();
    for cookie in notes::leave(&asked.app, asked.caller.as_ref(), &asked.own, flash).await {
        cookie.add_to(response.headers_mut());
    }
    finish(&parts, &mut response);
    response
}

/// Hands on what the function's own answer had beside its text.
fn finish(parts: &Parts, response: &mut Response) {
    // Whoever counts tries asks how this one ended.
    if let Some(refusal) = parts.extensions.get::<UseCaseError>() {
        response.extensions_mut().insert(refusal.clone());
    }
    cookies::hand_on(&parts.headers, response.headers_mut());
}

/// The page from which a form came: a path of ours, else the start (WB-04).
fn page_before(app: &App, request: &Request<Body>) -> String {
    let referer = request.headers().get(header::REFERER).and_then(|referer| referer.to_str().ok());
    let Some(url) = referer.and_then(|referer| url::Url::parse(referer).ok()) else { return "/".into() };
    if !is_page_of_ours(&app.config, request, &url) {
        return "/".into();
    }
    local_path(&match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_string(),
    })
}

/// The page without the question that has just been answered on it (`?do=withdraw`).
fn without_question(page: &str) -> String {
    without(page, &["do"])
}

/// A path whose query has nothing of these names in it, however they are written.
fn without(path: &str, names: &[&str]) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.into() };
    let is_kept = |pair: &&str| {
        let named = url::form_urlencoded::parse(pair.as_bytes()).next();
        named.is_none_or(|(name, _)| !names.contains(&name.as_ref()))
    };
    let rest: Vec<&str> = query.split('&').filter(is_kept).collect();
    if rest.is_empty() { path.into() } else { format!("{path}?{}", rest.join("&")) }
}

/// In which a library of ours would carry what went wrong, and show it to whoever follows the address.
const ERRORS: [&str; 2] = ["__err", "__path"];

/// A path within this installation, or `/`: nothing that a browser could read as another site (WB-04).
pub fn local_path(path: &str) -> String {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let mut rest = path.bytes();
    let is_local = rest.next() == Some(b'/') && !matches!(rest.next(), Some(b'/' | b'\\'));
    if is_plain && is_local && !path.contains("//") { without(path, &ERRORS) } else { "/".into() }
}

/// What was typed, but for passwords and codes.
fn harmless_values(body: &Bytes) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body)
        .filter(|(name, value)| !name.contains("password") && !name.contains("code") && !value.is_empty())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// Who is asking, for handlers outside server functions.
pub fn asked(request: &Request<Body>) -> Option<RequestContext> {
    request.extensions().get::<RequestContext>().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_gone_to() {
        for hostile in ["//e", "/\\e", "/%09/e\t", "https:e", "javascript:x", "@e", "", "https://e/", "/a//b", "/é"] {
            assert_eq!(local_path(hostile), "/", "{hostile}");
        }
        assert_eq!(local_path("/users?q=a&sort=-added"), "/users?q=a&sort=-added");
        assert_eq!(local_path("/users?__err=x&q=%5F%5Ferr&%5F_err=y&__path=/api/x"), "/users?q=%5F%5Ferr");
    }

    #[test]
    fn a_question_that_was_answered_leaves_the_address() {
        assert_eq!(without_question("/users/1?do=copy"), "/users/1");
        assert_eq!(
            without_question("/invitations?status=error&do=resend&after=1"),
            "/invitations?status=error&after=1"
        );
        assert_eq!(without_question("/invitations"), "/invitations");
    }

    #[test]
    fn passwords_never_travel_in_a_note() {
        let body = Bytes::from_static(b"name=Ivan&current_password=a&new_password=b&code=c&phone=");
        assert_eq!(harmless_values(&body), [("name".to_string(), "Ivan".to_string())]);
    }
}

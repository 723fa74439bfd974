//! The door for browsers: routes, and the layers that every request passes, in one list. No rule and no table in here.

mod api;
pub mod asked;
pub mod assets;
mod body;
mod changes;
mod cookies;
mod downloads;
pub mod evenly;
mod forms;
mod handing;
mod headers;
mod health;
mod import;
mod language;
mod letters;
mod limits;
mod mail_frame;
mod mobile;
mod notes;
mod origins;
pub mod page_data;
mod pages;
mod public;
pub mod routes;
mod session;
mod sms_callback;
pub mod status;
pub mod visitor;
pub use super::app::App;
use axum::Router;
use axum::http::{Method, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use std::sync::Arc;
use std::time::Duration as StdDuration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

/// How long a request may take.
const REQUEST_TIMEOUT: StdDuration = StdDuration::from_secs(30);

/// Everything that answers.
pub fn router(app: App) -> Router {
    pages::prepare();
    // The outermost stands last.
    routes::router()
        .with_state(app.clone())
        .layer(from_fn_with_state(app.clone(), session::recognise))
        .layer(from_fn_with_state(api::Paces::new(&app), api::recognise))
        .layer(from_fn_with_state(limits::Limits::new(&app), limits::slow_down))
        // Before the limits: no try is held while its body is waited for, and no foreign page uses up those of its visitors.
        .layer(from_fn(body::read_whole))
        .layer(from_fn(forms::only_forms))
        .layer(from_fn_with_state(app.clone(), origins::only_from_here))
        .layer(from_fn_with_state(app.clone(), origins::only_by_our_name))
        .layer(from_fn_with_state((app.clone(), Arc::default()), visitor::locate))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
        .layer(compression())
        .layer(CatchPanicLayer::custom(pages::panicked))
        .layer(from_fn(public::refuse_in_words))
        .layer(from_fn(public::answer_in_place))
        .layer(from_fn_with_state(app.clone(), api::guard))
        .layer(from_fn_with_state(app.clone(), cookies::read))
        .layer(from_fn_with_state(app, headers::protect))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}

/// HTML is compressed lightly as it leaves; what is precompressed inside the binary says so itself and is left alone.
fn compression() -> CompressionLayer<impl Predicate> {
    let worthwhile = SizeAbove::new(512)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::new("application/wasm"))
        .and(NotForContentType::SSE);
    CompressionLayer::new().quality(tower_http::CompressionLevel::Precise(4)).compress_when(worthwhile)
}

/// What a request's log lines carry: the route, never the path, the query or a header of the visitor's.
fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).filter(|id| is_name(id));
    let id = id.unwrap_or_default();
    let method = method_name(request.method());
    tracing::info_span!("request", method, route = routes::pattern(request), id)
}

/// A proxy may have given the request a name of its own; whatever else a header of that name holds stays out of the log.
fn is_name(id: &str) -> bool {
    id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A method that is one; others may be any word.
fn method_name(method: &Method) -> &str {
    let is_known =
        [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    if is_known.contains(method) { method.as_str() } else { "other" }
}

/// A plain answer that no cache keeps.
fn no_store(mut response: axum::response::Response) -> axum::response::Response {
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

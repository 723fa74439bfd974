//! The door for browsers: routes, and the layers that every request passes, in one list. No rule and no table in here.

pub mod asked;
mod assets;
mod cookies;
mod forms;
mod headers;
mod health;
mod letters;
mod limits;
mod mail_frame;
mod pages;
mod public;
mod session;
pub mod written;

use super::app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

/// The largest body that is read (DS-01): a pasted list of addresses fits several times.
const LARGEST_BODY: usize = 256 * 1024;

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everything that answers.
pub fn router(app: App) -> Router {
    pages::prepare();
    let routes = Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/api/{*function}", post(forms::write).get(forms::read))
        .merge(public::routes())
        .merge(mail_frame::routes())
        .merge(letters::routes())
        .merge(assets::routes())
        .fallback(pages::render)
        .with_state(app.clone());

    // The outermost stands last.
    routes
        .layer(from_fn_with_state(app.clone(), session::recognise))
        .layer(from_fn(forms::only_forms))
        .layer(from_fn_with_state(limits::Limits::new(&app), limits::slow_down))
        // Before the limits: no foreign page uses up the tries of its visitors.
        .layer(from_fn_with_state(app.clone(), forms::only_from_here))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(compression())
        .layer(CatchPanicLayer::custom(pages::panicked))
        .layer(from_fn(public::refuse_in_words))
        .layer(from_fn_with_state(app, headers::protect))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}

/// HTML is compressed lightly as it leaves; what is precompressed inside the binary says so itself and is left alone.
fn compression() -> CompressionLayer<impl Predicate> {
    let worthwhile = SizeAbove::new(512).and(NotForContentType::IMAGES).and(NotForContentType::new("application/wasm"));
    CompressionLayer::new().quality(tower_http::CompressionLevel::Precise(4)).compress_when(worthwhile)
}

/// What a request's log lines carry: never the query, never a link's secret, never a header.
fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    let path = request.uri().path();
    let shown = if path.starts_with("/i/") || path.starts_with("/reset/") { "/…" } else { path };
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = shown, id)
}

/// A plain answer that no cache keeps.
fn no_store(mut response: axum::response::Response) -> axum::response::Response {
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

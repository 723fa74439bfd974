//! Whether the process lives, and whether it can serve: for the operator's watch and for load balancers.

use super::visitor::{self, SeenByVisitor};
use crate::server::app::App;
use crate::server::storage::Unfit;
use crate::server::use_cases::settings;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use std::sync::Arc;

/// The process answers.
pub async fn live() -> &'static str {
    "live\n"
}

/// The database can be read and written to, the settings with which everything begins are readable, and nobody has asked the process to stop.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.stopping.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let why = match app.db.unfit(app.clock.now()).await {
        None if settings::are_readable(&app).await => return (StatusCode::OK, "ready\n"),
        None => "the settings cannot be read: `usher doctor` names what is wrong\n",
        Some(Unfit::Away) => "the database does not answer\n",
        Some(Unfit::Full) => "there is no room on the disk: nothing can be written\n",
        Some(Unfit::Gone) => "the database's file was removed or replaced: nothing is written\n",
        Some(Unfit::Failing) => "the database cannot be written to\n",
    };
    (StatusCode::SERVICE_UNAVAILABLE, why)
}

/// How `X-Forwarded-For` fits the proxies that are set, for `usher doctor` on this machine and for nobody else.
pub async fn proxies(State(app): State<App>, request: Request<Body>) -> (StatusCode, String) {
    match request.extensions().get::<Arc<SeenByVisitor>>() {
        Some(seen) if visitor::is_from_this_machine(&request, &app) => (StatusCode::OK, seen.report()),
        _ => (StatusCode::NOT_FOUND, "only this machine is told\n".into()),
    }
}

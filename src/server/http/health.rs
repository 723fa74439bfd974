//! Whether the process lives, and whether it can serve: for the operator's watch and for load balancers.

use crate::server::app::App;
use axum::extract::State;
use axum::http::StatusCode;

/// The process answers.
pub async fn live() -> &'static str {
    "live\n"
}

/// The database answers and nobody has asked the process to stop.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.stopping.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let answers = async { app.db.read().await?.row("select 1 as one", &[]).await };
    match answers.await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}

//! How many tries one address may make at the doors that check secrets or send mail (RL-01, RL-04, RL-07). Tries per
//! account are counted in the database; these here are kept in memory and forgotten at a restart.

use super::forms;
use super::routes::{self, Does};
use crate::domain::refusal::Refusal;
use crate::server::app::App;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::Request;
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

/// Tries an address may make at once, and again each minute.
const A_MINUTE: NonZeroU32 = NonZeroU32::new(30).expect("more than nothing");

/// How many addresses are remembered before the old ones are forgotten.
const MOST_REMEMBERED: usize = 100_000;

/// The counters of all addresses.
#[derive(Clone)]
pub struct Limits {
    doors: Arc<DefaultKeyedRateLimiter<String>>,
    trusted_proxies: usize,
}

impl Limits {
    pub fn new(app: &App) -> Self {
        let doors = Arc::new(RateLimiter::keyed(Quota::per_minute(A_MINUTE)));
        Self { doors, trusted_proxies: app.config.trusted_proxies }
    }
}

/// Lets an address go slower when it tries too often.
pub async fn slow_down(State(limits): State<Limits>, request: Request<Body>, next: Next) -> Response {
    // As it was routed: no other spelling of a door is free (RL-04).
    if !matches!(routes::of(&request), Some(Does::Door(_))) {
        return next.run(request).await;
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let address = super::session::visitor_address(request.headers(), peer, limits.trusted_proxies);
    if limits.doors.len() > MOST_REMEMBERED {
        limits.doors.retain_recent();
    }
    match limits.doors.check_key(&address) {
        Ok(()) => next.run(request).await,
        Err(not_yet) => {
            let wait = not_yet.wait_time_from(DefaultClock::default().now());
            let refusal = Refusal::TooMany { seconds: i64::try_from(wait.as_secs()).unwrap_or(60) + 1 };
            if request.uri().path().starts_with("/api/") {
                return forms::refused(&refusal);
            }
            super::public::refusal_page(&request, &refusal)
        }
    }
}

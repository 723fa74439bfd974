//! How many wrong tries are let in at the doors that check secrets or send mail (RL-01, RL-04, RL-07): for each door apart, by
//! the place from which they come. A try is counted before its work and given back when it was right, so that many at one
//! moment pass no more than one after the other. Tries per account are counted in the database; these here are kept in memory
//! and forgotten at a restart.

mod bucket;

use super::api;
use super::asked::Entered;
use super::cookies::OwnCookies;
use super::forms;
use super::public::LinkParam;
use super::routes::{self, Does, Door};
use super::visitor::VisitorAddress;
use crate::domain::error::UseCaseError;
use crate::domain::invitation::DeadLink;
use crate::domain::link::LinkKind;
use crate::server::app::App;
use crate::server::secrets;
use crate::server::use_cases::{accept, confirming, passwords};
use crate::view_models::LinkView;
use axum::RequestExt;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::middleware::Next;
use axum::response::Response;
use bucket::{Buckets, Taken, Ticket};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many wrong tries fit at once, and again each minute: from an address, and from a browser in which somebody signed in.
const MOST: u32 = 30;

/// From an address at which somebody signed in since the process began: people share it, and some mistype.
const MOST_AT_HOME: u32 = 4 * MOST;

/// How often a link of ours may be sent with a form, right or wrong; nobody else is counted by it.
const MOST_OF_A_LINK: u32 = 4 * MOST;

/// How many requests of a token are answered at one moment; right ones do not count.
const MOST_OF_A_TOKEN: u32 = 4 * MOST;

/// How many addresses are remembered at which somebody signed in.
const HOMES: usize = 10_000;

/// The counters of all places.
#[derive(Clone)]
pub struct Limits {
    app: App,
    buckets: Buckets,
    homes: Arc<Mutex<HashMap<String, Instant>>>,
}

impl Limits {
    pub fn new(app: &App) -> Self {
        Self { app: app.clone(), buckets: Buckets::default(), homes: Arc::default() }
    }

    /// By what the tries of a request are counted, and how many there may be.
    async fn subject(&self, door: Door, request: &mut Request<Body>) -> (String, u32) {
        if let Some(kind) = kind_of(door)
            && let Ok(LinkParam(link)) = request.extract_parts::<LinkParam>().await
            && self.is_ours(kind, &link).await
        {
            return (format!("link {link}"), MOST_OF_A_LINK);
        }
        // A token that works is counted by itself: whoever guesses at the same address does not hold it up.
        if door == Door::Token
            && let Some(token) = api::name_of_token(&self.app, request).await
        {
            return (format!("token {token}"), MOST_OF_A_TOKEN);
        }
        // Programs have no cookies.
        let own = request
            .extensions()
            .get::<OwnCookies>()
            .filter(|_| !matches!(door, Door::Token | Door::Session | Door::Gateway));
        if let Some(browser) = own.and_then(|own| own.mark(&self.app)) {
            return (format!("browser {browser}"), MOST);
        }
        let address =
            request.extensions().get::<VisitorAddress>().map_or_else(String::new, |address| address.0.clone());
        let is_home = self.homes().contains_key(&address);
        (address, if is_home { MOST_AT_HOME } else { MOST })
    }

    /// Whether we made a link, alive or dead. Asked with a look, as its page asks; where that fails, the form says why.
    async fn is_ours(&self, kind: LinkKind, link: &str) -> bool {
        if secrets::Link::read(link).is_none() {
            return false;
        }
        let damaged = UseCaseError::DeadLink(DeadLink::Damaged);
        match kind {
            LinkKind::Invitation => match accept::look(&self.app, link, None, None).await {
                Ok(LinkView::Dead { why, .. }) => why != DeadLink::Damaged,
                other => other.err() != Some(damaged),
            },
            LinkKind::Reset => passwords::look_at_reset(&self.app, link).await.err() != Some(damaged),
            LinkKind::Confirmation => confirming::look(&self.app, link).await.err() != Some(damaged),
        }
    }

    fn homes(&self) -> std::sync::MutexGuard<'_, HashMap<String, Instant>> {
        self.homes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody signed in from here.
    fn remember(&self, address: Option<VisitorAddress>) {
        let Some(VisitorAddress(address)) = address else { return };
        let mut homes = self.homes();
        if homes.len() >= HOMES && !homes.contains_key(&address) {
            let oldest = homes.iter().min_by_key(|(_, seen)| **seen).map(|(address, _)| address.clone());
            oldest.and_then(|oldest| homes.remove(&oldest));
        }
        homes.insert(address, Instant::now());
    }
}

/// Of which kind the links of a door are, where it checks links.
fn kind_of(door: Door) -> Option<LinkKind> {
    match door {
        Door::Invitation | Door::Strength => Some(LinkKind::Invitation),
        Door::Reset => Some(LinkKind::Reset),
        Door::Confirmation => Some(LinkKind::Confirmation),
        Door::SignIn
        | Door::Forgot
        | Door::SetUp
        | Door::OwnPassword
        | Door::Browser
        | Door::Token
        | Door::Session
        | Door::Gateway
        | Door::Demonstration
        | Door::ShortLink => None,
    }
}

/// Lets a place go slower when it tries too often.
pub async fn slow_down(State(limits): State<Limits>, mut request: Request<Body>, next: Next) -> Response {
    // As it was routed: no other spelling of a door is free (RL-04).
    let door = match routes::of(&request) {
        Some(Does::Door(door)) if door != Door::Browser => door,
        _ => return next.run(request).await,
    };
    let (subject, most) = limits.subject(door, &mut request).await;
    let address = request.extensions().get::<VisitorAddress>().cloned();
    let is_link = subject.starts_with("link ");
    let ticket = match limits.buckets.take((door, subject), most).await {
        Taken::Ticket(ticket) => ticket,
        Taken::NotBefore(wait) => return refused(&request, wait),
    };
    let response = next.run(request).await;
    if response.extensions().get::<Entered>().is_some() {
        limits.remember(address);
    }
    settle(ticket, is_link || is_wrong(door, &response));
    response
}

fn settle(ticket: Ticket, counts: bool) {
    if !counts {
        ticket.give_back();
    }
}

fn refused(request: &Request<Body>, wait: Duration) -> Response {
    let refusal = UseCaseError::TooMany { seconds: i64::try_from(wait.as_secs()).unwrap_or(i64::from(MOST)) + 1 };
    match request.uri().path().starts_with("/api/") {
        true => forms::refused(&refusal),
        false => super::public::refusal_page(request, &refusal),
    }
}

/// Whether the answer says that the try was wrong. Whoever asks for a letter learns nothing by the answer, and by the limit
/// neither: each asking counts (RL-05).
fn is_wrong(door: Door, response: &Response) -> bool {
    match door {
        Door::Forgot => response.status().is_redirection(),
        _ => response.extensions().get::<UseCaseError>().is_some_and(UseCaseError::is_wrong_try),
    }
}

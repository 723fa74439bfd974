//! Finds out who is asking, once per request, and hands it on: the cookie's session, the peer's address, the language.

use super::asked::RequestContext;
use super::cookies::OwnCookies;
use super::routes::{self, Does, Door};
use super::visitor::VisitorAddress;
use super::{forms, language, mobile, no_store};
use crate::domain::authorization::Surface;
use crate::server::app::App;
use crate::server::use_cases::{Visitor, sessions};
use crate::server_fns::profile::SessionEnd;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::server_fn::ServerFn;

/// Puts an [`RequestContext`] into the request's extensions. Files, the operator's watch, programs with a token and the gateway need none.
pub async fn recognise(State(app): State<App>, mut request: Request<Body>, next: Next) -> Response {
    if matches!(
        routes::of(&request),
        Some(Does::File | Does::Health | Does::Door(Door::Token | Door::Session | Door::Gateway))
    ) {
        return next.run(request).await;
    }
    let own = request.extensions().get::<OwnCookies>().cloned().unwrap_or_default();
    let mut running = None;
    // Whoever only asks how long it lasts does not use it.
    let is_use = request.uri().path() != <SessionEnd as ServerFn>::PATH;
    let surface = mobile::surface_of(request.uri().path());
    let secrets = if surface == Surface::Mobile { &own.mobile } else { &own.sessions };
    for secret in secrets {
        match sessions::recognise(&app, secret, surface, is_use).await {
            Ok(None) => {}
            Ok(found) => {
                running = found;
                break;
            }
            Err(refusal) => return forms::refused(&refusal).into_response(),
        }
    }
    let address = request.extensions().get::<VisitorAddress>().map_or_else(String::new, |address| address.0.clone());
    let mark = own.mark(&app).map(Into::into);
    let visitor = Visitor { address, device: device(request.headers()), mark };
    let (caller, seconds_left) = running.map(|running| (running.caller, running.seconds_left)).unzip();
    let asked = RequestContext {
        caller,
        seconds_left: seconds_left.unwrap_or_default(),
        visitor,
        language: own.language.or_else(|| language::preferred(request.headers())),
        theme: own.theme,
        own,
        app,
    };
    request.extensions_mut().insert(asked);
    no_store(next.run(request).await)
}

/// Browser and system in a few words, for the list of one's own sessions.
fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let first =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("YaBrowser/", "Yandex"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

//! The application's pages: who may open which is asked here first, then the app renders itself, rows and all.

use super::asked::RequestContext;
use super::forms::local_path;
use super::{headers, notes, page_data};
use crate::domain::authorization::Surface;
use crate::domain::error::{Conflict, UseCaseError};
use crate::domain::id::UnitId;
use crate::domain::listing::{escape, query_value};
use crate::server::app::App;
use crate::server::http::status::status_of;
use crate::server::storage;
use crate::server::use_cases::users;
use crate::ui::app::{Shell, ShellSettings};
use crate::ui::pages::table::{AppPage, page_at};
use crate::ui::session::PageContext;
use crate::words::Language;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use std::any::Any;

/// Tells the renderer which runtime its tasks run on; the library learns it from whoever asks for its routes.
pub fn prepare() {
    let _ = leptos_axum::generate_route_list(|| ());
}

/// Renders a page of the app for whoever is signed in; everybody else is sent to the door.
pub async fn render(State(app): State<App>, request: Request<Body>) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let Some(asked) = super::forms::asked(&request) else { return StatusCode::BAD_REQUEST.into_response() };
    let (path, wanted) = (request.uri().path().to_string(), request.uri().clone());
    if let Some(meant) = super::public::mended::astray(&wanted) {
        return meant;
    }
    let viewer = match &asked.caller {
        Some(caller) => users::viewer(&app, caller).await,
        None => Err(UseCaseError::SignInFirst),
    };
    let viewer = match viewer {
        Ok(viewer) => viewer,
        Err(UseCaseError::SignInFirst) => match door(&app, &wanted).await {
            Ok(door) => return door.into_response(),
            Err(refusal) => return super::public::refusal_page(&request, &refusal),
        },
        // What is to be agreed to stands between (rule 48); from there they come back.
        Err(UseCaseError::Conflict(Conflict::AgreeFirst)) => {
            let wanted = wanted.path_and_query().map_or("/", |wanted| wanted.as_str());
            return Redirect::to(&super::public::agreements::address(Surface::Panel, wanted)).into_response();
        }
        Err(refusal) => return super::public::refusal_page(&request, &refusal),
    };
    let refused = match (&asked.caller, path.trim_end_matches('/')) {
        (Some(caller), "/users") => users::may_list(&app, caller, unit_in(&wanted).as_ref()).await.err(),
        _ => None,
    };
    let page = page_at(&path).map(|(page, _)| page);
    let status = match &refused {
        Some(refusal) => Some(status_of(refusal)),
        None => page.is_none().then_some(StatusCode::NOT_FOUND),
    };
    let address = wanted.path_and_query().map_or("/", |wanted| wanted.as_str());
    // Only whoever is shown a page takes its note.
    let is_shown = *request.method() == Method::GET;
    let settings = shell_settings(&asked, viewer.language, page);
    let flash = if is_shown { notes::for_page(&asked, address).await } else { None };
    let note = notes::FoundFlash(flash);
    // The list of users reads it from there; to the others it comes with their data.
    let mark = page_data::mark_of(&viewer);
    let context = PageContext {
        viewer,
        mark,
        flash: note.0.clone().filter(|_| path == "/users"),
        refused,
        seconds_left: asked.seconds_left,
    };
    let rendered = leptos_axum::render_app_async_with_context(
        move || {
            provide_context(context.clone());
            provide_context(note.clone());
            let Some(response) = use_context::<leptos_axum::ResponseOptions>() else { return };
            let policy = leptos::nonce::use_nonce().map(|nonce| HeaderValue::from_str(&headers::page_policy(&nonce)));
            if let Some(Ok(policy)) = policy {
                response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
            if let Some(status) = status {
                response.set_status(status);
            }
        },
        move || view! { <Shell settings=settings.clone() /> },
    );
    let mut response = rendered(request).await;
    if is_shown {
        notes::take_away(&asked, address, response.headers_mut());
    }
    response
}

/// The unit to which an address narrows its page.
fn unit_in(address: &Uri) -> Option<UnitId> {
    let unit = query_value(address.query().unwrap_or_default(), "unit");
    unit.filter(|unit| !unit.trim().is_empty()).map(UnitId::new)
}

/// Where somebody who is not signed in goes: to set-up while nobody is there, else to sign in and then back.
async fn door(app: &App, wanted: &Uri) -> Result<Redirect, UseCaseError> {
    let mut tx = app.db.read().await?;
    if !storage::users::is_anybody_there(&mut tx).await? {
        return Ok(Redirect::to("/set-up"));
    }
    let wanted = wanted.path_and_query().map_or("/", |wanted| wanted.as_str());
    Ok(match wanted {
        "/" => Redirect::to("/sign-in"),
        _ => Redirect::to(&format!("/sign-in?next={}", escape(&local_path(wanted)))),
    })
}

fn shell_settings(asked: &RequestContext, language: Language, page: Option<&AppPage>) -> ShellSettings {
    use super::assets::{address, chunks_of};
    // What is no page is told so by the first file.
    let group = page.and_then(|page| page.group.code());
    ShellSettings {
        theme: asked.theme,
        language: language.code(),
        script: address("/pkg/usher.js"),
        wasm: address("/pkg/usher.wasm"),
        loader: address("/pkg/split.js"),
        chunks: group.map(chunks_of).unwrap_or_default(),
        style: address("/pkg/usher.css"),
        helper: address("/usher.js"),
    }
}

/// The answer when a handler panicked: the transaction is gone with it, nothing was saved.
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let cause = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    super::forms::refused(&crate::server::use_cases::broken(&cause))
}

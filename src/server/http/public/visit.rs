//! What the handlers of these pages take from a request: the visit, a form, the link in the address.

use super::super::asked::{Entered, RequestContext};
use super::super::{cookies, forms, notes};
use super::page::{self, Bare, Frame};
use crate::domain::error::UseCaseError;
use crate::domain::listing::query_value;
use crate::server::app::App;
use crate::server::use_cases::sessions::{self, SignedIn};
use crate::server::use_cases::{Actor, set_up};
use crate::view_models::{Flash, JOINED, NewPasswordView, Welcome};
use crate::words::Language;
use axum::body::Body;
use axum::extract::{Form, FromRequest, FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::AnyView;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// Somebody looks at one of these pages or sends its form.
pub struct Visit {
    pub asked: RequestContext,
    pub welcome: Welcome,
    /// The language chosen by a button; what the browser prefers is in [`RequestContext`].
    pub chosen: Option<Language>,
    pub bare: Bare,
}

impl Visit {
    pub fn app(&self) -> &App {
        &self.asked.app
    }

    pub fn caller(&self) -> Option<&Actor> {
        self.asked.caller.as_ref()
    }

    pub fn language(&self) -> Language {
        self.asked.language.unwrap_or(self.welcome.language)
    }

    /// What surrounds a page of this visit.
    pub fn frame<'a>(&'a self, title: &'a str, here: &'a str) -> Frame<'a> {
        Frame {
            language: self.language(),
            organisation: &self.welcome.organisation,
            theme: self.asked.theme,
            here,
            title,
            fetches_ahead: false,
            surface: super::super::mobile::surface_of(here),
            is_demonstration: self.app().config.is_demonstration,
        }
    }

    /// A page of this visit, in its language.
    pub fn page(
        &self,
        title: &str,
        here: &str,
        refusal: Option<&UseCaseError>,
        content: impl FnOnce() -> AnyView,
    ) -> Response {
        page::render(&self.frame(title, here), refusal, content)
    }

    /// The same with a field for a new password that comes alive.
    pub fn page_with_password(
        &self,
        title: &str,
        here: &str,
        refusal: Option<&UseCaseError>,
        password: NewPasswordView,
        content: impl FnOnce() -> AnyView,
    ) -> Response {
        page::render_with_password(&self.frame(title, here), refusal, password, content)
    }

    /// A refusal that belongs to no page.
    pub fn refused(&self, refusal: &UseCaseError) -> Response {
        self.bare.refused(refusal)
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Ok(bare) = Bare::from_request_parts(parts, app).await;
        let Some(asked) = parts.extensions.get::<RequestContext>().cloned() else {
            return Err(StatusCode::BAD_REQUEST.into_response());
        };
        let chosen = asked.own.language;
        match set_up::welcome(app).await {
            Ok(welcome) => Ok(Self { asked, welcome, chosen, bare }),
            Err(refusal) => Err(bare.refused(&refusal)),
        }
    }
}

/// A form as we made it: every field that it has, and no other (AZ-07).
pub struct Posted<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = Response;

    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, Response> {
        let bare = Bare::of_request(&request);
        match Form::<T>::from_request(request, app).await {
            Ok(Form(form)) => Ok(Self(form)),
            Err(rejection) => {
                let mut response = bare.refused(&UseCaseError::Unreadable);
                *response.status_mut() = rejection.status();
                Err(response)
            }
        }
    }
}

/// The secret part of the address; empty where it cannot even be read, which is no link of ours either.
pub struct LinkParam(pub String);

impl<S: Send + Sync> FromRequestParts<S> for LinkParam {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
        Ok(Self(path.ok().and_then(|Path(mut path)| path.remove("link")).unwrap_or_default()))
    }
}

/// A value of the query.
pub fn asked_for(query: Option<&str>, name: &str) -> Option<String> {
    query_value(query.unwrap_or_default(), name)
}

/// Hands the session to the browser and opens the page that was wanted, else the first page of this person.
pub async fn enter(app: &App, signed_in: SignedIn, next: &str) -> Response {
    let page = match forms::local_path(next) {
        next if next != "/" => next,
        _ => landing_page(app, &signed_in.caller).await,
    };
    enter_at(app, signed_in, &page)
}

/// Hands the session to the browser and opens this page.
pub fn enter_at(app: &App, signed_in: SignedIn, page: &str) -> Response {
    let mark = cookies::mark(app, &signed_in.caller.user_id);
    let mut response = (mark, cookies::session(app, signed_in), Redirect::to(page)).into_response();
    response.extensions_mut().insert(Entered);
    response
}

/// Opens the page that says what one can do, and greets whoever has just joined.
pub async fn enter_first(visit: &Visit, signed_in: Option<SignedIn>) -> Response {
    let (app, own) = (visit.app(), &visit.asked.own);
    let caller = signed_in.as_ref().map_or_else(|| visit.caller().cloned(), |signed_in| Some(signed_in.caller.clone()));
    let flash = Flash { form: JOINED.into(), page: "/".into(), ..Flash::default() };
    let mut response = match signed_in {
        Some(signed_in) => enter_at(app, signed_in, "/"),
        None => Redirect::to("/").into_response(),
    };
    for cookie in notes::leave(app, caller.as_ref(), own, flash).await {
        cookie.add_to(response.headers_mut());
    }
    response
}

/// The first page of somebody who is signed in.
pub async fn landing_page(app: &App, caller: &Actor) -> String {
    sessions::landing_page(app, caller).await.unwrap_or("/").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_by_name() {
        let query = Some("link=a%2Fb&next=%2Fusers%3Fq%3Da");
        assert_eq!(asked_for(query, "next").as_deref(), Some("/users?q=a"));
        assert_eq!(asked_for(query, "other"), None);
        assert_eq!(asked_for(None, "next"), None);
    }
}

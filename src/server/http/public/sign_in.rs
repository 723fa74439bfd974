//! Signing in and out.

use super::super::asked::RequestContext;
use super::super::cookies;
use super::super::forms::local_path;
use super::own_password;
use super::page::{self, Bare};
use super::visit::{Posted, Visit, asked_for, enter, landing_page};
use crate::domain::authorization::Surface;
use crate::domain::error::UseCaseError;
use crate::domain::link::LinkKind;
use crate::domain::listing::escape;
use crate::server::use_cases::sessions::{self, SignInOutcome};
use crate::ui::public::{FormOutcome, SignInPage};
use crate::view_models::{KEEP_AS_BEFORE, TYPE_PASSWORD};
use axum::Extension;
use axum::extract::RawQuery;
use axum::http::HeaderName;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// What the address says when a new password was set just now.
pub const HAS_NEW_PASSWORD: &str = "/sign-in?notice=new-password";

/// The page; who is signed in already goes on, unless they are to type their password again.
pub async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let next = local_path(&asked_for(query.as_deref(), "next").unwrap_or_default());
    if let Some(caller) = visit.caller() {
        if asked_for(query.as_deref(), "again").is_some() {
            return shown(&visit, String::new(), true, next, false, Some(UseCaseError::PasswordFirst));
        }
        let page = if next == "/" { landing_page(visit.app(), caller).await } else { next };
        return Redirect::to(&page).into_response();
    }
    if !visit.welcome.is_set_up {
        return Redirect::to("/set-up").into_response();
    }
    let notice = asked_for(query.as_deref(), "notice").is_some_and(|notice| notice == "new-password");
    shown(&visit, String::new(), true, next, notice, None)
}

/// The fields of the page. What is missing was never a form of ours; an empty tick sends nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    username: String,
    password: String,
    #[serde(default)]
    keep: Option<String>,
    #[serde(default)]
    next: String,
}

/// Signs in. A session that this browser had before ends (SE-01).
pub async fn sign_in(visit: Visit, Posted(form): Posted<SignInForm>) -> Response {
    let keep = match (form.keep.as_deref(), visit.caller()) {
        (None, _) | (Some(KEEP_AS_BEFORE), None) => false,
        (Some(KEEP_AS_BEFORE), Some(before)) => sessions::is_kept(visit.app(), before).await.unwrap_or_default(),
        (Some(_), _) => true,
    };
    let visitor = &visit.asked.visitor;
    let password = form.password.into();
    match sessions::sign_in(visit.app(), &form.username, &password, keep, Surface::Panel, visitor).await {
        Ok(SignInOutcome::ChooseOwn(link)) => Redirect::to(&own_password::address(&link)).into_response(),
        Ok(SignInOutcome::Invitation { link, .. }) => Redirect::to(&LinkKind::Invitation.path(&link)).into_response(),
        Ok(SignInOutcome::In(signed_in)) => {
            if let Some(before) = visit.caller()
                && let Err(refusal) = sessions::sign_out(visit.app(), before).await
            {
                return visit.refused(&refusal);
            }
            enter(visit.app(), signed_in, &form.next).await
        }
        Err(refusal) => shown(&visit, form.username, keep, local_path(&form.next), false, Some(refusal)),
    }
}

fn shown(
    visit: &Visit,
    typed: String,
    keep: bool,
    next: String,
    has_new_password: bool,
    refusal: Option<UseCaseError>,
) -> Response {
    let language = visit.language();
    let outcome = FormOutcome { language, refusal: refusal.clone(), more: Vec::new() };
    let (organisation, signs_in_by) = (visit.welcome.organisation.clone(), visit.welcome.signs_in_by);
    let here = match next.as_str() {
        next if refusal == Some(UseCaseError::PasswordFirst) => format!("{TYPE_PASSWORD}&next={}", escape(next)),
        "/" => "/sign-in".to_string(),
        next => format!("/sign-in?next={}", escape(next)),
    };
    let frame = page::Frame { fetches_ahead: true, ..visit.frame(language.sign_in(), &here) };
    page::render(&frame, refusal.as_ref(), || {
        view! {
            <SignInPage
                outcome=outcome
                organisation=organisation
                signs_in_by=signs_in_by
                typed=typed
                keep=keep
                next=next
                has_new_password=has_new_password
            />
        }
        .into_any()
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOutForm {
    /// Where to go on; the door, when nothing is said.
    #[serde(default)]
    back: String,
}

/// Ends the session of this browser, if it still has one, and forgets what was kept of its pages.
pub async fn sign_out(
    Extension(asked): Extension<RequestContext>,
    bare: Bare,
    Posted(form): Posted<SignOutForm>,
) -> Response {
    if let Some(caller) = &asked.caller
        && let Err(refusal) = sessions::sign_out(&asked.app, caller).await
    {
        return bare.refused(&refusal);
    }
    let back = match local_path(&form.back) {
        back if back == "/" => "/sign-in".to_string(),
        back => back,
    };
    let forget = [(HeaderName::from_static("clear-site-data"), "\"cache\"")];
    let mut response = (forget, cookies::no_session(&asked.app, Surface::Panel), Redirect::to(&back)).into_response();
    // Nor is what was typed left to whoever signs in here next.
    for (of, _) in &asked.own.notes {
        cookies::no_note(&asked.app, of).add_to(response.headers_mut());
    }
    response
}

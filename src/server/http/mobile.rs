//! The mobile surface: one's own shifts, profile and password, on pages made for phones that can be put on the home screen.
//! Whoever has a login alone works here and nowhere else (rule 79); everybody else may. It has a session of its own, which opens
//! nothing of the panel.

use super::public::visit::{Posted, Visit, asked_for, enter_at};
use super::routes::{Does, Door, Route};
use super::{cookies, forms, public};
use crate::domain::authorization::Surface;
use crate::domain::consent::ConsentKind;
use crate::domain::error::UseCaseError;
use crate::domain::link::LinkKind;
use crate::domain::registration::TypedName;
use crate::server::app::App;
use crate::server::use_cases::profile::OwnDetails;
use crate::server::use_cases::sessions::SignInOutcome;
use crate::server::use_cases::{Actor, consents, passwords, profile, sessions, shifts};
use crate::ui::public::{
    FormOutcome, MobileHomePage, MobilePasswordPage, MobileProfilePage, MobileSignInPage, TypedProfile, mobile_password,
};
use axum::extract::{FromRequestParts, RawQuery};
use axum::http::request::Parts;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;

const HOME: &str = "/m";
const DOOR: &str = "/m/sign-in";
const PROFILE: &str = "/m/me";
const PASSWORD: &str = "/m/password";
const CONSENTS: &str = "/m/me/agreements";

pub fn routes() -> Vec<Route> {
    use Does::{Page, Write};
    let door = Does::Door;
    vec![
        Route::at(HOME).get(Page, home),
        Route::at(DOOR).get(Page, sign_in_page).post(door(Door::SignIn), sign_in),
        Route::at("/m/sign-out").post(door(Door::Browser), sign_out),
        Route::at("/m/agreements").get(Page, public::agreements::ask).post(Write, public::agreements::agree),
        Route::at(PROFILE).get(Page, profile_page).post(Write, change_profile),
        Route::at(CONSENTS).post(Write, change_consent),
        Route::at(PASSWORD).get(Page, password_page).post(door(Door::OwnPassword), change_password),
    ]
}

/// To which surface a path belongs.
pub fn surface_of(path: &str) -> Surface {
    match path == HOME || path.starts_with("/m/") {
        true => Surface::Mobile,
        false => Surface::Panel,
    }
}

/// Somebody who is signed in here; everybody else is led to the door.
struct Own {
    visit: Visit,
    caller: Actor,
}

impl FromRequestParts<App> for Own {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, app).await?;
        let accepts = parts.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        match visit.caller().cloned() {
            Some(caller) => match consents::is_owed(app, &caller).await {
                Ok(false) => Ok(Self { visit, caller }),
                Ok(true) => Err(to(&public::agreements::address(Surface::Mobile, parts.uri.path()))),
                Err(refusal) => Err(visit.refused(&refusal)),
            },
            None if accepts.contains("text/html") || parts.uri.path() == PASSWORD => Err(to(DOOR)),
            None => Err(forms::refused(&UseCaseError::SignInFirst)),
        }
    }
}

fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

fn outcome(visit: &Visit, refusal: Option<&UseCaseError>) -> FormOutcome {
    FormOutcome { language: visit.language(), refusal: refusal.cloned(), more: Vec::new() }
}

/// The page of somebody whose session ended while they looked is the door.
fn refused(visit: &Visit, refusal: &UseCaseError) -> Response {
    if *refusal == UseCaseError::SignInFirst { to(DOOR) } else { visit.refused(refusal) }
}

/// One's own shifts of a week.
async fn home(own: Own, RawQuery(query): RawQuery) -> Response {
    let Own { visit, caller } = own;
    let week = asked_for(query.as_deref(), "week").unwrap_or_default();
    let shown = async {
        let profile = profile::view(visit.app(), &caller).await?;
        if !profile.plans_shifts {
            return Ok((profile, None));
        }
        Ok::<_, UseCaseError>((profile, Some(shifts::week(visit.app(), &caller, None, &week, true).await?)))
    };
    match shown.await {
        Ok((_, None)) => to(PROFILE),
        Ok((profile, Some(page))) => {
            let words = visit.chosen.unwrap_or(profile.language);
            let mut frame = visit.frame(words.my_shifts(), HOME);
            frame.language = words;
            public::page::render(&frame, None, || {
                view! { <MobileHomePage language=words name=profile.name page=page /> }.into_any()
            })
        }
        Err(refusal) => refused(&visit, &refusal),
    }
}

async fn sign_in_page(visit: Visit, RawQuery(query): RawQuery) -> Response {
    if visit.caller().is_some() {
        return to(HOME);
    }
    if !visit.welcome.is_set_up {
        return to("/set-up");
    }
    let again = asked_for(query.as_deref(), "notice").is_some_and(|notice| notice == "again");
    door_page(&visit, String::new(), again, None)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MobileSignIn {
    username: String,
    password: String,
}

async fn sign_in(visit: Visit, Posted(form): Posted<MobileSignIn>) -> Response {
    let (app, visitor) = (visit.app(), &visit.asked.visitor);
    match sessions::sign_in(app, &form.username, &form.password.into(), true, Surface::Mobile, visitor).await {
        Ok(SignInOutcome::ChooseOwn(link)) => to(&format!("/own-password/{link}")),
        Ok(SignInOutcome::Invitation { link, .. }) => to(&LinkKind::Invitation.path(&link)),
        Ok(SignInOutcome::In(signed_in)) => {
            if let Some(before) = visit.caller()
                && let Err(refusal) = sessions::sign_out(app, before).await
            {
                return visit.refused(&refusal);
            }
            enter_at(app, signed_in, HOME)
        }
        Err(refusal) => door_page(&visit, form.username, false, Some(refusal)),
    }
}

fn door_page(visit: &Visit, typed: String, again: bool, refusal: Option<UseCaseError>) -> Response {
    let outcome = outcome(visit, refusal.as_ref());
    let organisation = visit.welcome.organisation.clone();
    visit.page(visit.language().sign_in(), DOOR, refusal.as_ref(), || {
        view! { <MobileSignInPage outcome=outcome organisation=organisation typed=typed again=again /> }.into_any()
    })
}

async fn sign_out(visit: Visit) -> Response {
    if let Some(caller) = visit.caller()
        && let Err(refusal) = sessions::sign_out(visit.app(), caller).await
    {
        return visit.refused(&refusal);
    }
    let forget = [(HeaderName::from_static("clear-site-data"), "\"cache\"")];
    (forget, cookies::no_session(visit.app(), Surface::Mobile), Redirect::to(DOOR)).into_response()
}

async fn profile_page(own: Own, RawQuery(query): RawQuery) -> Response {
    let notice = asked_for(query.as_deref(), "notice");
    shown_profile(&own, None, notice.as_deref(), None).await
}

/// The same fields as in the panel.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileForm {
    #[serde(default)]
    name: String,
    /// In its parts, where it is asked for so.
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    phone_meant: String,
    language: String,
    version: i64,
}

async fn change_profile(own: Own, Posted(form): Posted<ProfileForm>) -> Response {
    let ProfileForm { name, first_name, last_name, phone, phone_meant, language, version } = form;
    let name = TypedName { whole: name, first: first_name, last: last_name };
    let details = OwnDetails { name, phone, phone_meant, language, version };
    match profile::change(own.visit.app(), &own.caller, &details).await {
        Ok(()) => {
            let saved = Redirect::to(&format!("{PROFILE}?notice=saved"));
            match crate::words::Language::from_code(&details.language) {
                Some(language) => (cookies::language(own.visit.app(), language), saved).into_response(),
                None => saved.into_response(),
            }
        }
        Err(refusal) => {
            let typed = TypedProfile { name: details.name, phone: details.phone, language: details.language };
            shown_profile(&own, Some(typed), None, Some(refusal)).await
        }
    }
}

async fn shown_profile(
    own: &Own,
    typed: Option<TypedProfile>,
    notice: Option<&str>,
    refusal: Option<UseCaseError>,
) -> Response {
    let visit = &own.visit;
    let profile = match profile::view(visit.app(), &own.caller).await {
        Ok(profile) => profile,
        Err(refusal) => return refused(visit, &refusal),
    };
    let words = visit.chosen.unwrap_or(profile.language);
    let outcome = FormOutcome { language: words, refusal: refusal.clone(), more: Vec::new() };
    let done = match notice {
        Some("saved") => Some(words.own_saved()),
        Some("password") => Some(words.mobile_password_saved()),
        _ => None,
    };
    let mut frame = visit.frame(words.my_profile(), PROFILE);
    frame.language = words;
    public::page::render(&frame, refusal.as_ref(), || {
        view! { <MobileProfilePage outcome=outcome profile=profile typed=typed done=done /> }.into_any()
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentForm {
    kind: String,
    /// Of information messages.
    #[serde(default)]
    wanted: Option<String>,
}

/// Takes back what was agreed to, or says whether information messages are wanted.
async fn change_consent(own: Own, Posted(form): Posted<ConsentForm>) -> Response {
    let (app, caller) = (own.visit.app(), &own.caller);
    let Some(kind) = ConsentKind::from_code(&form.kind) else { return own.visit.refused(&UseCaseError::Unreadable) };
    let changed = match kind.is_mandatory() {
        true => consents::withdraw(app, caller, kind).await,
        false => consents::choose_messages(app, caller, form.wanted.is_some()).await,
    };
    match changed {
        Ok(()) => to(&format!("{PROFILE}?notice=saved")),
        Err(refusal) => shown_profile(&own, None, None, Some(refusal)).await,
    }
}

async fn password_page(own: Own) -> Response {
    shown_password(&own, None).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordForm {
    current_password: String,
    password: String,
    /// Where it is asked for twice.
    #[serde(default)]
    password_again: String,
    /// What browsers send along for their password managers.
    #[serde(default, rename = "username")]
    _username: Option<IgnoredAny>,
}

async fn change_password(own: Own, Posted(form): Posted<PasswordForm>) -> Response {
    let (app, visitor) = (own.visit.app(), &own.visit.asked.visitor);
    let (current, new, again) = (form.current_password.into(), form.password.into(), form.password_again.into());
    match passwords::change_own(app, &own.caller, &current, &new, &again, visitor).await {
        Ok(signed_in) => enter_at(app, signed_in, &format!("{PROFILE}?notice=password")),
        Err(refusal) => shown_password(&own, Some(refusal)).await,
    }
}

async fn shown_password(own: &Own, refusal: Option<UseCaseError>) -> Response {
    let visit = &own.visit;
    let profile = match profile::view(visit.app(), &own.caller).await {
        Ok(profile) => profile,
        Err(refusal) => return refused(visit, &refusal),
    };
    let words = visit.chosen.unwrap_or(profile.language);
    let outcome = FormOutcome { language: words, refusal: refusal.clone(), more: Vec::new() };
    let field = mobile_password(&outcome, &profile);
    let mut frame = visit.frame(words.mobile_password(), PASSWORD);
    frame.language = words;
    public::page::render_with_password(&frame, refusal.as_ref(), field, || {
        view! { <MobilePasswordPage outcome=outcome profile=profile /> }.into_any()
    })
}

//! What an app of one's own does: it signs its person in with name and password, reads what is theirs, and signs out. The token
//! that it gets is a session of the mobile surface, and ends with it: at the next request after a block, another password, a
//! sign-out (rule 79). It is no token of the API for programs, and opens nothing of it.

use super::problem::Problem;
use crate::domain::authorization::{AuthorizationMethod, Surface};
use crate::domain::error::UseCaseError;
use crate::domain::link::LinkKind;
use crate::domain::timestamp::Duration;
use crate::server::app::App;
use crate::server::dates;
use crate::server::http::visitor::VisitorAddress;
use crate::server::use_cases::sessions::{self, SignInOutcome};
use crate::server::use_cases::{Actor, Visitor, consents, profile, shifts};
use axum::body::Bytes;
use axum::extract::{FromRequestParts, RawQuery, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

/// What is sent to sign in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInBody {
    /// A login, an e-mail address or a phone number.
    username: String,
    password: String,
    /// How the device is called in the list of one's sessions.
    #[serde(default)]
    device: String,
}

/// A session that has begun.
#[derive(Serialize)]
struct SessionBody {
    /// To be sent with every request: `Authorization: Bearer …`.
    token: String,
    token_type: &'static str,
    /// When it ends without a request; each makes it longer.
    expires_at: String,
}

/// Signs in.
pub async fn begin(
    State(app): State<App>,
    Extension(VisitorAddress(address)): Extension<VisitorAddress>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().is_none_or(|kind| !kind.trim().eq_ignore_ascii_case("application/json")) {
        return Err(Problem::body("Send JSON: Content-Type: application/json."));
    }
    let form: SignInBody = serde_json::from_slice(&body)
        .map_err(|_| Problem::body("Send an object with username and password, and device if you like."))?;
    let visitor = Visitor { address, device: form.device, mark: None };
    let outcome = sessions::sign_in(&app, &form.username, &form.password.into(), true, Surface::Mobile, &visitor).await;
    match outcome.map_err(|refusal| Problem::of_sign_in(&refusal))? {
        SignInOutcome::In(signed_in) => {
            if consents::is_owed(&app, &signed_in.caller).await.map_err(|refusal| Problem::from(&refusal))? {
                sessions::sign_out(&app, &signed_in.caller).await.map_err(|refusal| Problem::from(&refusal))?;
                return Err(Problem::go_on("agreement_required", &app.config.link("/m/agreements")));
            }
            let ends_at = app.clock.now() + signed_in.keep_for.unwrap_or(Duration(0));
            let session =
                SessionBody { token: signed_in.secret, token_type: "Bearer", expires_at: dates::rfc3339(ends_at) };
            Ok((StatusCode::CREATED, Json(session)).into_response())
        }
        SignInOutcome::ChooseOwn(link) => {
            Err(Problem::go_on("password_change_required", &app.config.link(&format!("/own-password/{link}"))))
        }
        // An app shows no page that says what became of the invitation: its password is none any more.
        SignInOutcome::Invitation { is_over: true, .. } => Err(Problem::of_sign_in(&UseCaseError::WrongCredentials)),
        SignInOutcome::Invitation { link, .. } => {
            Err(Problem::go_on("invitation_open", &app.config.link(&LinkKind::Invitation.path(&link))))
        }
    }
}

/// Whoever's token came with the request.
pub struct Bearer(Actor);

impl FromRequestParts<App> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = super::gate::bearer(&parts.headers).ok_or_else(|| Problem::from(&UseCaseError::SignInFirst))?;
        let running = sessions::recognise(app, token, Surface::Mobile, true).await;
        match running.map_err(|refusal| Problem::from(&refusal))? {
            Some(running) => Ok(Self(running.caller)),
            None => Err(Problem::from(&UseCaseError::WrongCredentials)),
        }
    }
}

/// Signs out: the token ends.
pub async fn end(State(app): State<App>, Bearer(caller): Bearer) -> Result<StatusCode, Problem> {
    sessions::sign_out(&app, &caller).await.map_err(|refusal| Problem::from(&refusal))?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's own profile.
#[derive(Serialize)]
struct OwnBody {
    id: String,
    name: String,
    login: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    language: &'static str,
    authorization_method: &'static str,
}

/// One's own profile.
pub async fn own(State(app): State<App>, Bearer(caller): Bearer) -> Result<Response, Problem> {
    let profile = profile::view(&app, &caller).await.map_err(|refusal| Problem::from(&refusal))?;
    let method = AuthorizationMethod::of(profile.email.as_deref(), profile.login.as_deref());
    let own = OwnBody {
        id: caller.user_id.to_string(),
        name: profile.name,
        login: profile.login,
        email: profile.email,
        phone: profile.phone,
        language: profile.language.code(),
        authorization_method: method.code(),
    };
    Ok(Json(own).into_response())
}

/// A week of one's own shifts.
#[derive(Serialize)]
struct WeekBody {
    /// `2026-W49`
    week: String,
    previous: String,
    next: String,
    shifts: Vec<ShiftBody>,
}

#[derive(Serialize)]
struct ShiftBody {
    id: String,
    title: String,
    starts_at: String,
    ends_at: String,
    unit: String,
}

/// One's own shifts of the week that `week` names, else of this one.
pub async fn own_shifts(
    State(app): State<App>,
    Bearer(caller): Bearer,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let week = crate::domain::listing::query_value(query.as_deref().unwrap_or_default(), "week").unwrap_or_default();
    let page = shifts::week(&app, &caller, None, &week, true).await.map_err(|refusal| Problem::from(&refusal))?;
    let shifts = page.days.into_iter().flat_map(|(_, _, rows)| rows).map(|row| ShiftBody {
        id: row.id.to_string(),
        title: row.title,
        starts_at: dates::rfc3339(row.starts.at),
        ends_at: dates::rfc3339(row.ends.at),
        unit: row.unit.name,
    });
    let week = WeekBody { week: page.week, previous: page.previous, next: page.next, shifts: shifts.collect() };
    Ok(Json(week).into_response())
}

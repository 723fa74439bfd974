//! Letters before they leave, as documents for the frame beside their form. A form sends here what stands in it at this
//! moment; who may look is asked as for saving or sending it.

use super::asked::RequestContext;
use super::body::largest;
use super::routes::{Does, Route};
use super::{assets, forms, no_store};
use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::mail_text::{MailText, MailTextKind};
use crate::domain::permission::Permissions;
use crate::domain::review::WishedRow;
use crate::server::app::App;
use crate::server::http::status::status_of;
use crate::server::use_cases::invite::InviteForm;
use crate::server::use_cases::{letters, users};
use crate::ui::pages::letter::{LetterFrame, document};
use crate::view_models::MailPreview;
use crate::words::Language;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::Owner;
use leptos::server_fn::codec::{FromReq, PostUrl};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Our own document around the letter: no script at all, and the letter's own styles, since what stands in its `srcdoc` is
/// bound by this policy too. The letter itself is shut in by the frame's own attribute.
const POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin";

pub fn routes() -> Vec<Route> {
    vec![
        Route::at("/users/invite/letter").post(Does::Write, of_invite_form),
        Route::at("/settings/texts/letter").post(Does::Write, of_texts_form),
    ]
}

/// What an invite form carries, as far as its letter tells of it.
#[derive(Deserialize)]
struct PreviewedForm {
    #[serde(default)]
    addresses: String,
    #[serde(default)]
    rows: Vec<WishedRow>,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    units: Vec<String>,
    #[serde(default)]
    proposed: String,
    role: String,
    #[serde(default)]
    extra: Vec<String>,
    language: String,
    #[serde(default)]
    personal_text: String,
    #[serde(default)]
    valid_for: String,
}

/// What the form of the texts carries.
#[derive(Deserialize)]
struct TextsForm {
    language: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    sms: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    lead: String,
    #[serde(default)]
    button: String,
    /// The letter goes to whoever asks.
    #[serde(default)]
    send: Option<String>,
}

async fn of_invite_form(State(app): State<App>, request: Request<Body>) -> Response {
    match read(request).await {
        Ok((asked, form)) => {
            let letter = of_invite(&app, &asked, form).await;
            answer(&app, &asked, "users/invite/letter", letter).await
        }
        Err(refusal) => forms::refused(&refusal),
    }
}

async fn of_invite(
    app: &App,
    asked: &RequestContext,
    form: Result<PreviewedForm, UseCaseError>,
) -> Result<MailPreview, UseCaseError> {
    let caller = asked.caller.as_ref().ok_or(UseCaseError::SignInFirst)?;
    let form = form?;
    let wish = InviteForm {
        addresses: form.addresses,
        rows: form.rows,
        units: std::iter::once(form.unit).chain(form.units).collect(),
        proposed: form.proposed,
        role: form.role,
        language: form.language,
        personal_text: form.personal_text,
        valid_for: form.valid_for,
        extra: Permissions::from_codes(&form.extra.join(" ")),
        only_check: true,
        only_add: false,
        after: None,
        kept: None,
    };
    letters::of_form(app, caller, &wish).await
}

async fn of_texts_form(State(app): State<App>, request: Request<Body>) -> Response {
    match read(request).await {
        Ok((asked, form)) => {
            let letter = of_texts(&app, &asked, form).await;
            answer(&app, &asked, "settings/texts/letter", letter).await
        }
        Err(refusal) => forms::refused(&refusal),
    }
}

async fn of_texts(
    app: &App,
    asked: &RequestContext,
    form: Result<TextsForm, UseCaseError>,
) -> Result<MailPreview, UseCaseError> {
    let caller = asked.caller.as_ref().ok_or(UseCaseError::SignInFirst)?;
    let form = form?;
    let language = Language::from_code(&form.language).ok_or(Invalid::Language)?;
    let kind = MailTextKind::from_code(&form.kind).unwrap_or_default();
    let text = MailText { subject: form.subject, lead: form.lead, button: form.button, sms: form.sms };
    letters::try_text(app, caller, kind, language, &text, form.send.is_some()).await
}

/// Who asks, and the form, if it can be read.
pub(super) async fn read<T: DeserializeOwned>(
    request: Request<Body>,
) -> Result<(RequestContext, Result<T, UseCaseError>), UseCaseError> {
    let asked = forms::asked(&request).ok_or(UseCaseError::Unreadable)?;
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, largest(parts.uri.path())).await.map_err(|_| UseCaseError::Unreadable)?;
    // As server functions read theirs: both are sent by the same form.
    let form = <T as FromReq<PostUrl, _, UseCaseError>>::from_req(Request::from_parts(parts, Body::from(body))).await;
    Ok((asked, form))
}

/// The letter or the refusal, as a document for the frame.
async fn answer(app: &App, asked: &RequestContext, call: &str, letter: Result<MailPreview, UseCaseError>) -> Response {
    let mut language = asked.language.unwrap_or_default();
    if let Some(caller) = &asked.caller {
        language = users::viewer(app, caller).await.map_or(language, |viewer| viewer.language);
        forms::note_if_denied(app, caller, call, &letter).await;
    }
    let status = letter.as_ref().err().map_or(StatusCode::OK, status_of);
    let style = assets::address("/pkg/usher.css");
    let owner = Owner::new();
    let html = owner.with(|| document(LetterFrame { language, theme: asked.theme, style: &style }, letter));
    owner.cleanup();
    let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::X_FRAME_OPTIONS, "SAMEORIGIN")];
    no_store((status, headers, Html(html)).into_response())
}

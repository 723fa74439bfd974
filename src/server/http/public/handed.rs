//! The pages of a link that was handed over, until the code from the mailbox was typed: from then on it is the genuine link.

use super::invitation::{HandedPage, frame, shown};
use super::page;
use super::visit::{LinkParam, Posted, Visit};
use crate::domain::error::UseCaseError;
use crate::server::use_cases::handed;
use crate::ui::public::{FormOutcome, HandedPage};
use crate::view_models::OpenInvitation;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Has a code sent; the page that takes it can be loaded again without another one.
pub async fn send_code(visit: Visit, LinkParam(link): LinkParam) -> Response {
    match handed::send_code(visit.app(), &link).await {
        Ok(()) => Redirect::to(&format!("/i/{link}?code=sent")).into_response(),
        // One that was sent before may have arrived.
        Err(refusal) => shown(&visit, &link, HandedPage::Code, None, Some(refusal)).await,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeForm {
    code: String,
    /// The address, which browsers send along.
    #[serde(default, rename = "username")]
    _username: Option<IgnoredAny>,
}

/// Opens the genuine link to whoever types the code.
pub async fn prove(visit: Visit, LinkParam(link): LinkParam, Posted(form): Posted<CodeForm>) -> Response {
    match handed::prove(visit.app(), &link, &form.code).await {
        Ok(genuine) => Redirect::to(&format!("/i/{genuine}")).into_response(),
        Err(refusal) => shown(&visit, &link, HandedPage::Code, None, Some(refusal)).await,
    }
}

/// The page that asks for a code, or takes it.
pub fn page(visit: &Visit, link: &str, open: OpenInvitation, is_sent: bool, refusal: Option<UseCaseError>) -> Response {
    let language = open.language;
    let here = if is_sent { format!("/i/{link}?code=sent") } else { format!("/i/{link}") };
    let outcome = FormOutcome { language, refusal: refusal.clone(), more: Vec::new() };
    let waits_here = !visit.app().has_way(open.channel);
    page::render(&frame(visit, language, language.create_account(), &here), refusal.as_ref(), || {
        view! {
            <HandedPage outcome=outcome link=link.to_string() open=open is_sent=is_sent waits_here=waits_here />
        }
        .into_any()
    })
}

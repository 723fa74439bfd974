//! The short link of a text message: it leads to the invitation's own page, and nothing is shown, changed or spent here. It is a door
//! of its own, so that whoever guesses is slowed down as at a form (IN-14).

use super::invitation::dead_page;
use super::visit::{LinkParam, Visit};
use crate::domain::invitation::DeadLink;
use crate::domain::link::LinkKind;
use crate::server::http::no_store;
use crate::server::use_cases::accept;
use axum::response::{IntoResponse, Redirect, Response};

/// Sends the visitor on to the page of the invitation.
pub async fn show(visit: Visit, LinkParam(link): LinkParam) -> Response {
    match accept::lengthen(visit.app(), &link).await {
        Ok(Some(whole)) => no_store(Redirect::to(&LinkKind::Invitation.path(&whole)).into_response()),
        Ok(None) => dead_page(&visit, "", DeadLink::Damaged).await,
        Err(refusal) => visit.refused(&refusal),
    }
}

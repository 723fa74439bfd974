//! The page behind the link of a message that asks whether it arrived: the button confirms, looking does not.

use super::mended;
use super::visit::{LinkParam, Visit};
use crate::domain::error::UseCaseError;
use crate::domain::invitation::DeadLink;
use crate::domain::link::LinkKind;
use crate::server::use_cases::confirming;
use crate::ui::public::{ConfirmPage, ConfirmedPage};
use axum::extract::RawQuery;
use axum::http::Uri;
use axum::response::Response;
use leptos::prelude::*;

/// Takes a link as it was pasted; without one it asks for it.
pub async fn paste(visit: Visit, RawQuery(query): RawQuery) -> Response {
    mended::pasted(LinkKind::Confirmation, query.as_deref()).unwrap_or_else(|| ended(&visit, DeadLink::Damaged))
}

/// Asks to confirm the address.
pub async fn show(visit: Visit, LinkParam(link): LinkParam, uri: Uri) -> Response {
    if let Some(way) = mended::way(LinkKind::Confirmation, &uri) {
        return way;
    }
    let language = visit.language();
    match confirming::look(visit.app(), &link).await {
        Ok(address) => visit.page(language.confirm_address(), &format!("/confirm/{link}"), None, || {
            view! { <ConfirmPage language=language link=link.clone() address=address /> }.into_any()
        }),
        Err(UseCaseError::DeadLink(why)) => ended(&visit, why),
        Err(refusal) => visit.refused(&refusal),
    }
}

/// Confirms it.
pub async fn confirm(visit: Visit, LinkParam(link): LinkParam) -> Response {
    match confirming::confirm(visit.app(), &link).await {
        Ok(()) => ended(&visit, DeadLink::Used),
        Err(UseCaseError::DeadLink(why)) => ended(&visit, why),
        Err(refusal) => visit.refused(&refusal),
    }
}

/// There is nothing to confirm (any more). That it is done is no error, however often the link is opened.
fn ended(visit: &Visit, why: DeadLink) -> Response {
    let language = visit.language();
    let refusal = (why != DeadLink::Used).then_some(UseCaseError::DeadLink(why));
    let (title, _) = language.confirmation_ended(why);
    // A link that is none of ours leaves no trace in its page (IN-01).
    let here = if why == DeadLink::Damaged { "/confirm" } else { "/sign-in" };
    visit.page(title, here, refusal.as_ref(), || {
        view! { <ConfirmedPage language=language why=why is_signed_in=visit.caller().is_some() /> }.into_any()
    })
}

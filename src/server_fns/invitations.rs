//! Inviting people, and what can be done with an invitation afterwards.
#![expect(clippy::too_many_arguments, reason = "each is a field of a form")]

use crate::domain::error::UseCaseError;
use crate::domain::id::{DraftId, InvitationId};
use crate::domain::review::{Verdict, WishedRow};
use crate::view_models::{Flash, InvitePageData, Viewer};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// The data of the invite page, and what came with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteAnswer {
    pub page: InvitePageData,
    /// What the last plain form left for this page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flash: Option<Flash>,
    /// Whoever looks, where something about them is not as the browser knows it, with the mark of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewer: Option<(Box<Viewer>, String)>,
}

/// What the invite page at an address (`/users/invite?draft=…`) shows; `viewer` is the mark of what the browser knows of whoever
/// asks.
#[server(name = ReadInvitePage, prefix = "/api", endpoint = "invite-page", input = GetUrl)]
pub async fn invite_page(address: String, #[server(default)] viewer: String) -> Result<InviteAnswer, UseCaseError> {
    use crate::server::http::{asked, page_data};
    let (app, caller) = asked::signed_in()?;
    asked::answer(page_data::read_invite(&app, &caller, &address, &viewer).await)
}

/// What is thought of some rows of a form, in their order, before it is sent; nothing is kept of them. `units` and `proposed` are
/// the form's own, and may be missing.
#[server(prefix = "/api", endpoint = "judge-rows")]
pub async fn judge_rows(
    #[server(default)] rows: Vec<WishedRow>,
    #[server(default)] units: Vec<String>,
    #[server(default)] proposed: String,
) -> Result<Vec<Verdict>, UseCaseError> {
    use crate::server::{http::asked, http::evenly::evenly, use_cases::invite};
    let (app, caller) = asked::signed_in()?;
    let wish = invite::InviteForm { rows, units, proposed, ..invite::InviteForm::default() };
    asked::answer(evenly(invite::judge_rows(&app, &caller, &wish)).await)
}

/// Looks at the rows and the text field, and invites whoever is ready to `unit` and to whatever else is in `units`; then goes to
/// the page of what was sent and what stays. `proposed` is the unit that the form proposed. With `only_check` nothing is sent,
/// with `only_add` the people are added and not invited yet. `after` is the draft of what is still held, `kept` the one of which
/// not all rows were shown.
#[server(prefix = "/api", endpoint = "invite")]
pub async fn invite(
    #[server(default)] addresses: String,
    #[server(default)] rows: Vec<WishedRow>,
    #[server(default)] unit: String,
    #[server(default)] units: Vec<String>,
    #[server(default)] proposed: String,
    role: String,
    #[server(default)] extra: Vec<String>,
    language: String,
    #[server(default)] personal_text: String,
    #[server(default)] valid_for: String,
    #[server(default)] only_check: Option<String>,
    #[server(default)] only_add: Option<String>,
    #[server(default)] after: String,
    #[server(default)] kept: String,
) -> Result<(), UseCaseError> {
    use crate::domain::permission::Permissions;
    use crate::server::{http::asked, http::evenly::evenly, use_cases::invite};
    let (app, caller) = asked::signed_in()?;
    let wish = invite::InviteForm {
        addresses,
        rows,
        units: std::iter::once(unit).chain(units).collect(),
        proposed,
        role,
        language,
        personal_text,
        valid_for,
        extra: Permissions::from_codes(&extra.join(" ")),
        only_check: only_check.is_some(),
        only_add: only_add.is_some(),
        after: DraftId::given(after),
        kept: DraftId::given(kept),
    };
    asked::answer(evenly(invite::invite(&app, &caller, &wish)).await.map(|draft| {
        leptos_axum::redirect(&format!("/users/invite?draft={draft}"));
    }))
}

/// Takes back what a form sent and what has not left; the rows stand in it again. `addresses` is what is in its text field.
#[server(prefix = "/api", endpoint = "take-back")]
pub async fn take_back(id: DraftId, #[server(default)] addresses: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::held};
    let (app, caller) = asked::signed_in()?;
    let taken = held::take_back(&app, &caller, &id, addresses.trim()).await;
    asked::answer(taken.map(|()| leptos_axum::redirect(&format!("/users/invite?draft={id}"))))
}

/// Lets what a form sent leave without waiting.
#[server(prefix = "/api", endpoint = "send-now")]
pub async fn send_now(id: DraftId, #[server(default)] addresses: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::held};
    let (app, caller) = asked::signed_in()?;
    let sent = held::send_now(&app, &caller, &id, addresses.trim()).await;
    asked::answer(sent.map(|()| leptos_axum::redirect(&format!("/users/invite?draft={id}"))))
}

/// Lets an invitation go that waits for a second administrator.
#[server(prefix = "/api", endpoint = "approve")]
pub async fn approve(id: InvitationId, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::invitations};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer(invitations::approve(&app, &caller, &id).await.map(drop))
}

/// Sends an invitation again, with a new link.
#[server(prefix = "/api", endpoint = "resend")]
pub async fn resend(id: InvitationId, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::invitations};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer(invitations::resend(&app, &caller, &id).await.map(drop))
}

/// Sends the link of an open invitation once more.
#[server(prefix = "/api", endpoint = "remind")]
pub async fn remind(id: InvitationId, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::reminders};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer(reminders::remind_now(&app, &caller, &id).await.map(drop))
}

/// Sends an open invitation to another address, that was meant, and ends the old one; then goes to the card. `meant` is the address
/// about which the form has asked already.
#[server(prefix = "/api", endpoint = "fix-address")]
pub async fn fix_address(
    id: InvitationId,
    email: String,
    #[server(default)] meant: String,
    #[server(default)] revision: String,
) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::invite};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let fixed = invite::fix_address(&app, &caller, &id, &email, &meant).await;
    asked::answer(fixed.map(|user| leptos_axum::redirect(&format!("/users/{user}"))))
}

/// Withdraws an invitation.
#[server(prefix = "/api", endpoint = "withdraw")]
pub async fn withdraw(id: InvitationId, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::invitations};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer(invitations::withdraw(&app, &caller, &id).await.map(drop))
}

/// The link of an open invitation, to hand over.
#[server(prefix = "/api", endpoint = "copy-link")]
pub async fn copy_link(id: InvitationId, #[server(default)] revision: String) -> Result<String, UseCaseError> {
    use crate::server::{http::asked, use_cases::invitations};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer(invitations::copy_link(&app, &caller, &id).await)
}

/// The link of an open invitation in another way, to hand over: by `way` as a picture (`qr`) or in a text (`share`). The answer is
/// read by `HandedLink`.
#[server(prefix = "/api", endpoint = "hand-over")]
pub async fn hand_over(
    id: InvitationId,
    way: String,
    #[server(default)] revision: String,
) -> Result<String, UseCaseError> {
    use crate::domain::handing::HandWay;
    use crate::server::{http::asked, use_cases::handing};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let Some(way) = HandWay::from_code(&way) else { return asked::answer(Err(UseCaseError::Unreadable)) };
    asked::answer(handing::hand(&app, &caller, &id, way).await.map(|handed| handed.to_text()))
}

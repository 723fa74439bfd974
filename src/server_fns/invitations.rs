//! Inviting people, and what can be done with an invitation afterwards.

use crate::domain::id::{DraftId, UserId};
use crate::domain::listing::{InvitationsPage, InviteOptions};
use crate::domain::refusal::Refusal;
use crate::domain::review::{InviteDraft, WishedRow};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// What the invite form offers.
#[server(name = ReadInviteOptions, prefix = "/api", endpoint = "invite-options", input = GetUrl)]
pub async fn invite_options() -> Result<InviteOptions, Refusal> {
    use crate::server::{http::asked, use_cases::invite};
    let (app, caller) = asked::signed_in()?;
    asked::answer(invite::options(&app, &caller).await)
}

/// What stands in an invite form since the last look or the last sending.
#[server(name = ReadInviteDraft, prefix = "/api", endpoint = "invite-draft", input = GetUrl)]
pub async fn invite_draft(id: DraftId) -> Result<InviteDraft, Refusal> {
    use crate::server::{http::asked, use_cases::invite};
    let (app, caller) = asked::signed_in()?;
    asked::answer(invite::draft(&app, &caller, &id).await)
}

/// Looks at the rows and the text field, and invites whoever is ready; then goes to the page of what was sent and what
/// stays. With `only_check` nothing is sent.
#[server(prefix = "/api", endpoint = "invite")]
#[allow(clippy::too_many_arguments, reason = "each is a field of the form")]
pub async fn invite(
    #[server(default)] addresses: String,
    #[server(default)] rows: Vec<WishedRow>,
    unit: String,
    role: String,
    language: String,
    #[server(default)] personal_text: String,
    valid_for_hours: i64,
    #[server(default)] only_check: Option<String>,
) -> Result<(), Refusal> {
    use crate::server::{http::asked, use_cases::invite};
    let (app, caller) = asked::signed_in()?;
    let only_check = only_check.is_some();
    let wish = invite::Wish { addresses, rows, unit, role, language, personal_text, valid_for_hours, only_check };
    asked::answer(invite::invite(&app, &caller, &wish).await.map(|draft| {
        leptos_axum::redirect(&format!("/users/invite?draft={draft}"));
    }))
}

/// A page of the invitations.
#[server(prefix = "/api", endpoint = "invitations", input = GetUrl)]
pub async fn list_invitations(status: String, after: String, before: String) -> Result<InvitationsPage, Refusal> {
    use crate::domain::{listing::From, user::Status};
    use crate::server::{http::asked, use_cases::invitations};
    let (app, caller) = asked::signed_in()?;
    let from = From::read(&after, &before);
    asked::answer(invitations::list(&app, &caller, Status::from_code(&status), &from).await)
}

/// Sends an invitation again, with a new link.
#[server(prefix = "/api", endpoint = "resend")]
pub async fn resend(id: UserId) -> Result<(), Refusal> {
    use crate::server::{http::asked, use_cases::invitations};
    let (app, caller) = asked::signed_in()?;
    asked::answer(invitations::resend(&app, &caller, &id).await)
}

/// Withdraws an invitation.
#[server(prefix = "/api", endpoint = "withdraw")]
pub async fn withdraw(id: UserId) -> Result<(), Refusal> {
    use crate::server::{http::asked, use_cases::invitations};
    let (app, caller) = asked::signed_in()?;
    asked::answer(invitations::withdraw(&app, &caller, &id).await)
}

/// The link of an open invitation, to hand over.
#[server(prefix = "/api", endpoint = "copy-link")]
pub async fn copy_link(id: UserId) -> Result<String, Refusal> {
    use crate::server::{http::asked, use_cases::invitations};
    let (app, caller) = asked::signed_in()?;
    asked::answer(invitations::copy_link(&app, &caller, &id).await)
}

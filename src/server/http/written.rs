//! Writes the inside of the rare pages as HTML: each asks its own use case, which decides who may see what.

use super::asked;
use crate::domain::id::{DraftId, MessageId};
use crate::domain::listing::From;
use crate::domain::refusal::Refusal;
use crate::domain::user::Status;
use crate::server::app::App;
use crate::server::use_cases::{Caller, audit, invitations, invite, mailbox, profile, settings, users};
use crate::ui::pages;
use leptos::prelude::*;

/// The inside of the page at an address (`/audit?after=…`), in the reader's language and within his reach.
pub async fn write(app: &App, caller: &Caller, address: &str) -> Result<String, Refusal> {
    let request = asked::request().ok_or(Refusal::Unreadable)?;
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let get = |wanted: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let write: Box<dyn FnOnce() -> AnyView + Send> = match parts.as_slice() {
        ["me"] => {
            let profile = profile::view(app, caller).await?;
            Box::new(move || pages::me::written(profile, request.theme))
        }
        ["audit"] => {
            let from = From::read(&get("after"), &get("before"));
            let page = audit::list(app, caller, &from).await?;
            Box::new(move || pages::audit::written(page, from == From::Start))
        }
        ["mailbox"] => {
            let mails = mailbox::list(app, caller).await?;
            Box::new(move || pages::mailbox::written(mails))
        }
        ["mailbox", id] => {
            let mail = mailbox::read(app, caller, &MessageId::new(*id)).await?;
            let shows_text = get("part") == "text";
            Box::new(move || pages::mailbox::written_mail(mail, shows_text))
        }
        ["invitations"] => {
            let status = Status::from_code(&get("status"));
            let from = From::read(&get("after"), &get("before"));
            let page = invitations::list(app, caller, status, &from).await?;
            Box::new(move || pages::invitations::written(page, status))
        }
        ["users", "invite"] => {
            let options = invite::options(app, caller).await?;
            let draft = match get("draft") {
                none if none.is_empty() => None,
                id => Some(invite::draft(app, caller, &DraftId::new(id)).await?),
            };
            Box::new(move || pages::invite::written(options, draft))
        }
        ["settings"] => {
            let view = settings::view(app, caller).await?;
            Box::new(move || pages::settings::written(view))
        }
        _ => return Err(Refusal::NotFound),
    };
    let viewer = users::viewer(app, caller).await?;
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(StoredValue::new(viewer));
        provide_context(StoredValue::new(request.flash));
        write().to_html()
    });
    owner.cleanup();
    Ok(html)
}

//! Writes the inside of the pages as HTML on which nothing moves: each asks its own use case, which decides who may see what.

use super::{asked, notes};
use crate::domain::error::UseCaseError;
use crate::domain::id::{DraftId, MessageId, RoleId, ShiftId, UnitId, UserId};
use crate::domain::listing::{Cursor, query_value};
use crate::domain::user::{Status, UserAction};
use crate::server::app::App;
use crate::server::use_cases::{
    Actor, audit, held, invitations, invite, letters, mailbox, profile, roles, settings, shifts, units, users, who,
};
use crate::ui::pages;
use crate::ui::session::words;
use crate::view_models::WrittenPage;
use crate::words::Language;
use leptos::prelude::*;

/// The inside of the page at an address (`/audit?after=…`), in the language of the reader and within their reach.
pub async fn write(app: &App, caller: &Actor, address: &str) -> Result<WrittenPage, UseCaseError> {
    let request = asked::request().ok_or(UseCaseError::Unreadable)?;
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let get = |wanted: &str| query_value(query, wanted).unwrap_or_default();
    let unit = Some(get("unit")).filter(|unit| !unit.is_empty()).map(UnitId::new);
    let from = Cursor::read(&get("after"), &get("before"));
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let write: Box<dyn FnOnce() -> (String, AnyView) + Send> = match parts.as_slice() {
        ["me"] => {
            let profile = profile::view(app, caller).await?;
            Box::new(move || (words().my_profile().into(), pages::me::written(profile, request.theme)))
        }
        ["audit"] => {
            let page = audit::list(app, caller, unit.as_ref(), &from).await?;
            Box::new(move || (words().audit().into(), pages::audit::written(page, unit, from == Cursor::Start)))
        }
        ["mailbox"] => {
            let mails = mailbox::list(app, caller).await?;
            Box::new(move || (words().mailbox().into(), pages::mailbox::written(mails)))
        }
        ["mailbox", id] => {
            let mail = mailbox::read(app, caller, &MessageId::new(*id)).await?;
            let shows_text = get("part") == "text";
            Box::new(move || (mail.summary.subject.clone(), pages::mailbox::written_mail(mail, shows_text)))
        }
        ["invitations"] => {
            let status = Status::from_code(&get("status"));
            let page = invitations::list(app, caller, unit.as_ref(), status, &from).await?;
            Box::new(move || {
                (words().invitations().into(), pages::invitations::written(page, unit, status, from == Cursor::Start))
            })
        }
        ["users", "invite"] => {
            let mut under_way = None;
            let left = match get("draft") {
                none if none.is_empty() => {
                    under_way = held::under_way(app, caller).await?;
                    None
                }
                id => {
                    let id = DraftId::new(id);
                    let draft = held::draft(app, caller, &id).await?;
                    let hold = held::hold(app, &id, &draft);
                    Some(pages::invite::LeftInForm { id, draft, hold })
                }
            };
            // A draft knows from whose page its form was opened.
            let unit = unit.or_else(|| left.as_ref().and_then(|left| left.draft.proposed.clone()));
            let options = invite::options(app, caller, unit.as_ref(), &get("find")).await?;
            Box::new(move || (words().invite_title().into(), pages::invite::written(options, left, under_way)))
        }
        ["users", id] => {
            let card = users::card(app, caller, &UserId::new(*id)).await?;
            let asked =
                pages::user::CardQuery { question: get("do"), unit, invitation: get("invitation"), find: get("find") };
            let units = match asked.question == "place" {
                true => Some(invite::options(app, caller, None, &asked.find).await?.units),
                false => None,
            };
            Box::new(move || (card.user.title().to_string(), pages::user::written(card, asked, units)))
        }
        ["users", id, "edit"] => {
            let card = users::form(app, caller, &UserId::new(*id)).await?;
            Box::new(move || (words().edit_title(card.user.title()), pages::user::written_form(card)))
        }
        ["units"] => {
            let page = units::page(app, caller, None, &get("q")).await?;
            let question = get("do");
            Box::new(move || (words().units().into(), pages::units::written(page, &question)))
        }
        ["units", id] => {
            let page = units::page(app, caller, Some(&UnitId::new(*id)), &get("q")).await?;
            let question = get("do");
            Box::new(move || (page.unit.name.clone(), pages::units::written(page, &question)))
        }
        ["units", id, "move"] => {
            let to = Some(get("to")).filter(|to| !to.is_empty()).map(UnitId::new);
            let page = units::move_page(app, caller, &UnitId::new(*id), to.as_ref(), &get("find")).await?;
            Box::new(move || (words().move_unit(&page.unit.unit.name), pages::units::written_move(page)))
        }
        ["shifts"] => {
            let mine = !get("mine").is_empty();
            let page = shifts::week(app, caller, unit.as_ref(), &get("week"), mine).await?;
            Box::new(move || (words().shifts().into(), pages::shifts::written(page)))
        }
        ["shifts", "new"] => {
            let page = shifts::page(app, caller, None, unit.as_ref(), &get("day"), "").await?;
            Box::new(move || (words().new_shift().into(), pages::shifts::written_shift(page, "")))
        }
        ["shifts", id] => {
            let page = shifts::page(app, caller, Some(&ShiftId::new(*id)), None, "", &get("q")).await?;
            let question = get("do");
            let title = page.shift.as_ref().map(|shift| shift.title.clone()).unwrap_or_default();
            Box::new(move || (title, pages::shifts::written_shift(page, &question)))
        }
        ["settings"] => {
            let view = settings::view(app, caller).await?;
            Box::new(move || (words().settings().into(), pages::settings::written(view)))
        }
        ["settings", "roles"] => {
            let page = roles::list(app, caller).await?;
            Box::new(move || (words().settings_roles().into(), pages::roles::written(page)))
        }
        ["settings", "roles", "new"] => {
            let page = roles::page(app, caller, None).await?;
            Box::new(move || (words().new_role().into(), pages::roles::written_role(page, "")))
        }
        ["settings", "roles", id] => {
            let page = roles::page(app, caller, Some(&RoleId::new(*id))).await?;
            let question = get("do");
            Box::new(move || (words().settings_roles().into(), pages::roles::written_role(page, &question)))
        }
        ["settings", "texts"] => {
            let page = letters::texts(app, caller, Language::from_code(&get("language"))).await?;
            Box::new(move || (words().texts_title().into(), pages::settings::written_texts(page)))
        }
        ["settings", "who"] => {
            let action = UserAction::from_code(&get("verb")).unwrap_or(UserAction::Block);
            let page = who::may(app, caller, action, &get("person")).await?;
            Box::new(move || (words().who_may_title().into(), pages::roles::written_who(page)))
        }
        _ => return Err(UseCaseError::NotFound),
    };
    let viewer = users::viewer(app, caller).await?;
    let flash = notes::for_inside(&request, address).await;
    let owner = Owner::new();
    let page = owner.with(|| {
        provide_context(StoredValue::new(viewer));
        provide_context(StoredValue::new(flash));
        let (title, view) = write();
        WrittenPage { title, html: view.to_html() }
    });
    owner.cleanup();
    Ok(page)
}

//! Loads what the pages show: each asks its own use case, which decides who may see what. The table of pages says which page an
//! address means; here is what each of them asks for.

use super::{asked, notes};
use crate::domain::bulk::list_of_run;
use crate::domain::consent::ConsentKind;
use crate::domain::error::{Conflict, UseCaseError};
use crate::domain::id::{BulkId, DraftId, ImportId, MessageId, RoleId, ShiftId, UnitId, UserId};
use crate::domain::listing::{Cursor, InvitationQuery, UserQuery, query_value};
use crate::domain::mail_text::MailTextKind;
use crate::domain::user::UserAction;
use crate::server::app::App;
use crate::server::secrets;
use crate::server::use_cases::{
    Actor, audit, bulk, consents, import, invitations, invite, letters, mailbox, profile, roles, saved_views,
    security_reports, settings, shifts, units, users, who,
};
use crate::server_fns::invitations::InviteAnswer;
use crate::server_fns::pages::PageAnswer;
use crate::ui::pages::table::{PageKind, page_at};
use crate::ui::pages::user;
use crate::view_models::{CardPage, CardQuery, PageData, Viewer};
use crate::words::Language;

/// What the page at an address (`/audit?after=…`) shows to the caller, and whoever they are where `known` is not the mark of it.
pub async fn read(app: &App, caller: &Actor, address: &str, known: &str) -> Result<PageAnswer, UseCaseError> {
    let request = asked::request().ok_or(UseCaseError::Unreadable)?;
    let page = load(app, caller, address, request.theme).await?;
    let viewer = news_of_viewer(app, caller, known).await?;
    let flash = notes::for_inside(&request, address).await.filter(|note| match &page {
        PageData::User(page) => user::is_for(&page.card, note),
        PageData::EditUser(card) => user::is_for(card, note),
        _ => true,
    });
    Ok(PageAnswer { page, flash, viewer })
}

/// What the invite page at an address shows, in the same way.
pub async fn read_invite(app: &App, caller: &Actor, address: &str, known: &str) -> Result<InviteAnswer, UseCaseError> {
    let request = asked::request().ok_or(UseCaseError::Unreadable)?;
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    if page_at(path).is_none_or(|(page, _)| page.kind != PageKind::Invite) {
        return Err(UseCaseError::NotFound);
    }
    let get = |wanted: &str| query_value(query, wanted).filter(|value| !value.is_empty());
    let (draft, unit) = (get("draft").map(DraftId::new), get("unit").map(UnitId::new));
    let find = get("find").unwrap_or_default();
    let page = invite::page(app, caller, draft.as_ref(), unit.as_ref(), &find).await?;
    let viewer = news_of_viewer(app, caller, known).await?;
    let flash = notes::for_inside(&request, address).await;
    Ok(InviteAnswer { page, flash, viewer })
}

/// Whoever looks, with the mark of it, where `known` is not that.
async fn news_of_viewer(app: &App, caller: &Actor, known: &str) -> Result<Option<(Box<Viewer>, String)>, UseCaseError> {
    let viewer = users::viewer(app, caller).await?;
    let mark = mark_of(&viewer);
    Ok((mark != known).then(|| (Box::new(viewer), mark)))
}

/// By what the browser says what it knows of whoever looks: the first characters of a hash over all of it.
pub fn mark_of(viewer: &Viewer) -> String {
    let whole = serde_json::to_string(viewer).unwrap_or_default();
    secrets::hash(&whole).chars().take(12).collect()
}

async fn load(app: &App, caller: &Actor, address: &str, theme: Option<&str>) -> Result<PageData, UseCaseError> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let (page, id) = page_at(path).ok_or(UseCaseError::NotFound)?;
    let get = |wanted: &str| query_value(query, wanted).unwrap_or_default();
    let unit = UnitId::given(get("unit"));
    let from = Cursor::read(&get("after"), &get("before"));
    let is_start = from == Cursor::Start;
    Ok(match page.kind {
        PageKind::Start => PageData::Start(profile::start(app, caller).await?),
        // These two ask for themselves.
        PageKind::Users | PageKind::Invite => return Err(UseCaseError::NotFound),
        PageKind::AddLogin => {
            let options = invite::options(app, caller, unit.as_ref(), &get("find")).await?;
            if !options.hands_over {
                return Err(Conflict::NobodyIsHanded.into());
            }
            PageData::AddLogin(Box::new(options))
        }
        PageKind::User => {
            let card = users::card(app, caller, &UserId::new(id)).await?;
            let query = CardQuery { question: get("do"), unit, invitation: get("invitation"), find: get("find") };
            let units = match query.question == "place" {
                true => Some(invite::options(app, caller, None, &query.find).await?.units),
                false => None,
            };
            PageData::User(Box::new(CardPage { card, query, units }))
        }
        PageKind::Bulk => {
            let list = list_of_run(|name| query_value(query, name));
            PageData::Bulk(Box::new(bulk::page(app, caller, &BulkId::new(id), list).await?))
        }
        PageKind::EditUser => PageData::EditUser(Box::new(users::form(app, caller, &UserId::new(id)).await?)),
        PageKind::Report => {
            PageData::Report(Box::new(security_reports::of_person(app, caller, &UserId::new(id)).await?))
        }
        PageKind::UnitReport => {
            PageData::Report(Box::new(security_reports::of_unit(app, caller, unit.as_ref()).await?))
        }
        PageKind::Units => {
            let page = units::page(app, caller, None, &get("q")).await?;
            PageData::Units { page: Box::new(page), question: get("do") }
        }
        PageKind::Unit => {
            let page = units::page(app, caller, Some(&UnitId::new(id)), &get("q")).await?;
            PageData::Units { page: Box::new(page), question: get("do") }
        }
        PageKind::MoveUnit => {
            let to = UnitId::given(get("to"));
            let page = units::move_page(app, caller, &UnitId::new(id), to.as_ref(), &get("find")).await?;
            PageData::MoveUnit(Box::new(page))
        }
        PageKind::Import => {
            let id = ImportId::given(get("id"));
            let start = get("from").parse().unwrap_or_default();
            PageData::Import(Box::new(import::page(app, caller, id.as_ref(), &get("show"), start).await?))
        }
        PageKind::Views => {
            let list = UserQuery::read(|name| query_value(query, name)).address();
            PageData::Views(saved_views::page(app, caller, &list).await?)
        }
        PageKind::Invitations => {
            let query = InvitationQuery::read(|name| query_value(query, name));
            let page = invitations::list(app, caller, &query).await?;
            PageData::Invitations { page, query }
        }
        PageKind::Shifts => {
            let mine = !get("mine").is_empty();
            PageData::Shifts(shifts::week(app, caller, unit.as_ref(), &get("week"), mine).await?)
        }
        PageKind::NewShift => {
            let page = shifts::page(app, caller, None, unit.as_ref(), &get("day"), "").await?;
            PageData::Shift { page: Box::new(page), question: String::new() }
        }
        PageKind::Shift => {
            let page = shifts::page(app, caller, Some(&ShiftId::new(id)), None, "", &get("q")).await?;
            PageData::Shift { page: Box::new(page), question: get("do") }
        }
        PageKind::Audit => {
            let page = audit::list(app, caller, unit.as_ref(), &from).await?;
            PageData::Audit { page, unit, is_start }
        }
        PageKind::Mailbox => PageData::Mailbox(mailbox::list(app, caller).await?),
        PageKind::Mail => {
            let mail = mailbox::read(app, caller, &MessageId::new(id)).await?;
            PageData::Mail { mail: Box::new(mail), shows_text: get("part") == "text" }
        }
        PageKind::Settings => PageData::Settings(Box::new(settings::view(app, caller, &get("preset")).await?)),
        PageKind::Roles => PageData::Roles(roles::list(app, caller).await?),
        PageKind::NewRole => {
            PageData::Role { page: Box::new(roles::page(app, caller, None).await?), question: String::new() }
        }
        PageKind::Role => {
            let page = roles::page(app, caller, Some(&RoleId::new(id))).await?;
            PageData::Role { page: Box::new(page), question: get("do") }
        }
        PageKind::Texts => {
            let kind = MailTextKind::from_code(&get("kind")).unwrap_or_default();
            let page = letters::texts(app, caller, kind, Language::from_code(&get("language"))).await?;
            PageData::Texts(Box::new(page))
        }
        PageKind::Agreements => {
            let kind = ConsentKind::from_code(&get("kind")).unwrap_or(ConsentKind::UserAgreement);
            PageData::Agreements(Box::new(consents::page(app, caller, kind).await?))
        }
        PageKind::WhoMay => {
            let action = UserAction::from_code(&get("verb")).unwrap_or(UserAction::Block);
            PageData::WhoMay(who::may(app, caller, action, &get("person")).await?)
        }
        PageKind::Profile => {
            let profile = profile::view(app, caller).await?;
            PageData::Profile { profile: Box::new(profile), theme: theme.map(Into::into) }
        }
    })
}

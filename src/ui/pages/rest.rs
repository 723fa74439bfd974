//! The pages that lie together in one file: what one shows is asked of the server as data, and asked anew when the address
//! changes. What is shown of it stands in each page.

use super::error::RefusedPage;
use super::table::{PageGroup, page_at};
use super::{
    add_login, audit, bulk, import, invitations, mailbox, me, roles, security_report, settings, shifts, start, units,
    user, views,
};
use crate::domain::error::UseCaseError;
use crate::server_fns::answered::answered;
use crate::server_fns::pages::{PageAnswer, read_page};
use crate::ui::components::Skeleton;
use crate::ui::forms::in_place::{InPlace, clear_done};
use crate::ui::session::{page_came, viewer_mark, words};
use crate::view_models::PageData;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// Whatever stands at the page's address.
pub fn rest_page() -> AnyView {
    let location = use_location();
    let address = Memo::new(move |last: Option<&String>| {
        let (here, query) = (location.pathname.get(), location.search.get());
        let is_elsewhere = page_at(&here).is_some_and(|(page, _)| page.group != PageGroup::Rest);
        match last {
            // Leaving for a page of another file changes the address too, but there is nothing to ask for then.
            Some(last) if is_elsewhere => last.clone(),
            _ if query.is_empty() => here,
            _ => format!("{here}?{query}"),
        }
    });
    if InPlace::was_passed_by() {
        let in_place = use_context::<InPlace>();
        Effect::new(move || {
            if let Some(in_place) = in_place {
                in_place.ask_again();
            }
        });
    }
    let page = answered(move || (address.get(), InPlace::version()), |(address, _)| read(address));
    view! {
        <Transition fallback=move || view! { <Skeleton label=words().page_loading() /> }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(answer) => {
                        page_came(answer.viewer, answer.flash);
                        clear_done();
                        let title = title(&answer.page);
                        view! {
                            <Title text=title />
                            <div class="stack">{show(answer.page)}</div>
                        }
                        .into_any()
                    }
                    Err(refusal) => view! { <RefusedPage refusal=refusal /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

async fn read(address: String) -> Result<PageAnswer, UseCaseError> {
    let left = InPlace::take_flash(&address);
    let answer = read_page(address, viewer_mark()).await?;
    Ok(PageAnswer { flash: answer.flash.or(left), ..answer })
}

/// What stands in the window's title.
fn title(page: &PageData) -> String {
    let words = words();
    match page {
        PageData::Start(_) => words.start().into(),
        PageData::AddLogin(_) => words.add_login_title().into(),
        PageData::User(card) => card.card.user.title().to_string(),
        PageData::EditUser(card) => words.edit_title(card.user.title()),
        PageData::Report(page) => page.report.title.clone(),
        PageData::Bulk(page) => bulk::title(page),
        PageData::Units { page, .. } if page.above.is_empty() => words.units().into(),
        PageData::Units { page, .. } => page.unit.name.clone(),
        PageData::MoveUnit(page) => words.move_unit(&page.unit.unit.name),
        PageData::Import(_) => words.import_title().into(),
        PageData::Views(_) => words.saved_views().into(),
        PageData::Invitations { .. } => words.invitations().into(),
        PageData::Shifts(_) => words.shifts().into(),
        PageData::Shift { page, .. } => match &page.shift {
            Some(shift) => shift.title.clone(),
            None => words.new_shift().into(),
        },
        PageData::Audit { .. } => words.audit().into(),
        PageData::Mailbox(_) => words.mailbox().into(),
        PageData::Mail { mail, .. } => mail.summary.subject.clone(),
        PageData::Settings(_) => words.settings().into(),
        PageData::Roles(_) => words.settings_roles().into(),
        PageData::Role { page, .. } if page.role.is_none() => words.new_role().into(),
        PageData::Role { .. } => words.settings_roles().into(),
        PageData::Texts(_) => words.texts_title().into(),
        PageData::Agreements(page) => words.consent_title(page.kind).into(),
        PageData::WhoMay(_) => words.who_may_title().into(),
        PageData::Profile { .. } => words.my_profile().into(),
    }
}

fn show(page: PageData) -> AnyView {
    match page {
        PageData::Start(page) => start::page(page),
        PageData::AddLogin(options) => add_login::page(*options),
        PageData::User(card) => user::page(card.card, card.query, card.units),
        PageData::EditUser(card) => user::edit_page(*card),
        PageData::Report(page) => security_report::page(*page),
        PageData::Bulk(page) => bulk::page(*page),
        PageData::Units { page, question } => units::page(*page, &question),
        PageData::MoveUnit(page) => units::move_page(*page),
        PageData::Import(page) => import::page(*page),
        PageData::Views(page) => views::page(page),
        PageData::Invitations { page, query } => invitations::page(page, &query),
        PageData::Shifts(page) => shifts::page(page),
        PageData::Shift { page, question } => shifts::shift_page(*page, &question),
        PageData::Audit { page, unit, is_start } => audit::page(page, unit, is_start),
        PageData::Mailbox(mails) => mailbox::page(mails),
        PageData::Mail { mail, shows_text } => mailbox::mail_page(*mail, shows_text),
        PageData::Settings(view) => settings::page(*view),
        PageData::Roles(page) => roles::page(page),
        PageData::Role { page, question } => roles::role_page(*page, &question),
        PageData::Texts(page) => settings::texts_page(*page),
        PageData::Agreements(page) => settings::agreements_page(*page),
        PageData::WhoMay(page) => roles::who_page(page),
        PageData::Profile { profile, theme } => me::page(*profile, theme.as_deref()),
    }
}

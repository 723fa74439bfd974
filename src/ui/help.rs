//! The help: in a few sentences what the page is for, and the keys.

use super::components::{CheckField, Dialog};
use super::keys::{OpenOverlay, letters_are_on, sections, set_letters};
use super::pages::table::{PageKind, page_at};
use super::session::{may_use, words};
use super::ways::pages;
use crate::domain::permission::Permission;
use crate::words::Language;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What a page is for.
fn about(words: Language, page: PageKind) -> &'static str {
    match page {
        PageKind::Start => words.help_start(),
        PageKind::Users | PageKind::Bulk | PageKind::Views => words.help_users(),
        PageKind::Invite => words.help_invite(),
        PageKind::AddLogin => words.add_login_lead(),
        PageKind::Import => words.help_import(),
        PageKind::User => words.help_user(),
        PageKind::EditUser => words.help_edit_user(),
        PageKind::Report | PageKind::UnitReport => words.help_report(),
        PageKind::Units | PageKind::Unit => words.help_units(),
        PageKind::MoveUnit => words.help_move_unit(),
        PageKind::Invitations => words.help_invitations(),
        PageKind::Shifts | PageKind::NewShift | PageKind::Shift => words.help_shifts(),
        PageKind::Audit => words.help_audit(),
        PageKind::Mailbox | PageKind::Mail => words.help_mailbox(),
        PageKind::Settings => words.help_settings(),
        PageKind::Roles | PageKind::NewRole | PageKind::Role => words.help_roles(),
        PageKind::Texts => words.help_texts(),
        PageKind::Agreements => words.help_agreements(),
        PageKind::WhoMay => words.help_who(),
        PageKind::Profile => words.help_profile(),
    }
}

fn row(key: String, what: &'static str) -> impl IntoView {
    view! { <tr><th scope="row"><kbd>{key}</kbd></th><td>{what}</td></tr> }
}

/// The help of the page that is open.
#[component]
pub fn Help(open: OpenOverlay) -> impl IntoView {
    let words = words();
    let close = move || open.0.set(None);
    let page = use_location().pathname.with_untracked(|path| page_at(path).map(|(page, _)| page.kind));
    let always = [("Ctrl K", words.key_palette()), ("/", words.key_search())];
    let invite = may_use(Permission::Invite).then(|| ("i", words.key_invite()));
    let in_rows =
        [("j k", words.key_rows()), ("x", words.key_select()), (".", words.key_menu()), ("e", words.key_edit())];
    let in_rows = may_use(Permission::SeeUsers).then_some(in_rows).into_iter().flatten();
    let rows = always.into_iter().chain(invite).chain(in_rows).map(|(key, what)| row(key.to_string(), what));
    let sections = sections();
    let sections = sections.filter_map(|(letter, path, _)| {
        pages().into_iter().find(|way| way.href == path).map(|way| row(format!("g {letter}"), way.label))
    });
    let rows = rows.chain(sections).chain([row("?".into(), words.key_help())]).collect_view();
    view! {
        <Dialog id="help" title=words.help() on:cancel=move |_: leptos::ev::Event| close()>
            {page.map(|page| view! { <p>{about(words, page)}</p> })}
            <table class="keys">
                <caption>{words.keys()}</caption>
                <tbody>{rows}</tbody>
            </table>
            <div on:change=move |event| set_letters(event_target_checked(&event))>
                <CheckField label=words.keys_are_on() name="keys" checked=letters_are_on() />
            </div>
            <div class="actions">
                <button type="button" class="button" autofocus=true on:click=move |_| close()>{words.close()}</button>
            </div>
        </Dialog>
    }
}

//! The help: in a few sentences what the page is for, and the keys.

use super::components::Dialog;
use super::keys::{OpenOverlay, letters_are_on, set_letters};
use super::pages::table::{PageKind, page_at};
use super::session::words;
use crate::words::Language;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What a page is for.
fn about(words: Language, page: PageKind) -> &'static str {
    match page {
        PageKind::Users => words.help_users(),
        PageKind::Invite => words.help_invite(),
        PageKind::User => words.help_user(),
        PageKind::EditUser => words.help_edit_user(),
        PageKind::Units | PageKind::Unit => words.help_units(),
        PageKind::MoveUnit => words.help_move_unit(),
        PageKind::Invitations => words.help_invitations(),
        PageKind::Shifts | PageKind::NewShift | PageKind::Shift => words.help_shifts(),
        PageKind::Audit => words.help_audit(),
        PageKind::Mailbox | PageKind::Mail => words.help_mailbox(),
        PageKind::Settings => words.help_settings(),
        PageKind::Roles | PageKind::NewRole | PageKind::Role => words.help_roles(),
        PageKind::Texts => words.help_texts(),
        PageKind::WhoMay => words.help_who(),
        PageKind::Profile => words.help_profile(),
    }
}

/// The help of the page that is open.
#[component]
pub fn Help(open: OpenOverlay) -> impl IntoView {
    let words = words();
    let close = move || open.0.set(None);
    let page = use_location().pathname.with_untracked(|path| page_at(path).map(|(page, _)| page.kind));
    let keys = [
        ("Ctrl K", words.key_palette()),
        ("/", words.key_search()),
        ("i", words.key_invite()),
        ("g u", words.users()),
        ("g i", words.invitations()),
        ("g t", words.units()),
        ("g s", words.shifts()),
        ("g a", words.audit()),
        ("g e", words.settings()),
        ("g m", words.my_profile()),
        ("?", words.key_help()),
    ];
    let rows =
        keys.map(|(key, what)| view! { <tr><th scope="row"><kbd>{key}</kbd></th><td>{what}</td></tr> }).collect_view();
    view! {
        <Dialog id="help" title=words.help() on:cancel=move |_: leptos::ev::Event| close()>
            {page.map(|page| view! { <p>{about(words, page)}</p> })}
            <table class="keys">
                <caption>{words.keys()}</caption>
                <tbody>{rows}</tbody>
            </table>
            <label class="check">
                <input
                    type="checkbox"
                    checked=letters_are_on()
                    on:change:target=move |event| set_letters(event.target().checked())
                />
                <span>{words.keys_are_on()}</span>
            </label>
            <div class="actions">
                <button type="button" class="button" autofocus=true on:click=move |_| close()>{words.close()}</button>
            </div>
        </Dialog>
    }
}

//! What the last request came to: whom an invitation was made to, and what was tidied up on the way.

use crate::domain::permission::Permission;
use crate::domain::review::{InviteDraft, MOST_AT_ONCE, SentRow};
use crate::ui::components::{Notice, Tone};
use crate::ui::session::{may_use, viewer, words};
use leptos::prelude::*;

/// Who was invited just now, each with the way to the card, and how to go on.
#[component]
pub fn SentList(sent: Vec<SentRow>) -> impl IntoView {
    let words = words();
    let rows = sent
        .iter()
        .map(|row| {
            view! {
                <li>
                    <a class="mono" href=format!("/users/{}", row.user_id)>{row.address.clone()}</a>
                    {row.awaits_approval.then(|| view! { " " <small>{words.invite_waits()}</small> })}
                </li>
            }
        })
        .collect_view();
    let waits = viewer().with_value(|viewer| viewer.has_mailbox) && may_use(Permission::SeeMailbox);
    let mailbox = waits.then(|| {
        view! {
            <p>{words.invite_in_mailbox()} " " <a href="/mailbox">{words.invite_open_mailbox()}</a></p>
        }
    });
    view! {
        <Notice tone=Tone::Ok title=words.invite_sent(sent.len()) icon="send">
            <ul>{rows}</ul>
            {mailbox}
            <div class="cluster">
                <a class="button" href="/users/invite">{words.invite_more()}</a>
                <a class="button" href="/users">{words.invite_done()}</a>
            </div>
        </Notice>
    }
}

/// What was tidied up, folded or left out; empty when nothing was.
pub fn tidied(draft: &InviteDraft) -> String {
    let words = words();
    let said = |n: usize, words: String| if n == 0 { String::new() } else { words };
    [
        said(draft.cleaned, words.invite_cleaned(draft.cleaned)),
        said(draft.folded, words.invite_folded(draft.folded)),
        said(draft.left_out, words.invite_left_out(draft.left_out, MOST_AT_ONCE)),
    ]
    .into_iter()
    .filter(|text| !text.is_empty())
    .collect::<Vec<_>>()
    .join(" ")
}

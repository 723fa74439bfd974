//! What the last request came to: whom an invitation was made to, and what was tidied up on the way.

use crate::domain::permission::Permission;
use crate::domain::review::{Hold, InviteDraft, MOST_AT_ONCE, SentRow};
use crate::server_fns::invitations::{SendNow, TakeBack};
use crate::ui::components::{Notice, Tone};
use crate::ui::session::{may_use, viewer, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Who was invited just now, each with the way to the card, and how to go on. While the messages are held, how to take them
/// back; the page's script shows the one when the time of the other is over.
pub fn sent(sent: Vec<SentRow>, hold: Option<Hold>) -> AnyView {
    match hold {
        None => gone(&sent).into_any(),
        Some(hold) => view! {
            <div data-hold="">
                {held(&sent, hold)}
                <div hidden=true>{gone(&sent)}</div>
            </div>
        }
        .into_any(),
    }
}

/// What has not left yet. The buttons are the form's own, so that nothing typed in it is lost.
fn held(sent: &[SentRow], hold: Hold) -> impl IntoView + use<> {
    let words = words();
    let leaves = words.invite_leaves_in();
    let (before, after) = leaves.split_once('#').unwrap_or((leaves, ""));
    let (title, people, draft) = (words.invite_held(sent.len()), people(sent), hold.draft.to_string());
    view! {
        <Notice tone=Tone::Info title=title icon="clock">
            <p>{before}<span data-seconds="">{hold.seconds}</span>{after}</p>
            {people}
            <input type="hidden" name="after" value=draft.clone() />
            <div class="cluster">
                <button class="button" formaction=TakeBack::PATH formnovalidate=true name="id" value=draft.clone()>
                    {words.invite_take_back()}
                </button>
                <button class="button" formaction=SendNow::PATH formnovalidate=true name="id" value=draft>
                    {words.invite_send_now()}
                </button>
            </div>
        </Notice>
    }
}

fn gone(sent: &[SentRow]) -> impl IntoView + use<> {
    let words = words();
    let waits = viewer().with_value(|viewer| viewer.has_mailbox) && may_use(Permission::SeeMailbox);
    let (title, people) = (words.invite_sent(sent.len()), people(sent));
    let mailbox = waits.then(|| {
        view! {
            <p>{words.invite_in_mailbox()} " " <a href="/mailbox">{words.invite_open_mailbox()}</a></p>
        }
    });
    view! {
        <Notice tone=Tone::Ok title=title icon="send">
            {people}
            {mailbox}
            <div class="cluster">
                <a class="button" href="/users/invite">{words.invite_more()}</a>
                <a class="button" href="/users">{words.invite_done()}</a>
            </div>
        </Notice>
    }
}

fn people(sent: &[SentRow]) -> impl IntoView + use<> {
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
    view! { <ul>{rows}</ul> }
}

/// What was tidied up, folded or left out; empty when nothing was.
pub fn tidied(draft: &InviteDraft) -> String {
    let words = words();
    let said = |n: usize, words: String| if n == 0 { String::new() } else { words };
    [
        said(draft.cleaned, words.invite_cleaned(draft.cleaned)),
        said(draft.folded, words.invite_merged(draft.folded)),
        said(draft.left_out, words.invite_left_out(draft.left_out, MOST_AT_ONCE)),
    ]
    .into_iter()
    .filter(|text| !text.is_empty())
    .collect::<Vec<_>>()
    .join(" ")
}

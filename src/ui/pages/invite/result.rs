//! What the last request came to: whom an invitation was made to, and what was tidied up on the way.

use crate::domain::permission::Permission;
use crate::domain::review::{Hold, InviteDraft, RoundProgress, RoundStop, SentRow};
use crate::server_fns::invitations::{SendNow, TakeBack};
use crate::ui::components::{Notice, Tone};
use crate::ui::session::{may_use, viewer, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Who was invited just now, each with the way to the card, and how to go on. While the messages are held, how to take them
/// back; the page's script shows the one when the time of the other is over.
pub fn sent(sent: Vec<SentRow>, all: usize, hold: Option<Hold>) -> AnyView {
    match hold {
        None => gone(&sent, all).into_any(),
        Some(hold) => view! {
            <div data-hold="">
                {held(&sent, all, hold)}
                <div hidden=true>{gone(&sent, all)}</div>
            </div>
        }
        .into_any(),
    }
}

/// What has not left yet. The buttons are the form's own, so that nothing typed in it is lost.
fn held(sent: &[SentRow], all: usize, hold: Hold) -> impl IntoView + use<> {
    let words = words();
    let leaves = words.invite_leaves_in();
    let (before, after) = leaves.split_once('#').unwrap_or((leaves, ""));
    let (title, people, draft) = (words.invite_held(all), people(sent, all), hold.draft.to_string());
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

fn gone(sent: &[SentRow], all: usize) -> impl IntoView + use<> {
    let words = words();
    let waits = viewer().with_value(|viewer| viewer.has_mailbox) && may_use(Permission::SeeMailbox);
    let (title, people) = (words.invite_sent(all), people(sent, all));
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

fn people(sent: &[SentRow], all: usize) -> impl IntoView + use<> {
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
    let more = all.saturating_sub(sent.len());
    let more = (more > 0 && !sent.is_empty()).then(|| {
        let invitations = may_use(Permission::SeeInvitations)
            .then(|| view! { " " <a href="/invitations">{words.invite_all_invitations()}</a> });
        view! { <li>{words.invite_and_more(more)} {invitations}</li> }
    });
    view! {
        <ul>
            {rows}
            {more}
        </ul>
    }
}

/// How far a round is at which a job is; `hold` while it has not begun. The page's script looks again after `data-again` seconds;
/// without it, the link does.
pub fn under_way(progress: RoundProgress, address: &str, hold: Option<Hold>) -> AnyView {
    let words = words();
    let RoundProgress { done, all } = progress;
    let again = hold.as_ref().map_or(1, |hold| hold.seconds + 1);
    let inside = match hold {
        Some(hold) => view! { <div data-hold="">{held(&[], all, hold)} <div hidden=true></div></div> }.into_any(),
        None => {
            let said = words.invite_under_way(done, all);
            view! {
                <Notice tone=Tone::Info title=words.invite_title() icon="send">
                    <p>
                        <span id="how-far">{said.clone()}</span>
                    </p>
                    <progress id="progress" value=done max=all aria-label=said></progress>
                    <p>{words.invite_may_leave()}</p>
                </Notice>
            }
            .into_any()
        }
    };
    view! {
        <div class="stack" data-again=again>
            {inside}
            <div class="cluster">
                <a class="button" href=address.to_string() rel="external">
                    {words.invite_refresh()}
                </a>
                <a class="button" href="/users/invite" rel="external">
                    {words.invite_more()}
                </a>
            </div>
        </div>
    }
    .into_any()
}

/// Why a round did not go on.
pub fn stopped(why: RoundStop) -> impl IntoView {
    let words = words();
    view! {
        <Notice tone=Tone::Warn title=words.invite_stopped() icon="alert">
            <p>{words.round_stop(why)}</p>
        </Notice>
    }
}

/// What was tidied up or folded; empty when nothing was.
pub fn tidied(draft: &InviteDraft) -> String {
    let words = words();
    let said = |n: usize, words: String| if n == 0 { String::new() } else { words };
    [said(draft.cleaned, words.invite_cleaned(draft.cleaned)), said(draft.folded, words.invite_merged(draft.folded))]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

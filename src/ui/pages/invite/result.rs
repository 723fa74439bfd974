//! What the last request came to: whom an invitation was made to, and what was tidied up on the way.

use super::InviteVisit;
use super::read_back::marked;
use crate::domain::contact::Channel;
use crate::domain::error::UseCaseError;
use crate::domain::id::DraftId;
use crate::domain::permission::Permission;
use crate::domain::review::{Hold, RoundProgress, RoundStop, SentRow};
use crate::server_fns::invitations::{InviteAnswer, SendNow, TakeBack, invite_page};
use crate::ui::components::{Notice, Tone};
use crate::ui::session::{may_use, viewer, viewer_mark, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use std::time::Duration;

/// So many are shown without being asked for.
const MOST_UNFOLDED: usize = 8;

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

/// How many of these leave; the others wait for a second administrator (rule 53).
fn leaving(sent: &[SentRow], all: usize) -> usize {
    all - sent.iter().filter(|row| row.awaits_approval).count().min(all)
}

fn title(sent: &[SentRow], all: usize, is_held: bool) -> String {
    let words = words();
    match leaving(sent, all) {
        0 => words.invite_await(all),
        n if is_held => words.invite_held(n),
        n => words.invite_sent(n),
    }
}

/// Those who wait beside others that leave.
fn and_waiting(sent: &[SentRow], all: usize) -> Option<impl IntoView + use<>> {
    let leaving = leaving(sent, all);
    let waiting = all - leaving;
    (waiting > 0 && leaving > 0).then(|| view! { <p>{words().invite_await(waiting)}</p> })
}

/// What has not left yet. The buttons are the form's own, so that nothing typed in it is lost.
fn held(sent: &[SentRow], all: usize, hold: Hold) -> impl IntoView + use<> {
    let words = words();
    let leaves = words.invite_leaves_in();
    let (before, after) = leaves.split_once('#').unwrap_or((leaves, ""));
    let (title, people, draft) = (title(sent, all, true), people(sent, all), hold.draft.to_string());
    let waiting = and_waiting(sent, all);
    view! {
        <Notice tone=Tone::Info title=title icon="clock">
            <p>{before}<span data-seconds="">{hold.seconds}</span>{after}</p>
            {waiting}
            <input type="hidden" name="after" value=draft.clone() />
            <div class="cluster">
                <button class="button" formaction=TakeBack::PATH formnovalidate=true name="id" value=draft.clone()>
                    {words.invite_take_back()}
                </button>
                <button class="button" formaction=SendNow::PATH formnovalidate=true name="id" value=draft>
                    {words.invite_send_now()}
                </button>
            </div>
            {people}
        </Notice>
    }
}

fn gone(sent: &[SentRow], all: usize) -> impl IntoView + use<> {
    let words = words();
    let is_sms = |address: &&String| address.starts_with('+');
    let addresses = || {
        sent.iter().filter(|row| !row.awaits_approval).flat_map(|row| std::iter::once(&row.address).chain(&row.other))
    };
    let (sms, mails) = (addresses().any(|one| is_sms(&one)), addresses().any(|one| !is_sms(&one)));
    let waiting = viewer().with_value(|viewer| {
        let waits = |sms: bool| viewer.waits_by.iter().any(|channel| (*channel == Channel::Sms) == sms);
        [(mails && waits(false), words.invite_in_mailbox()), (sms && waits(true), words.invite_sms_in_mailbox())]
    });
    let may_look = may_use(Permission::SeeMailbox);
    let (title, people, visit) = (title(sent, all, false), people(sent, all), use_context::<InviteVisit>());
    let said = waiting.into_iter().filter(|(waits, _)| *waits && may_look);
    let mailbox = said
        .map(|(_, said)| view! { <p>{said} " " <a href="/mailbox">{words.invite_open_mailbox()}</a></p> })
        .collect_view();
    // Whoever may not look there is told that nothing leaves.
    let stays = mails
        && !may_look
        && viewer().with_value(|viewer| viewer.waits_by.iter().any(|channel| *channel != Channel::Sms));
    let stays = stays.then(|| view! { <p>{words.invite_nothing_leaves()}</p> });
    let waits = and_waiting(sent, all);
    view! {
        <Notice tone=Tone::Ok title=title icon="send">
            {waits}
            {stays}
            {mailbox}
            <div class="cluster">
                <a class="button" href="/users/invite">{words.invite_more()}</a>
                <a
                    class="button"
                    href="/users"
                    on:click=move |event| {
                        // Back to the very list, where this stands over it.
                        if let Some(visit) = visit.as_ref().filter(|visit| visit.is_over_list()) {
                            event.prevent_default();
                            visit.leave();
                        }
                    }
                >
                    {words.invite_done()}
                </a>
            </div>
            {people}
        </Notice>
    }
}

/// Who was added without being invited, and how to go on.
pub fn added(sent: &[SentRow], all: usize) -> impl IntoView + use<> {
    let (words, people) = (words(), people(sent, all));
    view! {
        <Notice tone=Tone::Ok title=words.invite_added(all) icon="check">
            <p>{words.invite_added_text()}</p>
            {people}
            <div class="cluster">
                <a class="button" href="/users/invite">{words.invite_more()}</a>
                <a class="button" href="/users?status=not_invited">{words.invite_show_not_invited()}</a>
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
                    <a class="mono read-back" href=format!("/users/{}", row.user_id) aria-label=row.address.clone()>
                        {marked(&row.address)}
                    </a>
                    {row.other.as_ref().map(|other| view! { " " <span class="mono">{marked(other)}</span> })}
                    {row.awaits_approval.then(|| view! { " " <small>{words.invite_waits()}</small> })}
                </li>
            }
        })
        .collect_view();
    let more = all.saturating_sub(sent.len());
    let more = (more > 0 && !sent.is_empty()).then(|| {
        let invitations = may_use(Permission::SeeInvitations)
            .then(|| view! { " " <a href="/invitations">{words.invite_all_invitations()}</a> });
        view! { <p>{words.invite_and_more(more)} {invitations}</p> }
    });
    let list = view! { <ul>{rows}</ul> };
    // A long list would stand between what was done and the way to take it back.
    match sent.len() > MOST_UNFOLDED {
        true => view! {
            <details>
                <summary>{words.invite_to_whom(&words.figure(all))}</summary>
                {list}
            </details>
            {more}
        }
        .into_any(),
        false => view! { {list} {more} }.into_any(),
    }
}

/// How far a round is at which a job is; `hold` while it has not begun. The page looks again by itself; without script, the link
/// does.
#[component]
pub fn UnderWay(id: DraftId, progress: RoundProgress, hold: Option<Hold>, only_adds: bool) -> impl IntoView {
    let words = words();
    let address = format!("/users/invite?draft={id}");
    let far = RwSignal::new(progress);
    let first = hold.as_ref().map_or(1, |hold| hold.seconds + 1);
    let visit = use_context::<InviteVisit>();
    // Held, it shows another page when it begins.
    let is_held = hold.is_some();
    Effect::new({
        let address = address.clone();
        move || {
            if let Some(visit) = visit.clone() {
                ask_again(visit, far, address.clone(), is_held, first.try_into().unwrap_or(1));
            }
        }
    });
    let inside = match hold {
        // What is taken back is a form of its own.
        Some(hold) => view! {
            <form method="post" autocomplete="off" data-hold="">
                {held(&[], progress.all, hold)} <div hidden=true></div>
            </form>
        }
        .into_any(),
        None => {
            let said = move || {
                let RoundProgress { done, all } = far.get();
                let (done, all) = (&words.figure(done), &words.figure(all));
                if only_adds { words.invite_adding(done, all) } else { words.invite_under_way(done, all) }
            };
            view! {
                <Notice tone=Tone::Info title=words.invite_title() icon="send">
                    <p>
                        <span id="how-far">{said}</span>
                    </p>
                    <progress
                        id="progress"
                        value=move || far.get().done
                        max=move || far.get().all
                        aria-label=said
                    ></progress>
                    <p>{words.invite_may_leave()}</p>
                </Notice>
            }
            .into_any()
        }
    };
    view! {
        <div class="stack">
            {inside}
            <div class="cluster">
                <a class="button" href=address rel="external">
                    {words.invite_refresh()}
                </a>
                <a class="button" href="/users/invite">
                    {words.invite_more()}
                </a>
            </div>
        </div>
    }
}

/// Looks how far the job is; when it is done, the page is another one.
fn ask_again(visit: InviteVisit, far: RwSignal<RoundProgress>, address: String, is_held: bool, seconds: u64) {
    let ask = async move {
        let answer = invite_page(address.clone(), viewer_mark()).await;
        // Whoever has gone on to another page wants to know nothing more of this one.
        if far.try_get_untracked().is_none() {
            return;
        }
        let next = match answer {
            Ok(InviteAnswer { page, .. }) => match page.left.and_then(|left| left.draft.progress) {
                Some(progress) if !is_held => {
                    far.set(progress);
                    1
                }
                _ => {
                    visit.place_changed();
                    return visit.go_again(&address);
                }
            },
            // Not reached: it goes on all the same.
            Err(UseCaseError::Offline | UseCaseError::Busy) => 5,
            Err(_) => return visit.go_again(&address),
        };
        ask_again(visit, far, address, is_held, next);
    };
    set_timeout(move || spawn_local(ask), Duration::from_secs(seconds));
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
pub fn tidied(cleaned: usize, folded: usize) -> String {
    let words = words();
    let said = |n: usize, words: String| if n == 0 { String::new() } else { words };
    [said(cleaned, words.invite_cleaned(cleaned)), said(folded, words.invite_merged(folded))]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

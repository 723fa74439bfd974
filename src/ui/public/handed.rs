//! A link that was handed over: first a code goes to the address, and is typed here.

use super::FormOutcome;
use super::invitation::Contacts;
use super::register::{offered, wrong_address};
use crate::domain::contact::{Address, Channel};
use crate::ui::components::Field;
use crate::view_models::OpenInvitation;
use leptos::prelude::*;

/// The page: before a code was asked for, and, with `is_sent`, afterwards. `waits_here` says that no mail leaves the
/// installation. It is the same whoever has the address (rule 40).
#[component]
pub fn HandedPage(
    outcome: FormOutcome,
    link: String,
    open: OpenInvitation,
    is_sent: bool,
    waits_here: bool,
) -> impl IntoView {
    let words = outcome.language;
    let (title, place, text) = offered(words, &open);
    let is_sms = open.channel == Channel::Sms;
    let masked = Address::parse(&open.address).ok().and_then(|address| address.masked());
    let masked = masked.unwrap_or_else(|| open.address.clone());
    let account = open.signed_in_as.is_none().then(|| {
        view! { <p><a href=format!("/i/{link}?account=1")>{words.i_have_an_account()}</a></p> }
    });
    let address = view! {
        <Field
            label=words.your_sign_in()
            name="username"
            kind=if is_sms { "tel" } else { "email" }
            value=open.address.clone()
            autocomplete="username"
            readonly=true
        />
    };
    let wrong = wrong_address(words, &open);
    let here = waits_here.then(|| {
        let text = if is_sms { words.code_waits_here_by_sms() } else { words.code_waits_here() };
        view! { <p>{text}</p> }
    });
    let explained = match (waits_here, is_sms) {
        // Nothing is sent where nothing leaves.
        (true, _) => words.code_explained_here(&masked),
        (false, true) => words.code_explained_by_sms(&masked),
        (false, false) => words.code_explained(&masked),
    };
    let until = view! { <p class="meta">{words.invitation_works_until(&open.until.exact)}</p> };
    let ask = format!("/i/{link}/send-code");
    if !is_sent {
        return view! {
            <form class="card" method="post" action=ask data-opened=format!("/i/{link}/opened")>
                <div class="stack tight">
                    <h1>{title}</h1>
                    {place}
                    {text}
                    {account}
                </div>
                {outcome.summary()}
                {address}
                {wrong}
                <p>{explained}</p>
                {here}
                {until}
                <div class="actions sticky">
                    <button class="button primary">{if waits_here { words.make_code() } else { words.send_code() }}</button>
                </div>
            </form>
        }
        .into_any();
    }
    let (title, next) = match (waits_here, is_sms) {
        (true, _) => (words.code_waits_for(&masked), words.code_waits_next()),
        (false, true) => (words.code_sent_to(&masked), words.code_sent_next_by_sms()),
        (false, false) => (words.code_sent_to(&masked), words.code_sent_next()),
    };
    let label = match (waits_here, is_sms) {
        (true, _) => words.code_label_here(),
        (false, true) => words.code_label_by_sms(),
        (false, false) => words.code_label(),
    };
    // The mailbox may be dead: that is often why a link is handed over.
    let OpenInvitation { inviter, support_contact, .. } = open;
    let nothing_comes = (!inviter.is_empty() || !support_contact.is_empty()).then(|| {
        let text = if is_sms { words.no_code_by_sms() } else { words.no_code() };
        view! {
            <div class="stack tight">
                <h2>{words.no_code_title()}</h2>
                <p>{text}</p>
                <Contacts language=words inviter=Some(inviter) support=support_contact />
                {wrong}
            </div>
        }
    });
    let again = if waits_here { words.make_code_again() } else { words.send_code_again() };
    view! {
        <div class="card">
            <form class="stack" method="post" action=format!("/i/{link}/code")>
                <div class="stack tight">
                    <h1>{title}</h1>
                    <p role="status">{next}</p>
                    {here}
                </div>
                {outcome.summary()}
                <Field
                    label=label
                    name="code"
                    hint=words.code_hint()
                    error=outcome.at("code")
                    autocomplete="one-time-code"
                    inputmode="numeric"
                    mono=true
                    maxlength=40
                    required=true
                    autofocus=true
                />
                {until}
                <div class="actions">
                    <button class="button primary">{words.go_on_with_code()}</button>
                </div>
            </form>
            <form class="actions" method="post" action=ask>
                <button class="button">{again}</button>
            </form>
            {account}
            {nothing_comes}
        </div>
    }
    .into_any()
}

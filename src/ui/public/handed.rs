//! A link that was handed over: first a code goes to the address, and is typed here.

use super::FormOutcome;
use super::register::{offered, wrong_address};
use crate::domain::contact::Email;
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
    let masked = Email::parse(&open.address).map_or_else(|_| open.address.clone(), |email| email.masked());
    let account = open.signed_in_as.is_none().then(|| {
        view! { <p><a href=format!("/i/{link}?account=1")>{words.i_have_an_account()}</a></p> }
    });
    let address = view! {
        <Field
            label=words.your_sign_in()
            name="username"
            kind="email"
            value=open.address.clone()
            autocomplete="username"
            readonly=true
        />
    };
    let wrong = wrong_address(words, &open);
    let here = waits_here.then(|| view! { <p>{words.code_waits_here()}</p> });
    let until = view! { <p class="meta">{words.this_link_works_until(&open.until.exact)}</p> };
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
                <p>{words.code_explained(&masked)}</p>
                {here}
                {until}
                <div class="actions sticky">
                    <button class="button primary">{words.send_code()}</button>
                </div>
            </form>
        }
        .into_any();
    }
    view! {
        <div class="card">
            <form class="stack" method="post" action=format!("/i/{link}/code")>
                <div class="stack tight">
                    <h1>{words.code_sent_to(&masked)}</h1>
                    <p role="status">{words.code_sent_next()}</p>
                    {here}
                </div>
                {outcome.summary()}
                <Field
                    label=words.code_label()
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
                <button class="button">{words.send_code_again()}</button>
            </form>
            {account}
        </div>
    }
    .into_any()
}

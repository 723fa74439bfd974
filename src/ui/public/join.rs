//! An invitation for somebody who has an account already: they sign in to join, or say so where they are signed in.

use super::FormOutcome;
use super::register::offered;
use crate::ui::components::{Field, PasswordField};
use crate::view_models::OpenInvitation;
use leptos::prelude::*;

/// The page. Nothing of the account is told to whoever holds the link (rule 40).
#[component]
pub fn JoinPage(outcome: FormOutcome, link: String, open: OpenInvitation) -> impl IntoView {
    let words = outcome.language;
    let (title, place, text) = offered(words, &open);
    let is_signed_in = open.signed_in_as.is_some();
    let explained = match open.asks_code {
        true => words.join_asked().to_string(),
        false => words.join_explained(&open.organisation),
    };
    let fields = (!is_signed_in).then(|| {
        view! {
            <p>{explained}</p>
            <Field
                label=words.your_sign_in()
                name="username"
                kind="email"
                value=open.address.clone()
                autocomplete="username"
                readonly=true
            />
            <PasswordField
                label=words.password_label()
                name="password"
                autocomplete="current-password"
                show=words.show_password()
                hide=words.hide_password()
                error=outcome.at("password")
            />
            <p><a href="/forgot">{words.forgot_password()}</a></p>
        }
    });
    let who = open.signed_in_as.as_ref().map(|who| view! { <p>{words.join_as(who)}</p> });
    let button = if is_signed_in { words.join() } else { words.sign_in_and_join() };
    let new =
        (open.asks_code && !is_signed_in).then(|| view! { <p><a href=format!("/i/{link}")>{words.i_am_new()}</a></p> });
    let other = is_signed_in.then(|| {
        view! {
            <form class="actions" method="post" action="/sign-out">
                <input type="hidden" name="back" value=format!("/i/{link}") />
                <button class="button">{words.sign_out_and_go_on()}</button>
            </form>
        }
    });
    // A link that was handed over ends nothing: whoever has it may be anybody.
    let decline = (!open.asks_code).then(|| {
        view! { <p class="meta"><a href=format!("/i/{link}/decline")>{words.not_for_me()}</a></p> }
    });
    view! {
        <div class="card">
            <form class="stack" method="post" action=format!("/i/{link}/join")>
                <div class="stack tight">
                    <h1>{title}</h1>
                    {place}
                    {text}
                </div>
                {outcome.summary()}
                {who}
                {fields}
                <p class="meta">{words.invitation_works_until(&open.until.exact)}</p>
                <div class="actions">
                    <button class="button primary">{button}</button>
                </div>
            </form>
            {new}
            {other}
            {decline}
        </div>
    }
}

//! A forgotten password: ask for a link. The answer is the same for everybody.

use super::FormOutcome;
use crate::ui::components::Field;
use crate::words::Language;
use leptos::prelude::*;

/// Asks for the address.
#[component]
pub fn ForgotPage(outcome: FormOutcome, typed: String) -> impl IntoView {
    let words = outcome.language;
    let is_first = outcome.refusal.is_none();
    view! {
        <form class="card" method="post" action="/forgot">
            <div class="stack tight">
                <h1>{words.forgot_password()}</h1>
                <p class="muted">{words.forgot_explained()}</p>
            </div>
            {outcome.summary()}
            <Field
                label=words.your_email_or_number()
                name="email"
                value=typed
                error=outcome.at("email")
                autocomplete="username"
                required=true
                autofocus=is_first
            />
            <div class="actions">
                <button class="button primary">{words.send_reset_link()}</button>
                <a class="button quiet" href="/sign-in">{words.back_to_sign_in()}</a>
            </div>
        </form>
    }
}

/// Says that a link is on its way, if there is somebody to get it.
#[component]
pub fn LinkSentPage(language: Language) -> impl IntoView {
    view! {
        <div class="card">
            <h1>{language.look_at_messages()}</h1>
            <p>{language.reset_on_its_way()}</p>
            <p class="muted">{language.reset_not_arrived()}</p>
            <div class="actions">
                <a class="button" href="/sign-in">{language.back_to_sign_in()}</a>
                <a class="button quiet" href="/forgot">{language.send_again()}</a>
            </div>
        </div>
    }
}

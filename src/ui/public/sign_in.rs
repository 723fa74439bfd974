//! The door.

use super::FormOutcome;
use crate::domain::authorization::SignsInBy;
use crate::domain::error::UseCaseError;
use crate::ui::components::{CheckField, Field, Notice, PasswordField, Tone};
use crate::words::Language;
use leptos::prelude::*;

/// By what somebody is asked for.
fn name_at_the_door(words: Language, by: SignsInBy) -> &'static str {
    match by {
        SignsInBy::Mail => words.sign_in_email(),
        SignsInBy::MailOrPhone => words.sign_in_email_or_phone(),
        SignsInBy::MailOrLogin => words.sign_in_email_or_login(),
        SignsInBy::Any => words.sign_in_name(),
    }
}

/// Sign in; after a refusal what was typed stands there again, but for the password.
#[component]
pub fn SignInPage(
    outcome: FormOutcome,
    organisation: String,
    signs_in_by: SignsInBy,
    typed: String,
    keep: bool,
    /// Where to go afterwards: a path of ours.
    next: String,
    /// A new password was set just now.
    has_new_password: bool,
) -> impl IntoView {
    let words = outcome.language;
    let is_first = outcome.refusal.is_none();
    let mobile = (outcome.refusal == Some(UseCaseError::MobileOnly))
        .then(|| view! { <a class="button" href="/m/sign-in">{words.open_mobile()}</a> });
    view! {
        <form class="card" method="post" action="/sign-in">
            <h1>{words.sign_in_to(&organisation)}</h1>
            {has_new_password.then(|| view! { <Notice tone=Tone::Ok>{words.new_password_saved()}</Notice> })}
            {outcome.summary()}
            {mobile}
            <input type="hidden" name="next" value=next />
            <Field
                label=name_at_the_door(words, signs_in_by)
                name="username"
                value=typed
                autocomplete="username"
                mono=true
                required=true
                autofocus=is_first
            />
            <PasswordField
                label=words.password_label()
                name="password"
                autocomplete="current-password"
                show=words.show_password()
                hide=words.hide_password()
                caps=words.caps_lock()
            />
            <CheckField label=words.keep_signed_in() name="keep" checked=keep />
            <div class="actions">
                <button class="button primary">{words.sign_in()}</button>
                <a class="button quiet" href="/forgot">{words.forgot_password()}</a>
            </div>
        </form>
    }
}

//! A reset link: set a new password, or read why the link does not work.

use super::FormOutcome;
use super::new_password::{NewPassword, PLACE};
use super::paste::PasteForm;
use crate::domain::invitation::DeadLink;
use crate::domain::link::LinkKind;
use crate::domain::password::PasswordPolicy;
use crate::ui::components::Field;
use crate::view_models::NewPasswordView;
use crate::words::Language;
use leptos::prelude::*;

/// The field of the new password.
pub fn next_password(outcome: &FormOutcome, rule: PasswordPolicy, repeats: bool) -> NewPasswordView {
    NewPasswordView {
        language: outcome.language,
        rules: vec![rule],
        said: outcome.at("password"),
        takes_focus: outcome.refusal.is_none(),
        repeats,
        said_again: outcome.at("password_again"),
        is_first: false,
    }
}

/// Asks for the new password of the address.
#[component]
pub fn ResetPage(
    outcome: FormOutcome,
    link: String,
    address: String,
    /// The installation's shortest password.
    rule: PasswordPolicy,
    /// Whether it is typed twice.
    repeats: bool,
) -> impl IntoView {
    let words = outcome.language;
    let password = next_password(&outcome, rule, repeats);
    view! {
        <form class="card" method="post" action=format!("/reset/{link}")>
            <div class="stack tight">
                <h1>{words.set_new_password()}</h1>
                <p class="muted">{words.reset_ends_sessions()}</p>
            </div>
            {outcome.summary()}
            <Field
                label=words.your_sign_in()
                name="username"
                kind="email"
                value=address
                autocomplete="username"
                readonly=true
            />
            <div id=PLACE><NewPassword view=password /></div>
            <div class="actions">
                <button class="button primary">{words.save()}</button>
            </div>
        </form>
    }
}

/// Why a reset link does not work, and how to go on.
#[component]
pub fn DeadResetPage(language: Language, why: DeadLink) -> impl IntoView {
    let (title, next) = language.dead_reset(why);
    let paste = (why == DeadLink::Damaged).then(|| view! { <PasteForm language=language kind=LinkKind::Reset /> });
    let ask = (!matches!(why, DeadLink::Blocked | DeadLink::Deleted)).then(|| {
        // Beside the field, which comes first.
        let class = if why == DeadLink::Damaged { "button" } else { "button primary" };
        view! { <a class=class href="/forgot">{language.ask_for_new_link()}</a> }
    });
    view! {
        <div class="card">
            <h1>{title}</h1>
            <p>{next}</p>
            {paste}
            <div class="actions">
                {ask}
                <a class="button" href="/sign-in">{language.sign_in()}</a>
            </div>
        </div>
    }
}

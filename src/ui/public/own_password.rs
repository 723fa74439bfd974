//! The lasting password in the place of a temporary one.

use super::FormOutcome;
use super::new_password::{NewPassword, PLACE};
use super::reset::next_password;
use crate::domain::password::PasswordPolicy;
use crate::ui::components::Field;
use leptos::prelude::*;

/// Asks for the lasting password of whoever gave a temporary one.
#[component]
pub fn OwnPasswordPage(
    outcome: FormOutcome,
    link: String,
    name: String,
    rule: PasswordPolicy,
    /// Whether it is typed twice.
    repeats: bool,
) -> impl IntoView {
    let words = outcome.language;
    let password = next_password(&outcome, rule, repeats);
    view! {
        <form class="card" method="post" action=format!("/own-password/{link}")>
            <div class="stack tight">
                <h1>{words.own_password_title()}</h1>
                <p class="muted">{words.own_password_lead()}</p>
            </div>
            {outcome.summary()}
            <Field
                label=words.your_sign_in()
                name="username"
                value=name
                autocomplete="username"
                mono=true
                readonly=true
            />
            <div id=PLACE><NewPassword view=password /></div>
            <div class="actions">
                <button class="button primary">{words.own_password_save()}</button>
            </div>
        </form>
    }
}

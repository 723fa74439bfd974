//! The password: the current one and a new one.

use crate::domain::error::{Invalid, UseCaseError};
use crate::server_fns::profile::ChangePassword;
use crate::ui::components::PasswordField;
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::session::words;
use crate::view_models::Profile;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::CurrentPasswordWrong) => "current_password",
        UseCaseError::Invalid(Invalid::Password(_)) => "new_password",
        UseCaseError::Invalid(Invalid::PasswordsDiffer) => "password_again",
        _ => "",
    }
}

/// The form of the password.
pub fn section(profile: &Profile) -> impl IntoView + use<> {
    let words = words();
    let note = Note::about(ChangePassword::PATH, field_of);
    let username = [&profile.email, &profile.login, &profile.phone].into_iter().flatten().next().cloned();
    let changed = profile.password_changed.clone();
    let again = profile.repeats_password.then(|| {
        view! {
            <PasswordField
                label=words.password_again_label()
                name="password_again"
                autocomplete="new-password"
                show=words.show_password()
                hide=words.hide_password()
                error=note.error("password_again")
            />
        }
    });
    view! {
        <section class="card" aria-labelledby="password">
            <h2 id="password">{words.own_password()}</h2>
            <PlainAnswer note=note.clone() done=words.own_password_changed() />
            <p class="muted">
                {changed.map(|at| view! { <span title=at.exact>{words.own_password_since(&at.short)}</span>" " })}
                {words.own_password_note()}
            </p>
            <form class="stack form-width" method="post" action=ChangePassword::PATH>
                // Tells password managers whose password this is; without a name it is not sent.
                <input type="text" autocomplete="username" value=username.unwrap_or_default() readonly=true hidden=true />
                <PasswordField
                    label=words.own_current_password()
                    name="current_password"
                    autocomplete="current-password"
                    show=words.show_password()
                    hide=words.hide_password()
                    error=note.error("current_password")
                />
                <PasswordField
                    label=words.own_new_password()
                    name="new_password"
                    autocomplete="new-password"
                    show=words.show_password()
                    hide=words.hide_password()
                    hint=words.password_rule(profile.password)
                    error=note.error("new_password")
                    minlength=u32::try_from(profile.password.min_length).unwrap_or_default()
                />
                {again}
                <div class="actions">
                    <button class="button primary">{words.own_change_password()}</button>
                </div>
            </form>
        </section>
    }
}

//! The question to sign in again, in the page on which a session ended while somebody was typing, or is too old for what they ask.

use super::components::{Dialog, ErrorSummary, Field, PasswordField};
use super::forms::call::fields_of;
use super::forms::in_place::{self, InPlace, Interrupted};
use super::session::{viewer, words};
use crate::domain::error::UseCaseError;
use crate::view_models::KEEP_AS_BEFORE;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Whoever signs in again here goes on with what they were about to send.
#[component]
pub fn SignInAgain(in_place: InPlace) -> impl IntoView {
    let words = words();
    let refused = RwSignal::new(None::<UseCaseError>);
    let is_sent = RwSignal::new(false);
    let finish = in_place.finish();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        event.stop_propagation();
        let Some(body) = fields_of(&event).filter(|_| !is_sent.get_untracked()) else { return };
        is_sent.set(true);
        let finish = finish.clone();
        spawn_local(async move {
            let entered = in_place::sign_in(body).await;
            is_sent.set(false);
            match (entered, in_place.waiting.get_untracked()) {
                (Ok(()), Some(Interrupted { form: Some(form), .. })) => finish(in_place::send(&form).await, &form),
                (Ok(()), _) => in_place.waiting.set(None),
                (Err(refusal), _) => refused.set(Some(refusal)),
            }
        });
    };
    let close = move || in_place.waiting.set(None);
    let (title, text) = match in_place.waiting.get_untracked() {
        Some(Interrupted { is_in: true, .. }) => (words.title_password_first(), words.password_first_text()),
        Some(Interrupted { form: Some(_), .. }) => (words.sign_in_again(), words.sign_in_again_text()),
        _ => (words.sign_in_again(), words.session_is_over()),
    };
    let why = move || refused.get().map(|refusal| view! { <ErrorSummary title=words.refusal(&refusal) /> });
    let address = viewer().with_value(|viewer| viewer.address.clone());
    view! {
        <Dialog
            id="sign-in-again"
            title=title
            text=text
            on:cancel=move |_: leptos::ev::Event| close()
        >
            <form class="stack" method="post" action="/sign-in" on:submit=submit>
                {why}
                <input type="hidden" name="keep" value=KEEP_AS_BEFORE />
                <Field
                    label=words.sign_in_name()
                    name="username"
                    id="again-username"
                    value=address
                    autocomplete="username"
                    mono=true
                    required=true
                />
                <PasswordField
                    label=words.password_label()
                    name="password"
                    id="again-password"
                    autocomplete="current-password"
                    show=words.show_password()
                    hide=words.hide_password()
                caps=words.caps_lock()
                    autofocus=true
                />
                <div class="actions">
                    <button type="button" class="button" on:click=move |_| close()>{words.cancel()}</button>
                    <button class="button primary" aria-busy=move || is_sent.get().then_some("true")>{words.sign_in()}</button>
                </div>
            </form>
        </Dialog>
    }
}

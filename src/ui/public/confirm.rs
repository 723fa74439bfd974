//! Whether messages to an address arrive: the question, and what became of it.

use super::paste::PasteForm;
use crate::domain::invitation::DeadLink;
use crate::domain::link::LinkKind;
use crate::ui::components::Field;
use crate::words::Language;
use leptos::prelude::*;

/// Asks to press the button that confirms the address.
#[component]
pub fn ConfirmPage(language: Language, link: String, address: String) -> impl IntoView {
    view! {
        <form class="card" method="post" action=format!("/confirm/{link}")>
            <div class="stack tight">
                <h1>{language.confirm_address()}</h1>
                <p>{language.confirm_address_explained()}</p>
            </div>
            <Field label=language.your_email() name="" id="address" kind="email" value=address readonly=true />
            <div class="actions">
                <button class="button primary">{language.confirm_address()}</button>
            </div>
        </form>
    }
}

/// It is confirmed (`Used`), or the link does not work.
#[component]
pub fn ConfirmedPage(language: Language, why: DeadLink, is_signed_in: bool) -> impl IntoView {
    let (title, next) = language.confirmation_ended(why);
    let is_damaged = !matches!(why, DeadLink::Used | DeadLink::Expired | DeadLink::Deleted);
    let paste = is_damaged.then(|| view! { <PasteForm language=language kind=LinkKind::Confirmation /> });
    let class = if is_damaged { "button" } else { "button primary" };
    let (href, step) = if is_signed_in { ("/", language.back_to_start()) } else { ("/sign-in", language.sign_in()) };
    view! {
        <div class="card">
            <h1>{title}</h1>
            <p role="status">{next}</p>
            {paste}
            <div class="actions">
                <a class=class href=href>{step}</a>
            </div>
        </div>
    }
}

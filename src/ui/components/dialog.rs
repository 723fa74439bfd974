//! A question that must be answered before going on. The URL says that it is asked.

use leptos::prelude::*;

/// Rendered open by the page whose URL asks the question: a card above a dimmed page without script, a modal with it.
/// Title: action and object. The children end with a `DialogActions`, within their form.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    /// What will happen, in a sentence or two; read out with the title.
    #[prop(optional, into)]
    text: String,
    #[prop(optional)] wide: bool,
    children: Children,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let text_id = (!text.is_empty()).then(|| format!("{id}-text"));
    let words = text_id.clone().map(|id| view! { <p id=id>{text}</p> });
    view! {
        <dialog
            open=true
            data-modal=""
            class:wide=wide
            id=id
            role="alertdialog"
            aria-modal="true"
            aria-labelledby=title_id
            aria-describedby=text_id
        >
            <h2 id=title_id.clone()>{title}</h2>
            {words}
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}

/// The buttons of a dialog: Cancel, which has the focus and is where Escape leads, then the submit buttons.
#[component]
pub fn DialogActions(
    #[prop(into)] cancel_href: String,
    #[prop(into)] cancel: String,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="actions">
            <a class="button" href=cancel_href data-cancel="" autofocus=true>{cancel}</a>
            {children()}
        </div>
    }
}

//! A value to take along: a link, a password shown once.

use leptos::prelude::*;

use super::Icon;

/// A button that copies the text of the elements named in `of` (ids, apart by spaces). Not there without script.
#[component]
pub fn CopyButton(
    #[prop(into)] of: String,
    #[prop(into)] copy: String,
    /// The word that stands on it afterwards, and is read out: “Copied”.
    #[prop(into)]
    copied: String,
    #[prop(optional)] small: bool,
) -> impl IntoView {
    view! {
        <button type="button" class="button" class:small=small data-copy=of data-copied=copied>
            <Icon name="copy"/>
            <span class="label">{copy}</span>
        </button>
        <span class="visually-hidden" role="status"></span>
    }
}

/// A value in a field that cannot be changed, with Copy at its end.
#[component]
pub fn CopyField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(into)] copy: String,
    #[prop(into)] copied: String,
) -> impl IntoView {
    view! {
        <div class="field copy-field">
            <label for=id.clone()>{label}</label>
            <div class="joined">
                <input class="input" type="text" id=id.clone() value=value readonly=true spellcheck="false" autocomplete="off"/>
                <CopyButton of=id copy=copy copied=copied/>
            </div>
        </div>
    }
}

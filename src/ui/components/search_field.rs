//! What to look for in a list.

use leptos::prelude::*;

use super::Icon;
use super::field::given;

/// A search field with its magnifier; it stands in `form.filters`. Listen with `on:input` on the component.
#[component]
pub fn SearchField(
    /// Its name; not shown, the place says it.
    #[prop(into)]
    label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] placeholder: String,
) -> impl IntoView {
    view! {
        <div class="search">
            <Icon name="search"/>
            <input
                class="input"
                type="search"
                id=name.clone()
                name=name
                value=value
                placeholder=given(placeholder)
                aria-label=label
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                enterkeyhint="search"
            />
        </div>
    }
}

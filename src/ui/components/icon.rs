//! One icon of the sprite. Which ones there are: `public/icons.svg`.

use leptos::prelude::*;

/// An icon beside a word, in the word's colour and unseen by screen readers.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=format!("/icons.svg#{name}")></use>
        </svg>
    }
}

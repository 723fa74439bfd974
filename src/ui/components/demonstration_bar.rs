//! The line above every page of a demonstration: that nothing here is real, and the way to what one can do about its time.

use leptos::prelude::*;

/// It leads out of the app, to a plain page.
#[component]
pub fn DemonstrationBar(text: &'static str) -> impl IntoView {
    view! {
        <aside class="demonstration-bar" aria-label=text>
            <a href="/demonstration" rel="external">{text}</a>
        </aside>
    }
}

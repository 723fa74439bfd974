//! What was just done, and the way back.

use leptos::prelude::*;

/// A bar that stays at the foot of the page until it is closed; the children are its forms and links (Undo, Close).
#[component]
pub fn StatusBar(#[prop(into)] text: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <div class="status-bar" role="status">
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}

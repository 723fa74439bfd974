//! The page of user.

use leptos::prelude::*;

#[component]
pub fn UserPage() -> impl IntoView {
    view! { <h1>"UserPage"</h1> }
}

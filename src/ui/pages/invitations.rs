//! The page of invitations.

use leptos::prelude::*;

#[component]
pub fn InvitationsPage() -> impl IntoView {
    view! { <h1>"InvitationsPage"</h1> }
}

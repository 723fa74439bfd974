//! The page of mailbox.

use leptos::prelude::*;

#[component]
pub fn MailboxPage() -> impl IntoView {
    view! { <h1>"MailboxPage"</h1> }
}

//! The way through a long list.

use leptos::prelude::*;

use super::Icon;

/// “1–25 of 348”, and links to the pages before and after; where there is none, a button that says so.
#[component]
pub fn Pager(
    previous: Option<String>,
    next: Option<String>,
    #[prop(into)] summary: String,
    #[prop(into)] previous_label: String,
    #[prop(into)] next_label: String,
    /// The name of the landmark: “Pages”.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <nav class="pager" aria-label=label>
            <span class="pager-summary">{summary}</span>
            {step(previous, "button previous", "prev", "chevron-left", previous_label)}
            {step(next, "button next", "next", "chevron-right", next_label)}
        </nav>
    }
}

/// A link without an address is a link that cannot be followed now; it keeps its place.
fn step(href: Option<String>, class: &'static str, rel: &'static str, icon: &'static str, label: String) -> AnyView {
    let disabled = href.is_none().then_some("true");
    let role = href.is_none().then_some("link");
    view! {
        <a class=class rel=rel href=href role=role aria-disabled=disabled>
            <Icon name=icon/>
            <span class="label">{label}</span>
        </a>
    }
    .into_any()
}

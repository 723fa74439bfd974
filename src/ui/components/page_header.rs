//! The heading of a page, and what can be done there.

use leptos::prelude::*;

/// The `h1`, a number beside it, a line below it; the children are the page's actions.
#[component]
pub fn PageHeader(
    #[prop(into)] title: String,
    /// How many: stands beside the heading, not in it.
    #[prop(optional, into)]
    count: Option<String>,
    #[prop(optional, into)] lead: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="page-header">
            <div class="page-title">
                <h1>{title}</h1>
                {count.map(|count| view! { <span class="count">{count}</span> })}
            </div>
            {children.map(|children| view! { <div class="toolbar">{children()}</div> })}
            {(!lead.is_empty()).then(|| view! { <p class="lead">{lead}</p> })}
        </div>
    }
}

//! Views of one thing, each with its own address.

use leptos::prelude::*;

/// One view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tab {
    pub href: String,
    pub label: String,
    pub current: bool,
    pub count: Option<String>,
}

/// Links, not ARIA tabs: every view can be opened, sent and reloaded.
#[component]
pub fn Tabs(items: Vec<Tab>, #[prop(into)] label: String) -> impl IntoView {
    let links = items
        .into_iter()
        .map(|tab| {
            view! {
                <a href=tab.href aria-current=tab.current.then_some("page")>
                    {tab.label}
                    {tab.count.map(|count| view! { " "<span class="count">{count}</span> })}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=label>{links}</nav> }
}

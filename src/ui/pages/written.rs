//! The frame of every page whose inside the server writes. The views of these pages are compiled for the server only, as
//! nothing in the browser's half calls them; their links and forms are plain, and `usher.js` serves them like any other.

use super::error::RefusedPage;
use crate::server_fns::written::written_page;
use crate::ui::components::Skeleton;
use crate::ui::session::words;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// Whatever stands at the page's address, asked for again when the address changes.
#[component]
pub fn WrittenPage() -> impl IntoView {
    let location = use_location();
    let address = Memo::new(move |last: Option<&String>| {
        let (here, query) = (location.pathname.get(), location.search.get());
        match last {
            // Leaving for a page of another kind changes the address too, but there is nothing to ask for then.
            Some(last) if matches!(here.trim_end_matches('/'), "/users" | "/users/invite") => last.clone(),
            _ if query.is_empty() => here,
            _ => format!("{here}?{query}"),
        }
    });
    let page = Resource::new(move || address.get(), written_page);
    view! {
        <Transition fallback=move || view! { <Skeleton label=words().page_loading() /> }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! {
                        <Title text=page.title />
                        <div class="stack" inner_html=page.html></div>
                    }
                    .into_any(),
                    Err(refusal) => view! { <RefusedPage refusal=refusal /> }.into_any(),
                }
            })}
        </Transition>
    }
}

//! The frame of a page whose inside the server writes. Its views are compiled for the server only, as nothing in the
//! browser's half calls them; its links and forms are plain, and `usher.js` serves it like any other.

use super::error::RefusedPage;
use crate::server_fns::written::written_page;
use crate::ui::components::Skeleton;
use crate::ui::session::words;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// Asks for what stands at the page's address, and again when the address changes within the page.
pub fn page(path: &'static str, title: &'static str) -> impl IntoView {
    let location = use_location();
    let address = Memo::new(move |last: Option<&String>| {
        let (here, query) = (location.pathname.get(), location.search.get());
        // Leaving the page changes the address too, but there is nothing to ask for then.
        match last {
            Some(last) if !here.starts_with(path) => last.clone(),
            _ if query.is_empty() => here,
            _ => format!("{here}?{query}"),
        }
    });
    let html = Resource::new(move || address.get(), written_page);
    view! {
        <Title text=title />
        <Transition fallback=move || view! { <Skeleton label=words().page_loading() /> }>
            {move || Suspend::new(async move {
                match html.await {
                    Ok(html) => view! { <div class="stack" inner_html=html></div> }.into_any(),
                    Err(refusal) => view! { <RefusedPage refusal=refusal /> }.into_any(),
                }
            })}
        </Transition>
    }
}

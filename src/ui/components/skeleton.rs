//! Rows on their way.

use leptos::prelude::*;

/// Grey rows of the height that the real ones will have; screen readers hear the label.
#[component]
pub fn Skeleton(#[prop(default = 8)] rows: usize, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{label}</span>
            {(0..rows).map(|_| view! { <i aria-hidden="true"></i> }).collect_view()}
        </div>
    }
}

//! What is known of something: a word and its value, row by row.

use leptos::prelude::*;

/// The list; its children are `Fact`s.
#[component]
pub fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// One row, with `value` as text or children as a view; without either, or with an empty value alone, no row at all.
#[component]
pub fn Fact(
    #[prop(into)] label: String,
    #[prop(optional_no_strip, into)] value: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let value = value.filter(|value| !value.trim().is_empty());
    (value.is_some() || children.is_some()).then(|| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value} {children.map(|children| children())}</dd>
            </div>
        }
    })
}

//! Fields that belong to one thing of several.

use leptos::prelude::*;
use std::hash::Hash;

/// Fields that are made anew when they become those of something else. A page that comes in place of another hands its elements on to
/// whatever stands there now, and a field keeps what was typed into it: without this the text of one row would be sent as another's.
#[component]
pub fn FieldsOf<T>(
    /// What they are of, and what they show of it.
    of: T,
    children: ChildrenFn,
) -> impl IntoView
where
    T: Clone + Eq + Hash + Send + Sync + 'static,
{
    view! { <For each=move || [of.clone()] key=T::clone children=move |_| children() /> }
}

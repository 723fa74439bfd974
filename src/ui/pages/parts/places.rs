//! What somebody holds, and where: role, unit, and what they were given on top.

use crate::domain::listing::HeldRole;
use crate::ui::session::{viewer, vocabulary, words};
use leptos::prelude::*;

/// One's own roles that count, line by line.
#[component]
pub fn OwnPlaces(places: Vec<HeldRole>) -> impl IntoView {
    let rows = places.into_iter().map(row).collect_view();
    view! { <ul class="places">{rows}</ul> }
}

fn row(held: HeldRole) -> impl IntoView {
    let words = words();
    let role = viewer().with_value(|viewer| viewer.role(&held.place.role).map(|role| words.role_name(role)));
    let extra: Vec<&str> = held.place.extra.iter().map(|one| words.permission_in(vocabulary(), one)).collect();
    let extra = (!extra.is_empty()).then(|| {
        view! { " "<span class="muted">{words.start_extra(&extra.join(", ").to_lowercase())}</span> }
    });
    view! {
        <li>
            <strong>{role.unwrap_or_default()}</strong>
            {format!(" · {}", held.unit)}
            {extra}
        </li>
    }
}

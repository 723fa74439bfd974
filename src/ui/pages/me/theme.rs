//! Light, dark, or as the device has it; kept in a cookie of this browser. The same stands in the menu of the account.

use crate::ui::session::words;
use leptos::prelude::*;

/// One button per theme, the chosen one pressed.
pub fn section(chosen: Option<&str>) -> impl IntoView + use<> {
    let words = words();
    let buttons = words
        .themes()
        .map(|(theme, word)| {
            let is_chosen = theme == chosen.unwrap_or("system");
            let (class, pressed) = if is_chosen { ("button primary", "true") } else { ("button", "false") };
            view! { <button class=class name="theme" value=theme aria-pressed=pressed>{word}</button> }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="theme">
            <h2 id="theme">{words.own_theme()}</h2>
            <p class="muted" id="theme-hint">{words.own_theme_hint()}</p>
            <form method="post" action="/theme">
                <div class="cluster" role="group" aria-labelledby="theme" aria-describedby="theme-hint">{buttons}</div>
            </form>
        </section>
    }
}

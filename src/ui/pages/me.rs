//! One's own page: details, password, the devices where one is signed in, tokens, the theme. Its forms load
//! the page anew: the language may have changed, and every device may have gone.

mod agreements;
mod details;
mod password;
mod sessions;
mod theme;
mod tokens;

use crate::ui::components::PageHeader;
use crate::ui::session::words;
use crate::view_models::Profile;
use leptos::prelude::*;

/// Its inside; `theme` is the one chosen in this browser.
pub fn page(profile: Profile, theme: Option<&str>) -> AnyView {
    view! {
        <PageHeader title=words().my_profile() />
        <div class="columns">
            <div class="stack">{details::section(&profile)} {password::section(&profile)}</div>
            <div class="stack">{sessions::section(profile.sessions)} {agreements::section(&profile.consents)} {profile.tokens.map(tokens::section)} {theme::section(theme)}</div>
        </div>
    }
    .into_any()
}

//! The authorization method, asked when somebody is added (rules 76, 79): each has a form at an address of its own.

use crate::ui::components::{Tab, Tabs};
use crate::ui::session::words;
use leptos::prelude::*;

/// The two methods, where both are on.
pub fn method_choice(is_login: bool) -> AnyView {
    let words = words();
    let tab =
        |href: &str, label: &str, current: bool| Tab { href: href.into(), label: label.into(), current, count: None };
    let items = vec![
        tab("/users/invite", words.method_by_email(), !is_login),
        tab("/users/add-login", words.method_by_login(), is_login),
    ];
    view! {
        <p class="muted" id="method-label">{words.method_label()}</p>
        <Tabs items=items label=words.method_label() />
    }
    .into_any()
}

//! The actions of one thing, behind a button. Opens without script; arrows and letters come from usher.js.

use leptos::prelude::*;

use super::Icon;

/// A ⋯ button and its list of `MenuLink` and `MenuButton`. The id must be unique on the page.
/// A form inside carries `role="none"`, since a menu holds nothing but its items.
#[component]
pub fn Menu(
    #[prop(into)] id: String,
    /// What the menu is about: “Actions for Ivan Petrov”.
    #[prop(into)]
    label: String,
    /// Another face than ⋯: an avatar, words with a chevron. Its button then has the class `account-button`.
    #[prop(optional, into)]
    face: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let class = if face.is_some() { "account-button" } else { "button quiet icon-only" };
    let face = face.unwrap_or_else(|| view! { <Icon name="more"/> }.into_any());
    view! {
        <button
            type="button"
            class=class
            id=format!("{id}-button")
            popovertarget=id.clone()
            aria-haspopup="menu"
        >
            {face}
            <span class="visually-hidden">{label.clone()}</span>
        </button>
        <div class="menu" id=id popover="auto" role="menu" aria-label=label>
            {children()}
        </div>
    }
}

/// An item that leads somewhere.
#[component]
pub fn MenuLink(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional)] danger: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="menu-item" class:danger=danger role="menuitem" href=move || href.get()>
            {icon.map(|name| view! { <Icon name=name/> })}
            <span>{children()}</span>
        </a>
    }
}

/// An item that does something: the submit button of the form around it.
#[component]
pub fn MenuButton(
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional)] danger: bool,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <button class="menu-item" class:danger=danger type="submit" role="menuitem" name=name value=value>
            {icon.map(|name| view! { <Icon name=name/> })}
            <span>{children()}</span>
        </button>
    }
}

/// A line between groups of items.
#[component]
pub fn MenuDivider() -> impl IntoView {
    view! { <hr/> }
}

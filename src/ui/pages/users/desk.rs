//! The list of people, and what opens over it at an address of its own: the form that invites. The list stays as it is meanwhile;
//! opened directly, and without script, that address is a page by itself.

use super::UsersPage;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_navigate};

/// Where the form stands that invites people.
#[derive(Clone, Copy)]
pub struct InvitePlace {
    /// Over the list; else on a page of its own.
    pub is_dialog: Signal<bool>,
    /// Back to the list as it was.
    pub close: Callback<()>,
    /// Somebody was invited, or taken back.
    pub changed: Callback<()>,
}

/// How often somebody was invited over the list: each time it is asked for anew.
#[derive(Clone, Copy)]
pub struct InvitedOver(pub RwSignal<u32>);

/// The list, with what its address opens over it.
#[component]
pub fn UsersDesk() -> impl IntoView {
    let location = use_location();
    let path = location.pathname;
    let is_list = Memo::new(move |_| path.with(|path| path.trim_end_matches('/') == "/users"));
    // Whoever came here by another address than the list's sees no list before they ask for it.
    let has_list = RwSignal::new(is_list.get_untracked());
    let last_list = StoredValue::new("/users".to_string());
    Effect::new(move || {
        if is_list.get() {
            last_list.set_value(match location.search.get() {
                search if search.is_empty() => "/users".into(),
                search => format!("/users?{search}"),
            });
            if !has_list.get_untracked() {
                has_list.set(true);
            }
        }
    });
    let invited = RwSignal::new(0);
    provide_context(InvitedOver(invited));
    let navigate = use_navigate();
    provide_context(InvitePlace {
        is_dialog: has_list.into(),
        close: Callback::new(move |()| {
            // The very list that lies below, with whatever it was narrowed to, in the place of what lay over it.
            let is_over = has_list.get_untracked();
            let options = NavigateOptions { replace: is_over, scroll: !is_over, ..NavigateOptions::default() };
            navigate(&last_list.get_value(), options);
        }),
        changed: Callback::new(move |()| {
            invited.try_update(|times| *times += 1);
        }),
    });
    view! {
        {move || has_list.get().then(|| view! { <UsersPage /> })}
        <Outlet />
    }
}

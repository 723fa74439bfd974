//! Pages that lie in a file of their own: the router fetches it when one of them is opened. By hand, and not with the library's
//! own macro, which ends the whole app when a file does not come: here the page says so, and the rest goes on.

use crate::ui::components::EmptyState;
use crate::ui::forms::in_place::InPlace;
use crate::ui::help::Help;
use crate::ui::keys::{OpenOverlay, Overlay};
use crate::ui::palette::Palette;
use crate::ui::session::words;
use crate::ui::session_ending::SessionEnding;
use crate::ui::sign_in_again::SignInAgain;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use leptos::wasm_split::wasm_split;
use leptos_router::LazyRoute;

/// The page's file did not come: no network, or a newer version runs on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// What stands where the page would: the next step asks the server for all of it anew.
fn not_loaded() -> AnyView {
    let words = words();
    view! {
        <EmptyState title=words.page_not_loaded() text=words.page_not_loaded_text() icon="alert">
            <a class="button primary" href="" rel="external">
                {words.try_again()}
            </a>
        </EmptyState>
    }
    .into_any()
}

macro_rules! lazy_page {
    ($(#[$doc:meta])* $route:ident, $group:ident, $load:ident, $call:ident, $view:expr) => {
        $(#[$doc])*
        pub struct $route;

        #[wasm_split($group, wasm_split_path = ::leptos::wasm_split, fallible, preload($load))]
        fn $call() -> Result<AnyView, NotLoaded> {
            Ok($view)
        }

        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            async fn view(_: Self) -> AnyView {
                $call().await.unwrap_or_else(|_| not_loaded())
            }

            async fn preload() {
                // Whether it came is asked when it is needed.
                let _ = $load().await;
            }
        }
    };
}

lazy_page!(
    /// The page on which people are invited.
    InviteRoute, invite, load_invite, view_invite, super::invite::InvitePage().into_any()
);

lazy_page!(
    /// Every page but the users table and the one on which people are invited.
    RestRoute, rest, load_rest, view_rest, super::rest::rest_page()
);

/// A window that a key opens lies with the pages, too.
#[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn overlay(open: OpenOverlay, which: Overlay) -> Result<AnyView, NotLoaded> {
    Ok(match which {
        Overlay::Palette => view! { <Palette open=open /> }.into_any(),
        Overlay::Help => view! { <Help open=open /> }.into_any(),
    })
}

/// The question to sign in again lies with the pages, as it is hardly ever asked.
#[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn sign_in_again(in_place: InPlace) -> Result<AnyView, NotLoaded> {
    Ok(view! { <SignInAgain in_place=in_place /> }.into_any())
}

/// So does the warning before a session ends.
#[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn session_ending(left: RwSignal<i64>, in_place: InPlace) -> Result<AnyView, NotLoaded> {
    Ok(view! { <SessionEnding left=left in_place=in_place /> }.into_any())
}

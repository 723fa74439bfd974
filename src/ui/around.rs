//! What stands around every page in the browser: that a form was not sent and why, that there is no network, and the question to
//! sign in again where a session ended while somebody was typing. Nothing of it is there without script.

use super::forms::in_place::InPlace;
use super::keys::{self, OpenOverlay};
use super::pages::error::RefusedPage;
use super::pages::lazy::{overlay, session_ending, sign_in_again};
use super::session::{seconds_left, words};
use super::session_ending::{WARNING, milliseconds};
use crate::domain::error::UseCaseError;
use leptos::ev::{offline, online};
use leptos::prelude::*;
use leptos::web_sys::js_sys::Date;
use leptos_router::hooks::use_location;
use std::time::Duration;

/// All of it, after the page.
#[component]
pub fn AroundPage(in_place: InPlace, open: OpenOverlay) -> impl IntoView {
    keys::listen(open);
    let path = use_location().pathname;
    // What was said of a form stays with its page.
    Effect::new(move |last: Option<String>| {
        let path = path.get();
        if last.is_some_and(|last| last != path) {
            in_place.problem.set(None);
        }
        path
    });
    let left = RwSignal::new(seconds_left());
    let is_near = RwSignal::new(false);
    Effect::new(move |_| {
        is_near.set(false);
        let warned_at = Date::now() + milliseconds(left.get() - WARNING);
        // By the clock and not by one long wait: a computer may sleep in between.
        let look = move || {
            if Date::now() >= warned_at && is_near.try_get_untracked() == Some(false) {
                is_near.set(true);
            }
        };
        let every = set_interval_with_handle(look, Duration::from_secs(2)).ok();
        on_cleanup(move || {
            if let Some(every) = every {
                every.clear();
            }
        });
    });
    let is_offline = RwSignal::new(false);
    Effect::new(move |_| {
        let gone = window_event_listener(offline, move |_| is_offline.set(true));
        let back = window_event_listener(online, move |_| is_offline.set(false));
        on_cleanup(move || {
            gone.remove();
            back.remove();
        });
    });
    let problem = move || {
        in_place.problem.get().map(|refusal| {
            let words = words();
            let close = move |_| in_place.problem.set(None);
            view! {
                <div class="status-bar tone-error" role="alert">
                    <p>{words.form_not_sent(&words.refusal(&refusal))}</p>
                    <button type="button" class="button" on:click=close>{words.close()}</button>
                </div>
            }
        })
    };
    view! {
        {move || is_offline.get().then(|| view! { <p class="offline" role="status">{words().you_are_offline()}</p> })}
        {problem}
        <Suspense fallback=|| ()>
            {move || is_near.get().then(|| Suspend::new(async move { session_ending(left, in_place).await.ok() }))}
            {move || {
                open
                    .0
                    .get()
                    .map(|which| Suspend::new(async move {
                        overlay(open, which).await.ok()
                    }))
            }}
            {move || {
                in_place
                    .waiting
                    .get()
                    .map(|_| Suspend::new(async move {
                        // Where not even the question comes, the door itself is left.
                        sign_in_again(in_place).await.unwrap_or_else(|_| view! { <RefusedPage refusal=UseCaseError::SignInFirst /> }.into_any())
                    }))
            }}
        </Suspense>
    }
}

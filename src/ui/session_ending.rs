//! The warning that a session is about to end, and the way on: to stay, or to sign in again in the same page.

use super::forms::call::call;
use super::forms::in_place::InPlace;
use super::session::words;
use crate::domain::error::UseCaseError;
use crate::server_fns::profile::{StaySignedIn, session_end};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use leptos::web_sys::js_sys::Date;
use std::time::Duration;

/// So long before the end one is warned, in seconds.
pub const WARNING: i64 = 120;

/// How often is looked whether it has ended.
const LOOK: Duration = Duration::from_secs(5);

/// As the browser's clock counts.
pub fn milliseconds(seconds: i64) -> f64 {
    f64::from(i32::try_from(seconds).unwrap_or(i32::MAX)) * 1_000.0
}

/// How a session stands.
#[derive(Clone, Debug, PartialEq)]
enum SessionState {
    /// Not known yet: another page may have made it longer.
    Unknown,
    /// It ends at this moment of the browser's clock, in milliseconds.
    Ends {
        at: f64,
        is_final: bool,
    },
    Over,
}

/// The warning. `left` is what the app knows of the end, in seconds.
#[component]
pub fn SessionEnding(left: RwSignal<i64>, in_place: InPlace) -> impl IntoView {
    let standing = RwSignal::new(SessionState::Unknown);
    let take = move |answer: Result<i64, UseCaseError>, is_prolonged: bool| match answer {
        Ok(seconds) if seconds > WARNING => {
            // The button goes; whoever pressed it goes on where the page begins.
            if is_prolonged && let Some(page) = document().get_element_by_id("main") {
                let _ = page.unchecked_into::<HtmlElement>().focus();
            }
            left.set(seconds);
        }
        Ok(seconds) => {
            let at = Date::now() + milliseconds(seconds);
            standing.try_set(SessionState::Ends { at, is_final: is_prolonged });
        }
        Err(UseCaseError::SignInFirst) => {
            standing.try_set(SessionState::Over);
        }
        // Without a connection nothing is known, and nothing is said.
        Err(_) => {}
    };
    let ask = move || spawn_local(async move { take(session_end().await, false) });
    Effect::new(move |_| {
        ask();
        let look = move || match standing.try_get_untracked() {
            Some(SessionState::Ends { at, .. }) if Date::now() >= at => ask(),
            Some(SessionState::Unknown) => ask(),
            _ => {}
        };
        let every = set_interval_with_handle(look, LOOK).ok();
        on_cleanup(move || {
            if let Some(every) = every {
                every.clear();
            }
        });
    });
    // Whoever has signed in again is asked no more.
    Effect::new(move |was: Option<bool>| {
        let is_asked = in_place.waiting.with(Option::is_some);
        if was == Some(true) && !is_asked {
            ask();
        }
        is_asked
    });
    let stay = move |_| {
        spawn_local(async move {
            let answer = match call(StaySignedIn::PATH, String::new()).await {
                Ok(answer) => answer.read().ok_or(UseCaseError::Unreadable),
                Err(refusal) => Err(refusal),
            };
            take(answer, true);
        });
    };
    let sign_in = move |_| in_place.ask_to_sign_in();
    move || {
        let words = words();
        let (text, button) = match standing.get() {
            SessionState::Unknown => return ().into_any(),
            SessionState::Ends { at, is_final: true } => (words.session_ends_for_good(&clock(at)), None),
            SessionState::Ends { at, is_final: false } => {
                let button = view! {
                    <button type="button" class="button" on:click=stay>{words.session_stay()}</button>
                };
                (words.session_ends(&clock(at)), Some(button.into_any()))
            }
            SessionState::Over => {
                let button = view! { <button type="button" class="button" on:click=sign_in>{words.sign_in()}</button> };
                (words.session_is_over().to_string(), Some(button.into_any()))
            }
        };
        view! {
            <div class="status-bar session-bar" role="alert">
                <p>{text}</p>
                {button}
            </div>
        }
        .into_any()
    }
}

/// A moment on the clock of whoever reads.
fn clock(at: f64) -> String {
    let date = Date::new(&at.into());
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

//! Keys that work on every page: where to go, what to look for, and the two windows that a key opens. They rest in fields, in
//! windows, and for whoever has switched them off.

use super::session::{may_use, viewer};
use crate::domain::permission::Permission;
use leptos::ev::{KeyboardEvent, keydown};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::js_sys::Reflect;
use leptos::web_sys::{Element, HtmlElement};
use leptos_router::hooks::use_navigate;
use std::time::Duration;

/// A window that a key opens above any page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// Pages, people and actions by their names.
    Palette,
    /// What the page is for, and the keys.
    Help,
}

/// Which of them is open.
#[derive(Clone, Copy, Debug)]
pub struct OpenOverlay(pub RwSignal<Option<Overlay>>);

/// Sections by the letter behind `g`, as far as the viewer may open them.
const SECTIONS: [(&str, &str, Option<Permission>); 7] = [
    ("u", "/users", Some(Permission::SeeUsers)),
    ("t", "/units", Some(Permission::SeeUnits)),
    ("i", "/invitations", Some(Permission::SeeInvitations)),
    ("s", "/shifts", None),
    ("a", "/audit", Some(Permission::SeeAudit)),
    ("e", "/settings", Some(Permission::SeeSettings)),
    ("m", "/me", None),
];

/// Those that the viewer may open. Everybody has shifts of their own, where there are any.
pub fn sections() -> impl Iterator<Item = (&'static str, &'static str, Option<Permission>)> {
    let plans_shifts = viewer().with_value(|viewer| viewer.plans_shifts);
    SECTIONS
        .into_iter()
        .filter(move |(_, href, needs)| needs.is_none_or(may_use) && (plans_shifts || *href != "/shifts"))
}

/// How long `g` waits for its second letter.
const SECOND: Duration = Duration::from_millis(1_500);

const KEPT: &str = "usher-keys";

/// Whether single letters are keys in this browser.
pub fn letters_are_on() -> bool {
    storage().and_then(|storage| Reflect::get(&storage, &KEPT.into()).ok()).is_none_or(|kept| kept != "off")
}

/// Switches them on or off, for this browser.
pub fn set_letters(on: bool) {
    if let Some(storage) = storage() {
        // A browser that keeps nothing forgets it, and no more.
        let _ = Reflect::set(&storage, &KEPT.into(), &if on { "on" } else { "off" }.into());
    }
}

fn storage() -> Option<leptos::wasm_bindgen::JsValue> {
    Reflect::get(&window(), &"localStorage".into()).ok().filter(|storage| storage.is_object())
}

/// Listens for the keys as long as the app lives.
pub fn listen(open: OpenOverlay) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let (navigate, goes) = (navigate.clone(), StoredValue::new(false));
        let listener = window_event_listener(keydown, move |event| pressed(&event, open, goes, &navigate));
        on_cleanup(move || listener.remove());
    });
}

fn pressed(
    event: &KeyboardEvent,
    OpenOverlay(open): OpenOverlay,
    goes: StoredValue<bool>,
    navigate: &impl Fn(&str, leptos_router::NavigateOptions),
) {
    let key = event.key();
    if (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("k") {
        event.prevent_default();
        open.set(Some(Overlay::Palette));
        return;
    }
    let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
    if has_modifier || event.default_prevented() || is_busy(event) || !letters_are_on() {
        return;
    }
    let is_second = goes.get_value();
    goes.set_value(false);
    let go = |path: &str| {
        event.prevent_default();
        navigate(path, leptos_router::NavigateOptions::default());
    };
    if is_second {
        let section = sections().find(|(letter, ..)| *letter == key);
        if let Some((_, path, _)) = section {
            go(path);
        }
        return;
    }
    match key.as_str() {
        "g" => {
            goes.set_value(true);
            set_timeout(
                move || {
                    goes.try_set_value(false);
                },
                SECOND,
            );
        }
        "i" if may_use(Permission::Invite) => go("/users/invite"),
        "?" => {
            event.prevent_default();
            open.set(Some(Overlay::Help));
        }
        "/" => {
            let field = document().query_selector("main input[type=search]").ok().flatten();
            if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
                event.prevent_default();
                let _ = field.focus();
            }
        }
        "j" | "k" | "x" | "." => row_key(event, &key),
        "e" => {
            if let Some(path) = edit_path() {
                go(&path);
            }
        }
        _ => {}
    }
}

/// The row of a list of people in which the focus stands.
fn focused_row() -> Option<Element> {
    document().active_element().and_then(|focused| focused.closest(".people tbody tr").ok().flatten())
}

/// Where whoever the focus stands on, or the page is about, is edited by the viewer.
fn edit_path() -> Option<String> {
    let of_page = || document().query_selector("main a[href$='/edit']").ok().flatten()?.get_attribute("href");
    match focused_row() {
        // Dots stand where there is something to do.
        Some(row) => {
            row.query_selector("a.dots").ok().flatten()?.get_attribute("href").map(|card| format!("{card}/edit"))
        }
        None => of_page(),
    }
}

/// In a list of people `j` goes to the next row, `k` to the one before, `x` selects it, and a dot opens its menu.
fn row_key(event: &KeyboardEvent, key: &str) {
    let focused = focused_row();
    let row = match (&focused, key) {
        (Some(row), "j") => row.next_element_sibling(),
        (Some(row), "k") => row.previous_element_sibling(),
        (None, "j" | "k") => document().query_selector(".people tbody tr").ok().flatten(),
        _ => focused,
    };
    let what = match key {
        "x" => "th input",
        "." => "a.dots",
        _ => "th a",
    };
    let found = row.and_then(|row| row.query_selector(what).ok().flatten());
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        if matches!(key, "x" | ".") { found.click() } else { drop(found.focus()) }
    }
}

/// Whether somebody is typing, stands on a control that is worked by keys, or has something open that has keys of its own.
fn is_busy(event: &KeyboardEvent) -> bool {
    const OWN: &str = "input,textarea,select,button,summary,[contenteditable],[role=menu]";
    let target = event.target().and_then(|target| target.dyn_into::<leptos::web_sys::Element>().ok());
    let is_field = target.is_some_and(|target| target.closest(OWN).ok().flatten().is_some());
    is_field || document().query_selector("dialog[open]").ok().flatten().is_some()
}

//! The field of a new password on the pages that set one, set-up and reset: what is asked is ticked off as it is typed, and all
//! that is missing is said at once. It comes alive by the small build of the registration page; without script it is a field with
//! its rule beside it.

use super::asked::asked_list;
use super::checks::{FieldError, PasswordState};
use super::minlength;
use crate::domain::password::PasswordPolicy;
use crate::ui::components::PasswordField;
use crate::view_models::NewPasswordView;
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{HtmlElement, HtmlInputElement};
use std::time::Duration;

/// The element around it, which a script looks for.
pub const PLACE: &str = "new-password";

/// An error appears this long after the field was left: it must not push away the button that is being pressed.
const AFTER_THE_CLICK: Duration = Duration::from_millis(200);

/// What is known about the field.
#[derive(Clone, Copy)]
struct Typing {
    rules: StoredValue<Vec<PasswordPolicy>>,
    /// One for each rule.
    states: StoredValue<Vec<RwSignal<PasswordState>>>,
    error: RwSignal<Option<String>>,
    /// What is wrong with the second one, where it is typed twice.
    error_again: RwSignal<Option<String>>,
    language: RwSignal<crate::words::Language>,
}

impl Typing {
    /// Every rule looks at what stands there.
    fn read(self, password: &str) {
        let rules = self.rules.get_value();
        for (rule, state) in rules.iter().zip(self.states.get_value()) {
            state.try_set(PasswordState::of(*rule, password));
        }
        // What the server said of a password stands until another one is typed.
        if !password.is_empty() && self.error.try_get_untracked().flatten().is_some() {
            self.error.try_set(self.find());
        }
        // What was said of the second one is said as long as it is so.
        if again().is_some_and(|again| again.value() == password) {
            self.error_again.try_set(None);
        }
    }

    /// Everything that is wrong by the rule that holds, in sentences.
    fn find(self) -> Option<String> {
        let state = self.states.get_value().get(chosen()).copied()?;
        let problems = state.try_get_untracked()?.problems;
        let language = self.language.try_get_untracked().unwrap_or_default();
        (!problems.is_empty()).then(|| FieldError::Password(problems).text(language))
    }

    /// What is wrong is said once the field was left, unless nothing was typed.
    fn left(self) {
        set_timeout(
            move || {
                let Some(field) = field() else { return };
                let is_there = document().active_element().is_some_and(|active| active.id() == field.id());
                if !is_there && !field.value().is_empty() {
                    self.error.try_set(self.find());
                }
            },
            AFTER_THE_CLICK,
        );
    }

    /// The form around it: what is missing holds it back, and another choice brings another rule.
    fn heard(self, event: &Event) {
        let Some(field) = field() else { return };
        self.read(&field.value());
        if event.type_() == "submit"
            && let Some(wrong) = self.find()
        {
            event.prevent_default();
            self.error.try_set(Some(wrong));
            let _ = field.focus();
            return;
        }
        let Some(again) = again() else { return };
        let language = self.language.try_get_untracked().unwrap_or_default();
        let differs = (again.value() != field.value()).then(|| language.passwords_differ().to_string());
        if event.type_() == "submit" && differs.is_some() {
            event.prevent_default();
            self.error_again.try_set(differs);
            let _ = again.focus();
        }
    }
}

/// Which of several rules holds: that of the choice which is made in the form.
fn chosen() -> usize {
    let choice = document().query_selector("[name=preset]:checked").ok().flatten();
    let at = choice.and_then(|choice| choice.id().rsplit('-').next().and_then(|at| at.parse().ok()));
    at.unwrap_or_default()
}

fn again() -> Option<HtmlInputElement> {
    document().get_element_by_id("password_again")?.dyn_into().ok()
}

fn field() -> Option<HtmlInputElement> {
    document().get_element_by_id("password")?.dyn_into().ok()
}

/// The field.
#[component]
pub fn NewPassword(view: NewPasswordView) -> impl IntoView {
    let words = view.language;
    let language = RwSignal::new(words);
    let states: Vec<_> = view.rules.iter().map(|rule| RwSignal::new(PasswordState::of(*rule, ""))).collect();
    let lists = view.rules.iter().zip(&states).map(|(rule, state)| asked_list(*rule, language, *state));
    let lists: Vec<_> = lists.collect();
    let class = if lists.len() > 1 { "rule-of-choice" } else { "" };
    let shortest = view.rules.iter().map(|rule| minlength(*rule)).min().unwrap_or_default();
    let (error, error_again) = (RwSignal::new(view.said), RwSignal::new(view.said_again));
    let typing =
        Typing { rules: StoredValue::new(view.rules), states: StoredValue::new(states), error, error_again, language };
    Effect::new(move |_| {
        let Some(field) = field() else { return };
        // What was typed before the script came, or by a password manager.
        typing.read(&field.value());
        if let Some(form) = field.form() {
            let form: HtmlElement = form.unchecked_into();
            let hear = Closure::<dyn FnMut(Event)>::new(move |event: Event| typing.heard(&event));
            for kind in ["submit", "change"] {
                let _ = form.add_event_listener_with_callback(kind, hear.as_ref().unchecked_ref());
            }
            // As long as the page.
            hear.forget();
        }
    });
    let again = view.repeats.then(|| {
        view! {
            <PasswordField
                label=words.password_again_label()
                name="password_again"
                autocomplete="new-password"
                show=words.show_password()
                hide=words.hide_password()
                error=error_again
            />
        }
    });
    let label = if view.is_first { words.password_label() } else { words.new_password_label() };
    view! {
        <div
            on:input:target=move |_| {
                if let Some(field) = field() {
                    typing.read(&field.value());
                }
            }
            on:focusout=move |_| typing.left()
        >
            <PasswordField
                label=label
                name="password"
                autocomplete="new-password"
                show=words.show_password()
                hide=words.hide_password()
                caps=words.caps_lock()
                asked=view! { <div class=class>{lists}</div> }.into_any()
                error=error
                minlength=shortest
                autofocus=view.takes_focus
            />
            {again}
        </div>
    }
}

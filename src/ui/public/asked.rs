//! What is asked of a new password, line by line, ticked off as it is typed.

use super::checks::PasswordState;
use crate::domain::password::{PasswordPolicy, PasswordProblem};
use crate::ui::components::Icon;
use crate::words::Language;
use leptos::prelude::*;

/// Everything that a rule asks, and that nobody guesses it, which only the server can tell.
pub fn asked_list(rule: PasswordPolicy, language: RwSignal<Language>, password: RwSignal<PasswordState>) -> AnyView {
    let asked = rule.asked().into_iter().chain([PasswordProblem::Guessable]);
    let lines = asked.map(|asked| asked_line(asked, language, password)).collect_view();
    view! { <ul class="asked">{lines}</ul> }.into_any()
}

/// One thing that is asked of the password, ticked off as it is typed.
fn asked_line(asked: PasswordProblem, language: RwSignal<Language>, password: RwSignal<PasswordState>) -> AnyView {
    let is_there = move || password.with(|password| password.is_there(asked));
    let mark = move || match is_there() {
        Some(true) => "there",
        Some(false) => "missing",
        None => "open",
    };
    let heard = move || {
        let words = language.get();
        match is_there() {
            Some(true) => format!(" ({})", words.asked_and_there()),
            Some(false) => format!(" ({})", words.asked_and_missing()),
            None => String::new(),
        }
    };
    view! {
        <li data-state=mark>
            <Icon name="dot" />
            <Icon name="check" />
            <span>{move || language.get().password_asks(asked)}</span>
            <span class="visually-hidden">{heard}</span>
        </li>
    }
    .into_any()
}

//! One of a few, each with a line that says what it means: roles, lengths of validity.

use leptos::prelude::*;

use super::Choice;
use super::field::{Wires, error_line, hint_line, invalid, required_mark};

/// Choices in sight, each with its meaning.
#[component]
pub fn RadioGroup(
    #[prop(into)] legend: String,
    #[prop(into)] name: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] selected: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    /// Where `name` is not unique on the page.
    #[prop(optional, into)]
    id: String,
) -> impl IntoView {
    let wires = Wires::new(id, &name, &hint);
    let rows = choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let chosen = choice.value == selected;
            let id = format!("{}-{at}", wires.control);
            let meaning_id = (!choice.hint.is_empty()).then(|| format!("{id}-hint"));
            let meaning = meaning_id.clone().map(|id| view! { <p class="hint" id=id>{choice.hint}</p> });
            view! {
                <div class="choice">
                    <input
                        type="radio"
                        id=id.clone()
                        name=name.clone()
                        value=choice.value
                        checked=chosen
                        required=required
                        aria-describedby=meaning_id
                        aria-invalid=invalid(error)
                    />
                    <label for=id>{choice.label}</label>
                    {meaning}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" id=wires.control.clone() tabindex="-1" aria-describedby=wires.described_by(error)>
            <legend>{legend}{required_mark(required)}</legend>
            {hint_line(&wires, hint.into())}
            <div class="choices">{rows}</div>
            {error_line(&wires, error)}
        </fieldset>
    }
}

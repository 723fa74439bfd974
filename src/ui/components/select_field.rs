//! One of several, in the browser's own list.

use leptos::prelude::*;

use super::Icon;
use super::field::{Wires, frame, hint_line, invalid};

/// One of the answers to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// What choosing it means, in one line; empty where the label says it all.
    pub hint: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// With a line that says what choosing it means.
    pub fn meaning(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}

/// A native select. The choices' hints are not shown here; a `RadioGroup` shows them.
#[component]
pub fn SelectField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] selected: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    /// The label is for screen readers only: in rows and filters, where the place says what it is.
    #[prop(optional)]
    label_hidden: bool,
    /// Of the form to which it belongs, when it stands outside of it.
    #[prop(optional, into)]
    form: Option<String>,
    /// Where `name` is not unique on the page.
    #[prop(optional, into)]
    id: String,
) -> impl IntoView {
    let wires = Wires::new(id, &name, &hint);
    let options = choices
        .into_iter()
        .map(|choice| {
            let chosen = choice.value == selected;
            view! { <option value=choice.value selected=chosen>{choice.label}</option> }
        })
        .collect_view();
    let control = view! {
        <div class="select">
            <select
                class="input"
                id=wires.control.clone()
                name=name
                required=required
                disabled=disabled
                form=form
                aria-describedby=wires.described_by(error)
                aria-invalid=invalid(error)
            >
                {options}
            </select>
            <Icon name="chevron-down"/>
        </div>
    }
    .into_any();
    let hint = hint_line(&wires, hint.into());
    frame(&wires, label.into_any(), label_hidden, required, hint, error, control)
}

//! A tick.

use leptos::prelude::*;

use super::field::{Wires, error_line, hint_line, invalid, required_mark};

/// A tick box; without `value` the form says `on`, and nothing when it is empty.
#[component]
pub fn CheckField(
    /// What is ticked; a sentence with links in it comes as children instead.
    #[prop(optional, into)]
    label: String,
    #[prop(into)] name: String,
    #[prop(default = "on".to_owned(), into)] value: String,
    #[prop(optional)] checked: bool,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    /// Where `name` is not unique on the page.
    #[prop(optional, into)]
    id: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let wires = Wires::new(id, &name, &hint);
    view! {
        <div class="choice">
            <input
                type="checkbox"
                id=wires.control.clone()
                name=name
                value=value
                checked=checked
                required=required
                disabled=disabled
                aria-describedby=wires.described_by(error)
                aria-invalid=invalid(error)
            />
            <label for=wires.control.clone()>{children.map_or_else(|| label.into_any(), |children| children().into_any())}{required_mark(required)}</label>
            {hint_line(&wires, hint.into())}
            {error_line(&wires, error)}
        </div>
    }
}

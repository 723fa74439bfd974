//! A password: one field, with a button that shows it.

use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;

use super::field::{Wires, frame, given, hint_line, invalid};

/// A password, with Show and Hide. Paste and password managers are welcome; the value is never written into the page.
#[component]
pub fn PasswordField(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] name: String,
    /// `current-password` or `new-password`
    autocomplete: &'static str,
    /// The word on the button: “Show”.
    #[prop(into)]
    show: Signal<String>,
    /// The word on the button while the password is shown: “Hide”.
    #[prop(into)]
    hide: Signal<String>,
    /// Stands there while the key writes capitals (public/usher.js).
    #[prop(optional, into)]
    caps: Option<&'static str>,
    #[prop(optional, into)] hint: Signal<String>,
    /// In the place of the hint: what is asked for, line by line.
    #[prop(optional)]
    asked: Option<AnyView>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] minlength: Option<u32>,
    #[prop(default = true)] required: bool,
    #[prop(optional)] autofocus: bool,
    /// Where `name` is not unique on the page.
    #[prop(optional, into)]
    id: String,
) -> impl IntoView {
    let wires = Wires::with_hint(id, &name, asked.is_some() || !hint.read_untracked().is_empty());
    let label_id = format!("{}-label", wires.control);
    let rules = custom_attribute("passwordrules", minlength.map(|n| format!("minlength: {n};")));
    let control = view! {
        <div class="joined">
            <input
                class="input"
                id=wires.control.clone()
                name=name
                type="password"
                autocomplete=given(autocomplete.to_owned())
                minlength=minlength.map(|n| n.to_string())
                {..rules}
                required=required
                autofocus=autofocus
                spellcheck="false"
                autocapitalize="none"
                aria-describedby=wires.described_by(error)
                aria-invalid=invalid(error)
            />
            <button
                type="button"
                class="button"
                data-reveal=""
                aria-controls=wires.control.clone()
                aria-describedby=label_id.clone()
                aria-pressed="false"
            >
                <span class="when-hidden">{move || show.get()}</span>
                <span class="when-shown">{move || hide.get()}</span>
            </button>
        </div>
        {caps.map(|caps| view! { <p class="hint" role="status" data-caps="" hidden=true>{caps}</p> })}
    }
    .into_any();
    let label = view! { <span id=label_id>{move || label.get()}</span> }.into_any();
    let hint = match asked {
        Some(asked) => wires.hint_of(asked),
        None => hint_line(&wires, hint),
    };
    frame(&wires, label, false, required, hint, error, control)
}

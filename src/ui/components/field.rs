//! A question with a one-line answer, and the frame that all fields share: label, hint, control, error.

use leptos::prelude::*;

use super::Icon;

/// The ids that tie a control to its hint and its error; derived from its name, unless the page gives an id.
#[derive(Clone)]
pub(super) struct Wires {
    pub control: String,
    hint: Option<String>,
    error: String,
}

impl Wires {
    pub fn new(id: String, name: &str, hint: &str) -> Self {
        Self::with_hint(id, name, !hint.is_empty())
    }

    pub fn with_hint(id: String, name: &str, has_hint: bool) -> Self {
        let control = if id.is_empty() { id_from(name) } else { id };
        Self { hint: has_hint.then(|| format!("{control}-hint")), error: format!("{control}-error"), control }
    }

    /// What tells more about the question, tied to the control.
    pub fn hint_of(&self, hint: AnyView) -> Option<AnyView> {
        self.hint.clone().map(|id| view! { <div class="hint" id=id>{hint}</div> }.into_any())
    }

    /// What `aria-describedby` names now.
    pub fn described_by(
        &self,
        error: Signal<Option<String>>,
    ) -> impl Fn() -> Option<String> + Clone + Send + Sync + 'static {
        let wires = self.clone();
        move || match (&wires.hint, error.read().is_some()) {
            (None, false) => None,
            (Some(hint), false) => Some(hint.clone()),
            (None, true) => Some(wires.error.clone()),
            (Some(hint), true) => Some(format!("{} {hint}", wires.error)),
        }
    }
}

/// What `aria-invalid` says now.
pub(super) fn invalid(
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<&'static str> + Clone + Send + Sync + 'static {
    move || error.read().is_some().then_some("true")
}

/// A text that may be missing, as an attribute: an empty one is not written.
pub(super) fn given(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// `rows[0][role]` → `rows-0-role`.
fn id_from(name: &str) -> String {
    name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// The star of an answer that must be given; screen readers hear `required` from the control itself.
pub(super) fn required_mark(required: bool) -> impl IntoView {
    required.then(|| view! { <span class="required-mark" aria-hidden="true">"*"</span> })
}

/// A hint in words that may change with the page's language.
pub(super) fn hint_line(wires: &Wires, hint: Signal<String>) -> Option<AnyView> {
    wires.hint.clone().map(|id| view! { <p class="hint" id=id>{move || hint.get()}</p> }.into_any())
}

pub(super) fn error_line(wires: &Wires, error: Signal<Option<String>>) -> impl IntoView + use<> {
    view! {
        <p class="field-error" id=wires.error.clone()>
            {move || error.get().map(|text| view! { <Icon name="alert"/><span>{text}</span> })}
        </p>
    }
}

/// Label above, hint, the control, and below it what is wrong.
pub(super) fn frame(
    wires: &Wires,
    label: AnyView,
    label_hidden: bool,
    required: bool,
    hint: Option<AnyView>,
    error: Signal<Option<String>>,
    control: AnyView,
) -> impl IntoView + use<> {
    view! {
        <div class="field">
            <label for=wires.control.clone() class:visually-hidden=label_hidden>{label}{required_mark(required)}</label>
            {hint}
            {control}
            {error_line(wires, error)}
        </div>
    }
}

/// A one-line field. The value is only where it begins: what a person types before the page is alive stays.
/// Listen with `on:input` on the component; the event bubbles up to it.
#[component]
pub fn Field(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] name: String,
    /// `text`, `email`, `tel`, `url`, `number`, `date`, `datetime-local`
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Signal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] autocomplete: String,
    #[prop(optional, into)] inputmode: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional)] required: bool,
    /// It is needed, though not always here.
    #[prop(optional)]
    starred: bool,
    #[prop(optional)] readonly: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional)] autofocus: bool,
    /// The label is for screen readers only.
    #[prop(optional)]
    label_hidden: bool,
    /// Letters of one width: addresses, codes.
    #[prop(optional)]
    mono: bool,
    #[prop(optional)] maxlength: Option<usize>,
    /// Where `name` is not unique on the page.
    #[prop(optional, into)]
    id: String,
) -> impl IntoView {
    let wires = Wires::with_hint(id, &name, !hint.read_untracked().is_empty());
    let exact = matches!(kind, "email" | "tel" | "url") || mono;
    // A browser refuses what the server would read, such as a space nobody sees, and in words that do not help; so it gets
    // the keyboard of an address, and no opinion (L-09).
    let (kind, inputmode) = if kind == "email" { ("text", "email".to_string()) } else { (kind, inputmode) };
    let control = view! {
        <input
            class="input"
            class:mono=mono
            id=wires.control.clone()
            name=name
            type=kind
            value=value
            autocomplete=given(autocomplete)
            inputmode=given(inputmode)
            placeholder=given(placeholder)
            required=required
            readonly=readonly
            disabled=disabled
            autofocus=autofocus
            maxlength=maxlength.map(|n| n.to_string())
            spellcheck=exact.then_some("false")
            autocapitalize=exact.then_some("none")
            aria-describedby=wires.described_by(error)
            aria-invalid=invalid(error)
        />
    }
    .into_any();
    let label = (move || label.get()).into_any();
    frame(&wires, label, label_hidden, required || starred, hint_line(&wires, hint), error, control)
}

#[cfg(test)]
mod tests {
    use super::id_from;

    #[test]
    fn ids_hold_no_brackets() {
        assert_eq!(id_from("rows[0][role]"), "rows-0-role");
        assert_eq!(id_from("full_name"), "full_name");
    }
}

//! A question with an answer of several lines.

use leptos::prelude::*;

use super::field::{Wires, frame, given, hint_line, invalid};

/// A text of several lines.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] placeholder: String,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] maxlength: Option<usize>,
    #[prop(optional)] required: bool,
    /// It is needed, though not always here.
    #[prop(optional)]
    starred: bool,
    #[prop(optional)] readonly: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] label_hidden: bool,
    /// Letters of one width and no spell checking: lists of addresses.
    #[prop(optional)]
    mono: bool,
    /// Where `name` is not unique on the page.
    #[prop(optional, into)]
    id: String,
) -> impl IntoView {
    let wires = Wires::new(id, &name, &hint);
    // Leptos writes the children of a textarea as they are, unescaped; so the text is escaped here and given as HTML.
    let control = view! {
        <textarea
            class="input"
            class:mono=mono
            id=wires.control.clone()
            name=name
            rows=rows.to_string()
            placeholder=given(placeholder)
            required=required
            readonly=readonly
            autofocus=autofocus
            maxlength=maxlength.map(|n| n.to_string())
            spellcheck=mono.then_some("false")
            autocapitalize=mono.then_some("none")
            aria-describedby=wires.described_by(error)
            aria-invalid=invalid(error)
            inner_html=escaped(&value)
        ></textarea>
    }
    .into_any();
    let hint = hint_line(&wires, hint.into());
    frame(&wires, label.into_any(), label_hidden, required || starred, hint, error, control)
}

/// Text that cannot end its element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::TextField;

    #[test]
    fn a_text_cannot_break_out_of_its_field() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <TextField label="Note" name="note" value="</textarea><script>&amp;"/> }.to_html();
        assert!(html.contains("&lt;/textarea>&lt;script>&amp;amp;</textarea>"), "{html}");
    }
}

//! A field for a link that did not come through whole: what stands in the message, pasted, however it is wrapped or broken. And for
//! the code of a letter on paper.

use crate::domain::link::LinkKind;
use crate::ui::components::Field;
use crate::words::Language;
use leptos::prelude::*;

/// Where whoever has a letter on paper types its code; the link of a message does as well.
#[component]
pub fn LetterCodePage(language: Language) -> impl IntoView {
    view! {
        <div class="card">
            <h1>{language.letter_code_title()}</h1>
            <p>{language.letter_code_explained()}</p>
            <PasteForm language=language kind=LinkKind::Invitation label=language.letter_code_or_link() />
        </div>
    }
}

/// The field, on the page of a link of this kind.
#[component]
pub fn PasteForm(
    language: Language,
    kind: LinkKind,
    /// What is asked for, where that is not the link alone.
    #[prop(optional)]
    label: Option<&'static str>,
) -> impl IntoView {
    let label = label.unwrap_or(language.whole_link());
    view! {
        <form class="stack" method="get" action=format!("/{}", kind.segment())>
            <Field label=label name="link" mono=true autocomplete="off" required=true />
            <div class="actions">
                <button class="button primary">{language.open_link()}</button>
            </div>
        </form>
    }
}

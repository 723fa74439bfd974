//! A field for a link that did not come through whole: what stands in the message, pasted, however it is wrapped or broken.

use crate::domain::link::LinkKind;
use crate::ui::components::Field;
use crate::words::Language;
use leptos::prelude::*;

/// The field, on the page of a link of this kind.
#[component]
pub fn PasteForm(language: Language, kind: LinkKind) -> impl IntoView {
    view! {
        <form class="stack" method="get" action=format!("/{}", kind.segment())>
            <Field label=language.whole_link() name="link" mono=true autocomplete="off" required=true />
            <div class="actions">
                <button class="button primary">{language.open_link()}</button>
            </div>
        </form>
    }
}

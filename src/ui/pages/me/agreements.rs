//! What one agreed to (rules 48, 49).

use crate::server_fns::profile::{ChooseMessages, WithdrawAgreement};
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::own_consents::{ConsentForms, own_consents};
use crate::ui::session::words;
use crate::view_models::ConsentState;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The section; nothing where nothing was ever asked.
pub fn section(states: &[ConsentState]) -> Option<impl IntoView + use<>> {
    let words = words();
    if states.is_empty() {
        return None;
    }
    let [withdrawn, chosen] = [WithdrawAgreement::PATH, ChooseMessages::PATH].map(|path| Note::about(path, |_| ""));
    let forms = ConsentForms { withdraw: WithdrawAgreement::PATH, choose: ChooseMessages::PATH, names_messages: false };
    let rows = own_consents(words, states, forms);
    Some(view! {
        <section class="card" aria-labelledby="agreements">
            <h2 id="agreements">{words.own_agreements()}</h2>
            <PlainAnswer note=withdrawn done=words.own_messages_saved() />
            <PlainAnswer note=chosen done=words.own_messages_saved() />
            {rows}
        </section>
    })
}

//! The way to put the address of an open invitation right: the old one, a field for the new one, and what happens then.

use crate::domain::error::UseCaseError;
use crate::domain::user::UserAction;
use crate::server_fns::invitations::FixAddress;
use crate::ui::components::{Field, Icon};
use crate::ui::forms::plain::{Note, revision_field};
use crate::ui::pages::parts::why_not_with;
use crate::ui::session::words;
use crate::view_models::{InvitationSummary, OpenOffer};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// How the address of a card asks for it (`?do=fix`).
pub const FIX_ADDRESS: &str = "fix";

/// Whether the viewer may send the invitation to another address: not where the person has an account.
pub fn may_fix_address(offer: &OpenOffer) -> bool {
    !offer.has_account && why_not_with(UserAction::Resend, offer).is_none()
}

/// Folded until it is needed; nothing for whoever may not send the invitation again, or where the person has an account.
pub fn fix_address(invitation: &InvitationSummary) -> Option<AnyView> {
    let words = words();
    let offer = invitation.offer();
    may_fix_address(&offer).then(|| {
        let button =
            view! { <button class="button"><Icon name="send" /> <span>{words.fix_address_send()}</span></button> };
        view! {
            <details class="fix-address">
                <summary>
                    {words.fix_address()} <span class="visually-hidden">" " {offer.address.clone()}</span>
                </summary>
                {fix_address_form(&offer, None, button.into_any())}
            </details>
        }
        .into_any()
    })
}

/// The form, with its buttons. `refused`: what came of it, where it stands over a page and is answered in place.
pub fn fix_address_form(
    offer: &OpenOffer,
    refused: Option<RwSignal<Option<UseCaseError>>>,
    buttons: AnyView,
) -> AnyView {
    let words = words();
    let (id, address) = (offer.id.to_string(), offer.address.clone());
    let note = Note::about(FixAddress::PATH, |_| "email").of_part(&id, false);
    let (typed, error) = (note.typed_or("email", address.clone()), Signal::stored(note.error("email")));
    let asked_before = note.address_asked_about();
    let meant = move || match refused.and_then(|refused| refused.get()) {
        Some(refusal) => refusal.address_asked_about(),
        None => asked_before.clone(),
    };
    view! {
        <form class="stack tight form-width" method="post" action=FixAddress::PATH autocomplete="off">
            <input type="hidden" name="id" value=id.clone() />
            {revision_field(&offer.revision)}
            <Field
                id=format!("fix-{id}")
                name="email"
                kind=if address.starts_with('+') { "tel" } else { "email" }
                label=words.fix_address_right()
                hint=words.fix_address_hint(&address)
                value=typed
                error=error
                mono=true
                required=true
            />
            <input type="hidden" name="meant" value=meant />
            <div class="cluster">{buttons}</div>
        </form>
    }
    .into_any()
}

//! The way to put the address of an open invitation right: the old one, a field for the new one, and what happens then.

use crate::domain::user::UserAction;
use crate::server_fns::invitations::FixAddress;
use crate::ui::components::{Field, Icon};
use crate::ui::forms::plain::revision_field;
use crate::ui::pages::parts::why_not_with;
use crate::ui::session::words;
use crate::view_models::InvitationSummary;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Folded until it is needed; nothing for whoever may not send the invitation again, or where the person has an account.
pub fn fix_address(invitation: &InvitationSummary) -> Option<AnyView> {
    let words = words();
    let is_offered = !invitation.has_account && why_not_with(UserAction::Resend, &invitation.offer()).is_none();
    is_offered.then(|| {
        let (id, address) = (invitation.id.to_string(), invitation.address.clone());
        view! {
            <details class="fix-address">
                <summary>
                    {words.fix_address()} <span class="visually-hidden">" " {address.clone()}</span>
                </summary>
                <form class="stack tight form-width" method="post" action=FixAddress::PATH autocomplete="off">
                    <input type="hidden" name="id" value=id.clone() />
                    {revision_field(&invitation.revision)}
                    <Field
                        id=format!("fix-{id}")
                        name="email"
                        kind=if address.starts_with('+') { "tel" } else { "email" }
                        label=words.fix_address_right()
                        hint=words.fix_address_hint(&address)
                        value=address
                        mono=true
                        required=true
                    />
                    <div class="cluster">
                        <button class="button">
                            <Icon name="send" />
                            <span>{words.fix_address_send()}</span>
                        </button>
                    </div>
                </form>
            </details>
        }
        .into_any()
    })
}

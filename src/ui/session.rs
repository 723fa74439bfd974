//! Who is signed in, in which language the page speaks, and what the policy lets this person do: the same function that the
//! server asks decides what is shown.

use super::forms::Flash;
use crate::domain::id::UserId;
use crate::domain::listing::{UserSummary, Viewer};
use crate::domain::permission::Permission;
use crate::domain::policy::{Ask, Place, decide};
use crate::domain::role::Role;
use crate::domain::user::{Status, Verb};
use crate::words::Language;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the server knew when it rendered the page; the browser reads it from there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageContext {
    pub viewer: Viewer,
    pub flash: Option<Flash>,
}

/// Takes the page's context from the server, or from what the server wrote into the page.
pub fn provide_session() {
    let context = leptos::server::SharedValue::new(use_context::<PageContext>).into_inner();
    if let Some(context) = context {
        provide_context(StoredValue::new(context.viewer));
        provide_context(StoredValue::new(context.flash));
    }
}

/// Whoever is signed in. Every page of the app is rendered for somebody.
pub fn viewer() -> StoredValue<Viewer> {
    expect_context::<StoredValue<Viewer>>()
}

/// The words of the page's language: `words().sign_in()`.
pub fn words() -> Language {
    use_context::<StoredValue<Viewer>>().map(|viewer| viewer.with_value(|viewer| viewer.language)).unwrap_or_default()
}

/// Whether the person may see a section or use a function.
pub fn may_use(permission: Permission) -> bool {
    viewer().with_value(|viewer| decide(&viewer.authority, Ask::Use(permission)).is_allowed())
}

/// Whether the person may do this to somebody, and it makes sense as things stand: whether its button is shown.
pub fn may(verb: Verb, user: &UserSummary) -> bool {
    may_do(verb, &user.id, &user.places, user.status)
}

/// The same for somebody of whom only this is at hand, as in the list of invitations.
pub fn may_do(verb: Verb, user_id: &UserId, places: &[Place], status: Status) -> bool {
    let ask = Ask::Do { verb, user_id, places };
    verb.suits(status).is_ok() && viewer().with_value(|viewer| decide(&viewer.authority, ask).is_allowed())
}

/// The roles that the person may give somewhere, highest first.
pub fn assignable_roles() -> Vec<Role> {
    viewer().with_value(|viewer| {
        viewer.roles.iter().filter(|role| viewer.authority.may_give_somewhere(&role.id)).cloned().collect()
    })
}

/// The name of the role that a person shows in a list: that of his first place.
pub fn role_name_of(user: &UserSummary) -> String {
    viewer().with_value(|viewer| {
        let role = user.places.first().and_then(|place| viewer.role(&place.role));
        role.map(|role| viewer.language.role_name(role)).unwrap_or_default()
    })
}

//! What a page says before it is done, where a second administrator has to agree (rule 53).

use crate::domain::agreement::{RoleGrant, takes_two};
use crate::domain::permission::Permissions;
use crate::domain::role::Role;
use crate::ui::session::{viewer, words};
use leptos::prelude::*;

/// Which of these roles a second administrator has to agree to before somebody who is in gets one (rule 53).
pub fn given_by_two(roles: &[Role]) -> Option<AnyView> {
    let words = words();
    let names: Vec<String> = viewer().with_value(|viewer| {
        let all: Vec<Role> = viewer.standing_roles().cloned().collect();
        let takes = |role: &&Role| takes_two(RoleGrant { role, extra: Permissions::NONE }, &all);
        roles.iter().filter(takes).map(|role| words.role_name(role)).collect()
    });
    (!names.is_empty()).then(|| view! { <p class="hint">{words.second_agrees_to(&names.join(", "))}</p> }.into_any())
}

//! What each role sees, may do and may assign: a grid of ticks.

use crate::domain::permission::Permission;
use crate::domain::role::Role;
use crate::ui::components::Icon;
use crate::ui::session::{viewer, words};
use leptos::prelude::*;

/// How many of the permissions are sections to see; the rest are functions to use.
const SECTIONS: usize = 5;

/// The matrix of all roles.
pub fn section() -> impl IntoView {
    let words = words();
    let roles = viewer().with_value(|viewer| viewer.roles.clone());
    let names: Vec<String> = roles.iter().map(|role| words.role_name(role)).collect();
    let row = |title: String, has: &dyn Fn(&Role) -> bool| {
        let ticks = roles.iter().zip(&names).map(|(role, name)| tick(has(role), name.clone())).collect_view();
        view! { <tr><th scope="row">{title}</th>{ticks}</tr> }
    };
    let permissions = |permissions: &[Permission]| {
        permissions
            .iter()
            .map(|permission| row(words.permission(*permission).into(), &|role| role.has(*permission)))
            .collect_view()
            .into_any()
    };
    let (sections, functions) = Permission::ALL.split_at(SECTIONS);
    let assignable =
        roles.iter().zip(&names).filter(|(other, _)| roles.iter().any(|role| role.may_assign.contains(&other.id)));
    let assigns = assignable
        .map(|(other, name)| row(name.clone(), &|role| role.may_assign.contains(&other.id)))
        .collect_view()
        .into_any();
    let width = (roles.len() + 1).to_string();
    let group = |title: &'static str, rows: AnyView| {
        view! {
            <tbody>
                <tr class="matrix-group"><th scope="rowgroup" colspan=width.clone()>{title}</th></tr>
                {rows}
            </tbody>
        }
    };
    view! {
        <section class="card" aria-labelledby="roles">
            <h2 id="roles">{words.settings_roles()}</h2>
            <p class="muted">{words.settings_roles_lead()}</p>
            <table class="matrix">
                <caption class="visually-hidden">{words.settings_roles()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.settings_permission()}</th>
                        {names.iter().map(|name| view! { <th scope="col">{name.clone()}</th> }).collect_view()}
                    </tr>
                </thead>
                {group(words.settings_sees(), permissions(sections))}
                {group(words.settings_may_do(), permissions(functions))}
                {group(words.settings_may_assign(), assigns)}
            </table>
        </section>
    }
}

fn tick(has: bool, role: String) -> impl IntoView {
    let words = words();
    let (class, word) = if has { ("yes", words.settings_yes()) } else { ("no", words.settings_no()) };
    view! {
        <td class=class data-label=role>
            {if has { view! { <Icon name="check" /> }.into_any() } else { view! { <span aria-hidden="true">"–"</span> }.into_any() }}
            <span class="visually-hidden">{word}</span>
        </td>
    }
}

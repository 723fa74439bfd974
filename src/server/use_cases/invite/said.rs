//! What a list says of the roles and units of its people, and what of it is used in a form: a role that is known by its name and
//! can be given is given; the others are asked about when the row is judged.

use super::desk::Desk;
use super::reading::{FormRow, InviteForm};
use super::{Actor, UseCaseError};
use crate::domain::paste::titled;
use crate::domain::permission::Permission;
use crate::domain::policy::{Request, decide};
use crate::domain::role::Role;
use crate::server::app::App;
use crate::server::use_cases;
use crate::words::Language;

/// Gives every row the role that it says, and puts aside what is no question.
pub(super) async fn settle(
    app: &App,
    caller: &Actor,
    wish: &InviteForm,
    rows: &mut [FormRow],
) -> Result<(), UseCaseError> {
    if rows.iter().all(|row| row.said.role.is_none() && row.said.unit.is_none()) {
        return Ok(());
    }
    let mut tx = app.db.read().await?;
    let desk = Desk::to_look(app, &mut tx, caller, wish).await?;
    let choices = use_cases::units::choices(&mut tx, &desk.authority, Permission::Invite, "").await?;
    drop(tx);
    let may_give = |role: &Role| match desk.places.as_slice() {
        [] => desk.authority.may_give_somewhere(&role.id),
        places => places.iter().all(|unit| {
            let give = Request::Give { unit: &unit.path, role: &role.id, extra: wish.extra };
            decide(&desk.authority, give).is_allowed()
        }),
    };
    let names = |role| Language::ALL.map(|language| (role, language.role_name(role)));
    let names: Vec<(&Role, String)> = desk.roles.iter().filter(|role| may_give(role)).flat_map(names).collect();
    let titles = names.iter().map(|(role, name)| (role.id.as_str(), name.as_str()));
    for row in rows {
        if let Some(meant) = row.said.role.as_deref().and_then(|text| titled(text, titles.clone())) {
            row.role = names.iter().find(|(role, _)| role.id.as_str() == meant).map(|(role, _)| role.id.clone());
            row.said.role = None;
        }
        // Where there is one unit, nobody can mean another one.
        if choices.found.len() <= 1 {
            row.said.unused.extend(row.said.unit.take());
        }
    }
    Ok(())
}

//! Who is there just as a list says: whoever takes our own export and imports it again changes nobody. Rows are looked at here by which
//! nobody could be taken, or by which somebody would be asked to join: by an address, a number or a login they may name somebody who
//! has all of what stands in the row, also what whoever imports may not give.

use super::super::invite::{BREATH, give_way};
use super::super::{Actor, Target, UseCaseError, seen};
use super::check::Meant;
use crate::domain::contact::in_letters;
use crate::domain::id::{UnitId, UserId};
use crate::domain::import::{ExistingPeople, ImportList, RowFinding, names_in};
use crate::domain::review::Verdict;
use crate::domain::role::Role;
use crate::domain::user::UserAction;
use crate::server::app::App;
use crate::server::storage::{roles, users};
use crate::words::Language;
use std::collections::{HashMap, HashSet};

/// Writes to the rows of those who are there as the list says that they are; the rows of those who have some of the units that it
/// names, and now go to the others alone.
pub(super) async fn find_known(
    app: &App,
    caller: &Actor,
    list: &mut ImportList,
    meant: &mut [Option<Meant>],
) -> Result<Vec<usize>, UseCaseError> {
    let now = app.clock.now();
    let asked: Vec<usize> = (0..meant.len()).filter(|at| is_asked(list, meant, *at)).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let (mut tx, authority) = super::super::read_as(app, caller).await?;
    let roles = roles::known(&mut tx).await?;
    let rows: Vec<&Meant> = asked.iter().filter_map(|at| meant.get(*at)?.as_ref()).collect();
    // A number beside an address may be another one's: siblings share one.
    let addresses: Vec<&str> = rows.iter().filter_map(|meant| meant.row.address()).collect();
    let logins: Vec<&str> =
        rows.iter().map(|meant| meant.said.login.as_str()).filter(|login| !login.is_empty()).collect();
    let mut people = users::with_addresses(&mut tx, &addresses).await?;
    people.extend(users::with_logins(&mut tx, &logins).await?);
    let mut by_address: HashMap<&str, Vec<&UserId>> = HashMap::new();
    for user in &people {
        for address in [&user.email, &user.unconfirmed_email, &user.phone, &user.login].into_iter().flatten() {
            by_address.entry(address).or_default().push(&user.id);
        }
    }
    let mut moved = Vec::new();
    let leaves = list.terms.existing == ExistingPeople::Skip;
    for (nth, at) in asked.into_iter().enumerate() {
        if nth % BREATH == BREATH - 1 {
            give_way().await;
        }
        let (Some(row), Some(Some(meant))) = (list.rows.get_mut(at), meant.get_mut(at)) else { continue };
        let name = meant.row.address().unwrap_or(&meant.said.login);
        let ids: HashSet<&UserId> = by_address.get(name).into_iter().flatten().copied().collect();
        for id in ids {
            let person = match seen(&mut tx, &authority, UserAction::See, id, now).await {
                Ok(person) => person,
                // Whoever is not seen is nobody.
                Err(UseCaseError::NotFound | UseCaseError::Denied(_)) => continue,
                Err(other) => return Err(other),
            };
            // Nobody is left as they are by being asked into a unit that the list does not name.
            let is_asked_to_join = matches!(row.finding, Some(RowFinding::Judged(Verdict::Joins { .. })));
            let is_left = is_asked_to_join && leaves && meant.said.units.is_empty();
            if !person.seen.is_empty() && (is_left || has_all(&person, meant, &roles)) {
                let (user_id, title) = (person.user.id.clone(), in_letters(person.user.title()));
                row.finding = Some(RowFinding::Judged(Verdict::Known { user_id, title, status: person.status }));
                break;
            }
            let is_held = |unit: &&UnitId| person.seen.iter().any(|held| &held.unit.id() == *unit);
            let rest: Vec<UnitId> = meant.units.iter().filter(|unit| !is_held(unit)).cloned().collect();
            if meant.obstacle.is_none() && !rest.is_empty() && rest.len() < meant.units.len() {
                meant.units = rest;
                moved.push(at);
                break;
            }
        }
    }
    Ok(moved)
}

/// Whether somebody who is there may stand in a row that says otherwise so far.
fn is_asked(list: &ImportList, meant: &[Option<Meant>], at: usize) -> bool {
    let Some(Some(meant)) = meant.get(at) else { return false };
    match list.rows.get(at).and_then(|row| row.finding.as_ref()) {
        Some(RowFinding::Judged(Verdict::Joins { .. })) => {
            !meant.said.units.is_empty() || list.terms.existing == ExistingPeople::Skip
        }
        Some(RowFinding::Judged(Verdict::Known { .. })) => meant.units.len() > 1,
        Some(RowFinding::Judged(Verdict::Phone)) => true,
        _ => meant.obstacle.is_some(),
    }
}

/// Whether somebody has all of what a row says.
fn has_all(person: &Target, meant: &Meant, roles: &[Role]) -> bool {
    let said = &meant.said;
    let is = |name: &str, text: &str| name.trim().to_lowercase() == text.trim().to_lowercase();
    let in_unit = |text: &str| person.seen.iter().any(|held| is(&held.unit_name, text));
    let has_role = |text: &str| {
        let held = |role: &&Role| person.seen.iter().any(|held| held.role == role.id);
        let is_called = |role: &Role| Language::ALL.into_iter().any(|language| is(&language.role_name(role), text));
        meant.said.role.as_ref().is_some_and(|role| person.seen.iter().any(|held| &held.role == role))
            || roles.iter().filter(held).any(is_called)
    };
    let of_cell = |cell: &str, has: &dyn Fn(&str) -> bool| cell.is_empty() || names_in(cell, has).is_some();
    !person.seen.is_empty() && of_cell(&said.units, &in_unit) && of_cell(&said.roles, &has_role)
}

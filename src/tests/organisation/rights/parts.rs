//! The oracle's eye on everything beside memberships and invitations: roles, units, people, and what hangs on them.

use super::oracle::AuditAction;
use super::world::{Line, World};
use usher::domain::permission::Permission;

/// Says whether something is right, and what it was.
type Say<'a> = dyn FnMut(bool, String) + 'a;

/// Roles: by somebody who may edit them at the root, never their own, nothing that they could not do or give.
pub fn roles(deed: &AuditAction<'_>, say: &mut Say<'_>) {
    let AuditAction { before, after, actor, call, .. } = deed;
    let (lines, pairs) = (before.changes_to(after, "roles"), before.changes_to(after, "role_assigns"));
    if lines.is_empty() && pairs.is_empty() {
        return;
    }
    let edits =
        |held: &&&Line| held.get("unit_id") == before.root() && before.permissions_of(held).has(Permission::EditRoles);
    let Some(mine) = before.active_of(actor).iter().find(edits).map(|held| before.role(held.get("role_id"))) else {
        return say(false, format!("roles changed: {lines:?}"));
    };
    let own = before.assigned_by(mine.get("id"));
    // Whoever agrees does what was proposed.
    let proposal = before.find("proposals", call.field("id")).filter(|_| call.verb == "agree");
    let verb = match proposal.map(|proposal| proposal.get("content")) {
        Some(content) if content.starts_with("{\"SaveRole\"") => "save-role",
        Some(content) if content.starts_with("{\"RemoveRole\"") => "remove-role",
        Some(_) => "",
        None => call.verb,
    };
    // What lets one give what two gave takes two itself, as long as there are two (H-26).
    let is_main = |held: &&Line| {
        held.stands() && held.get("unit_id") == before.root() && before.role(held.get("role_id")).is("is_top")
    };
    let others = before.all("memberships").iter().filter(is_main).filter(|held| held.get("user_id") != *actor).count();
    // What is done to holders of a role that is gone is done to nobody.
    let is_gone = |role: &str| after.find("roles", role).is_none_or(|role| role.has("removed_at"));
    let of_two = after.of_two();
    let mut lost = before.of_two();
    lost.retain(|can| !of_two.contains(can) && (can.1.is_empty() || !is_gone(&can.1)));
    let loosens = !lost.is_empty();
    let is_second = proposal.is_some_and(|proposal| proposal.get("proposed_by") != *actor);
    say(!loosens || others == 0 || is_second, format!("one loosened what takes two: {lines:?} {pairs:?}"));
    let new: Vec<&str> = lines.iter().filter(|(old, _)| old.is_none()).filter_map(|(_, new)| id_of(*new)).collect();
    for (old, new) in &lines {
        let permissions = |line: &Option<&Line>| line.map(|line| line.permissions("permissions")).unwrap_or_default();
        let (was, is) = (permissions(old), permissions(new));
        let touched = was.without(is).union(is.without(was));
        let is_right = match (verb, old, new) {
            ("save-role", Some(old), Some(new)) if old.is("is_top") => {
                mine == *old && old.differs_in(new).iter().all(|column| *column == "name")
            }
            ("save-role", old, Some(new)) => {
                let rank = |line: &Line| line.get("rank").parse::<i64>().expect("a rank");
                let stands = old.is_none_or(|old| own.contains(old.get("id")) && rank(old) < rank(mine));
                let kept = old.is_none_or(|old| old.get("key") == new.get("key"));
                let is_lower = rank(new) < rank(mine) && !new.is("is_top");
                stands && kept && is_lower && mine.permissions("permissions").covers(touched)
            }
            // Its name stays, for what is over; it gives nobody anything.
            ("remove-role", Some(old), Some(new)) => {
                let is_held = |held: &Line| {
                    let is_shut = held.has("archived_at") || before.is_closed(held.get("unit_id"));
                    let holds_nothing = !held.has("active_at") && (is_shut || before.is_old_offer(held, deed.now));
                    held.get("role_id") == old.get("id") && !holds_nothing
                };
                let is_bare = new.permissions("permissions").is_empty() && after.could_assign(new.get("id")).is_empty();
                let is_removed = !old.has("removed_at") && new.has("removed_at") && is_bare;
                let only = old.differs_in(new).iter().all(|column| ["permissions", "removed_at"].contains(column));
                let is_free = !before.all("memberships").iter().any(is_held);
                is_removed && only && own.contains(old.get("id")) && !old.is("is_top") && is_free
            }
            _ => false,
        };
        say(is_right, format!("a role: {old:?} -> {new:?}"));
    }
    for pair in pairs.iter().filter_map(|(old, new)| old.or(*new)) {
        let (giver, given) = (pair.get("role_id"), pair.get("assignable_id"));
        let is_right = match verb {
            "save-role" if new.contains(&given) => {
                giver == mine.get("id") || before.assigned_by(giver).contains(mine.get("id")) || is_top(before, giver)
            }
            "save-role" => own.contains(given) && (own.contains(giver) || new.contains(&giver)),
            "remove-role" => match proposal {
                Some(proposal) => [giver, given].iter().any(|role| proposal.get("content").contains(role)),
                None => [giver, given].contains(&call.field("id")),
            },
            _ => false,
        };
        say(is_right, format!("who gives what: {pair:?}"));
    }
}

fn id_of(line: Option<&Line>) -> Option<&str> {
    line.map(|line| line.get("id"))
}

fn is_top(world: &World, role: &str) -> bool {
    world.find("roles", role).is_some_and(|role| role.is("is_top"))
}

/// Units: whoever manages them, and the ones above where a place in the tree is taken or given up; closing and moving never
/// touch what somebody holds whom the caller could not have given it.
pub fn units(deed: &AuditAction<'_>, say: &mut Say<'_>) {
    let AuditAction { before, after, actor, call, .. } = deed;
    let manages = |unit: &str| before.uses(actor, Permission::ManageUnits, unit);
    let changes = before.changes_to(after, "units");
    for (old, new) in &changes {
        let is_right = match (old, new) {
            (None, Some(new)) => {
                let above = new.get("parent_id");
                let is_meant = call.verb == "create-unit" && above == call.field("below");
                is_meant && manages(above) && !before.is_closed(above) && !new.has("archived_at")
            }
            (Some(old), Some(new)) => {
                let (id, of) = (old.get("id"), call.field("id"));
                let changed = old.differs_in(new);
                let only = |columns: &[&str]| changed.iter().all(|column| columns.contains(column));
                match call.verb {
                    "edit-unit" => id == of && only(&["name"]) && manages(id),
                    "move-unit" if id == of => only(&["parent_id", "path"]) && new.get("parent_id") == call.field("to"),
                    "move-unit" => only(&["path"]) && before.reaches(of, id),
                    "archive-unit" | "bring-back-unit" if id == of => only(&["archived_at", "is_closed"]),
                    "archive-unit" | "bring-back-unit" => only(&["is_closed"]) && before.reaches(of, id),
                    _ => false,
                }
            }
            _ => false,
        };
        say(is_right, format!("a unit: {old:?} -> {new:?}"));
    }
    if changes.is_empty() {
        return;
    }
    let (id, to) = (call.field("id"), call.field("to"));
    let above = before.find("units", id).map(|unit| unit.get("parent_id")).unwrap_or_default();
    match call.verb {
        "archive-unit" | "bring-back-unit" => {
            say(!above.is_empty() && manages(id) && manages(above), "a unit that they do not manage from above".into());
            // Whatever it is that somebody has there: what is offered, blocked or archived counts one day (H-31); what was
            // offered and is over does not (H-40).
            let counts = |held: &Line| !before.is_old_offer(held, deed.now);
            let inside = |held: &&Line| before.reaches(id, held.get("unit_id")) && counts(held);
            for held in before.all("memberships").iter().filter(inside) {
                let is_own = held.stands() && held.get("user_id") == *actor;
                let commands = before.commands(actor, Permission::ManageUnits, held) && !is_own;
                say(commands, format!("closed or opened over {held:?}"));
            }
        }
        "move-unit" => {
            let is_open = !before.is_closed(id) && !before.is_closed(to);
            let has_all = manages(id) && manages(above) && manages(to);
            say(is_open && has_all && !before.reaches(id, to), "moved from or to where they do not manage".into());
            let (old, new) = (before.line_up(above), before.line_up(to));
            for held in before.all("memberships") {
                let at = held.get("unit_id");
                let gives =
                    !before.permissions_of(held).is_empty() || !before.assigned_by(held.get("role_id")).is_empty();
                if gives && old.contains(&at) != new.contains(&at) {
                    say(could_give_there(before, actor, held, id), format!("moved away from, or to, {held:?}"));
                }
            }
        }
        _ => {}
    }
}

/// Whether somebody could have given at `unit` what another one holds elsewhere.
fn could_give_there(world: &World, actor: &str, held: &Line, unit: &str) -> bool {
    world.active_of(actor).into_iter().any(|by| {
        let own = world.permissions_of(by);
        own.has(Permission::ManageUnits)
            && world.reaches(by.get("unit_id"), unit)
            && world.assigned_by(by.get("role_id")).contains(held.get("role_id"))
            && own.covers(held.permissions("extra"))
    })
}

/// People: names and numbers by whoever may edit them, nothing else of anybody; who comes by an invitation has no account yet.
pub fn people(deed: &AuditAction<'_>, say: &mut Say<'_>) {
    let AuditAction { before, after, actor, call, .. } = deed;
    for (old, new) in before.changes_to(after, "users") {
        let is_right = match (old, new) {
            // An inviter's own row: the address, and what they typed (rule 40).
            (None, Some(new)) if call.verb == "invite" => {
                let is_bare = !new.has("registered_at") && !new.has("password_hash") && !new.has("phone");
                is_bare && new.is("is_placeholder") && !new.has("name") && new.get("created_by") == *actor
            }
            // The person, where the placeholder of the invitation carries offers that have not been accepted.
            (None, Some(new)) => {
                let invitation = before.find("invitations", call.field("id")).expect("an invitation");
                let is_taker = deed.taker() == Some(new.get("id")) && new.get("email") == invitation.get("address");
                call.verb == "accept" && is_taker && deed.is_shared(invitation.get("user_id"))
            }
            // A placeholder becomes one with the person whose address it has.
            (Some(old), None) => call.verb == "accept" && old.is("is_placeholder"),
            // Or goes, where it was shared and carries nothing any more.
            (Some(old), Some(new)) if call.verb == "accept" && new.has("deleted_at") => {
                let is_empty = after.held_by(new.get("id")).next().is_none();
                old.is("is_placeholder") && is_empty && deed.is_shared(old.get("id"))
            }
            (Some(old), Some(new)) => {
                let changed = old.differs_in(new);
                let only = |columns: &[&str]| changed.iter().all(|column| columns.contains(column));
                let is_target = call.whom() == Some(old.get("id"));
                match call.verb {
                    "edit-user" => is_target && only(&["name", "phone", "version"]),
                    "delete" => is_target && new.has("deleted_at") && !new.has("email") && !new.has("password_hash"),
                    "take-back" => {
                        let is_left = after.held_by(new.get("id")).next().is_none();
                        new.has("deleted_at") && !old.has("registered_at") && is_left
                    }
                    "accept" => {
                        let invitation = after.find("invitations", call.field("id")).expect("an invitation");
                        let is_taker = invitation.get("user_id") == new.get("id");
                        let becomes = old.is("is_placeholder");
                        is_taker && old.get("email") == new.get("email") && !(becomes && deed.is_shared(old.get("id")))
                    }
                    // Whom a proposal is about says the proposal.
                    "agree" => {
                        let proposal = before.find("proposals", call.field("id"));
                        only(&["version"]) && proposal.is_some_and(|one| one.get("content").contains(old.get("id")))
                    }
                    _ => only(&["version"]) && is_target,
                }
            }
            (None, None) => true,
        };
        say(is_right, format!("a person: {old:?} -> {new:?}"));
    }
}

/// Settings, shifts, forms, sessions, reset links and messages.
pub fn rest(deed: &AuditAction<'_>, say: &mut Say<'_>) {
    let AuditAction { before, after, actor, call, .. } = deed;
    let verb = call.verb;
    for change in before.changes_to(after, "settings") {
        let may = before.uses(actor, Permission::ChangeSettings, before.root());
        say(verb == "change-settings" && may, format!("a setting: {change:?}"));
    }
    let edits = |unit: &str| before.uses(actor, Permission::EditShifts, unit) && !before.is_closed(unit);
    for (old, new) in before.changes_to(after, "shifts") {
        let is_kept = old.zip(new).is_none_or(|(old, new)| old.get("unit_id") == new.get("unit_id"));
        let may = old.or(new).is_some_and(|shift| edits(shift.get("unit_id")));
        let is_meant = ["create-shift", "change-shift", "remove-shift"].contains(&verb);
        say(is_kept && may && is_meant, format!("a shift: {old:?} -> {new:?}"));
    }
    for (old, new) in before.changes_to(after, "shift_people") {
        let Some(pair) = old.or(new) else { continue };
        let unit = before.find("shifts", pair.get("shift_id")).map(|shift| shift.get("unit_id")).unwrap_or_default();
        let user = pair.get("user_id");
        let is_right = match verb {
            "join-shift" => {
                let stands = |held: &&Line| before.reaches(unit, held.get("unit_id"));
                new.is_some() && edits(unit) && before.active_of(user).iter().any(stands)
            }
            "leave-shift" | "remove-shift" => old.is_some() && edits(unit),
            "block" | "archive" | "remove-place" | "delete" => old.is_some() && call.whom() == Some(user),
            _ => false,
        };
        say(is_right, format!("in a shift: {old:?} -> {new:?}"));
    }
    let is_form_call = ["invite", "take-back", "send-now"].contains(&verb);
    for (old, new) in before.changes_to(after, "invitation_terms") {
        let is_own = old.or(new).is_some_and(|form| form.get("user_id") == *actor);
        // Who is deleted is taken out of everybody's forms.
        say(is_own && is_form_call || verb == "delete" && old.is_some(), format!("a form: {old:?} -> {new:?}"));
    }
    for (old, new) in before.changes_to(after, "invitation_rows") {
        let terms = old.or(new).map(|row| row.get("terms_id")).unwrap_or_default();
        let form = after.find("invitation_terms", terms).or_else(|| before.find("invitation_terms", terms));
        let is_own = form.is_some_and(|form| form.get("user_id") == *actor);
        let is_taken_out = verb == "delete" && old.is_some();
        say(is_own && is_form_call || is_taken_out, format!("a row of a form: {old:?} -> {new:?}"));
    }
    for (old, new) in before.changes_to(after, "sessions") {
        let Some(user) = old.or(new).map(|session| session.get("user_id")) else { continue };
        let is_right = match (verb, new) {
            ("accept", Some(_)) => true,
            ("end-other-sessions", None) => user == *actor,
            (_, None) => after.active_of(user).is_empty(),
            _ => false,
        };
        say(is_right, format!("a session: {old:?} -> {new:?}"));
    }
    for (old, new) in before.changes_to(after, "password_resets") {
        let user = old.or(new).map(|reset| reset.get("user_id"));
        let is_sent = verb == "reset-password" && call.whom() == user;
        let is_ended = old.is_some() && user.is_some_and(|user| after.active_of(user).is_empty());
        say(is_sent || is_ended, format!("a reset link: {old:?} -> {new:?}"));
    }
    for (old, new) in before.changes_to(after, "messages") {
        let Some(new) = new.filter(|_| old.is_none()) else { continue };
        let invitation = after.find("invitations", new.get("invitation_id"));
        // Nothing leaves for which a second administrator is still waited for (AZ-02).
        let waits = |one: &Line| one.is("needs_approval") && !one.has("approved_at");
        say(!invitation.is_some_and(waits), format!("a message: {new:?}"));
    }
}

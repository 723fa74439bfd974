//! Looking at people and changing them: list, card, edit, role, block, unblock, delete.

use super::views::{self, Reader};
use super::{Caller, Line, Refusal, keep_a_main_administrator, record, require, scope, seen, target};
use crate::domain::audit::Deed;
use crate::domain::contact::{PersonName, Phone};
use crate::domain::id::{RoleId, UserId};
use crate::domain::invitation::clean_personal_text;
use crate::domain::listing::{UserCard, UserQuery, UsersPage, Viewer};
use crate::domain::permission::Permission;
use crate::domain::policy::Ask;
use crate::domain::refusal::{Conflict, Invalid};
use crate::domain::settings::Settings;
use crate::domain::unit::UnitKind;
use crate::domain::user::{User, Verb};
use crate::server::app::App;
use crate::server::storage::{
    Tx, audit, drafts, invitations, memberships, messages, resets, roles, roster, sessions, units, users,
};

/// How many lines of history a card shows.
const CARD_HISTORY: usize = 50;

/// Who is signed in, and everything by which pages decide what to show him.
pub async fn viewer(app: &App, caller: &Caller) -> Result<Viewer, Refusal> {
    let mut tx = app.db.read().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let (user, settings) = known(&mut tx, caller).await?;
    let mut offered = Vec::new();
    for path in authority.reach(Permission::Invite) {
        offered.extend(units::below(&mut tx, path).await?.into_iter().filter(|unit| unit.kind == UnitKind::Company));
    }
    let administrators = match authority.reach(Permission::SeeUsers).first() {
        Some(unit) if !authority.has(Permission::EditUsers) => memberships::administrators_of(&mut tx, unit).await?,
        _ => Vec::new(),
    };
    Ok(Viewer {
        user_id: user.id.clone(),
        name: user.name.clone(),
        address: user.identifier().to_string(),
        language: user.language,
        authority,
        roles: roles::all(&mut tx).await?,
        units: offered,
        administrators,
        organisation: settings.organisation,
        has_mailbox: app.has_mailbox(),
    })
}

/// The caller as a person, and the installation's settings.
async fn known(tx: &mut Tx, caller: &Caller) -> Result<(User, Settings), Refusal> {
    let (user, settings) = users::find_with_settings(tx, &caller.user_id).await?.ok_or(Refusal::SignInFirst)?;
    Ok((user, settings.unwrap_or_default()))
}

/// In which words this person gets his moments.
pub(super) async fn reader_for(tx: &mut Tx, caller: &Caller) -> Result<Reader, Refusal> {
    let (user, settings) = known(tx, caller).await?;
    Ok(Reader { zone: settings.zone, language: user.language })
}

/// A page of the users table, within the caller's reach.
pub async fn list(app: &App, caller: &Caller, query: &UserQuery) -> Result<UsersPage, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let scope = scope(&authority, Permission::SeeUsers)?;
    let unit = scope.line().last().ok_or(Refusal::NotFound)?;
    let reader = reader_for(&mut tx, caller).await?;
    let counts = roster::counts(&mut tx, &unit).await?;
    let page = roster::page(&mut tx, &unit, query, &counts).await?;
    // The words of fifty moments each need no connection.
    drop(tx);
    let rows: Vec<_> = page.lines.into_iter().map(|line| reader.line_of_roster(line, now)).collect();
    Ok(UsersPage {
        previous: page.has_previous.then(|| rows.first().map(|row| row.id.clone())).flatten(),
        next: page.has_next.then(|| rows.last().map(|row| row.id.clone())).flatten(),
        rows,
        counts,
        matching: page.matching,
    })
}

/// Everything about a person that the caller may see.
pub async fn card(app: &App, caller: &Caller, id: &UserId) -> Result<UserCard, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let person = seen(&mut tx, &authority, Verb::See, id, now).await?;
    let reader = reader_for(&mut tx, caller).await?;
    let newest = invitations::newest_of(&mut tx, id).await?;
    let until = newest.as_ref().and_then(|invitation| invitation.expires_at).filter(|_| person.status.is_pending());
    let invitation = match &newest {
        Some(newest) => {
            Some(reader.invitation(&mut tx, newest, &person.user, &person.memberships, person.status).await?)
        }
        None => None,
    };
    let created_by = match &person.user.created_by {
        Some(id) => users::find(&mut tx, id).await?.as_ref().map(views::known),
        None => None,
    };
    let block = person.memberships.iter().find(|membership| membership.blocked_at.is_some());
    let blocked_by = match block.and_then(|membership| membership.blocked_by.as_ref()) {
        Some(id) => users::find(&mut tx, id).await?.as_ref().map(views::known),
        None => None,
    };
    let history = audit::of_person(&mut tx, id, CARD_HISTORY).await?;
    Ok(UserCard {
        user: reader.summary(&person.user, &person.memberships, person.status, until),
        name_is_own: person.user.name_is_own,
        language: person.user.language,
        version: person.user.version,
        created_by,
        changed: reader.when(person.user.changed_at),
        block_reason: block.map(|membership| membership.block_reason.clone()).unwrap_or_default(),
        blocked_by,
        invitation,
        history: history.into_iter().map(|event| reader.event(event)).collect(),
    })
}

/// What the edit form carries, as typed.
#[derive(Clone, Debug)]
pub struct Edit {
    /// `None`: the form had no field for it, since the person entered it himself.
    pub name: Option<String>,
    pub phone: String,
    pub version: i64,
}

/// Changes name and phone (rules 89, 90); e-mail and login are not in the form, nor taken from it (rule 91).
pub async fn edit(app: &App, caller: &Caller, id: &UserId, edit: &Edit) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let person = target(&mut tx, &authority, Verb::Edit, id, now).await?;
    if person.user.version != edit.version {
        return Err(Conflict::ChangedMeanwhile.into());
    }
    let settings = super::settings_of(&mut tx).await?;
    let mut user = person.user.clone();
    if let Some(name) = edit.name.as_deref().map(str::trim).filter(|name| *name != user.name) {
        if !settings.name_policy.lets_an_administrator_write(user.name_is_own) {
            return Err(Conflict::NameIsOwn.into());
        }
        user.name = PersonName::parse(name)?.as_str().to_string();
    }
    user.phone = match edit.phone.trim() {
        "" => None,
        typed => Some(Phone::parse(typed)?.as_str().to_string()),
    };
    if user.identifier().is_empty() {
        return Err(Invalid::Phone(crate::domain::contact::PhoneProblem::Empty).into());
    }
    let line =
        |before, after| Line { actor: Some(&caller.user_id), subject: Some(id), unit: person.unit(), before, after };
    let mut changed = false;
    if user.name != person.user.name {
        record(&mut tx, Deed::Renamed, line(&person.user.name, &user.name), now).await?;
        changed = true;
    }
    if user.phone != person.user.phone {
        let (before, after) = (person.user.phone.as_deref().unwrap_or(""), user.phone.as_deref().unwrap_or(""));
        record(&mut tx, Deed::PhoneChanged, line(before, after), now).await?;
        changed = true;
    }
    if changed {
        users::update(&mut tx, &user, now).await?;
        roster::refresh(&mut tx, std::slice::from_ref(id), now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Gives a person another role, before or after acceptance (rules 51, 88); acts on the very next request.
pub async fn change_role(app: &App, caller: &Caller, id: &UserId, to: &RoleId) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let person = target(&mut tx, &authority, Verb::ChangeRole, id, now).await?;
    if !roles::all(&mut tx).await?.iter().any(|role| &role.id == to) {
        return Err(Invalid::Role.into());
    }
    let places = memberships::places(&person.memberships);
    require(&authority, Ask::ChangeRole { user_id: id, places: &places, to })?;
    let Some(before) = places.iter().find(|place| &place.role != to) else { return Ok(()) };
    keep_a_main_administrator(&mut tx, &authority, &person).await?;
    memberships::set_role(&mut tx, id, to).await?;
    users::mark_changed(&mut tx, id, now).await?;
    roster::refresh(&mut tx, std::slice::from_ref(id), now).await?;
    let line = Line {
        actor: Some(&caller.user_id),
        subject: Some(id),
        unit: person.unit(),
        before: before.role.as_str(),
        after: to.as_str(),
    };
    record(&mut tx, Deed::RoleChanged, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Blocks a person: signed out at once, no way in, links dead, data kept (rule 92).
pub async fn block(app: &App, caller: &Caller, id: &UserId, reason: &str) -> Result<(), Refusal> {
    let reason = clean_personal_text(reason).map_err(|characters| Invalid::PersonalTextTooLong { characters })?;
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let person = target(&mut tx, &authority, Verb::Block, id, now).await?;
    keep_a_main_administrator(&mut tx, &authority, &person).await?;
    memberships::block(&mut tx, id, &caller.user_id, &reason, now).await?;
    sessions::end_all(&mut tx, id, None).await?;
    resets::end_all(&mut tx, id, now).await?;
    users::mark_changed(&mut tx, id, now).await?;
    roster::refresh(&mut tx, std::slice::from_ref(id), now).await?;
    let line = Line {
        actor: Some(&caller.user_id),
        subject: Some(id),
        unit: person.unit(),
        after: &reason,
        ..Line::default()
    };
    record(&mut tx, Deed::Blocked, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a block away; what was before stands again, the sessions do not come back (rule 93).
pub async fn unblock(app: &App, caller: &Caller, id: &UserId) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let person = target(&mut tx, &authority, Verb::Unblock, id, now).await?;
    memberships::unblock(&mut tx, id).await?;
    users::mark_changed(&mut tx, id, now).await?;
    roster::refresh(&mut tx, std::slice::from_ref(id), now).await?;
    let line = Line { actor: Some(&caller.user_id), subject: Some(id), unit: person.unit(), ..Line::default() };
    record(&mut tx, Deed::Unblocked, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes a person for good (rule 94): name and addresses are erased, the history keeps a number. `typed` must be what
/// the person signs in with.
pub async fn delete(app: &App, caller: &Caller, id: &UserId, typed: &str) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let person = target(&mut tx, &authority, Verb::Delete, id, now).await?;
    keep_a_main_administrator(&mut tx, &authority, &person).await?;
    if typed.trim().to_lowercase() != person.user.identifier() {
        return Err(Conflict::NotConfirmed.into());
    }
    sessions::end_all(&mut tx, id, None).await?;
    resets::end_all(&mut tx, id, now).await?;
    messages::cancel_of_user(&mut tx, id, now).await?;
    messages::erase(&mut tx, id).await?;
    invitations::erase(&mut tx, id, now).await?;
    drafts::erase(&mut tx, id, person.user.email.as_deref()).await?;
    memberships::remove_all(&mut tx, id).await?;
    audit::erase(&mut tx, id).await?;
    users::erase(&mut tx, id, now).await?;
    roster::refresh(&mut tx, std::slice::from_ref(id), now).await?;
    let line = Line { actor: Some(&caller.user_id), subject: Some(id), unit: person.unit(), ..Line::default() };
    record(&mut tx, Deed::Deleted, line, now).await?;
    tx.commit().await?;
    Ok(())
}

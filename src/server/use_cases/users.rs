//! Looking at people and changing them: list, card, edit. Whether they have access stands in `access`, what concerns one place of
//! somebody in `places`, deleting them in `deletion`.

mod access;

pub use access::{archive, block, bring_back, unblock};
pub(super) use access::{
    archive_in, block_in, block_reason, bring_back_in, changed_from, keep_what_two_take_away, unblock_in,
};

use super::deletion::bin_of;
use super::directory::{self, DirectoryEntry};
use super::proposals::{self as waiting, ProposalScope};
use super::row_notes;
use super::views::{self, Reader};
use super::{Acting, Actor, AuditEntry, Target, UseCaseError, read_phone, record, scope, seen, target};
use crate::domain::audit::AuditAction;
use crate::domain::authorization::AuthorizationMethod;
use crate::domain::contact::{PersonName, in_letters};
use crate::domain::deletion::Deletion;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::job::{JobKind, OwnJob};
use crate::domain::listing::{Count, Matching, UserQuery};
use crate::domain::membership::Standing;
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, scope_section};
use crate::domain::role::Role;
use crate::domain::settings::{ResendMode, Settings};
use crate::domain::shift::may_work;
use crate::domain::table_layout::TableColumn;
use crate::domain::text::one_line;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::{Unit, UnitPath};
use crate::domain::user::{Status, User, UserAction, read_record};
use crate::server::app::App;
use crate::server::qr_code;
use crate::server::storage::memberships::Membership;
use crate::server::storage::{
    Tx, audit, imports, invitations, jobs, memberships, roles, roster, saved_views, shifts, table_layouts, units, users,
};
use crate::view_models::{Abilities, HandedLogin, UnitRef, UserCard, UserQuestion, UserSummary, UsersPage, Viewer};
use std::collections::{BTreeSet, HashMap};

/// How many lines of history a card shows.
const CARD_HISTORY: usize = 50;

/// How many units the switcher offers below each top of somebody's reach.
const MOST_SCOPES: usize = 12;

/// Who is signed in, and everything by which pages decide what to show them.
pub async fn viewer(app: &App, caller: &Actor) -> Result<Viewer, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    let (user, settings) = known(&mut tx, caller).await?;
    let mut scopes = Vec::new();
    for path in authority.reach(scope_section(&authority)) {
        let Some(top) = units::find(&mut tx, &path.id()).await? else { continue };
        let mut below = units::children(&mut tx, &top.id, false, MOST_SCOPES).await?;
        // One company alone is no choice; its parts are.
        if let [only] = &below[..] {
            let parts = units::children(&mut tx, &only.id, false, MOST_SCOPES).await?;
            below.extend(parts);
        }
        scopes.extend(std::iter::once(top).chain(below).map(|unit| unit_ref(&unit)));
    }
    let administrators = match authority.reach(Permission::SeeUsers).first() {
        Some(unit) if !authority.has(Permission::EditUsers) => memberships::administrators_of(&mut tx, unit).await?,
        _ => Vec::new(),
    };
    Ok(Viewer {
        user_id: user.id.clone(),
        name: user.name.clone(),
        address: in_letters(user.identifier()),
        language: user.language,
        roles: seen_roles(&mut tx, &authority).await?,
        authority,
        scopes,
        has_mailbox: app.has_mailbox(&settings),
        is_demonstration: app.config.is_demonstration,
        plans_shifts: settings.plans_shifts,
        bin_days: settings.bin_days,
        archives_people: settings.archives_people,
        extends_links: settings.resends == ResendMode::Extend,
        waits_by: app.channels_without_way(),
        preset: settings.preset,
        administrators,
        organisation: settings.organisation,
        table_layout: table_layouts::find(&mut tx, &caller.user_id).await?,
    })
}

/// The roles that somebody's pages name: all of them, or those that this one holds where no page shows others.
async fn seen_roles(tx: &mut Tx, authority: &Authority) -> Result<Vec<Role>, UseCaseError> {
    use Permission::{Invite, SeeAudit, SeeInvitations, SeeSettings, SeeUsers};
    let mut all = roles::known(tx).await?;
    if ![SeeUsers, SeeInvitations, SeeAudit, SeeSettings, Invite].into_iter().any(|one| authority.has(one)) {
        all.retain(|role| authority.holdings.iter().any(|held| held.role.id == role.id));
    }
    Ok(all)
}

/// A unit by its name.
pub(super) fn unit_ref(unit: &Unit) -> UnitRef {
    UnitRef { id: unit.id.clone(), kind: unit.kind, name: unit.name.clone() }
}

/// The caller as a person, and the installation's settings.
async fn known(tx: &mut Tx, caller: &Actor) -> Result<(User, Settings), UseCaseError> {
    users::find_with_settings(tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)
}

/// In which words this person gets their moments.
pub(super) async fn reader_for(tx: &mut Tx, caller: &Actor, now: Timestamp) -> Result<Reader, UseCaseError> {
    let (user, settings) = known(tx, caller).await?;
    Ok(Reader { zone: settings.zone, language: user.language, now })
}

/// How many of somebody's jobs are named over the table.
const MOST_JOBS: usize = 3;

/// A page of the users table, of the unit that the query names or of everything within the caller's reach.
pub async fn list(app: &App, caller: &Actor, query: &UserQuery) -> Result<UsersPage, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    let unit = scope(&mut tx, &authority, Permission::SeeUsers, query.unit.as_ref()).await?;
    let reader = reader_for(&mut tx, caller, app.clock.now()).await?;
    let counts = roster::counts(&mut tx, &unit.id).await?;
    let page = roster::page(&mut tx, &unit.id, query, &counts, now).await?;
    let layout = table_layouts::find(&mut tx, &caller.user_id).await?;
    let views = saved_views::of_user(&mut tx, &caller.user_id).await?;
    let views = views.into_iter().map(|view| (view.name, view.address)).collect();
    let mut notes = match layout.shows(TableColumn::Status) {
        true => row_notes::of_page(&mut tx, &unit.id, &page.lines, &reader).await?,
        false => HashMap::new(),
    };
    let archived = match page.matching == Matching::Exactly(0) {
        true => archived_only(&mut tx, &unit.id, query, &counts, now).await?,
        false => None,
    };
    let row = |line| {
        let row = reader.row(DirectoryEntry::of_line(line, &authority, now), &layout);
        UserSummary { note: notes.remove(&row.id), ..row }
    };
    let rows = page.lines.into_iter().map(row).collect();
    Ok(UsersPage {
        previous: page.previous,
        next: page.next,
        rows,
        counts,
        unit: unit_ref(&unit),
        matching: page.matching,
        archived,
        layout,
        views,
        jobs: own_jobs(&mut tx, &caller.user_id).await?,
    })
}

/// What goes on for somebody. A round that takes the people of a list is an import, whose page shows how far it is.
async fn own_jobs(tx: &mut Tx, user: &UserId) -> Result<Vec<OwnJob>, UseCaseError> {
    let mut all = jobs::of_user(tx, user, MOST_JOBS).await?;
    for job in all.iter_mut().filter(|job| job.kind == JobKind::InviteRound) {
        if let Some(import) = imports::of_round(tx, user, &job.subject).await? {
            *job = OwnJob { kind: JobKind::ImportChanges, subject: import.to_string() };
        }
    }
    // A list of several parts has a round for each.
    all.dedup();
    Ok(all)
}

/// How many of those who have left a search finds that found nobody else.
async fn archived_only(
    tx: &mut Tx,
    unit: &UnitId,
    query: &UserQuery,
    counts: &[Count],
    now: Timestamp,
) -> Result<Option<Matching>, UseCaseError> {
    if query.status.is_some() || query.facet.is_some() || (query.search.trim().is_empty() && query.columns.is_empty()) {
        return Ok(None);
    }
    let query = UserQuery { status: Some(Status::Archived), ..query.from_start() };
    let matching = roster::page(tx, unit, &query, counts, now).await?.matching;
    Ok(Some(matching).filter(|matching| *matching != Matching::Exactly(0)))
}

/// Whether the caller may look at the list of a unit, without one at the list of everybody within reach.
pub async fn may_list(app: &App, caller: &Actor, unit: Option<&UnitId>) -> Result<(), UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    scope(&mut tx, &authority, Permission::SeeUsers, unit).await.map(drop)
}

/// What the edit form of a person shows, to whoever may change that person.
pub async fn form(app: &App, caller: &Actor, id: &UserId) -> Result<UserCard, UseCaseError> {
    let card = card(app, caller, id).await?;
    let (mut tx, authority) = super::read_as(app, caller).await?;
    target(&mut tx, &authority, UserAction::Edit, id, app.clock.now()).await?;
    Ok(card)
}

/// What is asked before something is done to a person, by whoever sees them.
pub async fn question(app: &App, caller: &Actor, id: &UserId) -> Result<UserQuestion, UseCaseError> {
    card(app, caller, id).await.map(|card| card.question())
}

/// Everything about a person that the caller may see.
pub async fn card(app: &App, caller: &Actor, id: &UserId) -> Result<UserCard, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    let reader = reader_for(&mut tx, caller, app.clock.now()).await?;
    let person = match seen(&mut tx, &authority, UserAction::See, id, now).await {
        Err(UseCaseError::NotFound) => return Err(gone(&mut tx, &authority, &reader, id).await?),
        other => other?,
    };
    let mut open = directory::open_invitations(&mut tx, &person).await?;
    // What else is offered to the address, as far as the viewer sees it, is told here: it has no row of its own beside this one.
    let also = directory::offered_beside(&mut tx, &authority, &person, now).await?;
    let entry = DirectoryEntry::of_person(&person, &open, &also, now);
    let others: BTreeSet<&UserId> = also.iter().map(|offer| &offer.user_id).collect();
    let others: Vec<UserId> = others.into_iter().cloned().collect();
    let mut of_others = invitations::of_users(&mut tx, &others).await?;
    of_others.retain(|invitation| also.iter().any(|offer| offer.is_offered_by(&invitation.id)));
    open.extend(of_others);
    let open = reader.invitations(&mut tx, &open, &authority, now).await?;
    let block = person.seen.iter().find(|membership| membership.blocked_at.is_some());
    let blocked_by = views::named(&mut tx, block.and_then(|membership| membership.blocked_by.as_ref())).await?;
    // Those that they would leave, were everything ended that is seen of them.
    let is_elsewhere = |held: &&Membership| person.seen.iter().all(|seen| seen.id != held.id);
    let staying: Vec<UnitPath> = person
        .all
        .iter()
        .filter(is_elsewhere)
        .filter(|held| held.standing() == Standing::Active)
        .map(|held| held.unit.clone())
        .collect();
    let ahead = shifts::ahead(&mut tx, id, now).await?;
    let shifts_ahead = ahead.iter().filter(|(_, unit)| !may_work(unit, &staying)).count();
    let reach = authority.reach(Permission::SeeUsers);
    let subjects: Vec<UserId> = std::iter::once(id.clone()).chain(others).collect();
    let history = audit::of_people_within(&mut tx, &subjects, &reach, &[], CARD_HISTORY).await?;
    // Who brought the person here, not who did so somewhere else.
    let first = person.seen.iter().min_by_key(|held| (held.created_at, &held.id));
    let by = match first.and_then(|held| held.invitation.as_ref()) {
        Some(id) => invitations::find(&mut tx, id).await?.and_then(|invitation| invitation.invited_by),
        None => None,
    };
    let created_by = views::named(&mut tx, by.as_ref()).await?;
    let abilities = abilities(&mut tx, &person).await?;
    let proposals = waiting::list(&mut tx, &authority, &reader, ProposalScope::Person(id)).await?;
    let settings = super::settings_of(&mut tx).await?;
    let bin = bin_of(&mut tx, id, &person.all).await?;
    let kept_until = match Deletion::of(&settings, bin, now) {
        Deletion::IntoTheBin(binned) => Some(reader.when(binned.erased_at)),
        Deletion::ForGood => None,
    };
    Ok(UserCard {
        erased: bin.map(|bin| reader.when(bin.erased_at)),
        had_left_before: bin.is_some_and(|bin| !bin.took(person.all.iter().map(|held| held.archived_at))),
        kept_until,
        user: reader.person(entry),
        name_is_own: person.user.name_is_own,
        may_write_name: settings.name_policy.lets_an_administrator_write(person.user.name_is_own),
        record: record_of(&person.seen),
        language: person.user.language,
        version: person.user.version,
        created_by,
        changed: reader.when(person.user.changed_at),
        block_reason: block.map(|membership| membership.block_reason.clone()).unwrap_or_default(),
        blocked_by,
        invitations: open,
        proposals,
        abilities,
        shifts_ahead: i64::try_from(shifts_ahead).unwrap_or(i64::MAX),
        is_confirmed: person.user.confirmed_at.is_some(),
        is_unproven: person.user.is_unproven(),
        unconfirmed_email: person.user.unconfirmed_email.as_deref().map(in_letters),
        is_phone_confirmed: person.user.phone_confirmed_at.is_some(),
        handed: handed(app, &mut tx, &person.user, &reader, now).await?,
        consents: match person.user.registered_at {
            Some(_) => super::consents::states(&mut tx, id, |at| reader.when(at)).await?,
            None => Vec::new(),
        },
        history: history.into_iter().map(|event| reader.event(event)).collect(),
        revision: person.revision(),
    })
}

/// What the card says of the access of somebody with a login alone.
async fn handed(
    app: &App,
    tx: &mut Tx,
    user: &User,
    reader: &Reader,
    now: Timestamp,
) -> Result<Option<HandedLogin>, UseCaseError> {
    if AuthorizationMethod::of(user.email.as_deref(), user.login.as_deref()) != AuthorizationMethod::Login {
        return Ok(None);
    }
    let until = users::password(tx, &user.id).await?.temporary_until;
    let address = app.config.public_url.join("m").map_or_else(|_| "/m".into(), |address| address.to_string());
    let is_over = until.is_some_and(|until| now >= until);
    let picture = until.and_then(|_| qr_code::address(&address));
    Ok(Some(HandedLogin { address, picture, temporary_until: until.map(|until| reader.when(until)), is_over }))
}

/// What those say of somebody's record who are seen: the first that says anything.
fn record_of(seen: &[Membership]) -> Option<String> {
    seen.iter().find_map(|held| held.record.clone())
}

/// Why there is nobody of this id any more, for whoever could have seen them; else as if there had never been anybody.
async fn gone(tx: &mut Tx, authority: &Authority, reader: &Reader, id: &UserId) -> Result<UseCaseError, UseCaseError> {
    let reach = authority.reach(Permission::SeeUsers);
    let mut ends = audit::of_people_within(tx, std::slice::from_ref(id), &reach, &[AuditAction::Deleted], 1).await?;
    Ok(ends.pop().map_or(UseCaseError::NotFound, |end| UseCaseError::PersonGone {
        when: reader.when(end.at).short,
        by: end.actor.map(|actor| actor.title).filter(|name| !name.is_empty()),
    }))
}

/// What somebody can see and use at each unit where they are seen, and why: asked of the policy itself.
async fn abilities(tx: &mut Tx, person: &Target) -> Result<Vec<Abilities>, UseCaseError> {
    let Some(authority) = memberships::authority(tx, &person.user.id).await? else { return Ok(Vec::new()) };
    let is_seen = |unit: &UnitPath| person.seen.iter().any(|held| &held.unit == unit);
    let mut found = Vec::new();
    for held in person.seen.iter().filter(|held| authority.holdings.iter().any(|own| own.unit == held.unit)) {
        let mut can = Vec::new();
        for ability in authority.abilities(&held.unit) {
            // What comes from a unit that the viewer does not see is not told.
            let Some(from) = Some(&ability.holding.unit).filter(|unit| is_seen(unit)) else { continue };
            let name = person.seen.iter().find(|other| &other.unit == from).map(|other| other.unit_name.clone());
            can.push((ability.permission, ability.holding.role.id.clone(), name.unwrap_or_default(), ability.is_extra));
        }
        found.push(Abilities { unit: held.unit_name.clone(), can, gives: gives_at(&authority, &held.unit) });
    }
    Ok(found)
}

fn gives_at(authority: &Authority, unit: &UnitPath) -> Vec<RoleId> {
    let givers = authority
        .holdings
        .iter()
        .filter(|holding| holding.unit.reaches(unit) && holding.permissions().has(Permission::Invite));
    let mut roles: Vec<RoleId> = givers.flat_map(|holding| holding.role.may_assign.clone()).collect();
    roles.sort();
    roles.dedup();
    roles
}

/// What the edit form carries, as typed.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// `None`: the form had no field for it, since the name is the person's own.
    pub name: Option<String>,
    pub phone: String,
    /// The number about which the form has asked already.
    pub phone_meant: String,
    /// `None`: the form had no field for it.
    pub record: Option<String>,
    pub version: i64,
}

/// Whether the caller may know that there is this person: that a number is theirs is told to nobody else (rule 40, H-29).
pub(super) async fn is_seen(
    tx: &mut Tx,
    authority: &Authority,
    id: &UserId,
    now: Timestamp,
) -> Result<bool, UseCaseError> {
    if id == &authority.user_id {
        return Ok(true);
    }
    match seen(tx, authority, UserAction::See, id, now).await {
        Ok(_) => Ok(true),
        Err(UseCaseError::NotFound | UseCaseError::Denied(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Changes name, phone and the link to the employee's record (rules 2, 37, 89, 90); e-mail and login are not in the form, nor
/// taken from it (rule 91).
pub async fn edit(app: &App, caller: &Actor, id: &UserId, edit: &Edit) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let person = target(&mut tx, &authority, UserAction::Edit, id, now).await?;
    if person.user.version != edit.version {
        return Err(Conflict::ChangedMeanwhile.into());
    }
    let settings = super::settings_of(&mut tx).await?;
    let mut user = person.user.clone();
    if let Some(name) = edit.name.as_deref().map(one_line).filter(|name| *name != user.name) {
        if !settings.name_policy.lets_an_administrator_write(user.name_is_own) {
            return Err(Conflict::NameIsOwn.into());
        }
        user.name = PersonName::parse(&name)?.as_str().to_string();
    }
    user.phone = read_phone(&edit.phone, &[&edit.phone_meant, user.phone.as_deref().unwrap_or_default()])?;
    if person.user.has_only_a_number() && user.phone != person.user.phone {
        return Err(Conflict::OnlyANumber.into());
    }
    let old_record = record_of(&person.seen);
    let new_record = match &edit.record {
        Some(record) => read_record(record).ok_or(Invalid::Record)?,
        None => old_record.clone(),
    };
    if user.identifier().is_empty() {
        return Err(Invalid::Phone(crate::domain::contact::PhoneProblem::Empty).into());
    }
    if let Some(phone) = user.phone.as_deref().filter(|_| user.phone != person.user.phone)
        && let Some(holder) = users::find_by_identifier(&mut tx, phone).await?
        && is_seen(&mut tx, &authority, &holder.id, now).await?
    {
        return Err(Conflict::PhoneTaken.into());
    }
    if user.phone.is_some() && user.phone != person.user.phone {
        super::profile::count_number(&mut tx, id, now).await?;
        super::profile::count_number_for_another(&mut tx, &caller.user_id, now).await?;
    }
    let fields = |user: &User, record: &Option<String>| {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        [
            (AuditAction::Renamed, user.name.clone()),
            (AuditAction::PhoneChanged, text(&user.phone)),
            (AuditAction::RecordChanged, text(record)),
        ]
    };
    let mut changed = false;
    let before = fields(&person.user, &old_record);
    for ((action, before), (_, after)) in before.into_iter().zip(fields(&user, &new_record)) {
        if before != after {
            let (actor, subject) = (Some(&caller.user_id), Some(id));
            let line = AuditEntry { actor, subject, unit: person.unit(), before: &before, after: &after };
            record(&mut tx, action, line, now).await?;
            changed = true;
        }
    }
    if new_record != old_record {
        for held in person.within(&authority, UserAction::Edit) {
            memberships::set_record(&mut tx, &held.id, new_record.as_deref()).await?;
        }
    }
    if changed {
        users::update(&mut tx, &user, now).await?;
        if user.is_placeholder && user.phone != person.user.phone {
            let (before, after) = (person.user.phone.as_deref(), user.phone.as_deref());
            invitations::change_number(&mut tx, id, before, after).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Gives somebody another name, or none, in a transaction that may change others, too. After a refusal it is not to be committed.
pub(super) async fn rename_in(
    tx: &mut Tx,
    Acting { caller, authority, now, .. }: Acting<'_>,
    id: &UserId,
    name: &str,
) -> Result<(), UseCaseError> {
    let person = target(tx, authority, UserAction::Edit, id, now).await?;
    let settings = super::settings_of(tx).await?;
    if !settings.name_policy.lets_an_administrator_write(person.user.name_is_own) {
        return Err(Conflict::NameIsOwn.into());
    }
    let name = if name.is_empty() { String::new() } else { PersonName::parse(name)?.as_str().to_string() };
    if name == person.user.name {
        return Ok(());
    }
    let line = AuditEntry {
        actor: Some(&caller.user_id),
        subject: Some(id),
        unit: person.unit(),
        before: &person.user.name,
        after: &name,
    };
    record(tx, AuditAction::Renamed, line, now).await?;
    Ok(users::update(tx, &User { name, ..person.user.clone() }, now).await?)
}

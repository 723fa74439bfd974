//! What people do with Usher: one file per noun, one function per action. Each has one shape: begin, load, ask the policy,
//! change, write the history, queue the message, commit. What follows from what was written, the lists and the bells, the
//! transaction remembers by itself. No transport and no SQL in here.

pub mod accept;
mod actor;
pub mod agreement;
pub mod audit;
pub mod bounces;
pub mod bulk;
pub mod confirming;
pub mod consents;
pub mod credentials;
pub mod decisions;
pub mod deletion;
pub mod directory;
pub mod export;
pub mod fail_over;
mod guesses;
pub mod handed;
pub mod handing;
pub mod held;
pub mod import;
pub mod invitations;
pub mod invite;
pub mod letters;
mod links;
pub mod logins;
pub mod mailbox;
pub mod notes;
pub mod notices;
mod outbox;
pub mod own_password;
pub mod passwords;
pub mod places;
pub mod profile;
pub mod proposals;
pub mod reminders;
pub mod roles;
mod row_notes;
pub mod saved_views;
pub mod security_reports;
pub mod sessions;
pub mod set_up;
pub mod settings;
pub mod shifts;
pub mod table_layout;
pub mod tokens;
mod tries;
pub mod units;
pub mod users;
mod views;
mod welcome;
pub mod who;

pub use actor::{Actor, Via, for_person};

use super::app::App;
use super::storage::memberships::Membership;
use super::storage::{self, Tx, audit as events, memberships, roster, shifts as plan, units as tree, users as people};
use super::{phones, random};
use crate::domain::audit::AuditAction;
use crate::domain::contact::{Phone, PhoneProblem};
use crate::domain::error::{Conflict, Invalid, UseCaseError};
use crate::domain::id::{EventId, UnitId, UserId};
use crate::domain::membership::Standing;
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request, decide, needed_for};
use crate::domain::revision::Revision;
use crate::domain::shift::may_work;
use crate::domain::timestamp::Timestamp;
use crate::domain::typed;
use crate::domain::unit::{Unit, UnitPath};
use crate::domain::user::{Status, User, UserAction};
use actor::{Acting, authority, authority_before_consent, read_as, signed_in_lately, write_as};
use std::collections::BTreeMap;

/// How a job goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobStep {
    /// There is more to do.
    GoesOn,
    /// It is over, or somebody else has it.
    Over,
}

/// Where a request comes from, for limits and for the list of sessions.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The peer's address, or the one that trusted proxies name.
    pub address: String,
    /// Browser and system, in a few words.
    pub device: String,
    /// The mark that the browser got when somebody came in with it; whose it is, the limits ask.
    pub mark: Option<String>,
}

impl From<storage::Error> for UseCaseError {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Busy => Self::Busy,
            storage::Error::Away => Self::DatabaseAway,
            storage::Error::Full => Self::NoRoom,
            storage::Error::Failing(_) | storage::Error::Unsure(_) | storage::Error::Gone => {
                tracing::error!(%error, "a request could not be served");
                if matches!(error, storage::Error::Unsure(_)) { Self::Unsure } else { Self::StorageFails }
            }
            storage::Error::Taken(index) if index == "users_email" => Conflict::EmailTaken.into(),
            storage::Error::Taken(index) if index == "users_login" => Conflict::LoginTaken.into(),
            other => broken(&other),
        }
    }
}

/// Something that should not happen did: the log gets the cause, the person a name to quote.
pub fn broken(cause: &dyn std::fmt::Display) -> UseCaseError {
    let incident = random::typed_code();
    tracing::error!(%incident, %cause, "a request broke");
    UseCaseError::Broken { incident }
}

/// The policy's answer as a result.
fn require(authority: &Authority, ask: Request<'_>) -> Result<(), UseCaseError> {
    UseCaseError::of(decide(authority, ask)).map_or(Ok(()), Err)
}

/// The unit whose list somebody sees: the one that they asked for, if the permission reaches it, else the first one down
/// from which it does.
async fn scope(
    tx: &mut Tx,
    authority: &Authority,
    permission: Permission,
    wished: Option<&UnitId>,
) -> Result<Unit, UseCaseError> {
    require(authority, Request::Use(permission))?;
    let first = || authority.reach(permission).first().map(|path| path.id());
    let id = wished.cloned().or_else(first).ok_or(UseCaseError::NotFound)?;
    let unit = tree::find(tx, &id).await?.ok_or(UseCaseError::NotFound)?;
    if authority.reaches(permission, &unit.path) { Ok(unit) } else { Err(UseCaseError::NotFound) }
}

/// Somebody on whom is acted.
struct Target {
    user: User,
    /// Everything that they hold or are offered.
    all: Vec<Membership>,
    /// What whoever acts can see of it.
    seen: Vec<Membership>,
    /// Of what can be seen.
    status: Status,
}

/// See [`Target::standing`].
fn standing_of(all: &[Membership]) -> Revision {
    Revision::of(&all.iter().map(Membership::facts).collect::<Vec<_>>())
}

impl Target {
    /// How all their places stand, whoever sees them: what was done to somebody is taken back where this is the same still.
    fn standing(&self) -> Revision {
        standing_of(&self.all)
    }

    /// What of this person's access whoever acts can see.
    fn revision(&self) -> Revision {
        Revision::of(&self.seen.iter().map(Membership::facts).collect::<Vec<_>>())
    }

    /// The unit to whose history an action on this person belongs.
    fn unit(&self) -> Option<UnitId> {
        self.seen.first().map(|membership| membership.unit.id())
    }

    /// What stands within the reach of an action (`policy`, sentence 5).
    fn within<'a>(&'a self, authority: &'a Authority, action: UserAction) -> impl Iterator<Item = &'a Membership> {
        let permission = needed_for(action);
        self.seen.iter().filter(move |membership| authority.reaches(permission, &membership.unit))
    }

    /// Of that, what the action changes as things stand.
    fn changed_by<'a>(&'a self, authority: &'a Authority, action: UserAction) -> impl Iterator<Item = &'a Membership> {
        self.within(authority, action).filter(move |membership| action.suits_place(membership.standing()).is_ok())
    }
}

/// Loads somebody and asks whether the caller may do this to them, and whether it makes sense as things stand.
async fn target(
    tx: &mut Tx,
    authority: &Authority,
    action: UserAction,
    id: &UserId,
    now: Timestamp,
) -> Result<Target, UseCaseError> {
    let found = seen(tx, authority, action, id, now).await?;
    match action.is_about_access() {
        true => {
            action.suits_some(found.status, found.within(authority, action).map(Membership::standing))?;
        }
        false => action.suits(found.status)?,
    }
    Ok(found)
}

/// Loads somebody and asks the policy alone.
async fn seen(
    tx: &mut Tx,
    authority: &Authority,
    action: UserAction,
    id: &UserId,
    now: Timestamp,
) -> Result<Target, UseCaseError> {
    let user = people::find(tx, id).await?;
    let all = memberships::of_user(tx, id).await?;
    // Asked before it is known whether the person exists: who may not look at users learns nothing (404 or 403 alike).
    require(authority, Request::Do { action, user_id: id, places: &memberships::places(&all) })?;
    let user = user.ok_or(UseCaseError::NotFound)?;
    let is_seen = |membership: &&Membership| authority.reaches(Permission::SeeUsers, &membership.unit);
    let seen: Vec<Membership> = all.iter().filter(is_seen).cloned().collect();
    let status = roster::facts(tx, &seen).await?.status(now);
    Ok(Target { user, all, seen, status })
}

/// The guard of the last main administrator (CO-02), asked after whatever could have taken one away and before the
/// commit. Write transactions run one at a time, so nobody slips by.
async fn keep_a_main_administrator(tx: &mut Tx) -> Result<(), UseCaseError> {
    if memberships::main_administrators(tx).await? == 0 {
        return Err(Conflict::LastMainAdministrator.into());
    }
    Ok(())
}

/// How many parts of what a change of many people left to do are done before it is answered: a thousand people. Upkeep, which
/// the commit rang, does the rest.
const PARTS: usize = 40;

/// Goes on with what a change of many people left to do: it has happened, whatever becomes of this.
async fn go_on(app: &App) {
    for _ in 0..PARTS {
        match storage::unfinished::do_a_part(&app.db, app.clock.now()).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(%error, "the lists could not be brought up to date; upkeep tries again");
                return;
            }
        }
    }
}

/// Ends what needs something active behind it, once somebody has nothing active left: their sessions and reset links.
async fn shut_out_if_nothing_is_left(tx: &mut Tx, user: &UserId, now: Timestamp) -> Result<(), UseCaseError> {
    if memberships::authority(tx, user).await?.is_none() {
        storage::sessions::end_all(tx, user, None).await?;
        storage::resets::end_all(tx, user, now).await?;
    }
    Ok(())
}

/// Takes somebody out of the shifts before them for which they stand nowhere any more (rules 92, 94), and says so in
/// the history. `staying` is where they stand from now on.
async fn release_from_shifts(
    tx: &mut Tx,
    caller: &Actor,
    user: &UserId,
    staying: &[UnitPath],
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let mut released: BTreeMap<UnitPath, usize> = BTreeMap::new();
    for (shift, unit) in plan::ahead(tx, user, now).await? {
        if !may_work(&unit, staying) && plan::leave(tx, &shift, user).await? {
            *released.entry(unit).or_default() += 1;
        }
    }
    for (unit, shifts) in released {
        let after = shifts.to_string();
        let line = AuditEntry {
            actor: Some(&caller.user_id),
            subject: Some(user),
            unit: Some(unit.id()),
            after: &after,
            ..AuditEntry::default()
        };
        record(tx, AuditAction::Released, line, now).await?;
    }
    Ok(())
}

/// Where somebody stands at this moment.
async fn stands_at(tx: &mut Tx, user: &UserId) -> Result<Vec<UnitPath>, UseCaseError> {
    let all = memberships::of_user(tx, user).await?;
    Ok(all.into_iter().filter(|held| held.standing() == Standing::Active).map(|held| held.unit).collect())
}

/// The phone of a form, as typed; an empty field is none. A number that its country does not have is asked about once: `meant`
/// are those that are let through, because the form was sent again with it or because it is what is stored.
fn read_phone(typed: &str, meant: &[&str]) -> Result<Option<String>, UseCaseError> {
    let phone = match typed::phone(typed) {
        Err(PhoneProblem::Empty) => return Ok(None),
        phone => phone?,
    };
    let is_meant = || meant.iter().any(|meant| Phone::parse(meant).as_ref() == Ok(&phone));
    match phones::doubt(&phone) {
        Some(doubt) if !is_meant() => Err(Invalid::Phone(PhoneProblem::Doubtful { phone, doubt }).into()),
        _ => Ok(Some(phone.as_str().to_string())),
    }
}

/// A line for the history.
#[derive(Default)]
struct AuditEntry<'a> {
    actor: Option<&'a UserId>,
    subject: Option<&'a UserId>,
    unit: Option<UnitId>,
    before: &'a str,
    after: &'a str,
}

/// Writes a line of the history, in the transaction of the action.
async fn record(tx: &mut Tx, action: AuditAction, line: AuditEntry<'_>, now: Timestamp) -> Result<(), UseCaseError> {
    record_all(tx, action, std::slice::from_ref(&line), now).await
}

/// Writes a line for each of several about whom the same was done.
async fn record_all(
    tx: &mut Tx,
    action: AuditAction,
    lines: &[AuditEntry<'_>],
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let mut events = Vec::with_capacity(lines.len());
    for line in lines {
        let event = events::NewEvent {
            actor: line.actor,
            action,
            subject: line.subject,
            unit: line.unit.as_ref(),
            before: line.before,
            after: line.after,
        };
        events.push((EventId::new(random::id(now)), event));
    }
    Ok(events::write(tx, &events, now).await?)
}

/// The installation's settings; before set-up, the defaults.
async fn settings_of(tx: &mut Tx) -> Result<crate::domain::settings::Settings, UseCaseError> {
    Ok(storage::settings::load(tx).await?.unwrap_or_default())
}

/// A `Message-ID` under our own host, fixed when the message is queued.
fn header_id(app: &App, id: &str) -> String {
    format!("<{id}@{}>", app.config.public_url.host_str().unwrap_or("usher"))
}

//! What people do with Usher: one file per noun, one function per verb. Each has one shape: begin, load, ask the policy,
//! change, write the history, queue the message, commit. No transport and no SQL in here.

pub mod accept;
pub mod audit;
pub mod invitations;
pub mod invite;
pub mod mailbox;
pub mod passwords;
pub mod profile;
pub mod sessions;
pub mod set_up;
pub mod settings;
pub mod users;
mod views;

use super::app::App;
use super::random;
use super::storage::memberships::Membership;
use super::storage::{self, Tx, audit as events, memberships, roster, users as people};
use crate::domain::audit::Deed;
use crate::domain::id::{EventId, SessionId, UnitId, UserId};
use crate::domain::moment::Moment;
use crate::domain::permission::Permission;
use crate::domain::policy::{Ask, Authority, Decision, decide};
use crate::domain::refusal::{Conflict, Refusal};
use crate::domain::unit::UnitPath;
use crate::domain::user::{Status, User, Verb};

/// Who asks: somebody signed in. What he may do is looked up anew in every transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub user_id: UserId,
    pub session_id: SessionId,
}

/// Where a request comes from, for limits and for the list of sessions.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The peer's address, or the one that trusted proxies name.
    pub address: String,
    /// Browser and system, in a few words.
    pub device: String,
}

impl From<storage::Error> for Refusal {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Busy => Self::Busy,
            storage::Error::Taken(index) if index == "users_email" => Conflict::EmailTaken.into(),
            storage::Error::Taken(index) if index == "users_phone" => Conflict::PhoneTaken.into(),
            storage::Error::Taken(index) if index == "users_login" => Conflict::LoginTaken.into(),
            other => broken(&other),
        }
    }
}

/// Something that should not happen did: the log gets the cause, the person a name to quote.
pub fn broken(cause: &dyn std::fmt::Display) -> Refusal {
    let incident = random::typed_code();
    tracing::error!(%incident, %cause, "a request broke");
    Refusal::Broken { incident }
}

/// What the caller holds at this moment; whoever holds nothing any more is signed out.
async fn authority(tx: &mut Tx, caller: &Caller) -> Result<Authority, Refusal> {
    memberships::authority(tx, &caller.user_id).await?.ok_or(Refusal::SignInFirst)
}

/// The policy's answer as a result.
fn require(authority: &Authority, ask: Ask<'_>) -> Result<(), Refusal> {
    match decide(authority, ask) {
        Decision::Allowed => Ok(()),
        Decision::Hidden => Err(Refusal::NotFound),
        Decision::Refused(denied) => Err(Refusal::Denied(denied)),
    }
}

/// The highest unit down to which a permission reaches: what the lists of this person show.
fn scope(authority: &Authority, permission: Permission) -> Result<UnitPath, Refusal> {
    require(authority, Ask::Use(permission))?;
    authority.reach(permission).first().map(|path| (*path).clone()).ok_or(Refusal::NotFound)
}

/// Somebody on whom is acted.
struct Target {
    user: User,
    memberships: Vec<Membership>,
    status: Status,
}

impl Target {
    /// The unit to whose history a deed on this person belongs.
    fn unit(&self) -> Option<UnitId> {
        self.memberships.first().and_then(|membership| membership.unit.line().last())
    }

    /// Whether the person holds the top role at the root.
    fn is_main_administrator(&self, authority: &Authority) -> bool {
        self.memberships.iter().any(|membership| {
            membership.unit.is_root()
                && authority.holdings.iter().any(|holding| holding.role.is_top && holding.role.id == membership.role)
        })
    }
}

/// Loads somebody and asks whether the caller may do this to him, and whether it makes sense as things stand.
async fn target(tx: &mut Tx, authority: &Authority, verb: Verb, id: &UserId, now: Moment) -> Result<Target, Refusal> {
    let found = seen(tx, authority, verb, id, now).await?;
    verb.suits(found.status)?;
    Ok(found)
}

/// Loads somebody and asks the policy alone.
async fn seen(tx: &mut Tx, authority: &Authority, verb: Verb, id: &UserId, now: Moment) -> Result<Target, Refusal> {
    let user = people::find(tx, id).await?;
    let memberships = memberships::of_user(tx, id).await?;
    // Asked before it is known whether the person exists: who may not look at users learns nothing (404 or 403 alike).
    require(authority, Ask::Do { verb, user_id: id, places: &memberships::places(&memberships) })?;
    let user = user.ok_or(Refusal::NotFound)?;
    let status = roster::facts(tx, &user).await?.status(now);
    Ok(Target { user, memberships, status })
}

/// The guard of the last main administrator (CO-02). Write transactions run one at a time, so nobody slips by.
async fn keep_a_main_administrator(tx: &mut Tx, authority: &Authority, target: &Target) -> Result<(), Refusal> {
    if target.is_main_administrator(authority)
        && memberships::other_main_administrators(tx, &target.user.id).await? == 0
    {
        return Err(Conflict::LastMainAdministrator.into());
    }
    Ok(())
}

/// A line for the history.
#[derive(Default)]
struct Line<'a> {
    actor: Option<&'a UserId>,
    subject: Option<&'a UserId>,
    unit: Option<UnitId>,
    before: &'a str,
    after: &'a str,
}

/// Writes a line of the history, in the transaction of the deed.
async fn record(tx: &mut Tx, deed: Deed, line: Line<'_>, now: Moment) -> Result<(), Refusal> {
    let event = events::NewEvent {
        actor: line.actor,
        deed,
        subject: line.subject,
        unit: line.unit.as_ref(),
        before: line.before,
        after: line.after,
    };
    events::write(tx, &EventId::new(random::id(now)), &event, now).await?;
    Ok(())
}

/// The installation's settings; before set-up, the defaults.
async fn settings_of(tx: &mut Tx) -> Result<crate::domain::settings::Settings, Refusal> {
    Ok(storage::settings::load(tx).await?.unwrap_or_default())
}

/// A `Message-ID` under our own host, fixed when the message is queued.
fn header_id(app: &App, id: &str) -> String {
    format!("<{id}@{}>", app.config.public_url.host_str().unwrap_or("usher"))
}

//! The people whom somebody may see, as facts: what a page or a program makes of them is not known here.

use super::{Actor, Target, UseCaseError, require, scope, seen, views};
use crate::domain::id::UserId;
use crate::domain::listing::{HeldRole, UserQuery};
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request};
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::Unit;
use crate::domain::user::{Status, UserAction};
use crate::server::app::App;
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::memberships::{self, Membership};
use crate::server::storage::roster::{self, RosterRow};
use crate::server::storage::{Tx, roles};

/// Somebody within the reach of whoever looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryEntry {
    pub id: UserId,
    /// Empty until the person, or whoever invited, has given one.
    pub name: String,
    /// As it is stored.
    pub email: Option<String>,
    pub phone: Option<String>,
    pub login: Option<String>,
    pub status: Status,
    /// Until when the invitation works.
    pub until: Option<Timestamp>,
    pub added_at: Timestamp,
    pub last_seen_at: Option<Timestamp>,
    /// The day of it, as the list is sorted by it.
    pub seen_day: Option<i64>,
    /// What they hold or are offered within reach.
    pub held: Vec<HeldRole>,
    /// What open invitations to the same address offer within reach that were written by somebody who did not see this person.
    pub also_offered: Vec<HeldRole>,
    /// They hold something outside of it, too.
    pub elsewhere: bool,
}

/// A page of them.
#[derive(Clone, Debug)]
pub struct DirectoryPage {
    /// The unit whose people these are.
    pub unit: Unit,
    pub entries: Vec<DirectoryEntry>,
    /// The last of this page, where another one follows.
    pub next: Option<UserId>,
    /// Every role that an entry may name.
    pub roles: Vec<Role>,
}

impl DirectoryEntry {
    /// A line of the list for somebody who sees this much.
    pub(super) fn of_line(line: RosterRow, viewer: &Authority, now: Timestamp) -> Self {
        let is_seen = |held: &HeldRole| viewer.reaches(Permission::SeeUsers, &held.place.unit);
        // The list is refreshed a moment after an invitation runs out; the row says so at once.
        let has_run_out = line.status != Status::Archived && line.until.is_some_and(|until| until <= now);
        let all = line.held.len();
        let held: Vec<HeldRole> = line.held.into_iter().filter(is_seen).collect();
        Self {
            id: line.id,
            name: line.name,
            email: line.email,
            phone: line.phone,
            login: line.login,
            status: if has_run_out { Status::Expired } else { line.status },
            until: line.until.filter(|_| !has_run_out),
            added_at: held.iter().map(|held| held.since).min().unwrap_or(line.created_at),
            last_seen_at: line.last_seen_at,
            seen_day: line.seen_day,
            elsewhere: held.len() < all,
            held,
            also_offered: line.also_offered.into_iter().filter(is_seen).collect(),
        }
    }

    /// The same of somebody who was loaded whole: `open` are the invitations that [`open_invitations`] found, `also` is what
    /// [`offered_beside`] did.
    pub(super) fn of_person(person: &Target, open: &[Invitation], also: &[Membership], now: Timestamp) -> Self {
        let user = person.user.clone();
        let until = open.first().and_then(|invitation| invitation.expires_at).filter(|until| *until > now);
        Self {
            id: user.id,
            name: user.name,
            email: user.email,
            phone: user.phone,
            login: user.login,
            status: person.status,
            until: until.filter(|_| person.status.is_pending()),
            added_at: person.seen.iter().map(|held| held.created_at).min().unwrap_or(user.created_at),
            last_seen_at: user.last_seen_at,
            seen_day: Some(user.seen_day).filter(|day| *day > 0),
            held: views::held(&person.seen),
            also_offered: views::held(also),
            elsewhere: person.seen.len() < person.all.len(),
        }
    }
}

/// A page of the people of the unit that the query names, or of the first one within reach.
///
/// # Errors
/// `NotFound` for a unit out of reach; `Denied` for whoever may see nobody.
pub async fn list(app: &App, actor: &Actor, query: &UserQuery) -> Result<DirectoryPage, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, actor).await?;
    let unit = scope(&mut tx, &authority, Permission::SeeUsers, query.unit.as_ref()).await?;
    let counts = roster::counts(&mut tx, &unit.id).await?;
    let page = roster::page(&mut tx, &unit.id, query, &counts, now).await?;
    let entries = page.lines.into_iter().map(|line| DirectoryEntry::of_line(line, &authority, now)).collect();
    Ok(DirectoryPage { unit, entries, next: page.next, roles: roles::known(&mut tx).await? })
}

/// Somebody, and every role that is there.
///
/// # Errors
/// `NotFound` when nobody of this id is within reach (rule 40).
pub async fn find(app: &App, actor: &Actor, id: &UserId) -> Result<(DirectoryEntry, Vec<Role>), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, actor).await?;
    require(&authority, Request::Use(Permission::SeeUsers))?;
    let person = seen(&mut tx, &authority, UserAction::See, id, now).await?;
    let open = open_invitations(&mut tx, &person).await?;
    let also = offered_beside(&mut tx, &authority, &person, now).await?;
    let entry = DirectoryEntry::of_person(&person, &open, &also, now);
    Ok((entry, roles::known(&mut tx).await?))
}

/// Somebody's invitations that were not accepted, as far as they are seen, the newest first.
pub(super) async fn open_invitations(tx: &mut Tx, person: &Target) -> Result<Vec<Invitation>, UseCaseError> {
    let mut open = invitations::of_user(tx, &person.user.id).await?;
    open.retain(|invitation| {
        let is_seen = person.seen.iter().any(|held| held.is_offered_by(&invitation.id));
        invitation.accepted_at.is_none() && is_seen
    });
    Ok(open)
}

/// What is offered to somebody's address, as far as the viewer sees it, by those who did not see the person.
pub(super) async fn offered_beside(
    tx: &mut Tx,
    authority: &Authority,
    person: &Target,
    now: Timestamp,
) -> Result<Vec<Membership>, UseCaseError> {
    let addresses: Vec<&str> = person.user.own_address().into_iter().collect();
    let mut also = memberships::offered_to_placeholders(tx, &addresses, now).await?;
    let is_beside =
        |offer: &Membership| offer.user_id != person.user.id && authority.reaches(Permission::SeeUsers, &offer.unit);
    also.retain(|(_, offer)| is_beside(offer));
    Ok(also.into_iter().map(|(_, offer)| offer).collect())
}

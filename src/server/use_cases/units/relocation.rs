//! A unit, with all below it, below another one: whom that gives rights and from whom it takes them, and doing it. Where it gives
//! somebody what two give, or takes from somebody what two take away, it is proposed instead (rule 53).

use super::{choices, found, page, revision, stands_out, stays_open, unit_ref};
use crate::domain::agreement::{RoleGrant, takes_two_to_move};
use crate::domain::audit::AuditAction;
use crate::domain::error::Conflict;
use crate::domain::id::{RoleId, UnitId};
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Place, Request};
use crate::domain::proposal::{ProposalOutcome, ProposedChange};
use crate::domain::revision::Revision;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::{Unit, UnitPath, has_room_below};
use crate::server::app::App;
use crate::server::storage::memberships::Membership;
use crate::server::storage::{Tx, memberships, roles, units};
use crate::server::use_cases::{Actor, AuditEntry, UseCaseError, proposals, read_as, record, require, views, write_as};
use crate::view_models::{MoveMeans, MovePage, MoveReach, SomeHolders, UnitChoice};
use std::collections::BTreeSet;

/// How many people a question names.
const NAMED: usize = 5;

/// The page on which a unit's new place is chosen; `to` is the one that was chosen.
pub async fn move_page(
    app: &App,
    caller: &Actor,
    id: &UnitId,
    to: Option<&UnitId>,
    search: &str,
) -> Result<MovePage, UseCaseError> {
    let unit_page = page(app, caller, Some(id), "").await?;
    unit_page.may_move.clone()?;
    let (mut tx, authority) = read_as(app, caller).await?;
    let mut choices = choices(&mut tx, &authority, Permission::ManageUnits, search).await?;
    let root = units::root(&mut tx).await?;
    if authority.reaches(Permission::ManageUnits, &root.path) && search.trim().is_empty() {
        choices.found.insert(0, UnitChoice { unit: unit_ref(&root), path: root.path.clone(), way: String::new() });
    }
    // Not into itself, and not where it stands already.
    let parent = unit_page.path.parent();
    choices.found.retain(|choice| !unit_page.path.reaches(&choice.path) && Some(&choice.path) != parent.as_ref());
    let means = match to {
        None => None,
        Some(to) => {
            let target = units::find(&mut tx, to).await?.ok_or(UseCaseError::NotFound)?;
            // What is not seen has neither a name nor people.
            require(&authority, Request::UseAt(Permission::ManageUnits, &target.path))?;
            let unit = units::find(&mut tx, id).await?.ok_or(UseCaseError::NotFound)?;
            let around = HeldAbove::of(&mut tx, &unit, &target).await?;
            let ask = Request::Move { unit: &unit.path, to: &target.path, above: &around.given };
            let levels = units::levels(&mut tx, &unit.path).await?;
            Some(MoveMeans {
                may: require(&authority, ask).and_then(|()| fits(&unit, levels, &target)),
                reach: around.reach(&mut tx, &authority).await?,
                replaces: proposals::is_move_waiting(&mut tx, id).await?,
                takes_two: around.takes_two(),
                to: UnitChoice { unit: unit_ref(&target), path: target.path.clone(), way: String::new() },
            })
        }
    };
    Ok(MovePage { unit: unit_page, choices, to: means })
}

/// What lies above one place of a unit and not above another one.
struct HeldAbove {
    /// The units above the new place only, and those above the old one only.
    new: Vec<UnitId>,
    old: Vec<UnitId>,
    /// Every role, and which of them are of use for something.
    all: Vec<Role>,
    roles: Vec<RoleId>,
    /// What is held, offered, blocked or archived at these units, without what gives no right at all.
    given: Vec<Place>,
}

impl HeldAbove {
    async fn of(tx: &mut Tx, unit: &Unit, to: &Unit) -> Result<Self, UseCaseError> {
        let before: Vec<UnitId> = unit.path.parent().map(|parent| parent.line().collect()).unwrap_or_default();
        let after: Vec<UnitId> = to.path.line().collect();
        let only = |these: &[UnitId], those: &[UnitId]| -> Vec<UnitId> {
            these.iter().filter(|id| !those.contains(id)).cloned().collect()
        };
        let (new, old) = (only(&after, &before), only(&before, &after));
        let is_of_use = |role: &Role| !role.permissions.is_empty() || !role.may_assign.is_empty();
        let all = roles::all(tx).await?;
        let roles: Vec<RoleId> = all.iter().filter(|role| is_of_use(role)).map(|role| role.id.clone()).collect();
        let mut given = units::given_at(tx, &[&new[..], &old[..]].concat()).await?;
        given.retain(|place| !place.extra.is_empty() || roles.contains(&place.role));
        Ok(Self { new, old, all, roles, given })
    }

    /// Whether one administrator alone does not move it.
    fn takes_two(&self) -> bool {
        let grants = |units: &[UnitId]| -> Vec<RoleGrant<'_>> {
            let here = self.given.iter().filter(|place| units.contains(&place.unit.id()));
            let grant = |place: &Place| {
                let role = self.all.iter().find(|role| role.id == place.role)?;
                Some(RoleGrant { role, extra: place.extra })
            };
            here.filter_map(grant).collect()
        };
        takes_two_to_move(grants(&self.new), grants(&self.old), &self.all)
    }

    /// Whom the move gives rights, and from whom it takes them, as whoever holds `authority` may know it.
    async fn reach(&self, tx: &mut Tx, authority: &Authority) -> Result<MoveReach, UseCaseError> {
        Ok(MoveReach {
            gain: self.holders(tx, authority, &self.new, true).await?,
            lose: self.holders(tx, authority, &self.old, true).await?,
            may_gain: self.holders(tx, authority, &self.new, false).await?,
        })
    }

    /// A few of those to whom something at these units gives rights, or may give them one day, and how many they are: who is not
    /// seen there is counted and has no name.
    async fn holders(
        &self,
        tx: &mut Tx,
        authority: &Authority,
        units: &[UnitId],
        counts: bool,
    ) -> Result<SomeHolders, UseCaseError> {
        let (people, all) = units::people_at(tx, units, &self.roles, counts, NAMED).await?;
        let held = memberships::of_users(tx, &people).await?;
        let mut some = Vec::with_capacity(people.len());
        for id in &people {
            let is_meant = |held: &&Membership| {
                let is_of_use = !held.extra.is_empty() || self.roles.contains(&held.role);
                let is_here = &held.user_id == id && units.contains(&held.unit.id());
                let is_held = held.active_at.is_some() && held.blocked_at.is_none() && held.archived_at.is_none();
                is_here && is_of_use && is_held == counts
            };
            let seen = |held: &&Membership| authority.reaches(Permission::SeeUsers, &held.unit);
            let roles: BTreeSet<RoleId> =
                held.iter().filter(is_meant).filter(seen).map(|held| held.role.clone()).collect();
            if roles.is_empty() {
                continue;
            }
            let Some(person) = views::named(tx, Some(id)).await? else { continue };
            some.push((person.title, roles.into_iter().collect()));
        }
        Ok(SomeHolders { some, all })
    }
}

/// Whether a unit of so many levels can stand below another one.
fn fits(unit: &Unit, levels: usize, to: &Unit) -> Result<(), UseCaseError> {
    if unit.path.reaches(&to.path) {
        return Err(Conflict::UnitIntoItself.into());
    }
    // Out of an archived unit it would open again, for people on whom whoever moves it may not act.
    stays_open(unit)?;
    stays_open(to)?;
    Ok(has_room_below(&to.path, levels)?)
}

/// A move that somebody may make, with what it gives and takes.
pub(in crate::server::use_cases) struct Relocation {
    unit: Unit,
    target: Unit,
    takes_two: bool,
}

impl Relocation {
    /// Everything that could stand against it, for whoever holds `authority`.
    pub async fn load(tx: &mut Tx, authority: &Authority, id: &UnitId, to: &UnitId) -> Result<Self, UseCaseError> {
        let unit = found(tx, authority, id).await?;
        let target = found(tx, authority, to).await?;
        let around = HeldAbove::of(tx, &unit, &target).await?;
        require(authority, Request::Move { unit: &unit.path, to: &target.path, above: &around.given })?;
        fits(&unit, units::levels(tx, &unit.path).await?, &target)?;
        Ok(Self { takes_two: around.takes_two(), unit, target })
    }

    fn is_nothing(&self) -> bool {
        self.unit.path.parent().as_ref() == Some(&self.target.path)
    }

    async fn tell(&self, tx: &mut Tx, by: &Actor, action: AuditAction, now: Timestamp) -> Result<(), UseCaseError> {
        let (actor, unit) = (Some(&by.user_id), Some(self.unit.id.clone()));
        record(tx, action, AuditEntry { actor, unit, after: &self.target.name, ..AuditEntry::default() }, now).await
    }

    /// Does it. Once it stands, the lists go on.
    pub async fn carry_out(self, tx: &mut Tx, caller: &Actor, now: Timestamp) -> Result<(), UseCaseError> {
        stands_out(tx, &self.target.id, &self.unit.name, Some(&self.unit.id)).await?;
        units::relocate(tx, &self.unit, &self.target).await?;
        self.tell(tx, caller, AuditAction::UnitMoved, now).await
    }

    /// Whether somebody else could agree to it, now or once whoever asks lets them in again.
    async fn has_second(&self, tx: &mut Tx, caller: &Actor, now: Timestamp) -> Result<bool, UseCaseError> {
        let above = [self.unit.path.line().collect::<Vec<_>>(), self.target.path.line().collect()].concat();
        for other in proposals::others(tx, caller, &above, Permission::ManageUnits).await? {
            match Self::load(tx, &other, &self.unit.id, &self.target.id).await {
                Ok(_) => return Ok(true),
                Err(broken) if broken.passes() => return Err(broken),
                Err(_) => {}
            }
        }
        Ok(proposals::shut_out(tx, caller, &above, Permission::ManageUnits, now).await? > 0)
    }
}

/// Whom a proposed move gives rights and from whom it takes them, for whoever could be asked about it: they manage units where it
/// stands and where it comes to stand.
pub(in crate::server::use_cases) async fn reach(
    tx: &mut Tx,
    authority: &Authority,
    id: &UnitId,
    to: &UnitId,
) -> Result<Option<MoveReach>, UseCaseError> {
    let (Some(unit), Some(target)) = (units::find(tx, id).await?, units::find(tx, to).await?) else { return Ok(None) };
    let places = [unit.path.parent(), Some(target.path.clone())];
    let manages =
        |path: &Option<UnitPath>| path.as_ref().is_some_and(|path| authority.reaches(Permission::ManageUnits, path));
    if !places.iter().all(manages) {
        return Ok(None);
    }
    Ok(Some(HeldAbove::of(tx, &unit, &target).await?.reach(tx, authority).await?))
}

/// How a unit is on whose move somebody decides; nothing where it is gone.
pub(in crate::server::use_cases) async fn base(tx: &mut Tx, id: &UnitId) -> Result<Option<Revision>, UseCaseError> {
    Ok(units::find(tx, id).await?.map(|unit| revision(&unit)))
}

/// Puts a unit, with all below it, below another one, or proposes it. Rights over it go to those above the new place.
pub async fn relocate(app: &App, caller: &Actor, id: &UnitId, to: &UnitId) -> Result<ProposalOutcome, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = write_as(app, caller).await?;
    let relocation = Relocation::load(&mut tx, &authority, id, to).await?;
    let base = revision(&relocation.unit);
    caller.decided_on(&base, Conflict::ChangedMeanwhile)?;
    if relocation.is_nothing() {
        return Ok(ProposalOutcome::Done);
    }
    let takes_two = relocation.takes_two;
    if takes_two && relocation.has_second(&mut tx, caller, now).await? {
        stands_out(&mut tx, to, &relocation.unit.name, Some(id)).await?;
        let wish = ProposedChange::MoveUnit { unit: id.clone(), to: to.clone() };
        proposals::propose(&mut tx, caller, wish, Some(&base), now).await?;
        relocation.tell(&mut tx, caller, AuditAction::UnitMoveProposed, now).await?;
        tx.commit().await?;
        return Ok(ProposalOutcome::Proposed);
    }
    if takes_two {
        let (actor, unit) = (Some(&caller.user_id), Some(id.clone()));
        record(&mut tx, AuditAction::DecidedAlone, AuditEntry { actor, unit, ..AuditEntry::default() }, now).await?;
    }
    relocation.carry_out(&mut tx, caller, now).await?;
    tx.commit().await?;
    crate::server::use_cases::go_on(app).await;
    Ok(if takes_two { ProposalOutcome::DecidedAlone } else { ProposalOutcome::Done })
}

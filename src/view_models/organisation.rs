//! What the pages of units, roles and shifts get.

use super::proposals::ProposalSummary;
use super::{FormattedTime, Person};
use crate::domain::error::UseCaseError;
use crate::domain::id::{RoleId, ShiftId, UnitId, UserId};
use crate::domain::listing::Count;
use crate::domain::policy::Place;
use crate::domain::revision::Revision;
use crate::domain::role::Role;
use crate::domain::settings::OwnSettings;
use crate::domain::unit::{UnitKind, UnitPath};
use crate::domain::user::UserAction;
use serde::{Deserialize, Serialize};

/// A unit by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRef {
    pub id: UnitId,
    pub kind: UnitKind,
    pub name: String,
}

/// A unit in a list of units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    pub unit: UnitRef,
    pub is_archived: bool,
    /// Everyone in it and below who has not left.
    pub people: i64,
    /// How many units stand directly below it.
    pub below: i64,
}

/// A page of units below one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitPage {
    pub unit: UnitRef,
    pub path: UnitPath,
    pub is_archived: bool,
    pub is_closed: bool,
    /// The way from the top of the viewer's reach down to this one, without it.
    pub above: Vec<UnitRef>,
    pub counts: Vec<Count>,
    /// The units directly below, or those below at any depth that match a search.
    pub rows: Vec<UnitRow>,
    /// There are more than are shown.
    pub has_more: bool,
    pub search: String,
    /// What the viewer may do here; `Err` says why not.
    pub may_create: Result<(), UseCaseError>,
    pub may_rename: Result<(), UseCaseError>,
    pub may_move: Result<(), UseCaseError>,
    pub may_close: Result<(), UseCaseError>,
    pub revision: Revision,
    /// Whom closing would shut out: those who hold nothing elsewhere; and the invitations that would end.
    pub shut_out: i64,
    pub open_invitations: i64,
    /// What the unit decides for itself, and what holds where it decides nothing.
    pub own: OwnSettings,
    pub usual: OwnSettings,
    /// The moves of it that wait for a second administrator.
    pub waiting: Vec<ProposalSummary>,
}

/// A unit to choose from, with the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitChoice {
    pub unit: UnitRef,
    pub path: UnitPath,
    /// The names above it, from the top of the viewer's reach.
    pub way: String,
}

/// The first of the units that match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitChoices {
    pub found: Vec<UnitChoice>,
    pub has_more: bool,
    pub search: String,
}

/// Where a unit can be moved to, and what moving it to one place means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovePage {
    pub unit: UnitPage,
    pub choices: UnitChoices,
    pub to: Option<MoveMeans>,
}

/// A few people with the roles by which they reach something, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SomeHolders {
    pub some: Vec<(String, Vec<RoleId>)>,
    pub all: usize,
}

/// Who gets rights over a unit by a move, and who loses them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveReach {
    pub gain: SomeHolders,
    pub lose: SomeHolders,
    /// Those who will reach it once they come in, are unblocked or brought back.
    pub may_gain: SomeHolders,
}

/// What a move to one place means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveMeans {
    pub to: UnitChoice,
    pub reach: MoveReach,
    /// Another move of it waits already, whose place this one would take.
    pub replaces: bool,
    /// It waits for a second administrator (rule 53).
    pub takes_two: bool,
    /// `Err` says why the viewer may not do it.
    pub may: Result<(), UseCaseError>,
}

/// The roles with what is known of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolesPage {
    /// Highest first, with how many hold it or are offered it.
    pub roles: Vec<(Role, i64)>,
    pub may_create: bool,
    /// How many changes of roles wait for a second administrator.
    pub waiting: usize,
}

/// A role to be looked at and changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolePage {
    /// `None`: one that is to be made.
    pub role: Option<Role>,
    /// How many hold it or are offered it: while there is anybody it stays.
    pub holders: i64,
    /// Some of them, as far as the viewer sees people.
    pub some: Vec<Person>,
    /// `Err` says why the viewer may only look.
    pub may_edit: Result<(), UseCaseError>,
    /// Of a role that is there.
    pub revision: Option<Revision>,
    /// Those who could agree to what loosens the rule of two (rule 53), beside the viewer.
    pub second: Vec<Person>,
}

/// Who can do something to somebody, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhoMay {
    pub action: UserAction,
    /// What was typed.
    pub about: String,
    /// Whom it names, within the viewer's reach.
    pub person: Option<Person>,
    /// Each with the place by which they can.
    pub found: Vec<RoleHolder>,
    pub has_more: bool,
}

/// Somebody, and the role at a unit by which they can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleHolder {
    pub person: Person,
    pub place: Place,
    pub unit: String,
}

/// A shift in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftRow {
    pub id: ShiftId,
    pub unit: UnitRef,
    pub title: String,
    pub starts: FormattedTime,
    pub ends: FormattedTime,
    /// `10:00–18:00`, with the day where it ends on another one.
    pub hours: String,
    pub people: Vec<Person>,
    pub is_mine: bool,
    /// The viewer may change it.
    pub may_edit: bool,
}

/// A week of the plan, or of one's own shifts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftsPage {
    /// `None`: only one's own shifts.
    pub unit: Option<UnitRef>,
    /// `2026-W47`
    pub week: String,
    pub previous: String,
    pub next: String,
    pub this_week: String,
    /// The seven days: their heading, their date (`2026-11-22`), their shifts.
    pub days: Vec<(String, String, Vec<ShiftRow>)>,
    /// The date of the day on which the page is looked at.
    pub today: String,
    pub may_edit: bool,
    /// The plan has more shifts in this week than are shown.
    pub has_more: bool,
}

/// A shift to be looked at and changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftPage {
    /// `None`: one that is to be made.
    pub shift: Option<ShiftRow>,
    pub version: i64,
    /// Of a shift that is there, with whoever is in it.
    pub revision: Option<Revision>,
    /// As the form's fields have it: `2026-11-22T10:00`.
    pub starts: String,
    pub ends: String,
    /// Where the new one belongs.
    pub unit: UnitRef,
    pub zone: String,
    /// Those whom the search among the unit's people found.
    pub search: String,
    pub candidates: Vec<Person>,
    pub week: String,
}

impl ShiftPage {
    /// Whether somebody is in the shift already.
    pub fn has(&self, person: &UserId) -> bool {
        self.shift.as_ref().is_some_and(|shift| shift.people.iter().any(|other| &other.id == person))
    }
}

impl RolePage {
    /// The roles that this one may give.
    pub fn gives(&self, role: &RoleId) -> bool {
        self.role.as_ref().is_some_and(|own| own.may_assign.contains(role))
    }
}

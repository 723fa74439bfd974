//! Changing the tree of units, the roles and the plan of shifts.

use crate::domain::error::UseCaseError;
use crate::domain::id::{ProposalId, RoleId, ShiftId, UnitId, UserId};
use crate::domain::proposal::ProposalOutcome;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Makes a unit below another one.
#[server(prefix = "/api", endpoint = "create-unit")]
pub async fn create_unit(below: UnitId, kind: String, name: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::units};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(units::create(&app, &caller, &below, &kind, &name).await.map(drop), &format!("/units/{below}"))
}

/// Gives a unit another name, and says what it decides for itself; an empty field is as above it.
#[server(prefix = "/api", endpoint = "edit-unit")]
pub async fn edit_unit(
    id: UnitId,
    name: String,
    #[server(default)] valid_for: String,
    #[server(default)] carries: String,
    #[server(default)] remind_days: String,
    #[server(default)] fails_over: String,
    #[server(default)] hands_over: String,
    #[server(default)] revision: String,
) -> Result<(), UseCaseError> {
    use crate::domain::settings::{OwnSettings, Setting};
    use crate::server::{http::asked, use_cases::units};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let own = asked::answer(OwnSettings::typed(|setting| match setting {
        Setting::ValidFor => &valid_for,
        Setting::Carries => &carries,
        Setting::RemindBefore => &remind_days,
        Setting::FailsOver => &fails_over,
        Setting::HandsOver => &hands_over,
        _ => "",
    }))?;
    asked::answer_and_go(units::edit(&app, &caller, &id, &name, own).await, &format!("/units/{id}"))
}

/// Puts a unit below another one, or proposes it where that takes two.
#[server(prefix = "/api", endpoint = "move-unit")]
pub async fn move_unit(
    id: UnitId,
    to: UnitId,
    #[server(default)] revision: String,
) -> Result<ProposalOutcome, UseCaseError> {
    use crate::server::{http::asked, use_cases::units};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer_and_go(units::relocate(&app, &caller, &id, &to).await, &format!("/units/{id}"))
}

/// Archives a unit with all below it.
#[server(prefix = "/api", endpoint = "archive-unit")]
pub async fn archive_unit(id: UnitId, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::units};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer_and_go(units::archive(&app, &caller, &id, true).await, &format!("/units/{id}"))
}

/// Brings an archived unit back.
#[server(prefix = "/api", endpoint = "bring-back-unit")]
pub async fn bring_back_unit(id: UnitId, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::units};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer_and_go(units::archive(&app, &caller, &id, false).await, &format!("/units/{id}"))
}

/// What a role says of invitations to it, as typed; empty is as usual.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTerms {
    #[serde(default)]
    pub valid_for: String,
    #[serde(default)]
    pub carries: String,
}

/// Changes a role, or makes one when there is no id.
#[server(prefix = "/api", endpoint = "save-role")]
pub async fn save_role(
    #[server(default)] id: String,
    #[server(default)] name: String,
    #[server(default)] rank: String,
    #[server(default)] permissions: Vec<String>,
    #[server(default)] assigns: Vec<String>,
    #[server(default)] needs_approval: Option<String>,
    #[server(default)] losing_takes_two: Option<String>,
    #[server(flatten)] own: OwnTerms,
    #[server(default)] revision: String,
) -> Result<ProposalOutcome, UseCaseError> {
    use crate::domain::{onboarding, permission::Permissions, role::RoleWish, validity};
    use crate::server::{http::asked, use_cases::roles};
    let (app, caller) = asked::signed_in_on(&revision)?;
    // A text, since beside fields of another struct nothing but texts is read.
    let rank = if rank.is_empty() { Ok(0) } else { rank.trim().parse().map_err(|_| UseCaseError::Unreadable) };
    let rank = asked::answer(rank)?;
    let wish = RoleWish {
        name,
        rank,
        permissions: Permissions::from_codes(&permissions.join(" ")),
        may_assign: assigns.into_iter().map(RoleId::new).collect(),
        needs_approval: needs_approval.is_some(),
        losing_takes_two: losing_takes_two.is_some(),
        valid_for: asked::answer(validity::read_own(&own.valid_for).map_err(Into::into))?,
        carries: asked::answer(onboarding::read_own(&own.carries).ok_or(UseCaseError::Unreadable))?,
    };
    let id = RoleId::given(id);
    let saved = roles::save(&app, &caller, id.as_ref(), &wish).await.map(|saved| saved.outcome);
    asked::answer_and_go(saved, "/settings/roles")
}

/// Removes a role that nobody holds.
#[server(prefix = "/api", endpoint = "remove-role")]
pub async fn remove_role(id: RoleId, #[server(default)] revision: String) -> Result<ProposalOutcome, UseCaseError> {
    use crate::server::{http::asked, use_cases::roles};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer_and_go(roles::remove(&app, &caller, &id).await, "/settings/roles")
}

/// Agrees to what somebody else proposed: it is done.
#[server(prefix = "/api", endpoint = "agree")]
pub async fn agree(id: ProposalId) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::proposals};
    let (app, caller) = asked::signed_in()?;
    asked::answer(proposals::agree(&app, &caller, &id).await)
}

/// Takes back what was proposed, or refuses it.
#[server(prefix = "/api", endpoint = "drop-proposal")]
pub async fn drop_proposal(id: ProposalId) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::proposals};
    let (app, caller) = asked::signed_in()?;
    asked::answer(proposals::drop_it(&app, &caller, &id).await)
}

/// Adds a shift to the plan of a unit, and goes to it.
#[server(prefix = "/api", endpoint = "create-shift")]
pub async fn create_shift(unit: UnitId, title: String, starts: String, ends: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::shifts};
    let (app, caller) = asked::signed_in()?;
    let wish = shifts::ShiftForm { title, starts, ends, version: 0 };
    asked::answer(shifts::create(&app, &caller, &unit, &wish).await.map(|id| {
        leptos_axum::redirect(&format!("/shifts/{id}"));
    }))
}

/// Changes title and times of a shift.
#[server(prefix = "/api", endpoint = "change-shift")]
pub async fn change_shift(
    id: ShiftId,
    title: String,
    starts: String,
    ends: String,
    version: i64,
) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::shifts};
    let (app, caller) = asked::signed_in()?;
    let wish = shifts::ShiftForm { title, starts, ends, version };
    asked::answer_and_go(shifts::change(&app, &caller, &id, &wish).await, &format!("/shifts/{id}"))
}

/// Takes a shift out of the plan.
#[server(prefix = "/api", endpoint = "remove-shift")]
pub async fn remove_shift(id: ShiftId, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::shifts};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer_and_go(shifts::remove(&app, &caller, &id).await, "/shifts")
}

/// Puts somebody into a shift.
#[server(prefix = "/api", endpoint = "join-shift")]
pub async fn join_shift(id: ShiftId, user: UserId) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::shifts};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(shifts::assign(&app, &caller, &id, &user, true).await, &format!("/shifts/{id}"))
}

/// Takes somebody out of a shift.
#[server(prefix = "/api", endpoint = "leave-shift")]
pub async fn leave_shift(id: ShiftId, user: UserId) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::shifts};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(shifts::assign(&app, &caller, &id, &user, false).await, &format!("/shifts/{id}"))
}

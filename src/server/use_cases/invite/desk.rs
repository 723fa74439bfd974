//! Who invites, where to, and what may be given there: looked up anew in the transaction in which it is used.

use super::judge::{Facts, Judge, Lookalikes};
use super::reading::{FormRow, InviteForm};
use super::{Actor, UseCaseError, require};
use crate::domain::address_guard;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::RoleId;
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request};
use crate::domain::review::RowRules;
use crate::domain::role::Role;
use crate::domain::settings::{Settings, UnitField};
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::{Unit, meant_by};
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::storage::{Tx, roles, units, users};
use crate::server::use_cases;
use crate::view_models::UnitRef;
use std::collections::BTreeSet;

/// What is known of an inviter and of what may be given, in the transaction in which it is used.
pub(super) struct Desk {
    pub authority: Authority,
    pub own_domain: Option<String>,
    pub settings: Settings,
    pub roles: Vec<Role>,
    /// Where the form invites to.
    pub places: Vec<Unit>,
}

impl Desk {
    /// # Errors
    /// Whatever stands against the form as a whole: a role that the caller may not give there, a unit that is closed.
    pub async fn load(
        app: &App,
        tx: &mut Tx,
        caller: &Actor,
        wish: &InviteForm,
        rows: &[FormRow],
    ) -> Result<Self, UseCaseError> {
        let authority = use_cases::authority(app, tx, caller).await?;
        require(&authority, Request::Use(Permission::Invite))?;
        let (inviter, settings) =
            users::find_with_settings(tx, &authority.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
        if wish.only_add && !settings.adds_people {
            return Err(Conflict::OnlyByInvitation.into());
        }
        let (roles, role) = (roles::all(tx).await?, RoleId::new(&wish.role));
        let asked: Vec<&RoleId> = rows.iter().filter_map(|row| row.role.as_ref()).chain([&role]).collect();
        let places = places(tx, &authority, wish, &settings, &roles, &asked).await?;
        Ok(Self { authority, own_domain: own_domain(&inviter), settings, roles, places })
    }

    /// The same for whoever only looks: a unit may still be missing, and what is offered does not matter yet.
    ///
    /// # Errors
    /// When the caller may not invite at all.
    pub async fn to_look(app: &App, tx: &mut Tx, caller: &Actor, wish: &InviteForm) -> Result<Self, UseCaseError> {
        let authority = use_cases::authority(app, tx, caller).await?;
        require(&authority, Request::Use(Permission::Invite))?;
        let (inviter, settings) =
            users::find_with_settings(tx, &authority.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
        let (mut wished, proposed) = (wish.chosen(), wish.proposed());
        if wished.is_empty() {
            wished.extend(proposed.clone());
        }
        let mut places = units::find_all(tx, &wished.into_iter().collect::<Vec<_>>()).await?;
        places.retain(|unit| may_invite_to(&authority, unit));
        places.sort_by(|one, other| one.id.cmp(&other.id));
        let places = meant_by(places.clone(), proposed.as_ref()).unwrap_or(places);
        Ok(Self { authority, own_domain: own_domain(&inviter), settings, roles: roles::all(tx).await?, places })
    }

    pub fn judge<'a>(
        &'a self,
        facts: &'a Facts,
        lookalikes: &'a mut Lookalikes,
        unreachable: &'a BTreeSet<String>,
        now: Timestamp,
    ) -> Judge<'a> {
        Judge {
            authority: &self.authority,
            rules: RowRules {
                own_domains: self.own_domain.iter().cloned().collect(),
                invites_by: self.settings.invites_by,
                calling_code: self.settings.calling_code.clone(),
            },
            unreachable,
            places: &self.places,
            facts,
            lookalikes,
            now,
        }
    }
}

/// Where the form invites to, if the caller may give each of these roles there. Who need not choose, and did not, means the
/// unit that the form proposed, else the first one within reach.
pub async fn places(
    tx: &mut Tx,
    authority: &Authority,
    wish: &InviteForm,
    settings: &Settings,
    known_roles: &[Role],
    asked: &[&RoleId],
) -> Result<Vec<Unit>, UseCaseError> {
    let unit_field = settings.unit_field;
    let (mut wished, proposed) = (wish.chosen(), wish.proposed());
    if wished.is_empty() && unit_field != UnitField::Required {
        wished.extend(proposed.clone());
    }
    if wished.is_empty() && unit_field != UnitField::Required {
        wished.extend(first_unit(tx, authority).await?.map(|first| first.id));
    }
    if wished.is_empty() {
        return Err(Invalid::Unit.into());
    }
    let mut chosen = units::find_all(tx, &wished.iter().cloned().collect::<Vec<_>>()).await?;
    if chosen.len() < wished.len() {
        return Err(UseCaseError::NotFound);
    }
    chosen.sort_by(|one, other| one.id.cmp(&other.id));
    let meant = meant_by(chosen.clone(), proposed.as_ref());
    // Two that cannot both be meant are named to those only who may give both.
    let places = meant.as_ref().unwrap_or(&chosen);
    for asked in asked.iter().copied().collect::<BTreeSet<&RoleId>>() {
        if !known_roles.iter().any(|role| &role.id == asked) {
            return Err(Invalid::Role.into());
        }
        for unit in places {
            require(authority, Request::Give { unit: &unit.path, role: asked, extra: wish.extra })?;
        }
    }
    if places.iter().any(|unit| unit.is_closed) {
        return Err(Conflict::UnitClosed.into());
    }
    let meant = meant?;
    settings.takes_units(&meant)?;
    Ok(meant)
}

/// The first unit to which somebody may invite.
pub(super) async fn first_unit(tx: &mut Tx, authority: &Authority) -> Result<Option<UnitRef>, UseCaseError> {
    let first = units::first(tx, &authority.reach(Permission::Invite)).await?;
    Ok(first.as_ref().map(use_cases::users::unit_ref))
}

/// Whether somebody may invite to a unit.
pub fn may_invite_to(authority: &Authority, unit: &Unit) -> bool {
    !unit.is_closed && !unit.path.is_root() && authority.reaches(Permission::Invite, &unit.path)
}

/// The domain of the inviter's own address, unless anybody can have one there.
fn own_domain(inviter: &User) -> Option<String> {
    address_guard::own_domain(inviter.email.as_deref()?)
}

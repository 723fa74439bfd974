//! People without an address, who sign in with a login on the mobile surface (rules 79–81, 87). They are added at once, with a
//! temporary password that is answered once and kept as a hash; whoever adds them hands it over.

use super::invite::{InviteForm, places, settings_at};
use super::{Actor, AuditEntry, UseCaseError, broken, read_phone, record_all, require, settings_of, target, users};
use crate::domain::agreement::{RoleGrant, takes_two};
use crate::domain::audit::AuditAction;
use crate::domain::authorization::{AuthorizationMethod, TEMPORARY_FOR};
use crate::domain::contact::Login;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{MembershipId, RoleId, UserId};
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Authority, Request};
use crate::domain::registration::TypedName;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::Unit;
use crate::domain::user::{User, UserAction};
use crate::server::app::App;
use crate::server::storage::memberships::{self, NewMembership};
use crate::server::storage::{Tx, resets, roles, sessions, users as people};
use crate::server::{random, temporary_password};
use crate::words::Language;
use secrecy::{ExposeSecret, SecretString};

/// What the form carries, as typed.
#[derive(Clone, Debug, Default)]
pub struct LoginForm {
    pub last_name: String,
    pub first_name: String,
    pub login: String,
    pub phone: String,
    /// The number about which the form has asked already.
    pub phone_meant: String,
    /// The unit that was chosen, and the one that the form proposed.
    pub unit: String,
    pub proposed: String,
    pub role: String,
    pub language: String,
}

/// Somebody who was added.
#[derive(Clone, Debug)]
pub struct AddedLogin {
    pub id: UserId,
    /// Shown once.
    pub password: String,
}

/// Where the form adds to, for whoever may give the role there; asked again where it is written.
async fn units_for(
    app: &App,
    tx: &mut Tx,
    caller: &Actor,
    form: &LoginForm,
    role: &RoleId,
) -> Result<(Authority, Vec<Unit>), UseCaseError> {
    let authority = super::authority(app, tx, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    let settings = settings_of(tx).await?;
    let all = roles::all(tx).await?;
    let wish = InviteForm {
        units: vec![form.unit.clone()],
        proposed: form.proposed.clone(),
        role: form.role.clone(),
        ..InviteForm::default()
    };
    let units = places(tx, &authority, &wish, &settings, &all, &[role]).await?;
    if !settings_at(tx, &settings, &units).await?.hands_over {
        return Err(Conflict::NobodyIsHanded.into());
    }
    let given = all.iter().find(|known| &known.id == role).ok_or(Invalid::Role)?;
    if takes_two(RoleGrant { role: given, extra: Permissions::NONE }, &all) {
        return Err(Conflict::TwoGiveIt.into());
    }
    Ok((authority, units))
}

/// Adds somebody who signs in with a login, and answers the temporary password.
///
/// # Errors
/// `NobodyIsHanded` where the settings of the unit say so; `LoginTaken`, `LoginLooksTaken`; `TwoGiveIt` of a role that two give together.
pub async fn add(app: &App, caller: &Actor, form: &LoginForm) -> Result<AddedLogin, UseCaseError> {
    let role = RoleId::new(&form.role);
    units_for(app, &mut app.db.read().await?, caller, form, &role).await?;
    let language = Language::from_code(&form.language).ok_or(Invalid::Language)?;
    let typed = TypedName { first: form.first_name.clone(), last: form.last_name.clone(), ..TypedName::default() };
    let name = typed.joined(language)?;
    let login = Login::parse(&form.login)?;
    let phone = read_phone(&form.phone, &[&form.phone_meant])?;
    // Counted whatever comes of it: what is refused says something of other people's names.
    let mut tx = app.db.write().await?;
    super::profile::count_login(&mut tx, &caller.user_id, app.clock.now()).await?;
    tx.commit().await?;
    is_free(&mut app.db.read().await?, &login).await?;
    let password = temporary_password::make();
    let hash = app.passwords.hash(&password).await?;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (authority, units) = units_for(app, &mut tx, caller, form, &role).await?;
    is_free(&mut tx, &login).await?;
    if let Some(phone) = &phone {
        super::profile::count_number_for_another(&mut tx, &caller.user_id, now).await?;
        if let Some(holder) = people::find_by_identifier(&mut tx, phone).await?
            && users::is_seen(&mut tx, &authority, &holder.id, now).await?
        {
            return Err(Conflict::PhoneTaken.into());
        }
    }
    let user = User {
        name: name.as_str().into(),
        phone,
        login: Some(login.as_str().into()),
        created_by: Some(caller.user_id.clone()),
        ..User::new(UserId::new(random::id(now)), language, now)
    };
    people::insert(&mut tx, &user, None).await?;
    people::set_temporary_password(&mut tx, &user.id, &hash, now + TEMPORARY_FOR, now).await?;
    let held = units.iter().map(|unit| NewMembership {
        id: MembershipId::new(random::id(now)),
        user_id: &user.id,
        unit_id: &unit.id,
        role: &role,
        extra: Permissions::NONE,
        by: Some(&caller.user_id),
        invitation: None,
        active_at: Some(now),
    });
    memberships::insert_all(&mut tx, &held.collect::<Vec<_>>(), now).await?;
    let line = |unit: &Unit| AuditEntry {
        actor: Some(&caller.user_id),
        subject: Some(&user.id),
        unit: Some(unit.id.clone()),
        after: login.as_str(),
        ..AuditEntry::default()
    };
    let lines: Vec<AuditEntry<'_>> = units.iter().map(line).collect();
    record_all(&mut tx, AuditAction::LoginAdded, &lines, now).await?;
    tx.commit().await?;
    Ok(AddedLogin { id: user.id.clone(), password: shown(&password) })
}

fn shown(password: &SecretString) -> String {
    password.expose_secret().to_string()
}

/// Whether nobody has the login, nor one that is mixed up with it (rule 10).
async fn is_free(tx: &mut Tx, login: &Login) -> Result<(), UseCaseError> {
    if people::find_by_identifier(tx, login.as_str()).await?.is_some() {
        return Err(Conflict::LoginTaken.into());
    }
    match people::has_login_like(tx, &login.skeleton()).await? {
        true => Err(Conflict::LoginLooksTaken.into()),
        false => Ok(()),
    }
}

/// Gives somebody with a login a new temporary password, and answers it once; the old one and every session end (rule 87).
pub(super) async fn hand_password(app: &App, caller: &Actor, id: &UserId) -> Result<String, UseCaseError> {
    let password = temporary_password::make();
    let hash = app.passwords.hash(&password).await?;
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let person = target(&mut tx, &authority, UserAction::ResetPassword, id, now).await?;
    let method = AuthorizationMethod::of(person.user.email.as_deref(), person.user.login.as_deref());
    if method != AuthorizationMethod::Login {
        return Err(broken(&"a temporary password for somebody with an address"));
    }
    write_temporary(&mut tx, id, &hash, now).await?;
    let (actor, subject, unit) = (Some(&caller.user_id), Some(id), person.unit());
    let line = AuditEntry { actor, subject, unit, ..AuditEntry::default() };
    super::record(&mut tx, AuditAction::PasswordHanded, line, now).await?;
    tx.commit().await?;
    Ok(shown(&password))
}

async fn write_temporary(tx: &mut Tx, id: &UserId, hash: &str, now: Timestamp) -> Result<(), UseCaseError> {
    people::set_temporary_password(tx, id, hash, now + TEMPORARY_FOR, now).await?;
    sessions::end_all(tx, id, None).await?;
    resets::end_all(tx, id, now).await?;
    Ok(())
}

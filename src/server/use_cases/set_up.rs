//! The first visit: an organisation, its company, the preset's roles and the first main administrator, all at once.

use super::{AuditEntry, UseCaseError, consents, record};
use crate::domain::audit::AuditAction;
use crate::domain::contact::{Email, PersonName};
use crate::domain::error::Invalid;
use crate::domain::id::{MembershipId, RoleId, UnitId, UserId};
use crate::domain::permission::Permissions;
use crate::domain::preset::{DISPATCH, Preset};
use crate::domain::role::Role;
use crate::domain::settings::OwnSettings;
use crate::domain::settings::{Settings, clean_contact, clean_organisation};
use crate::domain::timestamp::Timestamp;
use crate::domain::typed;
use crate::domain::unit::{Unit, UnitKind, UnitPath};
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::passwords::rule_problems;
use crate::server::storage::memberships::NewMembership;
use crate::server::storage::{self, Tx, memberships, roles, settings, units, users};
use crate::server::{dates, random};
use crate::view_models::Welcome;
use crate::words::Language;
use secrecy::SecretString;

/// What the set-up form carries, as typed.
#[derive(Clone, Debug)]
pub struct FirstVisit {
    pub code: String,
    pub name: String,
    pub email: String,
    pub password: SecretString,
    pub organisation: String,
    pub language: Language,
    pub zone: String,
    /// The key of a preset.
    pub preset: String,
    /// Whom people with a dead link may ask; may be empty.
    pub support_contact: String,
}

impl FirstVisit {
    /// Everything that is wrong with it by itself: all of it at once, so that nobody mends one thing after the other.
    pub fn problems(&self) -> Vec<UseCaseError> {
        let mut found: Vec<UseCaseError> = Vec::new();
        found.extend(clean_organisation(&self.organisation).err().map(Into::into));
        found.extend((!dates::is_zone(&self.zone)).then(|| Invalid::Zone.into()));
        found.extend(PersonName::parse(&self.name).err().map(Into::into));
        found.extend(typed::email(&self.email).err().map(Into::into));
        match Preset::from_key(&self.preset) {
            Some(preset) => found.extend(rule_problems(preset.password, &self.password)),
            None => found.push(Invalid::Preset.into()),
        }
        found
    }
}

/// What the pages before sign-in need to know.
pub async fn welcome(app: &App) -> Result<Welcome, UseCaseError> {
    let mut tx = app.db.read().await?;
    let is_set_up = users::is_anybody_there(&mut tx).await?;
    let settings = super::settings_of(&mut tx).await?;
    Ok(Welcome {
        repeats_password: settings.registration.repeats_password,
        organisation: settings.organisation,
        language: settings.language,
        is_set_up,
        password: settings.password,
        signs_in_by: settings.signs_in_by,
    })
}

/// Sets the installation up, once; whose code is wrong is told so and nothing happens. The new administrator's id.
pub async fn set_up(app: &App, visit: &FirstVisit) -> Result<UserId, UseCaseError> {
    if typed::code(&visit.code) != typed::code(&app.set_up_code) {
        return Err(UseCaseError::WrongSetUpCode);
    }
    found(app, visit).await
}

/// Makes a main administrator from the command line; on a fresh database `organisation` sets it up.
pub async fn create_administrator(
    app: &App,
    name: &str,
    email: &str,
    password: &SecretString,
    organisation: Option<&str>,
) -> Result<(), UseCaseError> {
    let mut tx = app.db.read().await?;
    let is_there = users::is_anybody_there(&mut tx).await?;
    drop(tx);
    if !is_there {
        let visit = FirstVisit {
            code: String::new(),
            name: name.into(),
            email: email.into(),
            password: password.clone(),
            organisation: organisation.unwrap_or_default().into(),
            language: Language::default(),
            zone: Settings::default().zone,
            preset: DISPATCH.key.into(),
            support_contact: String::new(),
        };
        return found(app, &visit).await.map(drop);
    }
    let (name, email) = (PersonName::parse(name)?, typed::email(email)?);
    let mut tx = app.db.read().await?;
    let settings = super::settings_of(&mut tx).await?;
    drop(tx);
    let own = [name.as_str(), email.as_str(), &settings.organisation];
    app.passwords.judge(settings.password, password, &own).await?;
    let hash = app.passwords.hash(password).await?;
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let root = units::root(&mut tx).await?;
    let roles = roles::all(&mut tx).await?;
    let top = roles.iter().find(|role| role.is_top).ok_or(UseCaseError::NotFound)?;
    let id = add_administrator(&mut tx, &name, &email, &hash, settings.language, &root, top, now).await?;
    record(&mut tx, AuditAction::AdministratorMade, AuditEntry { subject: Some(&id), ..AuditEntry::default() }, now)
        .await?;
    tx.commit().await?;
    Ok(())
}

async fn found(app: &App, visit: &FirstVisit) -> Result<UserId, UseCaseError> {
    let organisation = clean_organisation(&visit.organisation)?;
    if !dates::is_zone(&visit.zone) {
        return Err(Invalid::Zone.into());
    }
    let (name, email) = (PersonName::parse(&visit.name)?, typed::email(&visit.email)?);
    let preset = Preset::from_key(&visit.preset).ok_or(Invalid::Preset)?;
    let settings = Settings {
        organisation: organisation.clone(),
        language: visit.language,
        zone: visit.zone.clone(),
        support_contact: clean_contact(&visit.support_contact),
        ..preset.settings()
    };
    let own = [name.as_str(), email.as_str(), &organisation];
    app.passwords.judge(settings.password, &visit.password, &own).await?;
    let hash = app.passwords.hash(&visit.password).await?;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if users::is_anybody_there(&mut tx).await? {
        return Err(UseCaseError::AlreadySetUp);
    }
    settings::save(&mut tx, &settings).await?;
    let root = plant_tree(&mut tx, &organisation, now).await?;
    let roles = preset.roles_with(|_| RoleId::new(random::id(now)));
    roles::insert(&mut tx, &roles).await?;
    let top = roles.iter().find(|role| role.is_top).ok_or(UseCaseError::NotFound)?;
    let id = add_administrator(&mut tx, &name, &email, &hash, visit.language, &root, top, now).await?;
    let line = AuditEntry { actor: Some(&id), subject: Some(&id), after: &organisation, ..AuditEntry::default() };
    record(&mut tx, AuditAction::SetUp, line, now).await?;
    consents::begin(&mut tx, preset.asks_consents, &id, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// The installation and, below it, its first company: both carry the organisation's name.
async fn plant_tree(tx: &mut Tx, organisation: &str, now: Timestamp) -> Result<Unit, storage::Error> {
    let id = UnitId::new(random::id(now));
    let unit = |id, path, kind| Unit {
        id,
        path,
        kind,
        name: organisation.into(),
        is_archived: false,
        is_closed: false,
        own: OwnSettings::default(),
    };
    let root = unit(id.clone(), UnitPath::root(&id), UnitKind::Installation);
    units::insert(tx, &root, None, now).await?;
    let id = UnitId::new(random::id(now));
    let company = unit(id.clone(), root.path.child(&id), UnitKind::Company);
    units::insert(tx, &company, Some(&root.id), now).await?;
    Ok(root)
}

async fn add_administrator(
    tx: &mut Tx,
    name: &PersonName,
    email: &Email,
    hash: &str,
    language: Language,
    root: &Unit,
    top: &Role,
    now: Timestamp,
) -> Result<UserId, UseCaseError> {
    let user = User {
        name: name.as_str().into(),
        name_is_own: true,
        email: Some(email.as_str().into()),
        registered_at: Some(now),
        password_changed_at: Some(now),
        ..User::new(UserId::new(random::id(now)), language, now)
    };
    users::insert(tx, &user, Some(hash)).await?;
    let membership = NewMembership {
        id: MembershipId::new(random::id(now)),
        user_id: &user.id,
        unit_id: &root.id,
        role: &top.id,
        extra: Permissions::NONE,
        by: None,
        invitation: None,
        active_at: Some(now),
    };
    memberships::insert(tx, &membership, now).await?;
    Ok(user.id)
}

//! One's own page: name, phone, language, sessions, tokens.

use super::proposals::ProposalScope;
use super::tries::CountedTries;
use super::{Actor, AuditEntry, UseCaseError, read_phone, record, views};
use crate::domain::audit::AuditAction;
use crate::domain::contact::in_letters;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::UserId;
use crate::domain::listing::HeldRole;
use crate::domain::membership::Standing;
use crate::domain::permission::Permission;
use crate::domain::registration::TypedName;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::{PHONE_CHANGES_AN_HOUR, User};
use crate::server::app::App;
use crate::server::secrets;
use crate::server::storage::{Tx, invitations, memberships, sessions, users};
use crate::view_models::{Profile, SessionSummary, StartPage};
use crate::words::Language;

/// What the page shows.
pub async fn view(app: &App, caller: &Actor) -> Result<Profile, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    let user = users::find(&mut tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    let tokens = super::tokens::own(app, &mut tx, caller, authority.has(Permission::SeeUsers)).await?;
    let reader = super::users::reader_for(&mut tx, caller, app.clock.now()).await?;
    let settings = super::settings_of(&mut tx).await?;
    let here = caller.session()?;
    let sessions = sessions::of_user(&mut tx, &caller.user_id, now).await?;
    Ok(Profile {
        places: places_of(&mut tx, &caller.user_id).await?,
        name: user.name,
        email: user.email.as_deref().map(in_letters),
        unconfirmed_email: user.unconfirmed_email.as_deref().map(in_letters),
        phone: user.phone,
        login: user.login,
        language: user.language,
        version: user.version,
        password_changed: user.password_changed_at.map(|at| reader.when(at)),
        password: settings.password,
        repeats_password: settings.registration.repeats_password,
        name_fields: settings.registration.name,
        plans_shifts: settings.plans_shifts,
        sessions: sessions
            .into_iter()
            .map(|session| SessionSummary {
                is_this_one: &session.id == here,
                since: reader.when(session.created_at),
                last_seen: reader.when(session.last_seen_at),
                device: session.device,
                id: session.id,
            })
            .collect(),
        tokens,
        consents: super::consents::states(&mut tx, &caller.user_id, |at| reader.when(at)).await?,
    })
}

/// What somebody holds that counts: the highest role first, in the words of the list.
async fn places_of(tx: &mut Tx, user: &UserId) -> Result<Vec<HeldRole>, UseCaseError> {
    let mut held = views::held(&memberships::of_user(tx, user).await?);
    held.retain(|held| held.standing == Standing::Active);
    Ok(held)
}

/// What the first page shows of whoever looks.
pub async fn start(app: &App, caller: &Actor) -> Result<StartPage, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    let mut to_approve = 0;
    if authority.has(Permission::Invite) {
        let reader = super::users::reader_for(&mut tx, caller, app.clock.now()).await?;
        for unit in authority.reach(Permission::SeeInvitations) {
            let offers = invitations::count_to_approve(&mut tx, unit).await?;
            let changes = super::proposals::list(&mut tx, &authority, &reader, ProposalScope::Unit(unit)).await?;
            to_approve += usize::try_from(offers).unwrap_or_default() + changes.len();
        }
    }
    let asks_samples = authority.has(Permission::ChangeSettings) && super::consents::are_samples_asked(&mut tx).await?;
    Ok(StartPage { places: places_of(&mut tx, &caller.user_id).await?, to_approve, asks_samples })
}

/// Another language for one's own pages and messages.
///
/// # Errors
/// `Invalid::Language` where we do not speak it.
pub async fn choose_language(app: &App, caller: &Actor, code: &str) -> Result<Language, UseCaseError> {
    let language = Language::from_code(code).ok_or(Invalid::Language)?;
    let now = app.clock.now();
    let (mut tx, _) = super::write_as(app, caller).await?;
    let before = users::find(&mut tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    if before.language != language {
        let line = AuditEntry {
            actor: Some(&caller.user_id),
            subject: Some(&caller.user_id),
            before: before.language.code(),
            after: language.code(),
            ..AuditEntry::default()
        };
        record(&mut tx, AuditAction::LanguageChanged, line, now).await?;
        users::update(&mut tx, &User { language, ..before }, now).await?;
        tx.commit().await?;
    }
    Ok(language)
}

/// How many numbers somebody may write for others in an hour.
const MOST_FOR_OTHERS_AN_HOUR: i64 = 120;

/// What the form carries, as typed.
#[derive(Clone, Debug, Default)]
pub struct OwnDetails {
    pub name: TypedName,
    pub phone: String,
    /// The number about which the form has asked already.
    pub phone_meant: String,
    pub language: String,
    pub version: i64,
}

/// Counts one more change of somebody's number, while there may be one: whoever could try numbers for ever would find out which
/// are taken (H-29).
pub(super) async fn count_number(tx: &mut Tx, user: &UserId, now: Timestamp) -> Result<(), UseCaseError> {
    count_change(tx, format!("phone {}", secrets::hash(user.as_str())), PHONE_CHANGES_AN_HOUR, now).await
}

/// Counts one more number that somebody writes for another. Whoever types a list of a hundred people does not get there.
pub(super) async fn count_number_for_another(tx: &mut Tx, actor: &UserId, now: Timestamp) -> Result<(), UseCaseError> {
    count_change(tx, format!("phones by {}", secrets::hash(actor.as_str())), MOST_FOR_OTHERS_AN_HOUR, now).await
}

/// Counts one more login that somebody adds, or tries to.
pub(super) async fn count_login(tx: &mut Tx, actor: &UserId, now: Timestamp) -> Result<(), UseCaseError> {
    let subject = format!("logins by {}", secrets::hash(actor.as_str()));
    CountedTries::an_hour(MOST_FOR_OTHERS_AN_HOUR, subject).count(tx, now).await
}

async fn count_change(tx: &mut Tx, subject: String, most: i64, now: Timestamp) -> Result<(), UseCaseError> {
    CountedTries::an_hour(most, subject).count(tx, now).await.map_err(|refusal| match refusal {
        UseCaseError::TooMany { seconds } => UseCaseError::PhoneChangedTooOften { seconds },
        other => other,
    })
}

/// Changes one's own name, phone and language; the name is from then on one's own (rule 89).
pub async fn change(app: &App, caller: &Actor, details: &OwnDetails) -> Result<(), UseCaseError> {
    let language = Language::from_code(&details.language).ok_or(Invalid::Language)?;
    let now = app.clock.now();
    let (mut tx, _) = super::write_as(app, caller).await?;
    let before = users::find(&mut tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    if before.version != details.version {
        return Err(Conflict::ChangedMeanwhile.into());
    }
    // Its parts stand in the form as they are written in the language that was theirs.
    let name = super::settings_of(&mut tx).await?.registration.name.read(&details.name, before.language)?;
    let mut after = before.clone();
    after.phone = read_phone(&details.phone, &[&details.phone_meant, before.phone.as_deref().unwrap_or_default()])?;
    if before.has_only_a_number() && before.phone != after.phone {
        return Err(Conflict::OnlyANumber.into());
    }
    after.language = language;
    if before.name != name.as_str() {
        after.name = name.as_str().into();
        after.name_is_own = true;
    }
    let line = |before, after| AuditEntry {
        actor: Some(&caller.user_id),
        subject: Some(&caller.user_id),
        before,
        after,
        ..AuditEntry::default()
    };
    if before.name != after.name {
        record(&mut tx, AuditAction::Renamed, line(&before.name, &after.name), now).await?;
    }
    if before.phone != after.phone {
        if after.phone.is_some() {
            count_number(&mut tx, &caller.user_id, now).await?;
        }
        let (old, new) = (before.phone.as_deref().unwrap_or(""), after.phone.as_deref().unwrap_or(""));
        record(&mut tx, AuditAction::PhoneChanged, line(old, new), now).await?;
    }
    if before.language != after.language {
        let line = line(before.language.code(), after.language.code());
        record(&mut tx, AuditAction::LanguageChanged, line, now).await?;
    }
    if before != after {
        users::update(&mut tx, &after, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

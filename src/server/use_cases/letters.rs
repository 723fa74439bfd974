//! The invitation letter before it leaves: in whose words it speaks, how it would look, and a test of it to oneself.

use super::invite::{self, InviteForm};
use super::{Actor, AuditEntry, UseCaseError, broken, header_id, outbox, record, require};
use crate::domain::audit::AuditAction;
use crate::domain::contact::Address;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::mail_text::{MailText, TextPart};
use crate::domain::permission::Permission;
use crate::domain::policy::Request;
use crate::domain::revision::Revision;
use crate::domain::settings::Settings;
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::delivery::{self, InvitationLetter, OfferedPlace, Rendered, our_words};
use crate::server::random;
use crate::server::storage::{roles, settings, units, users};
use crate::view_models::{MailPreview, TextsPage};
use crate::words::Language;

/// To whom a letter is shown while no address is typed.
const SOMEBODY: &str = "name@example.com";

/// The words as they stand in a language, or in the reader's, and whether they are the organisation's own.
pub async fn texts(app: &App, caller: &Actor, language: Option<Language>) -> Result<TextsPage, UseCaseError> {
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let language = match language {
        Some(language) => language,
        None => super::users::reader_for(&mut tx, caller, app.clock.now()).await?.language,
    };
    let own = super::settings_of(&mut tx).await?.invitation_text(language);
    let mut stands = our_words(language);
    for part in TextPart::ALL.into_iter().filter(|part| !own.part(*part).is_empty()) {
        *stands.part_mut(part) = own.part(part).into();
    }
    Ok(TextsPage {
        language,
        stands,
        is_own: !own.is_empty(),
        revision: Revision::of(&own),
        can_send: app.config.relay.is_some(),
    })
}

/// Changes what the letter says in a language; what is empty, or no different from ours, is said in our words.
pub async fn change_text(app: &App, caller: &Actor, language: Language, wished: &MailText) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let after = own_words(language, wished)?;
    let settings = super::settings_of(&mut tx).await?;
    let before = settings.invitation_text(language);
    caller.decided_on(&Revision::of(&before), Conflict::ChangedMeanwhile)?;
    if after == before {
        return Ok(());
    }
    for part in TextPart::ALL {
        let (old, new) = (before.part(part), after.part(part));
        if old != new {
            let written = |text: &str| {
                let name = format!("invitation_text_{} {}", part.code(), language.code());
                serde_json::to_string(text).map(|text| format!("{name}={text}")).map_err(|error| broken(&error))
            };
            let (old, new) = (written(old)?, written(new)?);
            let line = AuditEntry { actor: Some(&caller.user_id), before: &old, after: &new, ..AuditEntry::default() };
            record(&mut tx, AuditAction::SettingChanged, line, now).await?;
        }
    }
    settings::save(&mut tx, &settings.with_invitation_text(language, after)).await?;
    tx.commit().await?;
    Ok(())
}

/// Checked, and without what is ours anyway.
fn own_words(language: Language, wished: &MailText) -> Result<MailText, UseCaseError> {
    let mut own = wished.checked().map_err(|(part, problem)| Invalid::MailText { part, problem })?;
    let ours = our_words(language);
    for part in TextPart::ALL {
        if own.part(part) == ours.part(part) {
            own.part_mut(part).clear();
        }
    }
    Ok(own)
}

/// The letter with these words, saved or not, as if whoever asks were the one invited; with `send` it goes to them,
/// too.
///
/// # Errors
/// `NotSent` with what stands against it.
pub async fn try_text(
    app: &App,
    caller: &Actor,
    language: Language,
    wished: &MailText,
    send: bool,
) -> Result<MailPreview, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let own = own_words(language, wished)?;
    let user = users::find(&mut tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    let to = user.address();
    let to = if send { to.ok_or(Conflict::NoEmail)? } else { or_somebody(to)? };
    let settings = super::settings_of(&mut tx).await?;
    let usual = settings.preset().usual_role;
    let role = roles::all(&mut tx).await?.into_iter().find(|role| role.key == usual);
    let unit = units::first(&mut tx, &authority.reach(Permission::Invite)).await?;
    let organisation = match &unit {
        Some(unit) => delivery::organisation(&mut tx, app, &settings, &unit.path).await?,
        None => settings.organisation.clone(),
    };
    drop(tx);
    let offer = OfferedPlace {
        role: role.map(|role| language.role_name(&role)).unwrap_or_default(),
        unit: unit.map_or_else(|| organisation.clone(), |unit| unit.name),
        organisation,
    };
    let told = InvitationLetter {
        language,
        name: user.name.clone(),
        address: to.clone(),
        installation: settings.organisation.clone(),
        offers: vec![offer],
        personal_text: String::new(),
        expires_at: now + settings.invitation_valid_for,
        link: app.config.link("/"),
        is_test: send,
        inviter: Some(user.clone()),
    };
    let mail = render(app, &settings, &told, &own, &to, now)?;
    if send {
        outbox::count_at_once(app, &to, &caller.user_id).await?;
        let sent = delivery::send_at_once(app, &mail, user.language).await;
        sent.map_err(|reason| UseCaseError::NotSent { reason })?;
        let now = app.clock.now();
        let mut tx = app.db.write().await?;
        let line = AuditEntry { actor: Some(&caller.user_id), subject: Some(&caller.user_id), ..AuditEntry::default() };
        record(&mut tx, AuditAction::TestSent, line, now).await?;
        tx.commit().await?;
    }
    Ok(shown(app, *mail, send))
}

/// The letter to the first address of an invite form, with all that stands in it. It is only looked at: nothing is written,
/// and nobody is looked up, so it says the same of an address that is known and of one that is not.
pub async fn of_form(app: &App, caller: &Actor, wish: &InviteForm) -> Result<MailPreview, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    let invite::Terms { personal_text, valid_for, language } = invite::terms(wish)?;
    let known_roles = roles::all(&mut tx).await?;
    let first = invite::first_invited(wish);
    let user = users::find(&mut tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    let settings = super::settings_of(&mut tx).await?;
    let asked = [&first.role];
    let places = invite::places(&mut tx, &authority, wish, settings.unit_field, &known_roles, &asked).await?;
    let role = known_roles.iter().find(|role| role.id == first.role).ok_or(Invalid::Role)?;
    let mut offers = Vec::with_capacity(places.len());
    for unit in &places {
        offers.push(OfferedPlace {
            role: language.role_name(role),
            unit: unit.name.clone(),
            organisation: delivery::organisation(&mut tx, app, &settings, &unit.path).await?,
        });
    }
    drop(tx);
    let to = or_somebody(first.email.map(Address::from))?;
    let told = InvitationLetter {
        language,
        name: first.name,
        address: to.clone(),
        installation: settings.organisation.clone(),
        offers,
        personal_text,
        expires_at: now + valid_for,
        link: app.config.link("/"),
        is_test: false,
        inviter: Some(user),
    };
    let mail = render(app, &settings, &told, &settings.invitation_text(language), &to, now)?;
    Ok(shown(app, *mail, false))
}

fn or_somebody(address: Option<Address>) -> Result<Address, UseCaseError> {
    match address {
        Some(address) => Ok(address),
        None => Address::parse(SOMEBODY).map_err(|problem| Invalid::Email(problem).into()),
    }
}

fn render(
    app: &App,
    settings: &Settings,
    told: &InvitationLetter,
    own: &MailText,
    to: &Address,
    now: Timestamp,
) -> Result<Box<Rendered>, UseCaseError> {
    let id = header_id(app, &random::id(now));
    delivery::render_invitation(settings, told, own, to, &id, now).map_err(|trouble| broken(&format!("{trouble:?}")))
}

fn shown(app: &App, mail: Rendered, is_sent: bool) -> MailPreview {
    let sender = &app.config.mail_from;
    let name = sender.name.as_deref().unwrap_or(&mail.from_name);
    MailPreview {
        from: named(name, &sender.address.clone().into()),
        to: named(&mail.to_name, &mail.to),
        reply_to: mail.reply_to.map(|(name, address)| named(&name, &address)),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        is_sent,
    }
}

/// `Anna Petrova <anna@acme.by>`
fn named(name: &str, address: &Address) -> String {
    let address = address.in_letters();
    if name.is_empty() { address } else { format!("{name} <{address}>") }
}

//! Looking at the installation's settings and changing them.

use super::{Actor, AuditEntry, UseCaseError, outbox, record, require};
use crate::domain::audit::AuditAction;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::UserId;
use crate::domain::permission::Permission;
use crate::domain::policy::Request;
use crate::domain::preset::Preset;
use crate::domain::revision::Revision;
use crate::domain::settings::{Setting, Settings, SettingsPart};
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::storage::{Error, Tx, audit, settings, users};
use crate::server::{dates, delivery};
use crate::view_models::{PresetChange, SettingsView};
use std::collections::BTreeMap;

/// Whether there is nothing in the settings that cannot be read: nothing is done for anybody while there is.
pub async fn are_readable(app: &App) -> bool {
    let Ok(mut tx) = app.db.read().await else { return true };
    !matches!(settings::load(&mut tx).await, Err(Error::Corrupt(_)))
}

/// The settings, with what the operator configured beside them, and what would change with another preset (`wished`, its key).
pub async fn view(app: &App, caller: &Actor, wished: &str) -> Result<SettingsView, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::SeeSettings))?;
    let reader = super::users::reader_for(&mut tx, caller, app.clock.now()).await?;
    let changed = audit::newest(&mut tx, AuditAction::SettingChanged).await?.map(|event| reader.event(event));
    let sender = &app.config.mail_from;
    let settings = super::settings_of(&mut tx).await?;
    let may_change = require(&authority, Request::Use(Permission::ChangeSettings)).is_ok();
    let wished = Preset::from_key(wished).filter(|preset| may_change && preset.key != settings.preset);
    let usually = wished.unwrap_or_else(|| settings.preset()).asks_consents.iter().copied().filter(|_| may_change);
    let asked = super::consents::asked(&mut tx).await?;
    Ok(SettingsView {
        unasked: usually.filter(|kind| asked.iter().all(|text| text.kind != *kind)).collect(),
        preset_change: wished.map(|preset| preset_change(&settings, preset)),
        revision: revision(&settings),
        settings,
        relay: app.config.relay.as_ref().map(|relay| relay.name()),
        sender: match &sender.name {
            Some(name) => format!("{name} <{}>", sender.address.as_str()),
            None => sender.address.as_str().to_string(),
        },
        public_url: app.config.public_url.to_string(),
        changed,
    })
}

/// Of what the form of the settings changes; the texts have a form of their own.
fn revision(settings: &Settings) -> Revision {
    Revision::of(&Settings { invitation_texts: Vec::new(), ..settings.clone() })
}

/// Changes the settings of a part (its code), or those that are there where none is named, to what was typed; invitations that
/// are on their way keep their end.
///
/// # Errors
/// What is wrong with one of them; `ChangedMeanwhile` where somebody else was quicker.
pub async fn change(
    app: &App,
    caller: &Actor,
    part: &str,
    typed: &BTreeMap<String, String>,
) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let before = super::settings_of(&mut tx).await?;
    caller.decided_on(&revision(&before), Conflict::ChangedMeanwhile)?;
    let part = match part {
        "" => None,
        code => Some(SettingsPart::from_code(code).ok_or(UseCaseError::Unreadable)?),
    };
    let after = before.typed_over(part, typed)?;
    keep(&mut tx, caller.by(), &before, &after, now).await?;
    tx.commit().await?;
    Ok(())
}

/// What differs between two states of the settings: each with what it held, and what it holds now.
pub(super) type Differences = Vec<(Setting, String, String)>;

/// Keeps the settings as they are wished, with a line of the history for each that differs.
pub(super) async fn keep(
    tx: &mut Tx,
    actor: Option<&UserId>,
    before: &Settings,
    after: &Settings,
    now: Timestamp,
) -> Result<Differences, UseCaseError> {
    if !dates::is_zone(&after.zone) {
        return Err(Invalid::Zone.into());
    }
    let differences = before.differences(after);
    for (setting, old, new) in &differences {
        let (old, new) = (format!("{}={old}", setting.code()), format!("{}={new}", setting.code()));
        let line = AuditEntry { actor, before: &old, after: &new, ..AuditEntry::default() };
        record(tx, AuditAction::SettingChanged, line, now).await?;
    }
    if !differences.is_empty() {
        settings::save(tx, after).await?;
    }
    Ok(differences)
}

fn preset_change(settings: &Settings, preset: &Preset) -> PresetChange {
    let differences = settings.differences(&preset.over(settings.clone()));
    let settings = differences.into_iter().map(|(setting, old, new)| (setting.code().to_string(), old, new)).collect();
    PresetChange { preset: preset.key.into(), settings }
}

/// Makes the installation one of another kind: its words, and the settings in which the kinds differ. Roles and units stay.
///
/// # Errors
/// `Preset` for one that does not exist; `ChangedMeanwhile` where the settings are not those that were looked at.
pub async fn change_preset(app: &App, caller: &Actor, wished: &str) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let preset = Preset::from_key(wished).ok_or(Invalid::Preset)?;
    let before = super::settings_of(&mut tx).await?;
    caller.decided_on(&revision(&before), Conflict::ChangedMeanwhile)?;
    if before.preset == preset.key {
        return Ok(());
    }
    let (old, new) = (format!("preset={}", before.preset), format!("preset={}", preset.key));
    let line = AuditEntry { actor: caller.by(), before: &old, after: &new, ..AuditEntry::default() };
    record(&mut tx, AuditAction::SettingChanged, line, now).await?;
    let after = preset.over(before.clone());
    keep(&mut tx, caller.by(), &before, &after, now).await?;
    // The preset alone may be what differs.
    settings::save(&mut tx, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends a message to whoever asks, at once and past the queue, to see that it arrives; the address to which it went.
///
/// # Errors
/// `NotSent` with what stands against it.
pub async fn send_test(app: &App, caller: &Actor) -> Result<String, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let user = users::find(&mut tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    drop(tx);
    let to = user.address().ok_or(Conflict::NoEmail)?;
    outbox::count_at_once(app, &to, &caller.user_id).await?;
    delivery::send_test(app, &to, user.language).await.map_err(|reason| UseCaseError::NotSent { reason })?;
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let line = AuditEntry { actor: Some(&caller.user_id), subject: Some(&caller.user_id), ..AuditEntry::default() };
    record(&mut tx, AuditAction::TestSent, line, now).await?;
    tx.commit().await?;
    Ok(to.as_str().to_string())
}

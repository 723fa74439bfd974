//! Looking at the installation's settings and changing them.

use super::{Actor, AuditEntry, UseCaseError, outbox, record, require};
use crate::domain::audit::AuditAction;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::invitation::{LONGEST, SHORTEST};
use crate::domain::password::FLOOR;
use crate::domain::permission::Permission;
use crate::domain::policy::Request;
use crate::domain::revision::Revision;
use crate::domain::settings::{LETTERS_A_DAY, LONGEST_HOLD, Settings, clean_contact, clean_organisation};
use crate::domain::timestamp::Duration;
use crate::server::app::App;
use crate::server::storage::{audit, settings, users};
use crate::server::{dates, delivery};
use crate::view_models::SettingsView;

/// The settings, with what the operator configured beside them.
pub async fn view(app: &App, caller: &Actor) -> Result<SettingsView, UseCaseError> {
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Request::Use(Permission::SeeSettings))?;
    let reader = super::users::reader_for(&mut tx, caller, app.clock.now()).await?;
    let changed = audit::newest(&mut tx, AuditAction::SettingChanged).await?.map(|event| reader.event(event));
    let sender = &app.config.mail_from;
    let settings = super::settings_of(&mut tx).await?;
    Ok(SettingsView {
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

/// Changes the settings; invitations that are on their way keep their end.
pub async fn change(app: &App, caller: &Actor, wished: &Settings) -> Result<(), UseCaseError> {
    let organisation = clean_organisation(&wished.organisation)?;
    if !dates::is_zone(&wished.zone) {
        return Err(Invalid::Zone.into());
    }
    if !(SHORTEST..=LONGEST).contains(&wished.invitation_valid_for) {
        return Err(Invalid::Validity.into());
    }
    if !(Duration(0)..=LONGEST_HOLD).contains(&wished.hold) {
        return Err(Invalid::Hold.into());
    }
    if !LETTERS_A_DAY.contains(&wished.letters_a_day) {
        return Err(Invalid::LettersADay.into());
    }
    if !(FLOOR..=64).contains(&wished.password.min_length) {
        return Err(Invalid::MinimumLength.into());
    }
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let before = super::settings_of(&mut tx).await?;
    caller.decided_on(&revision(&before), Conflict::ChangedMeanwhile)?;
    let after = Settings {
        organisation,
        preset: before.preset.clone(),
        invitation_texts: before.invitation_texts.clone(),
        support_contact: clean_contact(&wished.support_contact),
        ..wished.clone()
    };
    let differences = differences(&before, &after);
    if differences.is_empty() {
        return Ok(());
    }
    for (name, old, new) in differences {
        let (old, new) = (format!("{name}={old}"), format!("{name}={new}"));
        let line = AuditEntry { actor: Some(&caller.user_id), before: &old, after: &new, ..AuditEntry::default() };
        record(&mut tx, AuditAction::SettingChanged, line, now).await?;
    }
    settings::save(&mut tx, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends a message to whoever asks, at once and past the queue, to see that it arrives; the address to which it went.
///
/// # Errors
/// `NotSent` with what stands against it.
pub async fn send_test(app: &App, caller: &Actor) -> Result<String, UseCaseError> {
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
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

/// What changed, name by name, as the history writes it.
fn differences(before: &Settings, after: &Settings) -> Vec<(String, String, String)> {
    let as_map = |settings: &Settings| match serde_json::to_value(settings) {
        Ok(serde_json::Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (as_map(before), as_map(after));
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    changed
        .map(|(name, value)| {
            let old = before.get(name).map(|old| old.to_string()).unwrap_or_default();
            (name.clone(), old, value.to_string())
        })
        .collect()
}

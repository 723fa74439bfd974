//! An invitation whose e-mail came back, or was refused for good, goes by SMS to the number that is known, where the settings say so.
//! Whoever invited is told of it with the rest (`notices`).

use super::invitations::{Leaving, letter};
use super::links::{NewestLink, newest_link};
use super::{AuditEntry, UseCaseError, outbox, record, settings_of};
use crate::domain::audit::AuditAction;
use crate::domain::contact::Channel;
use crate::domain::message::Lane;
use crate::domain::settings::{Setting, Settings};
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::{Tx, units};

/// How many invitations one transaction takes.
const AT_ONCE: usize = 50;

/// Queues an SMS for those whose e-mail did not arrive, before their inviters are told; how many.
///
/// # Errors
/// What the database has.
pub async fn send_instead(app: &App) -> Result<usize, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let settings = settings_of(&mut tx).await?;
    let own = units::own_settings(&mut tx).await?;
    let fails_over = settings.fails_over || own.say_anywhere(Setting::FailsOver, "true");
    if !fails_over || !settings.invites_by.includes(Channel::Sms) {
        return Ok(0);
    }
    if invitations::to_fail_over(&mut tx, 1).await?.is_empty() {
        return Ok(0);
    }
    drop(tx);
    // Each has a line of its own; of those that are over there is nothing to say.
    let mut tx = app.db.maintain().await?;
    let mut sent = 0;
    for invitation in invitations::to_fail_over(&mut tx, AT_ONCE).await? {
        if send_one(app, &mut tx, &settings, &invitation, now).await? {
            sent += 1;
        }
    }
    tx.commit().await?;
    Ok(sent)
}

async fn send_one(
    app: &App,
    tx: &mut Tx,
    settings: &Settings,
    invitation: &Invitation,
    now: Timestamp,
) -> Result<bool, UseCaseError> {
    let Some(number) = invitation.address_by(Channel::Sms).filter(|number| number.is_sound()) else { return Ok(false) };
    let NewestLink { offered, dead } = newest_link(tx, invitation, now).await?;
    if dead.is_some() {
        return Ok(false);
    }
    if !units::settings_at(tx, settings, offered.iter().map(|held| &held.unit)).await?.fails_over {
        return Ok(false);
    }
    let postage = match outbox::postage(app, tx, number.as_str(), invitation.created_by.as_ref(), now).await {
        Ok(postage) => postage,
        // There is no room for it: the inviter is told, and sends it again.
        Err(UseCaseError::Rests(_)) => return Ok(false),
        Err(refusal) => return Err(refusal),
    };
    let leaving = Leaving { due_at: now, lane: Lane::Single, postage };
    outbox::queue(tx, &letter(app, invitation, number, leaving, now), now).await?;
    let unit = offered.first().map(|held| held.unit.id());
    let line = AuditEntry { subject: Some(&invitation.user_id), unit, after: number.as_str(), ..AuditEntry::default() };
    record(tx, AuditAction::SentInstead, line, now).await?;
    Ok(true)
}

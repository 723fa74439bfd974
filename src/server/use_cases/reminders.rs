//! Reminding people of invitations: the same link once more. Of one whose link ends soon in working hours, once for each link; when
//! that is due stands in the invitation from the moment its link is made (`dates::reminder`). And whenever somebody asks for it, not
//! twice within a day.

use super::invitations::offer;
use super::links::{NewestLink, may_still_give, newest_link};
use super::{Acting, Actor, AuditEntry, UseCaseError, outbox, record};
use crate::domain::audit::AuditAction;
use crate::domain::contact::Address;
use crate::domain::error::Conflict;
use crate::domain::id::{InvitationId, UserId};
use crate::domain::invitation::{BETWEEN_REMINDERS, Delivery};
use crate::domain::message::{Lane, MessageKind, Rest};
use crate::domain::settings::{Settings, UnitSettings};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::user::UserAction;
use crate::server::app::App;
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::messages::{NewMessage, Postage};
use crate::server::storage::{Tx, messages, units};

/// How many invitations one transaction takes.
const AT_ONCE: usize = 50;

/// Queues the reminders that are due; how many invitations were looked at.
///
/// # Errors
/// What the database has.
pub async fn remind(app: &App) -> Result<usize, UseCaseError> {
    let now = app.clock.now();
    if invitations::to_remind(&mut app.db.read().await?, now, 1).await?.is_empty() {
        return Ok(0);
    }
    // Each reminder has a line of its own; of those who are not reminded there is nothing to say.
    let mut tx = app.db.maintain().await?;
    let due = invitations::to_remind(&mut tx, now, AT_ONCE).await?;
    let (settings, own) = (super::settings_of(&mut tx).await?, units::own_settings(&mut tx).await?);
    for invitation in &due {
        remind_one(app, &mut tx, (&settings, &own), invitation, now).await?;
    }
    tx.commit().await?;
    Ok(due.len())
}

async fn remind_one(
    app: &App,
    tx: &mut Tx,
    (settings, own): (&Settings, &UnitSettings),
    invitation: &Invitation,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let NewestLink { offered, dead } = newest_link(tx, invitation, now).await?;
    // What was sent before reminders were switched off is not reminded of, either.
    if own.at_all(settings, offered.iter().map(|held| &held.unit)).remind_before == Duration(0) {
        return Ok(invitations::note_reminder(tx, &invitation.id, None).await?);
    }
    // What still waits is no reminder.
    if dead.is_some() || invitation.delivery != Delivery::HandedOver {
        return Ok(invitations::note_reminder(tx, &invitation.id, None).await?);
    }
    let to = reached(tx, invitation).await?;
    let postage = match outbox::postage_for(app, tx, &to, invitation.created_by.as_ref(), now).await {
        Ok(postage) => postage,
        // The inviter has caused enough for today: the rest is reminded when there is room.
        Err(UseCaseError::Rests(Rest::Inviter { seconds })) => {
            return Ok(invitations::remind_later(tx, &invitation.id, now + Duration::seconds(seconds)).await?);
        }
        // They were written to often enough.
        Err(UseCaseError::Rests(Rest::Address { .. })) => {
            return Ok(invitations::note_reminder(tx, &invitation.id, None).await?);
        }
        Err(refusal) => return Err(refusal),
    };
    queue(app, tx, invitation, &to, postage, Lane::Round, now).await?;
    invitations::note_reminder(tx, &invitation.id, Some(now)).await?;
    let unit = offered.first().map(|held| held.unit.id());
    let line = AuditEntry { subject: Some(&invitation.user_id), unit, ..AuditEntry::default() };
    record(tx, AuditAction::Reminded, line, now).await
}

/// The addresses at which the newest message was taken: what did not arrive the first time does not arrive the second.
async fn reached<'a>(tx: &mut Tx, invitation: &'a Invitation) -> Result<Vec<&'a Address>, UseCaseError> {
    let taken = messages::taken_by(tx, &invitation.id, invitation.generation).await?;
    Ok(invitation.addresses().filter(|address| taken.contains(&address.channel())).collect())
}

/// Queues the messages that remind of the newest link.
async fn queue(
    app: &App,
    tx: &mut Tx,
    invitation: &Invitation,
    to: &[&Address],
    postage: Vec<Postage>,
    lane: Lane,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let message = |(address, postage): (&&Address, Postage)| NewMessage {
        invitation_id: Some(&invitation.id),
        generation: invitation.generation,
        lane,
        ..outbox::message(app, MessageKind::Reminder, (*address, &invitation.user_id), postage, now)
    };
    let messages: Vec<NewMessage<'_>> = to.iter().zip(postage).map(message).collect();
    outbox::queue_all(tx, &messages, now).await
}

/// Reminds somebody because somebody asks for it.
///
/// # Errors
/// As for sending again; `Conflict` for a link that has ended, a message that has not arrived, and whoever was reminded within a day.
pub async fn remind_now(app: &App, caller: &Actor, id: &InvitationId) -> Result<UserId, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let acting = Acting { app, caller, authority: &authority, now };
    let user = remind_in(&mut tx, acting, id, Lane::Single).await?;
    tx.commit().await?;
    Ok(user)
}

/// The same in a transaction that may remind others, too; after a refusal it is not to be committed.
pub(super) async fn remind_in(
    tx: &mut Tx,
    Acting { app, caller, authority, now }: Acting<'_>,
    id: &InvitationId,
    lane: Lane,
) -> Result<UserId, UseCaseError> {
    let offer = offer(tx, authority, caller, UserAction::Remind, id, now).await?;
    let (invitation, user) = (&offer.invitation, offer.person.user.id.clone());
    // Whoever answers for it may have lost the right to; and the list may say so a moment late.
    let may = may_still_give(tx, invitation.created_by.as_ref(), &offer.open).await?;
    if invitation.facts().has_expired(now) || !may {
        return Err(Conflict::LinkEnded.into());
    }
    if invitation.reminded_at.is_some_and(|at| now < at + BETWEEN_REMINDERS) {
        return Err(Conflict::RemindedToday.into());
    }
    let to = reached(tx, invitation).await?;
    let postage = outbox::postage_for(app, tx, &to, Some(&caller.user_id), now).await?;
    queue(app, tx, invitation, &to, postage, lane, now).await?;
    invitations::note_reminded(tx, id, now, now + BETWEEN_REMINDERS).await?;
    record(tx, AuditAction::Reminded, offer.line(caller, &user), now).await?;
    Ok(user)
}

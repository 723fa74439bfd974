//! Invitations after they were made: their list, the next link, the withdrawal, the link to hand over.

use super::{Caller, Line, Refusal, header_id, record, require, scope, target};
use crate::domain::audit::Deed;
use crate::domain::id::{EventId, MessageId, UserId};
use crate::domain::invitation::RESENDS_PER_HOUR;
use crate::domain::listing::{From, InvitationsPage, PAGE};
use crate::domain::message::MessageKind;
use crate::domain::moment::{Moment, Span};
use crate::domain::permission::Permission;
use crate::domain::policy::Ask;
use crate::domain::refusal::Conflict;
use crate::domain::user::{Status, Verb};
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::messages::{self, NewMessage};
use crate::server::storage::{Tx, memberships, roster, users};

/// A page of invitations in a status, within the caller's reach, each with its timeline.
pub async fn list(app: &App, caller: &Caller, status: Option<Status>, from: &From) -> Result<InvitationsPage, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let scope = scope(&authority, Permission::SeeInvitations)?;
    let unit = scope.line().last().ok_or(Refusal::NotFound)?;
    let reader = super::users::reader_for(&mut tx, caller).await?;
    let mut found = invitations::page(&mut tx, &scope, status, from).await?;
    let has_more = found.len() > PAGE;
    let backwards = matches!(from, From::Before(_));
    if has_more && backwards {
        found.remove(0);
    }
    found.truncate(PAGE);
    let mut rows = Vec::with_capacity(found.len());
    for invitation in &found {
        let Some(user) = users::find(&mut tx, &invitation.user_id).await? else { continue };
        let memberships = memberships::of_user(&mut tx, &user.id).await?;
        let status = roster::facts(&mut tx, &user).await?.status(now);
        rows.push(reader.invitation(&mut tx, invitation, &user, &memberships, status).await?);
    }
    let has_previous = if backwards { has_more } else { matches!(from, From::After(_)) };
    let has_next = if backwards { true } else { has_more };
    let id = |row: &Invitation| row.id.as_str().to_string();
    Ok(InvitationsPage {
        rows,
        previous: found.first().filter(|_| has_previous).map(id),
        next: found.last().filter(|_| has_next).map(id),
        counts: roster::counts(&mut tx, &unit).await?,
    })
}

/// Queues the message of an invitation's newest link.
pub(super) async fn post(app: &App, tx: &mut Tx, invitation: &Invitation, now: Moment) -> Result<(), Refusal> {
    let id = MessageId::new(random::id(now));
    let message = NewMessage {
        header_id: header_id(app, &format!("{}.{}", invitation.id, invitation.generation)),
        id,
        kind: MessageKind::Invitation,
        user_id: &invitation.user_id,
        invitation_id: Some(&invitation.id),
        reset_id: None,
        generation: invitation.generation,
    };
    messages::enqueue(tx, &message, EventId::new(random::id(now)), now).await?;
    Ok(())
}

/// Makes the next link and sends it; the one before says that a newer one was sent (rules 17, 78).
pub(super) async fn renew(app: &App, tx: &mut Tx, invitation: &mut Invitation, now: Moment) -> Result<(), Refusal> {
    let hour_ago = Moment(now.0 - Span::hours(1).0);
    if messages::queued_since(tx, &invitation.user_id, MessageKind::Invitation, hour_ago).await? > RESENDS_PER_HOUR {
        return Err(Refusal::TooMany { seconds: Span::hours(1).as_seconds_up() });
    }
    messages::cancel_of_user(tx, &invitation.user_id, now).await?;
    invitation.generation += 1;
    invitation.renewed_at = now;
    invitation.expires_at = Some(now + invitation.valid_for);
    invitation.withdrawn_at = None;
    invitations::renew(tx, invitation).await?;
    post(app, tx, invitation, now).await?;
    roster::refresh(tx, std::slice::from_ref(&invitation.user_id), now).await.map_err(Refusal::from)
}

/// Sends an invitation again, after it expired or was withdrawn too.
pub async fn resend(app: &App, caller: &Caller, id: &UserId) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let person = target(&mut tx, &authority, Verb::Resend, id, now).await?;
    for place in memberships::places(&person.memberships) {
        require(&authority, Ask::Give { unit: &place.unit, role: &place.role })?;
    }
    let mut invitation = invitations::newest_of(&mut tx, id).await?.ok_or(Conflict::NotInvited)?;
    // Whoever sends it again stands for it from now on (IN-04).
    invitation.created_by = Some(caller.user_id.clone());
    let line = Line { actor: Some(&caller.user_id), subject: Some(id), unit: person.unit(), ..Line::default() };
    record(&mut tx, Deed::Resent, line, now).await?;
    renew(app, &mut tx, &mut invitation, now).await?;
    tx.commit().await?;
    app.outbox.notify_one();
    Ok(())
}

/// Ends an open invitation: its link no longer works, its message no longer leaves.
pub async fn withdraw(app: &App, caller: &Caller, id: &UserId) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let person = target(&mut tx, &authority, Verb::Withdraw, id, now).await?;
    let invitation = invitations::newest_of(&mut tx, id).await?.ok_or(Conflict::NotInvited)?;
    invitations::withdraw(&mut tx, &invitation.id, now).await?;
    messages::cancel_of_user(&mut tx, id, now).await?;
    roster::refresh(&mut tx, std::slice::from_ref(id), now).await?;
    let line = Line { actor: Some(&caller.user_id), subject: Some(id), unit: person.unit(), ..Line::default() };
    record(&mut tx, Deed::Withdrawn, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The link of an open invitation, to hand over when mail does not arrive (rule 11). Asking for it is a line of history.
pub async fn copy_link(app: &App, caller: &Caller, id: &UserId) -> Result<String, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(&mut tx, caller).await?;
    let person = target(&mut tx, &authority, Verb::CopyLink, id, now).await?;
    let invitation = invitations::newest_of(&mut tx, id).await?.ok_or(Conflict::NotInvited)?;
    let line = Line { actor: Some(&caller.user_id), subject: Some(id), unit: person.unit(), ..Line::default() };
    record(&mut tx, Deed::LinkCopied, line, now).await?;
    tx.commit().await?;
    let link = app.key.invitation_link(&invitation.id, invitation.generation, &invitation.address);
    Ok(app.config.link(&format!("/i/{link}")))
}

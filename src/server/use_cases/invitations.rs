//! Invitations after they were made: their list, the second administrator's word, the next link, the withdrawal, the link to
//! hand over.

use super::proposals::ProposalScope;
use super::{
    Acting, Actor, AuditEntry, Target, UseCaseError, agreement, header_id, outbox, proposals, record, require, scope,
};
use crate::domain::audit::AuditAction;
use crate::domain::contact::Address;
use crate::domain::error::Conflict;
use crate::domain::id::{InvitationId, UserId};
use crate::domain::invitation::RESENDS_PER_HOUR;
use crate::domain::listing::{Count, Cursor, InvitationQuery, Matching};
use crate::domain::message::{Lane, MessageKind};
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Place, Request};
use crate::domain::role::Role;
use crate::domain::settings::ResendMode;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::unit::Unit;
use crate::domain::user::{Status, UserAction};
use crate::server::app::App;
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::memberships::Membership;
use crate::server::storage::messages::{self, NewMessage, Postage};
use crate::server::storage::{Tx, memberships, roles, roster, units};
use crate::server::{dates, random};
use crate::view_models::InvitationsPage;

/// How many people, at most, are gone through to say how many of them are waited for.
const MOST_COUNTED: i64 = 5_000;

/// A page of the invitations of a unit and below, in a status and of an age, within the caller's reach, each with its timeline.
pub async fn list(app: &App, caller: &Actor, query: &InvitationQuery) -> Result<InvitationsPage, UseCaseError> {
    let InvitationQuery { unit, status, older, from } = query;
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    let unit = scope(&mut tx, &authority, Permission::SeeInvitations, unit.as_ref()).await?;
    let made_before = older.map(|days| made_before(days, now));
    let reader = super::users::reader_for(&mut tx, caller, app.clock.now()).await?;
    let counts = roster::counts(&mut tx, &unit.id).await?;
    let people = people_of(&counts, |one| status.is_none_or(|status| one == status));
    let to_approve = invitations::count_to_approve(&mut tx, &unit.path).await?;
    let waited_for = waited_for(&mut tx, &unit, query, &counts, made_before.as_deref()).await?;
    let mut found = invitations::page(&mut tx, &unit.path, *status, people, made_before.as_deref(), from).await?;
    let (previous, next) = from.cut(&mut found, |row| row.id.as_str());
    // They are few, and stand before the rest.
    let is_start = matches!(from, Cursor::Start);
    let proposals = proposals::list(&mut tx, &authority, &reader, ProposalScope::Unit(&unit.path)).await?;
    let rows = reader.invitations(&mut tx, &found, &authority, now).await?;
    Ok(InvitationsPage {
        rows,
        previous,
        next,
        counts,
        waited_for,
        to_approve: to_approve + i64::try_from(proposals.len()).unwrap_or_default(),
        // They are no invitations, and have no age.
        proposals: match status {
            None | Some(Status::AwaitingApproval) if older.is_none() && is_start => proposals,
            _ => Vec::new(),
        },
        unit: super::users::unit_ref(&unit),
    })
}

fn people_of(counts: &[Count], is_meant: impl Fn(Status) -> bool) -> i64 {
    counts.iter().filter(|count| is_meant(count.status)).map(|count| count.people).sum()
}

/// How many of those whom a list shows are waited for.
async fn waited_for(
    tx: &mut Tx,
    unit: &Unit,
    query: &InvitationQuery,
    counts: &[Count],
    made_before: Option<&str>,
) -> Result<Matching, UseCaseError> {
    let statuses = query.waited_for();
    let people = people_of(counts, |status| statuses.contains(&status));
    match made_before {
        None => Ok(Matching::Exactly(people)),
        Some(_) if people == 0 => Ok(Matching::Exactly(0)),
        Some(_) if people > MOST_COUNTED => Ok(Matching::MoreThan(0)),
        Some(before) => {
            let n = invitations::count_invited_before(tx, &unit.path, &statuses, before, MOST_COUNTED).await?;
            Ok(Matching::Exactly(n))
        }
    }
}

/// Before which id invitations are older than so many days, to the hour: the page says the same until then.
pub(super) fn made_before(days: i64, now: Timestamp) -> String {
    let hour = now.0 - now.0.rem_euclid(Duration::hours(1).0);
    random::first_id_at(Timestamp(hour - Duration::days(days).0))
}

/// An invitation on which is acted.
pub(super) struct OfferedInvitation {
    pub invitation: Invitation,
    pub person: Target,
    /// What it still offers.
    pub places: Vec<Place>,
    pub open: Vec<Membership>,
}

impl OfferedInvitation {
    pub fn line<'a>(&self, caller: &'a Actor, subject: &'a UserId) -> AuditEntry<'a> {
        let unit = self.places.first().map(|place| place.unit.id()).or_else(|| self.person.unit());
        AuditEntry { actor: Some(&caller.user_id), subject: Some(subject), unit, ..AuditEntry::default() }
    }
}

/// Loads an invitation, and asks whether the caller may do this to what it offers, and whether it makes sense now.
pub(super) async fn offer(
    tx: &mut Tx,
    authority: &Authority,
    caller: &Actor,
    action: UserAction,
    id: &InvitationId,
    now: Timestamp,
) -> Result<OfferedInvitation, UseCaseError> {
    let invitation = invitations::find(tx, id).await?;
    let user = invitation.as_ref().map_or_else(|| UserId::new(""), |invitation| invitation.user_id.clone());
    // Nobody is offered nothing, so what does not exist is answered like what cannot be seen.
    let person = super::seen(tx, authority, UserAction::See, &user, now).await?;
    let invitation = invitation.ok_or(UseCaseError::NotFound)?;
    let of_this = |held: &&Membership| held.invitation.as_ref() == Some(id);
    let held: Vec<Membership> = person.all.iter().filter(of_this).cloned().collect();
    // Blocked or archived parts, too: whoever accepts takes them over as they are.
    let open: Vec<Membership> = held.iter().filter(|held| held.active_at.is_none()).cloned().collect();
    // One that is over is asked about by what it led to.
    let asked = if open.is_empty() { &held } else { &open };
    let places = memberships::places(asked);
    require(authority, Request::Do { action, user_id: &person.user.id, places: &places })?;
    let status = roster::facts(tx, asked).await?.status(now);
    let status = if invitation.accepted_at.is_some() && status != Status::Blocked { Status::Active } else { status };
    action.suits(status)?;
    caller.decided_on(&invitation.revision(&held), Conflict::InvitationChanged)?;
    Ok(OfferedInvitation { invitation, person, places, open })
}

/// When a message leaves, among which others, and on whose account.
pub(super) struct Leaving {
    pub due_at: Timestamp,
    pub lane: Lane,
    pub postage: Postage,
}

/// The message of an invitation's newest link to one of its addresses.
pub(super) fn letter<'a>(
    app: &App,
    invitation: &'a Invitation,
    to: &Address,
    leaving: Leaving,
    now: Timestamp,
) -> NewMessage<'a> {
    let message = outbox::message(app, MessageKind::Invitation, (to, &invitation.user_id), leaving.postage, now);
    let mut name = format!("{}.{}", invitation.id, invitation.generation);
    if to.channel() != invitation.address.channel() {
        name = format!("{name}.{}", to.channel().code());
    }
    // The same link once more is another message.
    if invitation.extended_at.is_some() {
        name = format!("{name}.{}", message.id);
    }
    NewMessage {
        header_id: header_id(app, &name),
        invitation_id: Some(&invitation.id),
        generation: invitation.generation,
        due_at: leaving.due_at,
        lane: leaving.lane,
        ..message
    }
}

/// Sends an invitation for which nobody has to be waited any more: its first link, or the next one.
/// `by` is whoever has it sent.
pub(super) async fn let_go(
    app: &App,
    tx: &mut Tx,
    invitation: &mut Invitation,
    by: &UserId,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    if invitations::was_sent(tx, &invitation.id).await? {
        messages::cancel_of_invitation(tx, &invitation.id, now).await?;
        rotate(invitation);
    }
    send(app, tx, invitation, Some(by), Lane::Single, now).await
}

/// The next link; what was extended was the one before.
fn rotate(invitation: &mut Invitation) {
    invitation.generation += 1;
    invitation.extended_at = None;
}

async fn send(
    app: &App,
    tx: &mut Tx,
    invitation: &mut Invitation,
    by: Option<&UserId>,
    lane: Lane,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let settings = super::settings_of(tx).await?;
    let to: Vec<Address> = settings.invites_by.picks(invitation.addresses()).into_iter().cloned().collect();
    // Confirmed by e-mail alone, nobody is invited by a number (rule 25).
    if to.is_empty() {
        return Err(Conflict::NoEmail.into());
    }
    let postage = outbox::postage_for(app, tx, &to.iter().collect::<Vec<_>>(), by, now).await?;
    invitation.renewed_at = now;
    invitation.expires_at = Some(now + invitation.valid_for);
    invitation.withdrawn_at = None;
    let mut offered = memberships::of_user(tx, &invitation.user_id).await?;
    offered.retain(|held| held.is_offered_by(&invitation.id));
    let settings = units::settings_at(tx, &settings, offered.iter().map(|held| &held.unit)).await?;
    invitation.remind_at = dates::reminder(now, invitation.valid_for, &settings);
    invitations::renew(tx, invitation).await?;
    let message = |(to, postage)| letter(app, invitation, to, Leaving { due_at: now, lane, postage }, now);
    let messages: Vec<NewMessage<'_>> = to.iter().zip(postage).map(message).collect();
    outbox::queue_all(tx, &messages, now).await
}

/// Makes the next link and sends it; the one before says that a newer one was sent (rules 17, 78). Where the settings say so, the
/// same link goes once more, with a new end; what was withdrawn or declined stays dead, and a new link goes in its place.
/// `by` is whoever has it sent; nobody, where the holder of the old link asks for it.
pub(super) async fn renew(
    app: &App,
    tx: &mut Tx,
    invitation: &mut Invitation,
    by: Option<&UserId>,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    renew_among(app, tx, invitation, by, Lane::Single, now).await
}

/// The same among other messages.
async fn renew_among(
    app: &App,
    tx: &mut Tx,
    invitation: &mut Invitation,
    by: Option<&UserId>,
    lane: Lane,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let hour_ago = now - Duration::hours(1);
    if messages::sent_since(tx, &invitation.id, hour_ago).await? > RESENDS_PER_HOUR {
        return Err(UseCaseError::TooMany { seconds: Duration::hours(1).as_seconds_up() });
    }
    messages::cancel_of_invitation(tx, &invitation.id, now).await?;
    match super::settings_of(tx).await?.resends {
        ResendMode::Extend if invitation.withdrawn_at.is_none() => invitation.extended_at = Some(now),
        _ => rotate(invitation),
    }
    send(app, tx, invitation, by, lane, now).await
}

/// The second administrator's word: what the first one offered may leave (rule 53).
pub async fn approve(app: &App, caller: &Actor, id: &InvitationId) -> Result<UserId, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let mut offer = offer(&mut tx, &authority, caller, UserAction::Approve, id, now).await?;
    let user = offer.person.user.id.clone();
    let proposers = agreement::proposers(&offer.open, &roles::all(&mut tx).await?);
    require(&authority, Request::Approve { user_id: &user, proposers: &proposers, places: &offer.places })?;
    record(&mut tx, AuditAction::Approved, offer.line(caller, &user), now).await?;
    invitations::approve(&mut tx, id, &caller.user_id, now).await?;
    let_go(app, &mut tx, &mut offer.invitation, &caller.user_id, now).await?;
    tx.commit().await?;
    Ok(user)
}

/// Invites somebody who was added without it (rule 20), in the words and for the time that were given then: the same invitation
/// is made now. What takes two waits for the second administrator, as any other.
async fn send_first(
    app: &App,
    tx: &mut Tx,
    caller: &Actor,
    offer: &mut OfferedInvitation,
    roles: &[Role],
    lane: Lane,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let user = offer.person.user.id.clone();
    let invitation = &mut offer.invitation;
    (invitation.is_unsent, invitation.created_at) = (false, now);
    invitation.needs_approval = offer.open.iter().any(|held| agreement::needs_second(held, roles));
    let (waits, address) = (invitation.needs_approval, invitation.address.clone());
    invitations::begin(tx, invitation, now).await?;
    let line = AuditEntry { after: address.as_str(), ..offer.line(caller, &user) };
    record(tx, AuditAction::Invited, line, now).await?;
    if waits {
        return Ok(());
    }
    send(app, tx, &mut offer.invitation, Some(&caller.user_id), lane, now).await
}

/// Sends an invitation again, after it expired or was withdrawn too; for the first time to whoever was only added.
pub async fn resend(app: &App, caller: &Actor, id: &InvitationId) -> Result<UserId, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let acting = Acting { app, caller, authority: &authority, now };
    let user = resend_in(&mut tx, acting, id, Lane::Single).await?;
    tx.commit().await?;
    Ok(user)
}

/// Whether somebody may give all of this now: also what was offered once has to be theirs to give, and its role to be there.
pub(super) fn may_give_again(authority: &Authority, places: &[Place], roles: &[Role]) -> Result<(), UseCaseError> {
    for place in places {
        if !roles.iter().any(|role| role.id == place.role) {
            return Err(Conflict::RoleRemoved.into());
        }
        require(authority, Request::Give { unit: &place.unit, role: &place.role, extra: place.extra })?;
    }
    Ok(())
}

/// The same in a transaction that may send others, too; after a refusal it is not to be committed.
pub(super) async fn resend_in(
    tx: &mut Tx,
    Acting { app, caller, authority, now }: Acting<'_>,
    id: &InvitationId,
    lane: Lane,
) -> Result<UserId, UseCaseError> {
    let mut offer = offer(tx, authority, caller, UserAction::Resend, id, now).await?;
    let user = offer.person.user.id.clone();
    let standing = roles::all(tx).await?;
    may_give_again(authority, &offer.places, &standing)?;
    // Whoever sends it again stands for it from now on (IN-04).
    offer.invitation.created_by = Some(caller.user_id.clone());
    if offer.invitation.is_unsent {
        send_first(app, tx, caller, &mut offer, &standing, lane, now).await?;
        return Ok(user);
    }
    record(tx, AuditAction::Resent, offer.line(caller, &user), now).await?;
    // The second one's word ended with it, also where it was kept in case the person comes back out of the bin.
    if offer.invitation.withdrawn_at.is_some() {
        offer.invitation.approved_at = None;
    }
    if offer.invitation.awaits_approval() {
        // It was withdrawn while it waited, and goes on waiting: nothing leaves by one word.
        invitations::reopen(tx, &offer.invitation, now).await?;
        return Ok(user);
    }
    renew_among(app, tx, &mut offer.invitation, Some(&caller.user_id), lane, now).await?;
    Ok(user)
}

/// Ends an open invitation: its link no longer works, its message no longer leaves.
pub async fn withdraw(app: &App, caller: &Actor, id: &InvitationId) -> Result<UserId, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let user = withdraw_in(&mut tx, Acting { app, caller, authority: &authority, now }, id).await?;
    tx.commit().await?;
    Ok(user)
}

/// As [`resend_in`].
pub(super) async fn withdraw_in(
    tx: &mut Tx,
    Acting { caller, authority, now, .. }: Acting<'_>,
    id: &InvitationId,
) -> Result<UserId, UseCaseError> {
    let offer = offer(tx, authority, caller, UserAction::Withdraw, id, now).await?;
    let user = offer.person.user.id.clone();
    invitations::withdraw(tx, id, now).await?;
    messages::cancel_of_invitation(tx, id, now).await?;
    record(tx, AuditAction::Withdrawn, offer.line(caller, &user), now).await?;
    Ok(user)
}

/// Takes withdrawals back that came at one moment; as [`resend_in`], but nothing leaves, and each is as it was. Whoever does it could
/// offer the same.
pub(super) async fn reopen_in(
    tx: &mut Tx,
    Acting { caller, authority, now, .. }: Acting<'_>,
    ids: &[InvitationId],
    withdrawn_at: Timestamp,
) -> Result<(), UseCaseError> {
    let standing = roles::all(tx).await?;
    for id in ids {
        let offer = offer(tx, authority, caller, UserAction::Resend, id, now).await?;
        may_give_again(authority, &offer.places, &standing)?;
        record(tx, AuditAction::Reopened, offer.line(caller, &offer.person.user.id), now).await?;
    }
    take_end_back(tx, ids, withdrawn_at, now).await
}

/// Takes the end of invitations back that came at one moment, when nothing else has become of them since: each is as it was, its
/// link and its end included, and a message that was on its way is on its way again.
pub(super) async fn take_end_back(
    tx: &mut Tx,
    ids: &[InvitationId],
    ended_at: Timestamp,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    if ids.is_empty() {
        return Ok(());
    }
    invitations::take_end_back(tx, ids, ended_at, now).await?;
    let hold = super::settings_of(tx).await?.hold;
    Ok(messages::queue_again(tx, ids, ended_at, hold, now).await?)
}

/// The link of an open invitation, to hand over when mail does not arrive (rule 11). Asking for it is a line of history, and
/// whoever comes in by it has not shown that the address is theirs.
pub async fn copy_link(app: &App, caller: &Actor, id: &InvitationId) -> Result<String, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let offer = offer(&mut tx, &authority, caller, UserAction::CopyLink, id, now).await?;
    if offer.invitation.facts().has_expired(now) {
        return Err(Conflict::LinkEnded.into());
    }
    let user = offer.person.user.id.clone();
    record(&mut tx, AuditAction::LinkCopied, offer.line(caller, &user), now).await?;
    tx.commit().await?;
    let invitation = &offer.invitation;
    let link = app.key.handed_invitation_link(&invitation.id, invitation.generation, invitation.address.as_str());
    Ok(app.config.link(&format!("/i/{link}")))
}

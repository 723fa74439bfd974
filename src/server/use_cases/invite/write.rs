//! The action: inviting one or several. What is written for each: the person where there is none yet, the offer, the message, the
//! history; for all of them together a few statements. Whom to invite is decided before, in `judge`.

use super::judge::Whom;
use super::{AuditEntry, UseCaseError, broken};
use crate::domain::agreement::{RoleGrant, takes_two};
use crate::domain::audit::AuditAction;
use crate::domain::contact::{Address, Channel, PersonName};
use crate::domain::id::{InvitationId, MembershipId, UnitId, UserId};
use crate::domain::invitation::Delivery;
use crate::domain::message::Lane;
use crate::domain::onboarding::UsualInvitation;
use crate::domain::permission::Permissions;
use crate::domain::review::SentRow;
use crate::domain::role::Role;
use crate::domain::settings::Settings;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::unit::Unit;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::memberships::{self, NewMembership};
use crate::server::storage::messages::Postage;
use crate::server::storage::{Tx, users};
use crate::server::use_cases::invitations::{Leaving, letter};
use crate::server::use_cases::{outbox, record_all};
use crate::server::{dates, random};
use crate::words::Language;

/// What everybody of one round is offered.
pub(super) struct InvitationTerms<'a> {
    pub units: &'a [Unit],
    pub language: Language,
    pub personal_text: &'a str,
    /// How long the links work, where whoever invites says it.
    pub valid_for: Option<Duration>,
    /// As they hold at the units.
    pub settings: &'a Settings,
    pub extra: Permissions,
    /// All roles of the installation.
    pub roles: &'a [Role],
    /// When the messages leave, and among which others.
    pub due_at: Timestamp,
    pub lane: Lane,
}

/// Somebody who is to be invited: judged, and within what the address and the inviter may still get and cause.
pub(super) struct Invitee<'a> {
    /// Their addresses, of each channel one at most. To which of them the message goes is the installation's to say.
    pub to: Vec<Address>,
    pub name: String,
    pub role: &'a Role,
    pub whom: Whom,
    /// For each of those to which a message goes. `None`: the person is added, and nothing is sent to them (rule 20).
    pub postage: Option<Vec<Postage>>,
}

/// Invites one person; everything about it is written, and stands or falls with the transaction.
pub(super) async fn invite_one(
    app: &App,
    tx: &mut Tx,
    inviter: &UserId,
    terms: &InvitationTerms<'_>,
    invitee: Invitee<'_>,
    now: Timestamp,
) -> Result<SentRow, UseCaseError> {
    let mut invited = invite_some(app, tx, inviter, terms, vec![invitee], now).await?;
    invited.pop().ok_or_else(|| broken(&"nobody was invited"))
}

/// The same for several, in as many statements as for one.
pub(super) async fn invite_some(
    app: &App,
    tx: &mut Tx,
    inviter: &UserId,
    terms: &InvitationTerms<'_>,
    invitees: Vec<Invitee<'_>>,
    now: Timestamp,
) -> Result<Vec<SentRow>, UseCaseError> {
    let (mut people, mut known) = (Vec::new(), Vec::new());
    let mut all: Vec<(Invitation, &Role, Option<Vec<Postage>>)> = Vec::with_capacity(invitees.len());
    for invitee in invitees {
        let user_id = match &invitee.whom {
            Whom::Seen(id) => {
                known.push(id.clone());
                id.clone()
            }
            Whom::New => {
                let user = to_come(inviter, &invitee, terms.language, now);
                let id = user.id.clone();
                people.push(user);
                id
            }
        };
        let invitation = invitation(inviter, user_id, &invitee, terms, now)?;
        all.push((invitation, invitee.role, invitee.postage));
    }
    users::insert_all(tx, &people).await?;
    let invited: Vec<Invitation> = all.iter().map(|(invitation, ..)| invitation.clone()).collect();
    invitations::insert_all(tx, &invited).await?;

    let (mut offered, mut lines, mut messages) = (Vec::new(), [Vec::new(), Vec::new()], Vec::new());
    for (invitation, role, postage) in all.iter() {
        for unit in terms.units {
            offered.push(NewMembership {
                id: MembershipId::new(random::id(now)),
                user_id: &invitation.user_id,
                unit_id: &unit.id,
                role: &role.id,
                extra: terms.extra.without(role.permissions),
                by: Some(inviter),
                invitation: Some(&invitation.id),
                active_at: None,
            });
            let [invited, added] = &mut lines;
            let lines = if invitation.is_unsent { added } else { invited };
            lines.push(AuditEntry {
                actor: Some(inviter),
                subject: Some(&invitation.user_id),
                unit: Some(unit.id.clone()),
                after: invitation.address.as_str(),
                ..AuditEntry::default()
            });
        }
        if let Some(postage) = postage.as_ref().filter(|_| !invitation.awaits_approval()) {
            for (to, postage) in terms.settings.invites_by.picks(invitation.addresses()).into_iter().zip(postage) {
                let leaving = Leaving { due_at: terms.due_at, lane: terms.lane, postage: postage.clone() };
                messages.push(letter(app, invitation, to, leaving, now));
            }
        }
    }
    let units: Vec<UnitId> = terms.units.iter().map(|unit| unit.id.clone()).collect();
    memberships::remove_old_offers(tx, &known, &units, now).await?;
    memberships::insert_all(tx, &offered, now).await?;
    let [invited, added] = &lines;
    record_all(tx, AuditAction::Invited, invited, now).await?;
    record_all(tx, AuditAction::Added, added, now).await?;
    outbox::queue_all(tx, &messages, now).await?;
    let sent = |(invitation, ..): &(Invitation, &Role, Option<Vec<Postage>>)| SentRow {
        user_id: invitation.user_id.clone(),
        invitation: invitation.id.clone(),
        address: invitation.address.as_str().into(),
        other: invitation.other.as_ref().map(|other| other.as_str().into()),
        awaits_approval: invitation.awaits_approval(),
    };
    Ok(all.iter().map(sent).collect())
}

fn invitation(
    inviter: &UserId,
    user_id: UserId,
    new: &Invitee<'_>,
    terms: &InvitationTerms<'_>,
    now: Timestamp,
) -> Result<Invitation, UseCaseError> {
    let picked = terms.settings.invites_by.picks(&new.to);
    let address = picked.first().copied().or(new.to.first()).ok_or_else(|| broken(&"nowhere to write to"))?;
    // What takes two nobody gives alone, by whichever role it comes (rule 53).
    let given = RoleGrant { role: new.role, extra: terms.extra.without(new.role.permissions) };
    let takes_two = takes_two(given, terms.roles);
    let is_unsent = new.postage.is_none();
    let valid_for = UsualInvitation::of(terms.settings).with(new.role).length_or(terms.valid_for);
    Ok(Invitation {
        id: InvitationId::new(random::id(now)),
        user_id,
        address: address.clone(),
        address_mark: None,
        other: new.to.iter().find(|other| other.channel() != address.channel()).cloned(),
        other_mark: None,
        language: terms.language,
        personal_text: terms.personal_text.into(),
        generation: 1,
        valid_for,
        created_at: now,
        created_by: Some(inviter.clone()),
        invited_by: Some(inviter.clone()),
        renewed_at: now,
        extended_at: None,
        // What waits for the second administrator has no end yet, and opens nothing.
        expires_at: (!takes_two && !is_unsent).then(|| now + valid_for),
        opened_at: None,
        accepted_at: None,
        withdrawn_at: None,
        declined_at: None,
        replaced_by: None,
        remind_at: dates::reminder(now, valid_for, terms.settings),
        reminded_at: None,
        needs_approval: takes_two,
        approved_at: None,
        is_unsent,
        delivery: Delivery::Queued,
    })
}

/// Somebody who is to come: of them nothing is known but the address and what the inviter wrote themselves, whoever else knows
/// them (`accept::person`).
fn to_come(inviter: &UserId, new: &Invitee<'_>, language: Language, now: Timestamp) -> User {
    let by =
        |channel| new.to.iter().find(|address| address.channel() == channel).map(|address| address.as_str().into());
    User {
        name: PersonName::of_list(&new.name).map(String::from).unwrap_or_default(),
        email: by(Channel::Email),
        phone: by(Channel::Sms),
        is_placeholder: true,
        created_by: Some(inviter.clone()),
        ..User::new(UserId::new(random::id(now)), language, now)
    }
}

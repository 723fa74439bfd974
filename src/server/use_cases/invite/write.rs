//! Writing invitations down: the person where there is none yet, the offer, the message, the history; for all of them together
//! a few statements. Whom to invite is decided elsewhere.

use super::judge::Whom;
use super::{Actor, AuditEntry, UseCaseError};
use crate::domain::agreement::{RoleGrant, takes_two};
use crate::domain::audit::AuditAction;
use crate::domain::contact::{Email, PersonName};
use crate::domain::id::{InvitationId, MembershipId, UnitId, UserId};
use crate::domain::invitation::Delivery;
use crate::domain::message::Lane;
use crate::domain::permission::Permissions;
use crate::domain::review::SentRow;
use crate::domain::role::Role;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::unit::Unit;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::memberships::{self, NewMembership};
use crate::server::storage::messages::Postage;
use crate::server::storage::{Tx, users};
use crate::server::use_cases::invitations::{Leaving, letter};
use crate::server::use_cases::{outbox, record_all};
use crate::words::Language;

/// What everyone of one form is offered.
pub(super) struct Offer<'a> {
    pub units: &'a [Unit],
    pub language: Language,
    pub personal_text: &'a str,
    pub valid_for: Duration,
    pub extra: Permissions,
    /// All roles of the installation.
    pub roles: &'a [Role],
    /// When the messages leave, and among which others.
    pub due_at: Timestamp,
    pub lane: Lane,
}

/// One person of the form.
pub(super) struct Invitee<'a> {
    pub email: Email,
    pub name: String,
    pub role: &'a Role,
    pub whom: Whom,
    pub postage: Postage,
}

/// Writes the invitations of some people.
pub(super) async fn add_all(
    app: &App,
    tx: &mut Tx,
    caller: &Actor,
    new: Vec<Invitee<'_>>,
    offer: &Offer<'_>,
    now: Timestamp,
) -> Result<Vec<SentRow>, UseCaseError> {
    let (mut people, mut known) = (Vec::new(), Vec::new());
    let mut all: Vec<(Invitation, &Role, Postage)> = Vec::with_capacity(new.len());
    for invitee in new {
        let user_id = match &invitee.whom {
            Whom::Seen(id) => {
                known.push(id.clone());
                id.clone()
            }
            Whom::New | Whom::Hidden => {
                let user = to_come(caller, &invitee, offer.language, now);
                let id = user.id.clone();
                people.push(user);
                id
            }
        };
        let invitation = invitation(caller, user_id, &invitee, offer, now);
        all.push((invitation, invitee.role, invitee.postage));
    }
    users::insert_all(tx, &people).await?;
    let invited: Vec<Invitation> = all.iter().map(|(invitation, ..)| invitation.clone()).collect();
    invitations::insert_all(tx, &invited).await?;

    let (mut offered, mut lines, mut messages) = (Vec::new(), Vec::new(), Vec::new());
    for (invitation, role, postage) in all.iter() {
        for unit in offer.units {
            offered.push(NewMembership {
                id: MembershipId::new(random::id(now)),
                user_id: &invitation.user_id,
                unit_id: &unit.id,
                role: &role.id,
                extra: offer.extra.without(role.permissions),
                by: Some(&caller.user_id),
                invitation: Some(&invitation.id),
                active_at: None,
            });
            lines.push(AuditEntry {
                actor: Some(&caller.user_id),
                subject: Some(&invitation.user_id),
                unit: Some(unit.id.clone()),
                after: &invitation.address,
                ..AuditEntry::default()
            });
        }
        if !invitation.awaits_approval() {
            let leaving = Leaving { due_at: offer.due_at, lane: offer.lane, postage: postage.clone() };
            messages.push(letter(app, invitation, leaving, now));
        }
    }
    let units: Vec<UnitId> = offer.units.iter().map(|unit| unit.id.clone()).collect();
    memberships::remove_old_offers(tx, &known, &units, now).await?;
    memberships::insert_all(tx, &offered, now).await?;
    record_all(tx, AuditAction::Invited, &lines, now).await?;
    outbox::queue_all(tx, &messages, now).await?;
    let sent = |(invitation, ..): &(Invitation, &Role, Postage)| SentRow {
        user_id: invitation.user_id.clone(),
        invitation: invitation.id.clone(),
        address: invitation.address.clone(),
        awaits_approval: invitation.awaits_approval(),
    };
    Ok(all.iter().map(sent).collect())
}

fn invitation(caller: &Actor, user_id: UserId, new: &Invitee<'_>, offer: &Offer<'_>, now: Timestamp) -> Invitation {
    // What takes two nobody gives alone, by whichever role it comes (rule 53).
    let given = RoleGrant { role: new.role, extra: offer.extra.without(new.role.permissions) };
    let takes_two = takes_two(given, offer.roles);
    Invitation {
        id: InvitationId::new(random::id(now)),
        user_id,
        address: new.email.as_str().into(),
        address_mark: None,
        language: offer.language,
        personal_text: offer.personal_text.into(),
        generation: 1,
        valid_for: offer.valid_for,
        created_at: now,
        created_by: Some(caller.user_id.clone()),
        invited_by: Some(caller.user_id.clone()),
        renewed_at: now,
        // What waits for the second administrator has no end yet, and opens nothing.
        expires_at: (!takes_two).then(|| now + offer.valid_for),
        opened_at: None,
        accepted_at: None,
        withdrawn_at: None,
        needs_approval: takes_two,
        approved_at: None,
        delivery: Delivery::Queued,
    }
}

/// Somebody who is to come. Where others know them already, what the inviter sees is somebody of whom nothing is known but the
/// address and what they wrote themselves.
fn to_come(caller: &Actor, new: &Invitee<'_>, language: Language, now: Timestamp) -> User {
    User {
        id: UserId::new(random::id(now)),
        number: 0,
        name: PersonName::parse(&new.name).map(|name| name.as_str().to_string()).unwrap_or_default(),
        name_is_own: false,
        email: Some(new.email.as_str().into()),
        phone: None,
        login: None,
        is_shadow: new.whom == Whom::Hidden,
        confirmed_at: None,
        language,
        registered_at: None,
        password_changed_at: None,
        last_seen_at: None,
        created_at: now,
        created_by: Some(caller.user_id.clone()),
        changed_at: now,
        version: 1,
    }
}

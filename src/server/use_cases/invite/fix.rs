//! An address that was mistyped in an open invitation: the old invitation ends with its link, and the same is offered to the right
//! address. Whoever is known by that invitation alone stays the same person, in the same row and with the same history.

use super::judge::{Facts, Judge, Judged, Lookalikes, Whom};
use super::reading::first_entries;
use super::write::{InvitationTerms, Invitee, invite_one};
use super::{Actor, UseCaseError, broken, held};
use crate::domain::address_guard::own_domain;
use crate::domain::audit::AuditAction;
use crate::domain::contact::{Address, Channel};
use crate::domain::error::{AddressQuestion, Conflict, Invalid};
use crate::domain::id::{InvitationId, UserId};
use crate::domain::message::Lane;
use crate::domain::policy::Place;
use crate::domain::review::{RowRules, Verdict, WishedRow};
use crate::domain::settings::InvitesBy;
use crate::domain::typed;
use crate::domain::user::{User, UserAction};
use crate::server::app::App;
use crate::server::storage::{memberships, messages, roles, units, users};
use crate::server::use_cases;
use crate::server::use_cases::invitations::{self, offer};
use crate::server::use_cases::outbox;
use crate::server::use_cases::settings_of;
use std::collections::BTreeSet;
use std::slice;

/// The address that was typed: an e-mail address, or a number where people are invited by SMS.
fn address_in(typed: &str, invites_by: InvitesBy) -> Result<Address, Invalid> {
    let takes_numbers = invites_by.includes(Channel::Sms) && !typed.contains('@');
    let is_number = takes_numbers && typed.chars().any(|letter| letter.is_ascii_digit());
    match is_number {
        true => typed::phone(typed).map(Address::from).map_err(Invalid::Phone),
        false => typed::email(typed).map(Address::from).map_err(Invalid::Email),
    }
}

/// What a verdict asks about an address, or has against it; nothing where the invitation can go there.
fn question(verdict: Verdict) -> Option<AddressQuestion> {
    Some(match verdict {
        Verdict::Known { title, .. } => AddressQuestion::Theirs { whom: title },
        Verdict::Misspelt { meant } => AddressQuestion::Meant(meant),
        Verdict::Similar { address, .. } => AddressQuestion::Like(address),
        Verdict::SameNumber { title, .. } => AddressQuestion::SameNumber(title),
        Verdict::NoMailServer { domain } => AddressQuestion::NoMail(domain),
        Verdict::DoubtfulPhone(problem) => AddressQuestion::Phone(problem),
        _ => return None,
    })
}

/// Offers what an open invitation offers to another address, and ends it. `meant` is the address about which was asked before.
/// Whoever may send it again may do this; whoever has an account keeps their address. The same address is sent to again.
///
/// # Errors
/// `AddressAsked` when it looks like a slip or like somebody else's, or is somebody's whom the inviter sees there; whatever stands
/// against sending it again.
pub async fn fix_address(
    app: &App,
    caller: &Actor,
    id: &InvitationId,
    typed: &str,
    meant: &str,
) -> Result<UserId, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = use_cases::write_as(app, caller).await?;
    let settings = use_cases::settings_of(&mut tx).await?;
    let invites_by = settings.invites_by;
    let to = address_in(typed, invites_by)?;
    let offer = offer(&mut tx, &authority, caller, UserAction::Resend, id, now).await?;
    let (invitation, user) = (&offer.invitation, &offer.person.user);
    if user.registered_at.is_some() {
        return Err(Conflict::AlreadyRegistered.into());
    }
    if invitation.addresses().any(|address| *address == to) {
        drop(tx);
        return invitations::resend(app, caller, id).await;
    }
    let all = roles::all(&mut tx).await?;
    invitations::may_give_again(&authority, &offer.places, &all)?;
    let ids: Vec<_> = offer.places.iter().map(|place| place.unit.id()).collect();
    let places = units::find_all(&mut tx, &ids).await?;
    if places.iter().any(|unit| unit.is_closed) {
        return Err(Conflict::UnitClosed.into());
    }

    let address = to.as_str().to_string();
    let is_meant = address_in(meant, invites_by).is_ok_and(|meant| meant == to);
    let wished = WishedRow {
        typed: address.clone(),
        address: Some(address.clone()),
        asked: is_meant.then(|| "on".into()),
        ..WishedRow::default()
    };
    let rows = first_entries(slice::from_ref(&wished));
    let facts = Facts::load(&mut tx, &rows).await?;
    let mut lookalikes = Lookalikes::load(&mut tx, &rows).await?;
    let own = users::find(&mut tx, &caller.user_id).await?.and_then(|user| user.email);
    let own_domains = own.as_deref().and_then(own_domain).into_iter().collect();
    let unreachable = BTreeSet::new();
    let judge = Judge {
        authority: &authority,
        rules: RowRules { own_domains, invites_by, calling_code: settings.calling_code },
        unreachable: &unreachable,
        places: &places,
        facts: &facts,
        lookalikes: &mut lookalikes,
        now,
    };
    let row = rows.first().ok_or_else(|| broken(&"no row of an address"))?;
    let Judged { verdict, mut whom, .. } = judge.judge(row);
    // What the right address looks like is most often the wrong one, which it replaces.
    let is_own = |other: &str| invitation.addresses().any(|address| address.in_letters() == other);
    if let Some(question) =
        question(verdict).filter(|question| !matches!(question, AddressQuestion::Like(whom) if is_own(whom)))
    {
        return Err(Invalid::AddressAsked { address, question: Box::new(question) }.into());
    }

    messages::cancel_of_invitation(&mut tx, id, now).await?;
    crate::server::storage::invitations::withdraw(&mut tx, id, now).await?;
    memberships::remove_offered_by(&mut tx, slice::from_ref(id), now).await?;
    use_cases::record(&mut tx, AuditAction::Withdrawn, offer.line(caller, &user.id), now).await?;

    // The address takes the place of the one of its channel; the other one stays.
    let is_theirs = match &whom {
        Whom::New => true,
        Whom::Seen(id) => id == &user.id,
    };
    let other = invitation.address_by(to.channel().other()).filter(|_| invitation.other.is_some() && is_theirs);
    let ways: Vec<Address> = std::iter::once(&to).chain(other).cloned().collect();
    let stands_by_this =
        user.is_placeholder && memberships::of_user(&mut tx, &user.id).await?.is_empty() && whom == Whom::New;
    if stands_by_this {
        let by = |channel| ways.iter().find(|way| way.channel() == channel).map(|way| way.as_str().to_string());
        let right = User { email: by(Channel::Email), phone: by(Channel::Sms), ..user.clone() };
        users::readdress(&mut tx, &right, now).await?;
        whom = Whom::Seen(user.id.clone());
    }
    // Several roles are several offers to one person.
    let mut left: Vec<&Place> = offer.places.iter().collect();
    let mut invited = None;
    while let Some(first) = left.first().copied() {
        let is_same = |place: &&Place| place.role == first.role && place.extra == first.extra;
        let (same, others): (Vec<&Place>, Vec<&Place>) = left.into_iter().partition(is_same);
        left = others;
        let there: Vec<_> =
            places.iter().filter(|unit| same.iter().any(|place| place.unit == unit.path)).cloned().collect();
        let role = all.iter().find(|role| role.id == first.role).ok_or(Conflict::RoleRemoved)?;
        let settings = settings_of(&mut tx).await?;
        let settings = super::settings_at(&mut tx, &settings, &there).await?;
        let terms = InvitationTerms {
            settings: &settings,
            units: &there,
            language: invitation.language,
            personal_text: &invitation.personal_text,
            valid_for: Some(invitation.valid_for),
            extra: first.extra,
            roles: &all,
            due_at: now,
            lane: Lane::of_invitations(1),
        };
        let picked = settings.invites_by.picks(&ways);
        let postage = Some(outbox::postage_for(app, &mut tx, &picked, Some(&caller.user_id), now).await?);
        let invitee = Invitee { to: ways.clone(), name: user.name.clone(), role, whom, postage };
        let sent = invite_one(app, &mut tx, &caller.user_id, &terms, invitee, now).await?;
        whom = Whom::Seen(sent.user_id.clone());
        invited.get_or_insert(sent);
    }
    let invited = invited.ok_or(Conflict::NotInvited)?;
    crate::server::storage::invitations::replace(&mut tx, id, &invited.invitation).await?;
    held::forget_unknown(app, &mut tx, slice::from_ref(user), now).await?;
    tx.commit().await?;
    use_cases::go_on(app).await;
    Ok(invited.user_id)
}

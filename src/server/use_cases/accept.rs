//! What the holder of a link does: look, register, ask for a new link. Looking changes nothing (IN-09); registering spends
//! the invitation in the same transaction that makes the account, and checks everything again there.

use super::sessions::{SignedIn, begin};
use super::{Caller, Line, Refusal, Visitor, record};
use crate::domain::audit::Deed;
use crate::domain::contact::{Email, PersonName, Phone};
use crate::domain::id::InvitationId;
use crate::domain::invitation::{DeadLink, why_dead};
use crate::domain::listing::{LinkView, OpenInvitation};
use crate::domain::moment::Moment;
use crate::domain::policy::{Ask, decide};
use crate::domain::refusal::Conflict;
use crate::domain::user::{Status, User};
use crate::server::app::App;
use crate::server::secrets::{Link, Purpose};
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::memberships::{self, Membership};
use crate::server::storage::{Tx, attempts, roster, settings, users};
use crate::server::{dates, passwords, secrets};
use crate::words::Language;
use secrecy::SecretString;

/// What stands behind a link that is one of ours.
struct Found {
    invitation: Invitation,
    user: User,
    memberships: Vec<Membership>,
    inviter: Option<User>,
    dead: Option<DeadLink>,
}

impl Found {
    fn unit(&self) -> Option<crate::domain::id::UnitId> {
        self.memberships.first().and_then(|membership| membership.unit.line().last())
    }
}

/// Opens a link; `None` when it is not one of ours.
async fn open(app: &App, tx: &mut Tx, link: &str, now: Moment) -> Result<Option<Found>, Refusal> {
    let Some(link) = Link::read(link) else { return Ok(None) };
    let Some(invitation) = invitations::find(tx, &InvitationId::new(&link.id)).await? else { return Ok(None) };
    if !app.key.made(&link, Purpose::Invitation, &invitation.address) {
        return Ok(None);
    }
    let Some(user) = users::find(tx, &invitation.user_id).await? else { return Ok(None) };
    let memberships = memberships::of_user(tx, &user.id).await?;
    let inviter = match &invitation.created_by {
        Some(id) => users::find(tx, id).await?,
        None => None,
    };
    let inviter_may = may_still_give(tx, inviter.as_ref(), &memberships).await?;
    let is_blocked = roster::facts(tx, &user).await?.status(now) == Status::Blocked;
    let dead = why_dead(&invitation.facts(), invitation.generation, link.generation, is_blocked, inviter_may, now);
    Ok(Some(Found { invitation, user, memberships, inviter, dead }))
}

/// Whether whoever invited may still give what is offered (IN-04).
async fn may_still_give(tx: &mut Tx, inviter: Option<&User>, offered: &[Membership]) -> Result<bool, Refusal> {
    let Some(inviter) = inviter else { return Ok(false) };
    let Some(authority) = memberships::authority(tx, &inviter.id).await? else { return Ok(false) };
    Ok(offered.iter().all(|offer| decide(&authority, Ask::Give { unit: &offer.unit, role: &offer.role }).is_allowed()))
}

/// What the page of a link shows. `signed_in` is whoever is signed in on this device; `language` is what the visitor chose.
pub async fn look(
    app: &App,
    link: &str,
    signed_in: Option<&Caller>,
    language: Option<Language>,
) -> Result<LinkView, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let settings = super::settings_of(&mut tx).await?;
    let Some(found) = open(app, &mut tx, link, now).await? else {
        return Ok(LinkView::Dead {
            why: DeadLink::Damaged,
            organisation: settings.organisation,
            support_contact: settings.support_contact,
            inviter: None,
            renew_to: None,
            ended: None,
        });
    };
    let language = language.unwrap_or(found.invitation.language);
    let inviter = found.inviter.as_ref().map(|user| user.title().to_string());
    if let Some(why) = found.dead {
        let masked = Email::parse(&found.invitation.address).map(|email| email.masked()).ok();
        return Ok(LinkView::Dead {
            why,
            organisation: settings.organisation,
            support_contact: settings.support_contact,
            inviter,
            renew_to: masked.filter(|_| why == DeadLink::Expired),
            ended: found.invitation.expires_at.map(|at| dates::when(at, &settings.zone, language)),
        });
    }
    let roles = crate::server::storage::roles::all(&mut tx).await?;
    let role = found
        .memberships
        .first()
        .and_then(|membership| roles.into_iter().find(|role| role.id == membership.role))
        .ok_or(Refusal::NotFound)?;
    let signed_in_as = match signed_in {
        Some(caller) => users::find(&mut tx, &caller.user_id).await?.map(|user| user.identifier().to_string()),
        None => None,
    };
    Ok(LinkView::Open(Box::new(OpenInvitation {
        organisation: settings.organisation.clone(),
        inviter: inviter.unwrap_or_default(),
        role,
        personal_text: found.invitation.personal_text.clone(),
        address: found.invitation.address.clone(),
        name: found.user.name.clone(),
        phone: found.user.phone.clone().unwrap_or_default(),
        language,
        until: dates::when(found.invitation.expires_at.unwrap_or(now), &settings.zone, language),
        password: settings.password,
        signed_in_as,
    })))
}

/// What the register form carries, as typed. Address, role and company are not in it, nor taken from it (IN-05).
#[derive(Clone, Debug)]
pub struct Registration {
    pub name: String,
    pub phone: String,
    pub password: SecretString,
    pub language: Language,
}

/// Makes the account and signs the person in. Of many racing tries exactly one succeeds (CO-01).
pub async fn register(
    app: &App,
    link: &str,
    signed_in: Option<&Caller>,
    registration: &Registration,
    visitor: &Visitor,
) -> Result<SignedIn, Refusal> {
    let name = PersonName::parse(&registration.name)?;
    let phone = match registration.phone.trim() {
        "" => None,
        typed => Some(Phone::parse(typed)?.as_str().to_string()),
    };
    let mut tx = app.db.read().await?;
    let found = still_open(app, &mut tx, link, app.clock.now()).await?;
    let settings = settings::load(&mut tx).await?.unwrap_or_default();
    drop(tx);
    // Somebody else is signed in here: he is asked, never joined or replaced without a word (IN-06).
    if signed_in.is_some_and(|caller| caller.user_id != found.user.id) {
        return Err(Refusal::Conflict(Conflict::AlreadyRegistered));
    }
    let own = [name.as_str(), found.invitation.address.as_str(), settings.organisation.as_str()];
    passwords::check(settings.password, &registration.password, &own)?;
    let hash = app.passwords.hash(&registration.password).await?;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let found = still_open(app, &mut tx, link, now).await?;
    if !invitations::accept(&mut tx, &found.invitation.id, found.invitation.generation, now).await? {
        return Err(Refusal::DeadLink(DeadLink::Used));
    }
    let user = User {
        name: name.as_str().into(),
        name_is_own: true,
        phone,
        language: registration.language,
        ..found.user.clone()
    };
    if !users::register(&mut tx, &user, &hash, now).await? {
        return Err(Refusal::DeadLink(DeadLink::Used));
    }
    memberships::activate(&mut tx, &user.id, now).await?;
    roster::refresh(&mut tx, std::slice::from_ref(&user.id), now).await?;
    let line = Line { actor: Some(&user.id), subject: Some(&user.id), unit: found.unit(), ..Line::default() };
    record(&mut tx, Deed::Accepted, line, now).await?;
    let signed_in = begin(&mut tx, &user.id, false, visitor, now).await?;
    tx.commit().await?;
    Ok(signed_in)
}

async fn still_open(app: &App, tx: &mut Tx, link: &str, now: Moment) -> Result<Found, Refusal> {
    let found = open(app, tx, link, now).await?.ok_or(Refusal::DeadLink(DeadLink::Damaged))?;
    match found.dead {
        Some(why) => Err(Refusal::DeadLink(why)),
        None => Ok(found),
    }
}

/// Notes that a person, not a robot, has begun to fill in the page.
pub async fn note_opened(app: &App, link: &str) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let found = still_open(app, &mut tx, link, now).await?;
    invitations::mark_opened(&mut tx, &found.invitation.id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends a new link to the address of an expired one: to the stored address only, three times a day (rule 78).
pub async fn renew(app: &App, link: &str) -> Result<String, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let mut found = open(app, &mut tx, link, now).await?.ok_or(Refusal::DeadLink(DeadLink::Damaged))?;
    match found.dead {
        Some(DeadLink::Expired) => {}
        Some(why) => return Err(Refusal::DeadLink(why)),
        None => return Err(Conflict::AlreadyRegistered.into()),
    }
    if !may_still_give(&mut tx, found.inviter.as_ref(), &found.memberships).await? {
        return Err(Refusal::DeadLink(DeadLink::InviterLost));
    }
    let subject = format!("renew {}", secrets::hash(found.invitation.id.as_str()));
    let (tries, until) = attempts::so_far(&mut tx, &subject, now).await?;
    if tries >= 3 {
        return Err(Refusal::TooMany { seconds: (until - now).as_seconds_up() });
    }
    let unit = found.unit();
    let line = Line { subject: Some(&found.user.id), unit, ..Line::default() };
    record(&mut tx, Deed::Resent, line, now).await?;
    super::invitations::renew(app, &mut tx, &mut found.invitation, now).await?;
    tx.commit().await?;
    attempts::count(&app.db, &subject, crate::domain::moment::Span::days(1), now).await?;
    app.outbox.notify_one();
    Ok(Email::parse(&found.invitation.address).map(|email| email.masked()).unwrap_or_default())
}

//! What the holder of a link does: look, register, sign in to join, ask for a new link. Looking changes nothing (IN-09);
//! accepting spends the invitation in the same transaction that makes the account, and checks everything again there. Which
//! row is the person's from then on stands in `person`.

mod person;

use super::links::may_still_give;
use super::sessions::{self, SignedIn, VerifiedUser, begin};
use super::tries::CountedTries;
use super::{Actor, AuditEntry, UseCaseError, Visitor, consents, credentials, read_phone, record};
use crate::domain::audit::AuditAction;
use crate::domain::authorization::Surface;
use crate::domain::consent::Ticks;
use crate::domain::contact::{Address, Channel, in_letters};
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{InvitationId, UserId};
use crate::domain::invitation::{DeadLink, why_dead};
use crate::domain::membership::Standing;
use crate::domain::password::PasswordProblem;
use crate::domain::registration::{PhoneField, TypedName};
use crate::domain::role::Role;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::delivery;
use crate::server::secrets::{Link, Purpose, ShortLink};
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::memberships::{self, Membership};
use crate::server::storage::{Tx, messages, notices, roles, settings, users};
use crate::server::{dates, secrets};
use crate::view_models::{InEachLanguage, LinkView, OpenInvitation};
use crate::words::Language;
use secrecy::{ExposeSecret, SecretString};

/// What stands behind a link that is one of ours.
pub(super) struct FoundLink {
    pub invitation: Invitation,
    /// The address to which the link went.
    pub via: Address,
    /// Whom the inviter sees: the person, or a placeholder.
    shown: User,
    /// Who has the account of the address; the placeholder while nobody has one.
    person: User,
    /// What the invitation still offers.
    offered: Vec<Membership>,
    inviter: Option<User>,
    /// An administrator handed the link over: it proves nothing about the mailbox.
    pub is_handed: bool,
    dead: Option<DeadLink>,
}

impl FoundLink {
    fn unit(&self) -> Option<crate::domain::id::UnitId> {
        self.offered.first().map(|membership| membership.unit.id())
    }

    fn has_account(&self) -> bool {
        self.person.registered_at.is_some()
    }
}

/// Opens a link; `None` when it is not one of ours.
///
/// # Errors
/// `DeadLink::Deleted` when it was one, of somebody who was deleted.
async fn open(app: &App, tx: &mut Tx, link: &str, now: Timestamp) -> Result<Option<FoundLink>, UseCaseError> {
    let Some(link) = Link::read(link) else { return Ok(None) };
    let Some(invitation) = invitations::find(tx, &InvitationId::new(&link.id)).await? else { return Ok(None) };
    if let Some(mark) = &invitation.address_mark {
        let purposes = [Purpose::Invitation, Purpose::HandedInvitation];
        let mut marks = std::iter::once(mark).chain(&invitation.other_mark);
        let ours = marks.find(|mark| purposes.into_iter().any(|purpose| app.key.made_for_mark(&link, purpose, mark)));
        let Some(ours) = ours else { return Ok(None) };
        let goes_on = goes_on_for(tx, &invitation, |address| app.key.mark_of(address.as_str()) == *ours).await?;
        return Err(UseCaseError::DeadLink(if goes_on { DeadLink::Superseded } else { DeadLink::Deleted }));
    }
    let made = |purpose| {
        let mut addresses = invitation.addresses();
        addresses.find(|address| app.key.made(&link, purpose, address.as_str())).cloned()
    };
    let (handed, sent) = (made(Purpose::HandedInvitation), made(Purpose::Invitation));
    let is_handed = handed.is_some();
    let Some(via) = handed.or(sent) else { return Ok(None) };
    let Some(shown) = users::find(tx, &invitation.user_id).await? else { return Ok(None) };
    let person = match shown.is_placeholder {
        true => users::owner_of(tx, &via).await?.unwrap_or_else(|| shown.clone()),
        false => shown.clone(),
    };
    let mut offered = memberships::of_user(tx, &shown.id).await?;
    offered.retain(|held| held.invitation.as_ref() == Some(&invitation.id));
    // Read again behind what it offers: whoever was first took that, and the invitation says so.
    let Some(invitation) = invitations::find(tx, &invitation.id).await? else { return Ok(None) };
    let given = offered.clone();
    offered.retain(|held| held.active_at.is_none());
    let is_blocked = match invitation.accepted_at {
        Some(_) => is_out(tx, &person.id, &given, is_handed).await?,
        None => memberships::are_shut(&offered),
    };
    let inviter = match &invitation.created_by {
        Some(id) => users::find(tx, id).await?,
        None => None,
    };
    let inviter_may = may_still_give(tx, invitation.created_by.as_ref(), &offered).await?;
    let mut facts = invitation.facts();
    facts.awaits_approval |= super::agreement::is_to_wait(tx, &invitation, &offered).await?;
    let mut dead = why_dead(&facts, invitation.generation, link.generation, is_blocked, inviter_may, now);
    if dead == Some(DeadLink::Withdrawn) && goes_on_for(tx, &invitation, |address| *address == via).await? {
        dead = Some(DeadLink::Superseded);
    }
    Ok(Some(FoundLink { invitation, via, shown, person, offered, inviter, is_handed, dead }))
}

/// Whether another invitation took the place of this one, and a newer message went to the same address: then only the other address
/// was wrong, and whoever holds the link is to look for that message.
async fn goes_on_for(
    tx: &mut Tx,
    replaced: &Invitation,
    is_theirs: impl Fn(&Address) -> bool,
) -> Result<bool, UseCaseError> {
    let Some(newer) = &replaced.replaced_by else { return Ok(false) };
    let newer = invitations::find(tx, newer).await?;
    Ok(newer.is_some_and(|newer| newer.addresses().any(is_theirs)))
}

/// The secret part of the link that a short one stands for; `None` when it is none of ours. A short link holds when its
/// invitation was made, and a seal: which of those made in that moment it is, and its newest link or an older one, the seal tells.
pub async fn lengthen(app: &App, short: &str) -> Result<Option<String>, UseCaseError> {
    let Some(short) = ShortLink::read(short) else { return Ok(None) };
    let mut tx = app.db.read().await?;
    for invitation in invitations::made_at(&mut tx, short.made_at()).await? {
        let marks: Vec<String> = match &invitation.address_mark {
            Some(mark) => std::iter::once(mark).chain(&invitation.other_mark).cloned().collect(),
            None => invitation.addresses().map(|address| app.key.mark_of(address.as_str())).collect(),
        };
        for mark in marks {
            if let Some(whole) = app.key.whole_link(&short, &invitation.id, invitation.generation, &mark) {
                return Ok(Some(whole));
            }
        }
    }
    Ok(None)
}

/// Whether somebody who accepted has no access any more, so that signing in would not help. Whoever handed a link over sees its
/// page, too, and learns there what became of that invitation alone: not whether there is access elsewhere (rule 40).
async fn is_out(tx: &mut Tx, person: &UserId, given: &[Membership], is_handed: bool) -> Result<bool, UseCaseError> {
    match is_handed {
        true => Ok(!given.is_empty() && given.iter().all(|held| held.standing() != Standing::Active)),
        false => Ok(memberships::authority(tx, person).await?.is_none()),
    }
}

/// What the page of a link shows. `signed_in` is whoever is signed in on this device; `language` is what the visitor chose.
pub async fn look(
    app: &App,
    link: &str,
    signed_in: Option<&Actor>,
    language: Option<Language>,
) -> Result<LinkView, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let settings = super::settings_of(&mut tx).await?;
    let found = match open(app, &mut tx, link, now).await {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(DeadLink::Damaged),
        Err(UseCaseError::DeadLink(why)) => Err(why),
        Err(refusal) => return Err(refusal),
    };
    let found = match found {
        Ok(found) => found,
        Err(why) => {
            return Ok(LinkView::Dead {
                why,
                organisation: settings.organisation,
                support_contact: settings.support_contact,
                inviter: None,
                inviter_email: None,
                renew_to: None,
                ended: None,
                is_handed: false,
            });
        }
    };
    let language = language.unwrap_or(found.invitation.language);
    let inviter = found.inviter.as_ref().map(|user| in_letters(user.title()));
    let inviter_email = found.inviter.as_ref().and_then(|user| user.email.as_deref().map(in_letters));
    if let Some(why) = found.dead {
        let masked = found.via.masked();
        return Ok(LinkView::Dead {
            why,
            organisation: settings.organisation,
            support_contact: settings.support_contact,
            inviter,
            inviter_email,
            renew_to: masked.filter(|_| why == DeadLink::Expired),
            ended: found.invitation.expires_at.map(|at| dates::when(at, now, &settings.zone, language)),
            is_handed: found.is_handed,
        });
    }
    let all = roles::known(&mut tx).await?;
    let offer = |held: &Membership| {
        let role = all.iter().find(|role| role.id == held.role)?;
        // With what is given on top of it (rule 59): the page says what they will be able to do.
        let role = Role { permissions: role.permissions.union(held.extra), ..role.clone() };
        Some((role, held.unit_name.clone()))
    };
    let signed_in_as = match signed_in {
        Some(caller) => match super::authority_before_consent(app, &mut tx, caller).await {
            Ok(_) if caller.user_id == found.person.id => Some(found.via.in_letters()),
            Ok(_) => users::find(&mut tx, &caller.user_id).await?.map(|user| in_letters(user.identifier())),
            Err(UseCaseError::SignInFirst) => None,
            Err(refusal) => return Err(refusal),
        },
        None => None,
    };
    // A link that was handed over was seen by whoever handed it: it does not tell whether the address is known (rule 40), and
    // opens nothing before somebody has shown that the address is theirs (H-22).
    let is_of_holder = signed_in_as.as_deref() == Some(&found.via.in_letters());
    let asks_code = found.is_handed && (!is_of_holder || found.person.is_unproven());
    let has_account = found.has_account() && !asks_code;
    Ok(LinkView::Open(Box::new(OpenInvitation {
        organisation: settings.organisation.clone(),
        inviter: inviter.unwrap_or_default(),
        inviter_email,
        support_contact: settings.support_contact.clone(),
        asks_code,
        offers: found.offered.iter().filter_map(offer).collect(),
        has_account,
        personal_text: found.invitation.personal_text.clone(),
        address: found.via.in_letters(),
        channel: found.via.channel(),
        // What others know of the person is not the link's to tell.
        name: found.shown.name.clone(),
        phone: found.shown.phone.clone().filter(|_| !has_account).unwrap_or_default(),
        language,
        until: dates::when(found.invitation.expires_at.unwrap_or(now), now, &settings.zone, language),
        password: settings.password,
        carries: delivery::carries(&mut tx, &settings, &all, &found.offered).await?,
        asks: settings.registration,
        consents: consents::asked(&mut tx).await?.iter().map(|text| (text.kind, text.version)).collect(),
        signed_in_as,
    })))
}

/// When the link ends, in each language.
pub async fn ends(app: &App, link: &str) -> Result<InEachLanguage<String>, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let settings = super::settings_of(&mut tx).await?;
    let found = still_open(app, &mut tx, link, now).await?;
    let at = found.invitation.expires_at.unwrap_or(now);
    Ok(InEachLanguage::new(|language| dates::when(at, now, &settings.zone, language).exact))
}

/// What is wrong with a password that is being typed into the register form, if anything. For the holder of a link alone, and
/// at a cost that no password can raise: the same estimate, in the same bounded pool, as when the form is sent. Nothing of it
/// is kept.
///
/// # Errors
/// A link that does not work, or `Busy`.
pub async fn estimate(
    app: &App,
    link: &str,
    name: &str,
    password: &SecretString,
) -> Result<Option<PasswordProblem>, UseCaseError> {
    let mut tx = app.db.read().await?;
    let found = still_open(app, &mut tx, link, app.clock.now()).await?;
    if found.is_handed {
        return Err(Conflict::CodeFirst.into());
    }
    let settings = super::settings_of(&mut tx).await?;
    drop(tx);
    let own = [name, found.via.as_str(), settings.organisation.as_str()];
    match app.passwords.judge(settings.password, password, &own).await {
        Ok(()) => Ok(None),
        Err(UseCaseError::Invalid(Invalid::Password(problem))) => Ok(Some(problem)),
        Err(refusal) => Err(refusal),
    }
}

/// What the register form carries, as typed. Address, role and company are not in it, nor taken from it (IN-05).
#[derive(Clone, Debug)]
pub struct Registration {
    pub name: TypedName,
    pub phone: String,
    /// The number about which the form has asked already.
    pub phone_meant: String,
    pub password: SecretString,
    /// Typed once more, where that is asked for.
    pub password_again: SecretString,
    pub language: Language,
    /// The boxes that were ticked.
    pub ticks: Ticks,
}

/// Makes the account and signs the person in. Of many racing tries exactly one succeeds (CO-01).
///
/// # Errors
/// `Conflict::CodeFirst` by a link that was handed over, whoever has the address and whatever was typed (H-22).
pub async fn register(
    app: &App,
    link: &str,
    signed_in: Option<&Actor>,
    registration: &Registration,
    visitor: &Visitor,
) -> Result<SignedIn, UseCaseError> {
    let mut tx = app.db.read().await?;
    let found = still_open(app, &mut tx, link, app.clock.now()).await?;
    if found.is_handed {
        let is_theirs = found.has_account() && signed_in.is_some_and(|caller| caller.user_id == found.person.id);
        return Err(if is_theirs { Conflict::HasAccount } else { Conflict::CodeFirst }.into());
    }
    let settings = settings::load(&mut tx).await?.unwrap_or_default();
    let asks = settings.registration;
    let asked = consents::asked(&mut tx).await?;
    let name = asks.name.read(&registration.name, registration.language)?;
    let phone = match found.via.phone() {
        // The number that they were invited by is theirs, whatever a form says.
        Some(phone) => Some(phone.as_str().to_string()),
        // Where none is asked for, what the inviter knew stays.
        None if asks.phone == PhoneField::Off => found.shown.phone.clone(),
        None => {
            let phone = read_phone(&registration.phone, &[&registration.phone_meant])?;
            asks.check_phone_given(phone.is_some())?;
            phone
        }
    };
    drop(tx);
    // Somebody else is signed in here: they are asked, never joined or replaced without a word (IN-06).
    if signed_in.is_some_and(|caller| caller.user_id != found.person.id) {
        return Err(UseCaseError::Conflict(Conflict::AlreadyRegistered));
    }
    let own = [name.as_str(), found.via.as_str(), settings.organisation.as_str()];
    app.passwords.judge(settings.password, &registration.password, &own).await?;
    asks.check_repeated(registration.password.expose_secret(), registration.password_again.expose_secret())?;
    consents::answers(&asked, &registration.ticks)?;
    // The one-time password is changed at the first sign-in, where the message carried one.
    if credentials::is_password_of(app, &found.invitation, &found.via, &registration.password) {
        return Err(Invalid::PasswordIsTemporary.into());
    }
    // Only to a form that would have made the account: who merely tries learns nothing (rule 40).
    if found.has_account() {
        return Err(Conflict::HasAccount.into());
    }
    let hash = app.passwords.hash(&registration.password).await?;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let found = still_open(app, &mut tx, link, now).await?;
    if found.has_account() {
        return Err(Conflict::HasAccount.into());
    }
    take(&mut tx, &found, now).await?;
    let user = User {
        name: name.as_str().into(),
        name_is_own: true,
        phone,
        language: registration.language,
        ..person::make(&mut tx, &found, now).await?
    };
    if !users::register(&mut tx, &user, &hash, now).await? {
        return Err(UseCaseError::DeadLink(DeadLink::Used));
    }
    come_in(app, &mut tx, &found, &user, AuditAction::Accepted, now).await?;
    note_what_was_replaced(&mut tx, &found, &user, now).await?;
    consents::answer_what_is_asked(&mut tx, &user.id, &registration.ticks, user.language, now).await?;
    let signed_in = begin(&mut tx, &user.id, Surface::Panel, false, visitor, now).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// What an administrator had written about somebody who now says otherwise.
async fn note_what_was_replaced(
    tx: &mut Tx,
    found: &FoundLink,
    after: &User,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let (before, id) = (&found.shown, Some(&after.id));
    let phone = |user: &User| user.phone.clone().unwrap_or_default();
    let replaced = [
        (AuditAction::Renamed, before.name.clone(), after.name.clone()),
        (AuditAction::PhoneChanged, phone(before), phone(after)),
        (AuditAction::LanguageChanged, before.language.code().into(), after.language.code().into()),
    ];
    for (action, before, after) in replaced.iter().map(|(action, before, after)| (*action, before, after)) {
        if before.is_empty() || before == after {
            continue;
        }
        record(tx, action, AuditEntry { actor: id, subject: id, unit: found.unit(), before, after }, now).await?;
    }
    Ok(())
}

/// Joins with the account that belongs to the address (rules 45, 46, 50): whoever is signed in with it says so, everybody else
/// gives its password. A new session where nobody was signed in.
pub async fn join(
    app: &App,
    link: &str,
    signed_in: Option<&Actor>,
    password: Option<&SecretString>,
    visitor: &Visitor,
) -> Result<Option<SignedIn>, UseCaseError> {
    let mut tx = app.db.read().await?;
    let found = still_open(app, &mut tx, link, app.clock.now()).await?;
    drop(tx);
    // To whoever holds a link that was handed over, an address without an account answers like a wrong password.
    if !found.has_account() && !found.is_handed {
        return Err(Conflict::NotRegistered.into());
    }
    let known = match signed_in {
        Some(caller) if caller.user_id != found.person.id => {
            return Err(UseCaseError::Conflict(Conflict::AlreadyRegistered));
        }
        Some(_) => None,
        None => {
            let password = password.ok_or(UseCaseError::WrongCredentials)?;
            // The account's own name: others may sign in with a number that is only written in it.
            let name = if found.has_account() { found.person.identifier() } else { found.via.as_str() };
            Some(sessions::check(app, name, password, visitor).await?)
        }
    };
    match join_as(app, link, signed_in, known.as_ref(), visitor).await {
        Err(refusal) if let Some(known) = &known => Err(known.take_back(app, refusal).await),
        joined => joined,
    }
}

/// Joins as whoever gave the password just now, or else is signed in.
async fn join_as(
    app: &App,
    link: &str,
    signed_in: Option<&Actor>,
    known: Option<&VerifiedUser>,
    visitor: &Visitor,
) -> Result<Option<SignedIn>, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let again = still_open(app, &mut tx, link, now).await?;
    let owner = match (known, signed_in) {
        (Some(known), _) => known.settle(&mut tx, Surface::Panel).await?,
        (None, Some(caller)) => super::authority_before_consent(app, &mut tx, caller).await?.user_id,
        (None, None) => return Err(UseCaseError::WrongCredentials),
    };
    if again.person.id != owner {
        return Err(UseCaseError::WrongCredentials);
    }
    // The account does not show that its address is theirs, and the link does neither.
    if again.is_handed && again.person.is_unproven() {
        return Err(Conflict::CodeFirst.into());
    }
    take(&mut tx, &again, now).await?;
    come_in(app, &mut tx, &again, &again.person, AuditAction::Joined, now).await?;
    let session = match signed_in {
        Some(_) => None,
        None => Some(begin(&mut tx, &again.person.id, Surface::Panel, false, visitor, now).await?),
    };
    tx.commit().await?;
    Ok(session)
}

/// Spends the invitation; of many racing tries exactly one succeeds (CO-01).
async fn take(tx: &mut Tx, found: &FoundLink, now: Timestamp) -> Result<(), UseCaseError> {
    match invitations::accept(tx, &found.invitation.id, found.invitation.generation, now).await? {
        true => Ok(()),
        false => Err(UseCaseError::DeadLink(DeadLink::Used)),
    }
}

/// Gives the person what was offered.
async fn come_in(
    app: &App,
    tx: &mut Tx,
    found: &FoundLink,
    who: &User,
    action: AuditAction,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let person = &who.id;
    person::hand_over(tx, found, person, now).await?;
    memberships::activate(tx, &found.invitation.id, now).await?;
    match found.is_handed {
        true => super::confirming::ask(app, tx, who, now).await?,
        // A link shows of the address to which it went that it is theirs, and of no other.
        false if found.via.channel() == Channel::Sms => {
            users::confirm_phone(tx, person, &found.via, now).await?;
            super::confirming::ask(app, tx, who, now).await?;
        }
        false => users::confirm(tx, person, &found.via, now).await?,
    }
    let line = AuditEntry { actor: Some(person), subject: Some(person), unit: found.unit(), ..AuditEntry::default() };
    record(tx, action, line, now).await?;
    person::close(app, tx, found, person, now).await
}

pub(super) async fn still_open(app: &App, tx: &mut Tx, link: &str, now: Timestamp) -> Result<FoundLink, UseCaseError> {
    let found = open(app, tx, link, now).await?.ok_or(UseCaseError::DeadLink(DeadLink::Damaged))?;
    match found.dead {
        Some(why) => Err(UseCaseError::DeadLink(why)),
        None => Ok(found),
    }
}

/// Notes that a person, not a robot, has begun to fill in the page.
pub async fn note_opened(app: &App, link: &str) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    // A link that does not work, and one that was noted, make nobody wait who writes.
    let found = still_open(app, &mut app.db.read().await?, link, now).await?;
    if found.invitation.opened_at.is_some() {
        return Ok(());
    }
    // Somebody was on the page, who has done nothing yet: the invitation itself says when.
    let mut tx = app.db.maintain().await?;
    let found = still_open(app, &mut tx, link, now).await?;
    invitations::mark_opened(&mut tx, &found.invitation.id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Whoever got the message says that it is not for them: its link ends at once, and whoever invited is told. By a link that was
/// handed over nobody can: it proves nothing about the mailbox.
///
/// # Errors
/// Why the link is dead; `Conflict::CodeFirst` by a link that was handed over.
pub async fn decline(app: &App, link: &str) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    // A link that does not work makes nobody wait who writes.
    still_open(app, &mut app.db.read().await?, link, now).await?;
    let mut tx = app.db.write().await?;
    let found = still_open(app, &mut tx, link, now).await?;
    if found.is_handed {
        return Err(Conflict::CodeFirst.into());
    }
    let id = &found.invitation.id;
    if !invitations::decline(&mut tx, id, now).await? {
        return Err(UseCaseError::DeadLink(DeadLink::Used));
    }
    messages::cancel_of_invitation(&mut tx, id, now).await?;
    notices::mark(&mut tx, id, now).await?;
    let who = &found.shown.id;
    let line = AuditEntry { actor: Some(who), subject: Some(who), unit: found.unit(), ..AuditEntry::default() };
    record(&mut tx, AuditAction::Declined, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// How often a day the holder of a link may ask for a new one.
const RENEWALS_A_DAY: i64 = 3;

/// An invitation of which its holder may ask for a new link, and how that is counted.
async fn renewable(
    app: &App,
    tx: &mut Tx,
    link: &str,
    now: Timestamp,
) -> Result<(FoundLink, CountedTries), UseCaseError> {
    let found = open(app, tx, link, now).await?.ok_or(UseCaseError::DeadLink(DeadLink::Damaged))?;
    match found.dead {
        Some(DeadLink::Expired) => {}
        Some(why) => return Err(UseCaseError::DeadLink(why)),
        None => return Err(Conflict::AlreadyRegistered.into()),
    }
    if !may_still_give(tx, found.invitation.created_by.as_ref(), &found.offered).await? {
        return Err(UseCaseError::DeadLink(DeadLink::InviterLost));
    }
    let subject = format!("renew {}", secrets::hash(found.invitation.id.as_str()));
    let renewals = CountedTries::within(Duration::days(1), RENEWALS_A_DAY, subject);
    renewals.room(tx, now).await?;
    Ok((found, renewals))
}

/// Sends a new link to the address of an expired one: to the stored address only, three times a day (rule 78).
pub async fn renew(app: &App, link: &str) -> Result<String, UseCaseError> {
    let now = app.clock.now();
    renewable(app, &mut app.db.read().await?, link, now).await?;
    let mut tx = app.db.write().await?;
    let (mut found, renewals) = renewable(app, &mut tx, link, now).await?;
    renewals.count(&mut tx, now).await?;
    let unit = found.unit();
    let line = AuditEntry { subject: Some(&found.shown.id), unit, ..AuditEntry::default() };
    record(&mut tx, AuditAction::Resent, line, now).await?;
    super::invitations::renew(app, &mut tx, &mut found.invitation, None, now).await?;
    tx.commit().await?;
    Ok(found.via.masked().unwrap_or_default())
}

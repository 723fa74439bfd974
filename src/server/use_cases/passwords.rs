//! Forgotten, reset and changed passwords. Whoever asks for a link gets the same answer whether the account exists or not.

use super::guesses::{self, Guesses};
use super::sessions::{SignedIn, begin};
use super::{Actor, AuditEntry, UseCaseError, Visitor, outbox, record, target};
use crate::domain::audit::AuditAction;
use crate::domain::authorization::AuthorizationMethod;
use crate::domain::contact::{Address, Channel};
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{ResetId, UserId};
use crate::domain::invitation::DeadLink;
use crate::domain::message::MessageKind;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::typed;
use crate::domain::user::{Status, User, UserAction};
use crate::server::app::App;
use crate::server::passwords::Fit;
use crate::server::random;
use crate::server::secrets::{Link, Purpose};
use crate::server::storage::messages::NewMessage;
use crate::server::storage::resets::{self, Reset};
use crate::server::storage::{Tx, memberships, roster, sessions, users};
use secrecy::{ExposeSecret, SecretString};

/// How long a reset link works.
pub const VALID_FOR: Duration = Duration::minutes(60);

/// Sends a reset link when the account exists and may sign in; says nothing about whether it did. Whoever asks in a browser in which
/// the person signed in before has a share of messages of their own, which no stranger uses up.
pub async fn forget(app: &App, typed: &str, visitor: &Visitor) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let identifier = typed::identifier(typed);
    let mut tx = app.db.write().await?;
    let user = users::find_by_identifier(&mut tx, &identifier).await?;
    if let Some(user) = user.filter(|user| user.address().is_some() && user.login.as_deref() != Some(&identifier)) {
        let status = status_of(&mut tx, &user, now).await?;
        if status == Status::Active {
            let is_marked = Guesses::at(&app.key, Some(&user.id), "", visitor).is_marked();
            let asker = if is_marked { LinkAsker::ThePerson } else { LinkAsker::Stranger };
            match send_link(app, &mut tx, &user, asker, now).await {
                Ok(()) => {
                    let line = AuditEntry { subject: Some(&user.id), ..AuditEntry::default() };
                    record(&mut tx, AuditAction::ResetAsked, line, now).await?;
                }
                // Whoever asks gets the same answer.
                Err(UseCaseError::Rests(_)) => {}
                Err(refusal) => return Err(refusal),
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Where somebody stands, in everybody's eyes together.
async fn status_of(tx: &mut Tx, user: &User, now: Timestamp) -> Result<Status, UseCaseError> {
    let all = memberships::of_user(tx, &user.id).await?;
    Ok(roster::facts(tx, &all).await?.status(now))
}

/// Who asked for a reset link.
enum LinkAsker<'a> {
    Stranger,
    /// Somebody in a browser in which the person signed in before.
    ThePerson,
    Administrator(&'a UserId),
}

async fn send_link(
    app: &App,
    tx: &mut Tx,
    user: &User,
    asker: LinkAsker<'_>,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let address = user.address().ok_or(Conflict::NoEmail)?;
    let postage = match asker {
        LinkAsker::Stranger => outbox::postage(app, tx, address.as_str(), None, now).await?,
        LinkAsker::ThePerson => outbox::own_postage(app, tx, address.as_str(), now).await?,
        LinkAsker::Administrator(id) => outbox::postage(app, tx, address.as_str(), Some(id), now).await?,
    };
    let reset = Reset {
        id: ResetId::new(random::id(now)),
        user_id: user.id.clone(),
        created_at: now,
        expires_at: Some(now + VALID_FOR),
        used_at: None,
    };
    // The newest link is the only one that works.
    resets::end_all(tx, &user.id, now).await?;
    resets::insert(tx, &reset).await?;
    let message = NewMessage {
        reset_id: Some(&reset.id),
        generation: 1,
        ..outbox::message(app, MessageKind::PasswordReset, (&address, &user.id), postage, now)
    };
    outbox::queue(tx, &message, now).await
}

/// An administrator resets somebody's password: whoever has an address gets a link (rule 86); whoever has a login alone, a
/// temporary password, which is answered once, to be handed over (rule 87).
pub async fn reset_for(app: &App, caller: &Actor, id: &UserId) -> Result<Option<String>, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    let user = target(&mut tx, &authority, UserAction::ResetPassword, id, now).await?.user;
    drop(tx);
    match AuthorizationMethod::of(user.email.as_deref(), user.login.as_deref()) {
        AuthorizationMethod::Login => super::logins::hand_password(app, caller, id).await.map(Some),
        _ => send_reset(app, caller, id).await.map(|()| None),
    }
}

/// An administrator sends somebody a reset link (rule 86).
pub async fn send_reset(app: &App, caller: &Actor, id: &UserId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let target = target(&mut tx, &authority, UserAction::ResetPassword, id, now).await?;
    if target.user.address().is_none() {
        return Err(Conflict::NoEmail.into());
    }
    send_link(app, &mut tx, &target.user, LinkAsker::Administrator(&caller.user_id), now).await?;
    let line =
        AuditEntry { actor: Some(&caller.user_id), subject: Some(id), unit: target.unit(), ..AuditEntry::default() };
    record(&mut tx, AuditAction::ResetSent, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Whose link this is, and to which of their addresses it went, while it works.
async fn open_link(app: &App, tx: &mut Tx, link: &str, now: Timestamp) -> Result<(Reset, User, Address), UseCaseError> {
    let dead = |why| Err(UseCaseError::DeadLink(why));
    let Some(link) = Link::read(link) else { return dead(DeadLink::Damaged) };
    let Some(reset) = resets::find(tx, &ResetId::new(&link.id)).await? else { return dead(DeadLink::Damaged) };
    let Some(user) = users::find(tx, &reset.user_id).await? else {
        let mark = users::address_mark(tx, &reset.user_id).await?;
        let is_ours = mark.is_some_and(|mark| app.key.made_for_mark(&link, Purpose::Reset, &mark));
        return dead(if is_ours { DeadLink::Deleted } else { DeadLink::Damaged });
    };
    let is_to = |address: &Address| app.key.made(&link, Purpose::Reset, address.as_str());
    let Some(to) = user.addresses().into_iter().find(is_to) else { return dead(DeadLink::Damaged) };
    // What stands against the person comes first: by a block, too, every link is spent.
    if status_of(tx, &user, now).await? != Status::Active {
        return dead(DeadLink::Blocked);
    }
    if resets::is_followed(tx, &reset).await? {
        return dead(DeadLink::Superseded);
    }
    if reset.used_at.is_some() {
        return dead(DeadLink::Used);
    }
    if reset.expires_at.is_none_or(|end| now >= end) {
        return dead(DeadLink::Expired);
    }
    Ok((reset, user, to))
}

/// The address whose password a link sets, for its page; looking changes nothing.
pub async fn look_at_reset(app: &App, link: &str) -> Result<String, UseCaseError> {
    let mut tx = app.db.read().await?;
    let (.., to) = open_link(app, &mut tx, link, app.clock.now()).await?;
    Ok(to.in_letters())
}

/// Sets a new password by a link; every session of the person ends, and the link is spent.
pub async fn reset(app: &App, link: &str, password: &SecretString, visitor: &Visitor) -> Result<(), UseCaseError> {
    let mut tx = app.db.read().await?;
    let (_, user, _) = open_link(app, &mut tx, link, app.clock.now()).await?;
    let settings = super::settings_of(&mut tx).await?;
    drop(tx);
    let own = [user.name.as_str(), user.identifier(), &settings.organisation];
    app.passwords.judge(settings.password, password, &own).await?;
    let hash = app.passwords.hash(password).await?;
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (reset, user, to) = open_link(app, &mut tx, link, now).await?;
    if !resets::spend(&mut tx, &reset.id, now).await? {
        return Err(UseCaseError::DeadLink(DeadLink::Used));
    }
    set(&mut tx, &user.id, &hash, now).await?;
    match to.channel() {
        Channel::Sms => users::confirm_phone(&mut tx, &user.id, &to, now).await?,
        _ => users::confirm(&mut tx, &user.id, &to, now).await?,
    }
    sessions::end_all(&mut tx, &user.id, None).await?;
    // Whoever is guessed at can sign in from here now.
    guesses::remember(&mut tx, &user.id, visitor, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn set(tx: &mut Tx, user: &UserId, hash: &str, now: Timestamp) -> Result<(), UseCaseError> {
    users::set_password(tx, user, hash, now).await?;
    resets::end_all(tx, user, now).await?;
    let line = AuditEntry { actor: Some(user), subject: Some(user), ..AuditEntry::default() };
    record(tx, AuditAction::PasswordChanged, line, now).await
}

/// Changes one's own password; all sessions end, and this browser gets a new one (SE-04). `again` is the new one once more, where
/// it is asked for twice.
pub async fn change_own(
    app: &App,
    caller: &Actor,
    current: &SecretString,
    new: &SecretString,
    again: &SecretString,
    visitor: &Visitor,
) -> Result<SignedIn, UseCaseError> {
    let (mut tx, _) = super::read_as(app, caller).await?;
    let user = users::find(&mut tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    let stored = users::password(&mut tx, &caller.user_id).await?;
    let settings = super::settings_of(&mut tx).await?;
    let guesses = Guesses::at(&app.key, Some(&caller.user_id), "", visitor);
    let is_known_here = guesses.is_known_here(&mut tx, app.clock.now()).await?;
    drop(tx);
    let own = [user.name.as_str(), user.identifier(), &settings.organisation];
    app.passwords.judge(settings.password, new, &own).await?;
    settings.registration.check_repeated(new.expose_secret(), again.expose_secret())?;
    // Whoever found an open session may not guess here more often than at the door.
    if guesses.check(app, current, stored.hash.as_deref(), is_known_here).await? == Fit::Wrong {
        return Err(Invalid::CurrentPasswordWrong.into());
    }
    let changed = change_to(app, caller, new, stored.changed_at, &guesses, visitor).await;
    if changed.is_err() {
        guesses.give_back(app).await?;
    }
    changed
}

/// Sets the new password of somebody who gave the one that was current when it was set last, at `changed_at`.
async fn change_to(
    app: &App,
    caller: &Actor,
    new: &SecretString,
    changed_at: Option<Timestamp>,
    guesses: &Guesses,
    visitor: &Visitor,
) -> Result<SignedIn, UseCaseError> {
    let hash = app.passwords.hash(new).await?;
    let now = app.clock.now();
    let (mut tx, _) = super::write_as(app, caller).await?;
    // It may have changed while it was checked.
    if users::password(&mut tx, &caller.user_id).await?.changed_at != changed_at {
        return Err(Conflict::ChangedMeanwhile.into());
    }
    guesses.forget(&mut tx).await?;
    set(&mut tx, &caller.user_id, &hash, now).await?;
    let here = caller.session()?;
    let all = sessions::of_user(&mut tx, &caller.user_id, now).await?;
    let is_kept = all.iter().any(|session| &session.id == here && session.is_kept);
    sessions::end_all(&mut tx, &caller.user_id, None).await?;
    let signed_in = begin(&mut tx, &caller.user_id, caller.surface(), is_kept, visitor, now).await?;
    tx.commit().await?;
    Ok(signed_in)
}

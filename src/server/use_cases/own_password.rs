//! The lasting password in the place of a temporary one (rules 80, 87): whoever gave the temporary password gets a link to this
//! page for some minutes, and no session before they have chosen. Nothing is kept for it: the link is sealed over the hash of
//! the temporary password, so it ends together with that.

use super::sessions::{SignedIn, begin};
use super::{AuditEntry, UseCaseError, Visitor, record};
use crate::domain::audit::AuditAction;
use crate::domain::authorization::AuthorizationMethod;
use crate::domain::contact::in_letters;
use crate::domain::error::Invalid;
use crate::domain::id::UserId;
use crate::domain::invitation::DeadLink;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::passwords::Fit;
use crate::server::secrets::{Link, Purpose};
use crate::server::storage::{Tx, memberships, resets, sessions, users};
use secrecy::SecretString;

/// How many minutes the page stays open for whoever gave the temporary password; they may give it again.
const MINUTES: u16 = 20;

fn minute_of(at: Timestamp) -> u16 {
    u16::try_from((at.0 / Duration::minutes(1).0) & 0xffff).unwrap_or_default()
}

/// The minute in which a link ends that is made now: counted round, as links have room for sixteen bits.
pub(super) fn window_at(now: Timestamp) -> u16 {
    minute_of(now).wrapping_add(MINUTES)
}

fn is_within(window: i64, now: Timestamp) -> bool {
    u16::try_from(window).is_ok_and(|window| window.wrapping_sub(minute_of(now)) <= MINUTES)
}

/// Somebody who has a temporary password and gave it.
struct Chooser {
    user: User,
    /// Of the temporary password.
    hash: String,
}

/// # Errors
/// `DeadLink` of what is none of ours, has ended, or was used.
async fn open(app: &App, tx: &mut Tx, link: &str, now: Timestamp) -> Result<Chooser, UseCaseError> {
    let dead = |why| Err(UseCaseError::DeadLink(why));
    let Some(link) = Link::read(link) else { return dead(DeadLink::Damaged) };
    let Some(user) = users::find(tx, &UserId::new(&link.id)).await? else { return dead(DeadLink::Damaged) };
    let stored = users::password(tx, &user.id).await?;
    let Some(hash) = stored.hash else { return dead(DeadLink::Damaged) };
    if !app.key.made(&link, Purpose::OwnPassword, &hash) {
        return dead(DeadLink::Damaged);
    }
    if memberships::authority(tx, &user.id).await?.is_none() {
        return dead(DeadLink::Blocked);
    }
    let is_open = stored.temporary_until.is_some_and(|until| now < until);
    match is_open && is_within(link.generation, now) {
        true => Ok(Chooser { user, hash }),
        false => dead(DeadLink::Expired),
    }
}

/// By what the person signs in, for the page of their link; looking changes nothing.
pub async fn look(app: &App, link: &str) -> Result<String, UseCaseError> {
    let mut tx = app.db.read().await?;
    let chooser = open(app, &mut tx, link, app.clock.now()).await?;
    Ok(in_letters(chooser.user.identifier()))
}

/// Sets the lasting password, and signs the person in where they work. Of many racing tries exactly one succeeds.
///
/// # Errors
/// What is wrong with the password; `PasswordIsTemporary` of the one that somebody else knows.
pub async fn choose(
    app: &App,
    link: &str,
    password: &SecretString,
    visitor: &Visitor,
) -> Result<SignedIn, UseCaseError> {
    let mut tx = app.db.read().await?;
    let chooser = open(app, &mut tx, link, app.clock.now()).await?;
    let settings = super::settings_of(&mut tx).await?;
    drop(tx);
    let own = [chooser.user.name.as_str(), chooser.user.identifier(), &settings.organisation];
    app.passwords.judge(settings.password, password, &own).await?;
    if app.passwords.check(password, Some(&chooser.hash)).await? != Fit::Wrong {
        return Err(Invalid::PasswordIsTemporary.into());
    }
    let hash = app.passwords.hash(password).await?;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let Chooser { user, .. } = open(app, &mut tx, link, now).await?;
    users::choose_password(&mut tx, &user.id, &hash, now).await?;
    sessions::end_all(&mut tx, &user.id, None).await?;
    resets::end_all(&mut tx, &user.id, now).await?;
    let line = AuditEntry { actor: Some(&user.id), subject: Some(&user.id), ..AuditEntry::default() };
    record(&mut tx, AuditAction::PasswordChanged, line, now).await?;
    let surface = AuthorizationMethod::of(user.email.as_deref(), user.login.as_deref()).first_surface();
    let signed_in = begin(&mut tx, &user.id, surface, true, visitor, now).await?;
    tx.commit().await?;
    Ok(signed_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_open_for_some_minutes_however_the_count_goes_round() {
        for start in [0, 65_500, 65_535, 65_536, 29_000_000] {
            let now = Timestamp(start * 60_000);
            let window = i64::from(window_at(now));
            for (later, open) in [(0, true), (20, true), (21, false), (600, false), (60_000, false)] {
                assert_eq!(is_within(window, Timestamp(now.0 + later * 60_000)), open, "{start} {later}");
            }
            assert!(!is_within(window, Timestamp(now.0 - 60_000)), "from a clock that went back");
        }
        assert!(!is_within(70_000, Timestamp(0)) && !is_within(-1, Timestamp(0)));
    }
}

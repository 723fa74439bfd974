//! The user name and one-time password that an invitation may carry (rule 24). The password is derived, as the secrets of links
//! are: the database holds nothing of it, and it can be written into the message when that leaves. Whoever signs in with it gets
//! the invitation's own link, as if they had opened it: there they choose a lasting password, and everything is asked again as
//! at any acceptance. Where what it offers is offered by links by now, it opens nothing.

use super::UseCaseError;
use super::guesses::Guesses;
use super::{Visitor, settings_of};
use crate::domain::contact::Address;
use crate::domain::invitation::why_dead;
use crate::domain::onboarding::{InvitationCarries, credentials_end};
use crate::domain::typed;
use crate::server::app::App;
use crate::server::delivery;
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::{Tx, memberships, roles, users};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

/// Whether a password is the one-time password that an invitation carries to this address, however it was broken up or capitalised.
pub(super) fn is_password_of(app: &App, invitation: &Invitation, to: &Address, password: &SecretString) -> bool {
    let typed = password.expose_secret().trim().to_lowercase();
    let typed: Vec<&str> = typed.split(|sign: char| sign.is_whitespace() || sign == '-').collect();
    let own = app.key.invitation_password(&invitation.id, invitation.generation, to.as_str());
    own.as_bytes().ct_eq(typed.join("-").as_bytes()).into()
}

/// The link of the invitation whose user name and one-time password somebody gave; the guess was counted before, and is given
/// back.
///
/// # Errors
/// `WrongCredentials` of anything else; `TemporaryPasswordEnded` of the right one after its time.
pub(super) async fn link_of(
    app: &App,
    name: &str,
    password: &SecretString,
    visitor: &Visitor,
) -> Result<(String, bool), UseCaseError> {
    let (identifier, now) = (typed::identifier(name), app.clock.now());
    let mut tx = app.db.read().await?;
    let Some((invitation, to)) = invitation_of(app, &mut tx, &identifier, password).await? else {
        return Err(UseCaseError::WrongCredentials);
    };
    let mut offered = memberships::of_user(&mut tx, &invitation.user_id).await?;
    offered.retain(|held| held.invitation.as_ref() == Some(&invitation.id));
    let (settings, roles) = (settings_of(&mut tx).await?, roles::known(&mut tx).await?);
    if delivery::carries(&mut tx, &settings, &roles, &offered).await? != InvitationCarries::Credentials {
        return Err(UseCaseError::WrongCredentials);
    }
    let account = users::find_by_identifier(&mut tx, &identifier).await?;
    drop(tx);
    let guesses = Guesses::at(&app.key, account.as_ref().map(|user| &user.id), &identifier, visitor);
    guesses.give_back(app).await?;
    // What is over says so itself, on the page of the link.
    let is_over =
        why_dead(&invitation.facts(), invitation.generation, invitation.generation, false, true, now).is_some();
    match is_over || credentials_end(invitation.renewed_at, invitation.expires_at).is_some_and(|end| now < end) {
        true => Ok((app.key.invitation_link(&invitation.id, invitation.generation, to.as_str()), is_over)),
        false => Err(UseCaseError::TemporaryPasswordEnded),
    }
}

/// The newest invitation of an address that has this one-time password.
async fn invitation_of(
    app: &App,
    tx: &mut Tx,
    identifier: &str,
    password: &SecretString,
) -> Result<Option<(Invitation, Address)>, UseCaseError> {
    let mut all = invitations::of_addresses(tx, &[identifier]).await?;
    all.retain(|one| one.address_mark.is_none());
    all.sort_by(|one, other| other.id.cmp(&one.id));
    let sent = all.into_iter().filter_map(|one| {
        let to = one.addresses().find(|address| address.as_str() == identifier)?.clone();
        Some((one, to))
    });
    Ok(sent.into_iter().find(|(invitation, to)| is_password_of(app, invitation, to, password)))
}

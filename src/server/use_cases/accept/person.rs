//! Whose row is whose, before somebody accepts and after.
//!
//! An inviter who does not see an address gets a *placeholder* for it: a row of their own with the address and what they typed,
//! whether the address has an account, an invitation from others, or nothing at all (rule 40). Whoever sees a placeholder
//! deals with it as with a person: they add places to it, and what they invite the address to falls on the same row. What
//! nobody else sees of the person they do not see by it either; only the lists of those who see all of these rows show one for
//! all (`storage::roster`).
//!
//! The *person* is made by the first acceptance, and has the address alone: of one address there is at most one row that is no
//! placeholder. What an acceptance touches is its own offer and nothing else:
//!
//! - Nobody has an account: the placeholder of the invitation becomes the person. Where it carries other offers as well, those
//!   have not been accepted, and whoever sees it by them goes on seeing what they saw: the person gets a row of its own.
//! - Somebody has one: what was offered is theirs from now on, and the placeholder goes once it carries nothing any more.
//! - Every other placeholder of the address stays as it is, until its own offer is accepted.
//!
//! Whoever sees the person and invites them elsewhere makes no placeholder: the offer stands on the person's row.

use super::FoundLink;
use crate::domain::id::UserId;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::{Tx, invitations, memberships, users};
use crate::server::use_cases::{self, UseCaseError};

/// Whether a placeholder carries, or has carried, other offers than this one. An invitation in whose place another one came, since its
/// address was wrong, is no other offer.
async fn is_shared(tx: &mut Tx, found: &FoundLink) -> Result<bool, UseCaseError> {
    let (id, this) = (&found.shown.id, &found.invitation.id);
    let of_others = memberships::of_user(tx, id).await?.iter().any(|held| held.invitation.as_ref() != Some(this));
    Ok(of_others || invitations::of_user(tx, id).await?.iter().any(|one| &one.id != this && one.replaced_by.is_none()))
}

/// Makes the person of an address that has no account.
///
/// # Errors
/// `Conflict::EmailTaken` when it has one after all.
pub(super) async fn make(tx: &mut Tx, found: &FoundLink, now: Timestamp) -> Result<User, UseCaseError> {
    // By an address that nobody has shown to be theirs the person has no name.
    let (email, phone) = (found.via.email().map(String::from), found.via.phone().map(String::from));
    let known = found.invitation.letters_to().map(|address| address.as_str().to_string());
    let unconfirmed_email = known.or_else(|| found.shown.email.clone()).filter(|_| email.is_none());
    if !is_shared(tx, found).await? {
        let phone = phone.or_else(|| found.shown.phone.clone());
        let person = User { is_placeholder: false, email, unconfirmed_email, phone, ..found.shown.clone() };
        users::make_person(tx, &person, now).await?;
        return Ok(person);
    }
    let person = User {
        id: UserId::new(random::id(now)),
        name: String::new(),
        email,
        unconfirmed_email,
        // What an inviter wrote of somebody is not theirs; what they were invited by is.
        phone,
        is_placeholder: false,
        created_at: now,
        created_by: found.invitation.invited_by.clone(),
        changed_at: now,
        version: 1,
        ..found.shown.clone()
    };
    let number = users::insert(tx, &person, None).await?;
    Ok(User { number, ..person })
}

/// Hands the invitation and what it offers to the person, if the inviter saw a placeholder.
pub(super) async fn hand_over(
    tx: &mut Tx,
    found: &FoundLink,
    person: &UserId,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let (invitation, shown) = (&found.invitation.id, &found.shown.id);
    if shown != person {
        memberships::hand_over(tx, invitation, shown, person, now).await?;
        invitations::hand_over(tx, invitation, shown, person, now).await?;
    }
    Ok(())
}

/// Ends the placeholder that carries nothing any more. What the history says about it is about the person from now on, unless
/// some of it was said to those whose offers were not accepted.
pub(super) async fn close(
    app: &App,
    tx: &mut Tx,
    found: &FoundLink,
    person: &UserId,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let shown = &found.shown.id;
    if shown == person || !memberships::of_user(tx, shown).await?.is_empty() {
        return Ok(());
    }
    if is_shared(tx, found).await? {
        return use_cases::deletion::erase(app, tx, std::slice::from_ref(shown), now).await;
    }
    Ok(users::fade(tx, shown, person, now).await?)
}

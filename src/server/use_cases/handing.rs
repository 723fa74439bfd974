//! Handing an invitation over in other ways than by copying its link: as a picture, in a text for another messenger, on paper. Each
//! is a line of history, as copying is, and each hands the same link: it asks for a code that goes to the address, so whoever comes
//! in by it has shown that the address is theirs, and whoever handed it over learns nothing (H-22).

use super::invitations::{OfferedInvitation, offer};
use super::{Acting, Actor, AuditEntry, UseCaseError, directory, record, scope, seen};
use crate::domain::audit::AuditAction;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::handing::{HandWay, HandedLink, MOST_LETTERS};
use crate::domain::id::{InvitationId, UserId};
use crate::domain::listing::{Cursor, PageSize, UserQuery};
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request};
use crate::domain::timestamp::Timestamp;
use crate::domain::user::UserAction;
use crate::server::app::App;
use crate::server::dates;
use crate::server::delivery::organisation;
use crate::server::qr_code;
use crate::server::storage::{Tx, roles, roster, users};
use crate::view_models::PrintedLetter;
use std::collections::BTreeSet;

/// Whose letters are printed.
#[derive(Clone, Debug)]
pub enum LettersWish {
    /// Of one invitation.
    One(InvitationId),
    /// Of the newest invitation of each of these.
    Named(Vec<UserId>),
    /// The same of everybody whom a list shows, but these.
    All(Box<UserQuery>, BTreeSet<UserId>),
}

/// Hands one over.
///
/// # Errors
/// As for copying its link.
pub async fn hand(app: &App, caller: &Actor, id: &InvitationId, way: HandWay) -> Result<HandedLink, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let letter = hand_in(&mut tx, Acting { app, caller, authority: &authority, now }, id, way).await?;
    tx.commit().await?;
    let words = letter.language;
    Ok(HandedLink {
        way,
        text: words.share_text(&letter.inviter, &letter.organisation, &letter.until, &letter.link),
        picture: letter.picture,
        link: letter.link,
    })
}

/// The letters to be printed, each with its line of history. Who cannot be handed one among many is left out.
///
/// # Errors
/// `Invalid` where nobody is left, and where there are more than anybody prints at once.
pub async fn letters(app: &App, caller: &Actor, wish: &LettersWish) -> Result<Vec<PrintedLetter>, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    super::require(&authority, Request::Use(Permission::Invite))?;
    let acting = Acting { app, caller, authority: &authority, now };
    let mut printed = Vec::new();
    if let LettersWish::One(id) = wish {
        printed.push(hand_in(&mut tx, acting, id, HandWay::Letter).await?);
    } else {
        for person in &people(&mut tx, &authority, wish, now).await? {
            let person = match seen(&mut tx, &authority, UserAction::See, person, now).await {
                Err(UseCaseError::NotFound) => continue,
                person => person?,
            };
            let Some(newest) = directory::open_invitations(&mut tx, &person).await?.into_iter().next() else {
                continue;
            };
            match hand_in(&mut tx, acting, &newest.id, HandWay::Letter).await {
                Ok(letter) => printed.push(letter),
                // Nothing was written: it is refused before that.
                Err(UseCaseError::NotFound | UseCaseError::Denied(_) | UseCaseError::Conflict(_)) => {}
                Err(refusal) => return Err(refusal),
            }
        }
    }
    if printed.is_empty() {
        return Err(Invalid::NobodySelected.into());
    }
    tx.commit().await?;
    Ok(printed)
}

/// Those who were selected.
async fn people(
    tx: &mut Tx,
    authority: &Authority,
    wish: &LettersWish,
    now: Timestamp,
) -> Result<Vec<UserId>, UseCaseError> {
    let too_many = || UseCaseError::from(Invalid::TooManyAtOnce { most: MOST_LETTERS });
    let (query, but) = match wish {
        LettersWish::One(_) => return Ok(Vec::new()),
        LettersWish::Named(who) if who.len() > MOST_LETTERS => return Err(too_many()),
        LettersWish::Named(who) => return Ok(who.clone()),
        LettersWish::All(query, but) => (query, but),
    };
    let unit = scope(tx, authority, Permission::SeeUsers, query.unit.as_ref()).await?;
    let counts = roster::counts(tx, &unit.id).await?;
    let query = UserQuery { size: PageSize::of_a_walk(), from: Cursor::Start, ..(**query).clone() };
    let page = roster::page(tx, &unit.id, &query, &counts, now).await?;
    let waiting = page.lines.iter().filter(|line| line.status.is_pending() && !but.contains(&line.id));
    let people: Vec<UserId> = waiting.map(|line| line.id.clone()).collect();
    if page.next.is_some() || people.len() > MOST_LETTERS { Err(too_many()) } else { Ok(people) }
}

/// Writes down that an invitation is handed over, and makes everything that a hand needs.
async fn hand_in(
    tx: &mut Tx,
    Acting { app, caller, authority, now }: Acting<'_>,
    id: &InvitationId,
    way: HandWay,
) -> Result<PrintedLetter, UseCaseError> {
    let offer = offer(tx, authority, caller, UserAction::CopyLink, id, now).await?;
    let Some(expires_at) = offer.invitation.expires_at.filter(|_| !offer.invitation.facts().has_expired(now)) else {
        return Err(Conflict::LinkEnded.into());
    };
    let user = offer.person.user.id.clone();
    let line = AuditEntry { after: way.code(), ..offer.line(caller, &user) };
    record(tx, AuditAction::LinkHanded, line, now).await?;
    letter(app, tx, &offer, expires_at).await
}

async fn letter(
    app: &App,
    tx: &mut Tx,
    offer: &OfferedInvitation,
    expires_at: Timestamp,
) -> Result<PrintedLetter, UseCaseError> {
    let OfferedInvitation { invitation, person, open, .. } = offer;
    let settings = super::settings_of(tx).await?;
    let words = invitation.language;
    let (id, generation, address) = (&invitation.id, invitation.generation, invitation.address.as_str());
    let link = app.config.link(&format!("/i/{}", app.key.handed_invitation_link(id, generation, address)));
    let inviter = match &invitation.created_by {
        Some(id) => users::find(tx, id).await?.map(|user| user.title().to_string()),
        None => None,
    };
    let known = roles::known(tx).await?;
    let mut offers = Vec::new();
    let mut first = None;
    for held in open {
        let role = known.iter().find(|role| role.id == held.role).map(|role| words.role_name(role));
        offers.push(words.role_at(&role.unwrap_or_default(), &held.unit_name));
        if first.is_none() {
            first = Some(organisation(tx, app, &settings, &held.unit).await?);
        }
    }
    let organisation = first.unwrap_or_else(|| settings.organisation.clone());
    Ok(PrintedLetter {
        language: words,
        name: person.user.name.clone(),
        address: invitation.address.in_letters(),
        // What is invited without a person is invited by the organisation.
        inviter: inviter.filter(|name| !name.is_empty()).unwrap_or_else(|| organisation.clone()),
        organisation,
        offers,
        until: dates::exact(expires_at, &settings.zone, words),
        picture: qr_code::address(&link).unwrap_or_default(),
        code: app.key.handed_code(id, generation, address),
        code_page: app.config.link("/i"),
        link,
    })
}

//! Who acts, and through what. What they may do is no part of it: that is looked up in the transaction of the action, and so is
//! whether the session or the token still runs.

use super::UseCaseError;
use crate::domain::authorization::Surface;
use crate::domain::error::Conflict;
use crate::domain::id::{SessionId, TokenId, UserId};
use crate::domain::policy::{Authority, PASSWORD_LASTS};
use crate::domain::revision::Revision;
use crate::domain::timestamp::Timestamp;
use crate::domain::typed;
use crate::server::app::App;
use crate::server::storage::{Tx, memberships, sessions, users};

/// Somebody who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub user_id: UserId,
    pub via: Via,
}

/// Through what somebody acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// A browser in which they are signed in.
    Session {
        id: SessionId,
        /// How the thing was on which is acted, as the page showed it on which that was decided. Nothing, where no page stood in
        /// between: then it is acted on whatever is there.
        seen: Option<Revision>,
    },
    /// The mobile surface, or a program of theirs that came in as it does: their own things, and no right beyond (rule 79).
    Mobile(SessionId),
    /// A program with a token of theirs. It reads, and changes nothing.
    Token(TokenId),
    /// Work that they began and that goes on without them, with the rights that they have at that moment.
    Job,
    /// The command line, for them: within their own rights, and the history names nobody.
    Operator,
}

impl Actor {
    /// Somebody in a session.
    #[must_use]
    pub fn in_session(user_id: UserId, id: SessionId) -> Self {
        Self { user_id, via: Via::Session { id, seen: None } }
    }

    /// Somebody on the mobile surface.
    #[must_use]
    pub fn on_mobile(user_id: UserId, id: SessionId) -> Self {
        Self { user_id, via: Via::Mobile(id) }
    }

    /// On which surface they are signed in.
    pub fn surface(&self) -> Surface {
        if matches!(self.via, Via::Mobile(_)) { Surface::Mobile } else { Surface::Panel }
    }

    /// Somebody for whom a job acts.
    #[must_use]
    pub fn by_job(user_id: UserId) -> Self {
        Self { user_id, via: Via::Job }
    }

    /// The same, deciding on what a page showed; only browsers have pages.
    #[must_use]
    pub fn on(mut self, revision: &str) -> Self {
        if let Via::Session { seen, .. } = &mut self.via {
            *seen = Revision::read(revision);
        }
        self
    }

    /// The session, for what concerns nothing else: its end, the end of the others, one's own password.
    ///
    /// # Errors
    /// `SignInFirst` for whoever acts through anything else.
    pub fn session(&self) -> Result<&SessionId, UseCaseError> {
        match &self.via {
            Via::Session { id, .. } | Via::Mobile(id) => Ok(id),
            Via::Token(_) | Via::Job | Via::Operator => Err(UseCaseError::SignInFirst),
        }
    }

    /// Whom the history names; nobody where the operator acted.
    pub(super) fn by(&self) -> Option<&UserId> {
        (self.via != Via::Operator).then_some(&self.user_id)
    }

    /// Whether what was decided on is what is there (CO-06); asked in the transaction of the action, after whether it may be
    /// done at all.
    pub(super) fn decided_on(&self, there: &Revision, otherwise: Conflict) -> Result<(), UseCaseError> {
        match &self.via {
            Via::Session { seen: Some(seen), .. } if seen != there => Err(otherwise.into()),
            _ => Ok(()),
        }
    }
}

/// Somebody at work in a transaction: who, what they may by what stands in it, and the one moment at which all of it happens.
#[derive(Clone, Copy)]
pub(super) struct Acting<'a> {
    pub app: &'a App,
    pub caller: &'a Actor,
    pub authority: &'a Authority,
    pub now: Timestamp,
}

/// The operator, in the name of whoever signs in with this.
///
/// # Errors
/// `NotFound` where nobody does.
pub async fn for_person(app: &App, identifier: &str) -> Result<Actor, UseCaseError> {
    let mut tx = app.db.read().await?;
    let user = users::find_by_identifier(&mut tx, &typed::identifier(identifier)).await?;
    Ok(Actor { user_id: user.ok_or(UseCaseError::NotFound)?.id, via: Via::Operator })
}

/// What the actor holds at this moment, looked up where it is used: between a request's head and its body somebody may
/// have signed out, been blocked or got another password, and then nothing is done any more (SE-02).
///
/// # Errors
/// `SignInFirst` when the session or the token does not run any more, when its person holds nothing any more, and when a
/// token is to change something; `Conflict::AgreeFirst` in the panel, as long as its person has not agreed to what is asked of
/// everybody (rule 48).
pub(super) async fn authority(app: &App, tx: &mut Tx, actor: &Actor) -> Result<Authority, UseCaseError> {
    let (authority, owes_consent) = held(app, tx, actor).await?;
    if owes_consent { Err(Conflict::AgreeFirst.into()) } else { Ok(authority) }
}

/// Whether whoever acts signed in not long ago, for deeds that ask for it (SE-09). Jobs finish what was asked in time, and the
/// operator has no session.
///
/// # Errors
/// `PasswordFirst` where it is too long ago.
pub(super) async fn signed_in_lately(tx: &mut Tx, actor: &Actor, now: Timestamp) -> Result<(), UseCaseError> {
    let (Via::Session { id, .. } | Via::Mobile(id)) = &actor.via else { return Ok(()) };
    let began = sessions::began_at(tx, id).await?;
    if began.is_some_and(|began| now - began < PASSWORD_LASTS) { Ok(()) } else { Err(UseCaseError::PasswordFirst) }
}

/// Takes the writer for somebody, with what they may by what stands in its transaction.
///
/// # Errors
/// As [`authority`].
pub(super) async fn write_as(app: &App, actor: &Actor) -> Result<(Tx, Authority), UseCaseError> {
    let mut tx = app.db.write().await?;
    let authority = authority(app, &mut tx, actor).await?;
    Ok((tx, authority))
}

/// Looks for somebody, with what they may by what is seen at this moment.
///
/// # Errors
/// As [`authority`].
pub(super) async fn read_as(app: &App, actor: &Actor) -> Result<(Tx, Authority), UseCaseError> {
    let mut tx = app.db.read().await?;
    let authority = authority(app, &mut tx, actor).await?;
    Ok((tx, authority))
}

/// As [`authority`], for what somebody does who has still to agree: read, agree, accept another invitation, leave.
///
/// # Errors
/// As [`authority`], but for `AgreeFirst`.
pub(super) async fn authority_before_consent(app: &App, tx: &mut Tx, actor: &Actor) -> Result<Authority, UseCaseError> {
    held(app, tx, actor).await.map(|(authority, _)| authority)
}

/// What the actor holds, and whether they have to agree to something before they use it in the panel. The pages of the mobile
/// surface ask by themselves: an app that came in as they do has no page to show.
async fn held(app: &App, tx: &mut Tx, actor: &Actor) -> Result<(Authority, bool), UseCaseError> {
    let (user, now) = (&actor.user_id, app.clock.now());
    let held = match &actor.via {
        Via::Session { id, .. } => {
            let held = memberships::authority_in_session(tx, user, id, false, now).await?;
            return held.map(|held| (held.authority, held.owes_consent)).ok_or(UseCaseError::SignInFirst);
        }
        Via::Mobile(id) => {
            let held = memberships::authority_in_session(tx, user, id, true, now).await?;
            held.map(|held| held.authority.for_own_things())
        }
        Via::Token(_) if tx.writes() => None,
        Via::Token(id) => memberships::authority_by_token(tx, user, id, now).await?,
        Via::Job | Via::Operator => memberships::authority(tx, user).await?,
    };
    held.map(|authority| (authority, false)).ok_or(UseCaseError::SignInFirst)
}

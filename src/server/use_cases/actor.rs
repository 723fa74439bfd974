//! Who acts, and through what. What they may do is no part of it: that is looked up in the transaction of the action, and so is
//! whether the session or the token still runs.

use super::UseCaseError;
use crate::domain::error::Conflict;
use crate::domain::id::{SessionId, UserId};
use crate::domain::policy::Authority;
use crate::domain::revision::Revision;
use crate::server::app::App;
use crate::server::storage::{Tx, memberships};

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
    /// Work that they left behind: it goes on when they are not signed in any more, and asks as they would what they may do.
    Job,
}

impl Actor {
    /// Somebody in a session.
    #[must_use]
    pub fn in_session(user_id: UserId, id: SessionId) -> Self {
        Self { user_id, via: Via::Session { id, seen: None } }
    }

    /// Somebody for whom a job acts.
    #[must_use]
    pub fn by_job(user_id: UserId) -> Self {
        Self { user_id, via: Via::Job }
    }

    /// The same, deciding on what a page showed; only browsers have pages.
    #[must_use]
    pub fn on(mut self, revision: &str) -> Self {
        match &mut self.via {
            Via::Session { seen, .. } => *seen = Revision::read(revision),
            Via::Job => {}
        }
        self
    }

    /// The session, for what concerns nothing else: its end, the end of the others, one's own password.
    ///
    /// # Errors
    /// `SignInFirst` for whoever acts through anything else.
    pub fn session(&self) -> Result<&SessionId, UseCaseError> {
        match &self.via {
            Via::Session { id, .. } => Ok(id),
            Via::Job => Err(UseCaseError::SignInFirst),
        }
    }

    /// Whether what was decided on is what is there (CO-06); asked in the transaction of the action, after whether it may be
    /// done at all.
    pub(super) fn decided_on(&self, there: &Revision, otherwise: Conflict) -> Result<(), UseCaseError> {
        match &self.via {
            Via::Session { seen: Some(seen), .. } if seen != there => Err(otherwise.into()),
            Via::Session { .. } | Via::Job => Ok(()),
        }
    }
}

/// What the actor holds at this moment, looked up where it is used: between a request's head and its body somebody may
/// have signed out, been blocked or got another password, and then nothing is done any more (SE-02).
///
/// # Errors
/// `SignInFirst` when the session does not run any more, or its person holds nothing any more.
pub(super) async fn authority(app: &App, tx: &mut Tx, actor: &Actor) -> Result<Authority, UseCaseError> {
    let held = match &actor.via {
        Via::Session { id, .. } => memberships::authority_in_session(tx, &actor.user_id, id, app.clock.now()).await?,
        Via::Job => memberships::authority(tx, &actor.user_id).await?,
    };
    held.ok_or(UseCaseError::SignInFirst)
}

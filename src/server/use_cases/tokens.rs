//! Tokens of the API: made for oneself, shown once, ended at once. Whoever looks through one is found out here, and so is
//! whether there is an API at all; what they see then is decided as for everybody (`actor`).

use super::actor::{Actor, Via, for_person};
use super::{AuditEntry, UseCaseError, record, require};
use crate::domain::audit::AuditAction;
use crate::domain::error::Conflict;
use crate::domain::id::{TokenId, UserId};
use crate::domain::permission::Permission;
use crate::domain::policy::Request;
use crate::domain::timestamp::Duration;
use crate::domain::token::{LIVES, MOST_TOKENS, PREFIX, read_life, read_name};
use crate::server::app::App;
use crate::server::storage::tokens::{self, ApiToken};
use crate::server::storage::{Tx, users};
use crate::server::{random, secrets};
use crate::view_models::{OwnTokens, TokenLife, TokenSummary};

/// How often "last used" is written.
const TOUCH: Duration = Duration::minutes(5);

/// A new token, with the secret that nobody sees again.
#[derive(Clone, Debug)]
pub struct MadeToken {
    pub token: ApiToken,
    pub secret: String,
}

/// A token and who owns it, for the operator.
#[derive(Clone, Debug)]
pub struct OwnedToken {
    pub token: ApiToken,
    /// What the owner signs in with.
    pub owner: String,
}

/// Makes a token for whoever acts, who must see people: the API shows nothing else.
///
/// # Errors
/// When the name or the number of days cannot be taken, or there are as many tokens as one person may have.
pub async fn make(app: &App, actor: &Actor, name: &str, days: &str) -> Result<MadeToken, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, actor).await?;
    require(&authority, Request::Use(Permission::SeeUsers))?;
    let (name, life) = (read_name(name)?, read_life(days)?);
    if tokens::of_user(&mut tx, &actor.user_id, now).await?.len() >= MOST_TOKENS {
        return Err(Conflict::TooManyTokens.into());
    }
    let secret = format!("{PREFIX}{}", random::secret());
    let token = ApiToken {
        id: TokenId::new(random::id(now)),
        user_id: actor.user_id.clone(),
        name,
        created_at: now,
        last_used_at: None,
        expires_at: now + life,
    };
    tokens::insert(&mut tx, &token, &secrets::hash(&secret)).await?;
    let line =
        AuditEntry { actor: actor.by(), subject: Some(&token.user_id), after: &token.name, ..AuditEntry::default() };
    record(&mut tx, AuditAction::TokenMade, line, now).await?;
    tx.commit().await?;
    Ok(MadeToken { token, secret })
}

/// Makes a token for somebody from the command line; they must be able to see people themselves.
///
/// # Errors
/// `NotFound` when nobody has this address or login; and as [`make`].
pub async fn make_for(app: &App, owner: &str, name: &str, days: &str) -> Result<MadeToken, UseCaseError> {
    let made = make(app, &for_person(app, owner).await?, name, days).await;
    // There is no session that could have ended: whoever holds nothing sees nobody.
    made.map_err(|refusal| if refusal == UseCaseError::SignInFirst { UseCaseError::AccessBlocked } else { refusal })
}

/// Ends one token of one's own; it is refused at the very next request.
///
/// # Errors
/// `NotFound` when one has none of that name.
pub async fn revoke(app: &App, actor: &Actor, id: &TokenId) -> Result<(), UseCaseError> {
    let (tx, _) = super::write_as(app, actor).await?;
    end(app, tx, &actor.user_id, actor.by(), id).await
}

/// Ends anybody's token from the command line.
///
/// # Errors
/// `NotFound` when there is none of that name.
pub async fn revoke_any(app: &App, id: &TokenId) -> Result<ApiToken, UseCaseError> {
    let mut tx = app.db.write().await?;
    let token = tokens::find_by_id(&mut tx, id).await?.ok_or(UseCaseError::NotFound)?;
    end(app, tx, &token.user_id, None, id).await?;
    Ok(token)
}

async fn end(app: &App, mut tx: Tx, owner: &UserId, by: Option<&UserId>, id: &TokenId) -> Result<(), UseCaseError> {
    let token = tokens::find_by_id(&mut tx, id).await?.ok_or(UseCaseError::NotFound)?;
    if !tokens::end(&mut tx, owner, id).await? {
        return Err(UseCaseError::NotFound);
    }
    let line = AuditEntry { actor: by, subject: Some(owner), before: &token.name, ..AuditEntry::default() };
    record(&mut tx, AuditAction::TokenRevoked, line, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Everybody's tokens that work, for the operator.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(app: &App) -> Result<Vec<OwnedToken>, UseCaseError> {
    let mut tx = app.db.read().await?;
    let mut owned = Vec::new();
    for token in tokens::all(&mut tx, app.clock.now()).await? {
        let owner = users::find(&mut tx, &token.user_id).await?;
        let owner = owner.map(|user| user.identifier().to_string()).unwrap_or_default();
        owned.push(OwnedToken { token, owner });
    }
    Ok(owned)
}

/// What one's own page shows of one's tokens; nothing to whoever can have none.
pub(super) async fn own(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    may_make: bool,
) -> Result<Option<OwnTokens>, UseCaseError> {
    let now = app.clock.now();
    let tokens = tokens::of_user(tx, &actor.user_id, now).await?;
    if tokens.is_empty() && !may_make {
        return Ok(None);
    }
    let reader = super::users::reader_for(tx, actor, now).await?;
    let summary = |token: ApiToken| TokenSummary {
        created: reader.when(token.created_at),
        last_used: token.last_used_at.map(|at| reader.when(at)),
        until: reader.when(token.expires_at),
        name: token.name,
        id: token.id,
    };
    Ok(Some(OwnTokens {
        tokens: tokens.into_iter().map(summary).collect(),
        lives: match may_make {
            true => LIVES.map(|days| TokenLife { days, until: reader.when(now + Duration::days(days)) }).into(),
            false => Vec::new(),
        },
    }))
}

/// Who looks through a token, if it works; notes that it was used.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn recognise(app: &App, secret: &str) -> Result<Option<Actor>, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let Some(token) = tokens::find(&mut tx, &secrets::hash(secret), now).await? else { return Ok(None) };
    drop(tx);
    if token.last_used_at.is_none_or(|at| now - at > TOUCH) {
        tokens::touch(&app.db, &token.id, now).await?;
    }
    Ok(Some(Actor { user_id: token.user_id, via: Via::Token(token.id) }))
}

/// Whether anybody has a token that works: without one there is no API.
///
/// # Errors
/// When the database cannot be read.
pub async fn are_any(app: &App) -> Result<bool, UseCaseError> {
    let mut tx = app.db.read().await?;
    Ok(tokens::is_any(&mut tx, app.clock.now()).await?)
}

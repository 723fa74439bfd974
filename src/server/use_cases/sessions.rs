//! Signing in and out, and the sessions of a person. Every request looks its session and its memberships up anew, so
//! that a block or a deletion acts on the very next one (SE-02).

use super::{Caller, Line, Refusal, Visitor, record};
use crate::domain::audit::Deed;
use crate::domain::contact::{Email, Phone};
use crate::domain::id::{SessionId, UserId};
use crate::domain::moment::{Moment, Span};
use crate::domain::permission::Permission;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::storage::sessions::{self, Session};
use crate::server::storage::{Tx, attempts, memberships, users};
use crate::server::{random, secrets};
use secrecy::SecretString;

/// How many wrong passwords an account may have in a window before it must wait: from one address, and from all addresses
/// at which it never signed in. Strangers cannot lock anybody out who comes from a place where he was before (RL-07).
const TRIES: i64 = 10;
const TRIES_OF_STRANGERS: i64 = 50;
const WINDOW: Span = Span::minutes(15);

/// How long an address is remembered at which an account signed in.
const REMEMBERED: Span = Span::days(90);

/// How long a session lives without a request: on one's own device, and on a shared one. It never outlives [`LONGEST`].
const KEPT: Span = Span::days(30);
const NOT_KEPT: Span = Span::hours(12);
const LONGEST: Span = Span::days(90);

/// How often "last seen" is written.
const TOUCH: Span = Span::minutes(5);

/// A new session: its secret goes into the cookie and nowhere else.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub secret: String,
    pub caller: Caller,
    /// How long the browser keeps the cookie; `None` until it is closed.
    pub keep_for: Option<Span>,
}

/// The identifier that somebody typed, in its canonical form.
fn canonical(typed: &str) -> String {
    let typed = typed.trim();
    if let Ok(email) = Email::parse(typed) {
        return email.as_str().into();
    }
    if let Ok(phone) = Phone::parse(typed) {
        return phone.as_str().into();
    }
    typed.chars().take(254).collect::<String>().to_lowercase()
}

/// Under which names an account's tries are counted; the same for accounts that do not exist.
struct Subjects {
    /// From this address.
    here: String,
    /// From all addresses.
    anywhere: String,
    /// That the account signed in at this address.
    known: String,
}

impl Subjects {
    fn of(identifier: &str, visitor: &Visitor) -> Self {
        let (account, place) = (secrets::hash(identifier), &visitor.address);
        let here = secrets::hash(&format!("{account} {place}"));
        Self {
            here: format!("sign-in {here}"),
            anywhere: format!("sign-in {account}"),
            known: format!("signed-in {here}"),
        }
    }

    /// Until when this visitor has to wait, if he has to.
    async fn wait(&self, tx: &mut Tx, now: Moment) -> Result<Option<Span>, Refusal> {
        let (tries, until) = attempts::so_far(tx, &self.here, now).await?;
        if tries >= TRIES {
            return Ok(Some(until - now));
        }
        let (tries, until) = attempts::so_far(tx, &self.anywhere, now).await?;
        if tries < TRIES_OF_STRANGERS || attempts::so_far(tx, &self.known, now).await?.0 > 0 {
            return Ok(None);
        }
        Ok(Some(until - now))
    }

    async fn count(&self, app: &App, now: Moment) -> Result<(), Refusal> {
        attempts::count(&app.db, &self.here, WINDOW, now).await?;
        Ok(attempts::count(&app.db, &self.anywhere, WINDOW, now).await?)
    }

    /// The right password was given here.
    async fn forget(&self, tx: &mut Tx, now: Moment) -> Result<(), Refusal> {
        attempts::forget(tx, &self.here).await?;
        attempts::forget(tx, &self.anywhere).await?;
        attempts::forget(tx, &self.known).await?;
        Ok(attempts::count_in(tx, &self.known, REMEMBERED, now).await?)
    }
}

/// Somebody who gave the right password a moment ago.
pub(super) struct Known {
    pub user: User,
    stored: Option<String>,
    subjects: Subjects,
}

/// Checks name and password. Known and unknown accounts get the same answer after the same work (RL-05, RL-06). Whether the
/// person may come in is another question.
pub(super) async fn check(
    app: &App,
    typed: &str,
    password: &SecretString,
    visitor: &Visitor,
) -> Result<Known, Refusal> {
    let identifier = canonical(typed);
    let subjects = Subjects::of(&identifier, visitor);
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    if let Some(wait) = subjects.wait(&mut tx, now).await? {
        return Err(Refusal::TooMany { seconds: wait.as_seconds_up() });
    }
    let user = users::find_by_identifier(&mut tx, &identifier).await?;
    // Looked up for nobody as well, so that it takes as long.
    let id = user.as_ref().map_or_else(|| UserId::new(""), |user| user.id.clone());
    let stored = users::password_hash(&mut tx, &id).await?;
    drop(tx);

    let fits = app.passwords.fits(password, stored.as_deref()).await?;
    let Some(user) = user.filter(|_| fits) else {
        subjects.count(app, now).await?;
        return Err(Refusal::WrongCredentials);
    };
    Ok(Known { user, stored, subjects })
}

impl Known {
    /// Lets the right password count, inside the transaction in which it opens something.
    pub async fn settle(self, tx: &mut Tx, now: Moment) -> Result<User, Refusal> {
        // A login without an address or phone reaches the mobile surface only (rule 79); in here it is just not right.
        if self.user.email.is_none() && self.user.phone.is_none() {
            return Err(Refusal::WrongCredentials);
        }
        // The password may have changed while this one was checked.
        if users::password_hash(tx, &self.user.id).await? != self.stored {
            return Err(Refusal::WrongCredentials);
        }
        self.subjects.forget(tx, now).await?;
        Ok(self.user)
    }
}

/// Signs somebody in who knows name and password and holds something active.
pub async fn sign_in(
    app: &App,
    typed: &str,
    password: &SecretString,
    keep: bool,
    visitor: &Visitor,
) -> Result<SignedIn, Refusal> {
    let known = check(app, typed, password, visitor).await?;
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let user = known.settle(&mut tx, now).await?;
    if memberships::authority(&mut tx, &user.id).await?.is_none() {
        return Err(Refusal::AccessBlocked);
    }
    let signed_in = begin(&mut tx, &user.id, keep, visitor, now).await?;
    let line = Line { actor: Some(&user.id), subject: Some(&user.id), ..Line::default() };
    record(&mut tx, Deed::SignedIn, line, now).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// Begins a session with a new id (SE-01), inside the transaction that gave the right to it.
pub(super) async fn begin(
    tx: &mut Tx,
    user: &UserId,
    keep: bool,
    visitor: &Visitor,
    now: Moment,
) -> Result<SignedIn, Refusal> {
    let secret = random::secret();
    let session = Session {
        id: SessionId::new(random::id(now)),
        user_id: user.clone(),
        device: visitor.device.chars().take(120).collect(),
        is_kept: keep,
        created_at: now,
        last_seen_at: now,
        expires_at: now + if keep { KEPT } else { NOT_KEPT },
    };
    sessions::insert(tx, &session, &secrets::hash(&secret)).await?;
    let caller = Caller { user_id: user.clone(), session_id: session.id };
    Ok(SignedIn { secret, caller, keep_for: keep.then_some(KEPT) })
}

/// Begins a session for the administrator whom set-up just made.
pub async fn begin_first(app: &App, user: &UserId, visitor: &Visitor) -> Result<SignedIn, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let signed_in = begin(&mut tx, user, false, visitor, now).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// Who stands behind a cookie, if anybody still does: the session runs, the person exists and holds something.
pub async fn recognise(app: &App, secret: &str) -> Result<Option<Caller>, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let Some(session) = sessions::find(&mut tx, &secrets::hash(secret), now).await? else { return Ok(None) };
    drop(tx);
    if now - session.last_seen_at > TOUCH {
        let idle = if session.is_kept { KEPT } else { NOT_KEPT };
        let end = (now + idle).min(session.created_at + LONGEST);
        sessions::touch(&app.db, &session, now, end).await?;
    }
    Ok(Some(Caller { user_id: session.user_id, session_id: session.id }))
}

/// Whether a person may see any section but their own profile; says where they land after signing in.
pub async fn landing_page(app: &App, caller: &Caller) -> Result<&'static str, Refusal> {
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    let has = |permission| authority.has(permission);
    Ok(match () {
        () if has(Permission::SeeUsers) => "/users",
        () if has(Permission::SeeShifts) => "/shifts",
        () => "/me",
    })
}

/// Ends this session, if it still runs.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    match super::authority(app, &mut tx, caller).await {
        Ok(_) => sessions::end(&mut tx, &caller.user_id, &caller.session_id).await?,
        Err(Refusal::SignInFirst) => return Ok(()),
        Err(refusal) => return Err(refusal),
    };
    let line = Line { actor: Some(&caller.user_id), subject: Some(&caller.user_id), ..Line::default() };
    record(&mut tx, Deed::SignedOut, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends one session of one's own, by its name.
pub async fn end_session(app: &App, caller: &Caller, id: &SessionId) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    super::authority(app, &mut tx, caller).await?;
    if !sessions::end(&mut tx, &caller.user_id, id).await? {
        return Err(Refusal::NotFound);
    }
    let line = Line { actor: Some(&caller.user_id), subject: Some(&caller.user_id), ..Line::default() };
    record(&mut tx, Deed::SessionsEnded, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all sessions of one's own but this one.
pub async fn end_other_sessions(app: &App, caller: &Caller) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    super::authority(app, &mut tx, caller).await?;
    sessions::end_all(&mut tx, &caller.user_id, Some(&caller.session_id)).await?;
    let line = Line { actor: Some(&caller.user_id), subject: Some(&caller.user_id), ..Line::default() };
    record(&mut tx, Deed::SessionsEnded, line, now).await?;
    tx.commit().await?;
    Ok(())
}

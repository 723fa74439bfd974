//! Signing in and out, and the sessions of a person. Every request looks its session and its memberships up anew, so
//! that a block or a deletion acts on the very next one (SE-02).

use super::guesses::{self, Guesses};
use super::tries::CountedTries;
use super::{Actor, AuditEntry, UseCaseError, Visitor, credentials, own_password, record};
use crate::domain::audit::AuditAction;
use crate::domain::authorization::{AuthorizationMethod, SESSION_KEPT, Surface};
use crate::domain::id::{SessionId, UserId};
use crate::domain::invitation::is_unprintable;
use crate::domain::permission::Permission;
use crate::domain::text::one_line;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::typed;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::passwords::Fit;
use crate::server::storage::sessions::{self, Session};
use crate::server::storage::users::StoredPassword;
use crate::server::storage::{Tx, memberships, roster, users};
use crate::server::{dates, random, secrets};
use secrecy::{ExposeSecret, SecretString};

/// How long a session lives without a request on a shared device. No session outlives [`LONGEST`].
const NOT_KEPT: Duration = Duration::hours(12);
const LONGEST: Duration = Duration::days(90);

/// How many sessions one person has at most; of more, the ones that began first end. Nobody has as many devices.
const MOST_SESSIONS: i64 = 50;

/// How often one account may come in: more often only a program does, and each time is a line of the history for good.
const MOST_ENTRIES: i64 = 100;
const ENTRIES_WINDOW: Duration = Duration::minutes(10);

/// How much is kept of what a browser says it is.
const LONGEST_DEVICE: usize = 120;

/// How often "last seen" is written.
const TOUCH: Duration = Duration::minutes(5);

/// A new session: its secret goes into the cookie and nowhere else.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub secret: String,
    pub caller: Actor,
    /// How long the browser keeps the cookie; `None` until it is closed.
    pub keep_for: Option<Duration>,
}

/// What came of the right name and password.
#[derive(Clone, Debug)]
pub enum SignInOutcome {
    In(SignedIn),
    /// The password was a temporary one: the secret part of the link to the page for a lasting one, and nothing else (rule 80).
    ChooseOwn(String),
    /// They were those that an invitation carries (rule 24): the secret part of its link, and whether the invitation is over, which
    /// the page of the link says.
    Invitation {
        link: String,
        is_over: bool,
    },
}

/// Somebody by their session, and how long it goes on if nothing else is asked through it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningSession {
    pub caller: Actor,
    pub seconds_left: i64,
}

/// Somebody who gave the right password a moment ago.
pub(super) struct VerifiedUser {
    user: User,
    stored: StoredPassword,
    /// The hash to keep instead (AU-04).
    renewed: Option<String>,
    guesses: Guesses,
}

/// Checks name and password. Known and unknown accounts get the same answer after the same work (RL-05, RL-06). Whether the
/// person may come in is another question.
pub(super) async fn check(
    app: &App,
    typed: &str,
    password: &SecretString,
    visitor: &Visitor,
) -> Result<VerifiedUser, UseCaseError> {
    let identifier = typed::identifier(typed);
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let by = super::settings_of(&mut tx).await?.signs_in_by;
    let user = users::find_by_identifier(&mut tx, &identifier).await?;
    let user = user.filter(|user| by.takes(&identifier, user.email.is_some()));
    // Looked up for nobody as well, so that it takes as long.
    let id = user.as_ref().map_or_else(|| UserId::new(""), |user| user.id.clone());
    let stored = users::password(&mut tx, &id).await?;
    let guesses = Guesses::at(&app.key, user.as_ref().map(|user| &user.id), &identifier, visitor);
    let is_known_here = guesses.is_known_here(&mut tx, now).await?;
    drop(tx);

    // What was handed over is copied, often with the space or the line behind it; none of them begins or ends with one.
    let copied = SecretString::from(password.expose_secret().trim());
    let password = if stored.temporary_until.is_some() { &copied } else { password };
    let fit = guesses.check(app, password, stored.hash.as_deref(), is_known_here).await?;
    match (user, fit) {
        (Some(user), Fit::Right) => Ok(VerifiedUser { user, stored, renewed: None, guesses }),
        (Some(user), Fit::RightAndOld(hash)) => Ok(VerifiedUser { user, stored, renewed: Some(hash), guesses }),
        _ => Err(UseCaseError::WrongCredentials),
    }
}

impl VerifiedUser {
    /// How the person signs in.
    fn method(&self) -> AuthorizationMethod {
        AuthorizationMethod::of(self.user.email.as_deref(), self.user.login.as_deref())
    }

    /// Lets the right password count, inside the transaction in which it opens something on a surface.
    ///
    /// # Errors
    /// `MobileOnly` in the panel, of somebody with a login alone (rule 79); `WrongCredentials` of a password that was changed
    /// meanwhile, or that opens nothing but the page for a lasting one.
    pub async fn settle(&self, tx: &mut Tx, surface: Surface) -> Result<UserId, UseCaseError> {
        if !self.method().opens(surface) {
            return Err(UseCaseError::MobileOnly);
        }
        if self.stored.temporary_until.is_some() {
            return Err(UseCaseError::WrongCredentials);
        }
        // The password may have changed while this one was checked.
        if users::password(tx, &self.user.id).await?.changed_at != self.stored.changed_at {
            return Err(UseCaseError::WrongCredentials);
        }
        if let Some(hash) = &self.renewed {
            users::renew_hash(tx, &self.user.id, self.stored.hash.as_deref(), hash).await?;
        }
        self.guesses.forget(tx).await?;
        Ok(self.user.id.clone())
    }

    /// When what the right password was to open stays shut: it is no wrong guess for that. Where it is called not right, it
    /// stays counted, or it would show by not being.
    pub async fn take_back(&self, app: &App, refusal: UseCaseError) -> UseCaseError {
        if refusal != UseCaseError::WrongCredentials
            && let Err(broken) = self.guesses.give_back(app).await
        {
            return broken;
        }
        refusal
    }
}

/// Signs somebody in who knows name and password and holds something active.
pub async fn sign_in(
    app: &App,
    typed: &str,
    password: &SecretString,
    keep: bool,
    surface: Surface,
    visitor: &Visitor,
) -> Result<SignInOutcome, UseCaseError> {
    let known = match check(app, typed, password, visitor).await {
        Err(UseCaseError::WrongCredentials) => {
            let (link, is_over) = credentials::link_of(app, typed, password, visitor).await?;
            return Ok(SignInOutcome::Invitation { link, is_over });
        }
        checked => checked?,
    };
    let entered = match known.stored.temporary_until {
        Some(until) => choose_own(app, &known, until, surface).await.map(SignInOutcome::ChooseOwn),
        None => enter(app, &known, keep, surface, visitor).await.map(SignInOutcome::In),
    };
    match entered {
        Ok(SignInOutcome::In(signed_in)) => Ok(SignInOutcome::In(signed_in)),
        Ok(choose) => known.guesses.give_back(app).await.map(|()| choose),
        Err(refusal) => Err(known.take_back(app, refusal).await),
    }
}

/// Where a temporary password leads: to the page for a lasting one, whoever comes however often (AU-09).
async fn choose_own(
    app: &App,
    known: &VerifiedUser,
    until: Timestamp,
    surface: Surface,
) -> Result<String, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    if !known.method().opens(surface) {
        return Err(UseCaseError::MobileOnly);
    }
    if memberships::authority(&mut tx, &known.user.id).await?.is_none() {
        return Err(UseCaseError::AccessBlocked);
    }
    if now >= until {
        return Err(UseCaseError::TemporaryPasswordEnded);
    }
    let hash = known.stored.hash.as_deref().unwrap_or_default();
    Ok(app.key.own_password_link(&known.user.id, own_password::window_at(now), hash))
}

async fn enter(
    app: &App,
    known: &VerifiedUser,
    keep: bool,
    surface: Surface,
    visitor: &Visitor,
) -> Result<SignedIn, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let user = known.settle(&mut tx, surface).await?;
    if memberships::authority(&mut tx, &user).await?.is_none() {
        return Err(UseCaseError::AccessBlocked);
    }
    count_entry(&mut tx, &user, now).await?;
    let signed_in = begin(&mut tx, &user, surface, keep, visitor, now).await?;
    // From where: a report tells it to whoever may read one, and the history does not.
    let device = device_of(visitor);
    let line = AuditEntry { actor: Some(&user), subject: Some(&user), after: &device, ..AuditEntry::default() };
    record(&mut tx, AuditAction::SignedIn, line, now).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// What a device is called: one line of what can be seen. Programs call theirs as they like.
fn device_of(visitor: &Visitor) -> String {
    let seen = |letter: &char| letter.is_whitespace() || !is_unprintable(*letter);
    one_line(&visitor.device.chars().filter(seen).collect::<String>()).chars().take(LONGEST_DEVICE).collect()
}

async fn count_entry(tx: &mut Tx, user: &UserId, now: Timestamp) -> Result<(), UseCaseError> {
    let subject = format!("entry {}", secrets::hash(user.as_str()));
    CountedTries::within(ENTRIES_WINDOW, MOST_ENTRIES, subject).count(tx, now).await
}

/// Begins a session with a new id (SE-01), inside the transaction that gave the right to it.
pub(super) async fn begin(
    tx: &mut Tx,
    user: &UserId,
    surface: Surface,
    keep: bool,
    visitor: &Visitor,
    now: Timestamp,
) -> Result<SignedIn, UseCaseError> {
    let secret = random::secret();
    let session = Session {
        id: SessionId::new(random::id(now)),
        user_id: user.clone(),
        device: device_of(visitor),
        is_kept: keep,
        is_mobile: surface == Surface::Mobile,
        created_at: now,
        last_seen_at: now,
        expires_at: now + if keep { SESSION_KEPT } else { NOT_KEPT },
    };
    sessions::insert(tx, &session, &secrets::hash(&secret)).await?;
    let zone = super::settings_of(tx).await?.zone;
    roster::note_day(tx, user, dates::day_of(now, &zone)).await?;
    sessions::end_oldest(tx, user, MOST_SESSIONS).await?;
    guesses::remember(tx, user, visitor, now).await?;
    let caller = caller_of(&session);
    Ok(SignedIn { secret, caller, keep_for: keep.then_some(SESSION_KEPT) })
}

/// Whoever acts through a session.
fn caller_of(session: &Session) -> Actor {
    let (user, id) = (session.user_id.clone(), session.id.clone());
    if session.is_mobile { Actor::on_mobile(user, id) } else { Actor::in_session(user, id) }
}

/// Begins a session for the administrator whom set-up just made.
pub async fn begin_first(app: &App, user: &UserId, visitor: &Visitor) -> Result<SignedIn, UseCaseError> {
    let now = app.clock.now();
    // The line is that of the set-up, which is done.
    let mut tx = app.db.maintain().await?;
    let signed_in = begin(&mut tx, user, Surface::Panel, false, visitor, now).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// Who stands behind the cookie of a surface, if anybody still does: the session runs, the person exists and holds something.
/// `is_use`: the request is one that makes the session longer.
pub async fn recognise(
    app: &App,
    secret: &str,
    surface: Surface,
    is_use: bool,
) -> Result<Option<RunningSession>, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let found = sessions::find(&mut tx, &secrets::hash(secret), surface == Surface::Mobile, now).await?;
    let Some(session) = found else { return Ok(None) };
    let mut ends_at = session.expires_at;
    if is_use && now - session.last_seen_at > TOUCH {
        let zone = super::settings_of(&mut tx).await?.zone;
        drop(tx);
        if dates::day_of(session.last_seen_at, &zone) != dates::day_of(now, &zone) {
            // Being here is no deed: it has no line.
            let mut tx = app.db.maintain().await?;
            roster::note_day(&mut tx, &session.user_id, dates::day_of(now, &zone)).await?;
            tx.commit().await?;
        }
        ends_at = next_end(&session, now);
        sessions::touch(&app.db, &session, now, ends_at).await?;
    }
    let seconds_left = (ends_at - now).as_seconds_up();
    Ok(Some(RunningSession { caller: caller_of(&session), seconds_left }))
}

/// When a session ends that is used now.
fn next_end(session: &Session, now: Timestamp) -> Timestamp {
    let idle = if session.is_kept { SESSION_KEPT } else { NOT_KEPT };
    (now + idle).min(session.created_at + LONGEST)
}

/// The session through which somebody acts.
async fn own(app: &App, tx: &mut Tx, caller: &Actor, now: Timestamp) -> Result<Session, UseCaseError> {
    super::authority(app, tx, caller).await?;
    let here = caller.session()?;
    let all = sessions::of_user(tx, &caller.user_id, now).await?;
    all.into_iter().find(|session| &session.id == here).ok_or(UseCaseError::SignInFirst)
}

/// Whether the browser of whoever acts keeps their session when it is closed.
pub async fn is_kept(app: &App, caller: &Actor) -> Result<bool, UseCaseError> {
    let mut tx = app.db.read().await?;
    own(app, &mut tx, caller, app.clock.now()).await.map(|session| session.is_kept)
}

/// In how many seconds the session ends through which somebody acts.
pub async fn seconds_left(app: &App, caller: &Actor) -> Result<i64, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let session = own(app, &mut tx, caller, now).await?;
    Ok((session.expires_at - now).as_seconds_up())
}

/// Goes on with the session, as far as it may be made longer; in how many seconds it ends now.
pub async fn prolong(app: &App, caller: &Actor) -> Result<i64, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let session = own(app, &mut tx, caller, now).await?;
    drop(tx);
    let end = next_end(&session, now);
    sessions::touch(&app.db, &session, now, end).await?;
    Ok((end - now).as_seconds_up())
}

/// Where somebody lands after signing in: whoever works with people at the list of them, everybody else at the page that says
/// what they can do.
pub async fn landing_page(app: &App, caller: &Actor) -> Result<&'static str, UseCaseError> {
    let (_, authority) = super::read_as(app, caller).await?;
    let has = |permission| authority.has(permission);
    Ok(match () {
        () if has(Permission::SeeUsers) => "/users",
        () => "/",
    })
}

/// Ends this session, if it still runs.
pub async fn sign_out(app: &App, caller: &Actor) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    match super::authority_before_consent(app, &mut tx, caller).await {
        Ok(_) => sessions::end(&mut tx, &caller.user_id, caller.session()?).await?,
        Err(UseCaseError::SignInFirst) => return Ok(()),
        Err(refusal) => return Err(refusal),
    };
    let line = AuditEntry { actor: Some(&caller.user_id), subject: Some(&caller.user_id), ..AuditEntry::default() };
    record(&mut tx, AuditAction::SignedOut, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends one session of one's own, by its name.
pub async fn end_session(app: &App, caller: &Actor, id: &SessionId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, _) = super::write_as(app, caller).await?;
    if !sessions::end(&mut tx, &caller.user_id, id).await? {
        return Err(UseCaseError::NotFound);
    }
    let line = AuditEntry { actor: Some(&caller.user_id), subject: Some(&caller.user_id), ..AuditEntry::default() };
    record(&mut tx, AuditAction::SessionsEnded, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all sessions of one's own but this one.
pub async fn end_other_sessions(app: &App, caller: &Actor) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, _) = super::write_as(app, caller).await?;
    sessions::end_all(&mut tx, &caller.user_id, Some(caller.session()?)).await?;
    let line = AuditEntry { actor: Some(&caller.user_id), subject: Some(&caller.user_id), ..AuditEntry::default() };
    record(&mut tx, AuditAction::SessionsEnded, line, now).await?;
    tx.commit().await?;
    Ok(())
}

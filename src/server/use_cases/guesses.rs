//! How often the password of an account may be guessed. Whatever names the account, and whoever asks for the password, is
//! counted as one, before the password is looked at: of many guesses at one moment no more are let through than of guesses one
//! after another (H-10). What names no account is counted alike.

use super::{UseCaseError, Visitor};
use crate::domain::authorization::REMEMBERED;
use crate::domain::id::UserId;
use crate::domain::security_report::FAILURES_WITHIN;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::app::App;
use crate::server::passwords::Fit;
use crate::server::secrets::{self, Key};
use crate::server::security_reports;
use crate::server::storage::{Tx, attempts};
use secrecy::SecretString;

/// How many wrong passwords an account may have in a window before it must wait: from one place, and from all places at which
/// it never came in. A place is an address, or the browsers that carry the account's mark. Strangers cannot lock anybody out
/// who comes from a place where they were before (RL-07).
const MOST: i64 = 10;
const MOST_OF_STRANGERS: i64 = 50;
const WINDOW: Duration = Duration::minutes(15);

/// Under which names the guesses at one account from one place are counted.
#[derive(Clone, Debug)]
pub(super) struct Guesses {
    /// From this place.
    here: String,
    /// From all places.
    anywhere: String,
    /// That the account came in at this address.
    known: String,
    /// Whether the browser carries the account's mark: it came in with it before, wherever it was then.
    is_marked: bool,
    /// The wrong ones that no right one followed, for whoever reads a report. Those of a name without an account are counted
    /// too, so that it takes as long, and forgotten soon.
    wrong: String,
    wrong_within: Duration,
}

/// Under which name it is kept that an account came in at an address.
fn known_at(account: &str, visitor: &Visitor) -> String {
    format!("signed-in {}", secrets::hash(&format!("{account} {}", visitor.address)))
}

/// Remembers the place at which somebody comes in, inside the transaction that lets them in: by a password, by an invitation,
/// by setting up, by a new password.
pub(super) async fn remember(
    tx: &mut Tx,
    account: &UserId,
    visitor: &Visitor,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let known = known_at(&secrets::hash_of_account(account), visitor);
    attempts::forget(tx, &known).await?;
    Ok(attempts::count_in(tx, &known, REMEMBERED, now).await?)
}

impl Guesses {
    /// At the account that somebody named; without one, at the name, in its canonical form.
    pub fn at(key: &Key, account: Option<&UserId>, name: &str, visitor: &Visitor) -> Self {
        let is_marked = account.is_some_and(|id| visitor.mark.as_deref() == Some(key.mark(id).as_str()));
        let wrong = account.map_or_else(|| format!("wrong {}", secrets::hash(name)), security_reports::failures_of);
        let wrong_within = if account.is_some() { FAILURES_WITHIN } else { WINDOW };
        let account = account.map_or_else(|| secrets::hash(&format!("name {name}")), secrets::hash_of_account);
        // Whoever took a mark away guesses no more often with it than from one address.
        let place = if is_marked { "with its mark" } else { visitor.address.as_str() };
        let here = secrets::hash(&format!("{account} {place}"));
        Self {
            here: format!("sign-in {here}"),
            anywhere: format!("sign-in {account}"),
            known: known_at(&account, visitor),
            is_marked,
            wrong,
            wrong_within,
        }
    }

    /// Whether the browser carries the mark of the account, which it got when the account came in with it.
    pub fn is_marked(&self) -> bool {
        self.is_marked
    }

    /// Whether the account came in at this place before.
    pub async fn is_known_here(&self, tx: &mut Tx, now: Timestamp) -> Result<bool, UseCaseError> {
        let is_known = attempts::so_far(tx, &self.known, now).await?.0 > 0;
        Ok(is_known || self.is_marked)
    }

    /// Checks a password, as one guess. A wrong one stays counted; after a right one it is for whoever lets it count to
    /// [`Self::forget`] or to [`Self::give_back`].
    ///
    /// # Errors
    /// `TooMany`, when there were too many wrong ones; `Busy`.
    pub async fn check(
        &self,
        app: &App,
        password: &SecretString,
        stored: Option<&str>,
        is_known_here: bool,
    ) -> Result<Fit, UseCaseError> {
        self.count(app, is_known_here).await?;
        let fit = app.passwords.check(password, stored).await;
        match &fit {
            Ok(Fit::Wrong) => attempts::count(&app.db, &self.wrong, self.wrong_within, app.clock.now()).await?,
            Ok(Fit::Right | Fit::RightAndOld(_)) => {}
            // Nobody has looked at the password.
            Err(_) => self.give_back(app).await?,
        }
        fit
    }

    async fn count(&self, app: &App, is_known_here: bool) -> Result<(), UseCaseError> {
        let now = app.clock.now();
        let most_anywhere = if is_known_here { i64::MAX } else { MOST_OF_STRANGERS };
        let both = [(self.here.as_str(), MOST), (self.anywhere.as_str(), most_anywhere)];
        let full = match attempts::take(&app.db, both, WINDOW, now).await? {
            [true, true] => return Ok(()),
            // Counted in the one place and not in the other: not counted at all.
            [false, true] => {
                attempts::give_back(&app.db, &self.anywhere, now).await?;
                &self.here
            }
            [true, false] => {
                attempts::give_back(&app.db, &self.here, now).await?;
                &self.anywhere
            }
            [false, false] => &self.here,
        };
        let (_, until) = attempts::so_far(&mut app.db.read().await?, full, now).await?;
        Err(UseCaseError::TooMany { seconds: (until - now).as_seconds_up() })
    }

    /// Takes the guess back: it was right, or never looked at.
    pub async fn give_back(&self, app: &App) -> Result<(), UseCaseError> {
        let now = app.clock.now();
        attempts::give_back(&app.db, &self.here, now).await?;
        Ok(attempts::give_back(&app.db, &self.anywhere, now).await?)
    }

    /// Forgets the wrong ones, inside the transaction in which the right password opens something.
    pub async fn forget(&self, tx: &mut Tx) -> Result<(), UseCaseError> {
        attempts::forget(tx, &self.wrong).await?;
        attempts::forget(tx, &self.here).await?;
        Ok(attempts::forget(tx, &self.anywhere).await?)
    }
}

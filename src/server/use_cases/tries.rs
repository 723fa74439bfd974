//! What may be tried so often and no oftener: a try is counted before it is looked at, and whoever was right has it forgotten.

use super::UseCaseError;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::storage::{Tx, attempts};

/// How often something may be tried in a window, and under which name it is counted. The window opens with the first of its tries.
#[derive(Clone, Debug)]
pub(super) struct CountedTries {
    subject: String,
    most: i64,
    window: Duration,
}

impl CountedTries {
    pub fn within(window: Duration, most: i64, subject: String) -> Self {
        Self { subject, most, window }
    }

    pub fn an_hour(most: i64, subject: String) -> Self {
        Self::within(Duration::hours(1), most, subject)
    }

    /// Looks whether there is room for one more.
    ///
    /// # Errors
    /// `TooMany` when there is none.
    pub async fn room(&self, tx: &mut Tx, now: Timestamp) -> Result<(), UseCaseError> {
        let (tries, until) = attempts::so_far(tx, &self.subject, now).await?;
        match tries < self.most {
            true => Ok(()),
            false => Err(UseCaseError::TooMany { seconds: (until - now).as_seconds_up() }),
        }
    }

    /// Whether there is none, for whom that is no refusal.
    pub async fn is_full(&self, tx: &mut Tx, now: Timestamp) -> Result<bool, UseCaseError> {
        match self.room(tx, now).await {
            Ok(()) => Ok(false),
            Err(UseCaseError::TooMany { .. }) => Ok(true),
            Err(refusal) => Err(refusal),
        }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// `TooMany` when there is no room for it.
    pub async fn count(&self, tx: &mut Tx, now: Timestamp) -> Result<(), UseCaseError> {
        self.room(tx, now).await?;
        Ok(attempts::count_in(tx, &self.subject, self.window, now).await?)
    }

    /// Forgets all of them: one was right.
    pub async fn forget(&self, tx: &mut Tx) -> Result<(), UseCaseError> {
        Ok(attempts::forget(tx, &self.subject).await?)
    }
}

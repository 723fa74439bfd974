//! Whether anything may have changed in the lists that people look at. One look a second at the newest lines of the history and
//! of the messages, whoever wrote them and in whichever process, and only while somebody listens. What has changed is not known
//! here: whoever hears of it asks anew, and is told what they may see.

use super::app::App;
use super::storage::{self, audit, messages};
use crate::domain::error::UseCaseError;
use crate::domain::id::UserId;
use crate::domain::timestamp::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// How often it is looked.
const LOOK: Duration = Duration::from_secs(1);

/// How many pages of one person are told, and how many in all; the others find out when they load anew.
const MOST_OF_ONE: usize = 32;
const MOST: usize = 4_000;

/// Who listens.
#[derive(Debug, Default)]
struct Listeners {
    of: HashMap<UserId, usize>,
    is_watched: bool,
}

/// What all listeners wait for.
#[derive(Debug)]
pub struct ListChanges {
    told: watch::Sender<u64>,
    listeners: Mutex<Listeners>,
}

impl Default for ListChanges {
    fn default() -> Self {
        Self { told: watch::Sender::new(0), listeners: Mutex::default() }
    }
}

/// The newest line of the history and of the messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Newest {
    ids: (String, String),
    at: Option<Timestamp>,
}

impl ListChanges {
    fn listeners(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many pages listen.
    pub fn listening(&self) -> usize {
        self.listeners().of.values().sum()
    }
}

/// A page that waits for changes; it stops waiting when this is dropped.
pub struct Listener {
    app: App,
    user: UserId,
    told: watch::Receiver<u64>,
}

impl Listener {
    /// Begins to listen for somebody.
    ///
    /// # Errors
    /// `Busy` where too many pages listen already, theirs or everybody's.
    pub fn new(app: &App, user: &UserId) -> Result<Self, UseCaseError> {
        let told = app.changes.told.subscribe();
        let mut listeners = app.changes.listeners();
        let own = listeners.of.get(user).copied().unwrap_or_default();
        if own >= MOST_OF_ONE || listeners.of.values().sum::<usize>() >= MOST {
            return Err(UseCaseError::Busy);
        }
        *listeners.of.entry(user.clone()).or_default() += 1;
        if !std::mem::replace(&mut listeners.is_watched, true) {
            tokio::spawn(watch_database(app.clone()));
        }
        Ok(Self { app: app.clone(), user: user.clone(), told })
    }

    /// Waits until something may have changed.
    pub async fn changed(&mut self) {
        // The other end is a part of the installation, and lives as long.
        if self.told.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut listeners = self.app.changes.listeners();
        if let Some(own) = listeners.of.get_mut(&self.user) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                listeners.of.remove(&self.user);
            }
        }
    }
}

/// Whether anything may have changed since this moment.
///
/// # Errors
/// What the database says.
pub async fn any_since(app: &App, since: Timestamp) -> Result<bool, UseCaseError> {
    let newest = newest(app).await?;
    Ok(newest.at.is_some_and(|at| at >= since))
}

async fn newest(app: &App) -> storage::Result<Newest> {
    let mut tx = app.db.read().await?;
    let [action, message] = [audit::newest_line(&mut tx).await?, messages::newest_event(&mut tx).await?];
    let at = [&action, &message].into_iter().flatten().map(|(_, at)| *at).max();
    let id = |line: Option<(String, Timestamp)>| line.map(|(id, _)| id).unwrap_or_default();
    Ok(Newest { ids: (id(action), id(message)), at })
}

/// Looks as long as somebody listens.
async fn watch_database(app: App) {
    let mut known = None;
    loop {
        match Box::pin(newest(&app)).await {
            Ok(newest) => {
                if known.as_ref().is_some_and(|known| *known != newest) {
                    app.changes.told.send_modify(|version| *version += 1);
                }
                known = Some(newest);
            }
            // The next look may succeed; whoever has a question meanwhile is told what is the matter.
            Err(error) => tracing::debug!(%error, "it could not be looked whether anything has changed"),
        }
        tokio::select! {
            () = sleep(LOOK) => {}
            () = app.stopping.cancelled() => return,
        }
        let mut listeners = app.changes.listeners();
        if listeners.of.is_empty() {
            listeners.is_watched = false;
            return;
        }
    }
}

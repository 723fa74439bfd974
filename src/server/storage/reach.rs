//! Whether Postgres answers. Whoever notices that it does not, or waits for long, has it looked for: one prober, which says so
//! to all who wait, and goes on looking until it is back. Meanwhile nobody waits for it.

use super::error::{Error, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use std::future::Future;
use std::sync::Arc;
use std::sync::Weak;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How long somebody waits for an answer before the prober is sent to see whether anybody is there.
const SOON: Duration = Duration::from_millis(500);

/// How long the prober waits for an answer before it says that nobody is there, and between two of its looks. A look itself
/// may take longer: over a slow line it is not given up.
const ANSWER: Duration = Duration::from_millis(1_000);
const PAUSE: Duration = Duration::from_millis(200);
const LOOK: Duration = Duration::from_secs(4);

/// How many looks are under way at once.
const MOST_LOOKS: usize = 12;

/// The longest that any statement may take. Requests are given up sooner.
const LONGEST: Duration = Duration::from_secs(60);

/// What is known of whether it answers.
#[derive(Debug)]
pub struct Reach {
    options: PgConnectOptions,
    is_away: watch::Sender<bool>,
    is_probing: AtomicBool,
    is_closed: AtomicBool,
}

impl Reach {
    pub fn new(options: PgConnectOptions) -> Arc<Self> {
        Arc::new(Self {
            options,
            is_away: watch::Sender::new(false),
            is_probing: AtomicBool::new(false),
            is_closed: AtomicBool::new(false),
        })
    }

    pub fn is_away(&self) -> bool {
        *self.is_away.borrow()
    }

    /// Tells whenever it goes away or comes back.
    pub fn changes(&self) -> watch::Receiver<bool> {
        self.is_away.subscribe()
    }

    /// No prober looks any more.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }

    /// Waits for something that needs it, as long as it is there.
    ///
    /// # Errors
    /// `Away` at once while nobody answers, and as soon as that is known.
    pub async fn guard<T>(self: &Arc<Self>, wanted: impl Future<Output = sqlx::Result<T>>) -> Result<T> {
        let done = self.unless_away(timeout(LONGEST, wanted)).await?;
        // What was not waited for may still be done, so it is no refusal, and its connection is in the middle of something.
        let done = done.unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()));
        let done = done.map_err(Error::from);
        if matches!(done, Err(Error::Away)) {
            self.suspect();
        }
        done
    }

    /// Waits for something else, unless nobody answers or that turns out meanwhile.
    pub async fn unless_away<T>(self: &Arc<Self>, wanted: impl Future<Output = T>) -> Result<T> {
        if self.is_away() {
            return Err(Error::Away);
        }
        let mut changes = self.changes();
        let gone = async {
            sleep(SOON).await;
            self.suspect();
            // Nobody tells any more: what is waited for will end by itself.
            if changes.wait_for(|is_away| *is_away).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            biased;
            done = wanted => Ok(done),
            () = gone => Err(Error::Away),
        }
    }

    /// Has it looked for, unless somebody looks already.
    pub fn suspect(self: &Arc<Self>) {
        if !self.is_closed.load(Ordering::Relaxed) && !self.is_probing.swap(true, Ordering::AcqRel) {
            tokio::spawn(probe(Arc::downgrade(self), self.options.clone()));
        }
    }

    fn say(&self, is_away: bool) {
        let changed = self.is_away.send_if_modified(|was_away| std::mem::replace(was_away, is_away) != is_away);
        match (changed, is_away) {
            (true, true) => tracing::error!("Postgres does not answer; looking for it several times a second"),
            (true, false) => tracing::info!("Postgres answers again"),
            (false, _) => {}
        }
    }
}

/// Looks until somebody answers.
async fn probe(reach: Weak<Reach>, options: PgConnectOptions) {
    let mut looks = JoinSet::new();
    loop {
        if looks.len() < MOST_LOOKS {
            looks.spawn(look(options.clone()));
        }
        let is_there = match timeout(ANSWER, looks.join_next()).await {
            Ok(Some(Ok(is_there))) => is_there,
            // A look that has not come back may still do so; beside it the next one begins.
            Ok(_) | Err(_) => false,
        };
        let Some(reach) = reach.upgrade().filter(|reach| !reach.is_closed.load(Ordering::Relaxed)) else { return };
        if is_there {
            // The other way round somebody could see it away, and nobody looking.
            reach.is_probing.store(false, Ordering::Release);
            reach.say(false);
            return;
        }
        reach.say(true);
        drop(reach);
        sleep(PAUSE).await;
    }
}

/// Whether anybody answers: a server that takes no more connections does.
async fn look(options: PgConnectOptions) -> bool {
    let asked = async {
        let mut connection: PgConnection = options.connect().await?;
        connection.ping().await?;
        connection.close().await
    };
    match timeout(LOOK, asked).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => match Error::from(error) {
            Error::Busy => true,
            error => {
                tracing::debug!(%error, "Postgres was asked in vain");
                false
            }
        },
        Err(_) => false,
    }
}

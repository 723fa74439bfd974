//! Whether what is written is kept: what the last write said, and a small write of our own where nobody has written for a
//! while. Asked by whoever decides whether this process can serve.

use super::error::Error;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::sleep;

/// How long a write that succeeded is believed, and how long one that failed.
const BELIEVED: Duration = Duration::from_secs(10);
const FAILURE_BELIEVED: Duration = Duration::from_secs(1);

/// Why nothing can be written, or nothing be read either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Nobody answers.
    Away,
    /// There is no room.
    Full,
    /// The disk, its rights or the file itself.
    Failing,
    /// Its file was removed, or another one lies in its place.
    Gone,
}

/// What is known of it.
#[derive(Debug, Default)]
pub struct Writing {
    unfit: Mutex<Option<Unfit>>,
    /// What is known is believed for a while; nobody need try.
    is_believed: Arc<AtomicBool>,
}

impl Writing {
    pub fn unfit(&self) -> Option<Unfit> {
        self.unfit.lock().map_or(Some(Unfit::Failing), |unfit| *unfit)
    }

    pub fn is_believed(&self) -> bool {
        self.is_believed.load(Ordering::Relaxed)
    }

    /// Something was written and kept.
    pub fn succeeded(&self) {
        if self.set(None).is_some() {
            tracing::info!("the database can be written to again");
        }
        self.believe(BELIEVED);
    }

    /// A write failed; what says nothing of the next one is passed over.
    pub fn failed(&self, error: &Error) {
        let unfit = match error {
            Error::Full => Unfit::Full,
            Error::Failing(_) | Error::Unsure(_) => Unfit::Failing,
            Error::Gone => Unfit::Gone,
            _ => return,
        };
        if self.set(Some(unfit)) != Some(unfit) {
            tracing::error!(%error, "nothing can be written");
        }
        // Whoever asks next tries it.
        self.is_believed.store(false, Ordering::Relaxed);
    }

    /// It was tried just now, and failed.
    pub fn tried_in_vain(&self) {
        self.believe(FAILURE_BELIEVED);
    }

    /// What was known before.
    fn set(&self, unfit: Option<Unfit>) -> Option<Unfit> {
        self.unfit.lock().map_or(Some(Unfit::Failing), |mut known| std::mem::replace(&mut *known, unfit))
    }

    fn believe(&self, span: Duration) {
        if self.is_believed.swap(true, Ordering::Relaxed) {
            return;
        }
        let is_believed = self.is_believed.clone();
        tokio::spawn(async move {
            sleep(span).await;
            is_believed.store(false, Ordering::Relaxed);
        });
    }
}

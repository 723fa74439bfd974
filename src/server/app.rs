//! The parts of a running installation, wired once and handed to every use case.

use super::changes::ListChanges;
use super::clock::Clock;
use super::config::Config;
use super::mail_domains::MailDomains;
use super::passwords::Passwords;
use super::secrets::Key;
use super::storage::Database;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// A running installation. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

pub struct AppParts {
    pub db: Database,
    pub clock: Clock,
    pub key: Key,
    pub passwords: Passwords,
    pub mail_domains: MailDomains,
    pub config: Config,
    /// Told when something in the lists may have changed.
    pub changes: ListChanges,
    /// Cancelled when the process has been told to stop: readiness goes first, long answers end.
    pub stopping: CancellationToken,
    /// The one-time code of the first visit; printed in the log, kept nowhere else.
    pub set_up_code: String,
}

impl App {
    pub fn new(config: Config, db: Database, key: Key, clock: Clock) -> Self {
        let mail_domains = MailDomains::new(config.dns, clock.clone());
        Self(Arc::new(AppParts {
            db,
            clock,
            key,
            passwords: Passwords::new(),
            mail_domains,
            config,
            changes: ListChanges::default(),
            stopping: CancellationToken::new(),
            set_up_code: super::random::typed_code(),
        }))
    }

    /// Whether messages wait in the built-in mailbox, because there is no relay.
    pub fn has_mailbox(&self) -> bool {
        self.config.relay.is_none()
    }
}

impl std::ops::Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}

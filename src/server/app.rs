//! The parts of a running installation, wired once and handed to every use case.

use super::changes::ListChanges;
use super::clock::Clock;
use super::config::Config;
use super::mail_domains::MailDomains;
use super::passwords::Passwords;
use super::secrets::Key;
use super::storage::Database;
use crate::domain::contact::Channel;
use crate::domain::settings::Settings;
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

    /// Whether messages of a channel leave; else they wait in the built-in mailbox.
    pub fn has_way(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.config.relay.is_some(),
            Channel::Sms => self.config.sms.is_some(),
        }
    }

    /// The channels whose messages wait in the built-in mailbox.
    pub fn channels_without_way(&self) -> Vec<Channel> {
        Channel::ALL.into_iter().filter(|channel| !self.has_way(*channel)).collect()
    }

    /// Whether messages wait in the built-in mailbox: there is no relay, or people are invited by SMS and there is no gateway.
    pub fn has_mailbox(&self, settings: &Settings) -> bool {
        let is_used = |channel: &Channel| settings.invites_by.includes(*channel);
        self.channels_without_way().iter().any(is_used)
    }
}

impl std::ops::Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}

//! The way to the SMS gateway: one request for each message, on a connection of its own to an address that was looked at before
//! (WB-09), and what became of it. Redirects are not followed, and nothing is waited for longer than said.

mod answer;
mod callback;
mod exchange;
mod network;

pub use callback::{GatewayCall, NotTheGateway, SmsReport, read_callback};

use super::left::MayHaveLeft;
use crate::domain::contact::Address;
use crate::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use crate::server::config::{Config, SmsGateway};
use std::time::Duration;

/// A text message, ready to leave.
#[derive(Clone, Debug)]
pub struct TextMessage {
    /// The number in the database row, never one that somebody submitted.
    pub to: Address,
    pub text: String,
    /// Names it to the gateway; the same when it is handed over again.
    pub id: String,
}

/// A gateway that can be asked.
pub struct SmsSender {
    gateway: SmsGateway,
    /// For one message altogether, from the look-up of the name to the last byte of the answer.
    timeout: Duration,
    secrets: Vec<String>,
}

impl SmsSender {
    /// The configured gateway; `None` when SMS wait in the built-in mailbox.
    pub fn new(config: &Config) -> Option<Self> {
        Self::with_timeout(config, super::email::REPLY_TIMEOUT)
    }

    /// The same with another timeout, for tests of gateways that do not answer.
    pub fn with_timeout(config: &Config, timeout: Duration) -> Option<Self> {
        let gateway = config.sms.clone()?;
        let mut secrets = gateway.secrets();
        if let Some(credentials) = gateway.request("", "", "").credentials {
            secrets.insert(0, exchange::basic(&credentials));
        }
        Some(Self { secrets, gateway, timeout })
    }

    /// Hands one message to the gateway.
    pub async fn send(&self, message: &TextMessage) -> DeliveryOutcome {
        self.send_noting(message, &MayHaveLeft::default()).await
    }

    /// The same, noting when the gateway may have it.
    pub async fn send_noting(&self, message: &TextMessage, left: &MayHaveLeft) -> DeliveryOutcome {
        let Some(to) = message.to.phone() else { return DeliveryOutcome::failed(DeliveryReason::BadAddress, "") };
        let request = self.gateway.request(to.as_str(), &message.text, &message.id);
        match exchange::ask(&self.gateway, request, self.timeout, left).await {
            Ok(answer) => {
                let mut unsaid = self.secrets.clone();
                unsaid.extend(answer::words_of(&message.text));
                let outcome = answer::outcome(&answer, &self.gateway.rule, &unsaid);
                if !matches!(outcome, DeliveryOutcome::Accepted { .. }) {
                    // No words: they might quote a number. The history has them.
                    tracing::info!(status = answer.status, "the SMS gateway did not take a message");
                }
                outcome
            }
            Err(error) => error.outcome(),
        }
    }

    /// Connects and hangs up: whether messages could go out, and if so, whether encrypted.
    ///
    /// # Errors
    /// What becomes of every message as long as it is so.
    pub async fn try_connection(&self) -> Result<bool, DeliveryOutcome> {
        match exchange::connect(&self.gateway, self.timeout).await {
            Ok(_) => Ok(self.gateway.url.is_encrypted),
            Err(error) => Err(error.outcome()),
        }
    }
}

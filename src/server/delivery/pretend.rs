//! Handing over what is due to nobody: how the past of a demonstration is told, in which messages have arrived long ago. No server
//! calls it for people who are there.

use super::worker;
use super::{RenderError, Rendering};
use crate::domain::contact::{Address, Channel};
use crate::domain::id::EventId;
use crate::domain::message::Lane;
use crate::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::Result;
use crate::server::storage::messages::{self, Claimed};

/// Takes everything that is due as a relay and a gateway would that take it all, but for those of whom `is_unknown` says that there
/// is nobody of that address.
pub async fn hand_over_to_nobody(app: &App, is_unknown: fn(&Address) -> bool) -> Result<()> {
    for channel in Channel::ALL {
        loop {
            let now = app.clock.now();
            let line = EventId::new(random::id(now));
            let message = match messages::claim(&app.db, channel, Lane::Round, line, now).await? {
                Some(Claimed::Message(message)) => message,
                Some(Claimed::SetAside(_)) => continue,
                None => break,
            };
            let outcome = match worker::render_now(app, &message).await {
                Ok(Rendering::TooLate) => DeliveryOutcome::TooLate,
                Ok(Rendering::Ready(mail)) if is_unknown(&mail.to) => {
                    DeliveryOutcome::failed(DeliveryReason::NoSuchRecipient, "550 5.1.1 No such user here")
                }
                Ok(Rendering::Ready(_) | Rendering::Text(_)) => DeliveryOutcome::accepted("250 2.0.0 Ok"),
                Err(RenderError::Storage(error)) => return Err(error),
                Err(RenderError::Address | RenderError::Broken(_)) => {
                    DeliveryOutcome::failed(DeliveryReason::BadAddress, "")
                }
            };
            worker::settle(app, &message, &outcome, true).await?;
        }
    }
    Ok(())
}

//! What comes back about a message after it was taken: it stands in the same history, and whoever invited is told.

use super::{UseCaseError, header_id};
use crate::domain::id::EventId;
use crate::server::app::App;
pub use crate::server::delivery::GatewayCall;
use crate::server::delivery::{DeliveryReport, NotTheGateway, SmsReport, read_callback};
use crate::server::random;
use crate::server::storage::messages;
use secrecy::ExposeSecret;

/// Notes a report; `false` when it is about no message of ours that was taken, or was known.
///
/// # Errors
/// What the database has.
pub async fn note(app: &App, report: &DeliveryReport) -> Result<bool, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let line = EventId::new(random::id(now));
    let is_new = messages::settle_later(&mut tx, &report.header_id, &report.became, line, now).await?;
    tx.commit().await?;
    Ok(is_new)
}

/// Takes in what the gateway says of a text message that it took; of none of ours, and of what is known, nothing.
///
/// # Errors
/// `NotFound` where nothing is heard; `WrongCredentials` when it is not the gateway; what the database has.
pub async fn hear_gateway(app: &App, call: &GatewayCall<'_>) -> Result<(), UseCaseError> {
    let gateway = app.config.sms.as_ref();
    let heard = gateway.and_then(|gateway| Some((gateway.preset, gateway.callback_secret.as_ref()?)));
    let Some((preset, secret)) = heard else { return Err(UseCaseError::NotFound) };
    let report = read_callback(preset, secret.expose_secret(), call);
    let Some(SmsReport { name, became }) = report.map_err(|NotTheGateway| UseCaseError::WrongCredentials)? else {
        return Ok(());
    };
    let ours = header_id(app, &name);
    let found = messages::header_of_text(&mut app.db.read().await?, &name, &ours).await?;
    if let Some(header_id) = found {
        note(app, &DeliveryReport { header_id, became }).await?;
    }
    Ok(())
}

//! `usher send-test-message ADDRESS`: one message by the way that all take, to see that it arrives.

use super::{CliError, parts, say};
use crate::domain::contact::Address;
use crate::server::config::Config;
use crate::server::delivery;

/// Sends the message and says what the relay said.
pub async fn send_test_message(config: Config, address: &str) -> Result<(), CliError> {
    let to = Address::parse(address)
        .map_err(|_| format!("\"{address}\" is not an e-mail address; write one like olga@acme.by"))?;
    let app = parts::app(config).await?;
    let sent = delivery::send_test(&app, &to, delivery::OPERATOR_LANGUAGE).await;
    app.db.close().await;
    say(&sent?);
    Ok(())
}

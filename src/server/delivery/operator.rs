//! What the operator asks of the relay from the command line: does it answer, and does a message get through?

use super::email::Mailer;
use super::render::{Rendered, render_test, text_test};
use super::sms::SmsSender;
use crate::domain::contact::{Address, Channel};
use crate::domain::message::outcome::DeliveryOutcome;
use crate::server::app::App;
use crate::server::config::Config;
use crate::server::random;
use crate::server::storage::settings;
use crate::words::Language;

/// The command line speaks one language.
pub const OPERATOR_LANGUAGE: Language = Language::English;

/// Connects to the relay, greets, encrypts, signs in and leaves: what it found, or what stands against it, in words.
pub async fn check_relay(config: &Config) -> Result<String, String> {
    let language = OPERATOR_LANGUAGE;
    let (Some(relay), Some(mailer)) = (&config.relay, Mailer::new(config)) else {
        return Err(language.relay_missing().to_string());
    };
    let is_encrypted = mailer.try_connection().await.map_err(|outcome| explain(language, Channel::Email, &outcome))?;
    let name = relay.name();
    Ok(if is_encrypted { language.relay_answers_encrypted(&name) } else { language.relay_answers(&name) })
}

/// Connects to the SMS gateway and hangs up: what it found, or what stands against it, in words.
pub async fn check_gateway(config: &Config) -> Result<String, String> {
    let language = OPERATOR_LANGUAGE;
    let (Some(gateway), Some(sender)) = (&config.sms, SmsSender::new(config)) else {
        return Err(language.gateway_missing().to_string());
    };
    let is_encrypted = sender.try_connection().await.map_err(|outcome| explain(language, Channel::Sms, &outcome))?;
    let name = gateway.name();
    Ok(if is_encrypted { language.gateway_answers_encrypted(&name) } else { language.gateway_answers(&name) })
}

/// Sends a test message at once, past the queue: the relay's words, or what stands against it.
pub async fn send_test(app: &App, to: &Address, language: Language) -> Result<String, String> {
    let settings = async { settings::load(&mut app.db.read().await?).await };
    let settings = settings.await.map_err(|error| error.to_string())?.unwrap_or_default();
    let now = app.clock.now();
    let host = app.config.public_url.host_str().unwrap_or("usher");
    let id = format!("<{}@{host}>", random::id(now));
    if to.channel() == Channel::Sms {
        let Some(sender) = SmsSender::new(&app.config) else { return Err(language.gateway_missing().to_string()) };
        let outcome = sender.send(&text_test(&settings, language, to, &id)).await;
        return words_or(language, Channel::Sms, outcome);
    }
    let rendered = render_test(&settings, language, to, &id, now).map_err(|_| language.sending_broke().to_string())?;
    send_at_once(app, &rendered, language).await
}

/// Hands a mail to the relay, past the queue: the relay's words, or what stands against it in this language.
pub async fn send_at_once(app: &App, mail: &Rendered, language: Language) -> Result<String, String> {
    let Some(mailer) = Mailer::new(&app.config) else {
        return Err(language.relay_missing().to_string());
    };
    let outcome = mailer.send(mail).await;
    mailer.close().await;
    words_or(language, Channel::Email, outcome)
}

fn words_or(language: Language, channel: Channel, outcome: DeliveryOutcome) -> Result<String, String> {
    match outcome {
        DeliveryOutcome::Accepted { words, .. } => Ok(words),
        other => Err(explain(language, channel, &other)),
    }
}

fn explain(language: Language, channel: Channel, outcome: &DeliveryOutcome) -> String {
    match outcome {
        DeliveryOutcome::PutOff { reason, words, .. } | DeliveryOutcome::Failed { reason, words } => {
            language.explain_delivery(channel, Some(*reason), words)
        }
        DeliveryOutcome::Accepted { words, .. } => words.clone(),
        DeliveryOutcome::TooLate => language.message_too_late().to_string(),
    }
}

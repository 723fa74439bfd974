//! The built-in mailbox: what would leave if there were a relay, or a gateway, as it would arrive. It only looks; nothing is sent.

use super::render::{RenderError, Rendered, Rendering, render};
use super::sms::TextMessage;
use crate::domain::id::MessageId;
use crate::domain::settings::Settings;
use crate::domain::sms::SmsLength;
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::dates;
use crate::server::storage::messages::Message;
use crate::server::storage::{Result, Tx, messages, settings};
use crate::view_models::{Mail, MailSummary};
use crate::words::Language;

/// How many mails the list shows.
const MOST: usize = 100;

/// The newest mails that wait, for a reader of this language. What has ended meanwhile is not among them.
pub async fn waiting_mails(app: &App, tx: &mut Tx, language: Language) -> Result<Vec<MailSummary>> {
    let settings = settings::load(tx).await?.unwrap_or_default();
    let mut mails = Vec::new();
    for message in messages::waiting(tx, &app.channels_without_way(), MOST).await? {
        if let Some(rendered) = try_render(tx, app, &settings, &message).await? {
            mails.push(rendered.summary(&message, &settings, language, app.clock.now()));
        }
    }
    Ok(mails)
}

/// One waiting mail as it would arrive; `None` when it does not wait or has ended.
pub async fn preview(app: &App, tx: &mut Tx, id: &MessageId, language: Language) -> Result<Option<Mail>> {
    let settings = settings::load(tx).await?.unwrap_or_default();
    let message = messages::find(tx, id).await?;
    let Some(message) = message.filter(|message| app.channels_without_way().contains(&message.channel)) else {
        return Ok(None);
    };
    let Some(waiting) = try_render(tx, app, &settings, &message).await? else { return Ok(None) };
    let summary = waiting.summary(&message, &settings, language, app.clock.now());
    let rendered = match waiting {
        WaitingMessage::Mail(rendered) => rendered,
        WaitingMessage::Text(text) => {
            return Ok(Some(Mail { summary, from: String::new(), text: text.text, html: String::new() }));
        }
    };
    let sender = &app.config.mail_from;
    let name = sender.name.as_deref().unwrap_or(&rendered.from_name);
    Ok(Some(Mail {
        summary,
        from: if name.is_empty() { sender.address.to_string() } else { format!("{name} <{}>", sender.address) },
        text: rendered.text,
        html: rendered.html,
    }))
}

/// What waits, as its channel would take it.
enum WaitingMessage {
    Mail(Box<Rendered>),
    Text(TextMessage),
}

async fn try_render(tx: &mut Tx, app: &App, settings: &Settings, message: &Message) -> Result<Option<WaitingMessage>> {
    match render(tx, app, settings, message, app.clock.now()).await {
        Ok(Rendering::Ready(rendered)) => Ok(Some(WaitingMessage::Mail(rendered))),
        Ok(Rendering::Text(text)) => Ok(Some(WaitingMessage::Text(text))),
        Ok(Rendering::TooLate) => Ok(None),
        Err(RenderError::Storage(error)) => Err(error),
        Err(trouble) => {
            tracing::error!(message_id = %message.id, ?trouble, "a message cannot be rendered");
            Ok(None)
        }
    }
}

impl WaitingMessage {
    fn summary(&self, message: &Message, settings: &Settings, language: Language, now: Timestamp) -> MailSummary {
        let (to, subject, length) = match self {
            Self::Mail(mail) => {
                let to = mail.to.in_letters();
                let to = if mail.to_name.is_empty() { to } else { format!("{} <{to}>", mail.to_name) };
                (to, mail.subject.clone(), None)
            }
            Self::Text(text) => (text.to.in_letters(), text.text.clone(), Some(SmsLength::of(&text.text))),
        };
        let when = dates::when(message.created_at, now, &settings.zone, language);
        MailSummary { id: message.id.clone(), to, subject, length, when }
    }
}

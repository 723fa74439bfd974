//! The built-in mailbox: what would leave if there were a relay, as it would arrive. It only looks; nothing is sent.

use super::render::{RenderError, Rendered, Rendering, render};
use crate::domain::id::MessageId;
use crate::domain::settings::Settings;
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
    for message in messages::waiting(tx, MOST).await? {
        if let Some(rendered) = try_render(tx, app, &settings, &message).await? {
            mails.push(summary(&message, &rendered, &settings, language, app.clock.now()));
        }
    }
    Ok(mails)
}

/// One waiting mail as it would arrive; `None` when it does not wait or has ended.
pub async fn preview(app: &App, tx: &mut Tx, id: &MessageId, language: Language) -> Result<Option<Mail>> {
    let settings = settings::load(tx).await?.unwrap_or_default();
    let Some(message) = messages::find(tx, id).await? else { return Ok(None) };
    let Some(rendered) = try_render(tx, app, &settings, &message).await? else { return Ok(None) };
    let sender = &app.config.mail_from;
    let name = sender.name.as_deref().unwrap_or(&rendered.from_name);
    Ok(Some(Mail {
        summary: summary(&message, &rendered, &settings, language, app.clock.now()),
        from: if name.is_empty() { sender.address.to_string() } else { format!("{name} <{}>", sender.address) },
        text: rendered.text,
        html: rendered.html,
    }))
}

async fn try_render(tx: &mut Tx, app: &App, settings: &Settings, message: &Message) -> Result<Option<Rendered>> {
    match render(tx, app, settings, message, app.clock.now()).await {
        Ok(Rendering::Ready(rendered)) => Ok(Some(*rendered)),
        Ok(Rendering::TooLate) => Ok(None),
        Err(RenderError::Storage(error)) => Err(error),
        Err(trouble) => {
            tracing::error!(message = %message.id, ?trouble, "a message cannot be rendered");
            Ok(None)
        }
    }
}

fn summary(
    message: &Message,
    rendered: &Rendered,
    settings: &Settings,
    language: Language,
    now: Timestamp,
) -> MailSummary {
    let to = rendered.to.in_letters();
    MailSummary {
        id: message.id.clone(),
        to: if rendered.to_name.is_empty() { to } else { format!("{} <{to}>", rendered.to_name) },
        subject: rendered.subject.clone(),
        when: dates::when(message.created_at, now, &settings.zone, language),
    }
}

//! What the built-in mailbox and the page of texts get.

use super::{FormattedTime, Person};
use crate::domain::id::{MessageId, TextId};
use crate::domain::mail_text::{MailText, MailTextKind};
use crate::domain::revision::Revision;
use crate::domain::sms::SmsLength;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// A message in the built-in mailbox, as it would arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSummary {
    pub id: MessageId,
    pub to: String,
    /// Of a text message all that it says.
    pub subject: String,
    /// How long it is, where it is a text message.
    pub length: Option<SmsLength>,
    pub when: FormattedTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub summary: MailSummary,
    pub from: String,
    pub text: String,
    /// Nothing where it is a text message.
    pub html: String,
}

/// An invitation that is only looked at, or sent to whoever wants to see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailPreview {
    pub from: String,
    pub to: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// What it says as a text message, and how long that is.
    pub sms: Option<(String, SmsLength)>,
    pub is_sent: bool,
}

/// What was saved at some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextVersionView {
    pub id: TextId,
    pub when: FormattedTime,
    pub by: Option<Person>,
    /// Nothing in it was the organisation's own.
    pub is_ours: bool,
    /// It is what stands.
    pub stands: bool,
    /// Its subject and its opening, for whoever looks for one.
    pub glance: String,
}

/// The words of one message in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextsPage {
    pub kind: MailTextKind,
    /// The newest first.
    pub versions: Vec<TextVersionView>,
    pub language: Language,
    /// What the letter says now, with the variables in it.
    pub stands: MailText,
    /// Whether anything of it is the organisation's own.
    pub is_own: bool,
    pub revision: Revision,
    pub can_send: bool,
}

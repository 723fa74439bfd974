//! What an inviter is told of people they invited: who was not reached, and why; who said that it is not for them.

use super::letter::{Letter, inert, one_line};
use super::own_words::OwnWords;
use super::render::{Draft, RenderError, to_own_address};
use super::sentences::installation_name;
use super::wording;
use crate::domain::contact::Channel;
use crate::domain::id::InvitationId;
use crate::domain::invitation::Delivery;
use crate::domain::mail_text::{MailText, MailTextKind, Variable};
use crate::domain::message::NAMED_IN_A_NOTICE;
use crate::domain::settings::Settings;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::storage::invitations::Invitation;
use crate::server::storage::messages::{self, Message};
use crate::server::storage::{Tx, memberships, notices, own_texts, users};
use crate::words::Language;
use std::collections::HashMap;

/// The letter to an inviter; `None` when everything of which it would tell was put right meanwhile.
pub async fn notice(
    tx: &mut Tx,
    app: &App,
    settings: &Settings,
    message: &Message,
    inviter: &User,
) -> Result<Option<Draft>, RenderError> {
    let (Some(address), true) = (inviter.address(), memberships::authority(tx, &inviter.id).await?.is_some()) else {
        return Ok(None);
    };
    let (told, all) = notices::told_by(tx, &message.id, NAMED_IN_A_NOTICE).await?;
    let failed: Vec<InvitationId> = told.iter().filter(|one| one.is_open()).map(|one| one.id.clone()).collect();
    let mut reasons = HashMap::new();
    for (id, line) in messages::histories(tx, &failed).await? {
        // The newest one says why it stands as it does.
        if line.event.is_failure() {
            reasons.insert((id, line.channel), line.reason);
        }
    }
    let language = inviter.language;
    let mut lines = Vec::with_capacity(told.len());
    // Of somebody who was deleted there is nothing to tell.
    for one in told.iter().filter(|one| one.address_mark.is_none()) {
        let who = who(tx, one).await?;
        if one.declined_at.is_some() {
            lines.push(language.mail_notice_declined(&who));
        } else if let Some(failed) = messages::failed_by(tx, &one.id, one.generation).await?.filter(|_| one.is_open()) {
            let reason = reasons.get(&(one.id.clone(), Some(failed))).copied().flatten();
            let why = language.failed_shortly(Some(failed), reason);
            // One of two ways is enough.
            lines.push(match (one.delivery, failed) {
                (Delivery::Failed, _) => language.mail_notice_failed(&who, why),
                (_, Channel::Email) => language.mail_notice_by_sms(&who, why),
                (_, Channel::Sms) => language.mail_notice_by_mail(&who, why),
            });
        }
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let more = all - i64::try_from(told.len()).unwrap_or_default();
    if more > 0 {
        lines.push(language.mail_notice_more(&language.figure(more)));
    }
    let told = NoticeLetter {
        language,
        name: inviter.title().to_string(),
        organisation: installation_name(app, settings),
        lines,
        link: app.config.link("/users?status=error"),
    };
    let own = own_texts::standing(tx, settings, MailTextKind::Notice, language).await?;
    let (letter, text) = (told.letter(&own), told.text(&own));
    Ok(Some(to_own_address(inviter, address, language, settings, letter, text)))
}

/// Everything that the letter tells.
#[derive(Clone, Debug)]
pub struct NoticeLetter {
    pub language: Language,
    /// Of the inviter.
    pub name: String,
    pub organisation: String,
    /// What became of whom.
    pub lines: Vec<String>,
    pub link: String,
}

impl NoticeLetter {
    fn value(&self, variable: Variable) -> String {
        match variable {
            Variable::Organisation => self.organisation.clone(),
            Variable::Name => self.name.clone(),
            // It tells of many.
            Variable::Inviter | Variable::Unit | Variable::Role | Variable::Until | Variable::Address => String::new(),
        }
    }

    /// The letter, in our words or in the organisation's own; what became of whom stands behind them.
    pub fn letter(&self, own: &MailText) -> Letter {
        let language = self.language;
        let value = |variable| self.value(variable);
        let own = OwnWords { own, value: &value };
        let mut lead = own.lead(|| vec![language.mail_notice_lead().to_string()]);
        lead.extend(self.lines.iter().cloned());
        Letter {
            preheader: self.lines.first().cloned().unwrap_or_default(),
            subject: own.subject(|| language.mail_notice_subject(&self.organisation)),
            lead,
            button: Some((own.button(|| language.mail_notice_button().into()), self.link.clone())),
            ignore: language.mail_notice_ignore(),
            ..Letter::default()
        }
    }

    /// The same as a text message.
    pub fn text(&self, own: &MailText) -> String {
        let value = |variable| self.value(variable);
        OwnWords { own, value: &value }.sms(&self.link, || wording::notice(self.language, &self.organisation))
    }
}

/// By name and address; nothing in it can be pressed.
async fn who(tx: &mut Tx, invitation: &Invitation) -> Result<String, RenderError> {
    let name = users::find(tx, &invitation.user_id).await?.map(|user| inert(&one_line(&user.name))).unwrap_or_default();
    let address = inert(&invitation.address.in_letters());
    Ok(if name.is_empty() { address } else { format!("{name} ({address})") })
}

//! The letter with a link that sets a new password, in our words or in the organisation's own.

use super::letter::{Letter, inert};
use super::own_words::OwnWords;
use super::wording;
use crate::domain::mail_text::{MailText, Variable};
use crate::words::Language;

/// Everything that it tells.
#[derive(Clone, Debug)]
pub struct ResetLetter {
    pub language: Language,
    /// Whose password it is; may be empty.
    pub name: String,
    /// As people read it.
    pub address: String,
    pub organisation: String,
    /// When the link ends, with everything that there is to say of it and in few words.
    pub until: String,
    pub short_until: String,
    pub link: String,
}

impl ResetLetter {
    fn value(&self, variable: Variable, until: &str) -> String {
        match variable {
            Variable::Organisation => self.organisation.clone(),
            Variable::Until => until.into(),
            Variable::Name if self.name.trim().is_empty() => self.address.clone(),
            Variable::Name => self.name.clone(),
            Variable::Address => self.address.clone(),
            // Nobody invites here.
            Variable::Inviter | Variable::Unit | Variable::Role => String::new(),
        }
    }

    /// The letter; whom it greets is added behind it.
    pub fn letter(&self, own: &MailText) -> Letter {
        let (language, until) = (self.language, self.until.as_str());
        let value = |variable| self.value(variable, until);
        let own = OwnWords { own, value: &value };
        let ours = || vec![language.mail_reset_lead(&self.address, &inert(&self.organisation))];
        Letter {
            subject: own.subject(|| language.mail_reset_subject(&self.organisation)),
            preheader: language.mail_reset_preheader(until),
            lead: own.lead(ours),
            button: Some((own.button(|| language.mail_reset_button().into()), self.link.clone())),
            until: language.mail_reset_until(until),
            ignore: language.mail_reset_ignore(),
            ..Letter::default()
        }
    }

    /// The same as a text message.
    pub fn text(&self, own: &MailText) -> String {
        let value = |variable| self.value(variable, &self.short_until);
        let ours = || wording::reset(self.language, &self.organisation, &self.short_until, &self.link);
        OwnWords { own, value: &value }.sms(&self.link, ours)
    }
}

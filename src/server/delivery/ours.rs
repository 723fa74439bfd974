//! What each message says where the organisation has no words of its own, with the variables in it: what the editor shows first.

use crate::domain::mail_text::{MailText, MailTextKind, Variable};
use crate::words::Language;

/// Our words of a kind in a language.
pub fn our_words(kind: MailTextKind, language: Language) -> MailText {
    let inviter = Variable::Inviter.in_braces();
    let (organisation, role) = (Variable::Organisation.in_braces(), Variable::Role.in_braces());
    let (until, address) = (Variable::Until.in_braces(), Variable::Address.in_braces());
    // The link stands behind the text of an SMS, whoever wrote it.
    let before_link = |text: String| text.replace("{{link}}", "").trim().trim_end_matches(':').to_string();
    match kind {
        MailTextKind::Invitation => MailText {
            subject: language.mail_invitation_subject(&inviter, &organisation),
            lead: language.mail_invitation_lead(&inviter, &organisation, &role),
            button: language.mail_invitation_button().into(),
            sms: before_link(language.sms_invitation(&organisation, &inviter, &until, "{{link}}")),
        },
        MailTextKind::Reminder => MailText {
            subject: language.mail_reminder_subject(&organisation),
            lead: language.mail_reminder_lead(&organisation, &until),
            button: language.mail_invitation_button().into(),
            sms: before_link(language.sms_reminder(&organisation, &until, "{{link}}")),
        },
        MailTextKind::Reset => MailText {
            subject: language.mail_reset_subject(&organisation),
            lead: language.mail_reset_lead(&address, &organisation),
            button: language.mail_reset_button().into(),
            sms: language.sms_reset_own(&organisation, &until),
        },
        MailTextKind::Notice => MailText {
            subject: language.mail_notice_subject(&organisation),
            lead: language.mail_notice_lead().into(),
            button: language.mail_notice_button().into(),
            sms: language.mail_notice_subject(&organisation),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mail_text::TextPart;

    #[test]
    fn our_words_could_be_typed_by_anybody() {
        for kind in MailTextKind::ALL {
            for language in Language::ALL {
                let ours = our_words(kind, language);
                assert_eq!(ours.checked_for(kind), Ok(ours.clone()), "{kind:?} {language:?}");
                assert!(TextPart::ALL.iter().all(|part| !ours.part(*part).is_empty()), "{kind:?} {language:?}");
            }
        }
    }
}

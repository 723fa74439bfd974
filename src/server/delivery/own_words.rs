//! A message in the organisation's own words: each part with its values put in, where there are any, else as ours.

use super::letter::{inert_sentence, one_line, one_line_of_sentence};
use super::wording;
use crate::domain::mail_text::{MailText, TextPart, Variable, fill};
use crate::words::isolated;

/// Some words and what stands for their variables.
pub struct OwnWords<'a> {
    pub own: &'a MailText,
    pub value: &'a dyn Fn(Variable) -> String,
}

impl OwnWords<'_> {
    /// Every value is one line of plain text, which keeps its direction to itself as in our sentences.
    fn part(&self, part: TextPart) -> Option<String> {
        fill(self.own.part(part), |variable| isolated(&one_line(&(self.value)(variable))).into_owned())
    }

    pub fn subject(&self, ours: impl FnOnce() -> String) -> String {
        self.part(TextPart::Subject).map_or_else(ours, |subject| one_line_of_sentence(&subject))
    }

    /// Each line is a paragraph.
    pub fn lead(&self, ours: impl FnOnce() -> Vec<String>) -> Vec<String> {
        match self.part(TextPart::Lead) {
            Some(lead) => lead.lines().filter(|line| !line.trim().is_empty()).map(inert_sentence).collect(),
            None => ours(),
        }
    }

    pub fn button(&self, ours: impl FnOnce() -> String) -> String {
        self.part(TextPart::Button).map_or_else(ours, |button| inert_sentence(&button))
    }

    /// A text message; what it leads to stands at its end.
    pub fn sms(&self, link: &str, ours: impl FnOnce() -> String) -> String {
        let value = |variable| wording::inserted(variable, &(self.value)(variable));
        fill(self.own.part(TextPart::Sms), value).map_or_else(ours, |text| wording::own(&text, link))
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::contact::Address;
    use crate::domain::mail_text::{MailText, MailTextKind, TextPart};
    use crate::domain::settings::Settings;
    use crate::domain::timestamp::{Duration, Timestamp};
    use crate::server::delivery::{
        InvitationLetter, NoticeLetter, OfferedPlace, ResetLetter, Told, our_words, render_told,
    };
    use crate::words::Language;

    const NOW: Timestamp = Timestamp(1_795_186_800_000);

    /// Names as people have them, and as somebody would type who means harm.
    const SAMPLES: [&str; 6] = [
        "Ivan Petrov",
        "",
        "Мария Ковалёва-Штерн",
        "\u{645}\u{631}\u{64a}\u{645} 77",
        "<b>Ivan</b> {{role}} http://evil.example/x =?utf-8?q?=0d?=",
        "O'Brien & Sons \u{202e}moc.live",
    ];

    fn told(kind: MailTextKind, language: Language, name: &str, own: &MailText, to: &Address) -> Told {
        let link = "https://users.acme.by/i/x-Y_z".to_string();
        match kind {
            MailTextKind::Invitation | MailTextKind::Reminder => Told::Invitation(Box::new(InvitationLetter {
                language,
                name: name.into(),
                address: to.clone(),
                inviter: None,
                installation: name.into(),
                offers: vec![OfferedPlace { role: name.into(), unit: name.into(), organisation: name.into() }],
                personal_text: name.into(),
                expires_at: NOW + Duration::days(3),
                link,
                credentials: None,
                is_test: false,
                is_reminder: kind == MailTextKind::Reminder,
                reminder: own.clone(),
            })),
            MailTextKind::Reset => Told::Reset(ResetLetter {
                language,
                name: name.into(),
                address: to.in_letters(),
                organisation: name.into(),
                until: "Fri 20 Nov 2026, 18:00 (UTC)".into(),
                short_until: "20 Nov, 18:00".into(),
                link,
            }),
            MailTextKind::Notice => Told::Notice(NoticeLetter {
                language,
                name: name.into(),
                organisation: name.into(),
                lines: vec!["Olga: No such mailbox".into()],
                link,
            }),
        }
    }

    /// Every text with every sample in every language, in our words and in those of an organisation that uses each variable: it is
    /// whole, one line where it must be, and nothing in it is a link but ours (ML-03, ML-04, ML-05).
    #[test]
    fn every_text_is_whole_with_every_sample_in_every_language() {
        let settings = Settings { zone: "Europe/Minsk".into(), ..Settings::default() };
        let to = Address::parse("ivan@acme.by").expect("an address");
        for kind in MailTextKind::ALL {
            for language in Language::ALL {
                let all: Vec<String> = kind.variables().iter().map(|variable| variable.in_braces()).collect();
                let all = all.join(" ");
                let own =
                    MailText { subject: all.clone(), lead: format!("{all}\n{all}"), button: "x".into(), sms: all };
                assert_eq!(own.checked_for(kind), Ok(own.clone()));
                for words in [MailText::default(), our_words(kind, language), own] {
                    for name in SAMPLES {
                        let told = told(kind, language, name, &words, &to);
                        let scene = format!("{kind:?} {language:?} {name:?} {words:?}");
                        let (mail, text) = render_told(&settings, &told, &words, &to, "<x@y>", NOW).expect("a message");
                        for (part, said) in
                            [("subject", &mail.subject), ("text", &mail.text), ("html", &mail.html), ("sms", &text)]
                        {
                            let braces = said.replace("{{role}} http", "").contains("{{");
                            // Nothing in a subject can be pressed.
                            let is_link = part != "subject" && said.contains("http://evil");
                            assert!(!braces && !is_link, "{scene} {part}: {said}");
                        }
                        assert!(
                            !mail.subject.contains(['\n', '\r']) && !mail.subject.contains("=?"),
                            "{scene}: {}",
                            mail.subject
                        );
                        assert!(
                            !mail.html.contains("<b>Ivan") && mail.html.len() < 102 * 1024,
                            "{scene}: {}",
                            mail.html
                        );
                        assert!(mail.text.contains("https://users.acme.by/i/x-Y_z"), "{scene}: {}", mail.text);
                        assert!(text.chars().count() < 700, "{scene}: {text}");
                        assert!(
                            kind == MailTextKind::Notice || text.contains("https://users.acme.by/i/x-Y_z"),
                            "{scene}: {text}"
                        );
                    }
                }
                assert!(TextPart::ALL.iter().all(|part| !our_words(kind, language).part(*part).is_empty()));
            }
        }
    }
}

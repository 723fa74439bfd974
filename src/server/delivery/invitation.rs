//! The letter that invites somebody: what it says, in our words or in the organisation's own. Where its facts come from, the
//! database or a form that is only looked at, is the business of whoever makes it.

use super::letter::{Letter, inert, inert_sentence, one_line};
use super::sentences::{hello, installation_name, name_and_address, questions};
use super::wording;
use crate::domain::contact::{Address, in_letters};
use crate::domain::mail_text::{MailText, TextPart, Variable, fill};
use crate::domain::onboarding::{CREDENTIALS_FOR, InvitationCarries};
use crate::domain::settings::Settings;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::{UnitKind, UnitPath};
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::dates;
use crate::server::storage::{Result, Tx, units};
use crate::server::temporary_password;
use crate::words::{Language, isolated};

/// Everything that the letter tells.
#[derive(Clone, Debug)]
pub struct InvitationLetter {
    pub language: Language,
    /// Of whoever is invited; may be empty.
    pub name: String,
    pub address: Address,
    pub inviter: Option<User>,
    /// What the installation calls itself: who invites, where several parts of it do.
    pub installation: String,
    /// As what and where; the first stands in the opening, each other in a sentence of its own.
    pub offers: Vec<OfferedPlace>,
    pub personal_text: String,
    pub expires_at: Timestamp,
    pub link: String,
    /// What is carried in the place of a link of its own; then that one leads to the door.
    pub credentials: Option<OneTimeCredentials>,
    /// Nobody is invited by it; it says so itself.
    pub is_test: bool,
    /// It was sent before, and reminds of it.
    pub is_reminder: bool,
    /// What the organisation says in its own words where it reminds.
    pub reminder: MailText,
}

/// A user name and a one-time password (rule 24).
#[derive(Clone, Debug)]
pub struct OneTimeCredentials {
    pub name: String,
    pub password: String,
    pub until: Timestamp,
}

impl OneTimeCredentials {
    /// What a letter shows that is only looked at, where letters carry some.
    pub fn sample(carries: InvitationCarries, to: &Address, now: Timestamp, expires_at: Timestamp) -> Option<Self> {
        (carries == InvitationCarries::Credentials).then(|| Self {
            name: to.in_letters(),
            password: temporary_password::written(0),
            until: expires_at.min(now + CREDENTIALS_FOR),
        })
    }
}

/// One place with its role, by their names.
#[derive(Clone, Debug, Default)]
pub struct OfferedPlace {
    pub role: String,
    pub unit: String,
    /// To what, as [`organisation`] says it.
    pub organisation: String,
}

impl InvitationLetter {
    /// The letter, with the organisation's own words where it has some.
    pub fn letter(&self, settings: &Settings, own: &MailText) -> Letter {
        let language = self.language;
        let until = dates::exact(self.expires_at, &settings.zone, language);
        let inviter =
            self.inviter.as_ref().map(|user| one_line(&in_letters(user.title()))).filter(|name| !name.is_empty());
        let organisation = self.organisation();
        // What is invited without a person is invited by the organisation.
        let host = inviter.clone().unwrap_or_else(|| organisation.to_string());
        let words_of = |own: &MailText, part| self.own_words(own, part, &host, &until);
        let subject = if self.is_reminder {
            words_of(&self.reminder, TextPart::Subject)
        } else {
            words_of(own, TextPart::Subject)
        };
        let reminder = || self.is_reminder.then(|| language.mail_reminder_subject(organisation));
        let subject = subject.or_else(reminder).unwrap_or_else(|| match &inviter {
            Some(name) => language.mail_invitation_subject(name, organisation),
            None => language.mail_invitation_subject_alone(organisation),
        });
        let reminds = if self.is_reminder { words_of(&self.reminder, TextPart::Button) } else { None };
        let button = reminds.or_else(|| words_of(own, TextPart::Button)).map(|words| inert_sentence(&words));
        let button = button.unwrap_or_else(|| match &self.credentials {
            Some(_) => language.mail_credentials_button().to_string(),
            None => language.mail_invitation_button().to_string(),
        });
        let reminds_wholly = self.is_reminder && !self.reminder.lead.is_empty();
        let opening = if reminds_wholly { &self.reminder } else { own };
        let mut lead = self.lead(opening, &host, &until);
        if self.is_reminder && !reminds_wholly {
            lead.insert(0, language.mail_reminder_lead(&inert(organisation), &until));
        }
        let signs_in_until = self.credentials.as_ref().map(|own| dates::exact(own.until, &settings.zone, language));
        let also = self.offers.iter().skip(1);
        lead.extend(also.map(|offer| language.mail_invitation_also(&inert(&offer.organisation), &inert(&offer.role))));
        if let Some(OneTimeCredentials { name, password, .. }) = &self.credentials {
            lead.push(language.mail_credentials_name(name));
            lead.push(language.mail_credentials_password(password));
        }
        let host = inert(&host);
        let quote = match self.personal_text.trim() {
            "" => None,
            text => Some((language.mail_invitation_quote(&host), text.to_string())),
        };
        let mut footer = questions(settings, language);
        if !self.is_test {
            let not_for_me = match &self.credentials {
                Some(_) => language.mail_credentials_not_for_me(),
                None => language.mail_invitation_not_for_me(),
            };
            footer.insert(0, not_for_me.into());
        }
        if self.reply_to().is_some() {
            footer.insert(0, language.mail_invitation_answer(&host));
        }
        Letter {
            language,
            subject,
            preheader: match &signs_in_until {
                Some(until) => language.mail_credentials_preheader(until),
                None => language.mail_invitation_preheader(&until),
            },
            // An opening of the organisation's own is whole: it greets, or does not.
            hello: if opening.lead.trim().is_empty() { hello(language, &self.name) } else { String::new() },
            lead,
            sections: Vec::new(),
            quote,
            button: Some((button, self.link.clone())),
            until: match &signs_in_until {
                Some(until) => language.mail_credentials_until(until),
                None => language.mail_invitation_until(&until),
            },
            ignore: if self.is_test { language.preview_test_ignore() } else { language.mail_invitation_ignore() },
            footer,
        }
    }

    /// What a text message says in the organisation's own words, before its link; nothing where it has none, or where the message
    /// carries more than a link.
    pub fn own_sms(&self, own: &MailText, until: &str) -> Option<String> {
        let own = if self.is_reminder { &self.reminder } else { own };
        let host = self.inviter.as_ref().map(|user| user.name.clone()).filter(|name| !name.is_empty());
        let host = host.unwrap_or_else(|| self.organisation().to_string());
        let value = |variable| wording::inserted(variable, &self.value(variable, &host, until));
        fill(own.part(TextPart::Sms), value).filter(|_| self.credentials.is_none())
    }

    /// Whoever invites gets the answers.
    pub fn reply_to(&self) -> Option<(String, Address)> {
        let inviter = self.inviter.as_ref()?;
        let address = inviter.address().filter(Address::is_sound)?;
        Some((one_line(&inviter.name), address))
    }

    /// To what the person is invited as a whole: the one place, or the installation where there are several.
    pub fn organisation(&self) -> &str {
        match &self.offers[..] {
            [first, rest @ ..] if rest.iter().all(|offer| offer.organisation == first.organisation) => {
                &first.organisation
            }
            _ => &self.installation,
        }
    }

    /// The opening: paragraphs of the organisation's own, or our sentence.
    fn lead(&self, own: &MailText, host: &str, until: &str) -> Vec<String> {
        let language = self.language;
        let host = self.inviter.as_ref().map_or_else(|| host.to_string(), name_and_address);
        if let Some(text) = self.own_words(own, TextPart::Lead, &host, until) {
            return text.lines().filter(|line| !line.trim().is_empty()).map(inert_sentence).collect();
        }
        let first = self.offers.first().map(|offer| offer.organisation.as_str());
        let organisation = inert(first.unwrap_or(&self.installation));
        let role = inert(self.offers.first().map(|offer| offer.role.as_str()).unwrap_or_default());
        vec![match &self.inviter {
            Some(_) => language.mail_invitation_lead(&host, &organisation, &role),
            None => language.mail_invitation_lead_alone(&organisation, &role),
        }]
    }

    /// A part in the organisation's own words, where it has some: every value is one line of plain text, which keeps its
    /// direction to itself as in our sentences.
    fn own_words(&self, own: &MailText, part: TextPart, host: &str, until: &str) -> Option<String> {
        fill(own.part(part), |variable| isolated(&one_line(&self.value(variable, host, until))).into_owned())
    }

    fn value(&self, variable: Variable, host: &str, until: &str) -> String {
        let offer = self.offers.first();
        match variable {
            Variable::Inviter => host.into(),
            Variable::Organisation => self.organisation().into(),
            Variable::Unit => offer.map(|offer| offer.unit.clone()).unwrap_or_default(),
            Variable::Role => offer.map(|offer| offer.role.clone()).unwrap_or_default(),
            Variable::Until => until.into(),
            Variable::Name if !one_line(&self.name).is_empty() => self.name.clone(),
            Variable::Name | Variable::Address => self.address.in_letters(),
        }
    }
}

/// To what the person is invited: the company, and the unit within it where it is a smaller one.
pub async fn organisation(tx: &mut Tx, app: &App, settings: &Settings, path: &UnitPath) -> Result<String> {
    let mut company = installation_name(app, settings);
    for id in path.line() {
        let Some(unit) = units::find(tx, &id).await? else { continue };
        match unit.kind {
            UnitKind::Installation => {}
            UnitKind::Company => company = one_line(&unit.name),
            _ if &unit.path == path => company = format!("{company}, {}", one_line(&unit.name)),
            _ => {}
        }
    }
    Ok(company)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mail_text::MailTextKind;
    use proptest::prelude::*;

    fn invitation(names: &str) -> InvitationLetter {
        InvitationLetter {
            language: Language::English,
            name: names.into(),
            address: Address::parse("ivan@acme.by").expect("an address"),
            inviter: None,
            installation: one_line(names),
            offers: vec![OfferedPlace { role: names.into(), unit: names.into(), organisation: one_line(names) }],
            personal_text: String::new(),
            expires_at: Timestamp(1_795_186_800_000),
            link: "https://users.acme.by/i/x-Y_z".into(),
            credentials: None,
            is_test: false,
            is_reminder: false,
            reminder: MailText::default(),
        }
    }

    fn own(text: &str) -> MailText {
        MailText { subject: text.into(), lead: text.into(), button: text.into(), sms: text.into() }
    }

    #[test]
    fn our_words_can_be_taken_as_they_are() {
        for language in Language::ALL {
            let ours = crate::server::delivery::our_words(MailTextKind::Invitation, language);
            assert_eq!(ours.checked(), Ok(ours.clone()));
        }
    }

    #[test]
    fn values_stand_where_the_text_wants_them_and_are_not_filled_again() {
        let text = MailText {
            subject: "{{role}} at {{unit}}".into(),
            lead: "Welcome, {{name}}!\n\n{{organisation}} waits until {{until}}.".into(),
            button: "Join {{organisation}}".into(),
            sms: String::new(),
        };
        let letter =
            InvitationLetter { name: String::new(), ..invitation("{{role}}") }.letter(&Settings::default(), &text);
        assert_eq!(letter.subject, "{{role}} at {{role}}");
        assert_eq!(letter.lead.len(), 2);
        assert_eq!(letter.lead[0].replace('\u{200c}', ""), "Welcome, ivan@acme.by!");
        assert!(letter.lead[1].starts_with("{{role}} waits until Fri"), "{}", letter.lead[1]);
        assert_eq!(letter.button.map(|(words, _)| words).as_deref(), Some("Join {{role}}"));
    }

    /// L-06: in words of the organisation's own as in ours.
    #[test]
    fn a_name_read_from_right_to_left_turns_nothing_around_it_whoever_wrote_the_words() {
        let name = "\u{5d3}\u{5d5}\u{5d3} 77";
        let whole = format!("\u{2068}{name}\u{2069}");
        for text in [MailText::default(), own("{{organisation}} 88")] {
            let letter = invitation(name).letter(&Settings::default(), &text);
            let (plain, html) = letter.write().expect("a letter");
            assert!(letter.subject.contains(&whole), "{}", letter.subject);
            assert!(plain.contains(&whole) && html.contains(&whole), "{plain}");
        }
    }

    #[test]
    fn words_that_no_check_would_let_pass_give_way_to_ours() {
        let letter = invitation("North").letter(&Settings::default(), &own("{{nobody}}"));
        assert_eq!(letter.subject, Language::English.mail_invitation_subject_alone("North"));
        assert_eq!(letter.lead, [Language::English.mail_invitation_lead_alone("North", "North")]);
    }

    proptest! {
        /// ML-04: whatever an administrator types and whatever things are called, the only links are our own.
        #[test]
        fn nothing_but_our_own_link_can_be_clicked(
            text in "(\\PC|[\n{}]|https?://|[a-z]\\.by|@|<a href=\"http://e.by\">|\\{\\{(name|role|unit)\\}\\}){0,30}",
            names in "(\\PC|\n|https?:|//|e\\.by|@){0,12}"
        ) {
            let letter = invitation(&names).letter(&Settings::default(), &own(&text));
            let (plain, html) = letter.write().expect("a letter");
            let links: Vec<&str> = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            prop_assert_eq!(links.len(), 2);
            prop_assert!(links.iter().all(|link| link.replace("&#x2f;", "/") == "https://users.acme.by/i/x-Y_z"));
            prop_assert_eq!(html.matches("<a ").count(), 2);
            for form in [plain, html] {
                let others = form.replace("https://users.acme.by", "").replace("https:&#x2f;&#x2f;users.acme.by", "");
                // The subject stands in the title of the document, where nothing can be clicked.
                let others = others.split("</title>").last().unwrap_or_default().to_string();
                prop_assert!(!others.contains("://") && !others.contains(":&#x2f;&#x2f;"), "{}", others);
            }
            prop_assert!(!one_line(&letter.subject).contains(['\n', '\r']));
        }
    }
}

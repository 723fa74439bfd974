//! The letter that invites somebody: what it says, in our words or in the organisation's own. Where its facts come from, the
//! database or a form that is only looked at, is the business of whoever makes it.

use super::letter::{Letter, inert, inert_sentence, one_line};
use super::sentences::{hello, installation_name, name_and_address, questions};
use crate::domain::contact::{Address, in_letters};
use crate::domain::mail_text::{MailText, TextPart, Variable, fill};
use crate::domain::settings::Settings;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::{UnitKind, UnitPath};
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::dates;
use crate::server::storage::{Result, Tx, units};
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
    /// Nobody is invited by it; it says so itself.
    pub is_test: bool,
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
        let subject = self.own_words(own, TextPart::Subject, &host, &until);
        let subject = subject.unwrap_or_else(|| match &inviter {
            Some(name) => language.mail_invitation_subject(name, organisation),
            None => language.mail_invitation_subject_alone(organisation),
        });
        let button = self.own_words(own, TextPart::Button, &host, &until).map(|words| inert_sentence(&words));
        let button = button.unwrap_or_else(|| language.mail_invitation_button().to_string());
        let mut lead = self.lead(own, &host, &until);
        let also = self.offers.iter().skip(1);
        lead.extend(also.map(|offer| language.mail_invitation_also(&inert(&offer.organisation), &inert(&offer.role))));
        let host = inert(&host);
        let quote = match self.personal_text.trim() {
            "" => None,
            text => Some((language.mail_invitation_quote(&host), text.to_string())),
        };
        let mut footer = questions(settings, language);
        if self.reply_to().is_some() {
            footer.insert(0, language.mail_invitation_answer(&host));
        }
        Letter {
            language,
            subject,
            preheader: language.mail_invitation_preheader(&until),
            // An opening of the organisation's own is whole: it greets, or does not.
            hello: if own.lead.trim().is_empty() { hello(language, &self.name) } else { String::new() },
            lead,
            quote,
            button: Some((button, self.link.clone())),
            until: language.mail_invitation_until(&until),
            ignore: if self.is_test { language.preview_test_ignore() } else { language.mail_invitation_ignore() },
            footer,
        }
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
        let offer = self.offers.first().cloned().unwrap_or_default();
        let (name, address) = (one_line(&self.name), self.address.in_letters());
        fill(own.part(part), |variable| {
            let value = one_line(match variable {
                Variable::Inviter => host,
                Variable::Organisation => self.organisation(),
                Variable::Unit => &offer.unit,
                Variable::Role => &offer.role,
                Variable::Until => until,
                Variable::Name if name.is_empty() => &address,
                Variable::Name => &name,
            });
            isolated(&value).into_owned()
        })
    }
}

/// What an invitation says where the organisation has no words of its own, with the variables in it.
pub fn our_words(language: Language) -> MailText {
    let [inviter, organisation, role] =
        [Variable::Inviter, Variable::Organisation, Variable::Role].map(Variable::in_braces);
    MailText {
        subject: language.mail_invitation_subject(&inviter, &organisation),
        lead: language.mail_invitation_lead(&inviter, &organisation, &role),
        button: language.mail_invitation_button().into(),
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
            is_test: false,
        }
    }

    fn own(text: &str) -> MailText {
        MailText { subject: text.into(), lead: text.into(), button: text.into() }
    }

    #[test]
    fn our_words_can_be_taken_as_they_are() {
        for language in Language::ALL {
            assert_eq!(our_words(language).checked(), Ok(our_words(language)));
        }
    }

    #[test]
    fn values_stand_where_the_text_wants_them_and_are_not_filled_again() {
        let text = MailText {
            subject: "{{role}} at {{unit}}".into(),
            lead: "Welcome, {{name}}!\n\n{{organisation}} waits until {{until}}.".into(),
            button: "Join {{organisation}}".into(),
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

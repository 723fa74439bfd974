//! What text messages say: the wordings, the fullest first, of which the one that is short enough leaves (`domain::sms`). Names are
//! words in them, and nothing a phone would make a link of.

use super::invitation::{InvitationLetter, OneTimeCredentials};
use super::sentences::installation_name;
use crate::domain::contact::{Address, Channel};
use crate::domain::mail_text::{MailText, Variable};
use crate::domain::settings::Settings;
use crate::domain::sms::{fitting, plain_words};
use crate::domain::timestamp::Timestamp;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::dates;
use crate::words::Language;

/// How much of a name stands in a message, and how much where there is little room.
const LONG: usize = 40;
const SHORT: usize = 20;

/// From so many digits on, a phone makes a number of them.
const CALLABLE: usize = 5;

/// Who invites to what, until when, and the link.
pub fn invitation(told: &InvitationLetter, own: &MailText, zone: &str, now: Timestamp) -> String {
    let language = told.language;
    let until = dates::when(told.expires_at, now, zone, language).short;
    let organisation = |most| plain_words(told.organisation(), most);
    let inviter = told.inviter.as_ref().map(|user| plain_words(&user.name, LONG));
    let inviter = inviter.filter(|name| !name.is_empty() && !could_be_called(name));
    if let Some(text) = told.own_sms(own, &until) {
        return self::own(&text, &told.link);
    }
    if told.is_reminder && told.credentials.is_none() {
        let wordings = [LONG, SHORT].map(|most| language.sms_reminder(&organisation(most), &until, &told.link));
        return shortest(wordings.into());
    }
    let mut wordings = Vec::new();
    if let Some(own) = &told.credentials {
        for most in [LONG, SHORT] {
            wordings.push(language.sms_credentials(&organisation(most), &told.link, &own.name, &own.password));
        }
        wordings.push(language.sms_credentials_short(&told.link, &own.name, &own.password));
        return shortest(wordings);
    }
    if let Some(inviter) = &inviter {
        for most in [LONG, SHORT] {
            wordings.push(language.sms_invitation(&organisation(most), inviter, &until, &told.link));
        }
    }
    for most in [LONG, SHORT] {
        wordings.push(language.sms_invitation_alone(&organisation(most), &until, &told.link));
    }
    wordings.push(language.sms_invitation_short(&organisation(SHORT), &told.link));
    shortest(wordings)
}

/// The text message of an invitation that nobody gets: how long one would be.
pub fn sample_text(
    app: &App,
    settings: &Settings,
    inviter: Option<User>,
    language: Language,
    expires_at: Timestamp,
    now: Timestamp,
) -> String {
    let number = Address::stored(Channel::Sms, "+375291234567");
    let credentials = OneTimeCredentials::sample(settings.carries, &number, now, expires_at);
    let told = InvitationLetter {
        language,
        name: String::new(),
        address: Address::stored(Channel::Sms, ""),
        inviter,
        installation: installation_name(app, settings),
        offers: Vec::new(),
        personal_text: String::new(),
        expires_at,
        // As long as every one is.
        link: match credentials {
            Some(_) => app.config.link("/sign-in"),
            None => app.config.link(&format!("/s/{}", "x".repeat(20))),
        },
        credentials,
        is_test: true,
        is_reminder: false,
        reminder: MailText::default(),
    };
    invitation(&told, &settings.invitation_text(language), &settings.zone, now)
}

/// The link by which a new password is set.
pub fn reset(language: Language, organisation: &str, until: &str, link: &str) -> String {
    let wordings = [LONG, SHORT].map(|most| language.sms_reset(&plain_words(organisation, most), until, link));
    shortest(wordings.into_iter().chain([language.sms_reset_short(link)]).collect())
}

/// The code that a link which was handed over asks for.
pub fn code(language: Language, organisation: &str, code: &str, until: &str) -> String {
    shortest([LONG, SHORT].map(|most| language.sms_code(&plain_words(organisation, most), code, until)).into())
}

/// What stands for a variable in a text message: names are words in it, and nothing a phone would make a link of.
pub fn inserted(variable: Variable, value: &str) -> String {
    match variable {
        Variable::Until => value.into(),
        Variable::Inviter if could_be_called(value) => String::new(),
        _ => plain_words(value, LONG),
    }
}

/// Whether a phone would take some of a name for a number and offer to call it, in whichever script its digits are: such a name is left
/// out.
fn could_be_called(name: &str) -> bool {
    name.chars().filter(|letter| letter.is_numeric()).count() >= CALLABLE
}

/// What an organisation says in its own words, with the link behind it.
pub fn own(text: &str, link: &str) -> String {
    plain(format!("{text} {link}"))
}

/// That some of whoever was invited did not come in.
pub fn notice(language: Language, organisation: &str) -> String {
    plain(language.mail_notice_subject(&plain_words(organisation, LONG)))
}

/// That somebody has access again, and where they sign in.
pub fn brought_back(language: Language, organisation: &str, link: &str) -> String {
    shortest([LONG, SHORT].map(|most| language.sms_back(&plain_words(organisation, most), link)).into())
}

/// That messages arrive.
pub fn test(language: Language, organisation: &str) -> String {
    plain(language.sms_test(&plain_words(organisation, LONG)))
}

fn shortest(wordings: Vec<String>) -> String {
    fitting(wordings.into_iter().map(plain).collect())
}

/// Without what only keeps directions apart in a letter: one such sign makes every letter of a message wide.
fn plain(text: String) -> String {
    text.chars().filter(|letter| !matches!(letter, '\u{2066}'..='\u{2069}' | '\u{200c}')).collect()
}

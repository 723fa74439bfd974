//! From a queued message to a mail or a text message, by the facts of this very moment: what was withdrawn, used or renewed since it was
//! queued does not leave any more. The secret part of a link exists only here and in the mail.

use super::brought_back;
use super::invitation::{InvitationLetter, OfferedPlace, OneTimeCredentials, organisation};
use super::letter::{Letter, inert, one_line, one_line_of_sentence};
use super::notice::{self, NoticeLetter};
use super::reset::ResetLetter;
use super::security_report;
use super::sentences::{hello, installation_name, questions};
use super::sms::TextMessage;
use super::wording;
use crate::domain::contact::{Address, Channel};
use crate::domain::invitation::why_dead;
use crate::domain::mail_text::{MailText, MailTextKind};
use crate::domain::message::{MessageKind, end_of_code, end_of_confirmation};
use crate::domain::onboarding::{InvitationCarries, UsualInvitation, credentials_end};
use crate::domain::role::Role;
use crate::domain::settings::Settings;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::{Status, User};
use crate::server::app::App;
use crate::server::dates;
use crate::server::storage::messages::Message;
use crate::server::storage::{self, Tx, invitations, memberships, own_texts, resets, roles, roster, units, users};
use crate::words::Language;

/// A mail, ready to leave.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The address in the database row, never one that somebody submitted.
    pub to: Address,
    pub to_name: String,
    /// The sender's name, where the operator gave none.
    pub from_name: String,
    pub reply_to: Option<(String, Address)>,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub language: Language,
    pub header_id: String,
    pub at: Timestamp,
}

/// What became of rendering.
pub enum Rendering {
    Ready(Box<Rendered>),
    /// It goes by SMS.
    Text(TextMessage),
    /// The link has ended, or there is nobody to write to any more.
    TooLate,
}

/// Why a message could not be rendered.
#[derive(Debug)]
pub enum RenderError {
    Storage(storage::Error),
    /// The row's address is none.
    Address,
    Broken(String),
}

impl From<storage::Error> for RenderError {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}

/// To whom, about what, and in which language; the letter itself comes beside it.
pub(super) struct Draft {
    to: Address,
    to_name: String,
    reply_to: Option<(String, Address)>,
    says: Says,
}

/// What it says, as its channel takes it.
enum Says {
    Letter(Box<Letter>),
    Text(String),
}

impl Says {
    /// By which channel an address is written to decides what is written.
    fn to(address: &Address, letter: impl FnOnce() -> Letter, text: impl FnOnce() -> String) -> Self {
        match address.channel() {
            Channel::Email => Self::Letter(Box::new(letter())),
            Channel::Sms => Self::Text(text()),
        }
    }
}

/// Renders a message as it would leave now.
pub async fn render(
    tx: &mut Tx,
    app: &App,
    settings: &Settings,
    message: &Message,
    now: Timestamp,
) -> Result<Rendering, RenderError> {
    let Some(user_id) = &message.user_id else { return Ok(Rendering::TooLate) };
    let Some(user) = users::find(tx, user_id).await? else { return Ok(Rendering::TooLate) };
    let draft = match message.kind {
        MessageKind::Invitation | MessageKind::Reminder => invitation(tx, app, settings, message, &user, now).await?,
        MessageKind::PasswordReset => reset(tx, app, settings, message, &user, now).await?,
        MessageKind::Confirmation => confirmation(tx, app, settings, message, &user, now).await?,
        MessageKind::Code => code(tx, app, settings, message, &user, now).await?,
        MessageKind::Notice => notice::notice(tx, app, settings, message, &user).await?,
        MessageKind::SecurityReport => security_report::security_report(tx, app, settings, message, &user).await?,
        MessageKind::BroughtBack => brought_back::brought_back(tx, app, settings, &user).await?,
        MessageKind::Test => Some(test(settings, &user).ok_or(RenderError::Address)?),
    };
    let Some(draft) = draft else { return Ok(Rendering::TooLate) };
    if !draft.to.is_sound() {
        return Err(RenderError::Address);
    }
    match draft.says {
        Says::Letter(letter) => {
            finish(*letter, draft.to, &draft.to_name, draft.reply_to, settings, &message.header_id, now)
                .map(Rendering::Ready)
        }
        Says::Text(text) => Ok(Rendering::Text(TextMessage { to: draft.to, text, id: text_id(&message.header_id) })),
    }
}

/// The test message to an address, outside the queue.
pub fn render_test(
    settings: &Settings,
    language: Language,
    to: &Address,
    header_id: &str,
    now: Timestamp,
) -> Result<Box<Rendered>, RenderError> {
    finish(test_letter(settings, language), to.clone(), "", None, settings, header_id, now)
}

/// What a message tells; it need not stand anywhere.
#[derive(Clone, Debug)]
pub enum Told {
    Invitation(Box<InvitationLetter>),
    Reset(ResetLetter),
    Notice(NoticeLetter),
}

/// A message as it would leave now, and what it would say as a text message.
pub fn render_told(
    settings: &Settings,
    told: &Told,
    own: &MailText,
    to: &Address,
    header_id: &str,
    now: Timestamp,
) -> Result<(Box<Rendered>, String), RenderError> {
    let greeted = |language, name: &str, letter: Letter| Letter {
        language,
        hello: hello(language, name),
        footer: questions(settings, language),
        ..letter
    };
    let (letter, name, reply_to, text) = match told {
        Told::Invitation(told) => {
            let text = wording::invitation(told, own, &settings.zone, now);
            (told.letter(settings, own), told.name.as_str(), told.reply_to(), text)
        }
        Told::Reset(told) => {
            let letter = greeted(told.language, &told.name, told.letter(own));
            (letter, told.name.as_str(), None, told.text(own))
        }
        Told::Notice(told) => {
            let letter = greeted(told.language, &told.name, told.letter(own));
            (letter, told.name.as_str(), None, told.text(own))
        }
    };
    Ok((finish(letter, to.clone(), name, reply_to, settings, header_id, now)?, text))
}

/// How a message is named to a gateway: by its `Message-ID`, without what belongs to mail.
fn text_id(header_id: &str) -> String {
    header_id.trim_start_matches('<').split('@').next().unwrap_or_default().to_string()
}

/// The test message to a number, outside the queue.
pub fn text_test(settings: &Settings, language: Language, to: &Address, id: &str) -> TextMessage {
    TextMessage { to: to.clone(), text: wording::test(language, own_name(settings)), id: text_id(id) }
}

fn finish(
    letter: Letter,
    to: Address,
    to_name: &str,
    reply_to: Option<(String, Address)>,
    settings: &Settings,
    header_id: &str,
    at: Timestamp,
) -> Result<Box<Rendered>, RenderError> {
    let (text, html) = letter.write().map_err(RenderError::Broken)?;
    Ok(Box::new(Rendered {
        to,
        to_name: one_line(to_name),
        from_name: one_line(&settings.organisation),
        reply_to,
        subject: one_line_of_sentence(&letter.subject),
        text,
        html,
        language: letter.language,
        header_id: header_id.to_string(),
        at,
    }))
}

async fn invitation(
    tx: &mut Tx,
    app: &App,
    settings: &Settings,
    message: &Message,
    user: &User,
    now: Timestamp,
) -> Result<Option<Draft>, RenderError> {
    let Some(id) = &message.invitation_id else { return Ok(None) };
    let Some(invitation) = invitations::find(tx, id).await? else { return Ok(None) };
    let Some(expires_at) = invitation.expires_at else { return Ok(None) };
    let Some(offered) = offered(tx, &invitation, message.generation, user, now).await? else { return Ok(None) };
    let inviter = match &invitation.created_by {
        Some(id) => users::find(tx, id).await?,
        None => None,
    };

    let all = roles::known(tx).await?;
    let mut offers = Vec::with_capacity(offered.len());
    for held in &offered {
        let role = all.iter().find(|role| role.id == held.role);
        offers.push(OfferedPlace {
            role: role.map(|role| invitation.language.role_name(role)).unwrap_or_default(),
            unit: held.unit_name.clone(),
            organisation: organisation(tx, app, settings, &held.unit).await?,
        });
    }
    // To which of its addresses it goes, the message says.
    let to = invitation.address_by(message.channel).unwrap_or(&invitation.address).clone();
    let (key, address) = (&app.key, to.as_str());
    let carries = carries(tx, settings, &all, &offered).await?;
    let credentials = match carries {
        InvitationCarries::Credentials => credentials(app, message.generation, &invitation, &to, now),
        InvitationCarries::Link => None,
    };
    let path = match to.channel() {
        _ if credentials.is_some() => "/sign-in".to_string(),
        Channel::Email => format!("/i/{}", key.invitation_link(&invitation.id, message.generation, address)),
        Channel::Sms => format!("/s/{}", key.short_link(&invitation.id, message.generation, address)),
    };
    let told = InvitationLetter {
        language: invitation.language,
        name: user.name.clone(),
        address: to.clone(),
        inviter,
        installation: installation_name(app, settings),
        offers,
        personal_text: invitation.personal_text,
        expires_at,
        link: app.config.link(&path),
        credentials,
        is_test: false,
        is_reminder: message.kind == MessageKind::Reminder,
        reminder: match message.kind {
            MessageKind::Reminder => {
                own_texts::standing(tx, settings, MailTextKind::Reminder, invitation.language).await?
            }
            _ => MailText::default(),
        },
    };
    let own = settings.invitation_text(told.language);
    let says = Says::to(&to, || told.letter(settings, &own), || wording::invitation(&told, &own, &settings.zone, now));
    Ok(Some(Draft { to, to_name: user.name.clone(), reply_to: told.reply_to(), says }))
}

/// What an invitation carries that offers this: what the units and the roles say, or the installation.
///
/// # Errors
/// What the database has.
pub async fn carries(
    tx: &mut Tx,
    settings: &Settings,
    roles: &[Role],
    offered: &[memberships::Membership],
) -> storage::Result<InvitationCarries> {
    let settings = units::settings_at(tx, settings, offered.iter().map(|held| &held.unit)).await?;
    let offered = offered.iter().filter_map(|held| roles.iter().find(|role| role.id == held.role));
    Ok(UsualInvitation::of(&settings).with_all(offered).carries)
}

/// What it carries in the place of its link.
fn credentials(
    app: &App,
    generation: i64,
    invitation: &invitations::Invitation,
    to: &Address,
    now: Timestamp,
) -> Option<OneTimeCredentials> {
    let until = credentials_end(invitation.renewed_at, invitation.expires_at)?;
    let (id, address) = (&invitation.id, to.as_str());
    // What reminds of an invitation whose password has ended has its link.
    (now < until).then(|| OneTimeCredentials {
        name: to.in_letters(),
        password: app.key.invitation_password(id, generation, address),
        until,
    })
}

/// What the link of an invitation still opens; `None` where that is nothing.
async fn offered(
    tx: &mut Tx,
    invitation: &invitations::Invitation,
    generation: i64,
    user: &User,
    now: Timestamp,
) -> Result<Option<Vec<memberships::Membership>>, RenderError> {
    let mut offered = memberships::of_user(tx, &user.id).await?;
    offered.retain(|held| held.is_offered_by(&invitation.id));
    let is_blocked = memberships::are_shut(&offered);
    // Whether the inviter still may is asked when the link is used.
    let dead = why_dead(&invitation.facts(), invitation.generation, generation, is_blocked, true, now);
    Ok(Some(offered).filter(|offered| dead.is_none() && !offered.is_empty()))
}

async fn reset(
    tx: &mut Tx,
    app: &App,
    settings: &Settings,
    message: &Message,
    user: &User,
    now: Timestamp,
) -> Result<Option<Draft>, RenderError> {
    let (Some(id), Some(address)) = (&message.reset_id, user.address()) else { return Ok(None) };
    let Some(reset) = resets::find(tx, id).await?.filter(|reset| reset.user_id == user.id) else { return Ok(None) };
    let Some(expires_at) = reset.expires_at.filter(|end| now < *end && reset.used_at.is_none()) else {
        return Ok(None);
    };
    let held = memberships::of_user(tx, &user.id).await?;
    if user.registered_at.is_none() || roster::facts(tx, &held).await?.status(now) != Status::Active {
        return Ok(None);
    }
    let language = user.language;
    let until = dates::exact(expires_at, &settings.zone, language);
    let told = ResetLetter {
        language,
        name: user.name.clone(),
        address: address.in_letters(),
        organisation: installation_name(app, settings),
        until,
        short_until: dates::when(expires_at, now, &settings.zone, language).short,
        link: app.config.link(&format!("/reset/{}", app.key.reset_link(&reset.id, address.as_str()))),
    };
    let own = own_texts::standing(tx, settings, MailTextKind::Reset, language).await?;
    let (letter, text) = (told.letter(&own), told.text(&own));
    Ok(Some(to_own_address(user, address, language, settings, letter, text)))
}

async fn confirmation(
    tx: &mut Tx,
    app: &App,
    settings: &Settings,
    message: &Message,
    user: &User,
    now: Timestamp,
) -> Result<Option<Draft>, RenderError> {
    let ends_at = end_of_confirmation(message.generation);
    // A number has no link that confirms it: whoever comes in by a link to it has shown that it is theirs.
    let Some(address) = user.to_confirm().filter(|_| now < ends_at) else { return Ok(None) };
    if memberships::authority(tx, &user.id).await?.is_none() {
        return Ok(None);
    }
    let language = user.language;
    let until = dates::exact(ends_at, &settings.zone, language);
    let organisation = installation_name(app, settings);
    let link = app.key.confirmation_link(&user.id, message.generation, address.as_str());
    let letter = Letter {
        subject: language.mail_confirm_subject(&organisation),
        preheader: language.mail_confirm_until(&until),
        lead: vec![language.mail_confirm_lead(&address.in_letters(), &inert(&organisation))],
        button: Some((language.confirm_address().to_string(), app.config.link(&format!("/confirm/{link}")))),
        until: language.mail_confirm_until(&until),
        ignore: language.mail_confirm_ignore(),
        ..Letter::default()
    };
    Ok(Some(to_own_address(user, address, language, settings, letter, String::new())))
}

/// The code of a link that was handed over, and the genuine link. Nothing in it tells whether the address has an account.
async fn code(
    tx: &mut Tx,
    app: &App,
    settings: &Settings,
    message: &Message,
    user: &User,
    now: Timestamp,
) -> Result<Option<Draft>, RenderError> {
    let ends_at = end_of_code(message.generation);
    let Some(id) = message.invitation_id.as_ref().filter(|_| now < ends_at) else { return Ok(None) };
    let Some(invitation) = invitations::find(tx, id).await? else { return Ok(None) };
    let newest = invitation.generation;
    if offered(tx, &invitation, newest, user, now).await?.is_none() {
        return Ok(None);
    }
    let (language, address) = (invitation.language, &invitation.address);
    let until = dates::exact(ends_at, &settings.zone, language);
    let organisation = installation_name(app, settings);
    let code = app.key.invitation_code(id, newest, message.generation, address.as_str());
    let short_until = dates::when(ends_at, now, &settings.zone, language).short;
    let text = wording::code(language, &organisation, &code, &short_until);
    let (first, second) = code.split_at(4);
    let link = app.key.invitation_link(id, newest, address.as_str());
    let letter = Letter {
        subject: language.mail_code_subject(&organisation),
        preheader: language.mail_code_until(&until),
        lead: vec![
            language.mail_code_lead(&address.in_letters(), &inert(&organisation)),
            format!("{first} {second}"),
            language.mail_code_or_link().into(),
        ],
        button: Some((language.mail_code_button().into(), app.config.link(&format!("/i/{link}")))),
        until: language.mail_code_until(&until),
        ignore: language.mail_code_ignore(),
        ..Letter::default()
    };
    Ok(Some(to_own_address(user, invitation.address, language, settings, letter, text)))
}

/// A letter to somebody's own address, which nobody answers, or the text where that is a number. All of these letters greet in
/// the same way, and end with whom one may ask.
pub(super) fn to_own_address(
    user: &User,
    to: Address,
    language: Language,
    settings: &Settings,
    letter: Letter,
    text: String,
) -> Draft {
    let greeted =
        || Letter { language, hello: hello(language, &user.name), footer: questions(settings, language), ..letter };
    let says = Says::to(&to, greeted, || text);
    Draft { to, to_name: user.name.clone(), reply_to: None, says }
}

fn test(settings: &Settings, user: &User) -> Option<Draft> {
    let to = user.address()?;
    let language = user.language;
    let says = Says::to(&to, || test_letter(settings, language), || wording::test(language, own_name(settings)));
    Some(Draft { to, to_name: user.name.clone(), reply_to: None, says })
}

/// Who a test comes from.
fn own_name(settings: &Settings) -> &str {
    if settings.organisation.is_empty() { "Usher" } else { &settings.organisation }
}

fn test_letter(settings: &Settings, language: Language) -> Letter {
    let organisation = own_name(settings);
    let lead = language.mail_test_lead(&inert(organisation));
    Letter {
        language,
        subject: language.mail_test_subject(organisation),
        preheader: lead.clone(),
        hello: language.mail_hello().to_string(),
        lead: vec![lead],
        ignore: language.mail_test_ignore(),
        ..Letter::default()
    }
}

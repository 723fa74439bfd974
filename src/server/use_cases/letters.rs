//! Messages before they leave: in whose words they speak, what those were before, how a letter would look, and a test of it to oneself.

use super::invite::{self, InviteForm};
use super::{Actor, AuditEntry, UseCaseError, broken, header_id, outbox, record, require, views};
use crate::domain::audit::AuditAction;
use crate::domain::contact::Address;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{TextId, UserId};
use crate::domain::mail_text::{MailText, MailTextKind, TextPart};
use crate::domain::onboarding::UsualInvitation;
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request};
use crate::domain::revision::Revision;
use crate::domain::settings::Settings;
use crate::domain::sms::SmsLength;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::dates;
use crate::server::delivery::{
    self, InvitationLetter, NoticeLetter, OfferedPlace, OneTimeCredentials, Rendered, ResetLetter, Told, our_words,
};
use crate::server::random;
use crate::server::storage::own_texts::TextVersion;
use crate::server::storage::{Tx, own_texts, roles, settings, units, users};
use crate::view_models::{MailPreview, TextVersionView, TextsPage};
use crate::words::Language;

/// To whom a letter is shown while no address is typed.
const SOMEBODY: &str = "name@example.com";

/// How many versions are shown of each text.
const MOST_VERSIONS: usize = 20;

/// How much of a version is shown beside its date.
const GLANCE: usize = 80;

/// The words of a message as they stand in a language, or in the reader's, whether they are the organisation's own, and what they
/// were before.
pub async fn texts(
    app: &App,
    caller: &Actor,
    kind: MailTextKind,
    language: Option<Language>,
) -> Result<TextsPage, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let reader = super::users::reader_for(&mut tx, caller, app.clock.now()).await?;
    let language = language.unwrap_or(reader.language);
    let settings = super::settings_of(&mut tx).await?;
    let own = own_texts::standing(&mut tx, &settings, kind, language).await?;
    let ours = our_words(kind, language);
    let mut stands = ours.clone();
    for part in TextPart::ALL.into_iter().filter(|part| !own.part(*part).is_empty()) {
        *stands.part_mut(part) = own.part(part).into();
    }
    let mut versions = Vec::new();
    for version in own_texts::versions(&mut tx, kind, language, MOST_VERSIONS).await? {
        let by = views::named(&mut tx, version.created_by.as_ref()).await?;
        let words = [TextPart::Subject, TextPart::Lead]
            .map(|part| if version.text.part(part).is_empty() { ours.part(part) } else { version.text.part(part) });
        versions.push(TextVersionView {
            id: version.id,
            when: reader.when(version.created_at),
            by,
            is_ours: version.text.is_empty(),
            stands: version.text == own && versions.is_empty(),
            glance: words.join(" / ").chars().take(GLANCE).collect(),
        });
    }
    Ok(TextsPage {
        kind,
        versions,
        language,
        stands,
        is_own: !own.is_empty(),
        revision: Revision::of(&own),
        can_send: app.config.relay.is_some(),
    })
}

/// Changes what a message says in a language; what is empty, or no different from ours, is said in our words.
pub async fn change_text(
    app: &App,
    caller: &Actor,
    kind: MailTextKind,
    language: Language,
    wished: &MailText,
) -> Result<(), UseCaseError> {
    let (tx, authority) = super::write_as(app, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let after = own_words(kind, language, wished)?;
    change_in(app, tx, caller, kind, language, after).await
}

/// Lets a message say in a language what it said in an earlier version; without one, our words.
///
/// # Errors
/// `NotFound` for a version of another message.
pub async fn restore_text(
    app: &App,
    caller: &Actor,
    kind: MailTextKind,
    language: Language,
    version: Option<&TextId>,
) -> Result<(), UseCaseError> {
    let (mut tx, authority) = super::write_as(app, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let text = match version {
        None => MailText::default(),
        Some(id) => {
            let found = own_texts::find(&mut tx, id).await?;
            let found = found.filter(|found| found.kind == kind && found.language == language);
            found.ok_or(UseCaseError::NotFound)?.text
        }
    };
    change_in(app, tx, caller, kind, language, text).await
}

async fn change_in(
    app: &App,
    mut tx: Tx,
    caller: &Actor,
    kind: MailTextKind,
    language: Language,
    after: MailText,
) -> Result<(), UseCaseError> {
    let settings = super::settings_of(&mut tx).await?;
    let before = own_texts::standing(&mut tx, &settings, kind, language).await?;
    caller.decided_on(&Revision::of(&before), Conflict::ChangedMeanwhile)?;
    keep_text(&mut tx, Some(&caller.user_id), kind, language, after, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Lets a message say something else in a language, and keeps what it said before; what differs of it, part by part.
pub(super) async fn keep_text(
    tx: &mut Tx,
    actor: Option<&UserId>,
    kind: MailTextKind,
    language: Language,
    after: MailText,
    now: Timestamp,
) -> Result<Vec<(TextPart, String, String)>, UseCaseError> {
    let settings = super::settings_of(tx).await?;
    let before = own_texts::standing(tx, &settings, kind, language).await?;
    let mut differ = Vec::new();
    if after == before {
        return Ok(differ);
    }
    for part in TextPart::ALL {
        let (old, new) = (before.part(part), after.part(part));
        if old != new {
            differ.push((part, old.to_string(), new.to_string()));
            let written = |text: &str| {
                let name = format!("{}_text_{} {}", kind.code(), part.code(), language.code());
                serde_json::to_string(text).map(|text| format!("{name}={text}")).map_err(|error| broken(&error))
            };
            let (old, new) = (written(old)?, written(new)?);
            let line = AuditEntry { actor, before: &old, after: &new, ..AuditEntry::default() };
            record(tx, AuditAction::SettingChanged, line, now).await?;
        }
    }
    let version = |text: MailText, by: Option<&UserId>| TextVersion {
        id: TextId::new(random::id(now)),
        kind,
        language,
        text,
        created_at: now,
        created_by: by.cloned(),
    };
    // What was saved before versions were kept is the first of them.
    if !before.is_empty() && own_texts::versions(tx, kind, language, 1).await?.is_empty() {
        own_texts::insert(tx, &version(before, None)).await?;
    }
    own_texts::insert(tx, &version(after.clone(), actor)).await?;
    if kind == MailTextKind::Invitation {
        settings::save(tx, &settings.with_invitation_text(language, after)).await?;
    }
    Ok(differ)
}

/// Checked, and without what is ours anyway.
pub(super) fn own_words(kind: MailTextKind, language: Language, wished: &MailText) -> Result<MailText, UseCaseError> {
    let mut own = wished.checked_for(kind).map_err(|(part, problem)| Invalid::MailText { part, problem })?;
    let ours = our_words(kind, language);
    for part in TextPart::ALL {
        if own.part(part) == ours.part(part) {
            own.part_mut(part).clear();
        }
    }
    Ok(own)
}

/// The message with these words, saved or not, as if whoever asks were the one who gets it; with `send` it goes to them,
/// too.
///
/// # Errors
/// `NotSent` with what stands against it.
pub async fn try_text(
    app: &App,
    caller: &Actor,
    kind: MailTextKind,
    language: Language,
    wished: &MailText,
    send: bool,
) -> Result<MailPreview, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let own = own_words(kind, language, wished)?;
    let user = users::find(&mut tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    let to = user.address();
    let to = if send { to.ok_or(Conflict::NoEmail)? } else { or_somebody(to)? };
    let settings = super::settings_of(&mut tx).await?;
    let told = match kind {
        MailTextKind::Invitation | MailTextKind::Reminder => {
            let reminder = if kind == MailTextKind::Reminder { own.clone() } else { MailText::default() };
            let told = sample_invitation(app, &mut tx, &authority, &settings, &user, language, &to, now).await?;
            let is_reminder = kind == MailTextKind::Reminder;
            Told::Invitation(Box::new(InvitationLetter { is_test: send, is_reminder, reminder, ..told }))
        }
        MailTextKind::Reset => {
            let expires_at = now + Duration::hours(1);
            Told::Reset(ResetLetter {
                language,
                name: user.name.clone(),
                address: to.in_letters(),
                organisation: settings.organisation.clone(),
                until: dates::exact(expires_at, &settings.zone, language),
                short_until: dates::when(expires_at, now, &settings.zone, language).short,
                link: app.config.link("/"),
            })
        }
        MailTextKind::Notice => Told::Notice(NoticeLetter {
            language,
            name: user.title().to_string(),
            organisation: settings.organisation.clone(),
            lines: vec![language.preview_sample_person().into()],
            link: app.config.link("/"),
        }),
    };
    // A reminder without words of its own says what the invitation says.
    let words = match kind {
        MailTextKind::Reminder => settings.invitation_text(language),
        _ => own,
    };
    drop(tx);
    let (mail, text) = render(app, &settings, &told, &words, &to, now)?;
    if send {
        outbox::count_at_once(app, &to, &caller.user_id).await?;
        let sent = delivery::send_at_once(app, &mail, user.language).await;
        sent.map_err(|reason| UseCaseError::NotSent { reason })?;
        let now = app.clock.now();
        let mut tx = app.db.write().await?;
        let line = AuditEntry { actor: Some(&caller.user_id), subject: Some(&caller.user_id), ..AuditEntry::default() };
        record(&mut tx, AuditAction::TestSent, line, now).await?;
        tx.commit().await?;
    }
    Ok(shown(app, *mail, Some(text), send))
}

/// An invitation of whoever asks, to the first unit where they invite.
async fn sample_invitation(
    app: &App,
    tx: &mut Tx,
    authority: &Authority,
    settings: &Settings,
    user: &User,
    language: Language,
    to: &Address,
    now: Timestamp,
) -> Result<InvitationLetter, UseCaseError> {
    let usual = settings.preset().usual_role;
    let role = roles::all(tx).await?.into_iter().find(|role| role.key == usual);
    let unit = units::first(tx, &authority.reach(Permission::Invite)).await?;
    let organisation = match &unit {
        Some(unit) => delivery::organisation(tx, app, settings, &unit.path).await?,
        None => settings.organisation.clone(),
    };
    let offer = OfferedPlace {
        role: role.map(|role| language.role_name(&role)).unwrap_or_default(),
        unit: unit.map_or_else(|| organisation.clone(), |unit| unit.name),
        organisation,
    };
    Ok(InvitationLetter {
        language,
        name: user.name.clone(),
        address: to.clone(),
        installation: settings.organisation.clone(),
        offers: vec![offer],
        personal_text: String::new(),
        expires_at: now + settings.invitation_valid_for,
        link: app.config.link("/"),
        credentials: OneTimeCredentials::sample(settings.carries, to, now, now + settings.invitation_valid_for),
        is_test: false,
        is_reminder: false,
        reminder: MailText::default(),
        inviter: Some(user.clone()),
    })
}

/// The letter to the first address of an invite form, with all that stands in it. It is only looked at: nothing is written,
/// and nobody is looked up, so it says the same of an address that is known and of one that is not.
pub async fn of_form(app: &App, caller: &Actor, wish: &InviteForm) -> Result<MailPreview, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    let invite::Terms { personal_text, valid_for, language } = invite::terms(wish)?;
    let known_roles = roles::all(&mut tx).await?;
    let first = invite::first_invited(wish);
    let user = users::find(&mut tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    let settings = super::settings_of(&mut tx).await?;
    let asked = [&first.role];
    let places = invite::places(&mut tx, &authority, wish, &settings, &known_roles, &asked).await?;
    let role = known_roles.iter().find(|role| role.id == first.role).ok_or(Invalid::Role)?;
    let usual = UsualInvitation::of(&invite::settings_at(&mut tx, &settings, &places).await?).with(role);
    let valid_for = usual.length_or(valid_for);
    let mut offers = Vec::with_capacity(places.len());
    for unit in &places {
        offers.push(OfferedPlace {
            role: language.role_name(role),
            unit: unit.name.clone(),
            organisation: delivery::organisation(&mut tx, app, &settings, &unit.path).await?,
        });
    }
    drop(tx);
    let to = or_somebody(first.email.map(Address::from))?;
    let told = InvitationLetter {
        language,
        name: first.name,
        address: to.clone(),
        installation: settings.organisation.clone(),
        offers,
        personal_text,
        expires_at: now + valid_for,
        link: app.config.link("/"),
        credentials: OneTimeCredentials::sample(usual.carries, &to, now, now + valid_for),
        is_test: false,
        is_reminder: false,
        reminder: MailText::default(),
        inviter: Some(user),
    };
    let told = Told::Invitation(Box::new(told));
    let (mail, _) = render(app, &settings, &told, &settings.invitation_text(language), &to, now)?;
    Ok(shown(app, *mail, None, false))
}

fn or_somebody(address: Option<Address>) -> Result<Address, UseCaseError> {
    match address {
        Some(address) => Ok(address),
        None => Address::parse(SOMEBODY).map_err(|problem| Invalid::Email(problem).into()),
    }
}

fn render(
    app: &App,
    settings: &Settings,
    told: &Told,
    own: &MailText,
    to: &Address,
    now: Timestamp,
) -> Result<(Box<Rendered>, String), UseCaseError> {
    let id = header_id(app, &random::id(now));
    delivery::render_told(settings, told, own, to, &id, now).map_err(|trouble| broken(&format!("{trouble:?}")))
}

fn shown(app: &App, mail: Rendered, text: Option<String>, is_sent: bool) -> MailPreview {
    let sender = &app.config.mail_from;
    let name = sender.name.as_deref().unwrap_or(&mail.from_name);
    MailPreview {
        from: named(name, &sender.address.clone().into()),
        to: named(&mail.to_name, &mail.to),
        reply_to: mail.reply_to.map(|(name, address)| named(&name, &address)),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        sms: text.map(|text| (text.clone(), SmsLength::of(&text))),
        is_sent,
    }
}

/// `Anna Petrova <anna@acme.by>`
fn named(name: &str, address: &Address) -> String {
    let address = address.in_letters();
    if name.is_empty() { address } else { format!("{name} <{address}>") }
}

//! What people agree to: the texts, version by version, and what each of them answers. What was agreed to is provable: the
//! version, its language and the moment are kept, and so is every answer that was given before.

use super::{Actor, AuditEntry, UseCaseError, record, require};
use crate::domain::audit::AuditAction;
use crate::domain::consent::{self, Consent, ConsentKind, ConsentText, ConsentWords, Ticks};
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{ConsentId, ConsentTextId, UserId};
use crate::domain::permission::Permission;
use crate::domain::policy::Request;
use crate::domain::revision::Revision;
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::storage::{Tx, consents, sessions, users};
use crate::server::{dates, random};
use crate::view_models::{AgreementsPage, ConsentAnswer, ConsentState, ConsentVersion, OwedConsents, PublishedText};
use crate::words::Language;

/// What is asked now.
pub(super) async fn asked(tx: &mut Tx) -> Result<Vec<ConsentText>, UseCaseError> {
    Ok(consents::asked(tx).await?)
}

/// What somebody answers by the boxes that they ticked.
///
/// # Errors
/// `NotAgreed`.
pub(super) fn answers(asked: &[ConsentText], ticks: &Ticks) -> Result<Vec<(ConsentKind, i64, bool)>, Invalid> {
    let versions: Vec<_> = asked.iter().map(|text| (text.kind, text.version)).collect();
    consent::answers(&versions, ticks)
}

/// Keeps what somebody who has just registered answers to everything that is asked.
pub(super) async fn answer_what_is_asked(
    tx: &mut Tx,
    user: &UserId,
    ticks: &Ticks,
    language: Language,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let asked = asked(tx).await?;
    keep(tx, user, answers(&asked, ticks)?, language, now).await
}

/// Keeps answers, with their lines in the history. `language` is that of the page on which the texts were read.
async fn keep(
    tx: &mut Tx,
    user: &UserId,
    answers: Vec<(ConsentKind, i64, bool)>,
    language: Language,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    for (kind, version, is_given) in answers {
        let Some(text) = consents::text(tx, kind, Some(version)).await? else { return Err(UseCaseError::NotFound) };
        let (language, _) = text.words.shown_in(language);
        let id = ConsentId::new(random::id(now));
        let user_id = user.clone();
        let consent = Consent { id, user_id, kind, version, language, is_given, answered_at: now, ended_at: None };
        consents::insert(tx, &consent).await?;
        let action = if is_given { AuditAction::ConsentGiven } else { AuditAction::ConsentRefused };
        let after = named(&consent);
        let line = AuditEntry { actor: Some(user), subject: Some(user), after: &after, ..AuditEntry::default() };
        record(tx, action, line, now).await?;
    }
    Ok(())
}

/// How the history names what was answered.
fn named(consent: &Consent) -> String {
    format!("{} {} {}", consent.kind.code(), consent.version, consent.language.code())
}

/// Publishes the sample texts with which an installation starts.
pub(super) async fn begin(
    tx: &mut Tx,
    kinds: &[ConsentKind],
    owner: &UserId,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    for kind in kinds {
        let text = ConsentText {
            id: ConsentTextId::new(random::id(now)),
            kind: *kind,
            version: 1,
            words: ConsentWords::read(&samples(*kind))?,
            is_asked: true,
            created_at: now,
            created_by: Some(owner.clone()),
        };
        consents::insert_text(tx, &text).await?;
    }
    Ok(())
}

/// Whether something that people are asked to agree to stands there as we wrote it.
pub(super) async fn are_samples_asked(tx: &mut Tx) -> Result<bool, UseCaseError> {
    let asked = asked(tx).await?;
    Ok(asked.iter().any(|text| ConsentWords::read(&samples(text.kind)).is_ok_and(|sample| sample == text.words)))
}

fn samples(kind: ConsentKind) -> Vec<(Language, String)> {
    Language::ALL.map(|language| (language, language.consent_sample(kind).to_string())).to_vec()
}

/// The page on which a text is written.
pub async fn page(app: &App, caller: &Actor, kind: ConsentKind) -> Result<AgreementsPage, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let reader = super::users::reader_for(&mut tx, caller, app.clock.now()).await?;
    let versions = consents::versions(&mut tx, kind).await?;
    let newest = versions.first();
    let texts = match newest {
        Some(text) => Language::ALL.map(|one| (one, text.words.in_language(one).to_string())).to_vec(),
        None => samples(kind),
    };
    let (is_asked, revision) = (versions.iter().any(|text| text.is_asked), revision(newest));
    let mut listed = Vec::with_capacity(versions.len());
    for text in &versions {
        listed.push(ConsentVersion {
            version: text.version,
            when: reader.when(text.created_at),
            who: super::views::named(&mut tx, text.created_by.as_ref()).await?,
            is_asked: text.is_asked,
        });
    }
    Ok(AgreementsPage { kind, texts, is_asked, versions: listed, revision })
}

fn revision(newest: Option<&ConsentText>) -> Revision {
    Revision::of(&newest.map(|text| (text.version, text.is_asked)))
}

/// Saves a text as its next version, unless nothing of it changed, and says whether people are asked to agree to it. Everybody
/// who agreed to another version is asked again.
///
/// # Errors
/// `ConsentText` where there are no words in any language.
pub async fn publish(
    app: &App,
    caller: &Actor,
    kind: ConsentKind,
    typed: &[(Language, String)],
    is_asked: bool,
) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    require(&authority, Request::Use(Permission::ChangeSettings))?;
    let words = ConsentWords::read(typed)?;
    let before = consents::text(&mut tx, kind, None).await?;
    caller.decided_on(&revision(before.as_ref()), Conflict::ChangedMeanwhile)?;
    keep_text(&mut tx, Some(&caller.user_id), before.as_ref(), kind, words, is_asked, now).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction; `before` is the newest version, and `author` whoever wrote the words.
pub(super) async fn keep_text(
    tx: &mut Tx,
    author: Option<&UserId>,
    before: Option<&ConsentText>,
    kind: ConsentKind,
    words: ConsentWords,
    is_asked: bool,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let was_asked = before.is_some_and(|text| text.is_asked);
    let last = before.map_or(0, |text| text.version);
    let is_new = before.is_none_or(|text| text.words != words);
    let version = if is_new { last + 1 } else { last };
    if is_new {
        let text = ConsentText {
            id: ConsentTextId::new(random::id(now)),
            kind,
            version,
            words,
            is_asked: false,
            created_at: now,
            created_by: author.cloned(),
        };
        consents::insert_text(tx, &text).await?;
        note(tx, author, AuditAction::ConsentPublished, kind, version, now).await?;
    }
    if is_new || was_asked != is_asked {
        consents::ask(tx, kind, if is_asked { version } else { 0 }).await?;
    }
    match (was_asked, is_asked) {
        (false, true) => note(tx, author, AuditAction::ConsentAsked, kind, version, now).await,
        (true, false) => note(tx, author, AuditAction::ConsentNotAsked, kind, version, now).await,
        _ => Ok(()),
    }
}

async fn note(
    tx: &mut Tx,
    actor: Option<&UserId>,
    action: AuditAction,
    kind: ConsentKind,
    version: i64,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let after = format!("{} {version}", kind.code());
    record(tx, action, AuditEntry { actor, after: &after, ..AuditEntry::default() }, now).await
}

/// A version of a text, or the newest one, for whoever wants to read it.
///
/// # Errors
/// `NotFound` where there is none.
pub async fn published(
    app: &App,
    kind: ConsentKind,
    version: Option<i64>,
    language: Language,
) -> Result<PublishedText, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let zone = super::settings_of(&mut tx).await?.zone;
    let text = consents::text(&mut tx, kind, version).await?.ok_or(UseCaseError::NotFound)?;
    let newest = consents::text(&mut tx, kind, None).await?.map_or(0, |newest| newest.version);
    Ok(shown(&text, newest, language, &zone, now))
}

fn shown(text: &ConsentText, newest: i64, reader: Language, zone: &str, now: Timestamp) -> PublishedText {
    let (language, words) = text.words.shown_in(reader);
    PublishedText {
        kind: text.kind,
        version: text.version,
        is_old: text.version < newest,
        since: dates::when(text.created_at, now, zone, reader),
        language,
        text: words.to_string(),
    }
}

/// What somebody is to be asked: what they have to agree to, and what they may, where they have never answered.
async fn open_questions(tx: &mut Tx, user: &UserId) -> Result<Vec<ConsentText>, UseCaseError> {
    let mut texts = asked(tx).await?;
    let given = consents::current(tx, user).await?;
    texts.retain(|text| {
        let is_own = text.created_by.as_ref() == Some(user);
        let answer = given.iter().find(|answer| answer.kind == text.kind);
        match text.kind.is_mandatory() {
            true => !is_own && answer.is_none_or(|answer| !answer.is_given || answer.version != text.version),
            false => answer.is_none(),
        }
    });
    Ok(texts)
}

/// What stands between somebody and their pages; nothing where they owe nothing.
pub async fn owed(app: &App, caller: &Actor, language: Option<Language>) -> Result<Option<OwedConsents>, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    super::authority_before_consent(app, &mut tx, caller).await?;
    if !consents::are_owed(&mut tx, &caller.user_id).await? {
        return Ok(None);
    }
    let user = users::find(&mut tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    let (zone, language) = (super::settings_of(&mut tx).await?.zone, language.unwrap_or(user.language));
    let (texts, given) = (open_questions(&mut tx, &user.id).await?, consents::current(&mut tx, &user.id).await?);
    let before = |kind| given.iter().find(|answer| answer.kind == kind && answer.is_given).map(|answer| answer.version);
    let with_before = |text: &ConsentText| (shown(text, text.version, language, &zone, now), before(text.kind));
    let texts = texts.iter().map(with_before).collect();
    Ok(Some(OwedConsents { name: user.name, language, texts }))
}

/// Whether something stands between somebody and their pages.
pub async fn is_owed(app: &App, caller: &Actor) -> Result<bool, UseCaseError> {
    Ok(consents::are_owed(&mut app.db.read().await?, &caller.user_id).await?)
}

/// Agrees to what stands between.
///
/// # Errors
/// `NotAgreed`.
pub async fn agree(app: &App, caller: &Actor, ticks: &Ticks, language: Language) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    super::authority_before_consent(app, &mut tx, caller).await?;
    let open = open_questions(&mut tx, &caller.user_id).await?;
    keep(&mut tx, &caller.user_id, answers(&open, ticks)?, language, now).await?;
    Ok(tx.commit().await?)
}

/// Takes back what somebody agreed to. Where nobody goes on without it, the account is closed until they agree again: they are
/// signed out everywhere else, and their tokens end.
///
/// # Errors
/// `NothingAgreed` where there is nothing to take back.
pub async fn withdraw(app: &App, caller: &Actor, kind: ConsentKind) -> Result<(), UseCaseError> {
    if !kind.is_mandatory() {
        return choose_messages(app, caller, false).await;
    }
    let now = app.clock.now();
    let (mut tx, _) = super::write_as(app, caller).await?;
    let user = &caller.user_id;
    let current = consents::current(&mut tx, user).await?;
    let given = current.iter().find(|answer| answer.kind == kind && answer.is_given).ok_or(Conflict::NothingAgreed)?;
    consents::end(&mut tx, user, kind, now).await?;
    let before = named(given);
    let line = AuditEntry { actor: Some(user), subject: Some(user), before: &before, ..AuditEntry::default() };
    record(&mut tx, AuditAction::ConsentWithdrawn, line, now).await?;
    if consents::are_owed(&mut tx, user).await? {
        sessions::end_all(&mut tx, user, Some(caller.session()?)).await?;
    }
    Ok(tx.commit().await?)
}

/// Says whether somebody wants information messages (rule 49).
///
/// # Errors
/// `NotFound` where nobody is asked, of whoever wants them.
pub async fn choose_messages(app: &App, caller: &Actor, is_given: bool) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, _) = super::write_as(app, caller).await?;
    let user = users::find(&mut tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    let current = consents::current(&mut tx, &user.id).await?;
    let answer = current.iter().find(|answer| answer.kind == ConsentKind::Messages);
    if answer.is_some_and(|answer| answer.is_given == is_given) {
        return Ok(());
    }
    let asked = asked(&mut tx).await?.iter().find(|text| text.kind == ConsentKind::Messages).map(|text| text.version);
    // Whoever does not want them any more may say so after they are not asked any more.
    let version = asked.or(answer.filter(|_| !is_given).map(|answer| answer.version)).ok_or(UseCaseError::NotFound)?;
    keep(&mut tx, &user.id, vec![(ConsentKind::Messages, version, is_given)], user.language, now).await?;
    Ok(tx.commit().await?)
}

/// What somebody has said to each kind of text that is asked, or was.
pub(super) async fn states(
    tx: &mut Tx,
    user: &UserId,
    when: impl Fn(Timestamp) -> crate::view_models::FormattedTime,
) -> Result<Vec<ConsentState>, UseCaseError> {
    let (asked, answers) = (asked(tx).await?, consents::of_user(tx, user).await?);
    let state = |kind: ConsentKind| {
        let text = asked.iter().find(|text| text.kind == kind);
        let answer = answers.iter().find(|answer| answer.kind == kind);
        (text.is_some() || answer.is_some()).then(|| ConsentState {
            kind,
            asked: text.map(|text| text.version),
            is_own_text: text.is_some_and(|text| text.created_by.as_ref() == Some(user)),
            answer: answer.map(|answer| ConsentAnswer {
                version: answer.version,
                language: answer.language,
                is_given: answer.is_given,
                when: when(answer.answered_at),
                withdrawn: answer.ended_at.map(&when),
            }),
        })
    };
    Ok(ConsentKind::ALL.into_iter().filter_map(state).collect())
}

//! Everything that the organisation decides for itself, as a whole and for the operator: its settings, the words of its messages, and
//! what people are asked to agree to. Read to be kept or brought elsewhere; applied all together, or not at all.

use super::{UseCaseError, consents, letters, settings};
use crate::domain::consent::{ConsentKind, ConsentWords};
use crate::domain::mail_text::{MailText, MailTextKind};
use crate::server::app::App;
use crate::server::storage::{consents as agreements, own_texts};
use crate::words::Language;
use std::collections::BTreeMap;

/// What is decided; of what is not named nothing changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// By the code of each setting.
    pub settings: BTreeMap<String, String>,
    /// Messages that speak in the organisation's own words.
    pub texts: Vec<(MailTextKind, Language, MailText)>,
    pub agreements: Vec<Agreement>,
}

/// What people are asked to agree to, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub kind: ConsentKind,
    pub words: Vec<(Language, String)>,
    pub is_asked: bool,
}

/// Something that differs: its name, what it was, and what it is now.
pub type DecisionChange = (String, String, String);

/// All of it, as it stands.
///
/// # Errors
/// What the database has.
pub async fn current(app: &App) -> Result<Decisions, UseCaseError> {
    let mut tx = app.db.read().await?;
    let settings = super::settings_of(&mut tx).await?;
    let mut decided = Decisions { settings: settings.as_typed(), ..Decisions::default() };
    for kind in MailTextKind::ALL {
        for language in Language::ALL {
            let text = own_texts::standing(&mut tx, &settings, kind, language).await?;
            if !text.is_empty() {
                decided.texts.push((kind, language, text));
            }
        }
    }
    for kind in ConsentKind::ALL {
        let versions = agreements::versions(&mut tx, kind).await?;
        if let Some(newest) = versions.first() {
            let words = Language::ALL.map(|language| (language, newest.words.in_language(language).to_string()));
            let words = words.into_iter().filter(|(_, text)| !text.is_empty()).collect();
            let is_asked = versions.iter().any(|text| text.is_asked);
            decided.agreements.push(Agreement { kind, words, is_asked });
        }
    }
    Ok(decided)
}

/// Makes it so where it differs, and says where it did. Nothing is kept of a `dry_run`.
///
/// # Errors
/// The first that cannot be taken; then nothing is.
pub async fn apply(app: &App, wished: &Decisions, dry_run: bool) -> Result<Vec<DecisionChange>, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let mut changes = Vec::new();
    if !wished.settings.is_empty() {
        let before = super::settings_of(&mut tx).await?;
        let after = before.typed_over(None, &wished.settings)?;
        let differ = settings::keep(&mut tx, None, &before, &after, now).await?;
        changes.extend(differ.into_iter().map(|(setting, old, new)| (setting.code().to_string(), old, new)));
    }
    for (kind, language, text) in &wished.texts {
        let text = letters::own_words(*kind, *language, text)?;
        let differ = letters::keep_text(&mut tx, None, *kind, *language, text, now).await?;
        let name = |part: &str| format!("texts.{}.{}.{part}", kind.code(), language.code());
        changes.extend(differ.into_iter().map(|(part, old, new)| (name(part.code()), old, new)));
    }
    for Agreement { kind, words, is_asked } in &wished.agreements {
        let before = agreements::text(&mut tx, *kind, None).await?;
        let words = ConsentWords::read(words)?;
        for language in Language::ALL {
            let old = before.as_ref().map(|text| text.words.in_language(language)).unwrap_or_default();
            let new = words.in_language(language);
            if old != new {
                let name = format!("agreements.{}.{}", kind.code(), language.code());
                changes.push((name, old.to_string(), new.to_string()));
            }
        }
        let was_asked = before.as_ref().is_some_and(|text| text.is_asked);
        if was_asked != *is_asked {
            let name = format!("agreements.{}.asked", kind.code());
            changes.push((name, was_asked.to_string(), is_asked.to_string()));
        }
        consents::keep_text(&mut tx, None, before.as_ref(), *kind, words, *is_asked, now).await?;
    }
    if !dry_run {
        tx.commit().await?;
    }
    Ok(changes)
}

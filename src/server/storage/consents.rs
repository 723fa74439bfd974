//! What people are asked to agree to, and what each of them answered.

use super::{Look, Result, Row, Statement, Tx};
use crate::domain::consent::{Consent, ConsentKind, ConsentText, ConsentWords};
use crate::domain::id::{ConsentId, ConsentTextId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::values;
use crate::words::Language;

/// Whether the person `$1` has not agreed to something without which nobody goes on, as it is asked now. Whoever published a
/// version wrote it, and is not asked.
pub(super) const OWES: &str = "exists (select 1 from consent_texts t where t.is_asked and t.kind <> 'messages' \
    and (t.created_by is null or t.created_by <> $1) and not exists (select 1 from consents c where c.user_id = $1 \
    and c.kind = t.kind and c.version = t.version and c.is_given and c.ended_at is null))";

const TEXTS: &str = "select id, kind, version, words, is_asked, created_at, created_by from consent_texts";

const ANSWERS: &str =
    "select id, user_id, kind, version, language, is_given, answered_at, ended_at from consents where user_id = $1";

fn read_text(row: &Row) -> Result<ConsentText> {
    row.of("consent_texts", "id", |row| {
        Ok(ConsentText {
            id: ConsentTextId::new(row.text("id")?),
            kind: row.code("kind", ConsentKind::from_code)?,
            version: row.number("version")?,
            words: row.code("words", |words| serde_json::from_str::<ConsentWords>(words).ok())?,
            is_asked: row.truth("is_asked")?,
            created_at: Timestamp(row.number("created_at")?),
            created_by: row.maybe_text("created_by")?.map(UserId::new),
        })
    })
}

fn read(row: &Row) -> Result<Consent> {
    row.of("consents", "id", |row| {
        Ok(Consent {
            id: ConsentId::new(row.text("id")?),
            user_id: UserId::new(row.text("user_id")?),
            kind: row.code("kind", ConsentKind::from_code)?,
            version: row.number("version")?,
            language: row.code("language", Language::read)?,
            is_given: row.truth("is_given")?,
            answered_at: Timestamp(row.number("answered_at")?),
            ended_at: row.maybe_number("ended_at")?.map(Timestamp),
        })
    })
}

pub(super) fn looks() -> [Look; 2] {
    let texts = Look::at_table("consent_texts", "id", |row| read_text(row).map(drop));
    [texts, Look::at_table("consents", "id", |row| read(row).map(drop))]
}

/// What is asked now, in the order in which it is.
pub async fn asked(tx: &mut Tx) -> Result<Vec<ConsentText>> {
    let sql = format!("{TEXTS} where is_asked");
    let mut texts: Vec<_> =
        tx.rows(sqlx::AssertSqlSafe(sql), &[]).await?.iter().map(read_text).collect::<Result<_>>()?;
    texts.sort_by_key(|text| text.kind);
    Ok(texts)
}

/// Every version of a text, newest first.
pub async fn versions(tx: &mut Tx, kind: ConsentKind) -> Result<Vec<ConsentText>> {
    let sql = format!("{TEXTS} where kind = $1 order by version desc");
    tx.rows(sqlx::AssertSqlSafe(sql), &values![kind.code()]).await?.iter().map(read_text).collect()
}

/// A version of a text, or the newest one.
pub async fn text(tx: &mut Tx, kind: ConsentKind, version: Option<i64>) -> Result<Option<ConsentText>> {
    let sql = format!("{TEXTS} where kind = $1 and ($2 = 0 or version = $2) order by version desc limit 1");
    let row = tx.maybe_row(sqlx::AssertSqlSafe(sql), &values![kind.code(), version.unwrap_or(0)]).await?;
    row.as_ref().map(read_text).transpose()
}

/// Adds a version.
pub async fn insert_text(tx: &mut Tx, text: &ConsentText) -> Result<()> {
    let words = serde_json::to_string(&text.words).unwrap_or_default();
    let sql = "insert into consent_texts (id, kind, version, words, is_asked, created_at, created_by) \
               values ($1, $2, $3, $4, $5, $6, $7)";
    let values = values![
        &text.id,
        text.kind.code(),
        text.version,
        words,
        text.is_asked,
        text.created_at,
        text.created_by.as_ref()
    ];
    tx.execute(sql, &values).await?;
    Ok(())
}

/// Asks for this version of a text and for no other one; for none at all where it is 0.
pub async fn ask(tx: &mut Tx, kind: ConsentKind, version: i64) -> Result<()> {
    let sql = "update consent_texts set is_asked = (version = $2) where kind = $1 and (is_asked or version = $2)";
    tx.execute(sql, &values![kind.code(), version]).await?;
    Ok(())
}

/// Whether somebody has not agreed to something without which nobody goes on.
pub async fn are_owed(tx: &mut Tx, user: &UserId) -> Result<bool> {
    let sql = format!("select {OWES} as owes");
    tx.row(sqlx::AssertSqlSafe(sql), &values![user]).await?.truth("owes")
}

/// Everything that somebody ever answered, newest first.
pub async fn of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<Consent>> {
    let sql = format!("{ANSWERS} order by answered_at desc, id desc");
    tx.rows(sqlx::AssertSqlSafe(sql), &values![user]).await?.iter().map(read).collect()
}

/// What somebody's answers are now.
pub async fn current(tx: &mut Tx, user: &UserId) -> Result<Vec<Consent>> {
    let sql = format!("{ANSWERS} and ended_at is null");
    tx.rows(sqlx::AssertSqlSafe(sql), &values![user]).await?.iter().map(read).collect()
}

/// Keeps an answer; the one before it has ended.
pub async fn insert(tx: &mut Tx, consent: &Consent) -> Result<()> {
    end(tx, &consent.user_id, consent.kind, consent.answered_at).await?;
    let sql = "insert into consents (id, user_id, kind, version, language, is_given, answered_at) \
               values ($1, $2, $3, $4, $5, $6, $7)";
    let values = values![
        &consent.id,
        &consent.user_id,
        consent.kind.code(),
        consent.version,
        consent.language.code(),
        consent.is_given,
        consent.answered_at
    ];
    tx.execute(sql, &values).await?;
    Ok(())
}

/// Ends somebody's answer; `false` when there was none.
pub async fn end(tx: &mut Tx, user: &UserId, kind: ConsentKind, now: Timestamp) -> Result<bool> {
    let sql = "update consents set ended_at = $3 where user_id = $1 and kind = $2 and ended_at is null";
    Ok(tx.execute(sql, &values![user, kind.code(), now]).await? > 0)
}

/// Forgets what deleted people answered.
pub async fn erase(tx: &mut Tx, people: &[UserId]) -> Result<()> {
    Statement::for_each_of("delete from consents where user_id in", people, tx).await
}

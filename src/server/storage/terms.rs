//! What an invite form says for everybody in it: who sends it, in which words and which language, for how long, which role, where
//! to. A form that is kept has such a row, and so has a round that was sent of it. Its people stand in `invite_rows`.

use super::{Database, Look, Result, Row, Tx};
use crate::domain::contact::Channel;
use crate::domain::id::{DraftId, RoleId, UnitId, UserId};
use crate::domain::permission::Permissions;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::values;
use crate::words::Language;
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormTerms {
    pub id: DraftId,
    pub user_id: UserId,
    pub created_at: Timestamp,
    /// Forgotten from then on.
    pub kept_until: Timestamp,
    /// By which everybody of it is written to.
    pub channel: Channel,
    pub language: Language,
    pub personal_text: String,
    /// How long the links work; nothing is as usual.
    pub valid_for: Option<Duration>,
    /// Of everybody who has none of their own.
    pub role: RoleId,
    pub extra: Permissions,
    /// Those that were chosen by hand.
    pub units: Vec<UnitId>,
    /// Where it invites to.
    pub places: Vec<UnitId>,
    /// The unit that the form proposed.
    pub proposed: Option<UnitId>,
    /// How many entries were tidied up, and how many repeated another one.
    pub cleaned: usize,
    pub folded: usize,
    /// What stands in the text field.
    pub typed: String,
    /// Its people are added, and nobody is invited yet (rule 20).
    pub only_adds: bool,
}

/// What the column holds of a form that says nothing of how long its links work.
const AS_USUAL: Duration = Duration(0);

fn ids(units: &[UnitId]) -> String {
    units.iter().map(UnitId::as_str).collect::<Vec<_>>().join(" ")
}

/// Keeps the terms of a form; `bytes` is how large its rows are together.
pub async fn insert(tx: &mut Tx, new: &FormTerms, bytes: usize) -> Result<()> {
    let sql = "insert into invitation_terms (id, user_id, created_at, kept_until, channel, language, personal_text, valid_for, \
               role_id, extra, unit_ids, place_ids, proposed_id, cleaned, folded, typed, bytes, only_adds) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    let values = values![
        &new.id,
        &new.user_id,
        new.created_at,
        new.kept_until,
        new.channel.code(),
        new.language.code(),
        &new.personal_text,
        new.valid_for.unwrap_or(AS_USUAL),
        &new.role,
        new.extra.to_codes(),
        ids(&new.units),
        ids(&new.places),
        new.proposed.as_ref(),
        new.cleaned,
        new.folded,
        &new.typed,
        bytes,
        new.only_adds,
    ];
    tx.execute(sql, &values).await?;
    Ok(())
}

const COLUMNS: &str = "id, user_id, created_at, kept_until, channel, language, personal_text, valid_for, role_id, extra, \
     unit_ids, place_ids, proposed_id, cleaned, folded, typed, bytes, only_adds";

fn read(row: &Row) -> Result<FormTerms> {
    row.of("invitation_terms", "id", |row| {
        let units =
            |column| -> Result<Vec<UnitId>> { Ok(row.text(column)?.split_whitespace().map(UnitId::new).collect()) };
        let count = |column| -> Result<usize> { Ok(usize::try_from(row.number(column)?).unwrap_or_default()) };
        Ok(FormTerms {
            id: DraftId::new(row.text("id")?),
            user_id: UserId::new(row.text("user_id")?),
            created_at: Timestamp(row.number("created_at")?),
            kept_until: Timestamp(row.number("kept_until")?),
            channel: row.code("channel", Channel::from_code)?,
            language: row.code("language", Language::read)?,
            personal_text: row.text("personal_text")?,
            valid_for: Some(Duration(row.number("valid_for")?)).filter(|length| *length != AS_USUAL),
            role: RoleId::new(row.text("role_id")?),
            extra: row.code("extra", Permissions::read)?,
            units: units("unit_ids")?,
            places: units("place_ids")?,
            proposed: row.maybe_text("proposed_id")?.map(UnitId::new),
            cleaned: count("cleaned")?,
            folded: count("folded")?,
            typed: row.text("typed")?,
            only_adds: row.truth("only_adds")?,
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("invitation_terms", "id", |row| {
        read(row)?;
        row.of("invitation_terms", "id", |row| row.number("bytes").map(drop))
    })
}

/// The terms of a form of this person, and nobody else's.
pub async fn find(tx: &mut Tx, id: &DraftId, user: &UserId, now: Timestamp) -> Result<Option<FormTerms>> {
    let sql = format!("select {COLUMNS} from invitation_terms where id = $1 and user_id = $2 and kept_until > $3");
    tx.maybe_row(sqlx::AssertSqlSafe(sql), &values![id, user, now]).await?.as_ref().map(read).transpose()
}

/// Puts another text into the text field.
pub async fn set_typed(tx: &mut Tx, id: &DraftId, typed: &str) -> Result<()> {
    tx.execute("update invitation_terms set typed = $2 where id = $1", &values![id, typed]).await?;
    Ok(())
}

/// Keeps a form until then.
pub async fn keep_until(tx: &mut Tx, id: &DraftId, until: Timestamp) -> Result<()> {
    tx.execute("update invitation_terms set kept_until = $2 where id = $1", &values![id, until]).await?;
    Ok(())
}

/// The forms of a person with their sizes in bytes, newest first: those that were only kept, and those that were sent. What a job
/// is at is not among them.
pub async fn sizes(tx: &mut Tx, user: &UserId) -> Result<[Vec<(DraftId, i64)>; 2]> {
    let sql = "select t.id, t.bytes, r.id as round from invitation_terms t left join invitation_rounds r on r.id = t.id \
               where t.user_id = $1 and not exists (select 1 from jobs j where j.subject = t.id) \
               order by t.created_at desc, t.id desc";
    let (mut kept, mut sent) = (Vec::new(), Vec::new());
    for row in tx.rows(sql, &values![user]).await? {
        let these = if row.maybe_text("round")?.is_some() { &mut sent } else { &mut kept };
        these.push((DraftId::new(row.text("id")?), row.number("bytes")?));
    }
    Ok([kept, sent])
}

/// The text fields in which something stands, of everybody.
pub async fn typed_texts(tx: &mut Tx) -> Result<Vec<(DraftId, String)>> {
    let rows = tx.rows("select id, typed from invitation_terms where typed <> ''", &[]).await?;
    rows.iter().map(|row| Ok((DraftId::new(row.text("id")?), row.text("typed")?))).collect()
}

/// Forgets forms that are about nobody any more, of those that name people by these rows' forms.
pub async fn remove_empty(tx: &mut Tx, ids: &BTreeSet<DraftId>) -> Result<()> {
    for id in ids {
        let is_empty = "not exists (select 1 from invitation_rows r where r.terms_id = $1)";
        let sql = format!(
            "delete from invitation_rounds where id = $1 and {is_empty} \
             and exists (select 1 from invitation_terms t where t.id = $1 and t.typed = '')"
        );
        tx.execute(sqlx::AssertSqlSafe(sql), &values![id]).await?;
        let sql = format!("delete from invitation_terms where id = $1 and typed = '' and {is_empty}");
        tx.execute(sqlx::AssertSqlSafe(sql), &values![id]).await?;
    }
    Ok(())
}

/// Forgets every form of a person, and what was to be done for them: from now on nobody finds it, and the next sweep takes the rows
/// away, which may be many.
pub async fn remove_of(tx: &mut Tx, user: &UserId) -> Result<()> {
    tx.execute("delete from jobs where user_id = $1", &values![user]).await?;
    let sql = "update invitation_terms set kept_until = 0, personal_text = '', typed = '' where user_id = $1";
    tx.execute(sql, &values![user]).await?;
    Ok(())
}

/// Forgets one form, its rows in small parts.
pub async fn remove(db: &Database, id: &DraftId) -> Result<()> {
    let rows = "delete from invitation_rows where id in (select id from invitation_rows where terms_id = $1 limit 300)";
    db.touch_all(rows, &values![id]).await?;
    db.touch("delete from invitation_rounds where id = $1", &values![id]).await?;
    db.touch("delete from invitation_terms where id = $1", &values![id]).await?;
    Ok(())
}

/// Forgets the forms that are kept no longer, as long as no job is at them.
pub async fn sweep(db: &Database, now: Timestamp) -> Result<()> {
    for sql in [
        "delete from invitation_rows where id in (select r.id from invitation_terms t join invitation_rows r on r.terms_id = t.id \
         where t.kept_until <= $1 and not exists (select 1 from jobs j where j.subject = t.id) limit 300)",
        "delete from invitation_rounds where id in (select t.id from invitation_terms t join invitation_rounds r on r.id = t.id \
         where t.kept_until <= $1 and not exists (select 1 from jobs j where j.subject = t.id) limit 100)",
        "delete from invitation_terms where id in (select t.id from invitation_terms t where t.kept_until <= $1 \
         and not exists (select 1 from invitation_rows r where r.terms_id = t.id) \
         and not exists (select 1 from invitation_rounds r where r.id = t.id) limit 100)",
    ] {
        db.touch_all(sql, &values![now]).await?;
    }
    Ok(())
}

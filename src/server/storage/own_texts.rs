//! What messages say in the organisation's own words, version by version. The words of invitations stand in the settings; of every
//! other kind the newest version is what stands.

use super::{Corrupt, Look, Result, Row, Tx};
use crate::domain::id::{TextId, UserId};
use crate::domain::mail_text::{MailText, MailTextKind};
use crate::domain::settings::Settings;
use crate::domain::timestamp::Timestamp;
use crate::values;
use crate::words::Language;

/// What was saved at a moment; a text that is empty stands for ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextVersion {
    pub id: TextId,
    pub kind: MailTextKind,
    pub language: Language,
    pub text: MailText,
    pub created_at: Timestamp,
    pub created_by: Option<UserId>,
}

const SELECT: &str =
    "select id, kind, language, subject, lead, button, sms, created_at, created_by from own_texts where";

fn read(row: &Row) -> Result<TextVersion> {
    row.of("own_texts", "id", |row| {
        let kind = row.code("kind", MailTextKind::from_code)?;
        let text = MailText {
            subject: row.text("subject")?,
            lead: row.text("lead")?,
            button: row.text("button")?,
            sms: row.text("sms")?,
        };
        // What stands there is put into messages as it is.
        if !text.can_be_filled() {
            return Err(Corrupt::column("subject").into());
        }
        Ok(TextVersion {
            id: TextId::new(row.text("id")?),
            kind,
            language: row.code("language", Language::read)?,
            text,
            created_at: Timestamp(row.number("created_at")?),
            created_by: row.maybe_text("created_by")?.map(UserId::new),
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("own_texts", "id", |row| read(row).map(drop))
}

/// Keeps a version.
pub async fn insert(tx: &mut Tx, version: &TextVersion) -> Result<()> {
    let sql = "insert into own_texts (id, kind, language, subject, lead, button, sms, created_at, created_by) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let TextVersion { text, .. } = version;
    let values = values![
        &version.id,
        version.kind.code(),
        version.language.code(),
        &text.subject,
        &text.lead,
        &text.button,
        &text.sms,
        version.created_at,
        version.created_by.as_ref(),
    ];
    tx.execute(sql, &values).await?;
    Ok(())
}

/// The versions of a kind in a language, the newest first.
pub async fn versions(tx: &mut Tx, kind: MailTextKind, language: Language, most: usize) -> Result<Vec<TextVersion>> {
    let sql = format!("{SELECT} kind = $1 and language = $2 order by id desc limit $3");
    let values = values![kind.code(), language.code(), most];
    tx.rows(sqlx::AssertSqlSafe(sql), &values).await?.iter().map(read).collect()
}

/// One version.
pub async fn find(tx: &mut Tx, id: &TextId) -> Result<Option<TextVersion>> {
    let row = tx.maybe_row(sqlx::AssertSqlSafe(format!("{SELECT} id = $1")), &values![id]).await?;
    row.as_ref().map(read).transpose()
}

/// What stands: the organisation's own words, empty where it has none.
pub async fn standing(tx: &mut Tx, settings: &Settings, kind: MailTextKind, language: Language) -> Result<MailText> {
    if kind == MailTextKind::Invitation {
        return Ok(settings.invitation_text(language));
    }
    Ok(versions(tx, kind, language, 1).await?.pop().map(|version| version.text).unwrap_or_default())
}

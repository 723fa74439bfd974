//! What a refused form had typed and no cookie holds: a few texts for each person, for a short time, so that nothing typed is
//! lost without script.

use super::{Database, Look, Result, Tx};
use crate::domain::id::{NoteId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::domain::user::User;
use crate::values;
use serde_json::{Map, Value};

/// Keeps a text.
pub async fn insert(tx: &mut Tx, id: &NoteId, user: &UserId, content: &str, now: Timestamp) -> Result<()> {
    let sql = "insert into notes (id, user_id, content, created_at) values ($1, $2, $3, $4)";
    tx.execute(sql, &values![id, user, content, now]).await?;
    Ok(())
}

/// A text of this person, and nobody else's, that is not older than `since`.
pub async fn find(tx: &mut Tx, id: &NoteId, user: &UserId, since: Timestamp) -> Result<Option<String>> {
    let sql = "select content from notes where id = $1 and user_id = $2 and created_at >= $3";
    let row = tx.maybe_row(sql, &values![id, user, since]).await?;
    row.map(|row| row.text("content")).transpose()
}

/// The texts of a person with their lengths in bytes, newest first.
pub async fn sizes(tx: &mut Tx, user: &UserId) -> Result<Vec<(NoteId, i64)>> {
    let sql = "select id, cast(octet_length(content) as bigint) as bytes from notes where user_id = $1 order by created_at desc, id desc";
    let rows = tx.rows(sql, &values![user]).await?;
    rows.iter().map(|row| Ok((NoteId::new(row.text("id")?), row.number("bytes")?))).collect()
}

/// Forgets a text.
pub async fn remove(tx: &mut Tx, id: &NoteId) -> Result<()> {
    tx.execute("delete from notes where id = $1", &values![id]).await?;
    Ok(())
}

/// Forgets what a deleted person kept, and what others typed of them (PR-01). There are a few texts for each person who is at
/// work in this hour, so they are simply read.
pub async fn erase(tx: &mut Tx, user: &User) -> Result<()> {
    tx.execute("delete from notes where user_id = $1", &values![&user.id]).await?;
    let known = [
        Some(user.id.to_string()),
        user.email.clone(),
        user.unconfirmed_email.clone(),
        user.phone.clone(),
        user.login.clone(),
    ];
    for row in tx.rows("select id, content from notes", &[]).await? {
        let content = row.text("content")?;
        // Whatever it is, it may name them.
        let content = serde_json::from_str(&content).unwrap_or(Value::String(content));
        if known.iter().flatten().any(|name| is_named(&content, name)) {
            remove(tx, &NoteId::new(row.text("id")?)).await?;
        }
    }
    Ok(())
}

/// Whether a text somewhere in a note names somebody: with the whole of an identifier, not with a part of another's.
fn is_named(content: &Value, name: &str) -> bool {
    match content {
        Value::String(text) => has_word(&text.to_lowercase(), name),
        Value::Array(all) => match all.as_slice() {
            // A field: what it is called names nobody.
            [Value::String(_), typed] => is_named(typed, name),
            all => all.iter().any(|one| is_named(one, name)),
        },
        Value::Object(all) => all.values().any(|one| is_named(one, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether `name` stands in `text` by itself: `a@acme.by` does not in `olga@acme.by` or `a@acme.by.example`.
fn has_word(text: &str, name: &str) -> bool {
    let goes_on = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '+' | '@');
    text.match_indices(name).any(|(at, found)| {
        let (before, after) = (&text[..at], &text[at + found.len()..]);
        let begins = !before.chars().next_back().is_some_and(|letter| goes_on(letter) || letter == '.');
        let mut after = after.chars();
        let ends = match after.next() {
            Some('.') => !after.next().is_some_and(goes_on),
            Some(letter) => !goes_on(letter),
            None => true,
        };
        begins && ends
    })
}

pub(super) fn look() -> Look {
    Look::at_table("notes", "id", |row| {
        row.code("content", |content| serde_json::from_str::<Map<String, Value>>(content).ok())?;
        row.text("user_id")?;
        row.number("created_at").map(drop)
    })
}

/// Forgets texts older than `before`.
pub async fn sweep(db: &Database, before: Timestamp) -> Result<u64> {
    db.touch("delete from notes where created_at < $1", &values![before]).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_note_names_whoever_stands_in_it_as_a_whole() {
        let note = |text: &str| json!({ "form": "/api/invite", "typed": [["addresses", text]] });
        for text in ["a@acme.by", "x@y.by, A@acme.by; z", "Anna <a@acme.by>", "write to a@acme.by.", "\na@acme.by\n"] {
            assert!(is_named(&note(text), "a@acme.by"), "{text}");
        }
        for text in ["olga@acme.by", "a.a@acme.by", "a-a@acme.by", "a@acme.by.example", "a@acme.bye", "x+a@acme.by", ""]
        {
            assert!(!is_named(&note(text), "a@acme.by"), "{text}");
        }
        assert!(!is_named(&note("x"), "typed") && !is_named(&note("x"), "addresses"));
        assert!(is_named(&note("call +375291112233!"), "+375291112233"));
    }
}

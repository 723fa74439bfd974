//! What a refused form had typed and what no cookie can hold: a few texts, for nobody but whoever typed them (`domain::quota`).

use super::tries::CountedTries;
use super::{Actor, UseCaseError};
use crate::domain::id::NoteId;
use crate::domain::quota::{NOTE_AGE, NOTES, NOTES_AN_HOUR};
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::notes;

/// Keeps a note; its id. Of those before it, the oldest go.
///
/// # Errors
/// `TooMany` when one person keeps more in an hour than can be typed.
pub async fn keep(app: &App, caller: &Actor, content: &str) -> Result<NoteId, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, _) = super::write_as(app, caller).await?;
    CountedTries::an_hour(NOTES_AN_HOUR, format!("notes {}", caller.user_id)).count(&mut tx, now).await?;
    let id = NoteId::new(random::id(now));
    notes::insert(&mut tx, &id, &caller.user_id, content, now).await?;
    for beyond in NOTES.beyond(notes::sizes(&mut tx, &caller.user_id).await?) {
        notes::remove(&mut tx, &beyond).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// A note of the caller's own, while it is kept.
pub async fn find(app: &App, caller: &Actor, id: &NoteId) -> Result<Option<String>, UseCaseError> {
    let since = app.clock.now() - NOTE_AGE;
    let (mut tx, _) = super::read_as(app, caller).await?;
    Ok(notes::find(&mut tx, id, &caller.user_id, since).await?)
}

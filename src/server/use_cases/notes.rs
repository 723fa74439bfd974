//! What a plain form typed and what no cookie can hold: kept for a day among the drafts, for nobody but whoever typed it.

use super::{Caller, Refusal};
use crate::domain::id::DraftId;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::drafts::{self, Kept};

/// Keeps a note; its id.
pub async fn keep(app: &App, caller: &Caller, content: &str) -> Result<DraftId, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    super::authority(app, &mut tx, caller).await?;
    let id = DraftId::new(random::id(now));
    drafts::insert(&mut tx, &id, &caller.user_id, content, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// A note of the caller's own, while it is kept.
pub async fn find(app: &App, caller: &Caller, id: &DraftId) -> Result<Option<String>, Refusal> {
    let mut tx = app.db.read().await?;
    super::authority(app, &mut tx, caller).await?;
    Ok(match drafts::find(&mut tx, id, &caller.user_id).await? {
        Some(Kept::Note(note)) => Some(note),
        Some(Kept::Draft(_)) | None => None,
    })
}

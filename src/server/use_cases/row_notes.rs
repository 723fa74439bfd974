//! What a row of the users table says of an open invitation beside its status, in one line: why its message did not arrive, or
//! that it was sent again. One look for a whole page, however long the list is.

use super::UseCaseError;
use super::views::Reader;
use crate::domain::id::{InvitationId, UnitId, UserId};
use crate::domain::user::Status;
use crate::server::dates;
use crate::server::storage::roster::{self, RosterRow};
use crate::server::storage::{Tx, messages};
use std::collections::HashMap;

/// The lines of those of a page who have one, as the list of a unit shows them: of an invitation into it, and of no other.
pub(super) async fn of_page(
    tx: &mut Tx,
    unit: &UnitId,
    lines: &[RosterRow],
    reader: &Reader,
) -> Result<HashMap<UserId, String>, UseCaseError> {
    let has_one = |line: &&RosterRow| line.status.is_pending() || line.status == Status::Expired;
    let people: Vec<UserId> = lines.iter().filter(has_one).map(|line| line.id.clone()).collect();
    let open = roster::open_offers(tx, unit, &people).await?;
    let is_failed = |id: &UserId| lines.iter().any(|line| &line.id == id && line.status == Status::Failed);
    let failed: Vec<InvitationId> =
        open.iter().filter(|offer| is_failed(&offer.user_id)).map(|offer| offer.id.clone()).collect();
    let mut reasons = HashMap::new();
    for (id, line) in messages::histories(tx, &failed).await? {
        // The newest one says why it stands as it does.
        if line.event.is_failure() {
            reasons.insert(id, (line.channel, line.reason));
        }
    }
    let (words, today) = (reader.language, dates::day_of(reader.now, &reader.zone));
    let days_since = |at| usize::try_from(today - dates::day_of(at, &reader.zone)).unwrap_or_default();
    let note = |offer: &roster::OpenOfferRow| match is_failed(&offer.user_id) {
        true => {
            let (channel, reason) = reasons.get(&offer.id).copied().unwrap_or_default();
            Some(words.failed_shortly(channel, reason).to_string())
        }
        false => match offer.reminded_at {
            Some(at) => Some(words.reminded(days_since(at))),
            None => (offer.is_resent).then(|| words.sent_again(days_since(offer.renewed_at))),
        },
    };
    Ok(open.iter().filter_map(|offer| Some((offer.user_id.clone(), note(offer)?))).collect())
}

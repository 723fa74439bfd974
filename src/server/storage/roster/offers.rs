//! The open invitations behind the rows of a page.

use crate::domain::id::{InvitationId, UnitId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::server::storage::{MOST_IN_A_LIST, Result, Statement, Tx};
use crate::values;

/// The newest invitation of somebody into a unit or below it that is neither accepted nor withdrawn.
#[derive(Clone, Debug)]
pub struct OpenOfferRow {
    pub user_id: UserId,
    pub id: InvitationId,
    /// It was sent again.
    pub is_resent: bool,
    /// When the newest of them was sent.
    pub renewed_at: Timestamp,
    /// When its person was reminded of that one.
    pub reminded_at: Option<Timestamp>,
}

/// One of each of these people who has one: the newest, which decides how they stand in the list.
pub async fn open_offers(tx: &mut Tx, unit: &UnitId, people: &[UserId]) -> Result<Vec<OpenOfferRow>> {
    let mut found: Vec<OpenOfferRow> = Vec::new();
    for some in people.chunks(MOST_IN_A_LIST) {
        let mut offers = Statement {
            sql: "select m.user_id, i.id, i.generation > 1 or i.extended_at is not null as is_resent, i.renewed_at, \
                  i.reminded_at from memberships m \
                  join invitations i on i.id = m.invitation_id join units n on n.id = m.unit_id \
                  join units l on l.id = $1 where m.active_at is null and i.accepted_at is null and i.withdrawn_at is null \
                  and n.path >= l.path and n.path < l.path || '~' and m.user_id in ("
                .into(),
            values: values![unit].to_vec(),
        };
        let ids = offers.bind_all(some);
        offers.push(&format!("{ids}) order by i.created_at desc, i.id desc"));
        for row in offers.rows(tx).await? {
            let user_id = UserId::new(row.text("user_id")?);
            if found.iter().all(|known| known.user_id != user_id) {
                found.push(OpenOfferRow {
                    user_id,
                    id: InvitationId::new(row.text("id")?),
                    is_resent: row.truth("is_resent")?,
                    renewed_at: Timestamp(row.number("renewed_at")?),
                    reminded_at: row.maybe_number("reminded_at")?.map(Timestamp),
                });
            }
        }
    }
    Ok(found)
}

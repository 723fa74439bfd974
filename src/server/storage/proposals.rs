//! What waits for a second administrator and no invitation carries: a few rows, each with its wish.

use super::corrupt::fields;
use super::{Look, Result, Row, Tx};
use crate::domain::id::{ProposalId, UserId};
use crate::domain::proposal::ProposedChange;
use crate::domain::timestamp::Timestamp;
use crate::values;

#[derive(Clone, Debug)]
pub struct Proposal {
    pub id: ProposalId,
    pub wish: ProposedChange,
    /// How the thing was that is to be changed (CO-06); empty where there was nothing.
    pub base: String,
    pub proposed_by: UserId,
    pub created_at: Timestamp,
}

pub async fn insert(tx: &mut Tx, new: &Proposal) -> Result<()> {
    let content = serde_json::to_string(&new.wish).unwrap_or_default();
    let sql = "insert into proposals (id, content, base, proposed_by, created_at) values ($1, $2, $3, $4, $5)";
    tx.execute(sql, &values![&new.id, content, &new.base, &new.proposed_by, new.created_at]).await?;
    Ok(())
}

fn read(row: &Row) -> Result<Proposal> {
    row.of("proposals", "id", |row| {
        Ok(Proposal {
            id: ProposalId::new(row.text("id")?),
            wish: row.code("content", fields)?,
            base: row.text("base")?,
            proposed_by: UserId::new(row.text("proposed_by")?),
            created_at: Timestamp(row.number("created_at")?),
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("proposals", "id", |row| read(row).map(drop))
}

/// All of them, oldest first.
pub async fn all(tx: &mut Tx) -> Result<Vec<Proposal>> {
    let sql = "select id, content, base, proposed_by, created_at from proposals order by id";
    tx.rows(sql, &[]).await?.iter().map(read).collect()
}

/// Takes one away; whether it was there.
pub async fn remove(tx: &mut Tx, id: &ProposalId) -> Result<bool> {
    Ok(tx.execute("delete from proposals where id = $1", &values![id]).await? == 1)
}

/// Takes away what deleted people proposed, and what was proposed about them (PR-01).
pub async fn erase(tx: &mut Tx, people: &[UserId]) -> Result<()> {
    for proposal in all(tx).await? {
        if people.contains(&proposal.proposed_by) || proposal.wish.user().is_some_and(|user| people.contains(user)) {
            remove(tx, &proposal.id).await?;
        }
    }
    Ok(())
}

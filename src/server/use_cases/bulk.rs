//! One action for many people. Whoever is selected is written down with what the policy says of each (`ask`); what is asked before
//! it is done, how far it is and what became of it, is one page (`look`); a job does it, part by part (`work`), and what no other action
//! takes back it takes back by what was kept of each (`give_back`).

mod ask;
mod give_back;
mod look;
mod report;
mod work;

pub use ask::{BulkWish, ask};
pub use look::page;
pub use report::{ReportLine, ReportPlace, report};
pub use work::{BulkTerms, give_up, go_on, hurry, start, stop};

use super::{Actor, UseCaseError, require, standing_of};
use crate::domain::bulk::kept_refusal;
use crate::domain::id::{BulkId, UserId};
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request};
use crate::domain::revision::Revision;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::user::{User, UserAction};
use crate::server::storage::bulk::BulkRun;
use crate::server::storage::{Tx, bulk, invitations, memberships};

/// How long a question waits for its answer.
const QUESTION_AGE: Duration = Duration::days(1);

/// How long a report is kept.
const REPORT_AGE: Duration = Duration::days(7);

/// A run of the caller's own; somebody else's is as if it were not there.
async fn own(
    tx: &mut Tx,
    authority: &Authority,
    caller: &Actor,
    id: &BulkId,
    now: Timestamp,
) -> Result<BulkRun, UseCaseError> {
    require(authority, Request::Use(Permission::SeeUsers))?;
    let found = bulk::find(tx, id, now).await?;
    found.filter(|run| run.user_id == caller.user_id).ok_or(UseCaseError::NotFound)
}

/// Forgets what a deleted person asked for, and what they had before something was done to them; what that was is kept by their
/// number (PR-01).
pub(super) async fn forget(tx: &mut Tx, user: &User) -> Result<(), UseCaseError> {
    bulk::remove_of(tx, &user.id).await?;
    Ok(bulk::forget_before(tx, user.number).await?)
}

/// How somebody stands, as far as it concerns an action that can be taken back: where this is the same still, nobody has changed it.
async fn stands(tx: &mut Tx, action: UserAction, user: &UserId) -> Result<Revision, UseCaseError> {
    let all = memberships::of_user(tx, user).await?;
    if action != UserAction::Withdraw {
        return Ok(standing_of(&all));
    }
    let mut open = Vec::new();
    for invitation in invitations::of_user(tx, user).await? {
        let offered: Vec<_> = all.iter().filter(|held| held.is_offered_by(&invitation.id)).cloned().collect();
        open.push((invitation.revision(&offered), invitation.declined_at, invitation.replaced_by));
    }
    Ok(Revision::of(&(standing_of(&all), open)))
}

/// A refusal as it is kept beside a row.
fn refusal_text(refusal: UseCaseError) -> Option<String> {
    serde_json::to_string(&kept_refusal(refusal)).ok()
}

/// The same read again; what an older version kept may not be known any more.
fn read_refusal(text: Option<&str>) -> Option<UseCaseError> {
    text.and_then(|text| serde_json::from_str(text).ok())
}

//! What an invite form sent and what has not left yet: for how long it is held, how it is hurried, how it is taken back as if
//! nothing had been. Whom to invite is decided in `invite`; nothing here makes an invitation.

use super::{Caller, Line, Refusal, record, require};
use crate::domain::audit::Deed;
use crate::domain::contact::in_letters;
use crate::domain::id::{DraftId, UserId};
use crate::domain::membership::Standing;
use crate::domain::moment::{Moment, Span};
use crate::domain::permission::Permission;
use crate::domain::policy::{Ask, Authority, decide};
use crate::domain::refusal::Conflict;
use crate::domain::review::{Hold, InviteDraft, ReviewRow, SentRow, Verdict};
use crate::domain::user::Verb;
use crate::server::app::App;
use crate::server::storage::drafts::{self, Kept};
use crate::server::storage::{Tx, invitations, memberships, messages, roster, users};

/// A draft of the caller's own.
pub async fn draft(app: &App, caller: &Caller, id: &DraftId) -> Result<InviteDraft, Refusal> {
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    let mut draft = own_draft(&mut tx, &authority, caller, id).await?;
    for row in &mut draft.sent {
        row.address = in_letters(&row.address);
    }
    Ok(draft)
}

/// A draft as it is kept.
pub(super) fn written(draft: &InviteDraft) -> Result<String, Refusal> {
    serde_json::to_string(draft).map_err(|error| super::broken(&error))
}

/// How long what a draft sent is still held.
pub fn hold(app: &App, id: &DraftId, draft: &InviteDraft) -> Option<Hold> {
    let left = draft.held_until? - app.clock.now();
    (left > Span(0)).then(|| Hold { draft: id.clone(), seconds: left.as_seconds_up() })
}

/// Lets what a draft sent leave without waiting any longer. `typed` is what stands in the text field.
pub async fn send_now(app: &App, caller: &Caller, id: &DraftId, typed: &str) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    let mut draft = own_draft(&mut tx, &authority, caller, id).await?;
    for row in &draft.sent {
        messages::hurry(&mut tx, &row.invitation, now).await?;
    }
    draft.held_until = None;
    draft.keep_typed(typed);
    drafts::update(&mut tx, id, &caller.user_id, &written(&draft)?).await?;
    tx.commit().await?;
    app.outbox.notify_one();
    Ok(())
}

/// Takes back what a draft sent, as long as it is held: nothing leaves, and nobody is left of whom nothing else is known. The
/// rows stand in the form again. Once more does nothing more.
///
/// # Errors
/// `Conflict::AlreadyLeft` when there is nothing left to take back.
pub async fn take_back(app: &App, caller: &Caller, id: &DraftId, typed: &str) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    let mut draft = own_draft(&mut tx, &authority, caller, id).await?;
    if draft.sent.is_empty() {
        return Ok(());
    }
    if hold(app, id, &draft).is_none() {
        return Err(Conflict::AlreadyLeft.into());
    }
    let (mut rows, mut left, mut people) = (Vec::new(), Vec::new(), Vec::new());
    for row in std::mem::take(&mut draft.sent) {
        match recall(&mut tx, caller, &authority, &row, now).await? {
            Some(mut recalled) => {
                people.push(row.user_id);
                // A row that has the role of the form follows the form.
                recalled.role = recalled.role.filter(|role| Some(role) != draft.role.as_ref());
                rows.push(recalled);
            }
            None => left.push(row),
        }
    }
    if rows.is_empty() {
        return Err(Conflict::AlreadyLeft.into());
    }
    for person in &people {
        forget_if_unknown(app, &mut tx, person, now).await?;
    }
    roster::refresh(&mut tx, &people, now).await?;
    rows.append(&mut draft.rows);
    let mut draft = InviteDraft { rows, sent: left, held_until: None, ..draft };
    draft.keep_typed(typed);
    drafts::update(&mut tx, id, &caller.user_id, &written(&draft)?).await?;
    tx.commit().await?;
    Ok(())
}

/// One invitation of a form, if it has not left and the caller may still end it: it ends, and what it offered goes with it.
/// The row to be sent again.
async fn recall(
    tx: &mut Tx,
    caller: &Caller,
    authority: &Authority,
    row: &SentRow,
    now: Moment,
) -> Result<Option<ReviewRow>, Refusal> {
    let (Some(invitation), Some(user)) =
        (invitations::find(tx, &row.invitation).await?, users::find(tx, &row.user_id).await?)
    else {
        return Ok(None);
    };
    let mut offered = memberships::of_user(tx, &user.id).await?;
    offered.retain(|held| held.is_offered_by(&invitation.id));
    let places = memberships::places(&offered);
    let ask = Ask::Do { verb: Verb::Withdraw, user_id: &user.id, places: &places };
    // What somebody blocked in between is not undone by the way.
    let is_open = offered.iter().all(|held| held.standing() == Standing::Offered) && invitation.withdrawn_at.is_none();
    let Some(first) = offered.first().filter(|_| is_open && decide(authority, ask).is_allowed()) else {
        return Ok(None);
    };
    let was_queued = invitations::was_sent(tx, &invitation.id).await?;
    if was_queued && !messages::take_back(tx, &invitation.id, now).await? {
        return Ok(None);
    }
    let line =
        Line { actor: Some(&caller.user_id), subject: Some(&user.id), unit: Some(first.unit.id()), ..Line::default() };
    record(tx, Deed::Withdrawn, line, now).await?;
    invitations::withdraw(tx, &invitation.id, now).await?;
    let role = Some(first.role.clone());
    memberships::remove_offered_by(tx, &invitation.id).await?;
    Ok(Some(ReviewRow { typed: row.address.clone(), name: user.name, role, verdict: Verdict::Ready }))
}

/// Forgets somebody of whom nothing is left but that he was to be invited: no word of it reached him.
async fn forget_if_unknown(app: &App, tx: &mut Tx, id: &UserId, now: Moment) -> Result<(), Refusal> {
    let is_unknown = users::find(tx, id).await?.is_some_and(|user| user.registered_at.is_none());
    if !is_unknown || !memberships::of_user(tx, id).await?.is_empty() {
        return Ok(());
    }
    super::users::erase(app, tx, id, now).await
}

/// A draft of the caller's own, for somebody who may still invite.
pub(super) async fn own_draft(
    tx: &mut Tx,
    authority: &Authority,
    caller: &Caller,
    id: &DraftId,
) -> Result<InviteDraft, Refusal> {
    require(authority, Ask::Use(Permission::Invite))?;
    match drafts::find(tx, id, &caller.user_id).await? {
        Some(Kept::Draft(draft)) => Ok(*draft),
        // A long text of another form is no draft to anybody who names it.
        Some(Kept::Note(_)) | None => Err(Refusal::NotFound),
    }
}

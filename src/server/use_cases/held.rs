//! What an invite form sent and what has not left yet: for how long it is held, how it is hurried, how it is taken back as if
//! nothing had been. Whom to invite is decided in `invite`; nothing here makes an invitation.

use super::{Actor, AuditEntry, UseCaseError, record_all, require};
use crate::domain::audit::AuditAction;
use crate::domain::contact::in_letters;
use crate::domain::error::Conflict;
use crate::domain::id::{DraftId, InvitationId, UserId};
use crate::domain::membership::Standing;
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request, decide};
use crate::domain::quota::DRAFTS;
use crate::domain::review::{Hold, InviteDraft, ReviewRow, SentRow, Verdict};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::user::{User, UserAction};
use crate::server::app::App;
use crate::server::storage::drafts::{self, Naming};
use crate::server::storage::memberships::Membership;
use crate::server::storage::{Tx, invitations, memberships, messages, unfinished, users};
use std::collections::{BTreeSet, HashMap};

/// A draft of the caller's own.
pub async fn draft(app: &App, caller: &Actor, id: &DraftId) -> Result<InviteDraft, UseCaseError> {
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    let mut draft = own_draft(&mut tx, &authority, caller, id).await?;
    for row in &mut draft.sent {
        row.address = in_letters(&row.address);
    }
    Ok(draft)
}

/// Keeps a new draft of the caller's; of those before it, the oldest go (`domain::quota`).
pub(super) async fn keep(
    tx: &mut Tx,
    caller: &Actor,
    id: &DraftId,
    draft: &InviteDraft,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    drafts::insert(tx, id, &caller.user_id, &written(draft)?, now).await?;
    name(tx, caller, id, draft).await?;
    for beyond in DRAFTS.beyond(drafts::sizes(tx, &caller.user_id).await?) {
        drafts::remove(tx, &beyond).await?;
    }
    Ok(())
}

/// Keeps a draft of the caller's anew.
pub(super) async fn rewrite(
    tx: &mut Tx,
    caller: &Actor,
    id: &DraftId,
    draft: &InviteDraft,
) -> Result<(), UseCaseError> {
    drafts::update(tx, id, &caller.user_id, &written(draft)?).await?;
    name(tx, caller, id, draft).await
}

async fn name(tx: &mut Tx, caller: &Actor, id: &DraftId, draft: &InviteDraft) -> Result<(), UseCaseError> {
    let mut names = draft.names();
    names.insert(caller.user_id.to_string());
    Ok(drafts::name(tx, id, &names).await?)
}

fn written(draft: &InviteDraft) -> Result<String, UseCaseError> {
    serde_json::to_string(draft).map_err(|error| super::broken(&error))
}

/// Takes a deleted person out of everybody's drafts; what is about others stays (PR-01).
pub(super) async fn forget(tx: &mut Tx, user: &User) -> Result<(), UseCaseError> {
    let id = Some(user.id.to_string());
    let known: BTreeSet<String> =
        [id, user.email.clone(), user.phone.clone(), user.login.clone()].into_iter().flatten().collect();
    for Naming { id, owner, draft, content, is_said } in drafts::naming(tx, &known).await? {
        let Some(before) = draft else {
            // One that nobody can read.
            if is_said || known.iter().any(|name| content.to_lowercase().contains(name)) {
                drafts::remove(tx, &id).await?;
            }
            continue;
        };
        let mut draft = before.clone();
        draft.forget(&known);
        if owner == user.id || (draft != before && draft.is_about_nobody()) {
            drafts::remove(tx, &id).await?;
        } else if draft != before {
            let mut names = draft.names();
            names.insert(owner.to_string());
            drafts::update(tx, &id, &owner, &written(&draft)?).await?;
            drafts::name(tx, &id, &names).await?;
        }
    }
    Ok(())
}

/// How long what a draft sent is still held.
pub fn hold(app: &App, id: &DraftId, draft: &InviteDraft) -> Option<Hold> {
    let left = draft.held_until? - app.clock.now();
    (left > Duration(0)).then(|| Hold { draft: id.clone(), seconds: left.as_seconds_up() })
}

/// Lets what a draft sent leave without waiting any longer. `typed` is what stands in the text field.
pub async fn send_now(app: &App, caller: &Actor, id: &DraftId, typed: &str) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    let mut draft = own_draft(&mut tx, &authority, caller, id).await?;
    let sent: Vec<InvitationId> = draft.sent.iter().map(|row| row.invitation.clone()).collect();
    messages::hurry(&mut tx, &sent, now).await?;
    draft.held_until = None;
    draft.keep_typed(typed);
    rewrite(&mut tx, caller, id, &draft).await?;
    tx.commit().await?;
    app.outbox.notify_one();
    Ok(())
}

/// Takes back what a draft sent, as long as it is held: nothing leaves, and nobody is left of whom nothing else is known. The
/// rows stand in the form again. Once more does nothing more.
///
/// # Errors
/// `Conflict::AlreadyLeft` when there is nothing left to take back.
pub async fn take_back(app: &App, caller: &Actor, id: &DraftId, typed: &str) -> Result<(), UseCaseError> {
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
    let sent = std::mem::take(&mut draft.sent);
    let Recalled { mut rows, people, left } = recall(&mut tx, caller, &authority, sent, now).await?;
    if rows.is_empty() {
        return Err(Conflict::AlreadyLeft.into());
    }
    for row in &mut rows {
        // A row that has the role of the form follows the form.
        row.role = row.role.take().filter(|role| Some(role) != draft.role.as_ref());
    }
    let alike = forget_unknown(app, &mut tx, &people, now).await?;
    let people: Vec<UserId> = people.into_iter().map(|user| user.id).chain(alike).collect();
    unfinished::begin_with_people(&mut tx, &people).await?;
    rows.append(&mut draft.rows);
    let mut draft = InviteDraft { rows, sent: left, held_until: None, ..draft };
    draft.keep_typed(typed);
    rewrite(&mut tx, caller, id, &draft).await?;
    tx.commit().await?;
    super::go_on(app).await;
    Ok(())
}

/// What became of the invitations of a form that were to be taken back.
#[derive(Default)]
struct Recalled {
    /// To be sent again.
    rows: Vec<ReviewRow>,
    /// Those whose invitations ended.
    people: Vec<User>,
    /// What stays as it is.
    left: Vec<SentRow>,
}

/// Ends those invitations of a form that have not left and that the caller may still end; what they offered goes with them. A
/// few statements for all of them.
async fn recall(
    tx: &mut Tx,
    caller: &Actor,
    authority: &Authority,
    sent: Vec<SentRow>,
    now: Timestamp,
) -> Result<Recalled, UseCaseError> {
    let ids: Vec<InvitationId> = sent.iter().map(|row| row.invitation.clone()).collect();
    let people: Vec<UserId> = sent.iter().map(|row| row.user_id.clone()).collect();
    let mut known: HashMap<UserId, User> =
        users::find_all(tx, &people).await?.into_iter().map(|user| (user.id.clone(), user)).collect();
    let open = invitations::find_all(tx, &ids).await?;
    let open: BTreeSet<InvitationId> =
        open.into_iter().filter(|one| one.withdrawn_at.is_none()).map(|one| one.id).collect();
    let offered = memberships::of_invitations(tx, &ids).await?;
    // The first of what each of them offers, if all of it may be ended.
    let mut to_end: HashMap<InvitationId, Membership> = HashMap::new();
    for row in sent.iter().filter(|row| open.contains(&row.invitation) && known.contains_key(&row.user_id)) {
        let is_of_this = |held: &&Membership| held.is_offered_by(&row.invitation) && held.user_id == row.user_id;
        let all: Vec<Membership> = offered.iter().filter(is_of_this).cloned().collect();
        let ask =
            Request::Do { action: UserAction::Withdraw, user_id: &row.user_id, places: &memberships::places(&all) };
        // What somebody blocked in between is not undone by the way.
        let is_open = all.iter().all(|held| held.standing() == Standing::Offered);
        if let Some(first) = all.first().filter(|_| is_open && decide(authority, ask).is_allowed()) {
            to_end.insert(row.invitation.clone(), first.clone());
        }
    }
    let ids: Vec<InvitationId> = to_end.keys().cloned().collect();
    let queued: Vec<InvitationId> = invitations::which_were_sent(tx, &ids).await?.into_iter().collect();
    let taken = messages::take_back(tx, &queued, now).await?;
    for left in queued.iter().filter(|id| !taken.contains(id)) {
        to_end.remove(left);
    }

    let mut recalled = Recalled::default();
    let (mut ended, mut lines) = (Vec::new(), Vec::new());
    for row in sent {
        let (Some(first), Some(user)) = (to_end.get(&row.invitation), known.get(&row.user_id)) else {
            recalled.left.push(row);
            continue;
        };
        ended.push(row.invitation);
        lines.push((row.user_id, first.unit.id()));
        let role = Some(first.role.clone());
        recalled.rows.push(ReviewRow { typed: row.address, name: user.name.clone(), role, verdict: Verdict::Ready });
    }
    let lines: Vec<AuditEntry<'_>> = lines
        .iter()
        .map(|(user, unit)| AuditEntry {
            actor: Some(&caller.user_id),
            subject: Some(user),
            unit: Some(unit.clone()),
            ..AuditEntry::default()
        })
        .collect();
    record_all(tx, AuditAction::Withdrawn, &lines, now).await?;
    invitations::withdraw_all(tx, &ended, now).await?;
    memberships::remove_offered_by(tx, &ended).await?;
    recalled.people = lines.iter().filter_map(|line| known.remove(line.subject?)).collect();
    Ok(recalled)
}

/// Forgets those of whom nothing is left but that they were to be invited: no word of it reached them. Whoever shared an address
/// with them comes back.
async fn forget_unknown(app: &App, tx: &mut Tx, people: &[User], now: Timestamp) -> Result<Vec<UserId>, UseCaseError> {
    let unknown: Vec<UserId> =
        people.iter().filter(|user| user.registered_at.is_none()).map(|user| user.id.clone()).collect();
    let held = memberships::of_users(tx, &unknown).await?;
    let nothing_left: Vec<UserId> =
        unknown.into_iter().filter(|id| held.iter().all(|held| &held.user_id != id)).collect();
    super::users::erase(app, tx, &nothing_left, now).await
}

/// A draft of the caller's own, for somebody who may still invite.
pub(super) async fn own_draft(
    tx: &mut Tx,
    authority: &Authority,
    caller: &Actor,
    id: &DraftId,
) -> Result<InviteDraft, UseCaseError> {
    require(authority, Request::Use(Permission::Invite))?;
    drafts::find(tx, id, &caller.user_id).await?.ok_or(UseCaseError::NotFound)
}

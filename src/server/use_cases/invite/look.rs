//! Looking at the rows of a form without inviting anybody: each gets its verdict, and the form is kept with them.

use super::desk::Desk;
use super::judge::{Facts, Judge, Judged, Lookalikes};
use super::reading::{FormRow, InviteForm, Read, addresses, first_entries};
use super::{Actor, FORM_AGE, Form, UseCaseError, keep_rows, require, said};
use crate::domain::address_guard::suggest;
use crate::domain::error::Invalid;
use crate::domain::id::{DraftId, UserId};
use crate::domain::permission::Permission;
use crate::domain::policy::Request;
use crate::domain::review::{MOST_AT_ONCE, RowOutcome, Verdict};
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::{Tx, invite_rows, terms};
use crate::server::use_cases;
use crate::server::use_cases::outbox::SendQuota;
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::task::Poll;

/// After how many rows others get their turn.
pub const BREATH: usize = 100;

/// Looks at all rows while others write; only the form is kept.
pub(super) async fn look(
    app: &App,
    caller: &Actor,
    form: &Form<'_>,
    read: Read,
    unreachable: &BTreeSet<String>,
) -> Result<DraftId, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let desk = match Desk::load(app, &mut tx, caller, form.wish, &read.rows).await {
        // Looking needs no unit.
        Err(UseCaseError::Invalid(Invalid::Unit)) => Desk::to_look(app, &mut tx, caller, form.wish).await?,
        desk => desk?,
    };
    let (facts, mut lookalikes, mut quota) = known_of(app, &mut tx, caller, &read.rows, now).await?;
    drop(tx);

    let mut judge = desk.judge(&facts, &mut lookalikes, unreachable, now);
    let mut rows = Vec::with_capacity(read.rows.len());
    for (position, row) in read.rows.iter().enumerate() {
        let verdict = within_quota(judge.judge(row), row, &mut judge, &mut quota);
        rows.push(row.kept(position, RowOutcome::Aside(verdict), now));
        if position % BREATH == BREATH - 1 {
            give_way().await;
        }
    }
    let id = DraftId::new(random::id(now));
    let kept = form.terms(&id, caller, &desk, &read, now, now + FORM_AGE);
    let (mut tx, authority) = use_cases::write_as(app, caller).await?;
    terms::insert(&mut tx, &kept, rows.iter().map(invite_rows::size).sum()).await?;
    form.carry_on(&mut tx, &authority, caller, &id, now).await?;
    keep_rows(app, tx, caller, &id, &rows).await?;
    Ok(id)
}

/// What the rows are judged by, as it stands now: who has their addresses, who is like them, and how much may leave today.
async fn known_of<'a>(
    app: &'a App,
    tx: &mut Tx,
    caller: &Actor,
    rows: &[FormRow],
    now: Timestamp,
) -> Result<(Facts, Lookalikes, SendQuota<'a>), UseCaseError> {
    let facts = Facts::load(tx, rows).await?;
    let lookalikes = Lookalikes::load(tx, rows).await?;
    let quota = SendQuota::load(app, tx, addresses(rows), Some(&caller.user_id), now).await?;
    Ok((facts, lookalikes, quota))
}

/// What is thought of a row, once it is known whether its message could leave today.
fn within_quota(judged: Judged, row: &FormRow, judge: &mut Judge<'_>, quota: &mut SendQuota) -> Verdict {
    let verdict = judged.verdict;
    if !verdict.is_ready() {
        return verdict;
    }
    match quota.take_all(&judge.rules.invites_by.picks(&judged.to)) {
        Ok(_) => {
            judge.lookalikes.note(row);
            verdict
        }
        Err(rest) => Verdict::Rests(rest),
    }
}

/// What is thought of the rows of a form, in their order, while it is still being filled in. Nothing is kept.
///
/// # Errors
/// `TooManyToInvite` for more than [`MOST_AT_ONCE`] rows; when the caller may not invite.
pub async fn judge_rows(app: &App, caller: &Actor, wish: &InviteForm) -> Result<Vec<Verdict>, UseCaseError> {
    let now = app.clock.now();
    if wish.rows.len() > MOST_AT_ONCE {
        return Err(Invalid::TooManyToInvite { most: MOST_AT_ONCE }.into());
    }
    let mut rows = first_entries(&wish.rows);
    said::settle(app, caller, wish, &mut rows).await?;
    let unreachable = unreachable_of_form(app, caller, &rows).await?;
    let mut tx = app.db.read().await?;
    let desk = Desk::to_look(app, &mut tx, caller, wish).await?;
    let (facts, mut lookalikes, mut quota) = known_of(app, &mut tx, caller, &rows, now).await?;
    drop(tx);
    let mut judge = desk.judge(&facts, &mut lookalikes, &unreachable, now);
    let judged = rows.iter().map(|row| within_quota(judge.judge(row), row, &mut judge, &mut quota));
    Ok(judged.collect())
}

/// What is thought of the rows of a file, in their order: the same as [`look`] would say of them in a form, and nothing is kept.
///
/// # Errors
/// When the caller may not invite.
pub async fn judge_list(
    app: &App,
    caller: &Actor,
    wish: &InviteForm,
    rows: &[FormRow],
) -> Result<Vec<Verdict>, UseCaseError> {
    let now = app.clock.now();
    let unreachable = unreachable_of_form(app, caller, rows).await?;
    let mut tx = app.db.read().await?;
    let desk = Desk::to_look(app, &mut tx, caller, wish).await?;
    let (facts, mut lookalikes, mut quota) = known_of(app, &mut tx, caller, rows, now).await?;
    drop(tx);
    let mut judge = desk.judge(&facts, &mut lookalikes, &unreachable, now);
    let mut verdicts = Vec::with_capacity(rows.len());
    for (position, row) in rows.iter().enumerate() {
        let judged = judge.judge(row);
        verdicts.push(if wish.only_add {
            noted(judged.verdict, row, judge.lookalikes)
        } else {
            within_quota(judged, row, &mut judge, &mut quota)
        });
        if position % BREATH == BREATH - 1 {
            give_way().await;
        }
    }
    Ok(verdicts)
}

/// Whoever goes is somebody whom others of the list may look like.
fn noted(verdict: Verdict, row: &FormRow, lookalikes: &mut Lookalikes) -> Verdict {
    if verdict.is_ready() {
        lookalikes.note(row);
    }
    verdict
}

/// Lets others go on who wait for this thread.
pub async fn give_way() {
    let mut has_waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The domains of the rows that cannot receive e-mail, where the installation wants that looked up (rule 8). Nothing is
/// held meanwhile, least of all the writer; and only who may invite has anything looked up.
pub(super) async fn unreachable_of_form(
    app: &App,
    caller: &Actor,
    rows: &[FormRow],
) -> Result<BTreeSet<String>, UseCaseError> {
    let mut tx = app.db.read().await?;
    if !use_cases::settings_of(&mut tx).await?.checks_domains {
        return Ok(BTreeSet::new());
    }
    let authority = use_cases::authority(app, &mut tx, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    drop(tx);
    Ok(unreachable(app, &caller.user_id, rows).await)
}

/// The same for somebody who may invite.
pub(super) async fn unreachable(app: &App, inviter: &UserId, rows: &[FormRow]) -> BTreeSet<String> {
    // A slip is asked about anyway, and what was answered is not asked about again.
    let domain = |row: &FormRow| {
        let email = row.email().filter(|email| !row.is_meant && suggest(email.domain(), &[]).is_none())?;
        Some(email.domain().to_string())
    };
    app.mail_domains.that_cannot_receive(inviter, rows.iter().filter_map(domain).collect()).await
}

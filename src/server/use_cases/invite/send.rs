//! Sending a form: those who are ready are invited, a part of them at a time, and the draft says who, and who stays.

use super::desk::Desk;
use super::judge::{Facts, Lookalikes};
use super::reading::{FormRow, Read, addresses};
use super::write::{InvitationTerms, Invitee, invite_some};
use super::{Actor, Form, UseCaseError, held};
use crate::domain::error::Invalid;
use crate::domain::id::DraftId;
use crate::domain::message::Lane;
use crate::domain::review::{InviteDraft, Verdict};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::app::App;
use crate::server::random;
use crate::server::use_cases::outbox::SendQuota;
use std::collections::BTreeSet;

/// Invites those who are ready. Everything about one person is written in one transaction; many people take several, so that
/// whoever wants to write meanwhile gets in between. What was sent and what is still to come stands in the draft each time.
pub(super) async fn send(
    app: &App,
    caller: &Actor,
    form: &Form<'_>,
    mut read: Read,
    unreachable: &BTreeSet<String>,
) -> Result<DraftId, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    // What stands against the form as a whole is said without taking the writer.
    Desk::load(app, &mut tx, caller, form.wish, &read.rows).await?;
    let mut lookalikes = Lookalikes::load(&mut tx, &read.rows).await?;
    drop(tx);
    let (id, all) = (DraftId::new(random::id(now)), read.rows.len());
    let mut rows = std::mem::take(&mut read.rows);
    let mut draft: Option<InviteDraft> = None;
    while !rows.is_empty() {
        let part = Part { id: &id, all, read: &read, unreachable, now };
        match send_some(app, caller, form, &part, &mut lookalikes, &mut rows, draft.clone()).await {
            Ok(so_far) => draft = Some(so_far),
            // Some have been invited: the draft says who, and keeps the others.
            Err(refusal) if draft.is_some() => {
                tracing::warn!(?refusal, "an invite form was sent in part");
                break;
            }
            Err(refusal) => return Err(refusal),
        }
    }
    app.outbox.notify_one();
    Ok(id)
}

/// What is the same for every part of a form that is sent.
struct Part<'a> {
    id: &'a DraftId,
    /// How many rows the form has.
    all: usize,
    read: &'a Read,
    unreachable: &'a BTreeSet<String>,
    now: Timestamp,
}

/// How many rows of tables are written in one transaction, about.
const MOST_WRITTEN: usize = 300;

/// Judges the next rows again, where nothing changes any more, and invites those that are ready. `rows` are those that are
/// left, `draft` is what came before.
async fn send_some(
    app: &App,
    caller: &Actor,
    form: &Form<'_>,
    part: &Part<'_>,
    lookalikes: &mut Lookalikes,
    rows: &mut Vec<FormRow>,
    draft: Option<InviteDraft>,
) -> Result<InviteDraft, UseCaseError> {
    let now = part.now;
    let mut tx = app.db.write().await?;
    let desk = Desk::load(app, &mut tx, caller, form.wish, rows).await?;
    // Somebody stands in the list of each unit above their own.
    let weight: usize = 5 + desk.places.iter().map(|unit| 2 + unit.path.level()).sum::<usize>();
    let some: Vec<FormRow> = rows.drain(..rows.len().min((MOST_WRITTEN / weight).max(1))).collect();
    let facts = Facts::load(&mut tx, &some).await?;
    let mut quota = SendQuota::load(app, &mut tx, addresses(&some), Some(&caller.user_id), now).await?;
    let judge = desk.judge(&facts, lookalikes, part.unreachable, now);

    let is_first = draft.is_none();
    let mut draft = draft.unwrap_or_else(|| form.draft(&desk, part.read));
    // Those that were still to come stand at the end.
    draft.rows.truncate(draft.rows.len().saturating_sub(if is_first { 0 } else { some.len() + rows.len() }));
    let mut new = Vec::new();
    for row in some {
        let (mut verdict, whom) = judge.judge(&row);
        let ready = row.email().filter(|_| verdict.is_ready()).cloned();
        let given = row.role.as_ref().unwrap_or(&form.role);
        let role = desk.roles.iter().find(|role| &role.id == given).ok_or(Invalid::Role)?;
        if let Some(email) = ready {
            match quota.take(email.as_str()) {
                Ok(postage) => {
                    judge.lookalikes.note(&email, &row.name);
                    new.push(Invitee { email, name: row.name, role, whom, postage });
                    continue;
                }
                Err(rest) => verdict = Verdict::Rests(rest),
            }
        }
        draft.rows.push(row.reviewed(verdict));
    }
    let due_at = now + desk.settings.hold;
    let terms = InvitationTerms {
        units: &desk.places,
        language: form.terms.language,
        personal_text: &form.terms.personal_text,
        valid_for: form.terms.valid_for,
        extra: form.wish.extra,
        roles: &desk.roles,
        due_at,
        lane: Lane::of_invitations(part.all),
    };
    let sent = invite_some(app, &mut tx, &caller.user_id, &terms, new, now).await?;
    let is_any_sent = !sent.is_empty();
    draft.sent.extend(sent);
    if is_first {
        let earlier = form.earlier(app, &mut tx, caller, &desk).await?;
        draft.goes_on(earlier);
    }
    if is_any_sent && desk.settings.hold > Duration(0) {
        draft.held_until = draft.held_until.max(Some(due_at));
    }
    let to_come = rows.iter().map(|row| row.clone().reviewed(Verdict::Ready));
    draft.rows.extend(to_come);
    match is_first {
        true => held::keep(&mut tx, caller, part.id, &draft, now).await?,
        false => held::rewrite(&mut tx, caller, part.id, &draft).await?,
    }
    tx.commit().await?;
    Ok(draft)
}

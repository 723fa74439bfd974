//! Sending a form while it waits for the answer: those who are ready are invited, a part of them at a time, and the round says
//! who, and who stays.

use super::desk::Desk;
use super::judge::Lookalikes;
use super::part::{self, Part};
use super::reading::{FormRow, Read};
use super::{Actor, Form, ROUND_AGE, UseCaseError, keep_rows};
use crate::domain::id::DraftId;
use crate::domain::message::Lane;
use crate::domain::review::RowOutcome;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::invite_rows::InviteRow;
use crate::server::storage::terms::FormTerms;
use crate::server::storage::{invite_rows, rounds, terms};
use std::collections::BTreeSet;

/// Invites those who are ready. Everything about one person is written in one transaction; many people take several, so that
/// whoever wants to write meanwhile gets in between. What was sent and what is still to come stands in the round each time.
pub(super) async fn send(
    app: &App,
    caller: &Actor,
    form: &Form<'_>,
    read: Read,
    unreachable: &BTreeSet<String>,
) -> Result<DraftId, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    // What stands against the form as a whole is said without taking the writer.
    Desk::load(app, &mut tx, caller, form.wish, &read.rows).await?;
    let mut lookalikes = Lookalikes::load(&mut tx, &read.rows).await?;
    drop(tx);
    let to_come = |(position, row): (usize, &FormRow)| row.kept(position, RowOutcome::ToCome, now);
    let mut sending = Sending {
        id: DraftId::new(random::id(now)),
        kept: read.rows.iter().enumerate().map(to_come).collect(),
        read: &read,
        unreachable,
        now,
        done: 0,
        terms: None,
    };
    while sending.done < read.rows.len() {
        match sending.send_some(app, caller, form, &mut lookalikes).await {
            Ok(()) => {}
            // Some have been invited: the round says who, and keeps the others.
            Err(refusal) if sending.done > 0 => {
                tracing::warn!(?refusal, "an invite form was sent in part");
                break;
            }
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(sending.id)
}

/// A form that is being sent.
struct Sending<'a> {
    id: DraftId,
    read: &'a Read,
    /// Its rows, as the round has them.
    kept: Vec<InviteRow>,
    unreachable: &'a BTreeSet<String>,
    now: Timestamp,
    /// How many of the rows are done.
    done: usize,
    /// Once they are kept.
    terms: Option<FormTerms>,
}

impl Sending<'_> {
    /// Judges the next rows again, where nothing changes any more, and invites those that are ready.
    async fn send_some(
        &mut self,
        app: &App,
        caller: &Actor,
        form: &Form<'_>,
        lookalikes: &mut Lookalikes,
    ) -> Result<(), UseCaseError> {
        let now = self.now;
        let mut tx = app.db.write().await?;
        let desk =
            Desk::load(app, &mut tx, caller, form.wish, self.read.rows.get(self.done..).unwrap_or_default()).await?;
        let some = self.done..(self.done + part::size(&desk)).min(self.read.rows.len());
        let terms = match self.terms.take() {
            Some(terms) => terms,
            None => form.terms(&self.id, caller, &desk, self.read, now, now + ROUND_AGE),
        };
        let part = Part {
            app,
            inviter: &caller.user_id,
            terms: &terms,
            desk: &desk,
            unreachable: self.unreachable,
            due_at: now + desk.settings.hold,
            lane: Lane::of_invitations(self.read.rows.len()),
            now,
        };
        let rows = self.read.rows.get(some.clone()).unwrap_or_default();
        let outcomes = part.invite(&mut tx, rows, lookalikes).await?;
        let is_any_sent = outcomes.iter().any(|outcome| matches!(outcome, RowOutcome::Invited(_)));
        let held_until = (is_any_sent && !terms.only_adds && desk.settings.hold > Duration(0)).then_some(part.due_at);
        // What is written is known to be written only when it is committed.
        let mut kept = self.kept.clone();
        for (row, outcome) in kept.iter_mut().skip(some.start).zip(outcomes) {
            row.outcome = outcome;
        }
        if self.done == 0 {
            terms::insert(&mut tx, &terms, kept.iter().map(invite_rows::size).sum()).await?;
            rounds::begin(&mut tx, &self.id, held_until).await?;
            form.carry_on(&mut tx, &desk.authority, caller, &self.id, now).await?;
            keep_rows(app, tx, caller, &self.id, &kept).await?;
        } else {
            rounds::begin(&mut tx, &self.id, held_until).await?;
            invite_rows::settle(&mut tx, kept.get(some.clone()).unwrap_or_default()).await?;
            tx.commit().await?;
        }
        (self.kept, self.terms, self.done) = (kept, Some(terms), some.end);
        Ok(())
    }
}

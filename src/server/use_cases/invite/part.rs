//! A part of a round: its rows are judged where nothing changes any more, and those that are ready are invited.

use super::UseCaseError;
use super::desk::Desk;
use super::judge::{Facts, Judged, Lookalikes};
use super::reading::{FormRow, addresses};
use super::write::{InvitationTerms, Invitee, invite_some};
use crate::domain::error::Invalid;
use crate::domain::id::UserId;
use crate::domain::message::Lane;
use crate::domain::review::{RowOutcome, Verdict};
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::storage::Tx;
use crate::server::storage::terms::FormTerms;
use crate::server::use_cases::outbox::SendQuota;
use std::collections::BTreeSet;

/// How many rows of tables are written in one transaction, about.
const MOST_WRITTEN: usize = 300;

/// How many people are invited in one transaction: it holds the writer for some dozen milliseconds.
pub fn size(desk: &Desk) -> usize {
    // Somebody stands in the list of each unit above their own.
    let weight: usize = 6 + desk.places.iter().map(|unit| 2 + unit.path.level()).sum::<usize>();
    (MOST_WRITTEN / weight).max(1)
}

/// What is the same for everybody of a part.
pub struct Part<'a> {
    pub app: &'a App,
    pub inviter: &'a UserId,
    pub terms: &'a FormTerms,
    pub desk: &'a Desk,
    pub unreachable: &'a BTreeSet<String>,
    /// When the messages leave, and among which others.
    pub due_at: Timestamp,
    pub lane: Lane,
    pub now: Timestamp,
}

impl Part<'_> {
    /// Judges rows and invites those that are ready; what came of each, in their order.
    pub async fn invite(
        &self,
        tx: &mut Tx,
        rows: &[FormRow],
        lookalikes: &mut Lookalikes,
    ) -> Result<Vec<RowOutcome>, UseCaseError> {
        let (app, now, desk) = (self.app, self.now, self.desk);
        let facts = Facts::load(tx, rows).await?;
        let mut quota = SendQuota::load(app, tx, addresses(rows), Some(self.inviter), now).await?;
        let judge = desk.judge(&facts, lookalikes, self.unreachable, now);
        let mut outcomes = Vec::with_capacity(rows.len());
        let (mut places, mut invitees) = (Vec::new(), Vec::new());
        for (place, row) in rows.iter().enumerate() {
            let Judged { mut verdict, whom, to } = judge.judge(row);
            if verdict.is_ready() {
                let given = row.role.as_ref().unwrap_or(&self.terms.role);
                let role = desk.roles.iter().find(|role| &role.id == given).ok_or(Invalid::Role)?;
                let postage = match self.terms.only_adds {
                    true => Ok(None),
                    false => quota.take_all(&desk.settings.invites_by.picks(&to)).map(Some),
                };
                match postage {
                    Ok(postage) => {
                        judge.lookalikes.note(row);
                        places.push(place);
                        invitees.push(Invitee { to, name: row.name.clone(), role, whom, postage });
                    }
                    Err(rest) => verdict = Verdict::Rests(rest),
                }
            }
            outcomes.push(RowOutcome::Aside(verdict));
        }
        let settings = super::settings_at(tx, &desk.settings, &desk.places).await?;
        let terms = InvitationTerms {
            units: &desk.places,
            language: self.terms.language,
            personal_text: &self.terms.personal_text,
            valid_for: self.terms.valid_for,
            settings: &settings,
            extra: self.terms.extra,
            roles: &desk.roles,
            due_at: self.due_at,
            lane: self.lane,
        };
        let invited = invite_some(app, tx, self.inviter, &terms, invitees, now).await?;
        for (place, invited) in places.into_iter().zip(invited) {
            if let Some(outcome) = outcomes.get_mut(place) {
                *outcome = RowOutcome::Invited(invited.invitation);
            }
        }
        Ok(outcomes)
    }
}

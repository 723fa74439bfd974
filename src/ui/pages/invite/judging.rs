//! What only the server knows of the rows: who is here already, what is very close to somebody, which domain takes no mail, what
//! is at a limit. Asked when typing pauses, for those rows only that have changed; an answer to an older question is dropped.

use super::everyone::Everyone;
use super::row::EditedRow;
use super::rows::{RowSignal, RowSignals};
use crate::domain::error::UseCaseError;
use crate::domain::review::MOST_AT_ONCE;
use crate::server_fns::invitations::judge_rows;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(300);
/// When the server could not be reached.
const AGAIN: Duration = Duration::from_secs(5);

/// Asks for the form's rows.
#[derive(Clone, Copy)]
pub struct Judging {
    rows: RowSignals,
    everyone: RwSignal<Everyone>,
    /// A question is on its way, or about to be.
    is_busy: StoredValue<bool>,
}

impl Judging {
    pub fn new(rows: RowSignals, everyone: RwSignal<Everyone>) -> Self {
        Self { rows, everyone, is_busy: StoredValue::new(false) }
    }

    /// Asks about whatever has not been judged, in a moment.
    pub fn soon(self) {
        self.after(PAUSE);
    }

    fn after(self, pause: Duration) {
        if self.is_busy.try_get_value() != Some(false) {
            return;
        }
        self.is_busy.set_value(true);
        set_timeout(move || spawn_local(self.ask()), pause);
    }

    async fn ask(self) {
        let mut again = None;
        loop {
            let all = self.rows.all().into_iter();
            let waiting = all.filter(|row| row.state.with_untracked(EditedRow::waits_for_word));
            let asked: Vec<(RowSignal, EditedRow)> =
                waiting.take(MOST_AT_ONCE).map(|row| (row.clone(), row.state.get_untracked())).collect();
            if asked.is_empty() {
                break;
            }
            let Some((units, proposed)) =
                self.everyone.try_with_untracked(|now| (now.units.clone(), now.proposed.clone()))
            else {
                return;
            };
            let wished = asked.iter().map(|(_, state)| state.wished()).collect();
            match judge_rows(wished, units, proposed).await {
                Ok(verdicts) if verdicts.len() == asked.len() => {
                    if self.is_busy.try_get_value().is_none() {
                        return;
                    }
                    for ((row, before), verdict) in asked.into_iter().zip(verdicts) {
                        self.rows.change(&row, |state| {
                            if state.stamp() == before.stamp() {
                                state.hear(verdict);
                            }
                        });
                    }
                }
                Err(UseCaseError::Offline | UseCaseError::Busy) => {
                    again = Some(AGAIN);
                    break;
                }
                // Sending says it, where it can be mended.
                Ok(_) | Err(_) => break,
            }
        }
        if self.is_busy.try_set_value(false).is_none()
            && let Some(pause) = again
        {
            self.after(pause);
        }
    }
}

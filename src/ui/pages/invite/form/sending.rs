//! Sending the form without leaving it, and taking in what came of it.

use super::super::row::EditedRow;
use super::super::rows::RowSignal;
use super::super::wire::{self, Fields};
use super::dom::{form, text_field};
use super::{InviteDesk, ONLY_ADD, PATH, SentSoFar};
use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::permission::Permission;
use crate::server_fns::invitations::invite_page;
use crate::ui::session::viewer_mark;
use crate::view_models::LeftInForm;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeSet;

impl InviteDesk {
    /// The fields as they would be sent, without those that cannot be given.
    pub(super) fn fields(&self) -> Fields {
        let fields = form().map(|form| wire::fields_of(&form)).unwrap_or_default();
        let now = self.everyone.try_get_untracked().unwrap_or_default();
        let may = |code: &str| {
            Permission::from_code(code)
                .is_none_or(|extra| self.options.with_value(|options| now.may_give(options, self.viewer, extra)))
        };
        fields.into_iter().filter(|(name, value)| name != "extra[]" || may(value)).collect()
    }

    pub(super) fn states(&self) -> Vec<EditedRow> {
        self.rows.all().iter().map(|row| row.state.get_untracked()).collect()
    }

    pub(super) fn submit(&self, event: &SubmitEvent) {
        let button = event.submitter();
        let of = |name: &str| button.as_ref().and_then(|button| button.get_attribute(name));
        // What is looked at in a frame leaves the form where it is.
        if of("formtarget").is_some() {
            return;
        }
        event.prevent_default();
        match (of("formaction"), of("name").as_deref()) {
            (Some(path), _) => self.act_on_sent(path, of("value").unwrap_or_default()),
            (None, Some("only_check")) => {
                self.take_text();
                self.judging.soon();
            }
            (None, Some(ONLY_ADD)) => self.send(&[(ONLY_ADD.into(), "on".into())]),
            _ => self.send(&[]),
        }
    }

    /// Takes back what is held, or lets it leave now.
    pub(super) fn act_on_sent(&self, path: String, id: String) {
        if self.is_sending.get_untracked() {
            return;
        }
        self.is_sending.set(true);
        let desk = self.clone();
        let typed = text_field().map(|field| field.value()).unwrap_or_default();
        let body = wire::encoded(&[("id".into(), id), ("addresses".into(), typed)]);
        spawn_local(async move {
            let answer = wire::send(&path, body).await;
            desk.take_in(answer, &BTreeSet::new()).await;
        });
    }

    /// Sends the form as it stands, with what its button says.
    pub(super) fn send(&self, button: &[(String, String)]) {
        if self.is_sending.get_untracked() || !self.take_text() {
            return;
        }
        let rows: Vec<RowSignal> = self.rows.all();
        let states: Vec<EditedRow> =
            rows.iter().map(|row| row.state.get_untracked()).filter(|row| row.kind().is_some()).collect();
        if states.is_empty() && self.rows.more.with_untracked(|more| more.all() == 0) {
            self.refused.set(None);
            self.refused.set(Some(Invalid::NobodyToInvite.into()));
            return;
        }
        let sent: BTreeSet<u32> = rows.iter().map(|row| row.key).collect();
        let mut fields = wire::with_rows(&self.fields(), &states);
        fields.extend_from_slice(button);
        let body = wire::encoded(&fields);
        self.keep();
        self.is_sending.set(true);
        let desk = self.clone();
        spawn_local(async move {
            let answer = wire::send(PATH, body).await;
            desk.take_in(answer, &sent).await;
        });
    }

    /// Takes in what came of a sending; where nothing did, all of it still stands here.
    pub(super) async fn take_in(self, answer: Result<String, UseCaseError>, sent: &BTreeSet<u32>) {
        let answer = match answer {
            Ok(address) => match invite_page(address.clone(), viewer_mark()).await {
                Ok(answer) => Ok((address, answer.page)),
                Err(refusal) => Err(refusal),
            },
            Err(refusal) => Err(refusal),
        };
        // Whoever has gone on to another page wants to know nothing more of this one.
        if self.is_sending.try_set(false).is_some() {
            return;
        }
        let (address, page) = match answer {
            Ok(answer) => answer,
            Err(refusal) => {
                self.refused.set(None);
                return self.refused.set(Some(refusal));
            }
        };
        self.refused.set(None);
        self.visit.place_changed();
        let Some(LeftInForm { draft, hold, .. }) = page.left else { return };
        if draft.progress.is_some() {
            // The whole page is another one.
            wire::forget(&self.person);
            self.rows.clear();
            return self.visit.go_again(&address);
        }
        self.calm_text.set_value(draft.personal_text.clone());
        self.rows.sent(sent, draft.rows.clone(), draft.more);
        self.sent.set(Some(SentSoFar { draft, hold }));
        self.is_restored.set(false);
        self.visit.stand_at(&address);
        self.keep();
    }
}

//! From rows to what pages show: moments get their words, ids get the names of people. No rule and no SQL in here.

use crate::domain::audit::Deed;
use crate::domain::listing::{Happening, HistoryLine, InvitationSummary, Person, UserSummary, When};
use crate::domain::moment::Moment;
use crate::domain::user::{Status, User};
use crate::server::dates;
use crate::server::storage::audit::{Event, Named};
use crate::server::storage::invitations::Invitation;
use crate::server::storage::memberships::{self, Membership};
use crate::server::storage::messages::{Event as Posted, EventLine};
use crate::server::storage::roster::Line;
use crate::server::storage::{Tx, audit, messages, users};
use crate::words::Language;

/// In which words a reader gets his moments.
pub struct Reader {
    pub zone: String,
    pub language: Language,
}

impl Reader {
    pub fn when(&self, moment: Moment) -> When {
        dates::when(moment, &self.zone, self.language)
    }

    pub fn line_of_roster(&self, line: Line, now: Moment) -> UserSummary {
        // The list is refreshed a moment after an invitation runs out; the row says so at once.
        let has_run_out = line.until.is_some_and(|until| until <= now);
        UserSummary {
            id: line.id,
            name: line.name,
            email: line.email,
            phone: line.phone,
            login: line.login,
            places: line.places,
            status: if has_run_out { Status::Expired } else { line.status },
            until: line.until.filter(|_| !has_run_out).map(|until| self.when(until)),
            added: self.when(line.created_at),
            last_seen: line.last_seen_at.map(|at| self.when(at)),
        }
    }

    pub fn summary(
        &self,
        user: &User,
        memberships: &[Membership],
        status: Status,
        until: Option<Moment>,
    ) -> UserSummary {
        UserSummary {
            id: user.id.clone(),
            name: user.name.clone(),
            email: user.email.clone(),
            phone: user.phone.clone(),
            login: user.login.clone(),
            places: memberships::places(memberships),
            status,
            until: until.map(|until| self.when(until)),
            added: self.when(user.created_at),
            last_seen: user.last_seen_at.map(|at| self.when(at)),
        }
    }

    pub fn event(&self, event: Event) -> HistoryLine {
        HistoryLine {
            when: self.when(event.at),
            actor: event.actor.map(person),
            happening: Happening::Deed(event.deed),
            subject: event.subject.map(person),
            before: event.before,
            after: event.after,
        }
    }

    fn posted(&self, line: EventLine) -> HistoryLine {
        let happening = match line.event {
            Posted::Queued => Happening::Queued,
            Posted::PutOff => Happening::PutOff,
            Posted::HandedOver => Happening::HandedOver,
            Posted::Failed => Happening::Failed,
            Posted::TooLate => Happening::TooLate,
        };
        HistoryLine {
            when: self.when(line.at),
            actor: None,
            happening,
            subject: None,
            before: String::new(),
            after: line.detail,
        }
    }

    /// An invitation with its timeline: what people did and what became of its messages, oldest first.
    pub async fn invitation(
        &self,
        tx: &mut Tx,
        invitation: &Invitation,
        user: &User,
        memberships: &[Membership],
        status: Status,
    ) -> Result<InvitationSummary, super::Refusal> {
        let mut lines: Vec<(String, HistoryLine)> = Vec::new();
        for event in audit::of_person(tx, &user.id, 200).await? {
            let belongs = matches!(
                event.deed,
                Deed::Invited | Deed::Resent | Deed::Withdrawn | Deed::LinkCopied | Deed::Accepted | Deed::RoleChanged
            );
            if belongs && event.at >= invitation.created_at {
                lines.push((event.id.as_str().to_string(), self.event(event)));
            }
        }
        for line in messages::history_of_invitation(tx, &invitation.id).await? {
            lines.push((line.id.as_str().to_string(), self.posted(line)));
        }
        lines.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut history: Vec<HistoryLine> = lines.into_iter().map(|(_, line)| line).collect();
        if let Some(at) = invitation.opened_at {
            let place = history.iter().position(|line| line.when.at > at).unwrap_or(history.len());
            let opened = HistoryLine {
                when: self.when(at),
                actor: None,
                happening: Happening::Opened,
                subject: None,
                before: String::new(),
                after: String::new(),
            };
            history.insert(place, opened);
        }
        let invited_by = match &invitation.created_by {
            Some(id) => users::find(tx, id).await?.map(|user| known(&user)),
            None => None,
        };
        Ok(InvitationSummary {
            id: invitation.id.clone(),
            user_id: user.id.clone(),
            title: user.title().to_string(),
            address: invitation.address.clone(),
            places: memberships::places(memberships),
            status,
            invited_by,
            created: self.when(invitation.created_at),
            until: invitation.expires_at.filter(|_| status.is_pending()).map(|at| self.when(at)),
            history,
        })
    }
}

/// A person who is still there.
pub fn known(user: &User) -> Person {
    Person { id: user.id.clone(), title: user.title().to_string(), gone: None }
}

fn person(named: Named) -> Person {
    Person { id: named.id, title: named.title, gone: named.is_deleted.then_some(named.number) }
}

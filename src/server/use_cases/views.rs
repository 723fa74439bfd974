//! From rows to what pages show: moments get their words, ids get the names of people. No rule and no SQL in here.

use super::Target;
use crate::domain::audit::Deed;
use crate::domain::id::UserId;
use crate::domain::listing::{Happening, Held, HistoryLine, InvitationSummary, Person, UserSummary, When};
use crate::domain::moment::Moment;
use crate::domain::permission::Permission;
use crate::domain::policy::Authority;
use crate::domain::unit::UnitPath;
use crate::domain::user::{Status, User};
use crate::server::dates;
use crate::server::storage::audit::{Event, Named};
use crate::server::storage::invitations::Invitation;
use crate::server::storage::memberships::Membership;
use crate::server::storage::messages::{Event as Posted, EventLine};
use crate::server::storage::roster::Line;
use crate::server::storage::{Tx, audit, messages, roster, users};
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

    /// A row of the list for somebody who sees this much.
    pub fn line_of_roster(&self, line: Line, viewer: &Authority, now: Moment) -> UserSummary {
        // The list is refreshed a moment after an invitation runs out; the row says so at once.
        let has_run_out = line.until.is_some_and(|until| until <= now);
        let all = line.held.len();
        let held: Vec<Held> = line.held.into_iter().filter(|held| is_seen(viewer, &held.place.unit)).collect();
        UserSummary {
            id: line.id,
            name: line.name,
            email: line.email,
            phone: line.phone,
            login: line.login,
            elsewhere: held.len() < all,
            held,
            status: if has_run_out { Status::Expired } else { line.status },
            until: line.until.filter(|_| !has_run_out).map(|until| self.when(until)),
            added: self.when(line.created_at),
            last_seen: line.last_seen_at.map(|at| self.when(at)),
        }
    }

    /// The same of somebody who was loaded whole.
    pub fn summary(&self, person: &Target, until: Option<Moment>) -> UserSummary {
        let user = &person.user;
        UserSummary {
            id: user.id.clone(),
            name: user.name.clone(),
            email: user.email.clone(),
            phone: user.phone.clone(),
            login: user.login.clone(),
            held: held(&person.seen),
            elsewhere: person.seen.len() < person.all.len(),
            status: person.status,
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
            unit: event.unit,
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
            unit: None,
            before: String::new(),
            after: line.detail,
        }
    }

    /// An invitation with its timeline: what people did and what became of its messages, oldest first. `offered` is what
    /// it offers, or did, within the viewer's reach.
    pub async fn invitation(
        &self,
        tx: &mut Tx,
        invitation: &Invitation,
        user: &User,
        offered: &[Membership],
        viewer: &Authority,
        now: Moment,
    ) -> Result<InvitationSummary, super::Refusal> {
        let is_seen = |held: &&Membership| {
            let sees = [Permission::SeeUsers, Permission::SeeInvitations];
            sees.into_iter().any(|permission| viewer.reaches(permission, &held.unit))
        };
        let seen: Vec<Membership> = offered.iter().filter(is_seen).cloned().collect();
        let status = roster::facts(tx, &seen).await?.status(now);
        let mut lines: Vec<(String, HistoryLine)> = Vec::new();
        for event in audit::of_person_within(tx, &user.id, &viewer.reach(Permission::SeeUsers), 200).await? {
            let belongs = matches!(
                event.deed,
                Deed::Invited
                    | Deed::Approved
                    | Deed::Resent
                    | Deed::Withdrawn
                    | Deed::LinkCopied
                    | Deed::Accepted
                    | Deed::Joined
                    | Deed::RoleChanged
                    | Deed::PlaceAdded
                    | Deed::PlaceRemoved
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
                unit: None,
                before: String::new(),
                after: String::new(),
            };
            history.insert(place, opened);
        }
        let invited_by = named(tx, invitation.created_by.as_ref()).await?;
        let proposer = invitation.proposed_by.as_ref().filter(|_| invitation.awaits_approval());
        Ok(InvitationSummary {
            id: invitation.id.clone(),
            user_id: user.id.clone(),
            title: user.title().to_string(),
            address: invitation.address.clone(),
            elsewhere: seen.len() < offered.len(),
            held: held(&seen),
            status,
            invited_by,
            proposed_by: named(tx, proposer).await?,
            created: self.when(invitation.created_at),
            until: invitation.expires_at.filter(|_| status.is_pending()).map(|at| self.when(at)),
            history,
        })
    }
}

/// What somebody holds or is offered, as pages show it.
pub fn held(memberships: &[Membership]) -> Vec<Held> {
    let one = |membership: &Membership| Held {
        place: membership.place(),
        unit: membership.unit_name.clone(),
        standing: membership.standing(),
    };
    memberships.iter().map(one).collect()
}

fn is_seen(viewer: &Authority, unit: &UnitPath) -> bool {
    viewer.reaches(Permission::SeeUsers, unit)
}

/// Somebody by his id, if he is still there.
pub async fn named(tx: &mut Tx, id: Option<&UserId>) -> Result<Option<Person>, super::Refusal> {
    let Some(id) = id else { return Ok(None) };
    Ok(users::find(tx, id).await?.map(|user| known(&user)))
}

/// A person who is still there.
pub fn known(user: &User) -> Person {
    Person { id: user.id.clone(), title: user.title().to_string(), gone: None }
}

fn person(named: Named) -> Person {
    Person { id: named.id, title: named.title, gone: named.is_deleted.then_some(named.number) }
}

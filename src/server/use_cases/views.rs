//! From rows to what pages show: moments get their words, ids get the names of people. No rule and no SQL in here.

use super::agreement;
use super::directory::DirectoryEntry;
use crate::domain::audit::AuditAction;
use crate::domain::contact::{Address, in_letters};
use crate::domain::id::{EventId, InvitationId, UserId};
use crate::domain::listing::HeldRole;
use crate::domain::permission::Permission;
use crate::domain::policy::Authority;
use crate::domain::table_layout::{TableColumn, TableLayout};
use crate::domain::timestamp::Timestamp;
use crate::domain::user::User;
use crate::server::dates;
use crate::server::storage::audit::{AuditEvent, Named};
use crate::server::storage::invitations::Invitation;
use crate::server::storage::memberships::Membership;
use crate::server::storage::messages::{EventLine, MessageEvent as Posted};
use crate::server::storage::{Tx, audit, memberships, messages, roles, roster, users};
use crate::view_models::{FormattedTime, Happening, HistoryLine, InvitationSummary, Person, UserSummary};
use crate::words::Language;
use std::collections::{BTreeSet, HashMap};

/// How many lines of history a page of invitations shows at most.
const MOST_DEEDS: usize = 1_000;

/// What belongs to the story of an invitation.
const OF_INVITATIONS: [AuditAction; 15] = [
    AuditAction::Added,
    AuditAction::Invited,
    AuditAction::Approved,
    AuditAction::Resent,
    AuditAction::Reminded,
    AuditAction::SentInstead,
    AuditAction::Withdrawn,
    AuditAction::Reopened,
    AuditAction::LinkCopied,
    AuditAction::LinkHanded,
    AuditAction::Accepted,
    AuditAction::Joined,
    AuditAction::RoleChanged,
    AuditAction::PlaceAdded,
    AuditAction::PlaceRemoved,
];

/// In which words a reader gets their moments.
pub struct Reader {
    pub zone: String,
    pub language: Language,
    /// When it is read.
    pub now: Timestamp,
}

impl Reader {
    pub fn when(&self, moment: Timestamp) -> FormattedTime {
        dates::when(moment, self.now, &self.zone, self.language)
    }

    /// Somebody as a row of the list shows them: days instead of moments, and nothing of a column that is left out.
    pub fn row(&self, entry: DirectoryEntry, layout: &TableLayout) -> UserSummary {
        let Self { zone, language, now } = self;
        let day = |day: i64| dates::day_in_words(day, *now, zone, *language);
        let seen = entry.seen_day.filter(|_| layout.shows(TableColumn::LastSeen)).map(day);
        let at = entry.added_at;
        let added = layout.shows(TableColumn::Added).then(|| FormattedTime { at, ..day(dates::day_of(at, zone)) });
        let left = |until: Timestamp| FormattedTime {
            at: until,
            short: language.time_left((until - *now).as_seconds_up()),
            exact: String::new(),
        };
        let until = entry.until.filter(|_| layout.shows(TableColumn::Status)).map(left);
        UserSummary {
            until,
            added,
            last_seen: seen,
            ..summary(entry, |at| FormattedTime { at, short: String::new(), exact: String::new() })
        }
    }

    /// Somebody as their card shows them.
    pub fn person(&self, entry: DirectoryEntry) -> UserSummary {
        summary(entry, |at| self.when(at))
    }

    pub fn event(&self, event: AuditEvent) -> HistoryLine {
        // From where somebody came in stands in a security report alone.
        let is_sign_in = event.action == AuditAction::SignedIn;
        let after = if is_sign_in { String::new() } else { in_letters(&event.after) };
        HistoryLine {
            when: self.when(event.at),
            actor: event.actor.map(person),
            happening: Happening::AuditAction(event.action),
            subject: event.subject.map(person),
            unit: event.unit,
            before: in_letters(&event.before),
            after,
        }
    }

    fn posted(&self, line: &EventLine) -> HistoryLine {
        // It only chooses the words.
        let channel = line.channel.unwrap_or_default();
        let happening = match line.event {
            Posted::Queued => Happening::Queued(channel),
            Posted::PutOff => Happening::PutOff(channel, line.reason),
            Posted::HandedOver => Happening::HandedOver(channel),
            Posted::Failed => Happening::Failed(channel, line.reason),
            Posted::TooLate => Happening::TooLate,
            Posted::Delivered => Happening::Delivered(channel),
            Posted::CameBack => Happening::CameBack(channel, line.reason),
        };
        HistoryLine {
            when: self.when(line.at),
            actor: None,
            happening,
            subject: None,
            unit: None,
            before: String::new(),
            after: line.detail.clone(),
        }
    }

    /// Some invitations, each with its timeline: what people did and what became of its messages, oldest first. Of what
    /// one offers, or did, stands what is within the viewer's reach. Who was deleted has none.
    pub async fn invitations(
        &self,
        tx: &mut Tx,
        invitations: &[Invitation],
        viewer: &Authority,
        now: Timestamp,
    ) -> Result<Vec<InvitationSummary>, super::UseCaseError> {
        let ids: Vec<InvitationId> = invitations.iter().map(|invitation| invitation.id.clone()).collect();
        let subjects = distinct(invitations.iter().map(|invitation| &invitation.user_id));
        let offered = memberships::of_invitations(tx, &ids).await?;
        let all = roles::all(tx).await?;
        let first = |invitation: &Invitation| -> Vec<UserId> {
            let open: Vec<Membership> =
                offered.iter().filter(|held| held.is_offered_by(&invitation.id)).cloned().collect();
            if invitation.awaits_approval() { agreement::proposers(&open, &all) } else { Vec::new() }
        };
        let proposers: HashMap<InvitationId, Vec<UserId>> =
            invitations.iter().map(|invitation| (invitation.id.clone(), first(invitation))).collect();
        let named =
            invitations.iter().flat_map(|invitation| [Some(&invitation.user_id), invitation.invited_by.as_ref()]);
        let people = distinct(named.flatten().chain(proposers.values().flatten()));
        let people: HashMap<UserId, User> =
            users::find_all(tx, &people).await?.into_iter().map(|user| (user.id.clone(), user)).collect();
        let reach = viewer.reach(Permission::SeeUsers);
        let actions = audit::of_people_within(tx, &subjects, &reach, &OF_INVITATIONS, MOST_DEEDS).await?;
        let posted = messages::histories(tx, &ids).await?;
        let known_by = |id: Option<&UserId>| id.and_then(|id| people.get(id)).map(known);

        let mut summaries = Vec::with_capacity(invitations.len());
        for invitation in invitations {
            let Some(user) = people.get(&invitation.user_id) else { continue };
            let of_this = |held: &&Membership| held.invitation.as_ref() == Some(&invitation.id);
            let is_seen = |held: &&Membership| {
                let sees = [Permission::SeeUsers, Permission::SeeInvitations];
                sees.into_iter().any(|permission| viewer.reaches(permission, &held.unit))
            };
            let seen: Vec<Membership> = offered.iter().filter(of_this).filter(is_seen).cloned().collect();
            let of_this: Vec<Membership> = offered.iter().filter(of_this).cloned().collect();
            let status = roster::facts_of(&seen, std::slice::from_ref(invitation)).status(now);
            let actions = actions.iter().filter(|event| is_of(event, invitation));
            let posted = posted.iter().filter(|(id, _)| *id == invitation.id).map(|(_, line)| line);
            let proposed_by = proposers.get(&invitation.id).into_iter().flatten();
            summaries.push(InvitationSummary {
                id: invitation.id.clone(),
                user_id: user.id.clone(),
                title: in_letters(user.title()),
                address: invitation.address.in_letters(),
                other: invitation.other.as_ref().map(Address::in_letters),
                elsewhere: seen.len() < of_this.len(),
                has_account: user.registered_at.is_some(),
                revision: invitation.revision(&of_this),
                held: held(&seen),
                status,
                invited_by: known_by(invitation.invited_by.as_ref()),
                proposed_by: proposed_by.filter_map(|id| known_by(Some(id))).collect(),
                created: self.when(invitation.created_at),
                resent: invitation.was_sent_again().then(|| self.when(invitation.renewed_at)),
                reminded: invitation.reminded_at.map(|at| self.when(at)),
                until: invitation.expires_at.filter(|at| status.is_pending() && *at > now).map(|at| self.when(at)),
                history: self.timeline(invitation, actions, posted),
            });
        }
        Ok(summaries)
    }

    fn timeline<'a>(
        &self,
        invitation: &Invitation,
        actions: impl Iterator<Item = &'a AuditEvent>,
        posted: impl Iterator<Item = &'a EventLine>,
    ) -> Vec<HistoryLine> {
        let mut lines: Vec<(&EventId, HistoryLine)> = Vec::new();
        lines.extend(actions.map(|event| (&event.id, self.event(event.clone()))));
        lines.extend(posted.map(|line| (&line.id, self.posted(line))));
        lines.sort_by_key(|(id, _)| *id);
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
        history
    }
}

fn summary(entry: DirectoryEntry, when: impl Fn(Timestamp) -> FormattedTime) -> UserSummary {
    UserSummary {
        id: entry.id,
        name: entry.name,
        email: entry.email.as_deref().map(in_letters),
        phone: entry.phone,
        login: entry.login,
        held: entry.held,
        also_offered: entry.also_offered,
        elsewhere: entry.elsewhere,
        status: entry.status,
        until: entry.until.map(&when),
        added: Some(when(entry.added_at)),
        last_seen: entry.last_seen_at.map(&when),
        note: None,
    }
}

/// Whether a line of history belongs to an invitation.
fn is_of(event: &AuditEvent, invitation: &Invitation) -> bool {
    let is_of_the_invited = event.subject.as_ref().is_some_and(|subject| subject.id == invitation.user_id);
    is_of_the_invited && event.at >= invitation.created_at
}

/// Each of these once.
fn distinct<'a>(ids: impl Iterator<Item = &'a UserId>) -> Vec<UserId> {
    ids.collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

/// What somebody holds or is offered, as pages show it.
pub fn held(memberships: &[Membership]) -> Vec<HeldRole> {
    memberships.iter().map(Membership::held).collect()
}

/// Somebody by their id, if they are still there.
pub async fn named(tx: &mut Tx, id: Option<&UserId>) -> Result<Option<Person>, super::UseCaseError> {
    let Some(id) = id else { return Ok(None) };
    Ok(users::find(tx, id).await?.map(|user| known(&user)))
}

/// A person who is still there.
pub fn known(user: &User) -> Person {
    Person { id: user.id.clone(), title: in_letters(user.title()), gone: None }
}

fn person(named: Named) -> Person {
    Person { id: named.id, title: in_letters(&named.title), gone: named.is_deleted.then_some(named.number) }
}

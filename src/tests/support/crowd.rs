//! People in any number and in any state, put straight into storage: what tests of rights, lists and races begin with.

use super::site::{NO_PASSWORD, TestSite, caller, person, standing_session};
use usher::domain::contact::Channel;
use usher::domain::id::{EventId, InvitationId, MembershipId, MessageId, ShiftId, UnitId, UserId};
use usher::domain::invitation::Delivery;
use usher::domain::message::{Lane, MessageKind};
use usher::domain::permission::Permissions;
use usher::domain::role::RoleWish;
use usher::domain::settings::OwnSettings;
use usher::domain::shift::Shift;
use usher::domain::timestamp::{Duration, Timestamp};
use usher::domain::unit::{Unit, UnitKind};
use usher::domain::user::{Status, User};
use usher::server::random;
use usher::server::storage::invitations::Invitation;
use usher::server::storage::memberships::NewMembership;
use usher::server::storage::messages::{NewMessage, Postage};
use usher::server::storage::{Tx, invitations, memberships, messages, roster, shifts, units, users};
use usher::server::use_cases::roles;
use usher::values;
use usher::words::Language;

/// In which state somebody is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Active,
    Invited,
    Expired,
    Withdrawn,
    /// Registered, then blocked.
    Blocked,
    /// Registered, then archived.
    Archived,
    /// Invited to something that takes two.
    Proposed,
}

impl State {
    pub const ALL: [Self; 7] =
        [Self::Active, Self::Invited, Self::Expired, Self::Withdrawn, Self::Blocked, Self::Archived, Self::Proposed];

    /// What lists show for it.
    pub fn status(self) -> Status {
        match self {
            Self::Active => Status::Active,
            Self::Invited => Status::Invited,
            Self::Expired => Status::Expired,
            Self::Withdrawn => Status::Withdrawn,
            Self::Blocked => Status::Blocked,
            Self::Archived => Status::Archived,
            Self::Proposed => Status::AwaitingApproval,
        }
    }

    fn is_registered(self) -> bool {
        matches!(self, Self::Active | Self::Blocked | Self::Archived)
    }
}

/// Somebody to be made.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub name: String,
    pub email: String,
    pub role: String,
    /// Where they stand; more than one for people of several companies.
    pub units: Vec<UnitId>,
    pub state: State,
}

impl Wanted {
    pub fn new(name: &str, email: &str, role: &str, unit: &Unit, state: State) -> Self {
        Self { name: name.into(), email: email.into(), role: role.into(), units: vec![unit.id.clone()], state }
    }
}

impl TestSite {
    /// From now on, it takes two to give this role.
    pub async fn take_two_to_give(&self, key: &str) {
        let role = self.role(key);
        let wish = RoleWish { needs_approval: true, ..RoleWish::from(role) };
        roles::save(&self.app, &caller(&self.anna), Some(&role.id), &wish).await.expect("saved");
    }

    /// Another company, beside the first.
    pub async fn add_company(&self, name: &str) -> Unit {
        self.add_unit(name, UnitKind::Company, &self.root).await
    }

    /// A branch of a unit.
    pub async fn add_branch(&self, name: &str, of: &Unit) -> Unit {
        self.add_unit(name, UnitKind::Branch, of).await
    }

    /// A unit of any kind below another one.
    pub async fn add_unit(&self, name: &str, kind: UnitKind, of: &Unit) -> Unit {
        let now = self.app.clock.now();
        let id = UnitId::new(random::id(now));
        let path = of.path.child(&id);
        let unit = Unit {
            path,
            id,
            kind,
            name: name.into(),
            is_archived: false,
            is_closed: false,
            own: OwnSettings::default(),
        };
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        units::insert(&mut tx, &unit, Some(&of.id), now).await.expect("a unit");
        tx.commit().await.expect("a commit");
        unit
    }

    /// A shift tomorrow, with nobody in it.
    pub async fn add_shift(&self, unit: &Unit) -> ShiftId {
        let now = self.app.clock.now();
        let shift = Shift {
            id: ShiftId::new(random::id(now)),
            unit: unit.path.clone(),
            title: "Front desk".into(),
            starts_at: now + Duration::hours(24),
            ends_at: now + Duration::hours(32),
            people: Vec::new(),
            version: 1,
        };
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        shifts::insert(&mut tx, &shift, &self.anna, now).await.expect("a shift");
        tx.commit().await.expect("a commit");
        shift.id
    }

    /// Somebody in any state, anywhere.
    pub async fn add(&self, name: &str, email: &str, role: &str, unit: &Unit, state: State) -> UserId {
        self.add_all(&[Wanted::new(name, email, role, unit, state)]).await.remove(0)
    }

    /// Many people, in one transaction, in the order asked for.
    pub async fn add_all(&self, wanted: &[Wanted]) -> Vec<UserId> {
        let now = self.app.clock.now();
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        let mut people = Vec::with_capacity(wanted.len());
        for one in wanted {
            people.push(self.make(&mut tx, one, now).await);
        }
        roster::refresh(&mut tx, &people, now).await.expect("the lists");
        tx.commit().await.expect("a commit");
        people
    }

    async fn make(&self, tx: &mut Tx, wanted: &Wanted, now: Timestamp) -> UserId {
        let registered_at = wanted.state.is_registered().then_some(now);
        let is_placeholder = registered_at.is_none();
        let user =
            User { registered_at, is_placeholder, ..person(&wanted.name, &wanted.email, Language::English, now) };
        users::insert(tx, &user, registered_at.map(|_| NO_PASSWORD)).await.expect("a user");
        if registered_at.is_some() {
            standing_session(tx, &user.id, now).await;
        }
        let invitation = self.offer(tx, &user, wanted.state, now).await;
        for unit in &wanted.units {
            let membership = NewMembership {
                id: MembershipId::new(random::id(now)),
                user_id: &user.id,
                unit_id: unit,
                role: &self.role(&wanted.role).id,
                extra: Permissions::NONE,
                by: Some(&self.anna),
                invitation: Some(&invitation),
                active_at: registered_at,
            };
            memberships::insert(tx, &membership, now).await.expect("a membership");
            match wanted.state {
                State::Blocked => memberships::block(tx, &membership.id, &self.anna, "", now).await.expect("a block"),
                State::Archived => {
                    memberships::archive(tx, &membership.id, Some(&self.anna), now).await.expect("archived");
                }
                _ => {}
            }
        }
        user.id
    }

    /// An invitation whose message a relay took.
    async fn offer(&self, tx: &mut Tx, user: &User, state: State, now: Timestamp) -> InvitationId {
        let end = if state == State::Expired { Timestamp(now.0 - 1) } else { now + Duration::hours(8) };
        let invitation = Invitation {
            id: InvitationId::new(random::id(now)),
            user_id: user.id.clone(),
            address: user.address().expect("an address"),
            address_mark: None,
            other: None,
            other_mark: None,
            language: Language::English,
            personal_text: String::new(),
            generation: 1,
            valid_for: Duration::hours(8),
            created_at: now,
            created_by: Some(self.anna.clone()),
            invited_by: Some(self.anna.clone()),
            renewed_at: now,
            extended_at: None,
            expires_at: Some(end).filter(|_| state != State::Proposed),
            opened_at: None,
            accepted_at: state.is_registered().then_some(now),
            withdrawn_at: None,
            declined_at: None,
            replaced_by: None,
            remind_at: None,
            reminded_at: None,
            needs_approval: state == State::Proposed,
            approved_at: None,
            is_unsent: false,
            delivery: Delivery::HandedOver,
        };
        invitations::insert(tx, &invitation).await.expect("an invitation");
        if state == State::Withdrawn {
            invitations::withdraw(tx, &invitation.id, now).await.expect("a withdrawal");
        }
        if state == State::Proposed || state.is_registered() {
            return invitation.id;
        }
        let id = MessageId::new(random::id(now));
        let message = NewMessage {
            id: id.clone(),
            kind: MessageKind::Invitation,
            channel: Channel::Email,
            user_id: &user.id,
            invitation_id: Some(&invitation.id),
            reset_id: None,
            generation: 1,
            header_id: format!("<{id}@users.acme.by>"),
            due_at: now,
            lane: Lane::Single,
            postage: Postage { address: format!("test {id}"), inviter: None },
        };
        messages::enqueue(tx, &message, EventId::new(random::id(now)), now).await.expect("a message");
        let sql = "update messages set sent_at = $2, next_try_at = null where id = $1";
        tx.execute(sql, &values![&id, now]).await.expect("handed over");
        invitation.id
    }
}

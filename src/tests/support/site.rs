//! A furnished installation: settings, units, the preset's roles and a main administrator who invites. Built from storage
//! alone, so that a test of one part does not lean on another.

use url::Url;
use usher::domain::authorization::SignsInBy;
use usher::domain::contact::{Address, Channel, Email};
use usher::domain::id::{
    DraftId, EventId, InvitationId, MembershipId, MessageId, ResetId, RoleId, SessionId, UnitId, UserId,
};
use usher::domain::invitation::Delivery;
use usher::domain::message::outcome::DeliveryReason;
use usher::domain::message::{Lane, MessageKind};
use usher::domain::permission::Permissions;
use usher::domain::preset::{DISPATCH, Preset};
use usher::domain::registration::{NameFields, RegistrationFields};
use usher::domain::role::Role;
use usher::domain::settings::{OwnSettings, Settings};
use usher::domain::timestamp::{Duration, Timestamp};
use usher::domain::unit::{Unit, UnitKind, UnitPath};
use usher::domain::user::User;
use usher::server::app::App;
use usher::server::clock::Clock;
use usher::server::config::{Config, Relay, Sender};
use usher::server::random;
use usher::server::secrets::Key;
use usher::server::storage::invitations::Invitation;
use usher::server::storage::memberships::NewMembership;
use usher::server::storage::messages::{MessageEvent, NewMessage, Postage};
use usher::server::storage::resets::Reset;
use usher::server::storage::terms::{self, FormTerms};
use usher::server::storage::{
    Database, Tx, invitations, memberships, messages, resets, roles, roster, settings, units, users,
};
use usher::server::use_cases::Actor;
use usher::values;
use usher::words::Language;

/// A hash of which nobody knows a password.
pub const NO_PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm90IHZlcnkgc2FsdHk$Y29wcGVyIGxhbXAgcml2ZXIgdmVsdmV0IHN0b25lIGc";

/// An installation with its first people.
#[derive(Clone)]
pub struct TestSite {
    pub app: App,
    pub preset: &'static Preset,
    pub root: Unit,
    pub company: Unit,
    pub roles: Vec<Role>,
    /// Anna Petrova, who holds the top role.
    pub anna: UserId,
}

/// Somebody invited: the person, the invitation and its message.
#[derive(Clone, Debug)]
pub struct Invited {
    pub user: UserId,
    pub invitation: InvitationId,
    pub message: MessageId,
}

/// A configuration for tests; `relay` is `smtp://…`, or nothing for the built-in mailbox.
pub fn config(relay: Option<&str>) -> Config {
    Config {
        listen: ([127, 0, 0, 1], 0).into(),
        public_url: Url::parse("https://users.acme.by").expect("an address"),
        database_url: String::new().into(),
        data_dir: std::env::temp_dir(),
        key_file: std::env::temp_dir().join("no-key"),
        relay: relay.map(|url| Relay::parse(&url.to_string().into()).expect("a relay")),
        sms: None,
        mail_from: Sender {
            name: Some("ACME School via Usher".into()),
            address: Email::parse("people@acme.by").expect("an address"),
        },
        trusted_proxies: 0,
        dns: None,
        is_demonstration: false,
    }
}

impl TestSite {
    /// Furnishes an empty database as a dispatch system.
    pub async fn furnish(db: Database, relay: Option<&str>) -> Self {
        Self::furnish_as(&DISPATCH, db, relay).await
    }

    /// Furnishes an empty database as any kind of organisation.
    pub async fn furnish_as(preset: &'static Preset, db: Database, relay: Option<&str>) -> Self {
        let app = App::new(config(relay), db, Key::from_bytes([7; 32]), Clock::default());
        let now = app.clock.now();
        let unit = |kind, name: &str, above: Option<&Unit>| {
            let id = UnitId::new(random::id(now));
            let path = above.map_or_else(|| UnitPath::root(&id), |above| above.path.child(&id));
            Unit {
                id,
                kind,
                name: name.into(),
                path,
                is_archived: false,
                is_closed: false,
                own: OwnSettings::default(),
            }
        };
        let root = unit(UnitKind::Installation, "ACME School", None);
        let company = unit(UnitKind::Company, "ACME North", Some(&root));
        let roles = preset.roles_with(|_| RoleId::new(random::id(now)));
        let mut tx = app.db.maintain().await.expect("a transaction");
        let values = Settings {
            organisation: "ACME School".into(),
            zone: "Europe/Minsk".into(),
            hold: Duration(0),
            // A name in one field: how it is asked for has tests of its own.
            registration: RegistrationFields { name: NameFields::One, ..preset.settings().registration },
            // By all that people have: which of it a kind of organisation asks for has tests of its own, too.
            signs_in_by: SignsInBy::Any,
            archives_people: true,
            ..preset.settings()
        };
        settings::save(&mut tx, &values).await.expect("settings");
        units::insert(&mut tx, &root, None, now).await.expect("the root");
        units::insert(&mut tx, &company, Some(&root.id), now).await.expect("a company");
        roles::insert(&mut tx, &roles).await.expect("roles");
        tx.commit().await.expect("a commit");
        let mut site = Self { app, preset, root, company, roles, anna: UserId::new("") };
        let top = site.top().key.clone();
        site.anna = site.add_active("Anna Petrova", "anna@acme.by", &top).await;
        site
    }

    /// The same installation with another relay in front, on a database that may be furnished already.
    pub async fn furnish_again(db: Database, relay: &str) -> Self {
        let mut tx = db.read().await.expect("a connection");
        let is_furnished = users::is_anybody_there(&mut tx).await.expect("a look");
        drop(tx);
        if !is_furnished {
            return Self::furnish(db, Some(relay)).await;
        }
        Self::of(App::new(config(Some(relay)), db, Key::from_bytes([7; 32]), Clock::default())).await
    }

    /// An installation as it stands in its database; Anna is whoever has Anna's address.
    pub async fn of(app: App) -> Self {
        let mut tx = app.db.read().await.expect("a connection");
        let preset = settings::load(&mut tx).await.expect("a look").expect("settings").preset();
        let root = units::root(&mut tx).await.expect("the root");
        let below = units::below(&mut tx, &root.path).await.expect("the units");
        let roles = roles::all(&mut tx).await.expect("the roles");
        let anna = users::find_by_identifier(&mut tx, "anna@acme.by").await.expect("a look").expect("Anna").id;
        let company = below.into_iter().find(|unit| unit.kind == UnitKind::Company).expect("a company");
        drop(tx);
        Self { app, preset, root, company, roles, anna }
    }

    pub async fn settings(&self) -> Settings {
        let mut tx = self.app.db.read().await.expect("a connection");
        settings::load(&mut tx).await.expect("a look").expect("settings")
    }

    pub async fn save_settings(&self, new: &Settings) {
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        settings::save(&mut tx, new).await.expect("settings");
        tx.commit().await.expect("a commit");
    }

    /// The same installation under another configuration.
    pub fn change_config(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = self.app.config.clone();
        change(&mut config);
        self.app = App::new(config, self.app.db.clone(), self.app.key.clone(), self.app.clock.clone());
    }

    pub fn role(&self, key: &str) -> &Role {
        self.roles.iter().find(|role| role.key == key).expect("a role of the preset")
    }

    /// The role that is held at the installation itself.
    pub fn top(&self) -> &Role {
        self.roles.iter().find(|role| role.is_top).expect("a top role")
    }

    /// Somebody who has registered.
    pub async fn add_active(&self, name: &str, email: &str, role: &str) -> UserId {
        let now = self.app.clock.now();
        let user = User { registered_at: Some(now), ..person(name, email, Language::English, now) };
        let unit = if self.role(role).is_top { &self.root } else { &self.company };
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        users::insert(&mut tx, &user, Some(NO_PASSWORD)).await.expect("a user");
        let membership = NewMembership {
            id: MembershipId::new(random::id(now)),
            user_id: &user.id,
            unit_id: &unit.id,
            role: &self.role(role).id,
            extra: Permissions::NONE,
            by: None,
            invitation: None,
            active_at: Some(now),
        };
        memberships::insert(&mut tx, &membership, now).await.expect("a membership");
        standing_session(&mut tx, &user.id, now).await;
        roster::refresh(&mut tx, std::slice::from_ref(&user.id), now).await.expect("the lists");
        tx.commit().await.expect("a commit");
        user.id
    }

    /// Signs somebody in, as [`caller`] wants it, whose sessions were ended or began long ago.
    pub async fn sign_in_again(&self, user: &UserId) {
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        let sql = "delete from sessions where id = $1";
        tx.execute(sql, &values![user]).await.expect("without the session before");
        standing_session(&mut tx, user, self.app.clock.now()).await;
        tx.commit().await.expect("a commit");
    }

    /// Invites somebody to the preset's usual role, in English, for eight hours.
    pub async fn invite(&self, name: &str, email: &str) -> Invited {
        self.invite_with(name, email, |_| {}).await
    }

    /// Invites somebody; `change` may put anything into the invitation, also what no use case would let in.
    pub async fn invite_with(&self, name: &str, email: &str, change: impl FnOnce(&mut Invitation)) -> Invited {
        let now = self.app.clock.now();
        let mut invitation = Invitation {
            id: InvitationId::new(random::id(now)),
            user_id: UserId::new(""),
            address: Address::stored(Channel::Email, email),
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
            expires_at: Some(now + Duration::hours(8)),
            opened_at: None,
            accepted_at: None,
            withdrawn_at: None,
            declined_at: None,
            replaced_by: None,
            remind_at: None,
            reminded_at: None,
            needs_approval: false,
            approved_at: None,
            is_unsent: false,
            delivery: Delivery::Queued,
        };
        change(&mut invitation);
        let mut user = User { is_placeholder: true, ..person(name, email, invitation.language, now) };
        if let Some(phone) = invitation.address.phone() {
            (user.email, user.phone) = (None, Some(phone.into()));
        }
        invitation.user_id = user.id.clone();
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        users::insert(&mut tx, &user, None).await.expect("a user");
        invitations::insert(&mut tx, &invitation).await.expect("an invitation");
        let membership = NewMembership {
            id: MembershipId::new(random::id(now)),
            user_id: &user.id,
            unit_id: &self.company.id,
            role: &self.role(self.preset.usual_role).id,
            extra: Permissions::NONE,
            by: Some(&self.anna),
            invitation: Some(&invitation.id),
            active_at: None,
        };
        memberships::insert(&mut tx, &membership, now).await.expect("a membership");
        let id = MessageId::new(random::id(now));
        let message = NewMessage {
            id: id.clone(),
            kind: MessageKind::Invitation,
            channel: invitation.address.channel(),
            user_id: &user.id,
            invitation_id: Some(&invitation.id),
            reset_id: None,
            generation: invitation.generation,
            header_id: format!("<{id}@users.acme.by>"),
            due_at: now,
            lane: Lane::Single,
            postage: Postage { address: format!("test {id}"), inviter: None },
        };
        messages::enqueue(&mut tx, &message, EventId::new(random::id(now)), now).await.expect("a message");
        roster::refresh(&mut tx, std::slice::from_ref(&user.id), now).await.expect("the lists");
        tx.commit().await.expect("a commit");
        self.app.db.bells().outbox.notify_one();
        Invited { user: user.id, invitation: invitation.id, message: id }
    }

    /// A kept invite form of somebody, with nobody in it.
    pub async fn keep_form(&self, user: &UserId) -> DraftId {
        let now = self.app.clock.now();
        let form = FormTerms {
            id: DraftId::new(random::id(now)),
            user_id: user.clone(),
            created_at: now,
            kept_until: now + Duration::days(1),
            channel: Channel::Email,
            language: Language::English,
            personal_text: String::new(),
            valid_for: Some(Duration::hours(72)),
            role: self.role(self.preset.usual_role).id.clone(),
            extra: Permissions::NONE,
            units: Vec::new(),
            places: Vec::new(),
            proposed: None,
            cleaned: 0,
            folded: 0,
            typed: String::new(),
            only_adds: false,
        };
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        terms::insert(&mut tx, &form, 0).await.expect("kept");
        tx.commit().await.expect("a commit");
        form.id
    }

    /// Asks for a password reset of somebody; an hour's link.
    pub async fn reset(&self, user: &UserId) -> MessageId {
        let now = self.app.clock.now();
        let reset = Reset {
            id: ResetId::new(random::id(now)),
            user_id: user.clone(),
            created_at: now,
            expires_at: Some(now + Duration::minutes(60)),
            used_at: None,
        };
        let id = MessageId::new(random::id(now));
        let message = NewMessage {
            id: id.clone(),
            kind: MessageKind::PasswordReset,
            channel: Channel::Email,
            user_id: user,
            invitation_id: None,
            reset_id: Some(&reset.id),
            generation: 1,
            header_id: format!("<{id}@users.acme.by>"),
            due_at: now,
            lane: Lane::Single,
            postage: Postage { address: format!("test {id}"), inviter: None },
        };
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        resets::insert(&mut tx, &reset).await.expect("a reset");
        messages::enqueue(&mut tx, &message, EventId::new(random::id(now)), now).await.expect("a message");
        tx.commit().await.expect("a commit");
        self.app.db.bells().outbox.notify_one();
        id
    }

    /// The newest invitation of somebody.
    pub async fn invitation_of(&self, user: &UserId) -> InvitationId {
        let mut tx = self.app.db.read().await.expect("a connection");
        let all = invitations::of_user(&mut tx, user).await.expect("a look");
        all.into_iter().next().map_or_else(|| InvitationId::new("none"), |newest| newest.id)
    }

    /// Lets time pass, and has the worker look again.
    pub fn pass(&self, span: Duration) {
        self.app.clock.advance(span);
        self.app.db.bells().outbox.notify_one();
    }

    /// The status that the users table shows for somebody.
    pub async fn status(&self, user: &UserId) -> String {
        let mut tx = self.app.db.read().await.expect("a connection");
        let sql = "select r.status from roster r join users u on u.number = r.person join units n on n.number = r.unit \
                   where u.id = $1 and n.id = $2";
        let row = tx.maybe_row(sql, &values![user, &self.root.id]).await.expect("a look");
        row.map_or("nobody".into(), |row| row.text("status").expect("a status"))
    }

    /// What happened to an invitation's messages, with the relay's words.
    pub async fn history(&self, invitation: &InvitationId) -> Vec<(MessageEvent, String)> {
        let mut tx = self.app.db.read().await.expect("a connection");
        let lines = messages::histories(&mut tx, std::slice::from_ref(invitation)).await.expect("a history");
        lines.into_iter().map(|(_, line)| (line.event, line.detail)).collect()
    }

    /// Why an invitation's newest message did not leave, at its last attempt.
    pub async fn reason(&self, invitation: &InvitationId) -> Option<DeliveryReason> {
        let mut tx = self.app.db.read().await.expect("a connection");
        let lines = messages::histories(&mut tx, std::slice::from_ref(invitation)).await.expect("a history");
        lines.last().and_then(|(_, line)| line.reason)
    }
}

/// Somebody who acts, in the session that [`standing_session`] made.
pub fn caller(user: &UserId) -> Actor {
    Actor::in_session(user.clone(), SessionId::new(user.as_str()))
}

/// How the device of such a session is called.
pub const STANDING: &str = "Standing";

/// A session of somebody that runs until it is ended, named like its person: use cases ask for one.
pub async fn standing_session(tx: &mut Tx, user: &UserId, now: Timestamp) {
    // Nobody counts as having been here for it.
    let sql = "insert into sessions (secret_hash, id, user_id, device, is_kept, created_at, last_seen_at, expires_at) \
               values ($1, $2, $2, $3, $4, $5, $5, $6) on conflict do nothing";
    let values = values![format!("standing {user}"), user, STANDING, true, now, Timestamp(i64::MAX)];
    tx.execute(sql, &values).await.expect("a session");
}

/// A person who has not registered.
pub fn person(name: &str, email: &str, language: Language, now: Timestamp) -> User {
    let user = User::new(UserId::new(random::id(now)), language, now);
    User { name: name.into(), email: Some(email.into()), ..user }
}

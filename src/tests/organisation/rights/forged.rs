//! Fields that no form has stand in every body, and every field stands there twice: the call is refused and changes nothing,
//! or it does what it does without them, no more (AZ-07).

use super::calls::{Call, Way};
use super::town;
use super::world::World;
use crate::endpoints::reviewed::{FUNCTIONS, Function, Needs, Sample};
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use axum::Router;
use usher::domain::error::UseCaseError;
use usher::domain::id::{DraftId, RoleId, SessionId, UnitId, UserId};
use usher::domain::permission::Permission;
use usher::domain::preset::DISPATCH;
use usher::domain::role::Role;
use usher::domain::unit::{Unit, UnitKind};
use usher::server::http;
use usher::server::storage::{Database, roles, settings, shifts, units};

/// Fields that exist too, but that no form must have.
const OPTIONAL: [(&str, &[&str]); 9] = [
    ("/api/invite", &["units[]", "extra[]", "rows[]", "personal_text", "only_check", "after"]),
    ("/api/change-role", &["unit", "extra[]", "extras"]),
    ("/api/add-place", &["extra[]"]),
    ("/api/take-back", &["addresses"]),
    ("/api/send-now", &["addresses"]),
    ("/api/save-role", &["permissions[]", "assigns[]", "needs_approval"]),
    ("/api/change-settings", &["other_length", "classes", "support_contact"]),
    ("/api/edit-user", &[]),
    ("/api/block", &[]),
];

/// A call that is ready to be sent, with everything that it needs made for it.
struct Ready {
    call: Call,
    browser: Browser,
    /// What stands for what, so that two calls can be compared.
    names: Vec<(String, &'static str)>,
}

struct Stage {
    site: TestSite,
    router: Router,
    admin: UserId,
    made: usize,
}

impl Stage {
    async fn set(db: Database) -> Self {
        let site = town::furnish(db, &DISPATCH).await;
        let admin = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        Self { router: http::router(site.app.clone()), site, admin, made: 0 }
    }

    async fn look(&self) -> World {
        World::of(&self.site.app.db).await
    }

    async fn browser_of(&self, user: &UserId) -> Browser {
        let mut browser = Browser::on(self.router.clone());
        browser.sign_in_as(&self.site.app, user).await;
        browser.address = ([198, 51, 100, (self.made % 250) as u8], 40_000).into();
        browser
    }

    /// Makes whom or what a function acts on, anew for every call.
    async fn prepare(&mut self, function: &Function) -> Ready {
        self.made += 1;
        let (site, made, verb) = (&self.site, self.made, function.path.trim_start_matches("/api/"));
        let state = match verb {
            "unblock" => State::Blocked,
            "bring-back" => State::Archived,
            "approve" => State::Proposed,
            "resend" | "withdraw" | "copy-link" => State::Invited,
            _ => State::Active,
        };
        let (email, address) = (format!("t{made}@acme.by"), format!("n{made}@acme.by"));
        let person = site.add("Somebody", &email, "employee", &site.company, state).await;
        let (mut unit, mut to) = (site.company.clone(), site.company.clone());
        if verb.ends_with("-unit") || verb == "add-place" {
            // Below one of its own, so that its name is nobody else's.
            let above = site.add_branch(&format!("Above {made}"), &site.company).await;
            unit = site.add_branch("Unit", &above).await;
            to = site.add_branch("Another", &above).await;
        }
        let (shift, role) = (site.add_shift(&site.company).await, self.role().await);
        self.put_back(verb, &unit, &shift, &person).await;
        let actor = match function.needs {
            Needs::SignedIn => &person,
            Needs::Right(Permission::EditRoles | Permission::ChangeSettings) => &site.anna,
            _ => &self.admin,
        };
        let mut browser = self.browser_of(actor).await;
        self.browser_of(actor).await;
        if verb == "change-password" {
            site.give_password(&person).await;
        }
        let mut draft = String::new();
        if ["take-back", "send-now"].contains(&verb) {
            let employee = site.role("employee").id.to_string();
            let fields = [
                ("addresses", address.as_str()),
                ("unit", site.company.id.as_str()),
                ("role", &employee),
                ("language", "en"),
                ("valid_for", "8h"),
            ];
            Call::new("invite", &fields).send(&mut browser, Way::Script).await.expect("an invitation");
            draft = self.look().await.all("invitation_terms").last().expect("a draft").get("id").into();
        }
        let sessions = self.look().await;
        let own = sessions.all("sessions").iter().rfind(|session| session.get("user_id") == actor.as_str());
        let session = own.map(|session| session.get("id").to_string()).unwrap_or_default();
        let given = if verb == "change-role" { "dispatcher" } else { "employee" };
        let sample = Sample {
            email: email.clone(),
            unit: unit.id.clone(),
            draft: DraftId::new(&draft),
            session: SessionId::new(&session),
            invitation: site.invitation_of(&person).await,
            shift: shift.clone(),
            role: site.role(given).id.to_string(),
            role_id: role.to_string(),
            person: person.clone(),
            ..Sample::of_nothing(site)
        };
        let names = vec![
            (person.to_string(), "(whom)"),
            (email, "(their address)"),
            (address.clone(), "(an address)"),
            (sample.invitation.to_string(), "(the invitation)"),
            (unit.id.to_string(), "(the unit)"),
            (to.id.to_string(), "(where to)"),
            (shift.to_string(), "(the shift)"),
            (role.to_string(), "(the role)"),
            (session, "(the session)"),
            (draft, "(the form)"),
        ];
        let fields = function.filled(&sample).into_iter().map(|(name, value)| match name {
            "to" => (name.to_string(), to.id.to_string()),
            "addresses" => (name.to_string(), address.clone()),
            "current_password" => (name.to_string(), PASSWORD.to_string()),
            _ => (name.to_string(), value),
        });
        Ready { call: Call { verb, fields: fields.collect() }, browser, names }
    }

    /// A role that nobody holds.
    async fn role(&self) -> RoleId {
        let now = self.site.app.clock.now();
        let id = RoleId::new(usher::server::random::id(now));
        let new = Role {
            id: id.clone(),
            name: "New".into(),
            key: String::new(),
            rank: 3,
            ..self.site.role("employee").clone()
        };
        let mut tx = self.site.app.db.maintain().await.expect("a transaction");
        roles::insert(&mut tx, &[new]).await.expect("a role");
        let mut top =
            roles::all(&mut tx).await.expect("the roles").into_iter().find(|role| role.is_top).expect("the top");
        top.may_assign.push(id.clone());
        roles::update(&mut tx, &top, &top).await.expect("the top role");
        tx.commit().await.expect("a commit");
        id
    }

    /// What must stand as it stood for a call before.
    async fn put_back(&self, verb: &str, unit: &Unit, shift: &usher::domain::id::ShiftId, person: &UserId) {
        let mut tx = self.site.app.db.maintain().await.expect("a transaction");
        match verb {
            "change-settings" => {
                settings::save(&mut tx, &town::first_settings(&DISPATCH)).await.expect("the settings");
            }
            "bring-back-unit" => {
                let now = self.site.app.clock.now();
                units::archive(&mut tx, &Unit { is_archived: true, ..unit.clone() }, Some(now)).await.expect("closed");
            }
            "leave-shift" => drop(shifts::join(&mut tx, shift, person).await.expect("in the shift")),
            _ => {}
        }
        tx.commit().await.expect("a commit");
    }

    /// Everything that somebody might wish to slip in, but for what the function takes anyway.
    fn slipped_in(&self, function: &Function, call: &Call) -> Vec<(String, String)> {
        let (anna, root) = (self.site.anna.to_string(), self.site.root.id.to_string());
        let top = self.site.roles[0].id.to_string();
        let all = [
            ("role", &*top),
            ("role_id", &top),
            ("is_top", "true"),
            ("id", &anna),
            ("user", &anna),
            ("user_id", &anna),
            ("unit", &root),
            ("unit_id", &root),
            ("units[]", &root),
            ("parent_id", &root),
            ("path", "/"),
            ("created_by", &anna),
            ("proposed_by", &anna),
            ("approved_by", &anna),
            ("approved_at", "1"),
            ("needs_approval", "false"),
            ("active_at", "1"),
            ("accepted_at", "1"),
            ("blocked_at", ""),
            ("expires_at", "9999999999999"),
            ("extra[]", "settings.change"),
            ("extras", "on"),
            ("permissions[]", "settings.change"),
            ("assigns[]", &top),
            ("rank", "99"),
            ("email", "mallory@evil.example"),
            ("login", "mallory"),
            ("password_hash", "x"),
            ("caller", &anna),
            ("actor_id", &anna),
            ("preset", "school"),
            ("tenant", &root),
        ];
        let optional = OPTIONAL.iter().find(|(path, _)| *path == function.path).map_or(&[][..], |(_, names)| names);
        let is_taken = |name: &str| optional.contains(&name) || call.fields.iter().any(|(field, _)| field == name);
        let slipped = all.into_iter().filter(|(name, _)| !is_taken(name));
        slipped.map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    /// Sends a call, and says what it changed; a refused one has changed nothing.
    async fn effect(&self, ready: Ready, way: Way) -> (Result<(), UseCaseError>, Vec<String>) {
        let Ready { call, mut browser, names } = ready;
        let before = self.look().await;
        let result = call.send(&mut browser, way).await;
        let after = self.look().await;
        if result.is_err() {
            assert_eq!(before.differences(&after), Vec::<String>::new(), "{call:?}: {result:?}, and changed something");
        }
        (result, before.effect(&after, &names))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_form_has_is_refused_or_does_nothing_az_07() {
    both(|db| async {
        let mut stage = Stage::set(db).await;
        let mut effective = 0;
        for function in FUNCTIONS.iter().filter(|function| function.method == "POST") {
            let ready = stage.prepare(function).await;
            let plain = stage.effect(ready, Way::Script).await;
            effective += usize::from(!plain.1.is_empty());
            for way in [Way::Script, Way::Plain] {
                let mut ready = stage.prepare(function).await;
                let more = stage.slipped_in(function, &ready.call);
                ready.call.fields.extend(more);
                let slipped = stage.effect(ready, way).await;
                assert!(slipped.0.is_err() || slipped == plain, "{} {way:?}: {slipped:#?}\n{plain:#?}", function.path);
            }
            twice(&mut stage, function, &plain).await;
        }
        // Nearly all of them did something to be compared.
        assert!(effective >= 28, "only {effective} calls did anything");
        public_forms(&stage).await;
    })
    .await;
}

/// Each field once more, with another value, before the meant one and behind it.
async fn twice(stage: &mut Stage, function: &Function, plain: &(Result<(), UseCaseError>, Vec<String>)) {
    for at in 0..function.fields.len() {
        for (is_first, way) in [(true, Way::Script), (false, Way::Plain)] {
            let mut ready = stage.prepare(function).await;
            let name = ready.call.fields[at].0.clone();
            let other = match name.as_str() {
                "role" => stage.site.roles[0].id.to_string(),
                "unit" | "to" | "below" => stage.site.root.id.to_string(),
                _ => stage.site.anna.to_string(),
            };
            let place = if is_first { 0 } else { ready.call.fields.len() };
            ready.call.fields.insert(place, (name.clone(), other));
            let doubled = stage.effect(ready, way).await;
            assert!(doubled.0.is_err() || doubled == *plain, "{} with two {name}: {doubled:#?}", function.path);
        }
    }
}

/// The forms at the doors give nobody a right, whatever else stands in them.
async fn public_forms(stage: &Stage) {
    let mut browser = Browser::on(stage.router.clone());
    let (anna, top) = (stage.site.anna.to_string(), stage.site.roles[0].id.to_string());
    for path in ["/sign-in", "/forgot", "/language", "/theme", "/sign-out", "/set-up"] {
        let before = stage.look().await;
        let fields = [
            ("identifier", "viktor@acme.by"),
            ("email", "viktor@acme.by"),
            ("password", "none of their words"),
            ("language", "en"),
            ("theme", "dark"),
            ("id", anna.as_str()),
            ("user_id", &anna),
            ("role", &top),
            ("is_top", "true"),
            ("created_by", &anna),
        ];
        browser.post_form(path, &fields).await;
        let after = stage.look().await;
        assert_eq!(before.differences(&after), Vec::<String>::new(), "{path}");
        assert!(!browser.cookies.contains_key("__Host-usher_session"), "{path}");
    }
}

/// A unit of any kind but those that people make.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_makes_a_second_installation_by_a_forged_kind_az_07() {
    both(|db| async {
        let stage = Stage::set(db).await;
        let mut browser = stage.browser_of(&stage.site.anna).await;
        let before = stage.look().await;
        for kind in [UnitKind::Installation.code(), "", "root", "company\u{0}"] {
            let call =
                Call::new("create-unit", &[("below", stage.site.company.id.as_str()), ("kind", kind), ("name", "Top")]);
            let way = if kind.is_empty() { Way::Plain } else { Way::Script };
            assert!(matches!(call.send(&mut browser, way).await, Err(UseCaseError::Invalid(_))), "{kind:?}");
        }
        for below in [UnitId::new(""), UnitId::new("/")] {
            let call = Call::new("create-unit", &[("below", below.as_str()), ("kind", "team"), ("name", "Top")]);
            assert_eq!(call.send(&mut browser, Way::Script).await, Err(UseCaseError::NotFound));
        }
        assert_eq!(before.differences(&stage.look().await), Vec::<String>::new());
    })
    .await;
}

//! What the roles of a preset may not do, refused to whoever asks for it without the page: as its script would, and as a
//! plain form. Who may do what stands here as the texts say it, not as the product has it.

use crate::policy_table::calls::{Call, Person, Way};
use crate::policy_table::cells::{Action, Answer};
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use usher::domain::id::{RoleId, UserId};
use usher::domain::preset::Preset;
use usher::domain::unit::Unit;
use usher::domain::user::UserAction;
use usher::server::storage::Database;
use usher::values;

/// Who gives what.
pub type Gives = &'static [(&'static str, &'static [&'static str])];

/// A preset as its text describes its roles.
#[derive(Clone, Copy)]
pub struct Walls {
    pub preset: &'static Preset,
    /// They look at people, and do nothing to them.
    pub only_look: &'static [&'static str],
    /// For them there are no users.
    pub without_users: &'static [&'static str],
    /// Who invites to which roles; whoever is not named invites nobody.
    pub invites: Gives,
    /// Who makes somebody which role.
    pub changes: Gives,
}

/// Sections that are no business of whoever only looks or has none.
const CLOSED: [&str; 6] = ["invite form", "audit", "mailbox", "settings", "roles", "change settings"];

/// The same for whoever has no users.
const UNSEEN: [&str; 3] = ["users list", "invitations", "units"];

const WAYS: [Way; 2] = [Way::Script, Way::Plain];

/// The preset's roles in a company with one unit, each held by somebody.
struct Scene {
    site: TestSite,
    unit: Unit,
    lowest: &'static str,
    /// Role, person and browser, highest first; Anna at the top.
    people: Vec<(&'static str, UserId, Browser)>,
}

impl Walls {
    /// All of it, on both databases.
    pub async fn stand(self) {
        both(move |db| async move {
            let scene = Scene::set(db, self.preset).await;
            scene.only_those_who_may_write_do(&self).await;
            scene.nobody_gives_more(&self).await;
            scene.nobody_touches_their_equals().await;
        })
        .await;
    }
}

impl Scene {
    async fn set(db: Database, preset: &'static Preset) -> Self {
        let site = TestSite::furnish_as(preset, db, None).await;
        let unit = site.add_unit("Blue", preset.kinds[0], &site.company).await;
        let mut people = Vec::new();
        for role in preset.roles {
            let user = match role.is_top {
                true => site.anna.clone(),
                false => site.add_active("Somebody", &format!("{}@acme.by", role.key), role.key).await,
            };
            let browser = Browser::signed_in(&site.app, &user).await;
            people.push((role.key, user, browser));
        }
        let lowest = preset.roles.last().expect("a role").key;
        Self { site, unit, lowest, people }
    }

    fn browser(&self, role: &str) -> Browser {
        self.people.iter().find(|(key, ..)| *key == role).expect("somebody").2.clone()
    }

    /// Somebody with the lowest role, and somebody invited to it, as one target.
    async fn target(&self) -> Person {
        let add =
            async |email: &str, state| self.site.add("Target", email, self.lowest, &self.site.company, state).await;
        let (id, invited) = (add("target@acme.by", State::Active).await, add("new@acme.by", State::Invited).await);
        Person {
            id,
            email: "target@acme.by".into(),
            invitation: self.site.invitation_of(&invited).await,
            unit: self.site.company.id.clone(),
            branch: self.unit.id.clone(),
        }
    }

    /// Rules 4, 74, 75 and their like.
    async fn only_those_who_may_write_do(&self, walls: &Walls) {
        let target = self.target().await;
        let role = self.site.role(self.lowest);
        let actions = UserAction::ALL.into_iter().filter(|action| *action != UserAction::See);
        let action = |action| Call::on(&target, Action::ChangeRole(self.lowest), action, &self.site.roles);
        let unit = || ("id", self.unit.id.to_string());
        let write = |path, fields| Call { path, fields, page: None };
        let named = |name: &str| ("name", name.to_string());
        let below = ("below", self.site.company.id.to_string());
        let writes: Vec<Call> = actions
            .map(action)
            .chain(CLOSED.map(Call::open))
            .chain([
                Call::invite("somebody@acme.by", &self.unit.id, role),
                write("/api/create-unit", vec![below, ("kind", "team".into()), named("Red")]),
                write("/api/edit-unit", vec![unit(), named("Red")]),
                write("/api/archive-unit", vec![unit()]),
                write("/api/save-role", vec![named("More"), ("rank", "5".into())]),
            ])
            .collect();
        let see = Call::on(&target, Action::Do("see"), UserAction::See, &self.site.roles);
        let before = Dump::of(&self.site.app.db).await;
        for key in walls.only_look.iter().chain(walls.without_users) {
            let mut browser = self.browser(key);
            for (call, way) in writes.iter().flat_map(|call| WAYS.map(|way| (call, way))) {
                let answer = call.send(&mut browser, way).await;
                assert_eq!(answer, Ok(Answer::Refused), "{key}: {} {way:?}", call.path);
            }
            let (is_blind, unseen) = (walls.without_users.contains(key), UNSEEN.map(Call::open));
            let reads = if is_blind { unseen.to_vec() } else { vec![unseen[0].clone()] };
            for (call, way) in reads.iter().chain([&see]).flat_map(|call| WAYS.map(|way| (call, way))) {
                let answer = call.send(&mut browser, way).await.expect("an answer");
                let is_shut = matches!(answer, Answer::Refused | Answer::Hidden);
                assert_eq!(is_shut, is_blind, "{key}: {} {way:?}: {answer:?}", call.path);
            }
        }
        before.assert_unchanged(&self.site.app.db, "what was refused").await;
    }

    /// Rules 82, 83, 88 and their like: the ceiling on inviting and on changing.
    async fn nobody_gives_more(&self, walls: &Walls) {
        let gives = |table: Gives, giver: &str, to: &str| {
            table.iter().any(|(role, given)| *role == giver && given.contains(&to))
        };
        let mut number = 0;
        for (giver, _, browser) in &self.people {
            for role in &self.site.roles {
                for way in WAYS {
                    number += 1;
                    let (mut browser, address) = (browser.clone(), format!("given{number}@acme.by"));
                    let what = format!("{giver} gives {} {way:?}", role.key);
                    let invited = Call::invite(&address, &self.unit.id, role).send(&mut browser, way).await;
                    let may = gives(walls.invites, giver, &role.key);
                    assert_eq!(invited, Ok(if may { Answer::Yes } else { Answer::Refused }), "invitation: {what}");
                    assert_eq!(self.role_of(&address).await, may.then(|| role.id.clone()), "invitation: {what}");

                    let address = format!("changed{number}@acme.by");
                    let user = self.site.add("Target", &address, self.lowest, &self.site.company, State::Active).await;
                    let (id, to) = (("id", user.to_string()), ("role", role.id.to_string()));
                    let call = Call { path: "/api/change-role", fields: vec![id, to], page: None };
                    let may = gives(walls.changes, giver, &role.key);
                    let expected = if may { Answer::Yes } else { Answer::Refused };
                    assert_eq!(call.send(&mut browser, way).await, Ok(expected), "change: {what}");
                    // Nobody alone makes somebody what it takes two to invite (rule 53): it is proposed.
                    let is_done = may && !role.needs_approval;
                    let role = if is_done { &role.id } else { &self.site.role(self.lowest).id };
                    assert_eq!(self.role_of(&address).await.as_ref(), Some(role), "change: {what}");
                }
            }
        }
    }

    /// Rule 95 and its like: the ceiling on whom one acts.
    async fn nobody_touches_their_equals(&self) {
        for (key, _, browser) in self.people.iter().skip(1) {
            let peer = format!("peer.{key}@acme.by");
            let peer = self.site.add("Peer", &peer, key, &self.site.company, State::Active).await;
            for (target, way) in [&peer, &self.site.anna].into_iter().flat_map(|user| WAYS.map(|way| (user, way))) {
                for path in ["/api/block", "/api/archive", "/api/reset-password"] {
                    let call = Call { path, fields: vec![("id", target.to_string())], page: None };
                    let answer = call.send(&mut browser.clone(), way).await;
                    let is_shut = matches!(answer, Ok(Answer::Refused | Answer::Hidden));
                    assert!(is_shut, "{key}: {path} {way:?}: {answer:?}");
                }
            }
            assert_eq!(self.site.status(&peer).await, "active");
        }
    }

    async fn role_of(&self, address: &str) -> Option<RoleId> {
        let mut tx = self.site.app.db.read().await.expect("a connection");
        let sql = "select m.role_id from users u join memberships m on m.user_id = u.id where u.email = $1";
        let row = tx.maybe_row(sql, &values![address]).await.expect("a look")?;
        Some(RoleId::new(row.text("role_id").expect("an id")))
    }
}

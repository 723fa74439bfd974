//! Random installations, random calls by everybody on everybody over HTTP (seeded, and replayable by the seed): no sequence
//! of calls gives anybody a right that nobody with authority gave, and the same is decided by script, by plain form, for one
//! and for many (AZ-02 to AZ-07, TE-01, TE-02, TE-04, TE-05). The walk is here; who judges it is `oracle`.

mod calls;
mod dice;
mod forged;
mod oracle;
mod parts;
mod tenants;
mod town;
mod world;

use crate::support::browser::Browser;
use crate::support::databases::{both, there};
use crate::support::html::without_the_clock;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use axum::Router;
use calls::{Call, Chooser, Way};
use dice::Dice;
use oracle::{AuditAction, Ledger};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use usher::domain::error::UseCaseError;
use usher::domain::id::{InvitationId, UserId};
use usher::domain::permission::Permission;
use usher::domain::timestamp::Duration;
use usher::server::http;
use usher::server::storage::Database;
use usher::server::storage::tx::DatabaseKind;
use world::{Line, Powers, World};

/// The seeds that are always walked, one for each preset; `USHER_SEED` adds one.
const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

/// How many calls each walk tries.
const STEPS: usize = 360;

fn seeds() -> Vec<u64> {
    let given = std::env::var("USHER_SEED").ok().map(|seed| seed.parse().expect("USHER_SEED is a number"));
    SEEDS.into_iter().chain(given).collect()
}

/// One walk through one installation.
struct Walk {
    site: TestSite,
    router: Router,
    dice: Dice,
    ledger: Ledger,
    browsers: BTreeMap<String, Browser>,
    seed: u64,
    /// What goes by script on one database goes by plain form on the other.
    is_turned: bool,
    /// What was tried, by whom, and what came of it: without ids, so that two databases can be compared.
    told: Vec<String>,
    done: BTreeMap<&'static str, usize>,
}

impl Walk {
    async fn begin(db: Database, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let is_turned = db.kind() == DatabaseKind::Postgres;
        let site = town::found(db, seed, &mut dice).await;
        let router = http::router(site.app.clone());
        let (ledger, browsers) = (Ledger::default(), BTreeMap::new());
        Self { site, router, dice, ledger, browsers, seed, is_turned, told: Vec::new(), done: BTreeMap::new() }
    }

    async fn look(&self) -> World {
        World::of(&self.site.app.db).await
    }

    /// Somebody who tries: now and then anybody at all, mostly one of those who could.
    fn actor(&mut self, world: &World, verb: &str) -> String {
        let all: Vec<&str> = world.all("users").iter().map(|user| user.get("id")).collect();
        let able = |is_able: &dyn Fn(&str, &Powers) -> bool| -> Vec<&str> {
            let can = |user: &&str| {
                world.rights().iter().any(|((holder, unit), powers)| holder == user && is_able(unit, powers))
            };
            all.iter().copied().filter(can).collect()
        };
        let last = world.all("invitation_terms").last().map(|draft| draft.get("user_id"));
        let suited = match (verb, last) {
            ("take-back" | "send-now", Some(last)) => vec![last],
            ("save-role" | "remove-role" | "change-settings", _) => {
                able(&|unit, powers| unit == world.root() && powers.uses.has(Permission::EditRoles))
            }
            _ => able(&|_, powers| !powers.gives.is_empty()),
        };
        match self.dice.below(8) {
            0 => self.dice.one(&all).to_string(),
            1 => self.dice.one(&able(&|_, _| true)).to_string(),
            _ => self.dice.one(&suited).to_string(),
        }
    }

    /// Somebody's browser, with a session of theirs; whether it had to be begun anew.
    async fn sign_in(&mut self, user: &str, world: &World) -> bool {
        let has_session = world.all("sessions").iter().any(|session| session.get("user_id") == user);
        if has_session && self.browsers.contains_key(user) {
            return false;
        }
        let mut browser = Browser::on(self.router.clone());
        browser.sign_in_as(&self.site.app, &UserId::new(user)).await;
        self.browsers.insert(user.into(), browser);
        true
    }

    async fn go(&mut self, steps: usize) {
        let mut before = self.look().await;
        for at in 1..=steps {
            // Every other installation has lists that are still to be written anew: the facts are asked who stands in them.
            if self.seed.is_multiple_of(2) {
                let left =
                    "insert into unfinished (work, subject, after) values ('rank', '-', '') on conflict do nothing";
                self.site.app.db.touch(left, &[]).await.expect("something left to do");
            }
            let verb = calls::verb(&mut self.dice);
            let actor = self.actor(&before, verb);
            if self.dice.hits(60) {
                self.site.pass(Duration::hours(3));
                // Sessions may have ended meanwhile.
                self.browsers.clear();
            }
            if self.sign_in(&actor, &before).await {
                before = self.look().await;
            }
            before = match self.dice.below(12) {
                0 | 1 => self.accept(at, &actor, before).await,
                2 => self.invite_many(at, &actor, before).await,
                _ => {
                    let call = Chooser { world: &before, actor: &actor, dice: &mut self.dice, at }.call(verb);
                    self.attempt(at, &actor, &call, before).await.0
                }
            };
        }
    }

    /// Tries a call one way, and when it was refused, the other way too: it must be refused alike, and nothing may change.
    async fn attempt(
        &mut self,
        at: usize,
        actor: &str,
        call: &Call,
        before: World,
    ) -> (World, Result<(), UseCaseError>) {
        let way = if self.dice.hits(2) != self.is_turned { Way::Script } else { Way::Plain };
        let browser = self.browsers.get_mut(actor).expect("a browser");
        let mut asked = browser.clone();
        let now = self.site.app.clock.now().0;
        let result = call.send(&mut asked, way).await;
        if result.is_err() {
            let again = call.send(&mut browser.clone(), way.other()).await;
            assert_eq!(result, again, "{}: {way:?} and the other way differ", self.scene(at, actor, call));
        } else {
            *browser = asked;
        }
        let after = self.look().await;
        self.judge(at, actor, call, &before, &after, &result, now);
        (after, result)
    }

    fn judge(
        &mut self,
        at: usize,
        actor: &str,
        call: &Call,
        before: &World,
        after: &World,
        result: &Result<(), UseCaseError>,
        now: i64,
    ) {
        let wrongs = match result {
            Ok(()) => {
                *self.done.entry(call.verb).or_default() += 1;
                self.ledger.judge(&AuditAction { at, actor, call, before, after, now })
            }
            Err(refusal) => {
                let mut wrongs = before.differences(after);
                wrongs.extend(misplaced(before, actor, call, refusal));
                wrongs
            }
        };
        let number = before.all("users").iter().position(|user| user.get("id") == actor);
        self.told.push(without_ids(&format!("{at}: {} by {number:?}: {result:?}", call.verb)));
        if !wrongs.is_empty() {
            let changes = before.differences(after).join("\n    ");
            panic!("{}: {result:?}\n  {}\n  changed:\n    {changes}", self.scene(at, actor, call), wrongs.join("\n  "));
        }
    }

    fn scene(&self, at: usize, actor: &str, call: &Call) -> String {
        format!("USHER_SEED={}, step {at}, {actor} calls {call:?}", self.seed)
    }

    /// Somebody opens a link: whoever the address belongs to, or now and then another one, who gets nothing by it.
    async fn accept(&mut self, at: usize, actor: &str, before: World) -> World {
        let could = |one: &&Line| {
            let awaits = one.is("needs_approval") && !one.has("approved_at");
            !one.has("withdrawn_at") && !awaits && !before.offered_by(one.get("id")).is_empty()
        };
        let open: Vec<&Line> = before.all("invitations").iter().filter(|one| !one.has("accepted_at")).collect();
        let suitable: Vec<&Line> = open.iter().copied().filter(could).collect();
        let from = if suitable.is_empty() || self.dice.hits(5) { open } else { suitable };
        if from.is_empty() {
            return before;
        }
        let invitation = (*self.dice.one(&from)).clone();
        let (id, address) = (invitation.get("id"), invitation.get("address"));
        let link = self.site.link_of(&InvitationId::new(id)).await;
        let owns =
            |user: &&Line| user.get("email") == address && !user.is("is_placeholder") && user.has("registered_at");
        let owner = before.all("users").iter().find(owns).map(|user| user.get("id").to_string());
        let visitor = if self.dice.hits(5) { Some(actor.to_string()) } else { owner.clone() };
        let mut before = before;
        let mut browser = Browser::on(self.router.clone());
        if let Some(visitor) = &visitor {
            if self.sign_in(visitor, &before).await {
                before = self.look().await;
            }
            browser = self.browsers[visitor].clone();
        }
        // Each from a place of its own, so that the limits at the doors are not what is met here.
        browser.address = ([198, 51, 100, (at % 250) as u8], 40_000).into();
        let watched = self.watched(&before, &invitation);
        for (viewer, _) in &watched {
            if self.sign_in(viewer, &before).await {
                before = self.look().await;
            }
        }
        // Being here for the first time in a while shows in the list.
        self.shown(&watched).await;
        let shown = self.shown(&watched).await;
        let now = self.site.app.clock.now().0;
        match owner {
            Some(_) => browser.post_form(&format!("/i/{link}/join"), &[]).await,
            None => {
                let fields = [("name", "Somebody"), ("phone", ""), ("password", PASSWORD)];
                browser.post_form(&format!("/i/{link}"), &fields).await
            }
        };
        let again = self.shown(&watched).await;
        assert_eq!(shown, again, "USHER_SEED={}, step {at}: others see that {address} accepts {id}", self.seed);
        if !watched.is_empty() {
            *self.done.entry("watch").or_default() += 1;
        }
        let after = self.look().await;
        let is_accepted = after.find("invitations", id).is_some_and(|one| one.has("accepted_at"));
        let result =
            if is_accepted && !invitation.has("accepted_at") { Ok(()) } else { Err(UseCaseError::WrongCredentials) };
        let call = Call::new("accept", &[("id", id)]);
        self.judge(at, visitor.as_deref().unwrap_or_default(), &call, &before, &after, &result, now);
        after
    }

    /// Who sees a placeholder of the address of an invitation, and neither the person nor anything of what it offers: they have
    /// not been accepted, and see by its acceptance nothing (H-21). A few of them, with the row that they see.
    fn watched(&self, world: &World, invitation: &Line) -> Vec<(String, String)> {
        let (id, address) = (invitation.get("id"), invitation.get("address"));
        let rows: Vec<&Line> = world.all("users").iter().filter(|user| user.get("email") == address).collect();
        let viewers = world.all("users").iter().map(|user| user.get("id"));
        let viewers = viewers.filter(|user| rows.iter().all(|row| row.get("id") != *user));
        let viewers = viewers.filter(|user| !world.active_of(user).is_empty());
        let sees = |viewer: &str, held: &Line| world.uses(viewer, Permission::SeeUsers, held.get("unit_id"));
        let mut watched = Vec::new();
        for viewer in viewers {
            let is_told = rows
                .iter()
                .filter(|row| !row.is("is_placeholder"))
                .any(|row| world.held_by(row.get("id")).any(|held| sees(viewer, held)));
            if is_told || world.offered_by(id).iter().any(|offer| sees(viewer, offer)) {
                continue;
            }
            let seen = rows.iter().find(|row| world.held_by(row.get("id")).any(|held| sees(viewer, held)));
            watched.extend(seen.map(|row| (viewer.to_string(), row.get("id").to_string())));
        }
        watched.truncate(3);
        watched
    }

    /// What they get to see: the card and the list.
    async fn shown(&mut self, watched: &[(String, String)]) -> Vec<(u16, String)> {
        let mut shown = Vec::new();
        for (viewer, row) in watched {
            let browser = self.browsers.get_mut(viewer).expect("a browser");
            for page in [format!("/api/page?address=%2Fusers%2F{row}"), "/users?q=acme".to_string()] {
                let answer = browser.ask_page(&page).await;
                let text = answer.text();
                let mut parts = text.split("nonce=\"");
                let first = parts.next().unwrap_or_default().to_string();
                let plain = parts.fold(first, |told, part| told + part.split_once('"').map_or(part, |(_, rest)| rest));
                shown.push((answer.status.as_u16(), without_the_clock(&plain)));
            }
        }
        shown
    }

    /// Invites several at once, then the like one by one: the form is let through when each of them would be (AZ-05).
    async fn invite_many(&mut self, at: usize, actor: &str, before: World) -> World {
        let choice = Chooser { world: &before, actor, dice: &mut self.dice, at }.invite();
        let roles: Vec<String> = {
            let mut chooser = Chooser { world: &before, actor, dice: &mut self.dice, at };
            (0..3).map(|_| chooser.role_for(choice.field("unit"))).collect()
        };
        let kept: Vec<(String, String)> =
            choice.fields.iter().filter(|(name, _)| !["addresses", "role"].contains(&name.as_str())).cloned().collect();
        let with = |more: Vec<(String, String)>| Call { verb: "invite", fields: [kept.clone(), more].concat() };
        let mut many = vec![("role".to_string(), roles[0].clone())];
        for (row, role) in roles.iter().enumerate() {
            many.push((format!("rows[{row}][typed]"), format!("many{at}x{row}@acme.by")));
            many.push((format!("rows[{row}][role]"), role.clone()));
        }
        let invited = |world: &World| world.all("invitations").len();
        let start = invited(&before);
        let (mut world, all) = self.attempt(at, actor, &with(many), before).await;
        let together = invited(&world) - start;
        let (mut each, mut one_by_one) = (Vec::new(), 0);
        for (row, role) in roles.iter().enumerate() {
            // A row without a role has that of the form.
            let role = if role.is_empty() { &roles[0] } else { role };
            let fields = [("role", role.clone()), ("addresses", format!("single{at}x{row}@acme.by"))];
            let call = with(fields.map(|(name, value)| (name.to_string(), value)).to_vec());
            let start = invited(&world);
            let (after, result) = self.attempt(at, actor, &call, world).await;
            one_by_one += invited(&after) - start;
            world = after;
            each.push(result);
        }
        let refused: Vec<UseCaseError> = each.iter().filter_map(|result| result.clone().err()).collect();
        let agrees = match &all {
            Ok(()) => refused.is_empty() && together == one_by_one,
            Err(refusal) => refused.contains(refusal),
        };
        assert!(agrees, "USHER_SEED={}, step {at}, {actor}: together {all:?}, {together} invited; {each:?}", self.seed);
        world
    }
}

/// What a refusal must not be: anything but 401 for whoever holds nothing, anything but 404 for what they do not see.
fn misplaced(before: &World, actor: &str, call: &Call, refusal: &UseCaseError) -> Option<String> {
    let active = before.active_of(actor);
    if matches!(refusal, UseCaseError::Broken { .. } | UseCaseError::Busy) {
        return Some("it broke".into());
    }
    if call.verb == "accept" {
        return None;
    }
    if active.is_empty() {
        return (*refusal != UseCaseError::SignInFirst).then(|| "somebody who holds nothing got another answer".into());
    }
    let whom = call.whom()?;
    let looks = active.iter().any(|held| before.permissions_of(held).has(Permission::SeeUsers));
    let sees = before.held_by(whom).any(|held| before.uses(actor, Permission::SeeUsers, held.get("unit_id")));
    let is_right = match (looks, sees) {
        (false, _) => matches!(refusal, UseCaseError::Denied(_)),
        (true, false) => *refusal == UseCaseError::NotFound,
        (true, true) => true,
    };
    (!is_right).then(|| "somebody learned of a person whom they do not see".into())
}

/// What must have been done somewhere on the walks, for them to say anything.
const WORTHWHILE: [&str; 27] = [
    "accept",
    "add-place",
    "approve",
    "archive",
    "archive-unit",
    "block",
    "bring-back",
    "bring-back-unit",
    "change-role",
    "change-settings",
    "copy-link",
    "create-shift",
    "create-unit",
    "delete",
    "edit-user",
    "invite",
    "join-shift",
    "move-unit",
    "remove-place",
    "remove-role",
    "reset-password",
    "resend",
    "save-role",
    "take-back",
    "unblock",
    "watch",
    "withdraw",
];

/// DI-05, too: the same calls get the same answers on both databases.
#[tokio::test(flavor = "multi_thread")]
async fn no_sequence_of_calls_gives_anybody_a_right_that_nobody_with_authority_gave() {
    let mut done: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for seed in seeds() {
        match tokio::spawn(walk(seed)).await {
            Ok(seen) => seen.into_iter().for_each(|(verb, times)| *done.entry(verb).or_default() += times),
            Err(error) => failures.push(error.try_into_panic().map(|panic| panic.downcast_ref::<String>().cloned())),
        }
    }
    let told: Vec<String> = failures.into_iter().flatten().flatten().collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
    let missing: Vec<_> = WORTHWHILE.iter().filter(|verb| !done.contains_key(*verb)).collect();
    assert!(missing.is_empty(), "{missing:?} were never done: {done:?}");
}

/// Each database makes ids of its own.
fn without_ids(text: &str) -> String {
    let mut parts = text.split("RoleId(\"");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |told, part| told + part.split_once("\")").map_or(part, |(_, rest)| rest))
}

/// Walks through an installation on both databases; what was done, and how often.
async fn walk(seed: u64) -> BTreeMap<&'static str, usize> {
    let walks = Arc::new(Mutex::new(Vec::new()));
    both(|db| {
        let walks = walks.clone();
        async move {
            let mut walk = Walk::begin(db, seed).await;
            walk.go(STEPS).await;
            walks.lock().expect("the walks").push((walk.told, walk.done));
        }
    })
    .await;
    let mut walks = std::mem::take(&mut *walks.lock().expect("the walks"));
    assert_eq!(walks.len(), there().len(), "a walk on each database");
    let Some((one, done)) = walks.pop() else { return BTreeMap::new() };
    // The same calls, each the other way round on the other database: the same answers.
    for (one, other) in walks.iter().flat_map(|(other, _)| one.iter().zip(other)) {
        assert_eq!(one, other, "USHER_SEED={seed}: the two ways, or the two databases, answer differently");
    }
    done
}
